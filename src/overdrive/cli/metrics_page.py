"""What `metrics` prints."""

import math
from collections.abc import Sequence

from overdrive.cli.console import print_json
from overdrive.cli.console import say
from overdrive.cli.console import say_aside
from overdrive.cli.tables import Column
from overdrive.cli.tables import print_table
from overdrive.records import show_number
from overdrive.views import SweepView
from overdrive.views import TrialRow
from overdrive.views.words import show_value

#: Characters of a value that is no number.
_LONGEST = 60


def print_trial_metrics(view: SweepView, row: TrialRow, names: Sequence[str], as_json: bool) -> None:
    """One line a metric."""
    metrics, conflicts = view.metrics_and_conflicts(row.number)
    metrics = {name: value for name, value in metrics.items() if not names or name in names}
    for conflict in conflicts:
        say_aside(f"Warning: {conflict}")
    if as_json:
        print_json(metrics)
        return
    if row.resumed_from:
        say_aside(f"Its values go on with those of {row.resumed_from}.")
    if not metrics:
        say(f"{row.run_id} has logged nothing{' of that name' if names else ''}.")
        return
    series = [value if isinstance(value, list) else [value] for value in metrics.values()]
    numbers = [_finite(values) for values in series]
    print_table(
        [
            Column("metric", [name for name in metrics], 100),
            Column("values", [str(len(values)) for values in series], 40, is_number=True),
            Column("last", [_short(values[-1]) if values else "" for values in series], 90, is_number=True),
            Column("lowest", [show_number(min(found)) if found else "" for found in numbers], 60, is_number=True),
            Column("highest", [show_number(max(found)) if found else "" for found in numbers], 60, is_number=True),
        ]
    )


def print_sweep_metrics(view: SweepView, names: Sequence[str], as_json: bool) -> None:
    """One line a trial, a column a metric: its last value."""
    rows = view.trials()
    if as_json:
        every = {row.run_id: view.metrics(row.number) for row in rows}
        print_json({run: _only(metrics, names) for run, metrics in every.items() if _only(metrics, names)})
        return
    shown = [name for name in view.metric_names() if not names or name in names]
    if not shown:
        say(f"No trial of {view.id} has logged {'a number of that name' if names else 'a number'}.")
        return
    primary = view.spec.metric.name if view.spec.metric else None
    shown.sort(key=lambda name: name != primary)
    last = {name: view.last_values(name) for name in shown}
    numbers = [Column("trial", [str(row.number) for row in rows], 1000, is_number=True)]
    for at, name in enumerate(shown):
        cells = [show_number(last[name][row.number]) if row.number in last[name] else "" for row in rows]
        numbers.append(Column(name, cells, 500 - at, is_number=True))
    print_table(numbers)


def _only(metrics: dict[str, object], names: Sequence[str]) -> dict[str, object]:
    return {name: value for name, value in metrics.items() if not names or name in names}


def _finite(values: Sequence[object]) -> list[float]:
    numbers = [v for v in values if isinstance(v, (int, float)) and not isinstance(v, bool)]
    return [number for number in numbers if math.isfinite(number)]


def _short(value: object) -> str:
    text = show_value(value)
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"
