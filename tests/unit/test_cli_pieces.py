"""Parts of the command line that decide by themselves: what fits, what is drawn, how words become input."""

import csv
import errno
import io
import math
import sqlite3
from pathlib import Path
from types import SimpleNamespace

import click
import pytest
from hypothesis import given
from hypothesis import strategies as st
from journals import WrittenSweep
from rich.console import Console
from rich.text import Text

from overdrive.cli.errors import explain
from overdrive.cli.exporting import csv_text
from overdrive.cli.live import bar
from overdrive.cli.live import drawing
from overdrive.cli.log_pairs import log_pairs
from overdrive.cli.main import main
from overdrive.cli.tables import Column
from overdrive.cli.tables import fitting
from overdrive.cli.trial_page import sparkline
from overdrive.cli.tuning import sweep_spec
from overdrive.client.find import short_name
from overdrive.errors import LockedError
from overdrive.errors import NotFoundError
from overdrive.errors import SpecError
from overdrive.records import Outcome
from overdrive.views import open_sweep


def columns(*sizes: tuple[str, int, int]) -> list[Column]:
    """(title, width, weight) each."""
    return [Column(title, ["x" * size], weight) for title, size, weight in sizes]


def test_the_lightest_columns_give_way() -> None:
    found = columns(("a", 10, 100), ("b", 10, 1), ("c", 10, 50))
    assert [c.title for c in fitting(found, 34)] == ["a", "b", "c"]
    assert [c.title for c in fitting(found, 33)] == ["a", "c"]
    assert [c.title for c in fitting(found, 21)] == ["a"]
    assert [c.title for c in fitting(found, 1)] == ["a"]


def test_a_column_that_may_be_broken_counts_with_its_least_width() -> None:
    found = [*columns(("a", 10, 100)), Column("why", ["x" * 500], 1, least=20)]
    assert len(fitting(found, 32)) == 2 and len(fitting(found, 31)) == 1


@given(st.lists(st.integers(0, 50), min_size=4, max_size=4), st.integers(0, 300), st.integers(20, 200))
def test_a_bar_fills_its_room(parts: list[int], total: int, room: int) -> None:
    text = bar(parts, total, room, "#+x>.").plain
    assert len(text) == min(room, 72)
    assert text == "".join(sorted(text, key="#+x>.".index))
    assert (parts[0] > 0) == ("#" in text)


@pytest.mark.parametrize(
    ("values", "picture"),
    [
        ([0.0, 1.0], "▁█"),
        ([1.0, 1.0], "▁▁"),
        ([0.0, math.nan, 1.0, math.inf], "▁·█·"),
        ([math.nan], ""),
        ([-1.0, 0.0, 1.0], "▁▅█"),
    ],
)
def test_small_pictures_of_curves(values: list[float], picture: str) -> None:
    assert sparkline(values) == picture


@given(st.lists(st.floats(), min_size=1, max_size=500))
def test_a_picture_is_never_too_long(values: list[float]) -> None:
    assert len(sparkline(values)) <= 40


@pytest.mark.parametrize(
    ("values", "joint", "picture"),
    [([1, 2, 3, 4], 2, "▁▃│▆█"), ([1, 2], 2, "▁█│"), ([float(n) for n in range(400)], 200, None)],
)
def test_a_line_in_the_picture_stands_where_the_trial_went_on(
    values: list[float], joint: int, picture: str | None
) -> None:
    found = sparkline(values, joint)
    assert found == (picture or found)
    assert found.index("│") == min(len(values), 40) * joint // len(values)


@given(
    st.lists(
        st.dictionaries(st.just("a,\n"), st.none() | st.floats() | st.text() | st.lists(st.integers()), min_size=1)
    )
)
def test_csv_reads_back(rows: list[dict[str, object]]) -> None:
    back = list(csv.DictReader(io.StringIO(csv_text(rows, ["a,\n"]), newline="")))
    assert len(back) == len(rows)
    for row, read in zip(rows, back, strict=True):
        value = row["a,\n"]
        if isinstance(value, str):
            assert read["a,\n"].replace("\r\n", "\n") == value.replace("\r\n", "\n")


def test_short_ids_are_unique() -> None:
    names = ["HD_aaaaaaaa-1111", "HD_aaaaaaaa-2222", "HD_bbbbbbbb-1111", "run_1_x"]
    assert [short_name(name, names) for name in names] == ["HD_aaaaaaaa-1", "HD_aaaaaaaa-2", "HD_bbbbbbbb", "run_1_x"]


@pytest.mark.parametrize(
    ("error", "code", "said"),
    [
        (SpecError(field="seed", value=-1, allowed="0 or more"), 2, "seed = -1 is not allowed"),
        (NotFoundError("there is no sweep"), 3, "there is no sweep"),
        (LockedError(), 4, "Another engine holds this sweep."),
        (click.UsageError("no such option"), 2, "no such option"),
        (PermissionError(errno.EACCES, "Permission denied", "/x"), 4, "cannot use /x: Permission denied"),
        (OSError(errno.ENOSPC, "No space left on device"), 4, "cannot use: No space left"),
        (sqlite3.DatabaseError("file is not a database"), 4, "cannot be read: file is not a database"),
        (KeyError("x"), 1, "unexpected KeyError: 'x'"),
        (ZeroDivisionError(), 1, "unexpected ZeroDivisionError"),
    ],
)
def test_each_error_has_its_code_and_words(error: BaseException, code: int, said: str) -> None:
    message, hint, found = explain(error)
    assert found == code and said in message
    assert code != 1 or "report it" in (hint or "")


def test_log_appends_numbers_and_text(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import json

    monkeypatch.setenv("OVERDRIVE_METRICS", str(tmp_path / "spool"))
    log_pairs(["acc=0.5", "n=3", "bad=nan", "note=a=b", "odd=1_000", "low=-inf"], 7.0)
    lines = [json.loads(line) for line in (tmp_path / "spool").read_text().splitlines()]
    assert [(line["name"], line["value"]) for line in lines] == [
        ("acc", 0.5),
        ("n", 3),
        ("bad", "nan"),
        ("note", "a=b"),
        ("odd", "1_000"),
        ("low", "-inf"),
    ]
    assert all(line["step"] == 7 for line in lines)


@pytest.mark.parametrize("pair", ["acc", "=1", ""])
def test_log_takes_pairs_only(pair: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OVERDRIVE_METRICS", str(tmp_path / "spool"))
    with pytest.raises(SpecError, match="NAME=VALUE"):
        log_pairs(["ok=1", pair], None)
    assert not (tmp_path / "spool").exists()


def test_log_outside_a_trial() -> None:
    with pytest.raises(SpecError, match="no trial"):
        log_pairs(["acc=1"], None)


# ---- tune's options


@pytest.fixture
def script(tmp_path: Path) -> Path:
    path = tmp_path / "job" / "train.py"
    path.parent.mkdir()
    path.write_text("pass")
    return path


def spec(script: Path | None, rest: tuple[str, ...] = (), *words: str):
    """The spec of `tune` with these options."""
    needed = ["-s", "lr=uniform(0, 1)", "-m", "acc", "--goal", "maximize"]
    command = main.commands["tune"]
    arguments = [*([str(script)] if script else []), *needed, *words]
    options = command.make_context("tune", arguments).params
    return sweep_spec(rest, **{name: value for name, value in options.items() if name not in ("detach", "as_json")})


def test_a_script_with_its_folder(script: Path) -> None:
    found = spec(script, ("--epochs", "3"))
    assert found.run.source_directory == str(script.parent) and found.run.script == "train.py"
    assert found.run.arguments == ("--epochs", "3") and found.run.command[1] == "train.py"
    assert (found.experiment, found.max_total_runs, found.max_concurrent_runs) == ("train", 20, None)
    assert found.sampling["name"] == "RANDOM" and found.policy["name"] == "Default"


@pytest.mark.parametrize("given", ["job/train.py", "train.py"])
def test_a_script_below_a_source_folder(script: Path, given: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(script.parent.parent)
    found = spec(Path(given), (), "--source", "job")
    assert found.run.source_directory == str(script.parent) and found.run.script == "train.py"


def test_a_whole_command(script: Path) -> None:
    found = spec(None, ("./sim", "--steps", "3"), "--source", str(script.parent))
    assert found.run.command == ("./sim", "--steps", "3") and found.run.script is None
    assert found.experiment == "sim"


def test_every_option_arrives(script: Path) -> None:
    found = spec(
        script, (), "-s", "units=choice(16, 32)", "-n", "7", "-j", "3", "--max-duration-minutes", "1.5", "--policy",
        "median(delay_evaluation=5)", "--seed", "11", "--stop-after-failures", "never", "--name", "digits", "--env",
        "A=b=c", "--keep-work",
    )  # fmt: skip
    assert list(found.space) == ["lr", "units"]
    assert (found.max_total_runs, found.max_concurrent_runs, found.max_duration_minutes) == (7, 3, 1.5)
    assert found.policy["properties"]["delay_evaluation"] == 5
    assert (found.seed, found.stop_after_failures, found.experiment) == (11, 0, "digits")
    assert found.run.environment == {"A": "b=c"} and found.run.keep_work


def test_a_grid_runs_all_cells(script: Path) -> None:
    command = main.commands["tune"]
    words = [str(script), "-s", "a=choice(1, 2, 3)", "-s", "b=choice(1, 2)", "-m", "x", "--goal", "minimize"]
    params = command.make_context("tune", [*words, "--sampling", "grid"]).params
    found = sweep_spec((), **{name: value for name, value in params.items() if name not in ("detach", "as_json")})
    assert found.max_total_runs == 6


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["-s", "lr"], "NAME=VALUE"),
        (["-s", "=uniform(0, 1)"], "NAME=VALUE"),
        (["-s", "lr=uniform(0, 2)"], "twice"),
        (["-s", "a=unifrom(0, 1)"], "--space a: "),
        (["-s", "a=uniform(1, 0)"], "--space a: "),
        (["--policy", "bandit"], "slack"),
        (["--policy", "bandido(1)"], "policy"),
        (["--policy", "truncation(percentage=20)"], "no argument 'percentage'"),
        (["--experiment", ""], "name = ''"),
        (["--experiment", "a/b"], "name = 'a/b'"),
        (["--sampling", "rnadom"], "sampl"),
        (["--stop-after-failures", "often"], "never"),
        (["--sampling", "random(seed=3)", "--seed", "4"], "twice"),
        (["-n", "0"], "max_total_runs"),
        (["--env", "A"], "NAME=VALUE"),
        (["--interpreter", "/no/such/python"], "interpreter"),
    ],
)
def test_what_is_wrong_is_named(script: Path, words: list[str], said: str) -> None:
    with pytest.raises(SpecError, match=said):
        spec(script, (), *words)


@pytest.mark.parametrize("missing", ["-s", "-m", "--goal"])
def test_what_is_missing_is_named(script: Path, missing: str) -> None:
    words = {"-s": "lr=uniform(0, 1)", "-m": "acc", "--goal": "maximize"}
    del words[missing]
    params = (
        main.commands["tune"].make_context("tune", [str(script), *(w for pair in words.items() for w in pair)]).params
    )
    with pytest.raises(SpecError, match="was not given"):
        sweep_spec((), **{name: value for name, value in params.items() if name not in ("detach", "as_json")})


def test_no_script_and_no_command() -> None:
    with pytest.raises(SpecError, match="nothing to run"):
        spec(None)
    with pytest.raises(SpecError, match="names no file"):
        spec(Path("nowhere.py"))


# ---- the live view


@pytest.fixture
def sweep(tmp_path: Path):
    sweep = WrittenSweep(tmp_path / "s")
    sweep.run(0, 0.5, 0.9)
    sweep.run(1, outcome=Outcome.FAILED, reason="failed with exit code 1: \x1b[31mboom\x1b[0m [red]and more[/red]")
    sweep.start(2)
    sweep.log(2, 0.25)
    yield sweep
    sweep.close()


@pytest.mark.parametrize("width", [40, 80, 200])
@pytest.mark.parametrize("color", [True, False])
def test_a_drawing_fits_and_names_what_matters(sweep: WrittenSweep, width: int, color: bool) -> None:
    console = Console(file=io.StringIO(), width=width, force_terminal=True, no_color=not color, markup=False)
    console.print(drawing(open_sweep(sweep.folder), console))
    shown = console.file.getvalue()  # type: ignore[attr-defined]
    assert all(len(line) <= width for line in Text.from_ansi(shown).plain.splitlines())
    assert "\x1b[31mboom" not in shown
    plain = " ".join(Text.from_ansi(shown).plain.split())
    for words in (
        "2 of 10 trials done (1 failed), 1 running",
        "best accuracy 0.9 by trial 0",
        "trial 2: 0.25",
        "[red]and",
    ):
        assert words in plain


def test_a_terminal_without_blocks_gets_letters(sweep: WrittenSweep) -> None:
    console = SimpleNamespace(width=80, encoding="ascii")
    group = drawing(open_sweep(sweep.folder), console)  # type: ignore[arg-type]
    assert set(group.renderables[1].plain) <= set("#+x>.")  # type: ignore[union-attr]
