"""Samplers that look at the history: asked in a process of their own, by the journal as it was, whatever dies."""

import sys
from pathlib import Path

import pytest
from faults import KILLS
from faults import Sweep
from faults import kill
from faults import wait_until
from plug_ins import install

from overdrive.engine.replay import replay
from overdrive.host.processes import descendants
from overdrive.records import Kind
from overdrive.records import Outcome
from overdrive.records import SweepStatus
from overdrive.sampling import HyperParameterSampling
from overdrive.space import uniform

SCRIPT = """
import sys, time
from overdrive import Run
run = Run.get_context()
for step in range(4):
    run.log("score", float(sys.argv[2]) + step / 100)
    time.sleep(0.01)
"""


@pytest.fixture(autouse=True)
def _plug_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    install(tmp_path / "plug in", monkeypatch)
    monkeypatch.delitem(sys.modules, "following_plug_in", raising=False)


def sweep(folder: Path, trials: int = 8, at_once: int = 1, **properties: object) -> Sweep:
    sampling = HyperParameterSampling("Following", {"x": uniform(0, 9)}, properties)
    return Sweep(folder, SCRIPT, trials=trials, sampling=sampling, max_concurrent_runs=at_once)


def decided(sweep: Sweep) -> list[tuple]:
    return [(row.configuration, row.reason) for row in sweep.view.trials()]


def test_a_sweep_follows_its_history(tmp_path: Path) -> None:
    run = sweep(tmp_path / "sweep")
    run.finish()
    assert run.view.status is SweepStatus.COMPLETED
    assert run.outcomes() == [Outcome.COMPLETED] * 8
    # Asked for while its predecessor runs: trial n knows of those before that one.
    assert [reason.partition(" ")[0] for _, reason in decided(run)] == ["0", "0", "1", "2", "3", "4", "5", "6"]
    assert len(run.events(Kind.ASKED)) == 8
    assert replay(run.folder) == []


def test_kills_change_no_suggestion(tmp_path: Path) -> None:
    quiet = sweep(tmp_path / "quiet")
    quiet.finish()
    stormy = sweep(tmp_path / "stormy")
    for _ in range(min(KILLS, 40)):
        before = stormy.view.facts().seq

        def goes_on(before: int = before) -> bool:
            return stormy.tend() or stormy.view.facts().seq > before or stormy.view.is_over

        wait_until(goes_on, "an event")
        for pid in descendants_of_engine(stormy):
            kill(pid)
        stormy.kill_engine()
    stormy.finish()
    assert decided(stormy) == decided(quiet)
    assert replay(stormy.folder) == []


def descendants_of_engine(run: Sweep) -> list[int]:
    """The processes that make suggestions for the sweep's engine."""
    engine = run.view.engine()
    found = descendants(engine.pid) if engine.alive and engine.pid else []
    return [pid for pid in found if b"overdrive.engine.suggesting" in command_line(pid)]


def command_line(pid: int) -> bytes:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except (FileNotFoundError, ProcessLookupError):
        return b""


def test_a_process_that_dies_is_started_again(tmp_path: Path) -> None:
    run = sweep(tmp_path / "sweep", dies_once=str(tmp_path / "died"))
    run.finish()
    assert (tmp_path / "died").exists()
    assert run.outcomes() == [Outcome.COMPLETED] * 8
    assert replay(run.folder) == []


@pytest.mark.parametrize(("fault", "words"), [("raises_at", "cannot think"), ("dies_at", "ended with code 7")])
def test_a_sampler_that_cannot_go_on_ends_the_sweep_and_says_why(tmp_path: Path, fault: str, words: str) -> None:
    run = sweep(tmp_path / "sweep", **{fault: 4})
    run.finish()
    assert run.view.status is SweepStatus.FAILED
    assert "trial 4" in run.view.reason and words in run.view.reason
    assert run.outcomes() == [Outcome.COMPLETED] * 4, "what it suggested before ran to its end"


def test_an_exhausted_sampler_ends_the_sweep(tmp_path: Path) -> None:
    run = sweep(tmp_path / "sweep", last=3, at_once=2)
    run.finish()
    assert run.view.status is SweepStatus.COMPLETED
    assert run.outcomes() == [Outcome.COMPLETED] * 3
    assert replay(run.folder) == []


def test_no_process_outlives_the_engine(tmp_path: Path) -> None:
    run = sweep(tmp_path / "sweep", trials=50)
    found: list[int] = []

    def asks() -> bool:
        found[:] = descendants_of_engine(run)
        return bool(found)

    wait_until(asks, "a process that makes suggestions")
    run.kill_engine()
    wait_until(lambda: not any(command_line(pid) for pid in found), "its end")
    run.finish()
