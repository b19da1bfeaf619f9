"""How far a sweep is: counts, what early stopping saved, how long it will still take."""

import statistics
from collections.abc import Sequence
from dataclasses import asdict
from dataclasses import dataclass

from overdrive.records import Outcome
from overdrive.records import TrialStatus
from overdrive.views.trials import TrialRow
from overdrive.views.words import count_of

_LIVING = (TrialStatus.STARTING, TrialStatus.RUNNING, TrialStatus.STOPPING)


@dataclass(frozen=True, kw_only=True, slots=True)
class Counts:
    """Trials by what became of them."""

    #: Trials that the sweep has when nothing ends it early.
    total: int
    #: Trials that have an outcome.
    done: int = 0
    #: Trials with a living process, or one being started.
    running: int = 0
    #: Trials that were suggested and wait.
    queued: int = 0
    #: Of those done: how.
    completed: int = 0
    without_metric: int = 0
    stopped_early: int = 0
    cancelled: int = 0
    failed: int = 0

    @property
    def left(self) -> int:
        """Trials still to be started."""
        return max(0, self.total - self.done - self.running)

    def to_json(self) -> dict[str, int]:
        return asdict(self)

    def sentence(self) -> str:
        """'12 of 20 trials done (5 stopped early, 1 failed), 2 running'."""
        special = [
            f"{count:,} {word}"
            for count, word in (
                (self.stopped_early, "stopped early"),
                (self.failed, "failed"),
                (self.cancelled, "cancelled"),
                (self.without_metric, "without metric"),
            )
            if count
        ]
        text = f"{self.done:,} of {count_of(self.total, 'trial')} done"
        text += f" ({', '.join(special)})" if special else ""
        return text + (f", {self.running:,} running" if self.running else "")


_FIELD = {
    Outcome.COMPLETED: "completed",
    Outcome.COMPLETED_WITHOUT_METRIC: "without_metric",
    Outcome.STOPPED_EARLY: "stopped_early",
    Outcome.CANCELLED: "cancelled",
    Outcome.FAILED: "failed",
    Outcome.LOST: "failed",
}


def count_words(by_word: dict[str, int], total: int) -> Counts:
    """Counts from {status or outcome: number}, as summaries and the store's `counts` query give them; unknown words
    count for nothing.
    """
    fields: dict[str, int] = {}
    for outcome, field in _FIELD.items():
        fields[field] = fields.get(field, 0) + by_word.get(outcome.value, 0)
    return Counts(
        total=total,
        done=sum(fields.values()),
        running=sum(by_word.get(status.value, 0) for status in _LIVING),
        queued=by_word.get(TrialStatus.QUEUED.value, 0),
        **fields,
    )


def seconds_left(
    rows: Sequence[TrialRow], left: int, concurrency: int, deadline_s: float | None = None
) -> float | None:
    """Seconds until the sweep is done, estimated from the trials that have ended; None while none has run.

    left: trials still to be started. Work left is `left` times the mean duration of ended trials, plus for each
    running one what it lacks of that mean; it is shared by `concurrency` trials at once, and lasts no shorter than
    the longest rest of a running trial. deadline_s: seconds until `max_duration_minutes` is over, where set: the
    estimate is no longer than that.
    """
    durations = [row.duration_s for row in rows if row.is_ended and row.duration_s is not None]
    if not durations:
        return None
    mean = statistics.fmean(durations)
    rests = [max(0.0, mean - (row.duration_s or 0.0)) for row in rows if row.status in _LIVING]
    estimate = max([(left * mean + sum(rests)) / max(1, concurrency), *rests])
    return estimate if deadline_s is None else min(estimate, deadline_s)
