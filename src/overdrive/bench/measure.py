"""Making the runs that are not there yet."""

from collections.abc import Callable
from collections.abc import Iterable
from typing import NamedTuple

from overdrive.bench.contenders import Contender
from overdrive.bench.plan import Plan
from overdrive.bench.play import play
from overdrive.bench.results import Results
from overdrive.bench.tasks import Task
from overdrive.errors import SpecError
from overdrive.host.clock import processor


class Missing(NamedTuple):
    """A run that is not there afterwards."""

    sampler: str
    task: str
    seed: int
    #: What was raised; None where another process is at it.
    error: Exception | None


def measure(results: Results, plan: Plan, contenders: Iterable[Contender], say: Callable[[str], None]) -> list[Missing]:
    """Makes all runs of the plan that are not there, one after the other; what is missing afterwards, and why.

    A sampler that raises loses that run only: it is tried again next time. One that refuses a space (SpecError) is left
    out of that task. say: gets a line about each run.
    """
    missing: list[Missing] = []
    for contender in contenders:
        refused: set[str] = set()
        for task, seed in plan.runs(contender.name):
            if task.name not in refused:
                found = _make(results, plan, contender, task, seed, say)
                missing += [found] if found else []
                if found and isinstance(found.error, SpecError):
                    refused.add(task.name)
    by_name = {task.name: task for task in plan.tasks}
    # What another process was at may be over by now.
    keys = [plan.key(one.sampler, by_name[one.task], one.seed) for one in missing]
    return [one for one, key in zip(missing, keys, strict=True) if one.error is not None or results.read(key) is None]


def _make(
    results: Results, plan: Plan, contender: Contender, task: Task, seed: int, say: Callable[[str], None]
) -> Missing | None:
    key = plan.key(contender.name, task, seed)
    if results.read(key) is not None:
        return None
    line = f"{contender.name}  {task.name}  seed {seed}"
    try:
        is_there = results.make(
            key,
            contender.versions,
            lambda: play(task, contender.make, seed, key.budget, key.workers, processor),
        )
    except Exception as error:  # noqa: BLE001 - whatever a sampler of anybody's raises: it is said, and its run lacks
        say(f"{line}: {type(error).__name__}: {error}")
        return Missing(contender.name, task.name, seed, error)
    run = results.read(key) if is_there else None
    if run is None:
        return Missing(contender.name, task.name, seed, None)
    best = run.told[-1].best if run.told else None
    say(f"{line}: {'nothing' if best is None else format(best, '.6g')} after {len(run.told)} trials")
    return None
