"""Values of many trials at one interval, in order."""

from bisect import bisect_left
from collections.abc import Sequence
from typing import overload


class Ranked(Sequence[float]):
    """One value a trial, worst first, in the metric's own units and direction; a view that costs nothing to make.

    `ranked[0]` is the worst value and `ranked[-1]` the best, whatever the goal. A trial without any finite value counts
    as the worst infinity. The view is live: it shows what is appended to the curves later.
    """

    __slots__ = ("_scores", "_sign")

    def __init__(self, scores: Sequence[float], sign: int) -> None:
        """scores: `sign * value`, ascending; sign: `PrimaryMetric.sign`."""
        self._scores = scores
        self._sign = sign

    def __len__(self) -> int:
        return len(self._scores)

    @overload
    def __getitem__(self, index: int) -> float: ...

    @overload
    def __getitem__(self, index: slice) -> list[float]: ...

    def __getitem__(self, index: int | slice) -> float | list[float]:
        if isinstance(index, slice):
            return [self._sign * score for score in self._scores[index]]
        return self._sign * self._scores[index]

    def count_worse(self, value: float) -> int:
        """How many of the values are strictly worse than `value` (not NaN)."""
        return bisect_left(self._scores, self._sign * value)

    def __repr__(self) -> str:
        return f"Ranked({list(self)})"
