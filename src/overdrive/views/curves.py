"""A trial's values of one metric by interval."""

import sqlite3
from collections.abc import Iterable
from typing import NamedTuple

from overdrive.records import kept_points


class CurvePoint(NamedTuple):
    """One logged value (a tuple, since a sweep may have a million)."""

    #: The k-th time that the attempt logged the metric, from 1.
    interval: int
    #: May be NaN or infinite.
    value: float
    #: The script's own step, where it gave one.
    step: float | None
    #: Wall time, seconds since 1970, where known; only to show.
    at: float | None
    #: Whether it is of the earlier trial that this one goes on with.
    is_inherited: bool = False


def last_attempt(rows: Iterable[sqlite3.Row], attempt: int | None = None) -> list[CurvePoint]:
    """The curve of `attempt` (None: the last one found) from one trial's rows, which come by attempt and number.

    Behind what the trial has from an earlier one, up to where it went on; attempt 0 is all of that.
    """
    points: dict[int, list[CurvePoint]] = {}
    for row in rows:
        curve = points.setdefault(row["attempt"], [])
        curve.append(CurvePoint(len(curve) + 1, _value(row), row["step"], row["at"], row["attempt"] == 0))
    wanted = max(points, default=0) if attempt is None else attempt
    return join(points.get(0, []), points.get(wanted, []) if wanted else [])


def join(before: list[CurvePoint], after: list[CurvePoint]) -> list[CurvePoint]:
    """One curve of an earlier trial's points and those of the trial that goes on with it (`records.kept_points`)."""
    if not before or not after:
        return before or after
    kept = before[: kept_points([point.step for point in before], after[0].step)]
    return kept + [point._replace(interval=k) for k, point in enumerate(after, len(kept) + 1)]


def all_curves(rows: Iterable[sqlite3.Row], attempts: dict[int, int]) -> dict[int, list[CurvePoint]]:
    """Trial → curve of the attempt that counts; trials without a value are absent. Rows come by trial, attempt,
    number.
    """
    curves: dict[int, list[CurvePoint]] = {}
    earlier: dict[int, list[CurvePoint]] = {}
    for trial, attempt, _, value, special, step, at in rows:
        if not attempt or attempts.get(trial, attempt) == attempt:
            curve = (curves if attempt else earlier).setdefault(trial, [])
            number = value if special is None else float(special)
            curve.append(CurvePoint(len(curve) + 1, number, step, at, not attempt))
    for trial, before in earlier.items():
        curves[trial] = join(before, curves.get(trial, []))
    return curves


def _value(row: sqlite3.Row) -> float:
    return float(row["special"]) if row["special"] is not None else row["value"]
