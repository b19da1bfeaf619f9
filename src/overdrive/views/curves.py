"""A trial's values of one metric by interval."""

import sqlite3
from collections.abc import Iterable
from typing import NamedTuple


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


def last_attempt(rows: Iterable[sqlite3.Row], attempt: int | None = None) -> list[CurvePoint]:
    """The curve of `attempt` (None: the last one found) from one trial's rows, which come by attempt and number."""
    kept: list[sqlite3.Row] = []
    for row in rows:
        if attempt is not None and row["attempt"] != attempt:
            continue
        if kept and kept[-1]["attempt"] != row["attempt"]:
            kept.clear()
        kept.append(row)
    return [CurvePoint(k, _value(row), row["step"], row["at"]) for k, row in enumerate(kept, 1)]


def all_curves(rows: Iterable[sqlite3.Row], attempts: dict[int, int]) -> dict[int, list[CurvePoint]]:
    """Trial → curve of the attempt that counts; trials without a value are absent. Rows come by trial, attempt,
    number.
    """
    curves: dict[int, list[CurvePoint]] = {}
    for trial, attempt, _, value, special, step, at in rows:
        if attempts.get(trial, attempt) == attempt:
            curve = curves.setdefault(trial, [])
            curve.append(CurvePoint(len(curve) + 1, value if special is None else float(special), step, at))
    return curves


def _value(row: sqlite3.Row) -> float:
    return float(row["special"]) if row["special"] is not None else row["value"]
