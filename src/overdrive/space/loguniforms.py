"""`loguniform` and `qloguniform`: the natural logarithm is uniform between two bounds."""

import math
from dataclasses import dataclass
from typing import ClassVar

from overdrive.space.arguments import refusal
from overdrive.space.exponents import check_exponent
from overdrive.space.expression import Scale
from overdrive.space.reals import Continuous
from overdrive.space.reals import Quantised
from overdrive.space.reals import Real


@dataclass(frozen=True, slots=True, repr=False)
class _LogUniformLaw(Real):
    _scale: ClassVar[Scale] = "log"

    #: Natural logarithm of the lowest value.
    min_value: float
    #: Natural logarithm of the highest value; may equal `min_value`.
    max_value: float

    def _check_law(self) -> None:
        check_exponent(self.name, "min_value", self.min_value)
        check_exponent(self.name, "max_value", self.max_value)
        if self.min_value > self.max_value:
            raise refusal(self.name, "min_value", self.min_value, f"a number up to max_value = {self.max_value!r}")

    def quantile(self, u: float) -> float:
        low, high = self.support
        return min(max(math.exp(self.min_value + u * (self.max_value - self.min_value)), low), high)

    def cumulative(self, x: float) -> float:
        if self.min_value == self.max_value:
            return 0.5
        if x <= 0:
            return 0.0
        return min(max((math.log(x) - self.min_value) / (self.max_value - self.min_value), 0.0), 1.0)

    @property
    def support(self) -> tuple[float, float]:
        return math.exp(self.min_value), math.exp(self.max_value)


@dataclass(frozen=True, slots=True, repr=False)
class LogUniform(Continuous, _LogUniformLaw):
    """exp(uniform(min_value, max_value)): both bounds are natural logarithms."""

    name: ClassVar[str] = "loguniform"


@dataclass(frozen=True, slots=True, repr=False)
class QLogUniform(Quantised, _LogUniformLaw):
    """round(exp(uniform(min_value, max_value)) / q) * q."""

    name: ClassVar[str] = "qloguniform"

    #: The step, above 0.
    q: float
