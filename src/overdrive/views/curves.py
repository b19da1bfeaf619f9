"""A trial's values of one metric by interval."""

import sqlite3
from collections.abc import Iterable
from collections.abc import Mapping
from typing import NamedTuple
from typing import Protocol
from typing import TypeVar

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

    Behind what it went on with (see `join`); attempt 0 is all that the trial has from an earlier one.
    """
    points: dict[int, list[CurvePoint]] = {}
    for row in rows:
        curve = points.setdefault(row["attempt"], [])
        curve.append(CurvePoint(len(curve) + 1, _value(row), row["step"], row["at"], row["attempt"] == 0))
    return join(points, max(points, default=0) if attempt is None else attempt)


def join(points: dict[int, list[CurvePoint]], attempt: int) -> list[CurvePoint]:
    """The curve of an attempt from each one's own points, those of the earlier trial as attempt 0.

    As the scheduler has it: an attempt goes on behind the checkpoint of the one before it where steps say so, or else
    behind that of the earlier trial.
    """
    if attempt not in points:
        return points.get(0, [])
    before, own = join_attempts(points, attempt)
    if len(before) + len(own) == len(points[attempt]):
        return points[attempt]
    return before + [point._replace(interval=k) for k, point in enumerate(own, len(before) + 1)]


class HasStep(Protocol):
    """Anything that a trial logged."""

    @property
    def step(self) -> float | None: ...


T = TypeVar("T", bound=HasStep)


def join_attempts(logged: Mapping[int, list[T]], attempt: int) -> tuple[list[T], list[T]]:
    """What stays of what an earlier trial logged under one name (as attempt 0), and of the attempts up to `attempt`."""
    inherited, own = logged.get(0, []), []
    before = inherited
    for number in range(1, attempt + 1):
        after = logged.get(number, [])
        if not after:
            continue
        kept = kept_points([each.step for each in own], after[0].step, unknown=0)
        if not kept:
            before = inherited[: kept_points([each.step for each in inherited], after[0].step)]
        own = own[:kept] + after
    return before, own


def all_curves(rows: Iterable[sqlite3.Row], attempts: dict[int, int]) -> dict[int, list[CurvePoint]]:
    """Trial → curve of the attempt that counts; trials without a value are absent. Rows come by trial, attempt,
    number.
    """
    points: dict[int, dict[int, list[CurvePoint]]] = {}
    for trial, attempt, _, value, special, step, at in rows:
        curve = points.setdefault(trial, {}).setdefault(attempt, [])
        number = value if special is None else float(special)
        curve.append(CurvePoint(len(curve) + 1, number, step, at, not attempt))
    curves = {trial: join(found, attempts.get(trial, max(found))) for trial, found in points.items()}
    return {trial: curve for trial, curve in curves.items() if curve}


def _value(row: sqlite3.Row) -> float:
    return float(row["special"]) if row["special"] is not None else row["value"]
