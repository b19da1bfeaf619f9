"""Outcomes made fit for a Gaussian process: the worse half squeezed to normal quantiles, all scaled.

What matters is the better half; in the worse one a single diverged trial may be a thousand times as far from the
median as the rest, and the process would bend to it. So values worse than the median keep their order only: the value
of rank r among n becomes median + deviation · Φ⁻¹((r − ½) / n), where the deviation is the better half's about the
median.

Source: the half-rank warper of Song et al. 2024, "The Vizier Gaussian process bandit algorithm", section 3.3.
"""

import numpy as np

from overdrive.sampling.bayesian.numerics import ndtri

Array = np.ndarray

#: A unit below this has no finite inverse.
_LEAST = 1e-300


class Squeeze:
    """The map from outcomes (to be made small) to scaled ones with mean 0 and variance 1, made from finite values [n].

    Monotone; linear on the better half, and between and beyond the known values of the worse one.
    """

    def __init__(self, values: Array) -> None:
        known, ranks = _ranked(values)
        median = float(np.median(values))
        better = values[values <= median]
        deviation = _root_mean_square(better - median)
        if not deviation > 0:
            # Half of the values or more are equal, and the best.
            deviation = float(np.std(values)) or 1.0
        deviation = max(deviation, _LEAST)
        # In deviations from the median, so that the squares below are of ordinary size whatever the values' own is.
        placed = np.maximum.accumulate(np.where(known <= median, (known - median) / deviation, ndtri(ranks)))
        scaled = np.interp(values, known, placed)
        scale = float(scaled.std()) or 1.0
        self._known, self._placed = known, (placed - scaled.mean()) / scale
        #: What one unit of a scaled outcome is in the metric's, on the better half.
        self.unit = max(scale * deviation, _LEAST)

    def __call__(self, values: Array) -> Array:
        """Scaled outcomes, any shape."""
        return _through(np.asarray(values, dtype=float), self._known, self._placed, 1.0 / self.unit)

    def back(self, scaled: Array) -> Array:
        """The inverse."""
        return _through(np.asarray(scaled, dtype=float), self._placed, self._known, self.unit)


def _root_mean_square(values: Array) -> float:
    largest = float(np.abs(values).max())
    return largest * float(np.sqrt(np.mean((values / largest) ** 2))) if largest > 0 else 0.0


def _ranked(values: Array) -> tuple[Array, Array]:
    """The distinct values in order, and the mean rank of each as a probability."""
    known, counts = np.unique(values, return_counts=True)
    last = np.cumsum(counts)
    return known, (last - counts / 2.0) / len(values)


def _through(x: Array, knots: Array, images: Array, slope: float) -> Array:
    """Linear between the knots, with one slope beyond them."""
    inside = np.interp(x, knots, images)
    return inside + slope * (np.minimum(x - knots[0], 0.0) + np.maximum(x - knots[-1], 0.0))


def extra_noise(squeeze: Squeeze, values: Array, doubts: Array) -> Array:
    """[n] the variance, after squeezing, of values that are known up to a standard deviation of `doubts`: the square of
    half of what the interval around each has become."""
    return ((squeeze(values + doubts) - squeeze(values - doubts)) / 2.0) ** 2
