"""`uniform` and `quniform`: every value between two bounds is equally likely."""

import math
from dataclasses import dataclass
from typing import ClassVar

from overdrive.space.arguments import refusal
from overdrive.space.reals import Continuous
from overdrive.space.reals import Quantised
from overdrive.space.reals import Real


@dataclass(frozen=True, slots=True, repr=False)
class _UniformLaw(Real):
    #: The lower bound.
    min_value: float
    #: The upper bound, above `min_value`.
    max_value: float

    def _check_law(self) -> None:
        if not self.min_value < self.max_value:
            raise refusal(self.name, "min_value", self.min_value, f"a number below max_value = {self.max_value!r}")
        if not math.isfinite(float(self.max_value) - float(self.min_value)):
            raise refusal(self.name, "max_value", self.max_value, "a number less than 1.8e308 above min_value")

    def quantile(self, u: float) -> float:
        return min(self.min_value + u * (self.max_value - self.min_value), float(self.max_value))

    def cumulative(self, x: float) -> float:
        return min(max((x - self.min_value) / (self.max_value - self.min_value), 0.0), 1.0)

    @property
    def support(self) -> tuple[float, float]:
        return self.min_value, self.max_value


@dataclass(frozen=True, slots=True, repr=False)
class Uniform(Continuous, _UniformLaw):
    """A real number in [min_value, max_value]."""

    name: ClassVar[str] = "uniform"


@dataclass(frozen=True, slots=True, repr=False)
class QUniform(Quantised, _UniformLaw):
    """round(uniform(min_value, max_value) / q) * q."""

    name: ClassVar[str] = "quniform"

    #: The step, above 0.
    q: float
