"""The one rule for the best of several trials."""

import math
from collections.abc import Iterable
from typing import Protocol
from typing import TypeVar

from overdrive.records.metric import PrimaryMetric


class HasBest(Protocol):
    """Anything that stands for a trial."""

    @property
    def number(self) -> int: ...

    @property
    def best(self) -> float | None: ...


T = TypeVar("T", bound=HasBest)


def best_of(trials: Iterable[T], metric: PrimaryMetric | None) -> T | None:
    """The trial with the best finite value of the primary metric, or None where no trial has one.

    Of equals the earlier trial. Any trial counts, running, failed and stopped ones included, with the best of all
    values that it logged.

    Source: HyperDriveRun.get_best_run_by_primary_metric and its defaults.
    """
    if metric is None:
        return None
    sign = metric.sign
    valued = (trial for trial in trials if trial.best is not None and math.isfinite(trial.best))
    return max(valued, key=lambda trial: (sign * trial.best, -trial.number), default=None)  # type: ignore[operator]
