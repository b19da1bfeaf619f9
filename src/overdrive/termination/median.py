"""The median rule: at least as good as the middle of the field, or out."""

import math
from dataclasses import dataclass
from typing import ClassVar

from overdrive.termination.curves import Curves
from overdrive.termination.policy import EarlyTerminationPolicy
from overdrive.termination.ranked import Ranked


@dataclass(frozen=True)
class MedianStoppingPolicy(EarlyTerminationPolicy):
    """Ends a trial whose best value is worse than the median of all trials' running averages at the same interval.

    The running average of a trial is the mean of its values over intervals 1…k; a non-finite value makes it the worst.
    Of an even number of averages the median is the mean of the middle two. Raises SpecError for an
    `evaluation_interval` below 1 or a `delay_evaluation` below 0.

    Source: Golovin et al. 2017 (Google Vizier), section 3.2.2, as Azure documents it.
    """

    POLICY_NAME: ClassVar[str] = "MedianStopping"
    RULE: ClassVar[str] = "median"

    #: Look at every interval (1), at every second (2), …
    evaluation_interval: int = 1
    #: Look at no interval before this one.
    delay_evaluation: int = 0

    def __post_init__(self) -> None:
        self._check_grid()

    def threshold(self, curves: Curves, trial: int, k: int) -> tuple[float | None, str]:
        averages = curves.averages(k)
        n = len(averages)
        return _median(averages), f"median of {n} running average{'' if n == 1 else 's'}"


def _median(values: Ranked) -> float:
    low, high = values[(len(values) - 1) // 2], values[len(values) // 2]
    middle = (low + high) / 2
    # The sum of two finite numbers may be too large for a float, their mean is not.
    return middle if math.isfinite(middle) else low / 2 + high / 2
