"""The bandit rule: near enough to the best, or out."""

from collections.abc import Mapping
from dataclasses import InitVar
from dataclasses import dataclass
from dataclasses import field
from typing import Any
from typing import ClassVar

from overdrive.errors import SpecError
from overdrive.records import show_number
from overdrive.termination.checks import check_slack
from overdrive.termination.curves import Curves
from overdrive.termination.policy import EarlyTerminationPolicy


@dataclass(frozen=True)
class BanditPolicy(EarlyTerminationPolicy):
    """Ends a trial that is worse than the best one at the same interval by more than a slack.

    With B the best b(k), when maximising: `slack_factor` s ends a trial with b(k) < B/(1+s) if B ≥ 0, or < B·(1+s) if
    B < 0; `slack_amount` a ends one with b(k) < B - a. Minimising is maximising the negated metric, so a loss with best
    0.5 and s = 0.2 ends above 0.5·1.2 = 0.6. A factor of 0.1 means 'below 91 % of the best', not 90 %.

    The first positional argument is `evaluation_interval`, as in HyperDrive: name the slack. Exactly one of the slacks
    is given, a finite number from 0 on. With `strict`, a slack of 0 beside another one counts as not given, as Azure's
    client reads it. Raises SpecError for anything else.

    Source: Azure's documentation of BanditPolicy; it leaves minimising and B < 0 open.
    """

    POLICY_NAME: ClassVar[str] = "Bandit"
    RULE: ClassVar[str] = "bandit"

    #: Look at every interval (1), at every second (2), …
    evaluation_interval: int = 1
    #: Allowed ratio to the best, minus one; None when the slack is an amount.
    slack_factor: float | None = None
    #: Allowed distance from the best, in the metric's units; None when the slack is a factor.
    slack_amount: float | None = None
    #: Look at no interval before this one.
    delay_evaluation: int = 0
    #: Read the slacks as Azure's client does.
    strict: InitVar[bool] = field(default=False, kw_only=True)

    def __post_init__(self, strict: bool) -> None:
        if isinstance(self.evaluation_interval, float) and self.slack_factor is None and self.slack_amount is None:
            raise SpecError(
                field="evaluation_interval",
                value=self.evaluation_interval,
                allowed="an integer from 1 on",
                hint=f"the slack is given by name: BanditPolicy(slack_factor={self.evaluation_interval})",
            )
        self._check_grid()
        if strict and self.slack_factor is not None and self.slack_amount is not None:
            if not self.slack_factor:
                object.__setattr__(self, "slack_factor", None)
            elif not self.slack_amount:
                object.__setattr__(self, "slack_amount", None)
        if (self.slack_factor is None) == (self.slack_amount is None):
            raise SpecError(
                "the bandit policy takes exactly one of slack_factor and slack_amount",
                field="slack_factor",
                value=self.slack_factor,
                allowed="a number, when slack_amount is not given",
                hint="write for example BanditPolicy(slack_factor=0.1)",
            )
        for name in ("slack_factor", "slack_amount"):
            if getattr(self, name) is not None:
                check_slack(name, getattr(self, name))

    def threshold(self, curves: Curves, trial: int, k: int) -> tuple[float | None, str]:
        best, sign = curves.bests(k)[-1], curves.metric.sign
        shown = show_number(best)
        if self.slack_amount is not None:
            return best - sign * self.slack_amount, f"{shown} {'-' if sign > 0 else '+'} {self.slack_amount:.12g}"
        ratio = 1 + (self.slack_factor or 0)
        if sign * best >= 0:
            return best / ratio, f"{shown}/{ratio:.12g}"
        return best * ratio, f"{shown}·{ratio:.12g}"

    def properties(self) -> dict[str, Any]:
        slack = "slack_factor" if self.slack_amount is None else "slack_amount"
        return {
            "evaluation_interval": self.evaluation_interval,
            "delay_evaluation": self.delay_evaluation,
            slack: getattr(self, slack),
        }

    @classmethod
    def from_properties(cls, properties: Mapping[str, Any]) -> EarlyTerminationPolicy:
        """As `EarlyTerminationPolicy.from_properties`; Azure writes a slack factor of 0 as a slack amount of null."""
        properties = dict(properties)
        if properties.get("slack_amount", 0) is None and properties.get("slack_factor") is None:
            properties["slack_factor"] = 0
        return super().from_properties(properties)
