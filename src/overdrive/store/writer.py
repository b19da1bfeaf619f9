"""The engine's side of a sweep's database: one writer, fenced, in batches."""

import os
import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from dataclasses import field
from pathlib import Path

from overdrive.errors import LockedError
from overdrive.errors import WorkspaceError
from overdrive.host.files import sync_file
from overdrive.host.files import sync_folder
from overdrive.host.filesystem import is_network
from overdrive.records import Event
from overdrive.records import MetricRecord
from overdrive.records import Verdict
from overdrive.records import as_json_number
from overdrive.store.queries import load_queries
from overdrive.store.rows import digest
from overdrive.store.rows import dump
from overdrive.store.rows import event_key
from overdrive.store.rows import metric_row

#: Version of the tables. Raise it with a migration, never alone.
SCHEMA_VERSION = 1
FILE = "sweep.db"


@dataclass(slots=True)
class Batch:
    """What one transaction writes. Built in memory first, so that a full disk can be waited for and the batch tried
    again."""

    events: list[Event] = field(default_factory=list)
    metrics: list[tuple] = field(default_factory=list)
    verdicts: list[tuple] = field(default_factory=list)
    #: number → row of the projection; the last state wins.
    trials: dict[int, dict] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.events)

    def add_records(self, event: Event, records: Iterable[MetricRecord]) -> None:
        """The records of a LOGGED or INHERITED event; sets the event's crc."""
        trial, attempt = event.trial or 0, 1 if event.attempt is None else event.attempt
        rows = [metric_row(record, trial, attempt, event.seq) for record in records]
        event.body["crc"] = digest(rows)
        self.metrics += rows

    def add_verdict(self, verdict: Verdict, attempt: int, seq: int) -> None:
        self.verdicts.append(
            (
                verdict.trial,
                attempt,
                verdict.interval,
                int(verdict.stop),
                verdict.rule,
                as_json_number(verdict.own),
                as_json_number(verdict.threshold),
                verdict.formula,
                verdict.compared,
                verdict.best_trial,
                seq,
            )
        )


class SweepStore:
    """The writing connection. Exactly one process holds one at a time: the engine, under its lock, with its own epoch.

    A write of an engine that has been replaced fails in `write` (LockedError): each transaction checks the epoch.
    Durability: a commit survives the death of any process at once; `sync` makes it survive power loss too.
    """

    def __init__(self, folder: str | Path) -> None:
        """Opens or creates `<folder>/sweep.db` and takes the next epoch.

        Raises WorkspaceError for a newer schema, sqlite3.OperationalError when the disk is full.
        """
        self._sql = load_queries("writer.sql")
        path = str(Path(folder) / FILE)
        if not os.path.exists(path):
            _create(path, self._sql)
        self._db = sqlite3.connect(path, isolation_level=None, timeout=30)
        try:
            #: Fencing epoch of this engine.
            self.epoch = self._take_over()
        except BaseException:
            self._db.close()
            raise
        last = self._db.execute(self._sql["last_event"]).fetchone()
        #: Sequence number of the last stored event, and the engine time that it carries.
        self.last_seq, self.last_ran_s = last if last else (0, 0.0)

    def _take_over(self) -> int:
        self._db.execute("PRAGMA synchronous = NORMAL")
        self._db.execute("BEGIN IMMEDIATE")
        self._check_schema()
        epoch = int(self._meta("epoch") or 0) + 1
        self._set_meta("epoch", str(epoch))
        self._db.execute("COMMIT")
        return epoch

    def _check_schema(self) -> None:
        version = int(self._meta("schema_version") or 0)
        if version > SCHEMA_VERSION:
            raise WorkspaceError(
                f"this sweep was written by a newer Overdrive (tables of version {version}, "
                f"this one writes {SCHEMA_VERSION})",
                hint="upgrade Overdrive to go on with it; reading it works",
            )

    def _meta(self, key: str) -> str | None:
        row = self._db.execute(self._sql["get_meta"], {"key": key}).fetchone()
        return row[0] if row else None

    def _set_meta(self, key: str, value: str) -> None:
        self._db.execute(self._sql["set_meta"], {"key": key, "value": value})

    def write(self, batch: Batch) -> None:
        """All of the batch or nothing. Raises LockedError when another engine took over, sqlite3.OperationalError
        when the disk is full
        (then the same batch may be written again)."""
        self._db.execute("BEGIN IMMEDIATE")
        try:
            if self._meta("epoch") != str(self.epoch):
                raise LockedError("another engine has taken this sweep over; this one stops writing")
            self._db.executemany(self._sql["add_event"], [_event_row(event) for event in batch.events])
            self._db.executemany(self._sql["add_metric"], batch.metrics)
            self._db.executemany(self._sql["add_verdict"], batch.verdicts)
            self._db.executemany(self._sql["put_trial"], batch.trials.values())
            self._db.execute("COMMIT")
        except BaseException:
            if self._db.in_transaction:
                self._db.execute("ROLLBACK")
            raise
        self.last_seq = batch.events[-1].seq

    def sync(self) -> None:
        """Makes all that is committed survive power loss (about one fsync)."""
        self._db.execute("PRAGMA synchronous = FULL")
        try:
            self._db.execute("BEGIN IMMEDIATE")
            self._set_meta("synced", str(self.last_seq))
            self._db.execute("COMMIT")
        finally:
            if self._db.in_transaction:
                self._db.execute("ROLLBACK")
            self._db.execute("PRAGMA synchronous = NORMAL")

    def close(self) -> None:
        """Ends the connection; what was written stays."""
        self._db.close()


def _create(path: str, queries: dict[str, str]) -> None:
    """Makes the database aside and gives it its name when it is whole, so that no reader ever meets half a one.

    (A reader of a half-made one would have to roll its journal back, which it may not.) It is synced before it gets
    its name: power loss must not leave an empty file beside a WAL whose outcomes were synced. Without WAL on a network
    file system, where its shared memory does not work; elsewhere it begins when the tables are there: a WAL that a full
    disk keeps from being checkpointed would not be renamed, too.
    """
    new = f"{path}.new"
    for leftover in (new, f"{new}-journal", f"{new}-wal", f"{new}-shm"):
        Path(leftover).unlink(missing_ok=True)
    db = sqlite3.connect(new, isolation_level=None)
    try:
        db.execute("PRAGMA synchronous = OFF")
        db.execute("PRAGMA journal_mode = MEMORY")
        db.execute("BEGIN")
        for statement in load_queries("schema.sql")["create"].split(";\n\n"):
            db.execute(statement)
        db.execute(queries["set_meta"], {"key": "schema_version", "value": str(SCHEMA_VERSION)})
        db.execute("COMMIT")
        if not is_network(os.path.dirname(path)):
            db.execute("PRAGMA journal_mode = WAL")
    finally:
        db.close()
    os.chmod(new, 0o600)
    sync_file(new)
    os.rename(new, path)
    sync_folder(os.path.dirname(path))


def _event_row(event: Event) -> tuple:
    return (
        event.seq,
        event.epoch,
        event.at,
        event.ran_s,
        event.kind.value,
        event.trial,
        event.attempt,
        event_key(event),
        dump(event.body),
    )
