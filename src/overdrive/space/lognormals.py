"""`lognormal` and `qlognormal`: the natural logarithm is Gaussian."""

import math
from dataclasses import dataclass
from typing import ClassVar

from overdrive.space.arguments import refusal
from overdrive.space.exponents import check_exponent
from overdrive.space.exponents import exp_within
from overdrive.space.expression import Scale
from overdrive.space.lazy import standard_normal
from overdrive.space.normals import standard_quantile
from overdrive.space.reals import Continuous
from overdrive.space.reals import Quantised
from overdrive.space.reals import Real


@dataclass(frozen=True, slots=True, repr=False)
class _LogNormalLaw(Real):
    _scale: ClassVar[Scale] = "log"

    #: The mean of the natural logarithm.
    mu: float
    #: The standard deviation of the natural logarithm, 0 or above.
    sigma: float

    def _check_law(self) -> None:
        check_exponent(self.name, "mu", self.mu)
        if self.sigma < 0:
            raise refusal(self.name, "sigma", self.sigma, "a number of 0 or above")

    def quantile(self, u: float) -> float:
        return exp_within(self.mu + self.sigma * standard_quantile(u))

    def cumulative(self, x: float) -> float:
        if not self.sigma:
            return 0.5
        return standard_normal().cdf((math.log(x) - self.mu) / self.sigma) if x > 0 else 0.0

    @property
    def median(self) -> float:
        return exp_within(self.mu)

    @property
    def support(self) -> tuple[float, float]:
        """From the smallest positive float on; the median alone where sigma is 0."""
        return (math.ulp(0.0), math.inf) if self.sigma else (self.median, self.median)


@dataclass(frozen=True, slots=True, repr=False)
class LogNormal(Continuous, _LogNormalLaw):
    """exp(normal(mu, sigma)): mu and sigma are those of the natural logarithm."""

    name: ClassVar[str] = "lognormal"


@dataclass(frozen=True, slots=True, repr=False)
class QLogNormal(Quantised, _LogNormalLaw):
    """round(exp(normal(mu, sigma)) / q) * q."""

    name: ClassVar[str] = "qlognormal"

    #: The step, above 0.
    q: float
