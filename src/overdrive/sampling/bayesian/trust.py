"""How far a model of a sweep is to be trusted, and which values it can be made of: what keeps nonsense from being told.

The measure is what the model predicts of trials that it was not told of, one at a time. A count of trials alone would
not do: forty trials of a metric that is mostly noise say less than ten of a clean one.
"""

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from overdrive.records import Outcome
from overdrive.records import PrimaryMetric
from overdrive.records import TrialStatus
from overdrive.sampling.bayesian.evidence import Observation
from overdrive.sampling.bayesian.evidence import evidence_of
from overdrive.sampling.bayesian.evidence import sign_of
from overdrive.sampling.bayesian.posterior import Posterior
from overdrive.sampling.history import History

Array = np.ndarray

#: Between trials that do not depend on anything R² spreads by chance as 1 / √n, a little more where the parameters were
#: fitted to all of them. Below the first, times that, nothing is told; from the second, and once that, all is
#: (measured: docs/bayesian.md).
_CHANCE, _GOOD = 1.5, 0.5
#: Completed trials without which no final value is guessed.
_FEWEST_WHOLE = 3
#: Guesses of final values, with doubts so many times as large as the values differ, tell no trials apart.
_BLURRED = 4.0
#: A cut curve of which the final value is known as well as completed trials' values differ.
_KNOWN = 1.0


class Trust(NamedTuple):
    """What a model is worth: `grade` is 'good', 'rough' or 'none', `sentence` says why, for people."""

    grade: str
    sentence: str
    #: Part of the squared differences between trials that is predicted of each by a model of the others; None where
    #: there are too few trials to ask. Below 0: worse than their mean.
    r2: float | None
    #: Trials, each counted by how well its value is known.
    trials: float


def trust_of(posterior: Posterior, outcomes: Array, varied: int) -> Trust:
    """How well the trials are predicted by each other.

    outcomes: [n] of the own trials, which come first among the known ones. varied: hyperparameters that varied.
    """
    n, fewest = len(outcomes), varied + 2
    if n < fewest:
        what = "1 hyperparameter" if varied == 1 else f"{varied} hyperparameters"
        have = "1 trial" if n == 1 else f"{n} trials"
        words = f"{have} cannot show what matters among {what}: it takes {fewest} or more"
        return Trust("none", words, None, float(n))
    noise = float(posterior.noise[0]) + posterior.known.extra_noise[:n]
    weights = noise.min() / noise
    r2, count = _predicted(posterior, outcomes, weights)
    part = f"of trials left out one by one, a model of the others predicts {_percent(r2)} of the differences"
    if r2 < _CHANCE * count**-0.5:
        return Trust("none", f"{part}, which may be chance", r2, count)
    if r2 < _GOOD + count**-0.5:
        return Trust("rough", f"with caution: {part}; small parts and their order may be chance", r2, count)
    return Trust("good", part, r2, count)


def _predicted(posterior: Posterior, outcomes: Array, weights: Array) -> tuple[float, float]:
    """R² of the leave-one-out predictions, and the effective number of trials.

    Source: Rasmussen & Williams 2006, eq. 5.12. The mean that it is compared with leaves the trial out as well.
    """
    n = len(outcomes)
    errors = posterior.weights[:, :n] / posterior.precisions()[:, :n]
    missed = weights @ errors.mean(0) ** 2
    whole = weights.sum()
    others = (weights @ outcomes - weights * outcomes) / (whole - weights)
    spread = float(weights @ (outcomes - others) ** 2)
    r2 = 1.0 - float(missed) / spread if spread > 0 else 0.0
    return r2, float(whole**2 / (weights @ weights))


def common_interval(history: History) -> int | None:
    """The interval at which trials have to be compared; None where their final values can be.

    Where more were cut off than completed, and what each would have come to is in such doubt that the guesses tell no
    trials apart, nothing can be said about final values but by luck: the completed ones are few, and all are winners.
    Then it is the interval that nine of ten trials reached.
    """
    observed, cut = _observed(history)
    completed = len(observed) - len(cut)
    if len(cut) <= completed:
        return None
    if completed >= _FEWEST_WHOLE:
        low, high = np.quantile([one.value for one in observed], [0.25, 0.75])
        # Of a normal distribution the quartiles are 1.35 deviations apart; a diverged trial must not decide.
        if np.median([one.doubt for one in cut]) <= _BLURRED * float(high - low) / 1.35:
            return None
    lengths = {trial.number: len(trial.curve) for trial in history.trials}
    reached = sorted(lengths[one.number] for one in observed)
    return reached[len(reached) // 10]


def until(history: History, interval: int) -> History:
    """The trials that reached an interval, as if all had ended there. Failed ones stay what they are."""
    trials = tuple(
        replace(trial, curve=trial.curve[:interval], best=None, status=TrialStatus.ENDED, outcome=Outcome.COMPLETED)
        for trial in history.trials
        if trial.outcome in _WITH_VALUES and len(trial.curve) >= interval
    )
    return replace(history, trials=trials)


def uncertain(history: History) -> set[int]:
    """The trials that were cut off too early for a belief about their final values."""
    observed, cut = _observed(history)
    numbers = {one.number for one in cut}
    whole = [one.value for one in observed if one.number not in numbers]
    spread = float(np.std(whole)) if len(whole) >= _FEWEST_WHOLE else 0.0
    return {one.number for one in cut if not one.doubt <= _KNOWN * spread}


def _observed(history: History) -> tuple[Sequence[Observation], Sequence[Observation]]:
    """All trials with a value, and those of them that were cut off."""
    outcomes = {trial.number: trial.outcome for trial in history.trials}
    observed = evidence_of(history.trials, history.metric).observed
    return observed, [one for one in observed if outcomes[one.number] is not Outcome.COMPLETED]


_WITH_VALUES = {Outcome.COMPLETED, Outcome.STOPPED_EARLY, Outcome.CANCELLED}


def _percent(part: float) -> str:
    return f"{100 * max(part, 0.0):.0f} %"


def best_of(curve: Sequence[float], metric: PrimaryMetric | None) -> float:
    """The best finite value of a curve; NaN where it has none."""
    sign = sign_of(metric)
    return min(filter(math.isfinite, curve), key=lambda value: sign * value, default=math.nan)
