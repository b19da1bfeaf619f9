"""What the scheduler knows of one trial."""

import math
from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import field

from overdrive.records import Exit
from overdrive.records import Outcome
from overdrive.records import PrimaryMetric
from overdrive.records import TrialStatus
from overdrive.records import Verdict
from overdrive.records import as_json_number


@dataclass(slots=True)
class Trial:
    """One trial, folded from its events. Only the scheduler changes it."""

    number: int
    configuration: dict[str, object]
    #: Why the sampler chose the configuration.
    reason: str
    suggested_at: float
    #: What came with the suggestion: a later one may start from it.
    state: dict = field(default_factory=dict)
    status: TrialStatus = TrialStatus.QUEUED
    outcome: Outcome | None = None
    #: Attempts begun so far; 0 before the first.
    attempt: int = 0
    #: A sentence: why it waits, was stopped, ended.
    why: str = ""
    started_at: float | None = None
    ended_at: float | None = None
    exit: Exit | None = None
    pid: int | None = None
    threads: int | None = None
    #: Name of the slot that the current attempt holds.
    slot: str = ""
    #: Values of the primary metric that the current attempt logged, behind those of the trial that it goes on with.
    intervals: int = 0
    #: Whether the current attempt has logged one of them.
    has_logged: bool = False
    #: Points of the curve that are of the earlier trial.
    inherited: int = 0
    #: Steps of the values behind those; None where one has none.
    steps: "array[float] | None" = None
    #: Values with their steps that the attempts before this one have logged, where each value has a step.
    behind: list[tuple[float, float]] = field(default_factory=list)
    best: float | None = None
    best_interval: int | None = None
    last: float | None = None
    #: Records and unreadable lines taken in from the current attempt's spool, and its offset in bytes.
    records: int = 0
    bad: int = 0
    offset: int = 0
    #: Names logged so far (a few), to find the one that was meant.
    names: list[str] = field(default_factory=list)
    #: The verdict that wants it stopped, until the stop is in the journal.
    verdict: Verdict | None = None
    #: Why it was asked to stop: 'verdict', 'cancelled', 'deadline'; None while nobody asked.
    stop_why: str | None = None
    #: Whether it was asked to end without grace.
    stop_now: bool = False

    @property
    def is_active(self) -> bool:
        """Whether a process of it lives or is about to."""
        return self.status in (TrialStatus.STARTING, TrialStatus.RUNNING, TrialStatus.STOPPING)

    def begin_attempt(self, attempt: int) -> None:
        """A new attempt starts from nothing, or from what the trial goes on with (`go_back`): what the one before it
        logged stays in the journal, under its own number."""
        self.attempt = attempt
        self.records = self.bad = self.offset = 0
        self.verdict = self.stop_why = None
        self.stop_now = False

    def leave_behind(self, curve: Sequence[float]) -> None:
        """An attempt has ended, and another follows: it may go on from a checkpoint of this one."""
        own = curve[self.inherited :]
        self.behind = list(zip(own, self.steps or (), strict=False))

    def go_back(self, before: Sequence[float], metric: PrimaryMetric | None) -> None:
        """To where these values of the primary metric had come."""
        self.intervals, self.best, self.best_interval, self.last = 0, None, None, None
        for interval, value in enumerate(before if metric else (), 1):
            self.add_value(value, interval, metric)  # type: ignore[arg-type]
        self.has_logged = False

    def go_on(self, steps: Sequence[float]) -> None:
        """The attempt's first value comes behind those with these steps."""
        self.steps, self.behind = array("d", steps), []

    def add_step(self, step: float | None) -> None:
        """The step of the next value."""
        if self.steps is not None and step is not None:
            self.steps.append(step)
        else:
            self.steps = None

    def add_value(self, value: float, interval: int, metric: PrimaryMetric) -> None:
        """A value of the primary metric: only finite ones can become the best."""
        self.intervals, self.last, self.has_logged = interval, value, True
        if math.isfinite(value) and metric.is_better(value, self.best):
            self.best, self.best_interval = value, interval

    def to_row(self) -> dict:
        """The row of the projection (values are dumped to JSON text by the journal)."""
        return {
            "number": self.number,
            "status": self.status.value,
            "outcome": self.outcome.value if self.outcome else None,
            "attempt": self.attempt,
            "configuration": self.configuration,
            "reason": self.reason,
            "why": self.why,
            "suggested_at": self.suggested_at,
            "started_at": self.started_at,
            "ended_at": self.ended_at,
            "exit": self.exit.to_json() if self.exit else None,
            "intervals": self.intervals,
            "best": self.best,
            "best_interval": self.best_interval,
            "last": as_json_number(self.last),
            "records": self.records,
            "bad": self.bad,
            "threads": self.threads,
            "pid": self.pid,
        }
