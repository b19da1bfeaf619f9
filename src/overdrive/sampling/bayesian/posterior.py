"""What the models believe of configurations that have not been tried.

Several models (rows of parameters) are carried at once, along the first dimension of every array: m models, n known
trials, b points asked about.
"""

from dataclasses import dataclass

import numpy as np

from overdrive.sampling.bayesian.fit import agreements
from overdrive.sampling.bayesian.fit import amplitude
from overdrive.sampling.bayesian.fit import constant
from overdrive.sampling.bayesian.fit import noise_variance
from overdrive.sampling.bayesian.kernel import matern
from overdrive.sampling.bayesian.kernel import matern_and_slope
from overdrive.sampling.bayesian.kernel import squares_between
from overdrive.sampling.bayesian.numerics import cholesky
from overdrive.sampling.bayesian.numerics import inverse_of_factor
from overdrive.sampling.bayesian.numerics import times_lower
from overdrive.sampling.bayesian.numerics import times_transposed
from overdrive.sampling.bayesian.priors import MEAN_VARIANCE

Array = np.ndarray

#: No variance is less: rounding would decide what is explored.
LEAST_VARIANCE = 1e-10


@dataclass(frozen=True)
class Known:
    """The trials that a posterior is made of, as points."""

    #: [n, D] points.
    points: Array
    #: [n] noise variance beside the fitted one.
    extra_noise: Array
    #: [n] 0 for this sweep, s for the s-th earlier one.
    source: Array

    def with_points(self, points: Array, extra_noise: float) -> "Known":
        """These and other points of this sweep."""
        more = len(points)
        return Known(
            np.vstack([self.points, points]),
            np.concatenate([self.extra_noise, np.full(more, extra_noise)]),
            np.concatenate([self.source, np.zeros(more, dtype=int)]),
        )

    def part(self, keep: Array) -> "Known":
        """Some of the trials."""
        return Known(self.points[keep], self.extra_noise[keep], self.source[keep])


class Posterior:
    """Mean and variance of the outcome without noise, by each model.

    Source: Rasmussen & Williams 2006, eq. 2.25 and 2.26; the constant mean is part of the covariance, which is the
    limit of section 2.7 with a variance of 1.
    """

    def __init__(self, known: Known, targets: Array, parameters: Array, axis_of_column: Array, d: int) -> None:
        """targets: [m, n] outcomes. parameters: [m, p] as `priors` has them."""
        self._place(known, parameters, axis_of_column, d)
        #: [m, n, n] inverse of the lower Cholesky factor.
        self._inverse = np.array([self._factor(m) for m in range(len(parameters))])
        half = np.einsum("mij,mj->mi", self._inverse, targets)
        #: [m, n] what the outcomes pull with.
        self.weights = np.einsum("mij,mi->mj", self._inverse, half)

    def _place(self, known: Known, parameters: Array, axis_of_column: Array, d: int) -> None:
        """What `across` needs."""
        self.known, self.parameters, self._d = known, parameters, d
        #: [m, D] one over the length scale of each column.
        self._rates = np.exp(-parameters[:, :d])[:, axis_of_column]
        self._signal = np.exp(parameters[:, d])
        #: [m] noise variance.
        self.noise = np.exp(parameters[:, d + 1])
        #: [m, 1, n] what the Matérn function is multiplied with between a point of this sweep and each known trial.
        self._across = np.array([np.exp(row[d]) * agreements(row, d, known.source) for row in parameters])[:, None, :]
        self._scaled = known.points[None] * self._rates[:, None, :]

    def first(self) -> "Posterior":
        """The first model alone."""
        one = object.__new__(Posterior)
        one.known, one._d, one.parameters = self.known, self._d, self.parameters[:1]
        one._rates, one._signal, one.noise = self._rates[:1], self._signal[:1], self.noise[:1]
        one._across, one._scaled = self._across[:1], self._scaled[:1]
        one._inverse, one.weights = self._inverse[:1], self.weights[:1]
        return one

    def _factor(self, m: int) -> Array:
        squares = squares_between(self._scaled[m], self._scaled[m])
        np.fill_diagonal(squares, 0.0)
        covariance = amplitude(self.parameters[m], self._d, self.known.source) * matern(squares)
        covariance += constant(self.known.source)
        noise = noise_variance(self.parameters[m], self._d, self.known.source)
        covariance[np.diag_indices(len(covariance))] += noise + self.known.extra_noise
        factor = cholesky(covariance)
        if factor is None:
            raise ArithmeticError(f"the covariance of {len(covariance)} trials is not positive definite")
        return inverse_of_factor(factor)

    def across(self, points: Array) -> Array:
        """[m, b, n] covariance of points [b, D] with the known trials."""
        squares = squares_between(points[None] * self._rates[:, None, :], self._scaled)
        return self._across * matern(squares) + MEAN_VARIANCE

    def at(self, points: Array) -> tuple[Array, Array]:
        """Mean and variance [m, b] at points [b, D]."""
        return self._moments(self.across(points))

    def mean(self, points: Array) -> Array:
        """The mean alone [m, b]: where many points are asked about, the variance is nearly all of the work."""
        return (self.across(points) @ self.weights[..., None])[..., 0]

    def precisions(self) -> Array:
        """[m, n] one over the variance of each known outcome, given all others."""
        return np.einsum("mij,mij->mj", self._inverse, self._inverse)

    def shares(self, point: Array) -> Array:
        """[n] the weight of each known outcome in the mean at one point [1, D], on average over the models."""
        half = self.across(point) @ np.swapaxes(self._inverse, 1, 2)
        return (half @ self._inverse)[:, 0].mean(0)

    def _moments(self, across: Array) -> tuple[Array, Array]:
        mean = (across @ self.weights[..., None])[..., 0]
        half = times_transposed(across, self._inverse)
        variance = self._signal[:, None] + MEAN_VARIANCE - np.einsum("mbn,mbn->mb", half, half)
        return mean, np.maximum(variance, LEAST_VARIANCE)

    def slopes(self, points: Array, columns: Array) -> tuple[Array, Array, Array, Array]:
        """As `at`, and the derivatives of mean and variance [m, b, c] along some columns of the points."""
        scaled = points[None] * self._rates[:, None, :]
        k, slope = matern_and_slope(squares_between(scaled, self._scaled))
        across = self._across * k + MEAN_VARIANCE
        half = times_transposed(across, self._inverse)
        mean = (across @ self.weights[..., None])[..., 0]
        variance = self._signal[:, None] + MEAN_VARIANCE - np.einsum("mbn,mbn->mb", half, half)
        pull = times_lower(half, self._inverse)
        rates, at, known = self._rates[:, None, columns], scaled[..., columns], self._scaled[..., columns]
        slope *= self._across

        def derivative(weights: Array) -> Array:
            force = slope * weights
            return -rates * (at * force.sum(-1)[..., None] - force @ known)

        d_mean = derivative(self.weights[:, None, :])
        d_variance = np.where(variance > LEAST_VARIANCE, 1.0, 0.0)[..., None] * (-2.0 * derivative(pull))
        return mean, np.maximum(variance, LEAST_VARIANCE), d_mean, d_variance
