"""Sweeps on disk for tests of what reads them: the engine's own scheduler, journal and store, told by hand what
happened.
"""

import json
import math
from collections.abc import Sequence
from pathlib import Path

from overdrive.engine.journal import Journal
from overdrive.engine.scheduler import Scheduler
from overdrive.engine.summary import SummaryFile
from overdrive.records import Exit
from overdrive.records import Kind
from overdrive.records import MetricRecord
from overdrive.records import Outcome
from overdrive.records import PrimaryMetric
from overdrive.records import PrimaryMetricGoal
from overdrive.records import RunSpec
from overdrive.records import SweepSpec
from overdrive.store import SweepStore
from overdrive.termination import build_policy

ACCURACY = PrimaryMetric(name="accuracy", goal=PrimaryMetricGoal.MAXIMIZE)
LOSS = PrimaryMetric(name="val/loss", goal=PrimaryMetricGoal.MINIMIZE)
#: Stops a trial whose best is below 0.8/1.2 when the best at the interval is 0.8.
BANDIT = {"name": "Bandit", "properties": {"slack_factor": 0.2, "evaluation_interval": 1, "delay_evaluation": 2}}


def sweep_spec(**changes: object) -> SweepSpec:
    """A sweep of two hyperparameters that maximises accuracy in 10 trials."""
    fields: dict = {
        "id": "HD_11111111-2222-3333-4444-555555555555",
        "experiment": "digits",
        "created_at": "2026-03-14T15:09:26.000Z",
        "machine": {},
        "program": "0",
        "run": RunSpec(command=("python", "train.py"), arguments=("--epochs", "3")),
        "space": {"lr": ["loguniform", [-7, -1]], "units": ["choice", [[16, 32]]]},
        "sampling": {"name": "RANDOM", "properties": {}},
        "seed": 1,
        "policy": {"name": "Default"},
        "metric": ACCURACY,
        "max_total_runs": 10,
    }
    return SweepSpec(**{**fields, **changes})


class WrittenSweep:
    """A sweep's folder that is written as its engine would, event by event. Each method is committed at once."""

    def __init__(self, folder: Path, concurrency: int = 2, slots: int = 2, **changes: object) -> None:
        self.folder = folder
        self.spec = sweep_spec(**changes)
        (folder / "mailbox").mkdir(parents=True)
        (folder / "spec.json").write_text(json.dumps(self.spec.to_json()))
        self.store = SweepStore(folder)
        self.scheduler = Scheduler(self.spec, build_policy(self.spec.policy))
        self.journal = Journal(self.store, self.scheduler)
        self._offset = 0
        self._numbers: dict[tuple[int, int], int] = {}
        self.add(Kind.SWEEP_CREATED, body={"spec": self.spec.to_json()})
        body = {"pid": 1, "host": "here", "boot_id": "b", "version": "0", "slots": slots, "concurrency": concurrency}
        self.add(Kind.ENGINE_STARTED, body=body)

    def add(
        self,
        kind: Kind,
        trial: int | None = None,
        attempt: int | None = None,
        body: dict | None = None,
        records: Sequence[MetricRecord] = (),
    ) -> None:
        self.journal.add(kind, trial, attempt, body, records)
        self.journal.commit(lambda write: write())

    def suggest(self, trial: int, **configuration: object) -> None:
        settings = {"lr": 0.01 * (trial + 1), "units": 16, **configuration}
        body = {"configuration": settings, "reason": "drawn at random", "based_on": 0, "state": {}}
        self.add(Kind.SUGGESTED, trial, body=body)

    def start(self, trial: int, attempt: int = 1, **configuration: object) -> None:
        """Suggests the trial where that has not been done, plans the attempt and starts it."""
        if trial not in self.scheduler.trials:
            self.suggest(trial, **configuration)
        self.add(Kind.PLANNED, trial, attempt, {"threads": 1, "slot": "0"})
        self.add(Kind.STARTED, trial, attempt, {"pid": 7, "ticks": 0, "shim": 6, "shim_ticks": 0, "boot_id": "b"})

    def log(self, trial: int, *values: object, name: str | None = None, kind: str | None = None, rank: int = 0) -> None:
        """Logs values, by default of the primary metric, one record each."""
        attempt = self.scheduler.trials[trial].attempt
        first = self._numbers.get((trial, attempt), 0)
        self._numbers[trial, attempt] = first + len(values)
        metric = name or (self.spec.metric.name if self.spec.metric else "metric")
        records = [
            MetricRecord(first + at, metric, value, kind, None, 1000.0 + at, rank) for at, value in enumerate(values)
        ]
        self._offset += len(values)
        span = {"from": self._offset - len(values), "to": self._offset, "first": first}
        self.add(Kind.LOGGED, trial, attempt, {**span, "count": len(values), "bad": 0}, records)

    def stop(self, trial: int, why: str = "verdict", reason: str = "") -> None:
        """Puts down the intent to stop the trial, by the scheduler's verdict where there is one."""
        state = self.scheduler.trials[trial]
        body: dict = {"why": why, "now": False, "reason": reason}
        if state.verdict and self.spec.metric:
            body["verdict"], body["reason"] = state.verdict.to_json(), state.verdict.sentence(self.spec.metric)
        self.add(Kind.STOP_REQUESTED, trial, state.attempt, body)

    def end(
        self,
        trial: int,
        outcome: Outcome = Outcome.COMPLETED,
        reason: str = "",
        retry: bool = False,
        wall_s: float | None = 2.0,
        **exit: object,
    ) -> None:
        state = self.scheduler.trials[trial]
        fields: dict = {"cause": "exit", "code": 0, "wall_s": wall_s, **exit}
        body = {
            "outcome": outcome.value,
            "reason": reason or state.why or outcome.value,
            "exit": Exit(**fields).to_json(),
            "retry": retry,
            "likeness": reason,
        }
        self.add(Kind.ENDED, trial, state.attempt, body)

    def run(self, trial: int, *values: float, outcome: Outcome = Outcome.COMPLETED, reason: str = "") -> None:
        """A whole trial."""
        self.start(trial)
        if values:
            self.log(trial, *values)
        self.end(trial, outcome, reason)

    def teach(self, *trials: int) -> None:
        """Whole trials with which a model can say that lr matters, and units do not."""
        for at, trial in enumerate(trials):
            rate = 0.001 * 3.0**at
            self.start(trial, lr=rate, units=(16, 32)[at % 2])
            self.log(trial, 0.9 - 0.04 * math.log(rate / 0.01))
            self.end(trial)

    def finish(self, status: str = "Completed", reason: str = "all trials ended") -> None:
        """Ends the sweep and leaves its summary."""
        self.add(Kind.SWEEP_ENDED, body={"status": status, "reason": reason})
        self.summarize()

    def summarize(self) -> None:
        SummaryFile(self.folder).write(self.scheduler, at_once=True)

    def output(self, trial: int, data: bytes, attempt: int = 1) -> Path:
        """Writes what the trial printed."""
        path = self.folder / "trials" / str(trial) / f"output.{attempt}.txt"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        return path

    def close(self) -> None:
        self.store.close()
