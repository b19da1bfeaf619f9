"""What is believed of the kernel's parameters before any trial: independent Gaussians on their logarithms.

A vector of parameters holds, as natural logarithms, the length scales [d], the signal variance, the noise variance, and
for each of s earlier sweeps whose trials are known its disagreement [s] (see `fit.agreements`) and a noise variance of
its own beside the common one [s]. Outcomes have variance about 1.
"""

from typing import NamedTuple

import numpy as np

Array = np.ndarray

#: Mean of the logarithm of a length scale, but for ½ ln d: points of two draws get further apart as dimensions are
#: added, and length scales must grow with them. The −2 is for coordinates of standard deviation 1.
#: Source of the first two terms: Hvarfner, Hellsten & Nardi 2024, "Vanilla Bayesian optimization performs great in high
#: dimensions", eq. 6; mean and spread are measured (docs/bayesian.md).
LENGTH = 2.0**0.5 - 2.0
LENGTH_SPREAD = 1.5
SIGNAL, SIGNAL_SPREAD = 0.0, 1.0
NOISE, NOISE_SPREAD = -4.0, 1.5
#: Where a model is asked what matters, noise may as well be most of what differs: a sampler that believes so would
#: search no more, an explanation that does not finds patterns in noise (measured: docs/bayesian.md).
OPEN_NOISE, OPEN_NOISE_SPREAD = -2.0, 2.0
#: How much another sweep's outcomes differ from this one's, after both were scaled: a correlation of 0.7 at the mean,
#: of 0.94 and 0.35 one spread away from it (measured: docs/bayesian.md).
DISAGREEMENT, DISAGREEMENT_SPREAD = 0.0, 2.0
#: What else its outcomes depend on: hyperparameters that this sweep does not have look like noise.
STRANGE, STRANGE_SPREAD = -3.0, 2.0
#: Variance of the constant mean, which is integrated out, and of the shift of each earlier sweep.
MEAN_VARIANCE = 1.0
#: The parameters stay within so many spreads of their means, and the noise above the least at which sums are exact.
_SPREADS = 4.0
_LEAST_NOISE = np.log(1e-6)


class Prior(NamedTuple):
    """Independent Gaussians: mean and standard deviation of each parameter, and its limits; all [p]."""

    mean: Array
    spread: Array
    low: Array
    high: Array

    def negative_log_density(self, parameters: Array) -> tuple[float, Array]:
        """Up to a constant, with its gradient."""
        z = (parameters - self.mean) / self.spread
        return 0.5 * float(z @ z), z / self.spread


def prior_of(d: int, sources: int = 0) -> Prior:
    """The prior for d axes and this many earlier sweeps."""
    mean = np.array(
        [LENGTH + 0.5 * np.log(max(d, 1))] * d + [SIGNAL, NOISE] + [DISAGREEMENT] * sources + [STRANGE] * sources
    )
    spread = [LENGTH_SPREAD] * d + [SIGNAL_SPREAD, NOISE_SPREAD]
    spread = np.array(spread + [DISAGREEMENT_SPREAD] * sources + [STRANGE_SPREAD] * sources)
    low, high = mean - _SPREADS * spread, mean + _SPREADS * spread
    low[d + 1] = max(low[d + 1], _LEAST_NOISE)
    return Prior(mean, spread, low, high)


def open_prior_of(d: int, sources: int = 0) -> Prior:
    """The same, open to much noise: for explanations."""
    prior = prior_of(d, sources)
    prior.mean[d + 1], prior.spread[d + 1] = OPEN_NOISE, OPEN_NOISE_SPREAD
    prior.high[d + 1] = OPEN_NOISE + _SPREADS * OPEN_NOISE_SPREAD
    return prior
