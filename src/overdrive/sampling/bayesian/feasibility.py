"""How likely a configuration is to run at all: a Gaussian process on labels, +1 where a trial ran, −1 where it failed.

Least-squares classification: the labels are modelled as numbers, and p(ok) is the probability that the label, with its
noise, is above 0. It is as smooth as the process, needs no approximation of its own, and is 1 where nothing failed.

Source: Rasmussen & Williams 2006, section 6.5.
"""

import numpy as np

from overdrive.sampling.bayesian.fit import Data
from overdrive.sampling.bayesian.fit import most_probable
from overdrive.sampling.bayesian.fit import squares_by_axis
from overdrive.sampling.bayesian.numerics import LOG_ROOT_2PI
from overdrive.sampling.bayesian.numerics import log_ndtr
from overdrive.sampling.bayesian.posterior import Known
from overdrive.sampling.bayesian.posterior import Posterior
from overdrive.sampling.bayesian.priors import prior_of

Array = np.ndarray

#: The logarithm of the noise variance of a label, and its deviation: a few labels say little of which axis it is that
#: trials fail along, and with less noise the process would be as sure of any axis that tells them apart.
NOISE, NOISE_SPREAD = -1.0, 0.5
#: Trials that a fit takes, at most: all that failed and the newest that ran.
MOST = 200


class Feasibility:
    """p(ok) at any point, from points that ran [n, D] and that failed [k, D]."""

    def __init__(self, ran: Array, failed: Array, axis_of_column: Array, d: int) -> None:
        failed = failed[-(MOST // 2) :]
        ran = ran[-(MOST - len(failed)) :]
        points = np.vstack([ran, failed])
        labels = np.concatenate([np.ones(len(ran)), -np.ones(len(failed))])
        plain = np.zeros(len(points))
        source = np.zeros(len(points), dtype=int)
        data = Data(squares_by_axis(points, axis_of_column, d), labels, plain, source)
        prior = prior_of(d)
        prior.mean[d + 1], prior.spread[d + 1] = NOISE, NOISE_SPREAD
        parameters = most_probable(data, prior, prior.mean[None])
        self._posterior = Posterior(Known(points, plain, source), labels[None], parameters[None], axis_of_column, d)

    def log_probability(self, points: Array) -> Array:
        """[b] log p(ok) at points [b, D]."""
        mean, variance = self._posterior.at(points)
        return log_ndtr(mean[0] / np.sqrt(variance[0] + self._posterior.noise[0]))

    def slopes(self, points: Array, columns: Array) -> tuple[Array, Array]:
        """As `log_probability`, and its derivatives [b, c] along some columns of the points."""
        mean, variance, d_mean, d_variance = self._posterior.slopes(points, columns)
        whole = variance[0] + self._posterior.noise[0]
        z = mean[0] / np.sqrt(whole)
        value = log_ndtr(z)
        d_z = d_mean[0] / np.sqrt(whole)[:, None] - (0.5 * z / whole)[:, None] * d_variance[0]
        return value, np.exp(-0.5 * z * z - LOG_ROOT_2PI - value)[:, None] * d_z
