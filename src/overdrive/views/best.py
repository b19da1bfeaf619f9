"""The best trial, and all of them in order."""

from collections.abc import Iterable

from overdrive.records import Outcome
from overdrive.records import PrimaryMetric
from overdrive.records import best_of
from overdrive.views.trials import TrialRow

_FAILED = (Outcome.FAILED, Outcome.LOST)
_CANCELLED = (Outcome.CANCELLED, Outcome.STOPPED_EARLY)


def best_trial(
    rows: Iterable[TrialRow],
    metric: PrimaryMetric | None,
    *,
    include_failed: bool = True,
    include_cancelled: bool = True,
) -> TrialRow | None:
    """The trial with the best finite value of the primary metric, or None where no trial has one.

    As `records.best_of` says. include_failed: outcomes failed and lost; include_cancelled: cancelled and stopped_early
    (Azure's Canceled).
    """
    left_out = (() if include_failed else _FAILED) + (() if include_cancelled else _CANCELLED)
    return best_of((row for row in rows if row.outcome not in left_out), metric)


def ranked(rows: Iterable[TrialRow], metric: PrimaryMetric | None) -> list[TrialRow]:
    """All trials, best first by the same rule; those without a value last, in order."""
    sign = metric.sign if metric else 1
    return sorted(rows, key=lambda row: (row.best is None, -sign * row.best if row.best is not None else 0, row.number))
