"""One trial as people look at it."""

import dataclasses
import json
import sqlite3
from dataclasses import dataclass
from pathlib import Path

from overdrive.records import AZURE_STATUS
from overdrive.records import Exit
from overdrive.records import Outcome
from overdrive.records import SweepSpec
from overdrive.records import TrialStatus
from overdrive.records import flat_arguments
from overdrive.records import from_json_number
from overdrive.records import script_arguments
from overdrive.store.rows import damage
from overdrive.store.rows import json_object
from overdrive.store.writer import FILE

#: What a trial that has not ended does, where the journal has no sentence of its own.
_DOING = {
    TrialStatus.QUEUED: "waits for its turn",
    TrialStatus.STARTING: "is being started",
    TrialStatus.RUNNING: "",
    TrialStatus.STOPPING: "was asked to end",
}
#: How a trial ended, where the journal has no sentence of its own.
_ENDED = {
    Outcome.COMPLETED: "completed",
    Outcome.COMPLETED_WITHOUT_METRIC: "completed, but it never logged the primary metric",
    Outcome.STOPPED_EARLY: "stopped by the early-termination policy",
    Outcome.CANCELLED: "cancelled",
    Outcome.FAILED: "failed",
    Outcome.LOST: "lost: the machine failed, not the script",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class TrialRow:
    """One trial: what a table of trials shows, and what `show` says of one."""

    number: int
    #: `HD_<uuid>_<number>`; a single run's own id.
    run_id: str
    #: The sweep's, to name where a row is damaged.
    database: Path
    status: TrialStatus
    #: None until it ended.
    outcome: Outcome | None
    #: Azure's word for status and outcome.
    azure_status: str
    #: `configuration` as the database has it: ten thousand rows are read at once, and few of them are looked into.
    stored_configuration: str
    #: Why the sampler chose the configuration.
    reason: str
    #: The attempt that counts, from 1; 0 before the first.
    attempt: int
    #: Best finite value of the primary metric that the attempt logged, and the interval at which it did; None without
    #: one.
    best: float | None
    best_interval: int | None
    #: The last value, which may be non-finite.
    last: float | None
    #: How often the attempt logged the primary metric.
    intervals: int
    #: Wall times, seconds since 1970, only to show; None: not yet.
    suggested_at: float
    started_at: float | None
    ended_at: float | None
    #: Seconds that it ran, or has been running; None before the start.
    duration_s: float | None
    #: One sentence, with the numbers: why it waits, was stopped, ended. '' while it simply runs.
    why: str
    #: `exit` as the database has it.
    stored_exit: str | None
    #: The script's own arguments, without hyperparameters.
    own_arguments: tuple[str, ...]
    #: The share of cores that it was given.
    threads: int | None
    #: Run id of the earlier trial that it goes on with, or None.
    resumed_from: str | None = None
    #: Lines that the attempt logged and that cannot be read: torn, damaged, of another form. They are left out.
    bad: int = 0

    @property
    def configuration(self) -> dict[str, object]:
        """Hyperparameter → value, in the space's declared order."""
        return self._decoded("configuration", self.stored_configuration)

    @property
    def exit(self) -> Exit | None:
        """How its last attempt ended; None until it did."""
        return Exit.from_json(self._decoded("exit", self.stored_exit)) if self.stored_exit else None

    @property
    def arguments(self) -> list[str]:
        """The script's own arguments, then name and value of each hyperparameter."""
        return flat_arguments(self.own_arguments, self.configuration)

    @property
    def word(self) -> str:
        """The outcome in words, or the status while there is none: 'stopped early', 'running'."""
        return (self.outcome or self.status).value.replace("_", " ")

    @property
    def is_ended(self) -> bool:
        return self.status is TrialStatus.ENDED

    def _decoded(self, column: str, text: str) -> dict:
        """A JSON object of the engine's own, which has no spaces around it: half the time of `json.loads`."""
        try:
            found = _DECODER.raw_decode(text)[0]
        except (ValueError, RecursionError):
            found = None
        if type(found) is dict:
            return found
        return json_object(text, f"the {column} of trial {self.number}", self.database)

    def at(self, now: float) -> "TrialRow":
        """The same trial at wall time `now`: a running one's duration grows."""
        if self.is_ended or self.started_at is None or self.status is TrialStatus.QUEUED:
            return self
        return dataclasses.replace(self, duration_s=max(0.0, now - self.started_at))

    def saying(self, why: str) -> "TrialRow":
        """The same trial with another sentence."""
        return dataclasses.replace(self, why=why)


def trial_row(row: sqlite3.Row, spec: SweepSpec, folder: Path) -> TrialRow:
    """From a row of the queries 'trial' and 'trials'; `folder` is the sweep's. WorkspaceError for a damaged row."""
    # In their order: a look-up of each name would be a fifth of the time of ten thousand rows.
    number, status, outcome, attempt, configuration, reason, why, suggested, started, ended, exit, *rest = row
    intervals, best, best_interval, last, bad, threads, ran_s = rest
    state = _STATES.get((status, outcome))
    if state is None:
        raise damage(folder / FILE, f"trial {number} has status {status!r} and outcome {outcome!r}")
    known_status, known_outcome, azure_status, words = state
    return TrialRow(
        number=number,
        run_id=trial_run_id(spec, number),
        database=folder / FILE,
        status=known_status,
        outcome=known_outcome,
        azure_status=azure_status,
        stored_configuration=configuration,
        reason=reason,
        attempt=attempt,
        best=from_json_number(best),
        best_interval=best_interval,
        last=from_json_number(last),
        intervals=intervals,
        suggested_at=suggested,
        started_at=started,
        ended_at=ended,
        duration_s=_duration(started, ended, ran_s),
        why=why or words,
        stored_exit=exit,
        own_arguments=_own_arguments(spec, number, folder),
        threads=threads,
        bad=bad,
        resumed_from=resumed_from(spec, number),
    )


#: (status, outcome) as the database has them → the same, Azure's word, and the sentence where the journal has none. Ten
#: thousand rows ask at once, and an enumeration is slow to look things up by.
_STATES = {
    (status.value, outcome.value if outcome else None): (
        status,
        outcome,
        AZURE_STATUS[outcome or status],
        _ENDED[outcome] if outcome else _DOING.get(status, ""),
    )
    for status in TrialStatus
    for outcome in (None, *Outcome)
    if outcome or status in AZURE_STATUS
}


_DECODER = json.JSONDecoder()


def _own_arguments(spec: SweepSpec, number: int, folder: Path) -> tuple[str, ...]:
    if number >= len(spec.resume_children):
        return spec.run.arguments
    return script_arguments(spec, number, str(folder / "trials" / str(number) / "work" / "outputs"))


def resumed_from(spec: SweepSpec, number: int) -> str | None:
    """The run id of the earlier trial that trial `number` goes on with, or None."""
    if number >= len(spec.resume_children):
        return None
    earlier = spec.resume_children[number]
    return f"{earlier['sweep']}_{earlier['trial']}"


def trial_run_id(spec: SweepSpec, number: int) -> str:
    """The public id of a trial."""
    return spec.id if spec.kind == "run" else f"{spec.id}_{number}"


def _duration(started: float | None, ended: float | None, ran_s: float | None) -> float | None:
    """Seconds that an ended trial ran: by the monotonic clock where the shim told, else by wall times."""
    if started is None or ended is None:
        return None
    return ran_s if ran_s is not None else max(0.0, ended - started)
