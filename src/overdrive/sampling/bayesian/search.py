"""Where the acquisition is highest: random points and mutations of the best trials, refined by gradient and steps."""

from dataclasses import dataclass
from dataclasses import replace

import numpy as np

from overdrive.sampling.bayesian.acquisition import acquisition_slopes
from overdrive.sampling.bayesian.acquisition import log_acquisition
from overdrive.sampling.bayesian.acquisition import mean_over_models
from overdrive.sampling.bayesian.ascent import minimise
from overdrive.sampling.bayesian.coordinates import SPREAD
from overdrive.sampling.bayesian.coordinates import Coordinates
from overdrive.sampling.bayesian.coordinates import NumericAxis
from overdrive.sampling.bayesian.feasibility import Feasibility
from overdrive.sampling.bayesian.posterior import Posterior

Array = np.ndarray

#: The power of p(ok) in the acquisition: a trial that fails says less than one that is merely bad.
CAUTION = 2.0
#: Draws from the space, mutations of the best trials, and how many of both are looked at by all models.
RANDOM, MUTATED, KEPT = 1000, 1500, 100
#: Trials that are mutated.
PARENTS = 8
#: Points that are refined by gradient, for how many iterations, and what a step must promise of log EI.
REFINED, ITERATIONS, LEAST = 12, 30, 1e-6
#: Rounds of steps to neighbouring values of the best points.
_ROUNDS, _STEPPED = 4, 3
#: Mutations are between so large and so small, in deviations of the axis, equally often in the logarithm.
_LARGEST, _SMALLEST = 1.5, 0.01


@dataclass(frozen=True)
class Acquisition:
    """The logarithm of the acquisition, averaged over the models, times p(ok)²."""

    coordinates: Coordinates
    posterior: Posterior
    #: [m] by model, the value to improve on.
    best: Array
    #: None where nothing has failed.
    feasibility: Feasibility | None

    def by_first(self) -> "Acquisition":
        """By the first model alone: for a first look at many points."""
        return replace(self, posterior=self.posterior.first(), best=self.best[:1])

    def at(self, codes: Array) -> Array:
        """[b] at codes [b, d]."""
        points = self.coordinates.points_of(codes)
        mean, variance = self.posterior.at(points)
        value, _ = mean_over_models(log_acquisition(mean, variance, self.best, self.posterior.noise))
        return value + CAUTION * self.feasibility.log_probability(points) if self.feasibility else value

    def slopes(self, codes: Array) -> tuple[Array, Array]:
        """[b] and its derivatives along the smooth axes [b, c]."""
        points, columns = self.coordinates.points_of(codes), self.coordinates.smooth_columns
        mean, variance, d_mean, d_variance = self.posterior.slopes(points, columns)
        logs, by_mean, by_variance = acquisition_slopes(mean, variance, self.best, self.posterior.noise)
        value, shares = mean_over_models(logs)
        by_model = by_mean[..., None] * d_mean + by_variance[..., None] * d_variance
        slope = (shares[..., None] * by_model).sum(0)
        if self.feasibility:
            log_ok, d_ok = self.feasibility.slopes(points, columns)
            return value + CAUTION * log_ok, slope + CAUTION * d_ok
        return value, slope


def best_of_list(acquisition: Acquisition, codes: Array) -> tuple[Array, Array]:
    """The codes [n, d] in order of their acquisition, best first, and its values [n]."""
    values = np.concatenate([acquisition.at(part) for part in np.array_split(codes, max(len(codes) // 512, 1))])
    order = np.argsort(-values, kind="stable")
    return codes[order], values[order]


def best_listed(acquisition: Acquisition, codes: Array) -> tuple[Array, Array]:
    """As `best_of_list`, of very many codes only the most promising by one model."""
    if len(codes) > 4 * KEPT:
        codes = best_of_list(acquisition.by_first(), codes)[0][: 2 * KEPT]
    return best_of_list(acquisition, codes)


def search(acquisition: Acquisition, parents: Array, rng: np.random.Generator) -> tuple[Array, Array]:
    """Snapped codes in order of their acquisition, best first [b, d], and its values [b]. parents: [k, d] the best
    trials."""
    coordinates, rough = acquisition.coordinates, acquisition.by_first()
    d = len(coordinates.axes)
    drawn = coordinates.sample(rng.random((RANDOM, d)))
    pool = np.vstack([drawn, _mutations(coordinates, parents, rng), parents])
    kept = best_of_list(rough, pool)[0][:KEPT]
    kept, values = best_of_list(acquisition, kept)
    if len(coordinates.smooth):
        refined = _refined(acquisition, kept[:REFINED])
        kept = np.vstack([refined, kept])
        kept, values = best_of_list(acquisition, kept)
    return _stepped(acquisition, kept, values)


def _mutations(coordinates: Coordinates, parents: Array, rng: np.random.Generator) -> Array:
    """Copies of the parents [k, d] with some codes changed: a little where there is an order, drawn anew elsewhere."""
    d = len(coordinates.axes)
    # The better a trial, the more copies.
    share = 1.0 / (1.0 + np.arange(len(parents)))
    chosen = rng.choice(len(parents), size=MUTATED, p=share / share.sum())
    codes = parents[chosen].copy()
    rate = rng.choice([1.0 / d, 0.3, 1.0], size=MUTATED)
    changed = rng.random(codes.shape) < np.maximum(rate, 1.0 / d)[:, None]
    changed[np.arange(MUTATED), rng.integers(d, size=MUTATED)] = True
    size = SPREAD * _LARGEST * (_SMALLEST / _LARGEST) ** rng.random(MUTATED)
    moved = codes + size[:, None] * rng.standard_normal(codes.shape)
    drawn = coordinates.sample(rng.random(codes.shape))
    ordered = np.array([isinstance(axis, NumericAxis) for axis in coordinates.axes])
    result = coordinates.snap(np.where(ordered, moved, codes))
    # A small move on a coarse axis may round to where it was.
    still = changed & (~ordered | (result == codes))
    coarse = ~np.isin(np.arange(d), coordinates.smooth)
    result = np.where(still & coarse, drawn, result)
    return np.where(changed, result, codes)


def _refined(acquisition: Acquisition, codes: Array) -> Array:
    """The ends of ascents along the smooth axes from each of the codes [b, d]."""
    coordinates = acquisition.coordinates
    smooth = coordinates.smooth

    def function(x: Array, which: Array) -> tuple[Array, Array]:
        full = codes[which].copy()
        full[:, smooth] = x
        value, slope = acquisition.slopes(full)
        return -value, -slope

    first = np.full(len(smooth), 0.3 * SPREAD)
    low, high = coordinates.low[smooth], coordinates.high[smooth]
    x, _ = minimise(function, codes[:, smooth], low, high, ITERATIONS, first, LEAST)
    refined = codes.copy()
    refined[:, smooth] = x
    return coordinates.snap(refined)


def _stepped(acquisition: Acquisition, codes: Array, values: Array) -> tuple[Array, Array]:
    """Steps to neighbouring values of one coarse axis from the best few, as long as they bring something."""
    axes = acquisition.coordinates.axes
    for _ in range(_ROUNDS):
        around = []
        for row in codes[:_STEPPED]:
            for k, axis in enumerate(axes):
                for code in axis.neighbours(float(row[k])):
                    step = row.copy()
                    step[k] = code
                    around.append(step)
        if not around:
            break
        best = values[0]
        found = best_of_list(acquisition, np.array(around))
        codes, values = np.vstack([codes, found[0]]), np.concatenate([values, found[1]])
        order = np.argsort(-values, kind="stable")
        codes, values = codes[order], values[order]
        if not values[0] > best:
            break
    return codes, values
