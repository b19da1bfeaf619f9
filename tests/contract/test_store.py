"""The store: what is written is read, fenced, idempotent, and survives what it must."""

import math
import sqlite3
from pathlib import Path

import pytest

from overdrive.errors import LockedError
from overdrive.errors import NotFoundError
from overdrive.errors import WorkspaceError
from overdrive.records import Event
from overdrive.records import Kind
from overdrive.records import MetricRecord
from overdrive.store import Batch
from overdrive.store import SweepReader
from overdrive.store import SweepStore


def logged(seq: int, count: int, first: int = 0) -> Event:
    body = {"from": first, "to": first + count, "first": first, "count": count, "bad": 0}
    return Event(seq=seq, epoch=1, kind=Kind.LOGGED, trial=3, attempt=1, body=body)


def write_records(store: SweepStore, records: list[MetricRecord]) -> None:
    batch = Batch()
    event = logged(store.last_seq + 1, len(records), records[0].n)
    batch.add_records(event, records)
    batch.events.append(event)
    store.write(batch)


@pytest.mark.parametrize(
    "value",
    [0.5, -0.0, 1e308, 7, 2**53 + 1, -(2**63), math.inf, -math.inf, True],
    ids=str,
)
def test_a_number_comes_back_as_it_was(tmp_path: Path, value: float) -> None:
    store = SweepStore(tmp_path)
    write_records(store, [MetricRecord(0, "loss", value, None, 2.5, 12.0, 1)])
    with SweepReader(tmp_path) as reader:
        _, trial, attempt, record, _ = next(reader.records_in_order())
    assert (trial, attempt, record.name, record.step, record.at, record.rank) == (3, 1, "loss", 2.5, 12.0, 1)
    assert record.value == value
    assert math.copysign(1, record.value) == math.copysign(1, value)  # type: ignore[arg-type]
    store.close()


def test_nan_is_kept_apart_from_nothing(tmp_path: Path) -> None:
    store = SweepStore(tmp_path)
    write_records(store, [MetricRecord(0, "loss", math.nan), MetricRecord(1, "loss", None, "none")])
    with SweepReader(tmp_path) as reader:
        first, second = (record for _, _, _, record, _ in reader.records_in_order())
    assert math.isnan(first.value)  # type: ignore[arg-type]
    assert second.value is None and second.kind == "none"
    store.close()


def test_an_int_beyond_64_bits_becomes_a_real(tmp_path: Path) -> None:
    store = SweepStore(tmp_path)
    write_records(store, [MetricRecord(0, "loss", 2**70)])
    with SweepReader(tmp_path) as reader:
        assert next(reader.records_in_order())[3].value == float(2**70)
    store.close()


def test_lists_keep_their_non_finite_members(tmp_path: Path) -> None:
    store = SweepStore(tmp_path)
    write_records(store, [MetricRecord(0, "xs", [1.0, math.nan, "a"], "list")])
    with SweepReader(tmp_path) as reader:
        assert next(reader.records_in_order())[3].value == [1.0, "nan", "a"]
    store.close()


def test_a_replaced_engine_cannot_write(tmp_path: Path) -> None:
    old, new = SweepStore(tmp_path), SweepStore(tmp_path)
    assert new.epoch == old.epoch + 1
    with pytest.raises(LockedError):
        write_records(old, [MetricRecord(0, "loss", 1.0)])
    write_records(new, [MetricRecord(0, "loss", 2.0)])
    with SweepReader(tmp_path) as reader:
        assert [record.value for *_, record, _ in reader.records_in_order()] == [2.0]
    old.close()
    new.close()


def test_what_may_happen_once_happens_once_and_the_batch_is_all_or_nothing(tmp_path: Path) -> None:
    store = SweepStore(tmp_path)
    planned = {"kind": Kind.PLANNED, "trial": 0, "attempt": 1}
    store.write(Batch(events=[Event(seq=1, epoch=1, **planned)]))
    with pytest.raises(sqlite3.IntegrityError):
        store.write(Batch(events=[Event(seq=2, epoch=1, kind=Kind.NOTED), Event(seq=3, epoch=1, **planned)]))
    with SweepReader(tmp_path) as reader:
        assert [event.seq for event in reader.events()] == [1]
    store.close()


def test_a_reader_before_the_engine(tmp_path: Path) -> None:
    with pytest.raises(NotFoundError):
        SweepReader(tmp_path)


def test_a_newer_schema_is_not_written(tmp_path: Path) -> None:
    SweepStore(tmp_path).close()
    with sqlite3.connect(tmp_path / "sweep.db") as db:
        db.execute("UPDATE meta SET value = '99' WHERE key = 'schema_version'")
    db.close()
    with pytest.raises(WorkspaceError, match="newer"):
        SweepStore(tmp_path)


def test_a_reader_never_blocks_the_writer(tmp_path: Path) -> None:
    store = SweepStore(tmp_path)
    write_records(store, [MetricRecord(n, "loss", 1.0) for n in range(10)])
    with SweepReader(tmp_path) as reader:
        half_read = reader.records_in_order()
        next(half_read)
        write_records(store, [MetricRecord(10, "loss", 1.0)])
        with SweepReader(tmp_path) as other:
            assert len(other.events()) == 2
        half_read.close()
    store.sync()
    store.close()


def test_a_snapshot_holds_still_while_the_engine_writes(tmp_path: Path) -> None:
    store = SweepStore(tmp_path)
    write_records(store, [MetricRecord(0, "loss", 1.0)])
    with SweepReader(tmp_path) as reader:
        with reader.snapshot():
            assert len(reader.events()) == 1
            write_records(store, [MetricRecord(1, "loss", 2.0)])
            assert len(reader.events()) == len([*reader.records_in_order()]) == 1
        assert len(reader.events()) == len([*reader.records_in_order()]) == 2
    store.close()
