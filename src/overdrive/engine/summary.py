"""summary.json: what lists show of a sweep without opening its database."""

from pathlib import Path

from overdrive.engine.scheduler import Scheduler
from overdrive.host import clock
from overdrive.host.files import write_json
from overdrive.records import best_of
from overdrive.records import saved_intervals

FILE = "summary.json"


def summarize(scheduler: Scheduler) -> dict:
    """The summary of the sweep as it stands."""
    spec = scheduler.spec
    best = best_of(scheduler.trials.values(), spec.metric)
    counts: dict[str, int] = {}
    intervals = 0
    for trial in scheduler.trials.values():
        intervals += trial.intervals
        word = trial.outcome.value if trial.outcome else trial.status.value
        counts[word] = counts.get(word, 0) + 1
    return {
        "id": spec.id,
        "experiment": spec.experiment,
        "kind": spec.kind,
        "status": scheduler.status.value,
        "reason": scheduler.reason,
        "created_at": spec.created_at,
        "ended_at": None if scheduler.ended_at is None else clock.utc_text(scheduler.ended_at),
        "metric": spec.metric.to_json() if spec.metric else None,
        "max_total_runs": spec.max_total_runs,
        "total": scheduler.budget,
        "counts": counts,
        "best": {"trial": best.number, "value": best.best, "configuration": best.configuration} if best else None,
        "intervals": intervals,
        "intervals_saved": saved_intervals(scheduler.trials.values()),
        "tags": spec.tags,
        "ran_s": round(scheduler.ran_s, 3),
    }


class SummaryFile:
    """Rewrites summary.json, at most twice a second while the sweep runs."""

    INTERVAL_S = 0.5

    def __init__(self, folder: Path) -> None:
        self._path = str(folder / FILE)
        self._last = -self.INTERVAL_S
        #: Whether the file is behind the journal.
        self.is_due = False

    def wait_s(self) -> float | None:
        """Seconds until the next rewrite; None when nothing is to be written."""
        return max(0.0, self._last + self.INTERVAL_S - clock.monotonic()) if self.is_due else None

    def write(self, scheduler: Scheduler, at_once: bool = False) -> None:
        """Writes it when it is due. Raises OSError when the disk refuses it."""
        if at_once or (self.is_due and self.wait_s() == 0):
            self._last = clock.monotonic()
            write_json(self._path, summarize(scheduler))
            self.is_due = False
