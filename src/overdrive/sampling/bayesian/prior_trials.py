"""Trials of earlier sweeps as prior knowledge, also where their space is another one.

A value of a hyperparameter transfers as a value: a bound that moved changes nothing, since distances are measured in
the new space's coordinates, beyond its ends too. A hyperparameter that the earlier sweep did not have is unknown there:
farther from any value than two draws are from each other (`coordinates.UNKNOWN`), so that such trials count for much
where it matters little, and for little where it matters much. One that the new space does not have is left out; so is
a trial with a value that has no place on its axis, and a sweep that shares no hyperparameter. All this is said.

How far an earlier sweep is to be trusted is fitted: how much it agrees with this one is a correlation between 0 and 1
(see `fit.agreements`), and it has noise and a constant of its own. Outcomes are scaled in each sweep by itself, so that
neither the unit nor the level of the metric needs to be the same, only where it is good.

Source: the intrinsic model of coregionalisation (Bonilla, Chai & Williams 2008, "Multi-task Gaussian process
prediction") with one task of interest, as in Swersky, Snoek & Adams 2013, "Multi-task Bayesian optimization".
"""

from collections.abc import Mapping
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from overdrive.records import EarlierSweep
from overdrive.records import PrimaryMetric
from overdrive.sampling.bayesian.coordinates import ChoiceAxis
from overdrive.sampling.bayesian.coordinates import Coordinates
from overdrive.sampling.bayesian.evidence import Observation
from overdrive.sampling.bayesian.evidence import evidence_of
from overdrive.sampling.bayesian.squeeze import Squeeze
from overdrive.sampling.bayesian.squeeze import extra_noise

Array = np.ndarray

#: Trials of all earlier sweeps together that are used, at most; the best half of each sweep's share first.
MOST_USED = 200
#: An earlier sweep with fewer values says nothing.
FEWEST_VALUES = 3


class Transferred(NamedTuple):
    """The trials of earlier sweeps in the coordinates of this one. n trials."""

    #: [n, d] codes, beyond the ends of an axis for values outside the space.
    codes: Array
    #: [n] scaled outcomes.
    outcomes: Array
    #: [n] noise variance beside the fitted one.
    extra_noise: Array
    #: [n] 1, 2, … which of the sweeps.
    source: Array
    #: The ids of the sweeps that are used: source s is number s - 1.
    ids: tuple[str, ...]
    #: What could not be transferred, or not as it was, in sentences.
    left_out: tuple[str, ...]

    @property
    def sources(self) -> int:
        """How many earlier sweeps are used."""
        return len(self.ids)


def transfer(coordinates: Coordinates, sweeps: Sequence[EarlierSweep], metric: PrimaryMetric | None) -> Transferred:
    """What the earlier sweeps say in this one's coordinates."""
    left_out: list[str] = []
    ids: list[str] = []
    parts: list[tuple[Array, Array, Array]] = []
    most = MOST_USED // max(len(sweeps), 1)
    for sweep in sweeps:
        part = _transfer_one(coordinates, sweep, metric, most, left_out)
        if part:
            parts.append(part)
            ids.append(sweep.id)
    if not parts:
        d = len(coordinates.axes)
        return Transferred(np.zeros((0, d)), np.zeros(0), np.zeros(0), np.zeros(0, dtype=int), (), tuple(left_out))
    codes, outcomes, extra = (np.concatenate(arrays) for arrays in zip(*parts, strict=True))
    source = np.concatenate([np.full(len(part[1]), k + 1) for k, part in enumerate(parts)])
    return Transferred(codes, outcomes, extra, source, tuple(ids), tuple(left_out))


def _transfer_one(
    coordinates: Coordinates, sweep: EarlierSweep, metric: PrimaryMetric | None, most: int, left_out: list[str]
) -> tuple[Array, Array, Array] | None:
    """The codes, outcomes and extra noise of one earlier sweep; None where it says nothing."""
    gone = [name for name in sweep.space if name not in coordinates.space]
    new = [name for name in coordinates.names if name not in sweep.space]
    left_out += [f"{sweep.id}: {name} is not in this space and is left out" for name in gone]
    if len(new) == len(coordinates.names):
        left_out.append(f"{sweep.id}: it shares no hyperparameter with this space; it is not used")
        return None
    left_out += [f"{sweep.id}: {name} is new, and unknown for its trials" for name in new]
    observed = evidence_of([trial for trial in sweep.trials if trial.outcome], metric).observed
    placed = [(one, coordinates.placed(one.configuration)) for one in observed]
    usable = [(one, codes) for one, codes in placed if codes is not None]
    if len(usable) < len(observed):
        left_out.append(f"{sweep.id}: {len(observed) - len(usable)} trials have values of another kind")
    strangers = sum(_has_stranger(coordinates, one.configuration) for one, _ in usable)
    if strangers:
        left_out.append(f"{sweep.id}: {strangers} trials have options that this space does not have")
    if len(usable) < FEWEST_VALUES:
        left_out.append(f"{sweep.id}: only {len(usable)} of its trials have a value; it is not used")
        return None
    kept = _kept([one for one, _ in usable], most)
    squeeze = Squeeze(np.array([one.value for one, _ in usable]))
    values = np.array([usable[k][0].value for k in kept])
    doubts = np.array([usable[k][0].doubt for k in kept])
    return np.array([usable[k][1] for k in kept]), squeeze(values), extra_noise(squeeze, values, doubts)


def _has_stranger(coordinates: Coordinates, configuration: Mapping[str, object]) -> bool:
    """Whether a configuration has, for a choice, what is no option here."""
    pairs = zip(coordinates.names, coordinates.axes, strict=True)
    choices = [(name, axis) for name, axis in pairs if isinstance(axis, ChoiceAxis) and name in configuration]
    return any(axis.code_of(configuration[name]) < 0 for name, axis in choices)


def _kept(observed: Sequence[Observation], most: int) -> list[int]:
    """The numbers of at most `most` observations: half of them the best, the others spread over the ranks."""
    order = sorted(range(len(observed)), key=lambda k: (observed[k].value, k))
    if len(order) <= most:
        return sorted(order)
    best, others = order[: most // 2], order[most // 2 :]
    spread = np.linspace(0, len(others) - 1, most - len(best)).round().astype(int)
    return sorted({*best, *(others[k] for k in spread)})
