"""Engines that leave, sweeps that are resumed, and a machine that went down."""

import json
import signal
from pathlib import Path

import pytest
from faults import Sweep
from faults import kill
from faults import tagged
from faults import wait_until

from overdrive.client import Workspace
from overdrive.client import ask
from overdrive.client import ensure_engine
from overdrive.engine.replay import replay
from overdrive.records import Kind
from overdrive.records import Outcome
from overdrive.records import SweepStatus
from overdrive.views import list_sweeps

#: Logs one value an attempt, the attempt's number; ends when the file named by its argument is there. Keeps a ledger.
QUIET = """
import os, sys, time
from overdrive import Run
tag = os.environ["OVERDRIVE_ATTEMPT"]
with open(sys.argv[1] + "-ledger", "a") as ledger:
    ledger.write(f"{time.monotonic()} begin {tag}\\n")
run = Run.get_context()
for value in range(int(tag.rpartition("/")[2])):
    run.log("score", value)
while not os.path.exists(sys.argv[1]):
    time.sleep(0.01)
with open(sys.argv[1] + "-ledger", "a") as ledger:
    ledger.write(f"{time.monotonic()} end {tag}\\n")
"""


class Quiet(Sweep):
    """Two trials at once that say nothing more after their first values."""

    def __init__(self, folder: Path, trials: int = 2, script: str = QUIET, **more) -> None:
        self.go = folder / "go"
        super().__init__(folder / "s", script, trials=trials, arguments=[self.go], **more)

    def wait_for_values(self, count: int = 2) -> None:
        wait_until(lambda: self.view.intervals() == count, "the values")

    def check_end(self) -> None:
        self.finish()
        assert self.orphans() == []
        assert replay(self.folder) == []

    def begun(self) -> list[str]:
        lines = Path(f"{self.go}-ledger").read_text().splitlines()
        return sorted(line.split()[2].partition("/")[2] for line in lines if " begin " in line)


def test_an_engine_that_is_told_to_leave(tmp_path: Path) -> None:
    """It leaves though nothing happens that would wake it; its trials live on, and the next engine adopts them."""
    sweep = Quiet(tmp_path)
    sweep.wait_for_values()
    before = tagged(sweep.id)
    assert sweep.kill_engine(signal.SIGTERM)
    wait_until(lambda: not sweep.view.engine().alive, "the engine to leave", 10)
    assert "its trials live on" in (sweep.folder / "engine.log").read_text()
    assert "Traceback" not in (sweep.folder / "engine.log").read_text()
    assert set(before) <= set(tagged(sweep.id))
    assert len(sweep.living()) == 2
    sweep.tend()
    sweep.go.touch()
    sweep.check_end()
    assert sweep.begun() == ["0/1", "1/1"]
    assert [row.attempt for row in sweep.view.trials()] == [1, 1]
    assert len(sweep.events(Kind.ENGINE_STARTED)) == 2


def test_trials_have_the_submitters_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever brings the sweep back; a variable may hold a secret, so that nothing is left of it at the end."""
    monkeypatch.setenv("WHO", "submitter\udcff")
    script = QUIET + "run.log('who', ascii(os.environ.get('WHO')))"
    sweep = Quiet(tmp_path, script=script, trials=2, max_concurrent_runs=1)
    sweep.wait_for_values(1)
    kept = sweep.folder / "environment.json"
    assert kept.stat().st_mode & 0o777 == 0o600
    sweep.kill_engine()
    sweep.go.touch()
    monkeypatch.setenv("WHO", "somebody else")
    sweep.check_end()
    assert [sweep.view.metrics(number)["who"] for number in range(2)] == [ascii("submitter\udcff")] * 2
    wait_until(lambda: not kept.exists(), "the environment to be removed, which comes after the end is told")


def test_terminal_signals_mean_nothing(tmp_path: Path) -> None:
    sweep = Quiet(tmp_path)
    sweep.wait_for_values()
    for number in (signal.SIGINT, signal.SIGHUP):
        sweep.kill_engine(number)
    sweep.go.touch()
    wait_until(lambda: sweep.view.is_over, "the end")
    assert len(sweep.events(Kind.ENGINE_STARTED)) == 1


def test_resume_of_a_cancelled_sweep(tmp_path: Path) -> None:
    """It goes on to its budget; the cancelled trials stay so."""
    sweep = Quiet(tmp_path, trials=5)
    sweep.wait_for_values()
    ask(sweep.view, kind="cancel", by="ann")
    sweep.finish()
    assert sweep.view.status is SweepStatus.CANCELLED
    waited = [row.number for row in sweep.view.trials() if not row.is_ended]
    sweep.go.touch()
    ask(sweep.view, kind="resume", by="bob")
    wait_until(lambda: sweep.events(Kind.SWEEP_RESUMED), "the sweep to go on")
    sweep.check_end()
    view = sweep.view
    assert view.status is SweepStatus.COMPLETED
    assert sweep.outcomes() == [Outcome.CANCELLED] * 2 + [Outcome.COMPLETED] * 3
    assert [row.attempt for row in view.trials()] == [1] * 5
    assert waited == [2]


def test_cancel_and_resume_at_once(tmp_path: Path) -> None:
    """Both lie in the mailbox when an engine looks: the later one takes the earlier one back."""
    sweep = Quiet(tmp_path, trials=4)
    sweep.wait_for_values()
    sweep.kill_engine(signal.SIGSTOP)
    stopped = sweep.view.engine().pid
    ask(sweep.view, kind="cancel", by="ann")
    ask(sweep.view, kind="resume", by="bob")
    sweep.go.touch()
    kill(stopped, signal.SIGCONT)
    sweep.check_end()
    assert sweep.view.status is SweepStatus.COMPLETED and len(sweep.outcomes()) == 4


def test_killed_before_the_last_summary(tmp_path: Path) -> None:
    """The journal says that the sweep is over, and lists say so as soon as somebody meets it."""
    sweep = Quiet(tmp_path)
    sweep.go.touch()
    sweep.finish()
    wait_until(lambda: not sweep.view.engine().alive, "the engine to leave")
    summary = sweep.folder / "summary.json"
    ended = json.loads(summary.read_text())
    summary.write_text(json.dumps({**ended, "status": "Running", "reason": ""}))
    sweep.tend()
    wait_until(lambda: list_sweeps(Workspace().path)[0].status == "Completed", "the summary")
    assert json.loads(summary.read_text()) == ended
    wait_until(lambda: not sweep.view.engine().alive, "the engine to leave")
    assert not ensure_engine(sweep.view)


def test_after_a_power_cut(tmp_path: Path) -> None:
    """Each trial that lived gets one new attempt; the values of the old one are kept, the curve is the last one's."""
    sweep = Quiet(tmp_path, trials=3)
    sweep.wait_for_values()
    sweep.power_off()
    sweep.tend()
    sweep.wait_for_values(4)
    sweep.go.touch()
    sweep.check_end()
    view = sweep.view
    assert sweep.outcomes() == [Outcome.COMPLETED] * 3
    assert [row.attempt for row in view.trials()] == [2, 2, 1]
    assert [[point.value for point in view.curve(number)] for number in range(3)] == [[0, 1], [0, 1], [0]]
    assert [point.value for point in view.curve(0, attempt=1)] == [0]
    assert sweep.begun() == ["0/1", "0/2", "1/1", "1/2", "2/1"]
    reasons = [event.body["reason"] for event in sweep.events(Kind.ENDED) if event.body["retry"]]
    assert len(reasons) == 2 and all("started once more" in reason for reason in reasons)


def test_two_power_cuts(tmp_path: Path) -> None:
    """One new attempt, and not one more."""
    sweep = Quiet(tmp_path)
    sweep.wait_for_values()
    sweep.power_off()
    sweep.tend()
    sweep.wait_for_values(4)
    sweep.power_off()
    sweep.go.touch()
    sweep.check_end()
    assert sweep.outcomes() == [Outcome.LOST] * 2
    assert sweep.begun() == ["0/1", "0/2", "1/1", "1/2"]
    assert sweep.view.status is SweepStatus.FAILED and "all 2 trials failed" in sweep.view.reason
