"""One trial's curve, with its best value and running average after each point."""

import math
from array import array

#: Every finite float is a whole multiple of 2 ** -1074, so that sums of them are exact as whole numbers of that unit.
_UNIT_BITS = 1074


class Curve:
    """Scores (`sign * value`: always to be made large) of one trial, in the order logged."""

    __slots__ = ("bests", "is_finite", "order", "scores", "total")

    def __init__(self, order: int) -> None:
        #: How many trials were known before this one.
        self.order = order
        #: float64[k], non-finite ones as they came.
        self.scores = array("d")
        #: float64[k]: the largest finite score over 1…i, -inf where there is none.
        self.bests = array("d")
        #: Exact sum of the scores, in units of 2 ** -1074, as long as all are finite.
        self.total = 0
        #: Whether all scores so far are finite.
        self.is_finite = True

    def push(self, score: float) -> tuple[float, float]:
        """Append a point; return the best score and the running average from the first point to it.

        The average is the exact mean, rounded once. A rounded running sum would not do: three times 0.1 gives
        0.10000000000000002, and a trial would end for being worse than the average of trials that equal it.
        """
        best = self.bests[-1] if self.bests else -math.inf
        if not math.isfinite(score):
            self.is_finite = False
        elif score > best:
            best = score
        self.scores.append(score)
        self.bests.append(best)
        if not self.is_finite:
            return best, -math.inf
        numerator, denominator = score.as_integer_ratio()
        self.total += numerator << (_UNIT_BITS + 1 - denominator.bit_length())
        return best, self.total / (len(self.scores) << _UNIT_BITS)
