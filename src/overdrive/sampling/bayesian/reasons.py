"""Why a configuration was suggested, in words and in numbers, in the metric's own units."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from overdrive.records import PrimaryMetric
from overdrive.sampling.bayesian.posterior import Posterior

Array = np.ndarray

#: Trials that are named as those that weigh most.
_NAMED = 3


class Why(NamedTuple):
    """What the models say of one configuration."""

    #: 'exploit' where it is believed to be better than the best so far, 'explore' where it may be.
    mode: str
    #: Predicted value and its standard deviation, without noise.
    mean: float
    deviation: float
    #: The best value that is believed of a trial so far.
    best: float
    #: (trial, weight) of those on whose values the prediction depends most: by how much it moves if the value
    #: moves by 1. A trial is its number, or 'of' an earlier sweep.
    weights: list[tuple[str, float]]
    #: How probable it is that the configuration runs; None where no trial has failed yet.
    ok: float | None = None
    #: Whether mean, deviation and best are deviations from the mean of earlier sweeps' outcomes, since this sweep has
    #: too few values for a scale of its own; more is worse, whatever the goal.
    is_scaled: bool = False

    def sentence(self, metric: PrimaryMetric | None) -> str:
        """In one line."""
        named = ", ".join(dict.fromkeys(trial for trial, _ in self.weights))
        by = f", by trials {named}" if named else ""
        runs = "" if self.ok is None else f"; runs with probability {self.ok:.2g}"
        if self.is_scaled:
            where = f"{abs(self.mean):.2g} ± {self.deviation:.2g} deviations {'worse' if self.mean > 0 else 'better'}"
            return f"{self.mode}: {where} than the mean of earlier sweeps{by}{runs}"
        name = metric.name if metric else "value"
        verb = "is believed to beat" if self.mode == "exploit" else "may beat"
        return f"{self.mode}: {name} {self.mean:.4g} ± {self.deviation:.2g} {verb} {self.best:.4g}{by}{runs}"

    def to_json(self) -> dict[str, object]:
        """As the state of a suggestion has it."""
        return {
            "mode": self.mode,
            "mean": self.mean,
            "deviation": self.deviation,
            "best": self.best,
            "weights": [list(weight) for weight in self.weights],
            **({} if self.ok is None else {"ok": self.ok}),
            **({"is_scaled": True} if self.is_scaled else {}),
        }


def why(posterior: Posterior, point: Array, best: Array, in_units: Callable[[Array], Array], names: list[str]) -> Why:
    """What the models say of a point [1, D].

    best: [m] by model, as the acquisition has it. in_units: scaled outcomes in the metric's units. names: of the trials
    that the posterior is made of, in its order.
    """
    means, variances = posterior.at(point)
    mean = float(means.mean())
    deviation = float(np.sqrt(variances.mean() + means.var()))
    reached = float(best.mean())
    low, middle, high, top = in_units(np.array([mean - deviation, mean, mean + deviation, reached])).tolist()
    weights = posterior.shares(point)
    order = np.argsort(-np.abs(weights), kind="stable")[:_NAMED]
    return Why(
        mode="exploit" if mean < reached else "explore",
        mean=middle,
        deviation=abs(high - low) / 2.0,
        best=top,
        weights=[(names[k], round(float(weights[k]), 3)) for k in order],
    )
