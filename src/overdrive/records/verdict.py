"""What a policy decided about one trial at one interval, with the evidence."""

import math
from dataclasses import dataclass

from overdrive.records.metric import PrimaryMetric
from overdrive.records.numbers import as_json_number
from overdrive.records.numbers import from_json_number
from overdrive.records.numbers import show_number


@dataclass(frozen=True, kw_only=True, slots=True)
class Verdict:
    """Stop or go on, and why. Values are in the metric's own units and direction, never negated."""

    trial: int
    #: The interval k at which the trial was judged.
    interval: int
    stop: bool
    #: 'bandit', 'median', 'truncation', or a plug-in's own word.
    rule: str
    #: The trial's best value over intervals 1…k.
    own: float
    #: What `own` was held against; None where there was nothing to compare with.
    threshold: float | None
    #: How the threshold came about, such as '0.8/1.2' or 'median of 7 running averages'.
    formula: str
    #: How many trials had reached the interval, this one included.
    compared: int
    #: The trial with the best value at the interval (a number, or a run id for an earlier sweep's trial).
    best_trial: int | str | None = None

    def sentence(self, metric: PrimaryMetric) -> str:
        """The same words for every face.

        'stopped at interval 5: best accuracy 0.61 < 0.6667 = 0.8/1.2, best by trial 3', or where the trial has no
        finite
        value: 'stopped at interval 5: no finite accuracy, worse than 0.6667 = 0.8/1.2, best by trial 3'.
        """
        verb = "stopped" if self.stop else "went on"
        if self.threshold is None:
            return f"{verb} at interval {self.interval}: {self.formula}"
        text = f"{verb} at interval {self.interval}: {self._comparison(metric, self.threshold)} = {self.formula}"
        if self.best_trial is None:
            return text
        who = f"trial {self.best_trial}" if isinstance(self.best_trial, int) else self.best_trial
        return f"{text}, best by {who}"

    def _comparison(self, metric: PrimaryMetric, limit: float) -> str:
        if not math.isfinite(self.own):
            return f"no finite {metric.name}, {'worse' if self.stop else 'not worse'} than {show_number(limit)}"
        own, threshold = show_number(self.own), show_number(limit)
        if own == threshold and self.own != limit:
            own, threshold = repr(self.own), repr(limit)
        worse, fair = ("<", "≥") if metric.sign > 0 else (">", "≤")
        return f"best {metric.name} {own} {worse if self.stop else fair} {threshold}"

    def to_json(self) -> dict:
        return {
            "trial": self.trial,
            "interval": self.interval,
            "stop": self.stop,
            "rule": self.rule,
            "own": as_json_number(self.own),
            "threshold": as_json_number(self.threshold),
            "formula": self.formula,
            "compared": self.compared,
            "best_trial": self.best_trial,
        }

    @classmethod
    def from_json(cls, data: dict) -> "Verdict":
        numbers = {key: from_json_number(data[key]) for key in ("own", "threshold")}
        return cls(**{**data, **numbers})
