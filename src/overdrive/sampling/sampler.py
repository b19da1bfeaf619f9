"""What a sampler is."""

from collections.abc import Mapping
from typing import ClassVar
from typing import Protocol

from overdrive.records import Suggestion
from overdrive.sampling.history import History
from overdrive.space import Space


class Sampler(Protocol):
    """Suggests configurations: one class, made once a sweep (and again after a crash, and for a replay).

    A sampler is pure in (space, seed, properties, history, n): it keeps no state but what it could compute again, draws
    randomness from the seed only, and does not look at the clock. `SamplerContract` of `overdrive.testing` checks it.
    Subclass it, or write a class with the same members.
    """

    #: The name in a sweep's JSON: {"name": NAME, …}.
    SAMPLING_NAME: ClassVar[str]
    #: Whether `suggest` looks at the history; if not, it is handed an empty one and may be asked far ahead.
    uses_history: ClassVar[bool] = True

    def __init__(self, space: Space, seed: int, properties: Mapping[str, object]) -> None:
        """space: may be empty (a single run). seed: the sweep's, from 0 to 2**63 - 1. properties: as checked."""
        ...

    @classmethod
    def check(cls, space: Space, properties: Mapping[str, object], strict: bool) -> None:
        """Raises SpecError, naming the field, for a space or properties that the sampler cannot use.

        strict: keep the limits that Azure documents. Called when a sweep is configured, before anything exists.
        """

    def suggest(self, history: History, n: int) -> Suggestion | None:
        """The configuration for trial `n` (from 0), with a reason; None when the space is exhausted.

        After None for `n`, every later trial gets None. `based_on` is `history.based_on`, or 0 if it was not looked at.
        """
        ...
