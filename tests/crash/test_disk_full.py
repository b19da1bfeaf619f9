"""The disk of the workspace is full for a while, at any moment: the sweep says so, loses nothing and goes on."""

import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from faults import KILLS
from faults import Sweep
from faults import tagged
from faults import wait_until
from storm import Storm

from overdrive.client import Workspace
from overdrive.client import ask
from overdrive.client import wait_for_sweep
from overdrive.engine.replay import replay
from overdrive.errors import UnwritableError
from overdrive.records import Outcome
from overdrive.records import SweepStatus

PAUSED = "the disk is full: the sweep is paused and goes on by itself when there is room"

#: Deaf, with a daemon; waits for a file elsewhere, then ends with the exit code 3 where x is small, else well.
WAITS = """
import os, signal, sys, time
from overdrive import Run
if os.fork() == 0:
    os.setsid()
    time.sleep(600)
signal.signal(signal.SIGTERM, signal.SIG_IGN)
Run.get_context().log("score", 1)
while not os.path.exists(sys.argv[1]):
    time.sleep(0.01)
sys.exit(3 if float(sys.argv[3]) < 0.5 else 0)
"""

#: Prints more than the disk holds; the first time, it waits for a file to begin with.
PRINTS = """
import os, sys, time
from overdrive import Run
Run.get_context().log("score", 1)
while os.environ["OVERDRIVE_ATTEMPT"].endswith("/1") and not os.path.exists(sys.argv[1]):
    time.sleep(0.01)
print("." * 100_000)
"""

#: Fills the disk itself, when there is the file go-fill.
SWELLS = """
import os, sys, time
from overdrive import Run
Run.get_context().log("score", 1)
while not os.path.exists(sys.argv[1] + "-fill"):
    time.sleep(0.01)
if os.environ["OVERDRIVE_RUN_ID"].endswith("_0"):
    try:
        with open("scratch", "wb") as file:
            while True:
                file.write(bytes(4096))
    except OSError:
        time.sleep(600)
while not os.path.exists(sys.argv[1]):
    time.sleep(0.01)
"""


class Waiting:
    """A sweep of two trials on the small disk: both live, and end when `go` is there."""

    def __init__(self, folder: Path, disk, script: str = WAITS) -> None:
        self.go = folder / "go"
        self.disk = disk
        self.sweep = Sweep(folder / "s", script, trials=2, arguments=[self.go], workspace=Workspace(disk.path), seed=1)
        wait_until(lambda: self.sweep.view.intervals() == 2, "the values of both")

    def fill(self) -> None:
        self.disk.fill()
        assert self.sweep.view.reason == PAUSED

    def kill_engine(self, number: int = signal.SIGKILL) -> None:
        assert self.sweep.kill_engine(number)
        self.wait_engine_gone()

    def wait_engine_gone(self) -> None:
        wait_until(lambda: not self.sweep.view.engine().alive, "the end of the engine", 20)

    def wait_trials_gone(self) -> None:
        wait_until(lambda: not tagged(self.sweep.id), "the end of the trials", 20)


def test_filled_at_random_instants(tmp_path: Path, disk) -> None:
    storm = Storm(tmp_path / "s", trials=max(8, KILLS // 3), steps=20, bytes=3000, workspace=Workspace(disk.path))
    for number in range(max(3, KILLS // 8)):
        # The instants at random are the point of these waits; nothing is synchronised by them.
        time.sleep(storm.random.uniform(0.05, 0.6))
        disk.fill(leave_pages=storm.random.choice((0, 0, 1, 3, 9)))
        time.sleep(storm.random.uniform(0.05, 1.2))
        if number % 3 == 1:
            storm.kill_engine()
            storm.tend()
            time.sleep(storm.random.uniform(0.0, 0.5))
        disk.free()
        storm.tend()
    storm.finish()
    assert storm.faults() == []
    assert storm.view.status is SweepStatus.COMPLETED
    assert set(storm.outcomes()) == {Outcome.COMPLETED}
    assert replay(storm.folder) == []


@pytest.mark.parametrize("pages", [0, *sorted(random.Random(3).sample(range(1, 60), min(50, max(3, KILLS // 4))))])
def test_room_for_so_many_pages(tmp_path: Path, disk, pages: int) -> None:
    """Another write is the first one to fail for each number of pages that are left, from the engine's start on."""
    storm = Storm(tmp_path / "s", trials=3, steps=3, bytes=3000, workspace=Workspace(disk.path), starts=False)
    disk.fill(leave_pages=pages)
    storm.tend()
    wait_until(lambda: disk.free_bytes == 0 or storm.view.is_over, "the last page to be taken", 2, fails=False)
    time.sleep(0.3)  # long enough for a wrong reaction
    assert storm.view.is_over or storm.view.reason.startswith("the disk is full")
    disk.free()
    storm.finish()
    assert storm.faults() == []
    assert set(storm.outcomes()) == {Outcome.COMPLETED}
    assert replay(storm.folder) == []


def test_submit(tmp_path: Path, disk) -> None:
    """Refused with a sentence, and nothing is left of it."""
    workspace = Workspace(disk.path)
    workspace.sweeps_folder.mkdir()
    disk.fill()
    with pytest.raises(UnwritableError, match="No space left on device"):
        Sweep(tmp_path / "s", WAITS, trials=2, workspace=workspace)
    assert list(workspace.sweeps_folder.iterdir()) == []


@pytest.mark.parametrize("engine", ["lives", "killed"])
def test_trials_that_end_meanwhile_keep_their_verdict(tmp_path: Path, disk, engine: str) -> None:
    waiting = Waiting(tmp_path, disk)
    sweep = waiting.sweep
    waiting.fill()
    if engine == "killed":
        waiting.kill_engine()
    waiting.go.touch()
    waiting.wait_trials_gone()
    sweep.tend()
    disk.free()
    sweep.finish()
    rows = sweep.view.trials()
    wanted = [Outcome.FAILED if row.configuration["x"] < 0.5 else Outcome.COMPLETED for row in rows]
    assert sorted(outcome.value for outcome in wanted) == ["completed", "failed"]
    assert [row.outcome for row in rows] == wanted
    assert [row.intervals for row in rows] == [1, 1]
    # One that failed may have done so for want of room, and is then started once more: not if its shim looks after the
    # disk was freed.
    allowed = [{1} if outcome is Outcome.COMPLETED else {1, 2} for outcome in wanted]
    assert all(row.attempt in attempts for row, attempts in zip(rows, allowed, strict=True))
    assert replay(sweep.folder) == []


@pytest.mark.parametrize("engine", ["lives", "killed"])
def test_cancel(tmp_path: Path, disk, engine: str) -> None:
    """Nothing of it lives any more, though no journal can say so; when there is room again, it does."""
    waiting = Waiting(tmp_path, disk)
    sweep = waiting.sweep
    waiting.fill()
    if engine == "killed":
        waiting.kill_engine()
    ask(sweep.view, kind="cancel", by="somebody")
    waiting.wait_trials_gone()
    waiting.wait_engine_gone()
    assert not sweep.view.is_over
    assert [path.suffix for path in (sweep.folder / "mailbox").iterdir()] == [".cancel"]
    assert "the sweep is cancelled" in sweep.view.reason
    with pytest.raises(UnwritableError, match="the disk is full"):
        wait_for_sweep(sweep.view)
    disk.free()
    sweep.finish()
    assert sweep.view.status is SweepStatus.CANCELLED
    assert sweep.outcomes() == [Outcome.CANCELLED] * 2
    assert replay(sweep.folder) == []


def test_delete(tmp_path: Path, disk) -> None:
    """What may be the only way to get room."""
    waiting = Waiting(tmp_path, disk)
    waiting.fill()
    command = [sys.executable, "-m", "overdrive", "--workspace", str(disk.path)]
    subprocess.run([*command, "cancel", waiting.sweep.id], check=True, capture_output=True)
    waiting.wait_trials_gone()
    waiting.wait_engine_gone()
    subprocess.run([*command, "delete", "--yes", waiting.sweep.id], check=True, capture_output=True)
    assert not waiting.sweep.folder.exists()
    assert disk.free_bytes


@pytest.mark.parametrize("engine", ["lives", "killed"])
def test_the_trial_that_filled_it_is_cancelled(tmp_path: Path, disk, engine: str) -> None:
    waiting = Waiting(tmp_path, disk, SWELLS)
    sweep = waiting.sweep
    (tmp_path / "go-fill").touch()
    wait_until(lambda: sweep.view.reason == PAUSED, "the disk to be full")
    if engine == "killed":
        waiting.kill_engine()
    ask(sweep.view, kind="cancel_trial", trial=0, by="somebody")
    wait_until(lambda: disk.free_bytes > 1 << 20, "room", 20)
    waiting.go.touch()
    sweep.finish()
    assert sweep.outcomes() == [Outcome.CANCELLED, Outcome.COMPLETED]
    assert replay(sweep.folder) == []


def test_a_script_that_the_disk_failed_is_started_once_more(tmp_path: Path, disk) -> None:
    waiting = Waiting(tmp_path, disk, PRINTS)
    sweep = waiting.sweep
    waiting.fill()
    waiting.go.touch()
    waiting.wait_trials_gone()
    disk.free()
    sweep.finish()
    assert sweep.outcomes() == [Outcome.COMPLETED] * 2
    assert [row.attempt for row in sweep.view.trials()] == [2, 2]
    assert replay(sweep.folder) == []


def test_the_engine_can_be_told_to_leave(tmp_path: Path, disk) -> None:
    waiting = Waiting(tmp_path, disk)
    sweep = waiting.sweep
    waiting.fill()
    waiting.go.touch()
    waiting.wait_trials_gone()
    waiting.kill_engine(signal.SIGTERM)
    sweep.tend()
    disk.free()
    sweep.finish()
    assert sorted(str(outcome) for outcome in sweep.outcomes()) == [str(Outcome.COMPLETED), str(Outcome.FAILED)]
