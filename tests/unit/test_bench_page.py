"""`overdrive bench` as it is typed, and what docs/bench.md says of it."""

import json
import re
from pathlib import Path
from xml.etree import ElementTree

import pytest
from click.testing import CliRunner

from overdrive.bench.peers import PEERS
from overdrive.bench.plan import REFERENCE_SEEDS
from overdrive.bench.tasks import OWN
from overdrive.bench.tasks import read_folder
from overdrive.cli import main

PAGE = (Path(__file__).parents[2] / "docs" / "bench.md").read_text(encoding="utf-8")
SMALL = [
    "bench",
    "--sampler",
    "sobol",
    "--sampler",
    "random",
    "--tasks",
    "branin,cliff",
    "--budget",
    "5",
    "--seeds",
    "2",
]


@pytest.fixture(autouse=True)
def _somewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def _run(*arguments: str, code: int = 0):
    result = CliRunner().invoke(main, [*SMALL, *arguments])
    assert result.exit_code == code, result.output
    return result


def test_a_table_and_a_picture() -> None:
    result = _run("--by-task", "--picture", "p.svg")
    lines = result.stdout.splitlines()
    assert lines[0] == "Regret after 5 trials: 2 tasks, seeds 0 to 1"
    assert [line.split()[0] for line in lines[2:4]] == ["sobol", "random"]
    assert "less sobol" in lines[1] and re.search(r"[+-]0\.\d{3} \[", lines[3])
    assert any(line.startswith("cliff ") for line in lines) and "sobol: overdrive" in result.stdout
    assert len(result.stderr.splitlines()) == 2 * (REFERENCE_SEEDS + 2)
    assert ElementTree.parse("p.svg").getroot().tag.endswith("svg")
    again = _run("--by-task")
    assert again.stdout == result.stdout and again.stderr == ""


def test_runs_of_another_environment() -> None:
    _run()
    Path("bench-results/sobol").rename("bench-results/elsewhere%3AOnly")
    result = _run("--sampler", "elsewhere:Only")
    assert "\nelsewhere:Only " in result.stdout


def test_json() -> None:
    found = json.loads(_run("--json").stdout)
    assert [one["sampler"] for one in found["samplers"]] == ["sobol", "random"]
    assert len(found["samplers"][0]["curve"]["mean"]) == found["budget"] == 5
    assert found["missing"] == []


def test_a_class_of_ones_own_that_breaks() -> None:
    Path("breaks_in_a_test.py").write_text(
        "class Breaks:\n"
        "    def __init__(self, space, goal, seed): pass\n"
        "    def ask(self): raise ValueError('no idea')\n"
        "    def tell(self, configuration, value): pass\n"
    )
    result = _run("--sampler", "breaks_in_a_test:Breaks", code=1)
    assert "ValueError: no idea" in result.stderr and "4 runs could not be made" in result.stderr
    assert "breaks_in_a_test" not in result.stdout


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--sampler", "nobody"], "sampler = 'nobody'"),
        (["--tasks", "brain"], "did you mean branin"),
        (["--seeds", "x"], "seeds = 'x'"),
        (["--budget", "0"], "budget = 0"),
        (["--workers", "0"], "workers = 0"),
        (["--picture", "no/where.svg"], "cannot be written"),
    ],
)
def test_what_is_refused(arguments: list[str], words: str) -> None:
    result = CliRunner().invoke(main, [*SMALL, *arguments])
    assert result.exit_code in (2, 4) and words in result.stderr
    assert "regret" not in result.stdout and not Path("bench-results").exists()  # before the first run


def test_the_page() -> None:
    for name in [*PEERS, *(task.name for task in read_folder(OWN))]:
        assert f"`{name}`" in PAGE, name
    (own,) = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
    Path("mine.py").write_text(own)
    result = CliRunner().invoke(main, [*SMALL, "--sampler", "mine:Nearby"])
    assert result.exit_code == 0 and "\nmine:Nearby " in result.stdout
