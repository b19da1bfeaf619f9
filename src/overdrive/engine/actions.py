"""What the scheduler wants done. An action is a wish: it is repeated by each `decide()` until an event says that it
came true."""

from dataclasses import dataclass

from overdrive.records import SweepStatus
from overdrive.records import Verdict


@dataclass(frozen=True, kw_only=True, slots=True)
class Suggest:
    """Ask the sampler for trial `trial`."""

    trial: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Launch:
    """Start this attempt as soon as there is a slot."""

    trial: int
    attempt: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Stop:
    """End a living trial: `why` is 'verdict', 'cancelled' or 'deadline'; `now` means without grace."""

    trial: int
    attempt: int
    why: str
    verdict: Verdict | None = None
    now: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Finish:
    """The sweep is over."""

    status: SweepStatus
    reason: str


Action = Suggest | Launch | Stop | Finish
