"""What a sampler answers."""

from dataclasses import dataclass
from dataclasses import field


@dataclass(frozen=True, kw_only=True, slots=True)
class Suggestion:
    """A configuration to try, and why."""

    #: Trial number, from 0.
    trial: int
    #: Hyperparameter name → value, in the space's declared order.
    configuration: dict[str, object]
    #: A sentence that a person can read.
    reason: str
    #: Sequence number of the last event that the sampler saw (0: it looks at none).
    based_on: int = 0
    #: What a later suggestion may start from: JSON, empty for samplers without a model.
    state: dict = field(default_factory=dict)

    def to_body(self) -> dict:
        """The body of the SUGGESTED event."""
        return {
            "configuration": self.configuration,
            "reason": self.reason,
            "based_on": self.based_on,
            "state": self.state,
        }
