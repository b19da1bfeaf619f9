"""Ends that are asked for, of trees that do not want to: deadlines, cancelling all or one, politely and at once."""

import time
from pathlib import Path

import pytest
from faults import Sweep
from faults import tagged
from faults import wait_until

from overdrive.client import ask
from overdrive.engine.replay import replay
from overdrive.records import Kind
from overdrive.records import Outcome
from overdrive.records import SweepStatus

#: Ignores TERM, and so do its child and a daemon of its own session; ends when the file named by its argument is there.
STUBBORN = """
import os, signal, sys, time
from overdrive import Run
signal.signal(signal.SIGTERM, signal.SIG_IGN)
def stay():
    while not os.path.exists(sys.argv[1]):
        time.sleep(0.01)
if os.fork() == 0:
    stay()
    os._exit(0)
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        stay()
    os._exit(0)
os.wait()
Run.get_context().log("score", float(sys.argv[3]))
stay()
"""

GRACE_S = 0.3


class Stubborn(Sweep):
    """Two living trials, and two that wait for them."""

    def __init__(self, folder: Path, grace_s: float = GRACE_S, **more) -> None:
        self.go = folder / "go"
        super().__init__(folder / "s", STUBBORN, trials=4, arguments=[self.go], run={"grace_s": grace_s}, **more)

    def wait_for_values(self) -> None:
        wait_until(lambda: self.view.intervals() == 2 and len(tagged(self.id)) == 6, "two trials with all processes")

    def check_end(self) -> None:
        self.finish()
        assert self.orphans() == []
        assert replay(self.folder) == []

    def whys(self) -> list[str]:
        return [row.why for row in self.view.trials()]


def test_deadline(tmp_path: Path) -> None:
    """A fraction of a minute; what has not started never does."""
    sweep = Stubborn(tmp_path, max_duration_minutes=0.025)
    sweep.check_end()
    view = sweep.view
    assert view.status is SweepStatus.COMPLETED
    assert view.reason == "its time of 0.025 minutes (max_duration_minutes) was over"
    assert sweep.outcomes()[:2] == [Outcome.CANCELLED] * 2
    assert sweep.whys()[:2] == [f"cancelled: {view.reason}"] * 2
    assert len(sweep.events(Kind.PLANNED)) == 2
    assert sweep.events(Kind.STOP_REQUESTED)[0].ran_s >= 1.5


def test_the_deadline_counts_time_with_an_engine(tmp_path: Path) -> None:
    sweep = Stubborn(tmp_path, max_duration_minutes=0.03)
    sweep.wait_for_values()
    assert sweep.kill_engine()
    # The time without an engine is the point of this wait; nothing is synchronised by it.
    time.sleep(1.5)
    sweep.check_end()
    first, last = sweep.events(Kind.SWEEP_CREATED)[0], sweep.events(Kind.STOP_REQUESTED)[0]
    assert last.ran_s >= 1.8
    assert last.at - first.at >= 1.8 + 1.5 - 0.5  # what the killed engine ran after its last event is not counted
    assert sweep.outcomes()[:2] == [Outcome.CANCELLED] * 2
    assert len(sweep.events(Kind.PLANNED)) == 2


@pytest.mark.parametrize("now", [False, True], ids=["politely", "at once"])
@pytest.mark.parametrize("engine", ["lives", "killed"])
def test_cancel_a_sweep(tmp_path: Path, now: bool, engine: str) -> None:
    sweep = Stubborn(tmp_path)
    sweep.wait_for_values()
    if engine == "killed":
        sweep.kill_engine()
    ask(sweep.view, kind="cancel", now=now, by="ann")
    sweep.check_end()
    assert sweep.view.status is SweepStatus.CANCELLED
    assert sweep.view.reason == "cancelled by ann"
    assert sweep.whys()[:2] == ["cancelled by ann"] * 2
    assert sweep.outcomes()[:2] == [Outcome.CANCELLED] * 2
    assert [event.body["now"] for event in sweep.events(Kind.STOP_REQUESTED)] == [now] * 2
    exits = [row.exit for row in sweep.view.trials()[:2]]
    assert [(exit.cause, exit.signal) for exit in exits if exit] == [("stopped", 9)] * 2
    assert all((exit.wall_s or 0) >= GRACE_S or now for exit in exits if exit)


@pytest.mark.parametrize("now", [False, True], ids=["politely", "at once"])
def test_cancel_a_trial(tmp_path: Path, now: bool) -> None:
    """The others go on."""
    sweep = Stubborn(tmp_path)
    sweep.wait_for_values()
    ask(sweep.view, kind="cancel_trial", trial=1, now=now, by="ann")
    wait_until(lambda: sweep.view.trials()[1].is_ended, "the end of trial 1")
    wait_until(lambda: len(sweep.view.trials()) == 4, "trial 3 to wait for its turn")
    ask(sweep.view, kind="cancel_trial", trial=3, by="bob")
    wait_until(lambda: sweep.view.trials()[3].is_ended, "the end of trial 3")
    sweep.go.touch()
    sweep.check_end()
    assert sweep.view.status is SweepStatus.COMPLETED
    assert sweep.outcomes() == [Outcome.COMPLETED, Outcome.CANCELLED, Outcome.COMPLETED, Outcome.CANCELLED]
    assert sweep.whys()[1::2] == ["cancelled by ann", "cancelled before it started"]


@pytest.mark.parametrize("kind", ["cancel", "cancel_trial"])
def test_at_once_after_politely(tmp_path: Path, kind: str) -> None:
    """Trials with a long grace are ended when somebody loses patience; politely again changes nothing."""
    sweep = Stubborn(tmp_path, grace_s=600.0)
    sweep.wait_for_values()
    number = 0 if kind == "cancel_trial" else None
    for now in (False, False, True, False):
        ask(sweep.view, kind=kind, trial=number, now=now, by="ann")
        wait_until(lambda: sweep.events(Kind.STOP_REQUESTED), "the stop")
    wait_until(lambda: sweep.view.trials()[0].is_ended, "the end of trial 0", 20)
    sweep.go.touch()
    sweep.check_end()
    assert sweep.outcomes()[0] is Outcome.CANCELLED
    assert sweep.whys()[0] == "cancelled by ann"
