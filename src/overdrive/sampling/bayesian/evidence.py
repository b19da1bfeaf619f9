"""What the trials say: values that count, values that are only guessed, configurations that failed or are on their way.

All values here are to be made small: the metric times −1 where it is to be made large. What never becomes a number:
NaN and infinities, failures, and what the machine did (lost trials are not learned from).
"""

import math
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import field
from typing import Protocol

import numpy as np

from overdrive.records import Outcome
from overdrive.records import PrimaryMetric

Configuration = Mapping[str, object]

#: The script's own fault, or no result though it said that all went well: the configuration is to be avoided.
_FAILURES = {Outcome.FAILED, Outcome.COMPLETED_WITHOUT_METRIC}
#: Ended from outside: what was logged until then is a part of a curve.
_CUT = {Outcome.STOPPED_EARLY, Outcome.CANCELLED}
#: Values beyond it count as it: squares of their differences would be infinite.
_LARGEST = 1e150
#: Completed trials with as long a curve that a guess of a final value needs.
_FEWEST_CURVES = 3


class Trial(Protocol):
    """A trial of this sweep or of an earlier one."""

    @property
    def number(self) -> int: ...

    @property
    def configuration(self) -> Configuration: ...

    @property
    def outcome(self) -> Outcome | None: ...

    @property
    def curve(self) -> tuple[float, ...]: ...


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
    """The trials of one sweep, sorted by what they say."""

    #: Trials with a value, in order of their numbers.
    observed: list[Observation] = field(default_factory=list)
    #: Configurations of trials that failed.
    failed: list[Configuration] = field(default_factory=list)
    #: Configurations of trials without an outcome.
    pending: list[Configuration] = field(default_factory=list)


def sign_of(metric: PrimaryMetric | None) -> float:
    """The metric's value is sign · value to be made small."""
    return -float(metric.sign) if metric else 1.0


def evidence_of(trials: Sequence[Trial], metric: PrimaryMetric | None) -> Evidence:
    """What the trials of one sweep say."""
    evidence = Evidence()
    bests = {trial.number: _bests(trial.curve, sign_of(metric)) for trial in trials}
    whole = [bests[trial.number] for trial in trials if trial.outcome is Outcome.COMPLETED]
    for trial in trials:
        best = bests[trial.number]
        has_value = bool(best) and math.isfinite(best[-1])
        if trial.outcome is None:
            evidence.pending.append(trial.configuration)
        elif trial.outcome in _FAILURES or (trial.outcome is Outcome.COMPLETED and not has_value):
            evidence.failed.append(trial.configuration)
        elif trial.outcome is Outcome.COMPLETED:
            evidence.observed.append(Observation(trial.number, trial.configuration, best[-1]))
        elif trial.outcome in _CUT and has_value:
            value, doubt = _guess(best, whole)
            evidence.observed.append(Observation(trial.number, trial.configuration, value, doubt))
    return evidence


def _bests(curve: Sequence[float], sign: float) -> list[float]:
    """The best finite value until each interval; infinite before the first."""
    best, found = math.inf, []
    for value in curve:
        if math.isfinite(value):
            best = min(best, max(-_LARGEST, min(sign * value, _LARGEST)))
        found.append(best)
    return found


def _guess(best: list[float], whole: list[list[float]]) -> tuple[float, float]:
    """The final value of a trial that was cut off, and its doubt: its best value, less what completed trials still
    gained after as many intervals.

    The gain is the median of theirs, the doubt their spread and half the gain: the trials that went on were the better
    ones, and say less about the others. Without enough of them the best value stands, with the spread of all values as
    its doubt.
    """
    k = len(best)
    gains = [other[k - 1] - other[-1] for other in whole if len(other) >= k and math.isfinite(other[k - 1])]
    if len(gains) >= _FEWEST_CURVES:
        gain = float(np.median(gains))
        return best[-1] - gain, math.hypot(float(np.std(gains)), 0.5 * gain)
    finals = [other[-1] for other in [*whole, best] if other and math.isfinite(other[-1])]
    return best[-1], float(np.std(finals))
