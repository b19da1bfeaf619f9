"""The one rule for the best trial."""

import math
from collections.abc import Iterable

from overdrive.records import Outcome
from overdrive.records import PrimaryMetric
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

    Any trial counts, running, failed and stopped ones included, with the best of all values that it logged; of equals
    the earlier trial. include_failed: outcomes failed and lost; include_cancelled: cancelled and stopped_early
    (Azure's Canceled).

    Source: HyperDriveRun.get_best_run_by_primary_metric and its defaults.
    """
    best: TrialRow | None = None
    for row in rows if metric else ():
        if row.best is None or not math.isfinite(row.best):
            continue
        if (row.outcome in _FAILED and not include_failed) or (row.outcome in _CANCELLED and not include_cancelled):
            continue
        if best is None or _precedes(row, best, metric):  # type: ignore[arg-type]
            best = row
    return best


def ranked(rows: Iterable[TrialRow], metric: PrimaryMetric | None) -> list[TrialRow]:
    """All trials, best first by the same rule; those without a value last, in order."""
    sign = metric.sign if metric else 1
    return sorted(rows, key=lambda row: (row.best is None, -sign * row.best if row.best is not None else 0, row.number))


def _precedes(row: TrialRow, best: TrialRow, metric: PrimaryMetric) -> bool:
    if metric.is_better(row.best, best.best):  # type: ignore[arg-type]
        return True
    return row.best == best.best and row.number < best.number
