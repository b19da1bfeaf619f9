"""Two engines on one sweep: one writes."""

import os
import signal
import subprocess
import sys
from pathlib import Path

from faults import wait_until
from storm import Storm

from overdrive.client import ensure_engine
from overdrive.records import Kind
from overdrive.store import SweepReader


def engine_starts(storm: Storm) -> list[tuple[int, int]]:
    """(epoch, pid) of every engine that wrote to the sweep."""
    with SweepReader(storm.folder) as reader:
        return [(event.epoch, event.body["pid"]) for event in reader.events() if event.kind is Kind.ENGINE_STARTED]


def start_engine_here(storm: Storm) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "overdrive.engine", str(storm.folder), "--foreground"]
    return subprocess.Popen(command, cwd=storm.folder, stderr=subprocess.DEVNULL)


def test_eight_engines_at_once(tmp_path: Path) -> None:
    storm = Storm(tmp_path, trials=4)
    wait_until(lambda: storm.view.engine().alive, "the engine")
    others = [start_engine_here(storm) for _ in range(8)]
    assert [other.wait(30) for other in others] == [0] * 8
    storm.finish()
    assert len(engine_starts(storm)) == 1
    assert storm.faults() == []


def test_a_stopped_holder_keeps_the_sweep_and_a_killed_one_frees_it(tmp_path: Path) -> None:
    storm = Storm(tmp_path, trials=6, steps=20)
    wait_until(lambda: storm.view.engine().pid and storm.living(), "a living trial")
    holder = storm.view.engine().pid or 0
    os.kill(holder, signal.SIGSTOP)
    try:
        other = start_engine_here(storm)
        assert other.wait(30) == 0
        assert storm.view.engine().alive
        assert not ensure_engine(storm.view)
    finally:
        os.kill(holder, signal.SIGKILL)
    wait_until(lambda: not storm.view.engine().alive, "the lock to be free", 5)
    storm.finish()
    epochs = [epoch for epoch, _ in engine_starts(storm)]
    assert epochs == sorted(set(epochs)) and len(epochs) == 2
    assert storm.faults() == []
