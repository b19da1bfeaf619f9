"""One suggestion, from the trials so far: the order in which the parts of this folder do their work."""

import numpy as np

from overdrive.records import Suggestion
from overdrive.sampling.bayesian.coordinates import Coordinates
from overdrive.sampling.bayesian.duplicates import Untried
from overdrive.sampling.bayesian.search import best_listed
from overdrive.sampling.bayesian.search import search
from overdrive.sampling.bayesian.view import View
from overdrive.sampling.history import History
from overdrive.sampling.sobol import SobolPoints
from overdrive.space import Space

#: A configuration, why, and the state.
Found = tuple[dict[str, object], str, dict[str, object]]

#: Sobol points among the first trials of a sweep that knows of earlier ones.
_BESIDE_EARLIER = 3
#: Search results that are looked at for one that is new.
_LOOKED_AT = 200
#: Sobol points of which the one least likely to fail is taken, as long as nothing but failures is known.
_CHOSEN_FROM = 32


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
        untried = Untried(self._space, (trial.configuration for trial in history.trials))
        if untried.is_exhausted:
            return None
        found = None if self._is_designed(history, n) else self._by_model(history, untried, n)
        found = found or self._by_design(untried, n // 2 if history.prior else n)
        if found is None:
            return None
        configuration, reason, state = found
        return Suggestion(trial=n, configuration=configuration, reason=reason, based_on=history.based_on, state=state)

    def _is_designed(self, history: History, n: int) -> bool:
        """Whether trial n is a Sobol point whatever the others say.

        Beside earlier sweeps these are few, and every other trial: without them nothing would contradict an earlier
        sweep that is wrong.
        """
        d = len(self._coordinates.axes)
        return d == 0 or (n % 2 == 1 and n < 2 * _BESIDE_EARLIER if history.prior else n < design_size(d))

    def _by_design(self, untried: Untried, n: int) -> Found | None:
        point = untried.next_point(self._points, n)
        return point and (*point, {})

    def _by_model(self, history: History, untried: Untried, n: int) -> Found | None:
        """The best new configuration by the model; None where there is no model, or its search found nothing new."""
        view = View(self._coordinates, history, [self._seed, n])
        if view.is_empty:
            return self._away_from_failures(view, untried, n)
        acquisition = view.acquisition()
        if untried.is_listable:
            codes, _ = best_listed(acquisition, untried.listed(self._coordinates))
        else:
            codes, _ = search(acquisition, view.parents(), np.random.default_rng([self._seed, n, 3]))
        for row in codes[:_LOOKED_AT]:
            configuration = self._coordinates.configuration_of(row)
            if untried.is_new(configuration):
                why = view.why(row, acquisition)
                return configuration, why.sentence(history.metric), {**view.state(), "why": why.to_json()}
        return None

    def _away_from_failures(self, view: View, untried: Untried, n: int) -> Found | None:
        """A Sobol point where failing is least likely, where nothing is known but failures."""
        feasibility = view.feasibility() if n >= design_size(len(self._coordinates.axes)) else None
        points = untried.next_points(self._points, n, _CHOSEN_FROM) if feasibility else []
        if not points or feasibility is None:
            return None
        logs = feasibility.log_probability(view.points_of([configuration for configuration, _ in points]))
        configuration, reason = points[int(np.argmax(logs))]
        return configuration, f"{reason}, away from the trials that failed", {}
