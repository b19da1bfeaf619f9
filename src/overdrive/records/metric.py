"""The primary metric and what a trial logs."""

import enum
from dataclasses import dataclass

from overdrive.errors import SpecError


class PrimaryMetricGoal(enum.Enum):
    """Whether the best run has the highest or the lowest value of the primary metric."""

    MAXIMIZE = "MAXIMIZE"
    MINIMIZE = "MINIMIZE"

    @staticmethod
    def from_str(goal: str) -> "PrimaryMetricGoal":
        """The goal named by `goal`, in any case. Raises SpecError for any other text."""
        try:
            return PrimaryMetricGoal[str(goal).upper()]
        except KeyError:
            raise SpecError(field="primary_metric_goal", value=goal, allowed="'maximize' or 'minimize'") from None


@dataclass(frozen=True, kw_only=True, slots=True)
class PrimaryMetric:
    """The metric that a sweep optimises."""

    #: Exactly the name that the training script logs.
    name: str
    #: MAXIMIZE or MINIMIZE.
    goal: PrimaryMetricGoal

    @property
    def sign(self) -> int:
        """+1 when maximising, -1 when minimising: `sign * value` is always to be made large."""
        return 1 if self.goal is PrimaryMetricGoal.MAXIMIZE else -1

    def is_better(self, value: float, than: float | None) -> bool:
        """Whether `value` beats `than` strictly; NaN beats nothing and is beaten by any number; None is beaten by
        all."""
        if value != value:
            return False
        return than is None or than != than or self.sign * value > self.sign * than

    def to_json(self) -> dict[str, str]:
        return {"name": self.name, "goal": self.goal.name.lower()}

    @classmethod
    def from_json(cls, data: dict[str, str]) -> "PrimaryMetric":
        return cls(name=data["name"], goal=PrimaryMetricGoal.from_str(data["goal"]))


@dataclass(unsafe_hash=True, slots=True)
class MetricRecord:
    """One line that a trial logged. Nobody changes it; but to say so (`frozen`) would double the time that it takes to
    make one, and tens of thousands are made each second."""

    #: Number of the line in the attempt's spool, from 0: with (trial, attempt) the record's key.
    n: int
    #: Name as logged.
    name: str
    #: A number (int or float, non-finite allowed), or for other kinds the JSON value, text or None.
    value: object
    #: None for a scalar number, else 'text', 'none', 'list', 'row', 'table', 'image', 'confusion_matrix', 'residuals',
    #: 'predictions', 'accuracy_table'; or what is no metric: 'tag', 'property' (name: the key), 'file', 'model',
    #: 'child' (name: the child run's id), 'status'. Inside values of these kinds non-finite numbers are words.
    kind: str | None = None
    #: The script's own step, where it gave one.
    step: float | None = None
    #: Wall time of the log call, seconds since 1970, where known; only to show.
    at: float | None = None
    #: Rank of the process in a distributed trial; only rank 0 counts as intervals.
    rank: int = 0
