"""What a sampler may know: the trials so far, and how far the journal had come."""

import math
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import field
from itertools import pairwise
from typing import Any

from overdrive.errors import InternalError
from overdrive.records import EarlierSweep
from overdrive.records import Outcome
from overdrive.records import PrimaryMetric
from overdrive.records import TrialStatus


@dataclass(frozen=True, kw_only=True, slots=True)
class TrialSoFar:
    """One trial as the journal knew it. `curve` and `best` are in the metric's own units and direction."""

    #: Trial number, from 0.
    number: int
    #: Hyperparameter name → value. That of a trial which goes on with an earlier one may lie outside the space.
    configuration: Mapping[str, object]
    #: Where it is in its life.
    status: TrialStatus
    #: How it ended; None exactly while `status` is not ENDED.
    outcome: Outcome | None = None
    #: The primary metric by interval: curve[k - 1] at interval k. NaN and infinities are in it as they were logged.
    curve: tuple[float, ...] = ()
    #: The best finite value of the curve, or None where there is none: not a number to model.
    best: float | None = None
    #: The state that came with its suggestion: what a fit may start from.
    state: Mapping[str, object] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if (self.status is TrialStatus.ENDED) != (self.outcome is not None):
            raise InternalError(f"trial {self.number} is {self.status.value} with the outcome {self.outcome}")

    @classmethod
    def after_verdict(
        cls, curve: Sequence[float], outcome: Outcome | None, metric: PrimaryMetric, **known: Any
    ) -> "TrialSoFar":
        """A trial that a verdict ended, with its curve up to there.

        What it logs past the verdict, and whether it ends by itself meanwhile, depends on how soon it was told, and
        suggestions must not.
        """
        best = max(filter(math.isfinite, curve), key=lambda value: metric.sign * value, default=None)
        outcome = Outcome.STOPPED_EARLY if outcome is Outcome.COMPLETED else outcome
        return cls(curve=tuple(curve), best=best, outcome=outcome, **known)

    @property
    def is_pending(self) -> bool:
        """Whether it has no outcome yet: a sampler must not suggest its configuration as if nobody had it."""
        return self.outcome is None


@dataclass(frozen=True, kw_only=True, slots=True)
class History:
    """The trials so far, in order of their numbers, as of one event of the journal.

    A suggestion may depend on nothing else but the space, the seed and the trial number, so that replaying the journal
    gives the same suggestion. Samplers with `uses_history = False` are handed an empty one.
    """

    trials: tuple[TrialSoFar, ...] = ()
    #: What the sweep optimises; None for a single run.
    metric: PrimaryMetric | None = None
    #: Sequence number of the last event in it: what a suggestion made from it says in its own `based_on`.
    based_on: int = 0
    #: The sweeps of `resume_from` with their trials, as they stood at submit: prior knowledge. Their spaces may differ
    #: from this sweep's, and their configurations lie outside it.
    prior: tuple[EarlierSweep, ...] = ()

    def __post_init__(self) -> None:
        numbers = [trial.number for trial in self.trials]
        if any(one >= other for one, other in pairwise(numbers)):
            raise InternalError(f"the trials of a history are not in order of their numbers: {numbers}")

    @property
    def pending(self) -> tuple[TrialSoFar, ...]:
        """The trials without an outcome: suggested, waiting or running."""
        return tuple(trial for trial in self.trials if trial.is_pending)

    @property
    def ended(self) -> tuple[TrialSoFar, ...]:
        """The trials with an outcome, stopped and failed ones included."""
        return tuple(trial for trial in self.trials if not trial.is_pending)
