"""Durations, sizes, times and values as people read them."""

import json
import math
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from overdrive.records import show_number
from overdrive.views.strict import strict_json
from overdrive.views.words import count_of
from overdrive.views.words import from_iso_time
from overdrive.views.words import iso_time
from overdrive.views.words import show_configuration
from overdrive.views.words import show_duration
from overdrive.views.words import show_size
from overdrive.views.words import show_value
from overdrive.views.words import visible


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (None, ""),
        (-1, "0.0 s"),
        (0, "0.0 s"),
        (0.04, "0.0 s"),
        (9.94, "9.9 s"),
        (9.96, "10 s"),
        (59.4, "59 s"),
        (59.6, "1 min"),
        (60, "1 min"),
        (125, "2 min 5 s"),
        (3600, "1 h"),
        (3660, "1 h 1 min"),
        (7 * 3600 + 59 * 60 + 59.7, "8 h"),
        (90061, "1 d 1 h"),
        (86400 * 400, "400 d"),
    ],
)
def test_durations(seconds: float | None, text: str) -> None:
    assert show_duration(seconds) == text


@pytest.mark.parametrize(
    ("size", "text"),
    [
        (0, "0 bytes"),
        (512, "512 bytes"),
        (999, "999 bytes"),
        (1000, "1 kB"),
        (1234567, "1.2 MB"),
        (99_960_000, "100 MB"),
        (1_200_000_000, "1.2 GB"),
        (5 * 10**16, "50000 TB"),
    ],
)
def test_sizes(size: int, text: str) -> None:
    assert show_size(size) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.0312499, "0.03125"),
        (33.0, "33"),
        (1e-7, "1e-7"),
        (2.5e9, "2500000000"),
        (5185758293443790, "5185758293443790"),
        (1e20, "1e20"),
        (10**400, str(10**400)),
        (7, "7"),
        (True, "True"),
        (None, "None"),
        (math.nan, "nan"),
        (math.inf, "inf"),
        ("adam", "adam"),
        ("two\nlines\x1b[31m", "two\\nlines\\x1b[31m"),
        ([1, "a"], '[1, "a"]'),
        ({"k": 1}, '{"k": 1}'),
    ],
)
def test_values(value: object, text: str) -> None:
    assert show_value(value) == text


def test_a_configuration_reads_as_a_list() -> None:
    assert show_configuration({"lr": 0.01, "units": 64}) == "lr 0.01, units 64"
    assert show_configuration({}) == ""


@given(st.text())
def test_visible_text_is_printable_and_stays_on_its_line(text: str) -> None:
    shown = visible(text)
    assert shown.isprintable()
    assert shown == text or not text.isprintable()


def test_counts() -> None:
    assert [count_of(n, "trial") for n in (0, 1, 1200)] == ["0 trials", "1 trial", "1,200 trials"]
    assert count_of(2, "entry", "entries") == "2 entries"


def test_times_go_to_iso_and_back() -> None:
    assert iso_time(None) is None
    assert iso_time(1_767_225_600.25) == "2026-01-01T00:00:00.250Z"
    assert from_iso_time("2026-01-01T00:00:00.250Z") == 1_767_225_600.25
    assert from_iso_time("2026-01-01T01:00:00+01:00") == 1_767_225_600.0
    assert from_iso_time("2026-01-01T00:00:00") is None
    assert from_iso_time("None") is None


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf, [math.nan], {"a": (math.inf,)}, 2**70, -0.0, 1e308])
def test_json_is_strict_for_every_number(value: object) -> None:
    def refuse(word: str) -> None:
        raise AssertionError(word)

    json.loads(strict_json(value), parse_constant=refuse)


def test_json_keeps_what_it_can_and_names_what_it_cannot() -> None:
    assert json.loads(strict_json({"a": [1, None, True, "ü"], 1: math.nan})) == {"a": [1, None, True, "ü"], "1": "nan"}
    assert json.loads(strict_json({"path": json})) == {"path": str(json)}


_CASES = json.loads((Path(__file__).parents[2] / "web" / "src" / "data" / "numbers.json").read_text())


@pytest.mark.parametrize(("value", "text"), _CASES)
def test_numbers_as_in_studio(value: float, text: str) -> None:
    """The same cases as those of web/src/data/format.test.ts; Studio's minus is a longer one."""
    assert show_number(value) == text


@given(st.floats(-1e300, 1e300))
def test_a_number_is_near_what_is_shown(value: float) -> None:
    assert float(show_number(value)) == pytest.approx(value, rel=6e-4, abs=5e-324)
