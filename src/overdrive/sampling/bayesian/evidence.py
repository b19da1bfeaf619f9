"""What the trials say: values that count, values that are only guessed, configurations that failed or are on their way.

All values here are to be made small: the metric times −1 where it is to be made large. What never becomes a number:
NaN and infinities, failures, and what the machine did (lost trials are not learned from).
"""

import math
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import field

import numpy as np

from overdrive.records import Outcome
from overdrive.records import PrimaryMetric
from overdrive.sampling.history import History
from overdrive.sampling.history import TrialSoFar

Configuration = Mapping[str, object]

#: The script's own fault, or no result though it said that all went well: the configuration is to be avoided.
_FAILURES = {Outcome.FAILED, Outcome.COMPLETED_WITHOUT_METRIC}
#: Ended from outside: what was logged until then is a part of a curve.
_CUT = {Outcome.STOPPED_EARLY, Outcome.CANCELLED}
#: Completed trials with as long a curve that a guess of a final value needs.
_FEWEST_CURVES = 3


@dataclass(frozen=True)
class Observation:
    """One trial with a value."""

    number: int
    configuration: Configuration
    #: To be made small.
    value: float
    #: Standard deviation of what is guessed in it, in the metric's units; 0 for a trial that completed.
    doubt: float = 0.0


@dataclass
class Evidence:
    """The trials of a history, sorted by what they say."""

    #: Trials of this sweep with a value, in order of their numbers.
    observed: list[Observation] = field(default_factory=list)
    #: Configurations of trials that failed.
    failed: list[Configuration] = field(default_factory=list)
    #: Trials without an outcome.
    pending: list[Configuration] = field(default_factory=list)


def evidence_of(trials: Sequence[TrialSoFar], metric: PrimaryMetric | None) -> Evidence:
    """What trials of this sweep say."""
    sign = -float(metric.sign) if metric else 1.0
    evidence = Evidence()
    cut = []
    for trial in trials:
        value = None if trial.best is None or not math.isfinite(trial.best) else sign * trial.best
        if trial.is_pending:
            evidence.pending.append(trial.configuration)
        elif trial.outcome in _FAILURES or (trial.outcome is Outcome.COMPLETED and value is None):
            evidence.failed.append(trial.configuration)
        elif trial.outcome in _CUT and value is not None:
            cut.append(trial)
        elif trial.outcome is Outcome.COMPLETED and value is not None:
            evidence.observed.append(Observation(trial.number, trial.configuration, value))
    if cut:
        completed = [trial for trial in trials if trial.outcome is Outcome.COMPLETED]
        bests = [_bests(trial, sign) for trial in completed]
        evidence.observed += [_guess(trial, _bests(trial, sign), bests) for trial in cut]
        evidence.observed.sort(key=lambda observation: observation.number)
    return evidence


def own_trials(history: History) -> tuple[TrialSoFar, ...]:
    """The trials of this sweep."""
    return tuple(trial for trial in history.trials if trial.number >= 0)


def earlier_trials(history: History) -> tuple[TrialSoFar, ...]:
    """The trials of earlier sweeps."""
    return tuple(trial for trial in history.trials if trial.number < 0)


def _bests(trial: TrialSoFar, sign: float) -> list[float]:
    """The best finite value until each interval; infinite before the first."""
    best, found = math.inf, []
    for value in trial.curve:
        if math.isfinite(value):
            best = min(best, sign * value)
        found.append(best)
    return found


def _guess(trial: TrialSoFar, bests: list[float], others: list[list[float]]) -> Observation:
    """A trial that was cut off: its value, with what completed trials still gained after as many intervals.

    The gain is the median of theirs, the doubt their spread and the size of the gain itself: the trials that went on
    were the better ones, and say less about the others. Without enough of them the last best value stands, with the
    spread of all values as its doubt.
    """
    k = len(bests)
    gains = [other[k - 1] - other[-1] for other in others if len(other) >= k and math.isfinite(other[k - 1])]
    if len(gains) >= _FEWEST_CURVES:
        gain = float(np.median(gains))
        doubt = math.hypot(float(np.std(gains)), 0.5 * gain)
    else:
        gain = 0.0
        finals = [other[-1] for other in [*others, bests] if other and math.isfinite(other[-1])]
        doubt = float(np.std(finals))
    return Observation(trial.number, trial.configuration, bests[-1] - gain, max(doubt, 1e-12))
