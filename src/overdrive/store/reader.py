"""Everybody else's side of a sweep's database: read only, no transaction left open but for a `snapshot`."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

from overdrive.errors import NotFoundError
from overdrive.errors import WorkspaceError
from overdrive.host.files import require_regular
from overdrive.records import Event
from overdrive.records import Kind
from overdrive.records import MetricRecord
from overdrive.store.queries import load_queries
from overdrive.store.rows import event_of_row
from overdrive.store.rows import record_of_row
from overdrive.store.rows import taking_in
from overdrive.store.writer import FILE

#: What SQLite says where it cannot make the file beside the database that indexes the WAL.
_NO_INDEX = ("disk I/O error", "unable to open database file")


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return 0


def _require_files(database: Path) -> None:
    """WorkspaceError where the database, or what SQLite keeps beside it, is no file: SQLite would wait at a pipe."""
    for ending in ("", "-journal", "-wal", "-shm"):
        path = f"{database}{ending}"
        try:
            require_regular(path, os.stat(path).st_mode)
        except FileNotFoundError:
            continue
        except OSError as error:
            raise WorkspaceError(f"{path} cannot be read: {error.strerror}") from error


def _roll_back(path: Path) -> None:
    """Lets SQLite undo what a killed engine left half-written where there is no WAL; read-only connections may not.

    Only where a rollback journal lies, that is on network file systems. SQLite's own locks keep a living engine's from
    being touched.
    """
    journal = path.with_name(f"{path.name}-journal")
    if journal.exists() and journal.stat().st_size:
        db = sqlite3.connect(str(path), timeout=30)
        db.execute("SELECT COUNT(*) FROM meta").fetchone()
        db.close()


class SweepReader:
    """A read-only connection. Each call is one short read, so that it never holds the engine's checkpoints up."""

    def __init__(self, folder: str | Path) -> None:
        """Raises NotFoundError where the engine has not made the database yet, WorkspaceError where it cannot be read,
        as any read does.
        """
        path = Path(folder) / FILE
        if not path.exists():
            raise NotFoundError(f"{folder} has no {FILE} yet")
        self._path = path
        _require_files(path)
        with self._told():
            _roll_back(path)
            self._db = self._connect("mode=ro")
        self._sql = load_queries("reader.sql")

    @contextmanager
    def _told(self) -> Iterator[None]:
        """SQLite does not say which database it is that it cannot read."""
        try:
            yield
        except sqlite3.Error as error:
            hint = "`overdrive doctor` looks the workspace over"
            raise WorkspaceError(f"{self._path} cannot be read: {error}", hint=hint) from error

    def _connect(self, how: str) -> sqlite3.Connection:
        db = sqlite3.connect(f"file:{quote(str(self._path))}?{how}", uri=True, timeout=30, isolation_level=None)
        db.row_factory = sqlite3.Row
        return db

    def _execute(self, query: str, parameters: dict[str, object]) -> sqlite3.Cursor:
        """Runs a named query, also where SQLite cannot make the WAL's index (a full disk, a folder that is read only)
        and there is no WAL to be read."""
        try:
            return self._db.execute(self._sql[query], parameters)
        except sqlite3.OperationalError as error:
            if str(error) not in _NO_INDEX or _size(self._path.with_name(f"{FILE}-wal")):
                raise
        self._db.close()
        self._db = self._connect("immutable=1")
        return self._db.execute(self._sql[query], parameters)

    @contextmanager
    def snapshot(self) -> Iterator[None]:
        """All reads inside see the database as it was at the first of them, whatever the engine writes meanwhile.

        For work that holds tables against each other; keep it short, since the WAL grows as long as it lasts.
        """
        with self._told():
            self._db.execute("BEGIN")
        try:
            yield
        finally:
            if self._db.in_transaction:
                self._db.execute("ROLLBACK")

    def rows(self, query: str, **parameters: object) -> list[sqlite3.Row]:
        """All rows of a named query of reader.sql. A database whose tables are being made reads as empty."""
        with self._told():
            try:
                return self._execute(query, parameters).fetchall()
            except sqlite3.OperationalError as error:
                if "no such table" in str(error):
                    return []
                raise

    def row(self, query: str, **parameters: object) -> sqlite3.Row | None:
        """The first row, or None."""
        rows = self.rows(query, **parameters)
        return rows[0] if rows else None

    def events(self, after: int = 0, limit: int = -1) -> list[Event]:
        """The journal after sequence number `after`, at most `limit` events (-1: all)."""
        return self._events("events_after", seq=after, limit=limit)

    def own_events(self) -> list[Event]:
        """The sweep's own events, without the time that passed."""
        return self._events("sweep_events")

    def events_of_kind(self, kind: Kind, limit: int = -1) -> list[Event]:
        """The latest events of a kind, the last one first."""
        return self._events("last_events_of_kind", kind=kind.value, limit=limit)

    def _events(self, query: str, **parameters: object) -> list[Event]:
        return [event_of_row(row, self._path) for row in self.rows(query, **parameters)]

    def last_seq(self) -> int:
        row = self.row("last_seq")
        return row[0] if row else 0

    def last_event(self, kind: Kind) -> Event | None:
        """The latest event of a kind."""
        return next(iter(self.events_of_kind(kind, 1)), None)

    def history(
        self, metric: str | None, after: int = 0, until: int = -1
    ) -> Iterator[tuple[Event, list[MetricRecord]]]:
        """The journal, each event with those of its records that carry the primary metric's name.

        after, until: only events with sequence numbers above the one, and up to the other (-1: to the end).
        """
        if after:  # few events: each one's records by their key are found faster than among all in order
            for event in self.events(after, max(0, until - after) if until >= 0 else -1):
                yield event, self._primary_of(event, metric)
            return
        with self._told():
            cursor = self._execute("primary_in_order", {"name": metric})
            row = cursor.fetchone()
            for event_row in self._execute("events_after", {"seq": 0, "limit": until}):
                event = event_of_row(event_row, self._path)
                records: list[MetricRecord] = []
                while row is not None and row["seq"] == event.seq:
                    records.append(record_of_row(row, self._path))
                    row = cursor.fetchone()
                yield event, records

    def _primary_of(self, event: Event, metric: str | None) -> list[MetricRecord]:
        if event.kind not in (Kind.LOGGED, Kind.INHERITED):
            return []
        with taking_in(event, self._path):
            first = event.body["first"]
            span = {"first": first, "last": first + event.body["count"] - 1}
        key = {"name": metric, "trial": event.trial, "attempt": event.attempt}
        return [record_of_row(row, self._path) for row in self.rows("primary_of_event", **key, **span)]

    def records_in_order(self) -> Iterator[tuple[int, int, int, MetricRecord, tuple]]:
        """(seq, trial, attempt, record, stored columns name…rank) of every record, in the journal's order."""
        names = ("name", "trial", "attempt", "n", "value", "special", "kind", "step", "at", "rank")
        with self._told():
            for row in self._execute("records_in_order", {}):
                stored = tuple(row[name] for name in names)
                yield row["seq"], row["trial"], row["attempt"], record_of_row(row, self._path), stored

    def close(self) -> None:
        self._db.close()

    def __enter__(self) -> "SweepReader":
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()
