"""What is to be played: tasks, trials a run, how many at once, seeds."""

from collections.abc import Iterator
from collections.abc import Sequence
from dataclasses import dataclass

from overdrive.bench.results import Key
from overdrive.bench.tasks import Task
from overdrive.errors import SpecError

#: What regret 1 is: this sampler, with so many seeds from 0 on.
REFERENCE, REFERENCE_SEEDS = "random", 20

_MOST_TRIALS, _MOST_SEEDS, _MOST_WORKERS = 100_000, 10_000, 1_000


@dataclass(frozen=True)
class Plan:
    """Every sampler plays every task with every seed. Raises SpecError for numbers out of range."""

    tasks: Sequence[Task]
    #: Trials a run.
    budget: int = 50
    #: Trials at once.
    workers: int = 1
    seeds: Sequence[int] = range(10)

    def __post_init__(self) -> None:
        for field, value, most in (("budget", self.budget, _MOST_TRIALS), ("workers", self.workers, _MOST_WORKERS)):
            if not 1 <= value <= most:
                raise SpecError(field=field, value=value, allowed=f"a whole number from 1 to {most}")

    def key(self, sampler: str, task: Task, seed: int) -> Key:
        """Of one run. Random search looks at no results: how many run at once is all the same to it."""
        return Key(sampler, task.name, self.budget, 1 if sampler == REFERENCE else self.workers, seed)

    def runs(self, sampler: str) -> Iterator[tuple[Task, int]]:
        """Task and seed of each run, seed by seed, so that a part of them is a smaller benchmark."""
        seeds = range(REFERENCE_SEEDS) if sampler == REFERENCE else self.seeds
        for seed in sorted({*seeds, *self.seeds}):
            yield from ((task, seed) for task in self.tasks)


def parse_seeds(text: str) -> range:
    """`10` is 0 to 9, `10-19` from the first to the last. Raises SpecError for anything else."""
    first, dash, last = text.partition("-")
    try:
        seeds = range(int(first), int(last) + 1) if dash else range(int(first))
    except ValueError:
        seeds = range(0)
    if not 0 < len(seeds) <= _MOST_SEEDS:
        raise SpecError(
            field="seeds", value=text, allowed="how many, such as 10, or from which to which, such as 10-19"
        )
    return seeds
