"""No early termination."""

from dataclasses import dataclass
from typing import Any
from typing import ClassVar

from overdrive.records import Verdict
from overdrive.termination.curves import Curves
from overdrive.termination.policy import EarlyTerminationPolicy


@dataclass(frozen=True)
class NoTerminationPolicy(EarlyTerminationPolicy):
    """Every trial goes on to its end: what `policy=None` means."""

    POLICY_NAME: ClassVar[str] = "Default"
    RULE: ClassVar[str] = "none"

    def applies(self, k: int) -> bool:
        """At no interval."""
        return False

    def threshold(self, curves: Curves, trial: int, k: int) -> tuple[float | None, str]:
        return None, "no policy"

    def judge(self, curves: Curves, trial: int, k: int) -> Verdict | None:
        """Always None."""
        return None

    def to_json(self) -> dict[str, Any]:
        """{"name": "Default"}: HyperDrive sends no properties."""
        return {"name": self.POLICY_NAME}
