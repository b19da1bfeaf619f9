"""What `best` says, and the end of `tune` and `watch`."""

import math
import os

from overdrive.cli.console import print_json
from overdrive.cli.console import say_aside
from overdrive.cli.facts import Fact
from overdrive.cli.facts import print_facts
from overdrive.errors import NotFoundError
from overdrive.records import argument_text
from overdrive.records import show_number
from overdrive.views import SweepView
from overdrive.views import TrialRow
from overdrive.views.export import trial_json


def print_best(view: SweepView, *, include_failed: bool, include_cancelled: bool, as_json: bool) -> None:
    """Prints the best trial. Raises NotFoundError where no trial has logged a finite value."""
    best = view.best(include_failed=include_failed, include_cancelled=include_cancelled)
    if best is None:
        wanted = f" a number as {view.spec.metric.name!r}" if view.spec.metric else " a primary metric"
        raise NotFoundError(f"no trial of {view.id} has logged{wanted}", hint=f"`overdrive show {view.id}` says why")
    if as_json:
        print_json(trial_json(best))
    else:
        print_facts(best_facts(view, best), indent="")
        if better := _better_before(view, best):
            say_aside(better)


def _better_before(view: SweepView, best: TrialRow) -> str:
    """A sentence where a trial of a sweep that this one started from is better; ''."""
    metric = view.spec.metric
    if metric is None:
        return ""
    found: tuple[float | None, str] = best.best, ""
    for sweep in view.earlier():
        for trial in sweep.trials:
            for value in trial.curve:
                if math.isfinite(value) and metric.is_better(value, found[0]):
                    found = value, sweep.run_id(trial.number)
    value, run_id = found
    return (
        f"{run_id}, from which this sweep started, was better: {metric.name} {show_number(value, 6)}" if run_id else ""
    )


def best_facts(view: SweepView, best: TrialRow) -> list[Fact]:
    """Run, metric, hyperparameters with their exact values, where its files are."""
    metric = view.spec.metric
    where = f" at interval {best.best_interval} of {best.intervals}" if best.intervals > 1 else ""
    how = f" ({best.word})" if best.word != "completed" else ""
    outputs = str(view.folder / "trials" / str(best.number) / "work" / "outputs")
    return [
        ("best run", f"{best.run_id}{how}"),
        (metric.name if metric else "metric", f"{show_number(best.best, 6)}{where}"),
        *((name, argument_text(value)) for name, value in best.configuration.items()),
        ("resumed from", best.resumed_from or ""),
        ("outputs", outputs if os.path.isdir(outputs) else ""),
    ]
