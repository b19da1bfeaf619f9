"""How promising a configuration is: log expected improvement over the best, for outcomes to be made small.

Computed in logarithms because improvements far from the best are less than the least float, while their order decides
where the search goes. The formulas hold the relative precision of floats everywhere.

Source: Jones, Schonlau & Welch 1998, eq. 15 (expected improvement); Ament et al. 2023, "Unexpected improvements to
expected improvement for Bayesian optimization", eq. 9 (the logarithm); Huang et al. 2006, "Global optimization of
stochastic black-box systems", eq. 17 (the factor that makes it worth less to measure again
where noise is all there is).
"""

import numpy as np

from overdrive.sampling.bayesian.numerics import LOG_ROOT_2PI
from overdrive.sampling.bayesian.numerics import erfcx
from overdrive.sampling.bayesian.numerics import log_ndtr

Array = np.ndarray

_ROOT_HALF_PI = np.sqrt(np.pi / 2.0)
#: Below it, 1 − |z| Φ(z) / φ(z) loses its digits and its series takes over.
_FAR = -25.0


def log_improvement(z: Array) -> Array:
    """log(φ(z) + z Φ(z)): log expected improvement in units of the deviation, z = (best − mean) / deviation."""
    near, tail = np.maximum(z, -1.0), np.minimum(z, -1.0)
    density = np.exp(-0.5 * near * near - LOG_ROOT_2PI)
    direct = np.log(density + near * np.exp(log_ndtr(near)))
    t = np.maximum(tail, _FAR)
    remainder = np.log1p(_ROOT_HALF_PI * t * erfcx(-t / np.sqrt(2.0)))
    square = np.minimum(tail, _FAR) ** -2.0
    series = np.log(square * (1.0 - square * (3.0 - square * (15.0 - 105.0 * square))))
    far = np.where(tail > _FAR, remainder, series)
    return np.where(z > -1.0, direct, -0.5 * tail * tail - LOG_ROOT_2PI + far)


def improvement_slope(z: Array, value: Array) -> tuple[Array, Array]:
    """Φ(z) / h and φ(z) / h, with h = φ(z) + z Φ(z) and its logarithm `value`: the first is the derivative of log h."""
    return np.exp(log_ndtr(z) - value), np.exp(-0.5 * z * z - LOG_ROOT_2PI - value)


def log_acquisition(mean: Array, variance: Array, best: Array, noise: Array) -> Array:
    """log EI + log(1 − σ / √(s² + σ²)) [m, b], by model; best and noise variance [m]."""
    deviation = np.sqrt(variance)
    z = (best[:, None] - mean) / deviation
    return log_improvement(z) + np.log(deviation) + _log_factor(variance, noise)[0]


def acquisition_slopes(mean: Array, variance: Array, best: Array, noise: Array) -> tuple[Array, Array, Array]:
    """As `log_acquisition`, and its derivatives by mean and by variance [m, b]."""
    deviation = np.sqrt(variance)
    z = (best[:, None] - mean) / deviation
    value = log_improvement(z)
    by_mean, by_deviation = improvement_slope(z, value)
    factor, d_factor = _log_factor(variance, noise)
    total = value + np.log(deviation) + factor
    return total, -by_mean / deviation, by_deviation / (2.0 * variance) + d_factor


def _log_factor(variance: Array, noise: Array) -> tuple[Array, Array]:
    """Huang's factor and its derivative by the variance."""
    sigma = np.sqrt(noise)[:, None]
    whole = variance + noise[:, None]
    root = np.sqrt(whole)
    # 1 − σ/t = s² / (t (t + σ)) keeps its digits where s is small.
    return np.log(variance / (root * (root + sigma))), sigma * (root + sigma) / (2.0 * variance * whole)


def mean_over_models(logs: Array) -> tuple[Array, Array]:
    """[b] logarithm of the mean over models, and each model's share in it [m, b]."""
    top = logs.max(0)
    parts = np.exp(logs - top)
    total = parts.sum(0)
    return top + np.log(total / len(logs)), parts / total
