"""What the models say of a whole sweep: the best believed trials, which hyperparameters matter, and how.

All by the posterior mean, averaged over the models, in the metric's own units. What takes time is asked for where it is
needed only, variances at a part of the points, and very many trials have a posterior of their own (`projected`). NumPy
is loaded with this module: import it where it is needed.
"""

import functools
from typing import NamedTuple

import numpy as np

from overdrive.errors import SpecError
from overdrive.sampling.bayesian.coordinates import Coordinates
from overdrive.sampling.bayesian.trust import Trust
from overdrive.sampling.bayesian.trust import best_of
from overdrive.sampling.bayesian.trust import common_interval
from overdrive.sampling.bayesian.trust import uncertain
from overdrive.sampling.bayesian.trust import until
from overdrive.sampling.bayesian.view import View
from overdrive.sampling.history import History
from overdrive.sampling.sobol import SobolPoints
from overdrive.space import Space
from overdrive.space import uniform

Array = np.ndarray

#: Of more trials than the first the posterior is a projected one, with as many active points as the second says.
MOST_KNOWN = (1500, 1000)
#: Points that stand for the space where the other hyperparameters are averaged out, those of them at which deviations
#: are asked for as well, and values on a marginal curve.
_POINTS, _DOUBTED, _VALUES = 256, 64, 33


class Believed(NamedTuple):
    """A trial's value without noise, as the models believe it."""

    trial: int
    mean: float
    #: Standard deviation of the belief.
    deviation: float
    #: The best that it logged, by `Explanation.interval` where there is one.
    seen: float


class Importance(NamedTuple):
    """The part of the variance over the space that a hyperparameter accounts for, from 0 to 1."""

    name: str
    #: By itself: the variance of its marginal curve.
    alone: float
    #: Together with others: what would be left if all others were known.
    total: float


class MarginalPoint(NamedTuple):
    """The metric at one value of a hyperparameter, the others averaged out."""

    value: object
    mean: float
    #: Standard deviation of the belief about the mean.
    deviation: float


class Explanation:
    """The models of a history, asked about all of the space. Pure in (space, seed, history), as suggestions are.

    Raises SpecError where there are too few values for a model.
    """

    def __init__(self, space: Space, seed: int, history: History) -> None:
        #: The interval up to which trials are compared; None: their final values are.
        self.interval = common_interval(history)
        #: Trials that nothing is believed of: they were cut off too early to say what they would have come to.
        self.uncertain = set() if self.interval else uncertain(history)
        history = until(history, self.interval) if self.interval else history
        self._seen = {trial.number: best_of(trial.curve, history.metric) for trial in history.trials}
        self._view = View(Coordinates(space), history, [seed, len(history.trials)], MOST_KNOWN)
        self._coordinates = self._view.coordinates
        if self._view.is_empty or not self._coordinates.axes:
            allowed = "two or more trials that ended with a value of the primary metric, and a space that varies"
            raise SpecError(field="history", value=len(history.trials), allowed=allowed)
        d = len(self._coordinates.axes)
        points = SobolPoints(Space({str(k): uniform(0, 1) for k in range(2 * d)}), seed)
        units = np.array([points.units(k) for k in range(_POINTS)])
        #: [_POINTS, d] codes of two draws from the space that do not depend on each other.
        self._base, self._other = self._coordinates.sample(units[:, :d]), self._coordinates.sample(units[:, d:])
        self._hold_unvaried()
        #: Axis → its curve, where one was asked for.
        self._curves: dict[int, tuple[Array, Array, Array]] = {}

    def _hold_unvaried(self) -> None:
        """Keeps to the only value that was tried: of any other the trials say nothing."""
        self._unvaried = self._view.unvaried()
        for k in self._unvaried:
            self._base[:, k] = self._other[:, k] = self._view.code_tried(k)

    @property
    def trials(self) -> int:
        """How many trials it is told by."""
        return len(self._view.own)

    @property
    def did_not_vary(self) -> list[str]:
        """The hyperparameters with one value in all trials, though the space has more: nothing is known of them."""
        return [self._coordinates.names[k] for k in self._unvaried]

    @functools.cached_property
    def trust(self) -> Trust:
        """How far importances and curves are to be trusted."""
        return self._view.trust()

    def believed(self) -> list[Believed]:
        """The trials with a value, the best believed first: 'best believed' beside the best that was seen.

        Without those that are `uncertain`. Where there is an `interval`, by then.
        """
        observed = [one for one in self._view.own if one.number not in self.uncertain]
        if not observed:
            return []
        means, deviations = self._moments(self._view.points_of([one.configuration for one in observed]))
        order = np.argsort(means, kind="stable")
        outcomes = means[order]
        spread = deviations[order]
        values = self._view.in_units(outcomes).tolist()
        widths = self._widths(outcomes, spread)
        return [
            Believed(observed[k].number, value, width, self._seen[observed[k].number])
            for k, value, width in zip(order, values, widths, strict=True)
        ]

    def importances(self) -> list[Importance]:
        """All hyperparameters that varied, the most important first.

        Functional analysis of variance of the posterior mean, on the squeezed scale: the better half counts as it is.
        Source: Hutter, Hoos & Leyton-Brown 2014, "An efficient approach for assessing hyperparameter importance";
        `total` by Jansen 1999, "Analysis of variance designs for model output", eq. 4.
        """
        base, other = self._base, self._other
        at_base = self._mean(base)
        whole = float(np.var(np.concatenate([at_base, self._mean(other)])))
        found = []
        for k, name in enumerate(self._coordinates.names):
            if k in self._unvaried:
                continue
            swapped = base.copy()
            swapped[:, k] = other[:, k]
            total = float(np.mean((at_base - self._mean(swapped)) ** 2)) / 2.0
            _, curve, weights = self._curve(k)
            middle = float(weights @ curve)
            alone = float(weights @ (curve - middle) ** 2)
            found.append(Importance(name, *(min(part / whole, 1.0) if whole > 0 else 0.0 for part in (alone, total))))
        return sorted(found, key=lambda one: -one.total)

    def marginal(self, name: str) -> list[MarginalPoint]:
        """The curve of one hyperparameter, along its values (evenly by probability; every option of a short choice).

        Raises SpecError for a name that is not in the space, or does not vary.
        """
        varied = [one for one in self._coordinates.names if one not in self.did_not_vary]
        if name not in varied:
            allowed = f"one that varied: {', '.join(varied)}" if varied else "none, since none varied"
            raise SpecError(field="name", value=name, allowed=allowed)
        k = self._coordinates.names.index(name)
        codes, curve, _ = self._curve(k)
        deviations = np.array([self._moments(self._at(k, code, _DOUBTED))[1].mean() for code in codes])
        values = [self._coordinates.axes[k].value_of(code) for code in codes.tolist()]
        means, widths = self._view.in_units(curve).tolist(), self._widths(curve, deviations)
        return [MarginalPoint(*point) for point in zip(values, means, widths, strict=True)]

    def _codes(self, k: int) -> tuple[Array, Array]:
        """The codes on one axis's curve, and the probability of each."""
        middles = ((np.arange(_VALUES) + 0.5) / _VALUES) if self._coordinates.axes[k].is_smooth else _FINE
        codes, counts = np.unique(self._coordinates.axes[k].sample(middles), return_counts=True)
        return codes, counts / counts.sum()

    def _curve(self, k: int) -> tuple[Array, Array, Array]:
        """The codes on one axis's curve, the posterior mean at each with all else averaged out, and its probability."""
        if k not in self._curves:
            codes, weights = self._codes(k)
            means = np.array([self._view.posterior.mean(self._at(k, code)).mean() for code in codes])
            self._curves[k] = codes, means, weights
        return self._curves[k]

    def _at(self, k: int, code: float, count: int = _POINTS) -> Array:
        """The first `count` points that stand for the space, all with one code on axis k."""
        rows = self._base[:count].copy()
        rows[:, k] = code
        return self._coordinates.points_of(rows)

    def _mean(self, codes: Array) -> Array:
        return self._view.posterior.mean(self._coordinates.points_of(codes)).mean(0)

    def _moments(self, points: Array) -> tuple[Array, Array]:
        """Mean and deviation [b], by parts of the points: memory goes with points times trials."""
        found = [self._view.posterior.at(points[at : at + _POINTS]) for at in range(0, len(points), _POINTS)]
        mean, variance = (np.concatenate(parts, axis=1) for parts in zip(*found, strict=True))
        return mean.mean(0), np.sqrt(variance.mean(0) + mean.var(0))

    def _widths(self, means: Array, deviations: Array) -> list[float]:
        low, high = self._view.in_units(means - deviations), self._view.in_units(means + deviations)
        return (np.abs(high - low) / 2.0).tolist()


#: So many equal parts show every option of a choice that is not very long.
_FINE = (np.arange(512) + 0.5) / 512
