"""Spools: what any program may write, what a damaged file still says, and that nothing is read twice or left out."""

import json
import math
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from overdrive.records import MetricRecord
from overdrive.report.data import data_text
from overdrive.report.values import scalar_text
from overdrive.report.writer import SpoolWriter
from overdrive.store.spool import LINE_LIMIT_BYTES
from overdrive.store.spool import SpoolReader
from overdrive.store.spool import parse_lines

NAMES = st.text(min_size=1)
NUMBERS = st.one_of(st.floats(), st.integers(), st.booleans())
CELLS = st.one_of(st.none(), NUMBERS, st.text())
JSON = st.recursive(CELLS, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4))


def _line(name: str, value: object, step: str | None = None, kind: str | None = None) -> bytes:
    """A line as a trial writes it."""
    if kind is None:
        text, kind = scalar_text(value)
    else:
        text = data_text(kind, name, value)
    return SpoolWriter("unused").line(name, text, kind, step)


def _only(data: bytes) -> MetricRecord:
    records, bad = parse_lines(data, 7)
    assert (len(records), bad) == (1, 0)
    assert records[0].n == 7
    return records[0]


def _as_stored(value: object) -> object:
    """A number as a record has it."""
    if not isinstance(value, int):
        return value
    return int(value) if -(2**63) < value < 2**63 else float(value)


def _is_same(left: object, right: object) -> bool:
    """Equal in type and value, NaN and the sign of zero included."""
    return type(left) is type(right) and repr(left) == repr(right)


@given(NAMES, NUMBERS)
def test_numbers_come_back(name: str, value: float) -> None:
    record = _only(_line(name, value))
    assert record.name == name
    assert record.kind is None
    assert _is_same(record.value, _as_stored(value))


@pytest.mark.parametrize(
    "value", [0.0, -0.0, 5e-324, 1e308, -1e308, math.nan, math.inf, -math.inf, 2**53 + 1, 2**63, -(2**63), -(2**64)]
)
def test_borders_of_numbers_come_back(value: float) -> None:
    assert _is_same(_only(_line("loss", value)).value, _as_stored(value))


def test_numbers_without_end_are_infinite() -> None:
    assert _only(_line("loss", 10**400)).value == math.inf
    assert _only(_line("loss", -(10**9999))).value == -math.inf


def test_half_surrogate_pairs_are_replaced() -> None:
    record = _only(_line("a\ud800", "\udc80b"))
    assert (record.name, record.value) == ("a\ufffd", "\ufffdb")


@given(NAMES, st.text())
def test_text_comes_back(name: str, value: str) -> None:
    record = _only(_line(name, value))
    assert record.kind == "text"
    assert record.value == value


def test_nothing_comes_back() -> None:
    record = _only(_line("loss", None))
    assert (record.value, record.kind) == (None, "none")


@given(st.dictionaries(st.text(), CELLS))
def test_rows_come_back(row: dict) -> None:
    record = _only(_line("row", row, kind="row"))
    assert record.kind == "row"
    assert isinstance(record.value, dict)
    assert list(record.value) == list(row)
    json.dumps(record.value, allow_nan=False)


def test_non_finite_cells_are_words() -> None:
    record = _only(_line("curve", [1, math.nan, math.inf, -math.inf], kind="list"))
    assert record.value == [1, "nan", "inf", "-inf"]
    foreign = _only(b'{"name": "curve", "value": [1, NaN, Infinity, -Infinity]}\n')
    assert (foreign.value, foreign.kind) == (record.value, "list")


@pytest.mark.parametrize(
    ("line", "value", "kind"),
    [
        ('{"name": "a", "value": 0.91}', 0.91, None),
        ('{"name":"a","value":3}\r', 3, None),
        ('  {"value": true, "name": "a"}\t', 1, None),
        ('\ufeff{"name": "a", "value": 1}', 1, None),
        ('{"name": "a", "value": NaN}', math.nan, None),
        ('{"name": "a", "value": -Infinity}', -math.inf, None),
        ('{"name": "a", "value": 1e999}', math.inf, None),
        ('{"name": "a", "value": -1e999}', -math.inf, None),
        ('{"name": "a", "value": 9223372036854775807}', 2**63 - 1, None),
        ('{"name": "a", "value": 9223372036854775808}', 2.0**63, None),
        ('{"name": "a", "value": ' + "9" * 5000 + "}", math.inf, None),
        ('{"name": "a", "value": -' + "9" * 5000 + "}", -math.inf, None),
        ('{"name": "a", "value": "nan", "kind": "number"}', math.nan, None),
        ('{"name": "a", "value": "0.91"}', "0.91", "text"),
        ('{"name": "a", "value": "nan"}', "nan", "text"),
        ('{"name": "a", "value": "0.91", "kind": "number"}', "0.91", "text"),
        ('{"name": "a", "value": null}', None, "none"),
        ('{"name": "a", "value": [1, "x"]}', [1, "x"], "list"),
        ('{"name": "a", "value": {"b": 1}}', {"b": 1}, "row"),
        ('{"name": "a", "value": {"b": [1]}, "kind": "table"}', {"b": [1]}, "table"),
        ('{"name": "a", "value": 5, "kind": "table"}', 5, None),
        ('{"name": "a", "value": 5, "kind": 5}', 5, None),
        ('{"name": "a", "value": 5, "kind": "tag"}', 5, "tag"),
        ('{"name": "a", "value": "x\\ud800y"}', "x\ufffdy", "text"),
        ('{"name": "a", "value": "\\ud83d\\ude00"}', "😀", "text"),
    ],
)
def test_lines_of_other_programs(line: str, value: object, kind: str | None) -> None:
    record = _only(line.encode() + b"\n")
    assert record.name == "a"
    assert _is_same(record.value, value)
    assert record.kind == kind


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ('"step": 5', (5, None, 0)),
        ('"step": 0.5, "at": 12.5, "rank": 3', (0.5, 12.5, 3)),
        ('"step": "5", "at": "now", "rank": "3"', (None, None, 3)),
        ('"step": NaN, "at": Infinity, "rank": -1', (None, None, 0)),
        ('"step": true, "at": null, "rank": 1.5', (None, None, 0)),
        ('"step": ' + "9" * 400 + ', "rank": "' + "9" * 400 + '"', (None, None, 0)),
    ],
)
def test_step_time_and_rank(words: str, expected: tuple) -> None:
    record = _only(f'{{"name": "a", "value": 1, {words}}}\n'.encode())
    assert (record.step, record.at, record.rank) == expected


@pytest.mark.parametrize(
    "line",
    [
        b"hello",
        b"{}",
        b"[1]",
        b"5",
        b'{"name": "a"}',
        b'{"value": 1}',
        b'{"name": "", "value": 1}',
        b'{"name": 5, "value": 1}',
        b'{"name": null, "value": 1}',
        b'{"name": "a", "value": 1} {"name": "b", "value": 2}',
        b'{"name": "a", "value": 1}}',
        b'{"name": "a", "value": 1',
        b'{"name": "a", "value": }',
        b'{"name": "\xff", "value": 1}',
        b'{"name": "\xed\xa0\x80", "value": 1}',
        b'{"name": "a", "value": 1, "crc": "12345678"}',
        b'{"name": "a", "value": 1, "crc": 5}',
        b"\0" * 100,
        b'{"name": "a", "value": ' + b"[" * 100_000 + b"]" * 100_000 + b"}",
        b'{"name": "a", "value": ' + b"[" * 70 + b"]" * 70 + b"}",
        '{"name": "a", "value": 1}'.encode("utf-16"),
    ],
)
def test_lines_that_are_none_are_counted(line: bytes) -> None:
    good = _line("b", 2.5)
    records, bad = parse_lines(good + line + b"\n" + good, 0)
    assert [(record.n, record.value) for record in records] == [(0, 2.5), (1, 2.5)]
    assert bad == 1 + line.count(b"\n")


def test_empty_lines_are_nothing() -> None:
    assert parse_lines(b"\n\r\n  \n\n", 0) == ([], 0)


@given(st.binary())
def test_any_bytes_are_read(data: bytes) -> None:
    parse_lines(data, 0)


@given(JSON, st.sampled_from([None, "list", "row", "text", "tag", "number", "odd"]))
def test_any_value_can_be_stored(value: object, kind: str | None) -> None:
    line = json.dumps({"name": "a", "value": value, "kind": kind}).encode()
    for record in parse_lines(line, 0)[0]:
        if record.kind is not None:
            json.dumps(record.value, allow_nan=False, ensure_ascii=False).encode("utf-8")


def _spool(tmp_path: Path) -> tuple[Path, bytes]:
    lines = [
        _line("accuracy", 0.91, "1"),
        _line('name\nwith "odd" 😀 {"name": ', "text"),
        _line("row", {"name": "x", "value": 1}, kind="row"),
        b'{"name": "foreign", "value": 1}\n',
        _line("accuracy", math.nan, "2"),
    ]
    path = tmp_path / "spool.1.jsonl"
    path.write_bytes(b"".join(lines))
    return path, b"".join(lines)


def _values(records: list[MetricRecord]) -> list[str]:
    """What records say, comparable though NaN is not."""
    return [repr((record.name, record.value, record.kind, record.step)) for record in records]


def test_truncation_at_every_byte(tmp_path: Path) -> None:
    path, data = _spool(tmp_path)
    whole = SpoolReader(path).read(final=True)
    assert (len(whole.records), whole.bad, whole.end) == (5, 0, len(data))
    for size in range(len(data) + 1):
        path.write_bytes(data[:size])
        lines = data[:size].count(b"\n")
        reader = SpoolReader(path)
        batch = reader.read()
        assert (len(batch.records), batch.bad) == (lines, 0)
        assert batch.end == data.rfind(b"\n", 0, size) + 1
        ended = SpoolReader(path).read(final=True)
        torn = size not in (0, *(n + 1 for n, byte in enumerate(data) if byte == 10))
        is_whole = torn and data[size : size + 1] == b"\n"
        assert (len(ended.records), ended.bad) == (lines + is_whole, int(torn and not is_whole))
        assert ended.end == size
        path.write_bytes(data)  # the program was only slow
        rest = reader.read()
        assert _values(batch.records + rest.records) == _values(whole.records)
        assert [record.n for record in batch.records + rest.records] == [0, 1, 2, 3, 4]
        assert rest.start == batch.end and rest.first == len(batch.records)


def test_damage_at_every_byte(tmp_path: Path) -> None:
    """A flipped byte never changes a value that our writer wrote: the line is as it was, or it is counted as bad."""
    _, data = _spool(tmp_path)
    data = b"".join(line + b"\n" for line in data.split(b"\n") if line and b"foreign" not in line)
    true = set(_values(parse_lines(data, 0)[0]))
    for place in range(len(data)):
        for flip in (0x01, 0x20, 0x80, data[place] ^ 0x0A):
            damaged = data[:place] + bytes([data[place] ^ flip]) + data[place + 1 :]
            records, bad = parse_lines(damaged, 0)
            assert set(_values(records)) <= true
            assert len(records) + bad >= 3
            assert bad or len(records) == 4


@pytest.mark.parametrize("max_bytes", [1, 7, 64, 150, 1000])
def test_small_reads_say_the_same(tmp_path: Path, max_bytes: int) -> None:
    path, data = _spool(tmp_path)
    whole = SpoolReader(path).read()
    records: list[MetricRecord] = []
    offset = 0
    while (batch := SpoolReader(path, offset, len(records)).read(max_bytes, final=True)).end > offset:
        assert (batch.start, batch.first) == (offset, len(records))
        records += batch.records
        offset = batch.end
    assert offset == len(data)
    assert [record.n for record in records] == list(range(5))
    assert _values(records) == _values(whole.records)


def test_a_whole_line_behind_a_torn_one_is_saved() -> None:
    line = _line("accuracy", 0.91)
    for cut in range(1, len(line) - 1):
        records, bad = parse_lines(line[:cut] + line, 0)
        assert _values(records) == _values(parse_lines(line, 0)[0])
        assert bad == 1


def test_long_lines(tmp_path: Path) -> None:
    path = tmp_path / "spool.1.jsonl"
    path.write_bytes(_line("table", {"cells": list(range(300_000))}, kind="table") + _line("a", 1))
    reader = SpoolReader(path)
    first = reader.read()
    assert [record.kind for record in first.records] == ["table"]
    assert [record.name for record in reader.read().records] == ["a"]


def test_a_file_of_zeros_is_passed_by(tmp_path: Path) -> None:
    path = tmp_path / "spool.1.jsonl"
    path.touch()
    os.truncate(path, LINE_LIMIT_BYTES + 10)
    with path.open("ab") as file:
        file.write(b"\n" + _line("a", 1))
    reader, batches = SpoolReader(path), []
    while (batch := reader.read()).end > batch.start:
        batches.append(batch)
    assert [record.name for batch in batches for record in batch.records] == ["a"]
    assert sum(batch.bad for batch in batches) == 2


def test_what_is_no_file_says_nothing(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "short").write_bytes(b"abc")
    for path, offset in ((tmp_path / "missing", 0), (tmp_path / "pipe", 0), (tmp_path, 0), (tmp_path / "short", 10)):
        batch = SpoolReader(path, offset, 4).read(final=True)
        assert (batch.records, batch.start, batch.end, batch.bad, batch.first) == ([], offset, offset, 0, 4)
