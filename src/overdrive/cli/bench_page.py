"""What `bench` does and prints."""

import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from overdrive.cli.console import print_json
from overdrive.cli.console import say
from overdrive.cli.console import say_aside
from overdrive.cli.facts import print_heading
from overdrive.cli.tables import Column
from overdrive.cli.tables import print_table
from overdrive.errors import SpecError
from overdrive.errors import UnwritableError

if TYPE_CHECKING:
    from overdrive.bench.board import Standing
    from overdrive.bench.figures import Estimate
    from overdrive.bench.measure import Missing
    from overdrive.bench.plan import Plan

#: One core: what a suggestion costs would depend on the machine otherwise. They are read when NumPy is loaded.
_THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")


@dataclass(frozen=True, slots=True)
class Wanted:
    """The options that say what is measured, as they were given."""

    samplers: Sequence[str]
    tasks: Sequence[str]
    budget: int
    workers: int
    seeds: str
    results: str


def run_bench(wanted: Wanted, *, by_task: bool, picture_file: str | None, as_json: bool) -> int:
    """Makes the runs that are lacking, and prints where everybody stands; the exit code.

    Raises SpecError for what cannot be measured, before the first run.
    """
    for name in _THREADS:
        os.environ.setdefault(name, "1")
    if os.getcwd() not in sys.path:  # classes of one's own are mostly here
        sys.path.insert(0, os.getcwd())

    from overdrive.bench.board import board
    from overdrive.bench.contenders import find_contender
    from overdrive.bench.measure import measure
    from overdrive.bench.plan import REFERENCE
    from overdrive.bench.plan import Plan
    from overdrive.bench.plan import parse_seeds
    from overdrive.bench.results import Results
    from overdrive.bench.tasks import find_tasks

    plan = Plan(find_tasks(wanted.tasks), wanted.budget, wanted.workers, parse_seeds(wanted.seeds))
    if picture_file:
        _check_picture(picture_file)
    results = Results(Path(wanted.results))
    contenders, names = [find_contender(REFERENCE)], []
    for name in dict.fromkeys(wanted.samplers):
        try:
            contenders.append(find_contender(name))
            names.append(contenders[-1].name)
        except SpecError:  # not in this environment: its runs may have been made in another one
            if not results.has(name):
                raise
            names.append(name)
    missing = measure(results, plan, contenders, say_aside)
    standings = board(results, plan, names)
    if as_json:
        print_json(_as_json(plan, standings, missing))
    else:
        _print(plan, standings, by_task)
    if picture_file and standings:
        _draw(plan, standings, picture_file)
    return _say_missing(missing)


def _print(plan: "Plan", standings: "Sequence[Standing]", by_task: bool) -> None:
    if not standings:
        return
    first = standings[0].sampler
    print_heading(_title(plan))
    print_table(
        [
            Column("sampler", [one.sampler for one in standings], 100),
            Column("regret", [f"{one.regret.mean:.3f}" for one in standings], 95, is_number=True),
            Column("95 %", [_interval(one.regret) for one in standings], 80),
            Column(f"less {first}", [_difference(one.difference) for one in standings], 70),
            Column("pairs", [str(one.pairs or "") for one in standings], 20, is_number=True),
            Column("s each", [f"{one.seconds:.3f}" for one in standings], 60, is_number=True),
            Column("s late", [f"{one.late_s:.3f}" for one in standings], 30, is_number=True),
            Column("tasks", [str(len(one.tasks)) for one in standings], 40, is_number=True),
            Column("runs", [str(one.runs) for one in standings], 50, is_number=True),
        ]
    )
    if by_task:
        _print_by_task(plan, standings)
    for one in standings:
        versions = (f"{name} {' and '.join(found)}" for name, found in one.versions.items())
        say(f"{one.sampler}: {', '.join(versions)}")


def _print_by_task(plan: "Plan", standings: "Sequence[Standing]") -> None:
    names = [task.name for task in plan.tasks]
    print_heading("Mean regret by task; + and −: worse and better than random search, with 95 % each")
    columns = [Column("task", names, 100)]
    for one in standings:
        cells = [_on_task(one, name) for name in names]
        columns.append(Column(one.sampler, cells, 90, is_number=True))
    print_table(columns)


def _on_task(one: "Standing", name: str) -> str:
    found = one.tasks.get(name)
    if found is None:
        return ""
    to_random = found.to_random
    mark = "+" if to_random and to_random.low > 0 else "−" if to_random and to_random.high < 0 else " "
    return f"{found.regret:.3f} {mark}"


def _title(plan: "Plan") -> str:
    tasks = plan.tasks[0].name if len(plan.tasks) == 1 else f"{len(plan.tasks)} tasks"
    at_once = f", {plan.workers} at once" if plan.workers > 1 else ""
    return f"Regret after {plan.budget} trials{at_once}: {tasks}, seeds {plan.seeds[0]} to {plan.seeds[-1]}"


def _interval(one: "Estimate") -> str:
    return f"[{one.low:.3f}, {one.high:.3f}]"


def _difference(one: "Estimate | None") -> str:
    return "" if one is None else f"{one.mean:+.3f} [{one.low:+.3f}, {one.high:+.3f}]"


def _as_json(plan: "Plan", standings: "Sequence[Standing]", missing: "Sequence[Missing]") -> dict:
    return {
        "budget": plan.budget,
        "workers": plan.workers,
        "seeds": list(plan.seeds),
        "tasks": [{"name": task.name, "source": task.source, "best_known": task.best_known} for task in plan.tasks],
        "samplers": [
            {
                "sampler": one.sampler,
                "regret": one.regret._asdict(),
                "difference": one.difference and one.difference._asdict(),
                "pairs": one.pairs,
                "seconds": one.seconds,
                "late_s": one.late_s,
                "runs": one.runs,
                "versions": one.versions,
                "tasks": {
                    name: {"regret": found.regret, "to_random": found.to_random and found.to_random._asdict()}
                    for name, found in one.tasks.items()
                },
                "curve": dict(zip(("mean", "low", "high"), (part.tolist() for part in one.curve), strict=True)),
            }
            for one in standings
        ],
        "missing": [
            {"sampler": one.sampler, "task": one.task, "seed": one.seed, "error": one.error and str(one.error)}
            for one in missing
        ],
    }


def _check_picture(file: str) -> None:
    """Raises UnwritableError where the picture could not be written: hours of runs come first."""
    folder = os.path.dirname(file) or "."
    if not os.path.isdir(folder):
        raise UnwritableError(f"--picture {file} cannot be written: there is no folder {folder}")
    if not os.access(folder, os.W_OK | os.X_OK):
        raise UnwritableError(f"--picture {file} cannot be written: {folder} is not writable")


def _draw(plan: "Plan", standings: "Sequence[Standing]", file: str) -> None:
    from overdrive.bench.picture import picture
    from overdrive.host.files import write_atomically

    try:
        write_atomically(file, picture(standings, _title(plan)))
    except OSError as error:
        raise UnwritableError(f"{file} cannot be written: {error.strerror}") from error


def _say_missing(missing: "Sequence[Missing]") -> int:
    elsewhere = sum(one.error is None for one in missing)
    if elsewhere:
        say_aside(f"{elsewhere} runs are being made by another process; the table is without them.")
    refused = {(one.sampler, one.task) for one in missing if isinstance(one.error, SpecError)}
    for sampler, task in sorted(refused):
        say_aside(f"{sampler} is not measured on {task}: it does not take its space.")
    failed = sum(one.error is not None and not isinstance(one.error, SpecError) for one in missing)
    if failed:
        say_aside(f"{failed} runs could not be made; the same command tries them again.")
    return 1 if failed else 0
