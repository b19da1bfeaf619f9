"""The posterior of very many trials, in a time that goes with their number instead of its cube.

The outcomes of all trials are used, but what they say is kept at some of the points: the active ones. Source: the
projected process approximation, Rasmussen & Williams 2006, section 8.3.4, eq. 8.26 and 8.27, with a noise variance for
each trial.
"""

import numpy as np

from overdrive.sampling.bayesian.fit import amplitude
from overdrive.sampling.bayesian.fit import constant
from overdrive.sampling.bayesian.fit import noise_variance
from overdrive.sampling.bayesian.kernel import matern
from overdrive.sampling.bayesian.kernel import squares_between
from overdrive.sampling.bayesian.numerics import cholesky
from overdrive.sampling.bayesian.numerics import inverse_of_factor
from overdrive.sampling.bayesian.numerics import times_transposed
from overdrive.sampling.bayesian.posterior import LEAST_VARIANCE
from overdrive.sampling.bayesian.posterior import Known
from overdrive.sampling.bayesian.posterior import Posterior
from overdrive.sampling.bayesian.priors import MEAN_VARIANCE

Array = np.ndarray

#: Of the signal's variance, added to that of each active point: many are close together.
_JITTER = 1e-6
#: Trials that are taken in at once.
_BLOCK = 1000


class Projected(Posterior):
    """Mean and variance, as a Posterior has them; nothing else of it may be asked.

    With a active points, K their covariance, C that of them with all n trials, and N the noise variances: the weights
    are (K + C N⁻¹ Cᵀ)⁻¹ C N⁻¹ y. With K = L Lᵀ and B = 1 + L⁻¹ C N⁻¹ Cᵀ L⁻ᵀ that inverse is L⁻ᵀ B⁻¹ L⁻¹.
    """

    def __init__(
        self, known: Known, targets: Array, parameters: Array, axis_of_column: Array, d: int, active: Array
    ) -> None:
        """active: [a] the numbers of the known trials whose points are active; the rest as a Posterior has it."""
        self._place(known.part(active), parameters, axis_of_column, d)
        found = [self._projected(m, known, targets[m], axis_of_column) for m in range(len(parameters))]
        #: [m, a, a] L⁻¹, and the inverse of B's lower Cholesky factor.
        self._inverse, self._shrunk = (np.array([each[at] for each in found]) for at in (0, 1))
        #: [m, a] what the active points pull with.
        self.weights = np.array([each[2] for each in found])

    def _projected(self, m: int, known: Known, targets: Array, axis_of_column: Array) -> tuple[Array, Array, Array]:
        parameters, d = self.parameters[m], self._d
        rates, source = np.exp(-parameters[:d])[axis_of_column], self.known.source
        own = self._covariance(m, self._scaled[m], source)
        own.flat[:: len(own) + 1] += _JITTER * self._signal[m]
        inverse = inverse_of_factor(_factor(own))
        noise = noise_variance(parameters, d, known.source) + known.extra_noise
        told, pull = np.eye(len(own)), np.zeros(len(own))
        for at in range(0, len(noise), _BLOCK):
            block = slice(at, at + _BLOCK)
            across = self._covariance(m, known.points[block] * rates, known.source[block])
            half = times_transposed(across[None], inverse[None])[0] / noise[block, None] ** 0.5
            told += half.T @ half
            pull += (targets[block] / noise[block] ** 0.5) @ half
        shrunk = inverse_of_factor(_factor(told))
        return inverse, shrunk, inverse.T @ (shrunk.T @ (shrunk @ pull))

    def _covariance(self, m: int, scaled: Array, source: Array) -> Array:
        """[b, a] of some trials with the active points."""
        squares = squares_between(scaled, self._scaled[m])
        found = amplitude(self.parameters[m], self._d, source, self.known.source) * matern(squares)
        return found + constant(source, self.known.source)

    def _moments(self, across: Array) -> tuple[Array, Array]:
        mean = (across @ self.weights[..., None])[..., 0]
        half = times_transposed(across, self._inverse)
        rest = times_transposed(half, self._shrunk)
        variance = self._signal[:, None] + MEAN_VARIANCE + np.einsum("mbn,mbn->mb", rest, rest)
        variance -= np.einsum("mbn,mbn->mb", half, half)
        return mean, np.maximum(variance, LEAST_VARIANCE)


def _factor(matrix: Array) -> Array:
    factor = cholesky(matrix)
    if factor is None:
        raise ArithmeticError(f"the covariance of {len(matrix)} active points is not positive definite")
    return factor
