"""`normal` and `qnormal`: Gaussian around mu."""

import math
import sys
from dataclasses import dataclass
from typing import ClassVar

from overdrive.space.arguments import refusal
from overdrive.space.lazy import standard_normal
from overdrive.space.reals import Continuous
from overdrive.space.reals import Quantised
from overdrive.space.reals import Real

#: u = 0 has no finite quantile: it counts as half a step of the units.
FIRST_UNIT = 2.0**-54


def standard_quantile(u: float) -> float:
    """The standard normal's inverse distribution function, from -8.3 at u = 0 to 8.2 just below 1."""
    return standard_normal().inv_cdf(max(u, FIRST_UNIT))


@dataclass(frozen=True, slots=True, repr=False)
class _NormalLaw(Real):
    #: The mean.
    mu: float
    #: The standard deviation, 0 or above.
    sigma: float

    def _check_law(self) -> None:
        if self.sigma < 0:
            raise refusal(self.name, "sigma", self.sigma, "a number of 0 or above")

    def quantile(self, u: float) -> float:
        x = self.mu + self.sigma * standard_quantile(u)
        return min(max(x, -sys.float_info.max), sys.float_info.max)

    def cumulative(self, x: float) -> float:
        return standard_normal().cdf((x - self.mu) / self.sigma) if self.sigma else 0.5

    @property
    def median(self) -> float:
        return float(self.mu)

    @property
    def support(self) -> tuple[float, float]:
        return (-math.inf, math.inf) if self.sigma else (float(self.mu), float(self.mu))


@dataclass(frozen=True, slots=True, repr=False)
class Normal(Continuous, _NormalLaw):
    """A real number, Gaussian with mean mu and standard deviation sigma."""

    name: ClassVar[str] = "normal"


@dataclass(frozen=True, slots=True, repr=False)
class QNormal(Quantised, _NormalLaw):
    """round(normal(mu, sigma) / q) * q."""

    name: ClassVar[str] = "qnormal"

    #: The step, above 0.
    q: float
