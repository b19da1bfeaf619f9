"""The truncation rule: not among the worst share of the field, or out."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from typing import ClassVar

from overdrive.errors import UnsupportedError
from overdrive.termination.checks import check_integer
from overdrive.termination.curves import Curves
from overdrive.termination.policy import EarlyTerminationPolicy

_SUFFIXES = {1: "st", 2: "nd", 3: "rd"}


@dataclass(frozen=True)
class TruncationSelectionPolicy(EarlyTerminationPolicy):
    """Ends a trial that ranks among the worst `truncation_percentage` per cent at the same interval.

    With n trials having reached interval k, m = ⌊n·p/100⌋ of them may end: a trial ends when fewer than m of the others
    rank below it. Ties favour the trial: an equal b(k) ranks below it. So the threshold is the value of the worst trial
    that is spared, the one with rank m + 1 from the bottom. Trials that have completed, failed or been stopped stay in
    the ranking. Raises SpecError for a percentage that is no integer from 1 to 99.

    Source: Azure's documentation of TruncationSelectionPolicy.
    """

    POLICY_NAME: ClassVar[str] = "TruncationSelection"
    RULE: ClassVar[str] = "truncation"

    #: Share of the trials that may end at each interval, per cent, 1 to 99.
    truncation_percentage: int
    #: Look at every interval (1), at every second (2), …
    evaluation_interval: int = 1
    #: Look at no interval before this one.
    delay_evaluation: int = 0

    def __post_init__(self) -> None:
        check_integer("truncation_percentage", self.truncation_percentage, 1, 99)
        self._check_grid()

    def threshold(self, curves: Curves, trial: int, k: int) -> tuple[float | None, str]:
        bests, percentage = curves.bests(k), self.truncation_percentage
        n = len(bests)
        m = n * percentage // 100
        if m == 0:
            return None, f"{percentage} % of {n} trial{'' if n == 1 else 's'} is less than one"
        return bests[m], f"{_ordinal(m + 1)} worst of {n}; the worst {percentage} % ({m}) end here"

    def properties(self) -> dict[str, Any]:
        return {
            "evaluation_interval": self.evaluation_interval,
            "delay_evaluation": self.delay_evaluation,
            "truncation_percentage": self.truncation_percentage,
            "exclude_finished_jobs": False,
        }

    @classmethod
    def from_properties(cls, properties: Mapping[str, Any]) -> EarlyTerminationPolicy:
        """As `EarlyTerminationPolicy.from_properties`. Raises UnsupportedError for leaving finished trials out."""
        properties = dict(properties)
        if properties.pop("exclude_finished_jobs", False):
            raise UnsupportedError(field="exclude_finished_jobs", value=True, allowed="false")
        return super().from_properties(properties)


def _ordinal(n: int) -> str:
    """'1st', '2nd', '11th', '23rd'."""
    return f"{n}{'th' if n % 100 in (11, 12, 13) else _SUFFIXES.get(n % 10, 'th')}"
