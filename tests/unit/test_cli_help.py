"""Help, its cost, and the pages that are made from it."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from overdrive import errors
from overdrive.cli import main
from overdrive.cli.docs import page
from overdrive.cli.main import COMMANDS
from overdrive.views.listing import SweepSummary
from overdrive.views.progress import Counts

DOCS = Path(__file__).parents[2] / "docs"
#: What help must not load: each costs more than all of the help.
HEAVY = {"rich", "sqlite3", "numpy", "asyncio", "overdrive.views", "overdrive.client", "overdrive.store", "subprocess"}


@pytest.mark.parametrize("name", COMMANDS)
def test_each_help_has_its_line_and_an_example(name: str) -> None:
    result = CliRunner().invoke(main, [name, "--help"])
    assert result.exit_code == 0, result.output
    assert re.search(rf"Example:\s+overdrive {name}", result.output)
    help_text = main.commands[name].help or ""
    assert help_text.splitlines()[0] == COMMANDS[name]
    for option in ("--workspace", "--no-recover", "--debug"):
        assert option in result.output


def test_every_module_of_a_command_is_listed() -> None:
    folder = Path(sys.modules["overdrive.cli"].__file__ or "").parent / "commands"
    assert {path.stem for path in folder.glob("*.py")} - {"__init__"} == set(COMMANDS)


@pytest.mark.parametrize(
    "arguments", [["--help"], ["--version"], *([name, "--help"] for name in COMMANDS)], ids=" ".join
)
def test_help_is_light(arguments: list[str]) -> None:
    code = (
        "import sys, json; bare = set(sys.modules); from overdrive.cli import main\n"
        f"try: main({arguments!r})\n"
        "except SystemExit: print(json.dumps(sorted(set(sys.modules) - bare)), file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = json.loads(done.stderr.splitlines()[-1])
    assert not HEAVY & set(loaded)
    assert len([name for name in loaded if name.startswith("overdrive")]) <= 12
    assert len(loaded) <= 130


def test_the_page_is_current() -> None:
    again = "make it anew: python -m overdrive.cli.docs docs/cli.md"
    assert (DOCS / "cli.md").read_text(encoding="utf-8") == page(), again


def test_the_page_names_what_the_json_holds() -> None:
    from overdrive.views import export

    text = page()
    summary = SweepSummary(
        id="x", folder=Path(), experiment="", kind="sweep", status="Running", reason="", created_at=None, ended_at=None,
        metric=None, goal=None, counts=Counts(total=1),
    )  # fmt: skip
    keys = set(export.summary_json(summary))
    for function in (export.trial_json, export.sweep_json, export.export_points):
        keys |= set(re.findall(r'^ {8,20}"(\w+)":', _source(function), re.MULTILINE))
    assert {key for key in keys if f"`{key}`" not in text} == set()


def _source(function: object) -> str:
    import inspect

    return inspect.getsource(function)  # type: ignore[arg-type]


def test_every_exit_code_is_explained() -> None:
    text = (DOCS / "exit-codes.md").read_text(encoding="utf-8")
    codes = {kind.exit_code for kind in vars(errors).values() if isinstance(kind, type) and hasattr(kind, "exit_code")}
    for code in {0, 130} | codes:
        assert re.search(rf"^\| {code} \|", text, re.MULTILINE), code


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["lsit"], "did you mean list"),
        (["frobnicate"], "there is no command 'frobnicate'"),
        (["list", "--nonsense"], "--nonsense"),
        (["export", "--format", "xml"], "xml"),
        (["delete"], "RUN"),
    ],
)
def test_misspelt_words_are_bad_input(arguments: list[str], said: str) -> None:
    result = CliRunner().invoke(main, arguments)
    assert result.exit_code == 2
    lines = result.stderr.splitlines()
    assert lines[0].startswith("Error: ") and said in lines[0]
    assert lines[1].startswith("Hint: ") and len(lines) == 2


@pytest.mark.parametrize("shell", ["zsh", "fish"])
def test_completion_scripts(shell: str) -> None:
    result = CliRunner().invoke(main, ["completion", shell])
    assert result.exit_code == 0 and "_OVERDRIVE_COMPLETE" in result.output


def test_ids_are_completed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OVERDRIVE_WORKSPACE", str(tmp_path))
    (tmp_path / "sweeps" / "HD_abc").mkdir(parents=True)
    (tmp_path / "runs" / "exp_1_ab").mkdir(parents=True)
    monkeypatch.setenv("COMP_WORDS", "overdrive show HD")
    monkeypatch.setenv("COMP_CWORD", "2")
    result = CliRunner().invoke(main, [], prog_name="overdrive", env={"_OVERDRIVE_COMPLETE": "bash_complete"})
    assert "HD_abc" in result.output and "exp_1" not in result.output


def test_without_a_word_the_help_is_shown() -> None:
    result = CliRunner().invoke(main, [])
    assert (result.exit_code, result.output) == (0, CliRunner().invoke(main, ["--help"]).output)
