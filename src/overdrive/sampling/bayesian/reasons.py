"""Why a configuration was suggested, in words and in numbers, in the metric's own units."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from overdrive.records import PrimaryMetric
from overdrive.sampling.bayesian.posterior import Posterior
from overdrive.sampling.bayesian.squeeze import Squeeze

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
    #: (number, weight) of the trials on whose values the prediction depends most; weights of all trials and the mean
    #: would add up to 1.
    weights: list[tuple[int, float]]

    def sentence(self, metric: PrimaryMetric | None) -> str:
        """In one line."""
        name = metric.name if metric else "value"
        verb = "is believed to beat" if self.mode == "exploit" else "may beat"
        named = ", ".join(str(number) for number, _ in self.weights)
        by = f", by trials {named}" if named else ""
        return f"{self.mode}: {name} {self.mean:.4g} ± {self.deviation:.2g} {verb} {self.best:.4g}{by}"

    def to_json(self) -> dict[str, object]:
        """As the state of a suggestion has it."""
        return {
            "mode": self.mode,
            "mean": self.mean,
            "deviation": self.deviation,
            "best": self.best,
            "weights": [list(weight) for weight in self.weights],
        }


def why(posterior: Posterior, point: Array, best: Array, squeeze: Squeeze, sign: float, numbers: Sequence[int]) -> Why:
    """What the models say of a point [1, D].

    best: [m] by model, as the acquisition has it. sign: metric's value = sign · value to be made small. numbers: of the
    trials that the posterior is made of, in its order; negative ones are earlier sweeps'.
    """
    means, variances = posterior.at(point)
    mean = float(means.mean())
    deviation = float(np.sqrt(variances.mean() + means.var()))
    low, middle, high = squeeze.back(np.array([mean - deviation, mean, mean + deviation])).tolist()
    reached = float(best.mean())
    weights = posterior.shares(point)
    order = np.argsort(-np.abs(weights), kind="stable")[:_NAMED]
    return Why(
        mode="exploit" if mean < reached else "explore",
        mean=sign * middle,
        deviation=(high - low) / 2.0,
        best=sign * float(squeeze.back(np.array(reached))),
        weights=[(int(numbers[k]), round(float(weights[k]), 3)) for k in order],
    )
