"""The models that a suggestion is made with: fitted when it is time, else those of an earlier suggestion."""

from collections.abc import Mapping
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from overdrive.sampling.bayesian.beside import weighed
from overdrive.sampling.bayesian.coordinates import Coordinates
from overdrive.sampling.bayesian.fit import Data
from overdrive.sampling.bayesian.fit import draws_around
from overdrive.sampling.bayesian.fit import most_probable
from overdrive.sampling.bayesian.fit import squares_by_axis
from overdrive.sampling.bayesian.posterior import Known
from overdrive.sampling.bayesian.priors import open_prior_of
from overdrive.sampling.bayesian.priors import prior_of
from overdrive.sampling.history import TrialSoFar

Array = np.ndarray

#: Draws beside the most probable parameters; fewer where each costs more: (trials up to, draws).
DRAWS = ((250, 4), (500, 1))
#: A fit takes at most so many trials, and begins from the prior's mean as well with at most so many.
MOST_FITTED, TWICE = 250, 60
#: Fits follow the number of values: one more at first, a tenth more later.
_GROWTH = 10


class Fitted(NamedTuple):
    """The parameters of all models, the most probable first [m, p], and how many values they were fitted to."""

    parameters: Array
    values: int
    #: [p] what the next fit begins from: the most probable parameters of all trials together.
    start: Array


def fitted_before(trials: Sequence[TrialSoFar], p: int) -> Fitted | None:
    """The last fit in the states of the suggestions so far, or None where there is none with p parameters."""
    for trial in reversed(trials):
        models = trial.state.get("models")
        if isinstance(models, list) and models and len(models[0]) == p:
            start = np.array(trial.state.get("start", models[0]), dtype=float)
            return Fitted(np.array(models, dtype=float), int(trial.state["fitted"]), start)  # type: ignore[call-overload]
    return None


def is_due(before: Fitted, values: int) -> bool:
    """Whether there are enough new values since the last fit."""
    return values >= before.values + max(1, before.values // _GROWTH) or values < before.values


def fit(
    known: Known,
    outcomes: Array,
    coordinates: Coordinates,
    before: Fitted | None,
    seed: list[int],
    values: int,
    stretch: float,
    is_open: bool = False,
) -> Fitted:
    """New models of the outcomes [n] of the known trials, begun from those of `before`, and from the prior's mean.

    values: how many of them are this sweep's; stretch: what these were multiplied with to stand beside earlier ones.
    is_open: to much noise, as explanations are: begun from much of it as well.
    """
    keep = _kept(outcomes, np.random.default_rng([*seed, 1]))
    d = len(coordinates.axes)
    squares = squares_by_axis(known.points[keep], coordinates.axis_of_column, d)
    data = Data(squares, outcomes[keep], known.extra_noise[keep], known.source[keep])
    prior = open_prior_of(d, data.sources) if is_open else prior_of(d, data.sources)
    starts = prior.mean[None] if before is None else before.start[None]
    if before is not None and len(keep) <= TWICE:
        starts = np.vstack([starts, prior.mean])
    if is_open:
        noisy = prior.mean.copy()
        noisy[: d + 2] += [1.0] * d + [0.0, 1.7]
        starts = np.vstack([starts, noisy])
    mode = most_probable(data, prior, starts)
    count = next((draws for most, draws in DRAWS if len(outcomes) <= most), 0)
    draws = draws_around(mode, data, prior, count, np.random.default_rng([*seed, 2]))
    rows = np.vstack([mode, draws])
    if data.sources:
        rows = weighed(rows, data, stretch, np.random.default_rng([*seed, 4]))
    # As they are kept, so that later suggestions work with the same numbers.
    return Fitted(np.round(rows, 4), values, np.round(mode, 4))


def _kept(outcomes: Array, rng: np.random.Generator) -> Array:
    """The numbers of MOST_FITTED trials, or of all: half of them the best, the others drawn."""
    if len(outcomes) <= MOST_FITTED:
        return np.arange(len(outcomes))
    order = np.argsort(outcomes, kind="stable")
    best = order[: MOST_FITTED // 2]
    others = rng.choice(order[MOST_FITTED // 2 :], MOST_FITTED - len(best), replace=False)
    return np.sort(np.concatenate([best, others]))


def state_of(fitted: Fitted) -> Mapping[str, object]:
    """What a later suggestion may start from, as JSON."""
    state: dict[str, object] = {"models": fitted.parameters.tolist(), "fitted": fitted.values}
    is_first = bool((fitted.start == fitted.parameters[0]).all())
    return state if is_first else {**state, "start": fitted.start.tolist()}
