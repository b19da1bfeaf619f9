"""Between records and rows: non-finite numbers, kinds, JSON columns."""

import json
import math
import sqlite3
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from overdrive.errors import WorkspaceError
from overdrive.records import Event
from overdrive.records import Kind
from overdrive.records import MetricRecord
from overdrive.records import Verdict
from overdrive.records import as_json_number
from overdrive.records import from_json_number

#: SQLite keeps whole numbers of 64 bits; larger ones become reals.
_INT_LIMIT = 2**63


def dump(value: object) -> str:
    """Strict JSON, as stored. Raises ValueError for non-finite numbers: they are converted before."""
    return json.dumps(value, allow_nan=False, ensure_ascii=False, separators=(",", ":"))


def metric_row(record: MetricRecord, trial: int, attempt: int, seq: int) -> tuple:
    """The row of one logged record, in the order of the query add_metric."""
    value, special = _value_columns(record)
    return (
        record.name,
        trial,
        attempt,
        record.n,
        value,
        special,
        record.kind,
        None if record.step is None else float(record.step),  # as the column gives it back
        record.at,
        record.rank,
        seq,
    )


def _value_columns(record: MetricRecord) -> tuple[object, str | None]:
    value = record.value
    if record.kind is not None:
        return (None if record.kind == "none" else dump(_strict(value))), None
    if isinstance(value, float):
        return (value, None) if math.isfinite(value) else (None, str(as_json_number(value)))
    if isinstance(value, int):
        return (value if -_INT_LIMIT <= value < _INT_LIMIT else float(value)), None
    raise TypeError(f"a scalar metric cannot hold {value!r}")


def _strict(value: object) -> object:
    """The same JSON value with non-finite numbers as words."""
    if isinstance(value, float):
        return as_json_number(value)
    if isinstance(value, list):
        return [_strict(item) for item in value]
    if isinstance(value, dict):
        return {str(key): _strict(item) for key, item in value.items()}
    return value


def damage(database: Path, said: str) -> WorkspaceError:
    """The error for what no engine writes; `said`: where it stands, and what it is."""
    return WorkspaceError(f"{database} is damaged: {said}", hint="`overdrive doctor` looks the workspace over")


def record_of_row(row: sqlite3.Row, database: Path) -> MetricRecord:
    """The inverse of `metric_row`. Raises WorkspaceError for a damaged row."""
    value: object = row["value"]
    try:
        if row["special"] is not None:
            value = float(row["special"])
        elif row["kind"] is not None and value is not None:
            value = json.loads(str(value))
    except ValueError as error:
        raise damage(database, f"record {row['n']} of {row['name']!r} cannot be read: {error}") from error
    return MetricRecord(row["n"], row["name"], value, row["kind"], row["step"], row["at"], row["rank"])


def digest(rows: list[tuple]) -> int:
    """crc32 of what the rows of one LOGGED event say (name to rank, without seq): replay holds the stored rows
    against it."""
    return zlib.crc32(repr([row[:10] for row in rows]).encode("utf-8", "surrogatepass"))


def verdict_of_row(row: sqlite3.Row) -> Verdict:
    keys = ("trial", "interval", "rule", "formula", "compared", "best_trial")
    return Verdict(
        **{key: row[key] for key in keys},
        stop=bool(row["stop"]),
        own=from_json_number(row["own"]),  # type: ignore[arg-type]
        threshold=from_json_number(row["threshold"]),
    )


def event_of_row(row: sqlite3.Row, database: Path) -> Event:
    """Raises WorkspaceError for an event that no engine of this version or an older one writes."""
    seq, word = row["seq"], row["kind"]
    kind = _KINDS.get(word)
    if kind is None:
        raise damage(database, f"event {seq} is of the kind {word!r}, which this version of Overdrive does not know")
    return Event(
        seq=seq,
        epoch=row["epoch"],
        at=row["at"],
        ran_s=row["ran_s"],
        kind=kind,
        trial=row["trial"],
        attempt=row["attempt"],
        body=json_object(row["body"], f"the body of event {seq} ({word})", database),
    )


_KINDS = {kind.value: kind for kind in Kind}


def json_object(text: str, what: str, database: Path) -> dict:
    """The JSON object in a column. Raises WorkspaceError, which names `what` it is, where there is none."""
    try:
        found = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise damage(database, f"{what} is no JSON: {error}") from error
    if not isinstance(found, dict):
        raise damage(database, f"{what} is no JSON object")
    return found


@contextmanager
def taking_in(event: Event, database: Path) -> Iterator[None]:
    """Raises WorkspaceError where the body of the event lacks what is asked of it inside, or has something else."""
    try:
        yield
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        said = f"has no {error}" if isinstance(error, KeyError) else f"does not hold what such an event says: {error}"
        raise damage(database, f"the body of event {event.seq} ({event.kind.value}) {said}") from error


def event_key(event: Event) -> str | None:
    """What may happen once only. A second insert of the same key is refused by the table."""
    body, kind = event.body, event.kind
    if kind is Kind.SUGGESTED:
        return f"suggested/{event.trial}"
    if kind in (Kind.PLANNED, Kind.STARTED, Kind.ENDED):
        return f"{kind.value}/{event.trial}/{event.attempt}"
    if kind is Kind.EARLIER:
        return f"earlier/{body['sweep']}"
    if kind is Kind.INHERITED:
        return f"inherited/{event.trial}"
    if kind is Kind.LOGGED:
        return f"logged/{event.trial}/{event.attempt}/{body['from']}"
    if kind is Kind.REQUESTED:
        return f"requested/{body['id']}"
    return "sweep_created" if kind is Kind.SWEEP_CREATED else None
