"""Curves reduced to what a screen can show: of each stretch the least and the greatest value; no spike is lost."""

import math
from collections.abc import Sequence
from typing import NamedTuple

#: Points that all curves of a page have together, about, at most.
MOST_POINTS = 240_000
#: Stretches that a curve is reduced to: at least, and at most, since no chart has more pixels for it.
_FEWEST, _MOST = 16, 400


class Reduced(NamedTuple):
    """Some points of a curve, in its order."""

    #: Positions on the x axis, as given.
    x: list[float]
    #: The values there; may be NaN or infinite.
    y: list[float]


def stretches(curves: int, most_points: int = MOST_POINTS) -> int:
    """The `buckets` with which so many curves, reduced, have about `most_points` points in all."""
    return max(_FEWEST, min(_MOST, most_points // 2 // max(1, curves)))


def reduce_curve(x: Sequence[float], y: Sequence[float], buckets: int) -> Reduced:
    """Of each of `buckets` stretches of equal length the least and the greatest value, the first one's first point, the
    last one's last.

    x, y: the points in order, equally many; buckets: at least 1. A curve of at most 2 · buckets points comes back
    whole. A value that is not finite is kept once a stretch, since it is to be seen; it counts as no least or greatest
    one. At most 3 · buckets + 2 points come back; each is one of the curve's, and none comes twice.
    """
    count = len(y)
    if count <= 2 * buckets:
        return Reduced(list(x), list(y))
    # One look at the whole tells whether the fast way will do: a sum is finite only if all of its terms are.
    pick = _extremes if math.isfinite(sum(y)) else _extremes_and_odd
    kept = [0]
    for bucket in range(buckets):
        first, last = bucket * count // buckets, (bucket + 1) * count // buckets
        kept += [first + at for at in pick(y[first:last])]
    kept.append(count - 1)
    order = sorted(set(kept))
    return Reduced([x[at] for at in order], [y[at] for at in order])


def _extremes(values: Sequence[float]) -> tuple[int, int]:
    return values.index(min(values)), values.index(max(values))


def _extremes_and_odd(values: Sequence[float]) -> list[int]:
    finite = [value for value in values if math.isfinite(value)]
    odd = [at for at, value in enumerate(values) if not math.isfinite(value)][:1]
    return odd if not finite else [values.index(min(finite)), values.index(max(finite)), *odd]
