"""A wall clock that jumps: nothing is decided by it."""

from pathlib import Path

import pytest
from faults import Sweep
from faults import wait_until
from storm import Storm

from overdrive.client import ask
from overdrive.engine.replay import replay
from overdrive.records import Kind
from overdrive.records import Outcome
from overdrive.records import SweepStatus

#: Each reading is a day too early or too late, now this, now that.
JUMPS = """
import itertools, time
_true, _shift = time.time, itertools.cycle((86400.0, -86400.0, 0.0, 3600.0))
time.time = lambda: _true() + next(_shift)
_true_ns = time.time_ns
time.time_ns = lambda: _true_ns() + int(next(_shift)) * 10**9
"""
_DAY_S = 86400


def jumping(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Engines, fork servers and scripts that are started from here on have a clock that jumps with each reading."""
    (folder / "sitecustomize.py").write_text(JUMPS)
    monkeypatch.setenv("PYTHONPATH", str(folder))


def test_nothing_is_killed_and_nothing_waits(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    jumping(tmp_path, monkeypatch)
    storm = Storm(
        tmp_path / "s", trials=8, max_duration_minutes=10, run={"max_run_duration_s": 600.0}, max_concurrent_runs=2
    )
    storm.rage(3)
    storm.finish()
    assert storm.faults() == []
    assert storm.view.status is SweepStatus.COMPLETED
    assert set(storm.outcomes()) == {Outcome.COMPLETED}
    times = [event.at for event in storm.events()]
    assert max(times) - storm.view.created_at > _DAY_S / 2, "the engines had another clock than this process"
    assert storm.events()[-1].ran_s < 600
    assert replay(storm.folder) == []


def test_a_deadline_comes_in_its_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    jumping(tmp_path, monkeypatch)
    sweep = Sweep(tmp_path / "s", "import time\ntime.sleep(600)", trials=2, max_duration_minutes=0.02)
    sweep.finish()
    assert sweep.outcomes() == [Outcome.CANCELLED] * 2
    assert sweep.events(Kind.STOP_REQUESTED)[0].ran_s >= 1.2


def test_requests_keep_their_order(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Cancelled, then resumed, while nobody listens and the clock goes back between the two."""
    sweep = Sweep(tmp_path / "s", "import time\ntime.sleep(600)", trials=2)
    wait_until(lambda: len(sweep.living()) == 2, "two trials")
    sweep.kill_engine()
    wait_until(lambda: not sweep.view.engine().alive, "the end of the engine")
    (sweep.folder / "mailbox" / f"{9 * 10**18:020d}-a.cancel-now").touch()
    ask(sweep.view, kind="cancel_trial", trial=0, by="ann")
    wait_until(lambda: sweep.tend() or len(sweep.events(Kind.REQUESTED)) == 2, "the requests")
    assert [event.body["kind"] for event in sweep.events(Kind.REQUESTED)] == ["cancel", "cancel_trial"]
    sweep.finish()
