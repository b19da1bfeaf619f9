"""What early stopping saved."""

from collections.abc import Iterable
from typing import Protocol

from overdrive.records.status import Outcome


class HasLength(Protocol):
    """Anything that stands for a trial."""

    @property
    def intervals(self) -> int: ...

    @property
    def outcome(self) -> Outcome | None: ...


def saved_intervals(trials: Iterable[HasLength]) -> int:
    """Intervals that early stopping saved, estimated: 0 while no trial has completed.

    The typical length is the median number of intervals of the completed trials; each trial that was stopped early
    saved max(0, typical length - its own intervals). The sum is rounded to a whole number.
    """
    completed, stopped = [], []
    for trial in trials:
        if trial.outcome is Outcome.COMPLETED and trial.intervals:
            completed.append(trial.intervals)
        elif trial.outcome is Outcome.STOPPED_EARLY:
            stopped.append(trial.intervals)
    if not completed:
        return 0
    completed.sort()
    typical = (completed[(len(completed) - 1) // 2] + completed[len(completed) // 2]) / 2
    return round(sum(max(0.0, typical - intervals) for intervals in stopped))
