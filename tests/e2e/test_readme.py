"""The README's three ways, as they stand there, with a training script that needs no training."""

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
#: What stands for the training, and for the long run.
SHORT = {"accuracy = ...": "accuracy = epoch / (1 + args.learning_rate)", "max_total_runs=40": "max_total_runs=2"}


def _python(name: str) -> str:
    """The block that begins with `# name`, shortened."""
    (block,) = re.findall(rf"```python\n(# {name}\n.*?)```", README, re.DOTALL)
    for long, short in SHORT.items():
        block = block.replace(long, short)
    return block


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with the two scripts."""
    for name in ("train.py", "control.py"):
        (tmp_path / name).write_text(_python(name), encoding="utf-8")
    return tmp_path


def _overdrive(folder: Path, *arguments: str) -> str:
    """What the command prints. Fails when it does."""
    command = [sys.executable, "-m", "overdrive", *arguments]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_control_script(folder: Path) -> None:
    printed = _overdrive(folder, "run", "control.py")
    arguments = printed.splitlines()[-1]
    assert re.fullmatch(r"\['--epochs', '20', '--learning_rate', '0\.\d+', '--batch_size', '(16|32|64)'\]", arguments)


def test_command_line(folder: Path) -> None:
    (text,) = re.findall(r"^(overdrive tune train.py.*?)```", README, re.DOTALL | re.MULTILINE)
    words = shlex.split(text.replace("\\\n", " ").replace("--max-total-runs 40", "--max-total-runs 2"))
    assert "2 of 2 trials done" in _overdrive(folder, *words[1:])
    for command in ("watch", "best", "show", "export"):
        assert f"`overdrive {command}`" in README
        assert _overdrive(folder, command, "latest")


def test_examples_agree() -> None:
    """The demo, the control script and its twin for Azure ML search the same space."""
    spaces = {
        name: set(re.findall(r"(\w+)[\"=:]+ ?(\w+\([^)]*\))", (ROOT / name).read_text(encoding="utf-8")))
        for name in ("examples/digits/control.py", "examples/digits/control_azure.py", "Makefile")
    }
    names = ("learning_rate", "momentum", "batch_size", "hidden", "alpha")
    found = [{pair for pair in space if pair[0] in names} for space in spaces.values()]
    assert found[0] == found[1] == found[2]
    assert {name for name, _ in found[0]} == set(names)
