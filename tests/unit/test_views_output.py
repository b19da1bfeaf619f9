"""What trials printed, read back: ends, holes, bytes that are no text."""

import json
from pathlib import Path

import pytest

from overdrive.views.output import last_lines
from overdrive.views.output import output_tail
from overdrive.views.output import read_output


def punch(path: Path, first: int, last: int) -> None:
    path.with_name(f"{path.stem}.hole.json").write_text(json.dumps({"from": first, "to": last}))


@pytest.fixture
def output(tmp_path: Path) -> Path:
    path = tmp_path / "output.1.txt"
    path.write_bytes(b"".join(b"line %02d\n" % n for n in range(100)))  # 8 bytes a line
    return path


def test_a_short_output_comes_whole(output: Path) -> None:
    assert output_tail(output) == output.read_text()


@pytest.mark.parametrize(("size", "first"), [(16, "98"), (17, "98"), (23, "98"), (24, "97"), (800, "00"), (799, "01")])
def test_a_tail_begins_with_a_line(output: Path, size: int, first: str) -> None:
    assert output_tail(output, size).startswith(f"line {first}\n")
    assert output_tail(output, size).endswith("line 99\n")


def test_one_long_line_is_cut_in_the_middle(tmp_path: Path) -> None:
    path = tmp_path / "output.1.txt"
    path.write_bytes(b"x" * 1000)
    assert output_tail(path, 10) == "x" * 11


def test_nothing_there(tmp_path: Path) -> None:
    assert output_tail(tmp_path / "output.1.txt") == ""
    assert read_output(tmp_path / "output.1.txt", 0) == b""


def test_bytes_that_are_no_text(tmp_path: Path) -> None:
    path = tmp_path / "output.1.txt"
    path.write_bytes(b"ok\n\xff\xfe\x00half \xc3")
    assert output_tail(path) == "ok\n\ufffd\ufffd\x00half \ufffd"


def test_a_hole_is_one_line(output: Path) -> None:
    punch(output, 80, 720)
    text = output_tail(output)
    assert text.splitlines() == [
        *[f"line {n:02}" for n in range(10)],
        "",
        "… 640 bytes left out …",
        *[f"line {n:02}" for n in range(90, 100)],
    ]
    assert read_output(output, 80, 88) == "\n… 640 bytes left out …\n".encode()
    assert read_output(output, 0, 80).endswith(b"line 09\n")
    assert read_output(output, 720).startswith(b"line 90\n")


@pytest.mark.parametrize(("size", "first"), [(80, "line 90"), (64, "line 92"), (96, "line 08")])
def test_a_tail_does_not_count_the_hole(output: Path, size: int, first: str) -> None:
    punch(output, 80, 720)
    assert output_tail(output, size).splitlines()[0] == first


@pytest.mark.parametrize("text", ["", "{}", "[1]", '{"from": 9, "to": 3}', '{"from": "a", "to": 3}'])
def test_a_damaged_marker_is_no_hole(output: Path, text: str) -> None:
    output.with_name("output.1.hole.json").write_text(text)
    assert output_tail(output) == output.read_text()


@pytest.mark.parametrize(
    ("text", "count", "lines"),
    [
        ("a\nb\nc\n", 2, "b\nc\n"),
        ("a\nb\nc", 2, "b\nc"),
        ("a\n", 5, "a\n"),
        ("", 3, ""),
        ("a\n\n", 1, "\n"),
        ("a", 0, ""),
    ],
)
def test_last_lines(text: str, count: int, lines: str) -> None:
    assert last_lines(text, count) == lines
