"""What all trials have logged so far, folded so that a verdict costs little."""

import math
from array import array
from bisect import bisect_left
from bisect import insort

from overdrive.errors import InternalError
from overdrive.records import PrimaryMetric
from overdrive.termination.curve import Curve
from overdrive.termination.ranked import Ranked

#: A trial's number, or the run id of an earlier sweep's trial.
TrialKey = int | str

_EMPTY = array("d")


class Curves:
    """The fold of all curves: what policies look at.

    Points are appended in journal order. A point costs O(log n) comparisons for n trials plus two moves of at most 8·n
    bytes, and 32 bytes of memory. All values go in and come out in the metric's own units and direction; inside they
    are scores (`sign * value`), which are always to be made large.

    b(k), a trial's best over intervals 1…k, ignores non-finite values; a trial without any other has the worst b(k):
    -inf when maximising, inf when minimising. An average over a non-finite value is the worst, too.
    """

    def __init__(self, metric: PrimaryMetric) -> None:
        #: The primary metric, with its goal.
        self.metric = metric
        self._sign = metric.sign
        self._curves: dict[TrialKey, Curve] = {}
        # One entry an interval: the scores of all trials that have reached it, ascending.
        self._bests: list[array[float]] = []
        self._averages: list[array[float]] = []
        self._best_trials: list[TrialKey] = []

    def append(self, trial: TrialKey, value: float) -> int:
        """Take in the next point of `trial`; return its interval k, from 1.

        An int too large for a float counts as infinite. Raises TypeError or ValueError when `value` is no number.
        """
        curve = self._curves.get(trial)
        if curve is None:
            curve = self._curves[trial] = Curve(len(self._curves))
        best, average = curve.push(self._sign * _as_float(value))
        k = len(curve.scores)
        if k > len(self._bests):
            self._bests.append(array("d"))
            self._averages.append(array("d"))
            self._best_trials.append(trial)
        insort(self._bests[k - 1], best)
        insort(self._averages[k - 1], average)
        if self._rank(trial, k) > self._rank(self._best_trials[k - 1], k):
            self._best_trials[k - 1] = trial
        return k

    def restart(self, trial: TrialKey, keep: int = 0) -> None:
        """A new attempt begins: forget the curve of `trial` after its first `keep` points.

        Nothing happens where there is no more than that. Raises InternalError for a negative `keep`.
        """
        if keep < 0:
            raise InternalError(f"a curve cannot keep {keep} points")
        old = self._curves.get(trial)
        if old is None or len(old.scores) <= keep:
            return
        kept, replayed = Curve(old.order), Curve(old.order)
        for index, score in enumerate(old.scores):
            best, average = replayed.push(score)
            if index < keep:
                kept.push(score)
            else:
                _remove(self._bests[index], best)
                _remove(self._averages[index], average)
        self._curves[trial] = kept
        self._drop_empty_intervals()
        for index in range(keep, len(self._bests)):
            if self._best_trials[index] == trial:
                self._best_trials[index] = self._find_best_trial(index + 1)

    def trials(self) -> list[TrialKey]:
        """Every trial with a point, in the order in which they were first seen."""
        return [trial for trial, curve in self._curves.items() if curve.scores]

    def length(self, trial: TrialKey) -> int:
        """How many intervals `trial` has reached; 0 when it is not known."""
        curve = self._curves.get(trial)
        return len(curve.scores) if curve else 0

    def values(self, trial: TrialKey) -> list[float]:
        """The values of `trial` by interval, as logged, non-finite ones included."""
        curve = self._curves.get(trial)
        return [self._sign * score for score in curve.scores] if curve else []

    def best(self, trial: TrialKey, k: int) -> float:
        """b(k) of `trial`. Raises InternalError when it has not reached interval k."""
        curve = self._curves.get(trial)
        if curve is None or not 1 <= k <= len(curve.bests):
            raise InternalError(f"trial {trial} has not reached interval {k}")
        return self._sign * curve.bests[k - 1]

    def bests(self, k: int) -> Ranked:
        """b(k) of every trial that has reached interval k, worst first."""
        return Ranked(self._bests[k - 1] if 1 <= k <= len(self._bests) else _EMPTY, self._sign)

    def averages(self, k: int) -> Ranked:
        """The average over intervals 1…k of every trial that has reached interval k, worst first."""
        return Ranked(self._averages[k - 1] if 1 <= k <= len(self._averages) else _EMPTY, self._sign)

    def best_trial(self, k: int) -> TrialKey | None:
        """The trial with the best b(k), of equals the one first seen; None when no trial has reached interval k."""
        return self._best_trials[k - 1] if 1 <= k <= len(self._best_trials) else None

    def _rank(self, trial: TrialKey, k: int) -> tuple[float, int]:
        curve = self._curves[trial]
        return curve.bests[k - 1], -curve.order

    def _find_best_trial(self, k: int) -> TrialKey:
        reached = (trial for trial, curve in self._curves.items() if len(curve.bests) >= k)
        return max(reached, key=lambda trial: self._rank(trial, k))

    def _drop_empty_intervals(self) -> None:
        while self._bests and not self._bests[-1]:
            self._bests.pop()
            self._averages.pop()
            self._best_trials.pop()


def _as_float(value: float) -> float:
    try:
        return float(value)
    except OverflowError:
        return math.inf if value > 0 else -math.inf


def _remove(scores: "array[float]", score: float) -> None:
    del scores[bisect_left(scores, score)]
