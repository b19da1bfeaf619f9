"""The kernel's parameters from the trials: the most probable ones, and draws around them.

The posterior density of the parameters is the marginal likelihood of the outcomes (Rasmussen & Williams 2006, eq. 5.8
and 5.9) times the prior. Its mode is found by BFGS; the draws are from the Gaussian at the mode whose precision is the
Fisher information plus the prior's (a Laplace approximation with the expected curvature, which is always positive).
"""

from dataclasses import dataclass

import numpy as np

from overdrive.sampling.bayesian.ascent import minimise
from overdrive.sampling.bayesian.kernel import matern
from overdrive.sampling.bayesian.kernel import matern_and_slope
from overdrive.sampling.bayesian.numerics import LOG_ROOT_2PI
from overdrive.sampling.bayesian.numerics import cholesky
from overdrive.sampling.bayesian.numerics import inverse_of_product
from overdrive.sampling.bayesian.numerics import solved
from overdrive.sampling.bayesian.priors import MEAN_VARIANCE
from overdrive.sampling.bayesian.priors import Prior

Array = np.ndarray

#: Iterations of BFGS for a fit, and the logarithm of a density that a step must promise: less is no better model.
_ITERATIONS, _LEAST = 40, 1e-3
#: The Fisher information is that of so many trials, at most, and taken to grow with their number.
_INFORMED = 120


@dataclass(frozen=True)
class Data:
    """What a fit is made from. n trials, d axes."""

    #: [d, n, n] squared distances along each axis, before division by the length scales.
    squares: Array
    #: [n] outcomes to be made small, with variance about 1.
    outcomes: Array
    #: [n] noise variance known beside the fitted one: trials that were stopped early.
    extra_noise: Array
    #: [n] 0 for this sweep, s = 1, 2, … for the s-th earlier one.
    source: Array

    @property
    def sources(self) -> int:
        """How many earlier sweeps."""
        return int(self.source.max(initial=0))

    def part(self, keep: Array) -> "Data":
        """Some of the trials."""
        squares = self.squares[:, keep[:, None], keep[None, :]]
        return Data(squares, self.outcomes[keep], self.extra_noise[keep], self.source[keep])


def squares_by_axis(points: Array, axis_of_column: Array, d: int) -> Array:
    """[d, n, n] squared distances along each axis."""
    n = len(points)
    squares = np.zeros((d, n, n))
    for column, axis in enumerate(axis_of_column):
        difference = points[:, None, column] - points[None, :, column]
        squares[axis] += difference * difference
    return squares


def agreements(parameters: Array, d: int, source: Array) -> Array:
    """[n] the correlation of each trial's sweep with this one, 1 for this one's own: 1 / √(1 + e^disagreement)."""
    sources = (parameters.shape[-1] - d - 2) // 2
    return np.concatenate([[1.0], (1.0 + np.exp(parameters[d + 2 : d + 2 + sources])) ** -0.5])[source]


def amplitude(parameters: Array, d: int, source: Array, other: Array | None = None) -> Array | float:
    """[n, m] what the Matérn function is multiplied with: the signal, by how much the two trials' sweeps agree.

    other: of the second trials, [m]; None: the same ones.
    """
    other = source if other is None else other
    signal = float(np.exp(parameters[d]))
    if not (source.any() or other.any()):
        return signal
    agreement = np.outer(agreements(parameters, d, source), agreements(parameters, d, other))
    return signal * np.where(source[:, None] == other[None, :], 1.0, agreement)


def noise_variance(parameters: Array, d: int, source: Array) -> Array:
    """[n] the fitted noise variance of each trial: the common one, and an earlier sweep's own."""
    common = np.exp(parameters[d + 1])
    own = parameters[d + 2 + (len(parameters) - d - 2) // 2 :]
    return common + np.concatenate([[0.0], np.exp(own)])[source]


def constant(source: Array, other: Array | None = None) -> Array | float:
    """[n, m] the covariance of what is constant: the mean of all, and the shift of each earlier sweep."""
    other = source if other is None else other
    if not (source.any() or other.any()):
        return MEAN_VARIANCE
    return MEAN_VARIANCE * (1.0 + (source[:, None] == other[None, :]) * (other > 0))


def negative_log_posterior(parameters: Array, data: Data, prior: Prior) -> tuple[float, Array]:
    """−log p(parameters | outcomes) up to a constant, and its gradient [p]; infinite where the matrix is singular."""
    d, n = data.squares.shape[0], len(data.outcomes)
    density, density_gradient = prior.negative_log_density(parameters)
    k, slope = matern_and_slope(_distances(parameters, data))
    scale = amplitude(parameters, d, data.source)
    covariance = scale * k
    covariance += constant(data.source)
    covariance.flat[:: n + 1] += noise_variance(parameters, d, data.source) + data.extra_noise
    factor = cholesky(covariance)
    if factor is None:
        return np.inf, np.zeros_like(parameters)
    weights = solved(factor, data.outcomes)
    value = 0.5 * float(data.outcomes @ weights) + float(np.log(np.diag(factor)).sum()) + density
    # In place where it can be: most of the time would go into making arrays.
    tension = inverse_of_product(factor)
    tension -= np.multiply.outer(weights, weights)
    gradient = density_gradient.copy()
    similar = np.multiply(tension, k, out=k)
    for s in range(1, data.sources + 1):
        own, strange = data.source == s, d + 1 + data.sources + s
        gradient[strange] += 0.5 * float(np.exp(parameters[strange])) * float(np.diag(tension)[own].sum())
        gradient[d + 1 + s] += 0.5 * float(np.vdot(similar, _less_agreement(parameters, data, s)))
    gradient[d] += 0.5 * float(np.multiply(similar, scale, out=similar).sum())
    gradient[d + 1] += 0.5 * float(np.exp(parameters[d + 1])) * float(np.trace(tension))
    slope *= tension
    slope *= scale
    gradient[:d] += 0.5 * np.exp(-2.0 * parameters[:d]) * (data.squares.reshape(d, -1) @ slope.ravel())
    return value, gradient


def log_likelihood(parameters: Array, data: Data) -> float:
    """log p(outcomes | parameters); −∞ where the matrix is singular."""
    d, n = data.squares.shape[0], len(data.outcomes)
    covariance = amplitude(parameters, d, data.source) * matern(_distances(parameters, data)) + constant(data.source)
    covariance.flat[:: n + 1] += noise_variance(parameters, d, data.source) + data.extra_noise
    factor = cholesky(covariance)
    if factor is None:
        return -np.inf
    square = float(data.outcomes @ solved(factor, data.outcomes))
    return -0.5 * square - float(np.log(np.diag(factor)).sum()) - n * float(LOG_ROOT_2PI)


def log_evidence(mode: Array, data: Data, prior: Prior) -> float:
    """log p(outcomes), the parameters integrated out, by Laplace's approximation at their mode, with the Fisher
    information. Source: MacKay 2003, "Information theory, inference, and learning algorithms", eq. 27.3."""
    density, _ = prior.negative_log_density(mode)
    curvature = _fisher(mode, data) * np.outer(prior.spread, prior.spread) + np.eye(len(mode))
    return log_likelihood(mode, data) - density - 0.5 * float(np.linalg.slogdet(curvature)[1])


def _distances(parameters: Array, data: Data) -> Array:
    d, n = data.squares.shape[0], len(data.outcomes)
    return (np.exp(-2.0 * parameters[:d]) @ data.squares.reshape(d, -1)).reshape(n, n)


def _less_agreement(parameters: Array, data: Data, s: int) -> Array:
    """[n, n] the derivative of the amplitude by the disagreement of the s-th earlier sweep."""
    d = data.squares.shape[0]
    agreement, within = agreements(parameters, d, data.source), data.source == s
    across = np.outer(within, ~within)
    slope = -0.5 / (1.0 + float(np.exp(-parameters[d + 1 + s])))
    return slope * float(np.exp(parameters[d])) * np.outer(agreement, agreement) * (across | across.T)


def most_probable(data: Data, prior: Prior, starts: Array) -> Array:
    """[p] the best of the modes found from the starts [m, p]."""

    def function(x: Array, _: Array) -> tuple[Array, Array]:
        found = [negative_log_posterior(row, data, prior) for row in x]
        return np.array([value for value, _ in found]), np.array([gradient for _, gradient in found])

    x, values = minimise(function, starts, prior.low, prior.high, _ITERATIONS, prior.spread, _LEAST)
    return x[int(np.argmin(values))]


def draws_around(mode: Array, data: Data, prior: Prior, count: int, rng: np.random.Generator) -> Array:
    """[count, p] draws from the Gaussian at the mode, within the prior's limits."""
    n = len(data.outcomes)
    part = data if n <= _INFORMED else data.part(np.sort(rng.choice(n, _INFORMED, replace=False)))
    precision = n / len(part.outcomes) * _fisher(mode, part) + np.diag(prior.spread**-2.0)
    factor = np.linalg.cholesky(precision)
    steps = np.linalg.solve(factor.T, rng.standard_normal((len(mode), count))).T
    return np.clip(mode + steps, prior.low, prior.high)


def _fisher(parameters: Array, data: Data) -> Array:
    """[p, p] ½ tr(K⁻¹ ∂K/∂θᵢ K⁻¹ ∂K/∂θⱼ). Source: Mardia & Marshall 1984, eq. 3.5."""
    d, n = data.squares.shape[0], len(data.outcomes)
    sources = (len(parameters) - d - 2) // 2
    k, slope = matern_and_slope(_distances(parameters, data))
    scale = amplitude(parameters, d, data.source)
    covariance = scale * k + constant(data.source)
    covariance[np.diag_indices(n)] += noise_variance(parameters, d, data.source) + data.extra_noise
    inverse = np.linalg.inv(covariance)
    changes = [np.exp(-2.0 * parameters[j]) * data.squares[j] * slope * scale for j in range(d)]
    changes += [scale * k, float(np.exp(parameters[d + 1])) * np.eye(n)]
    changes += [_less_agreement(parameters, data, s) * k for s in range(1, sources + 1)]
    for s in range(1, sources + 1):
        changes.append(float(np.exp(parameters[d + 1 + sources + s])) * np.diag((data.source == s) * 1.0))
    products = np.array([inverse @ change for change in changes])
    flat = products.reshape(len(changes), -1)
    return 0.5 * flat @ np.swapaxes(products, 1, 2).reshape(len(changes), -1).T
