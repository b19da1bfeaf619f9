"""One suggestion, from the trials so far: the order in which the parts of this folder do their work."""

from collections.abc import Mapping
from collections.abc import Sequence

import numpy as np

from overdrive.records import PrimaryMetric
from overdrive.records import Suggestion
from overdrive.sampling.bayesian.coordinates import Coordinates
from overdrive.sampling.bayesian.duplicates import Untried
from overdrive.sampling.bayesian.evidence import Evidence
from overdrive.sampling.bayesian.evidence import evidence_of
from overdrive.sampling.bayesian.evidence import own_trials
from overdrive.sampling.bayesian.feasibility import Feasibility
from overdrive.sampling.bayesian.models import Fitted
from overdrive.sampling.bayesian.models import fit
from overdrive.sampling.bayesian.models import fitted_before
from overdrive.sampling.bayesian.models import is_due
from overdrive.sampling.bayesian.models import state_of
from overdrive.sampling.bayesian.posterior import Known
from overdrive.sampling.bayesian.posterior import Posterior
from overdrive.sampling.bayesian.reasons import Why
from overdrive.sampling.bayesian.reasons import why
from overdrive.sampling.bayesian.search import PARENTS
from overdrive.sampling.bayesian.search import Acquisition
from overdrive.sampling.bayesian.search import best_of_list
from overdrive.sampling.bayesian.search import search
from overdrive.sampling.bayesian.squeeze import Squeeze
from overdrive.sampling.history import History
from overdrive.sampling.history import TrialSoFar
from overdrive.sampling.sobol import SobolPoints
from overdrive.space import Space

Array = np.ndarray

#: A configuration, why, and the state.
Found = tuple[dict[str, object], str, dict[str, object]]

#: Values without which a model says nothing.
_FEWEST_VALUES = 2
#: Search results that are looked at for one that is new.
_LOOKED_AT = 200


def design_size(d: int) -> int:
    """How many trials are spread evenly before the first model: one more than there are dimensions, 5 to 10."""
    return min(max(5, d + 1), 10)


class Proposer:
    """Makes the suggestions of one space and seed; keeps nothing that it could not compute again."""

    def __init__(self, space: Space, seed: int) -> None:
        self._space, self._seed = space, seed
        self._coordinates = Coordinates(space)
        self._points = SobolPoints(space, seed)

    def suggest(self, history: History, n: int) -> Suggestion | None:
        """The suggestion for trial n, or None where the space is exhausted."""
        own = own_trials(history)
        untried = Untried(self._space, (trial.configuration for trial in own))
        if untried.is_exhausted:
            return None
        evidence = evidence_of(own, history.metric)
        d = len(self._coordinates.axes)
        found = None
        if d and n >= design_size(d) and len(evidence.observed) >= _FEWEST_VALUES:
            found = self._by_model(evidence, own, untried, n, history.metric)
        found = found or self._by_design(untried, n)
        if found is None:
            return None
        configuration, reason, state = found
        return Suggestion(trial=n, configuration=configuration, reason=reason, based_on=history.based_on, state=state)

    def _by_design(self, untried: Untried, n: int) -> Found | None:
        point = untried.next_point(self._points, n)
        return point and (*point, {})

    def _by_model(
        self, evidence: Evidence, own: Sequence[TrialSoFar], untried: Untried, n: int, metric: PrimaryMetric | None
    ) -> Found | None:
        """The best new configuration by the model; None where its search found none that is new."""
        view = View(self._coordinates, evidence, fitted_before(own, len(self._coordinates.axes) + 2), [self._seed, n])
        acquisition = view.acquisition()
        if untried.is_listable:
            codes, _ = best_of_list(acquisition, untried.listed(self._coordinates))
        else:
            rng = np.random.default_rng([self._seed, n, 3])
            codes, _ = search(acquisition, view.parents(), rng)
        for row in codes[:_LOOKED_AT]:
            configuration = self._coordinates.configuration_of(row)
            if untried.is_new(configuration):
                reason = view.why(row, acquisition, metric)
                return configuration, reason.sentence(metric), {**view.state(acquisition), "why": reason.to_json()}
        return None


class View:
    """The trials as the model sees them, and the models."""

    def __init__(self, coordinates: Coordinates, evidence: Evidence, before: Fitted | None, seed: list[int]) -> None:
        """before: the last fit that suggestions so far have kept. seed: of what is drawn."""
        self._coordinates, self._evidence = coordinates, evidence
        observed = evidence.observed
        self._codes = coordinates.codes_of([one.configuration for one in observed])
        points = coordinates.points_of(self._codes)
        values = np.array([one.value for one in observed])
        doubts = np.array([one.doubt for one in observed])
        self._squeeze = Squeeze(values)
        self._outcomes = self._squeeze(values)
        # The doubt after squeezing: half of what the interval around the value has become.
        extra = ((self._squeeze(values + doubts) - self._squeeze(values - doubts)) / 2.0) ** 2
        self._known = Known(points, extra, np.zeros(len(observed), dtype=int))
        if before is None or is_due(before, len(observed)):
            self._fitted, self._is_new_fit = fit(self._known, self._outcomes, coordinates, before, seed), True
        else:
            self._fitted, self._is_new_fit = before, False
        self._base = self._posterior(self._known, self._outcomes)

    def _posterior(self, known: Known, targets: Array) -> Posterior:
        parameters = self._fitted.parameters
        targets = np.broadcast_to(targets, (len(parameters), len(known.points)))
        return Posterior(known, targets, parameters, self._coordinates.axis_of_column, len(self._coordinates.axes))

    def acquisition(self) -> Acquisition:
        """The acquisition, with the trials on their way in it as if they had ended as predicted."""
        mean, _ = self._base.at(self._known.points)
        posterior = self._base
        if self._evidence.pending:
            points = self._points_of(self._evidence.pending)
            guessed, _ = self._base.at(points)
            targets = np.hstack([np.broadcast_to(self._outcomes, (len(guessed), len(self._outcomes))), guessed])
            posterior = self._posterior(self._known.with_points(points, 0.0), targets)
        return Acquisition(self._coordinates, posterior, mean.min(1), self._feasibility())

    def _feasibility(self) -> Feasibility | None:
        if not self._evidence.failed:
            return None
        failed = self._points_of(self._evidence.failed)
        return Feasibility(
            self._known.points, failed, self._coordinates.axis_of_column, len(self._coordinates.axes), None
        )

    def _points_of(self, configurations: Sequence[Mapping[str, object]]) -> Array:
        return self._coordinates.points_of(self._coordinates.codes_of(configurations))

    def parents(self) -> Array:
        """[k, d] the codes of the trials that are believed to be best, best first."""
        mean, _ = self._base.at(self._known.points)
        return self._codes[np.argsort(mean.mean(0), kind="stable")[:PARENTS]]

    def why(self, row: Array, acquisition: Acquisition, metric: PrimaryMetric | None) -> Why:
        """Why a row of codes is suggested."""
        numbers = [one.number for one in self._evidence.observed]
        sign = -float(metric.sign) if metric else 1.0
        point = self._coordinates.points_of(row[None])
        return why(self._base, point, acquisition.best, self._squeeze, sign, numbers)

    def state(self, acquisition: Acquisition) -> dict[str, object]:
        """What later suggestions may start from; nothing where these models are an earlier suggestion's."""
        return dict(state_of(self._fitted)) if self._is_new_fit else {}
