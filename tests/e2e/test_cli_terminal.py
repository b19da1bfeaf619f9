"""The live view and Ctrl-C on a real terminal."""

import json
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from commands import Terminal
from commands import overdrive
from commands import wait_until
from commands import write_script

ENTER, CTRL_C = b"\r", b"\x03"


@pytest.fixture
def gate(tmp_path: Path) -> Iterator[Path]:
    """While the file is missing, trials wait after their first value."""
    path = tmp_path / "gate"
    yield path
    path.touch()
    overdrive("watch", code=None)


@pytest.fixture
def words(tmp_path: Path, gate: Path) -> list[object]:
    """A sweep of three trials, two at once, that wait for the gate."""
    script = write_script(tmp_path / "job")
    space = ["-s", "lr=choice(3, 2, 1)", "--sampling", "grid", "-m", "accuracy", "--goal", "maximize", "-j", "2"]
    return ["tune", script, *space, "--", "--gate", gate]


def status() -> str:
    return json.loads(overdrive("show", "--json").stdout)["status"]


def running() -> int:
    return json.loads(overdrive("show", "--json").stdout)["counts"]["running"]


@pytest.mark.parametrize("columns", [40, 80, 200])
def test_a_sweep_is_drawn_and_summed_up(words: list[object], gate: Path, columns: int) -> None:
    with Terminal(*words, columns=columns) as terminal:
        terminal.wait_for("0 of 3 trials done, 2 running")
        terminal.wait_for("best accuracy 3 by trial 0")
        assert "\x1b[" in terminal.raw
        gate.touch()
        assert terminal.end() == 0
        text = terminal.text
    assert "Look further" in text and "Completed in" in text
    assert all(len(line) <= columns for line in text.replace("\r", "\n").split("\n"))


def test_a_narrower_terminal_is_drawn_anew(words: list[object], gate: Path) -> None:
    with Terminal(*words, columns=120) as terminal:
        terminal.wait_for("best accuracy 3 by trial 0")
        before = len(terminal.raw)
        terminal.resize(44, 20)
        wait_until(lambda: "\x1b[2J" in terminal.raw[before:], "a new drawing")
        terminal.wait_for("Ctrl-C leaves")
        gate.touch()
        assert terminal.end() == 0


@pytest.mark.parametrize("env", [{"NO_COLOR": "1"}, {"TERM": "dumb"}], ids=str)
def test_terminals_without_colours(words: list[object], gate: Path, env: dict[str, str]) -> None:
    gate.touch()
    with Terminal(*words, env=env) as terminal:
        assert terminal.end() == 0
        raw = terminal.raw
    assert "\x1b[3" not in raw and "\x1b[9" not in raw
    assert ("\x1b[" in raw) == ("NO_COLOR" in env)
    assert "Completed in" in raw


def test_the_first_ctrl_c_leaves(words: list[object], gate: Path) -> None:
    with Terminal(*words) as terminal:
        terminal.wait_for("2 running")
        terminal.press(CTRL_C)
        terminal.wait_for("goes on without you")
        assert terminal.end() == 130
        terminal.wait_for("watch it: overdrive watch HD_")
        terminal.wait_for("cancel it: overdrive cancel HD_")
    assert status() == "Running" and running() == 2


def test_the_second_ctrl_c_cancels(words: list[object], gate: Path) -> None:
    with Terminal(*words) as terminal:
        terminal.wait_for("2 running")
        terminal.press(CTRL_C)
        terminal.wait_for("goes on without you")
        terminal.press(CTRL_C)
        terminal.wait_for("cancelling")
        assert terminal.end() == 130
        assert "Canceled in" in terminal.text
    assert status() == "Canceled" and running() == 0


def test_many_ctrl_c_end_it_at_once_and_break_nothing(words: list[object], gate: Path) -> None:
    with Terminal(*words) as terminal:
        terminal.wait_for("2 running")
        for _ in range(20):
            terminal.press(CTRL_C)
            time.sleep(0.01)  # twenty presses in 200 ms are what is tested, not what is waited for
        assert terminal.end() == 130
        assert "Traceback" not in terminal.text
    assert status() == "Canceled" and running() == 0


def test_ctrl_c_reaches_a_control_script_once(tmp_path: Path) -> None:
    script = tmp_path / "control.py"
    script.write_text(
        "import sys, time\n"
        "try:\n    print('ready', flush=True); time.sleep(60)\nexcept KeyboardInterrupt:\n"
        "    print('once', flush=True); sys.exit(3)\n"
    )
    with Terminal("run", script) as terminal:
        terminal.wait_for("ready")
        terminal.press(CTRL_C)
        assert terminal.end() == 3
        assert terminal.text.count("once") == 1


def test_ctrl_c_in_a_control_scripts_wait_is_answered_without_a_traceback(tmp_path: Path, gate: Path) -> None:
    write_script(tmp_path)
    control = tmp_path / "control.py"
    control.write_text(
        "from overdrive import *\n"
        f"run_config = ScriptRunConfig({str(tmp_path)!r}, 'train.py', arguments=['--gate', {str(gate)!r}])\n"
        "sampling = RandomParameterSampling({'lr': uniform(0, 1)})\n"
        "config = HyperDriveConfig(run_config=run_config, hyperparameter_sampling=sampling,\n"
        "    primary_metric_name='accuracy', primary_metric_goal='maximize', max_total_runs=2)\n"
        "Experiment(Workspace(), 'e').submit(config).wait_for_completion(show_output=True)\n"
        "print('not reached')\n"
    )
    with Terminal("run", control) as terminal:
        terminal.wait_for("up to 2 trials")
        terminal.press(CTRL_C)
        terminal.wait_for("goes on without you")
        assert terminal.end() == 130
        assert "Traceback" not in terminal.text and "not reached" not in terminal.text
    assert status() == "Running"


def test_deleting_asks(words: list[object], gate: Path) -> None:
    gate.touch()
    overdrive(*words)
    with Terminal("delete", "latest") as terminal:
        terminal.wait_for("Delete this sweep")
        terminal.press(b"n" + ENTER)
        assert terminal.end() == 1
    assert status() == "Completed"
    with Terminal("delete", "latest") as terminal:
        terminal.wait_for("Delete this sweep")
        terminal.press(b"y" + ENTER)
        assert terminal.end() == 0
    assert json.loads(overdrive("list", "--json").stdout) == []
