"""The trials as the models see them, and the models: what suggestions and explanations are made from."""

from collections.abc import Mapping
from collections.abc import Sequence

import numpy as np

from overdrive.sampling.bayesian.coordinates import Coordinates
from overdrive.sampling.bayesian.evidence import Evidence
from overdrive.sampling.bayesian.evidence import evidence_of
from overdrive.sampling.bayesian.evidence import sign_of
from overdrive.sampling.bayesian.feasibility import Feasibility
from overdrive.sampling.bayesian.models import fit
from overdrive.sampling.bayesian.models import fitted_before
from overdrive.sampling.bayesian.models import is_due
from overdrive.sampling.bayesian.models import state_of
from overdrive.sampling.bayesian.posterior import Known
from overdrive.sampling.bayesian.posterior import Posterior
from overdrive.sampling.bayesian.prior_trials import Transferred
from overdrive.sampling.bayesian.prior_trials import transfer
from overdrive.sampling.bayesian.priors import prior_of
from overdrive.sampling.bayesian.projected import Projected
from overdrive.sampling.bayesian.reasons import Why
from overdrive.sampling.bayesian.reasons import why
from overdrive.sampling.bayesian.search import PARENTS
from overdrive.sampling.bayesian.search import Acquisition
from overdrive.sampling.bayesian.squeeze import Squeeze
from overdrive.sampling.bayesian.squeeze import extra_noise
from overdrive.sampling.bayesian.trust import Trust
from overdrive.sampling.bayesian.trust import trust_of
from overdrive.sampling.history import History

Array = np.ndarray

#: With fewer values of its own a sweep has no scale: they are left out beside earlier sweeps', without these there is
#: no model.
FEWEST_VALUES = 2
_FEWEST_BESIDE = 3
#: Best trials that are always active.
_SURE = 20


class View:
    """One history. `is_empty` says that there is not enough for a model; then nothing else may be asked."""

    def __init__(
        self,
        coordinates: Coordinates,
        history: History,
        seed: Sequence[int],
        most: tuple[int, int] | None = None,
    ) -> None:
        """seed: of what is drawn in a fit. most: for an explanation, whose models are open to much noise; of more own
        trials than the first a Projected posterior is made, with as many of them active as the second says. Then no
        acquisition may be asked for."""
        self._history, self._seed, self._most = history, list(seed), most
        unknown = {name for sweep in history.prior for name in coordinates.names if name not in sweep.space}
        #: Of the space, and what earlier sweeps do not know of it.
        self.coordinates = coordinates = Coordinates(coordinates.space, unknown) if unknown else coordinates
        self._sign = sign_of(history.metric)
        #: What this sweep's trials say.
        self.evidence: Evidence = evidence_of(history.trials, history.metric)
        #: What earlier sweeps' trials say.
        self.transferred: Transferred = transfer(coordinates, history.prior, history.metric)
        fewest = _FEWEST_BESIDE if self.transferred.sources else FEWEST_VALUES
        rows = [(one, coordinates.placed(one.configuration)) for one in self.evidence.observed]
        placed = [(one, row) for one, row in rows if row is not None]
        placed = placed if len(placed) >= fewest else []
        #: Those of this sweep's trials that the models are made of.
        self.own = [one for one, _ in placed]
        self._own_codes = np.array([row for _, row in placed]).reshape(len(placed), len(coordinates.axes))
        #: Whether there are too few values for a model.
        self.is_empty = not self.own and not self.transferred.sources
        if not self.is_empty:
            self._model()

    def _model(self) -> None:
        d = len(self.coordinates.axes)
        earlier = self.transferred
        values = np.array([one.value for one in self.own])
        doubts = np.array([one.doubt for one in self.own])
        self._squeeze = Squeeze(values) if self.own else None
        own_extra = extra_noise(self._squeeze, values, doubts) if self._squeeze else np.zeros(0)
        # An explanation has a prior of its own, and with it a fit of its own.
        is_open = self._most is not None
        before = None if is_open else fitted_before(self._history.trials, d + 2 + 2 * earlier.sources)
        start = before.start if before else prior_of(d, earlier.sources).mean
        #: What own outcomes were multiplied with and moved by to stand beside the earlier sweeps'.
        self._stretch, self._move = self._beside(earlier, start[None]) if self.own and earlier.sources else (1.0, 0.0)
        own = self._squeeze(values) * self._stretch + self._move if self._squeeze else np.zeros(0)
        self._codes = np.vstack([self._own_codes, earlier.codes])
        self._outcomes = np.concatenate([own, earlier.outcomes])
        self._known = Known(
            self.coordinates.points_of(self._codes),
            np.concatenate([own_extra * self._stretch**2, earlier.extra_noise]),
            np.concatenate([np.zeros(len(own), dtype=int), earlier.source]),
        )
        if before is None or is_due(before, len(own)):
            self._fitted = fit(
                self._known, self._outcomes, self.coordinates, before, self._seed, len(own), self._stretch, is_open
            )
            self._is_new_fit = True
        else:
            self._fitted, self._is_new_fit = before, False
        parameters = self._fitted.parameters
        if self._most is None or len(own) <= self._most[0]:
            self._base = self._posterior(self._known, self._outcomes, parameters)
            return
        targets = np.broadcast_to(self._outcomes, (len(parameters), len(self._outcomes)))
        active = self._active(own, self._most[1])
        self._base = Projected(self._known, targets, parameters, self.coordinates.axis_of_column, d, active)

    def _active(self, own: Array, count: int) -> Array:
        """The numbers of `count` own trials, the best `_SURE` and others drawn, and of all earlier ones."""
        order = np.argsort(own, kind="stable")
        drawn = np.random.default_rng([*self._seed, 5]).choice(order[_SURE:], count - _SURE, replace=False)
        chosen = np.sort(np.concatenate([order[:_SURE], drawn]))
        return np.concatenate([chosen, np.arange(len(own), len(self._outcomes))])

    def _beside(self, earlier: Transferred, parameters: Array) -> tuple[float, float]:
        """Scale and shift of own outcomes (of mean 0 and variance 1) beside those of earlier sweeps.

        The first own trials are where earlier sweeps were good: their mean is far below 0 there, and their spread below
        1. So both are taken from what the earlier sweeps' trials predict for them.
        """
        known = Known(self.coordinates.points_of(earlier.codes), earlier.extra_noise, earlier.source)
        points = self.coordinates.points_of(self._own_codes)
        mean, variance = self._posterior(known, earlier.outcomes, parameters).at(points)
        expected = float(mean.var() + variance.mean())
        return min(expected, 1.0) ** 0.5, float(mean.mean())

    def _posterior(self, known: Known, targets: Array, parameters: Array) -> Posterior:
        targets = np.broadcast_to(targets, (len(parameters), len(known.points)))
        return Posterior(known, targets, parameters, self.coordinates.axis_of_column, len(self.coordinates.axes))

    def points_of(self, configurations: Sequence[Mapping[str, object]]) -> Array:
        """[b, D] the points of configurations."""
        return self.coordinates.points_of(self.coordinates.codes_of(configurations))

    @property
    def posterior(self) -> Posterior:
        """What the models believe by all trials with a value."""
        return self._base

    def trust(self) -> Trust:
        """How far the models are to be trusted, by leaving own trials out one by one; of very many, some alone."""
        own, varied = len(self.own), len(self.coordinates.axes) - len(self.unvaried())
        posterior, outcomes = self._base, self._outcomes[:own]
        if isinstance(posterior, Projected):
            most = self._most[1] if self._most else own
            keep = np.sort(np.random.default_rng([*self._seed, 6]).choice(own, most, replace=False))
            chosen = np.concatenate([keep, np.arange(own, len(self._outcomes))])
            posterior = self._posterior(self._known.part(chosen), self._outcomes[chosen], self._fitted.parameters)
            outcomes = outcomes[keep]
        return trust_of(posterior, outcomes, varied)

    def unvaried(self) -> list[int]:
        """The axes along which all known trials are the same."""
        return np.flatnonzero((self._codes == self._codes[:1]).all(0)).tolist()

    def code_tried(self, k: int) -> float:
        """The first trial's code on one axis."""
        return float(self._codes[0, k])

    def acquisition(self) -> Acquisition:
        """The acquisition, with the trials on their way in it as if they had ended as predicted."""
        mean, _ = self._base.at(self._known.points[: len(self.own) or None])
        waiting = list(self.evidence.pending)
        if not self.own:
            waiting += [one.configuration for one in self.evidence.observed]
        posterior = self._base
        if waiting:
            points = self.points_of(waiting)
            guessed, _ = self._base.at(points)
            targets = np.hstack([np.broadcast_to(self._outcomes, (len(guessed), len(self._outcomes))), guessed])
            posterior = self._posterior(self._known.with_points(points, 0.0), targets, self._fitted.parameters)
        return Acquisition(self.coordinates, posterior, mean.min(1), self.feasibility())

    def feasibility(self) -> Feasibility | None:
        """What is believed of failing; None where nothing has failed."""
        if not self.evidence.failed:
            return None
        ran = self.points_of([one.configuration for one in self.evidence.observed])
        failed = self.points_of(self.evidence.failed)
        return Feasibility(ran, failed, self.coordinates.axis_of_column, len(self.coordinates.axes))

    def parents(self) -> Array:
        """[k, d] the codes of the trials that are believed to be best, best first, moved into the space."""
        mean, _ = self._base.at(self._known.points)
        best = self._codes[np.argsort(mean.mean(0), kind="stable")[:PARENTS]]
        best = np.nan_to_num(best)
        return self.coordinates.snap(np.where(best < 0, np.maximum(best, self.coordinates.low), best))

    def why(self, row: Array, acquisition: Acquisition) -> Why:
        """Why a row of codes is suggested."""
        names = [str(one.number) for one in self.own]
        names += [f"of {self.transferred.ids[s - 1]}" for s in self.transferred.source]
        point = self.coordinates.points_of(row[None])
        said = why(self._base, point, acquisition.best, self.in_units, names)._replace(is_scaled=self._squeeze is None)
        if acquisition.feasibility is None:
            return said
        return said._replace(ok=round(float(np.exp(acquisition.feasibility.log_probability(point)[0])), 3))

    def in_units(self, outcomes: Array) -> Array:
        """Scaled outcomes in the metric's units and direction; as they are where this sweep has no values yet."""
        if self._squeeze is None:
            return outcomes
        return self._sign * self._squeeze.back((outcomes - self._move) / self._stretch)

    def state(self) -> dict[str, object]:
        """What later suggestions may start from, where the models are new; what could not be transferred, where no
        suggestion has said it yet."""
        state = dict(state_of(self._fitted)) if self._is_new_fit else {}
        if self.transferred.left_out and not any("left_out" in trial.state for trial in self._history.trials):
            state["left_out"] = list(self.transferred.left_out)
        return state
