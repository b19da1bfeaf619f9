"""What a shim leaves for later: which records it makes safe against a power cut."""

import os
from pathlib import Path

import pytest

from overdrive.compute.local import chores as module
from overdrive.compute.local.attempt_files import AttemptFiles
from overdrive.compute.local.chores import Chores


class _Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> _Clock:
    clock = _Clock()
    monkeypatch.setattr(module, "monotonic", clock)
    return clock


@pytest.fixture
def synced(monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """The records that were synced, by what they hold."""
    found: set[str] = set()

    def fsync(fd: int) -> None:
        if not os.path.isdir(f"/proc/self/fd/{fd}"):
            found.add(os.pread(fd, 100, 0).decode())

    monkeypatch.setattr(os, "fsync", fsync)
    return found


def _end_trial(chores: Chores, folder: Path, name: str) -> None:
    (folder / name).mkdir()
    (folder / name / "exit.1.json").write_text(name, encoding="utf-8")
    chores.add(lambda: None, AttemptFiles(str(folder / name), 1), None)


def test_records_are_synced_in_a_pause(tmp_path: Path, synced: set[str]) -> None:
    chores = Chores()
    _end_trial(chores, tmp_path, "a")
    chores.idle()  # tidies first
    assert not synced
    assert chores.wait_s() is not None
    chores.idle()
    assert synced == {"a"}
    assert chores.wait_s() is None


def test_old_records_are_the_engine_s(tmp_path: Path, clock: _Clock, synced: set[str]) -> None:
    """It goes on giving orders, so it has made them safe in its journal."""
    chores = Chores()
    for second, name in enumerate("abcd"):
        clock.now = float(second)
        _end_trial(chores, tmp_path, name)
        chores.busy()
    clock.now = 60.0  # the last trial was a long one, and the engine died meanwhile
    chores.sync()
    assert synced == {"b", "c", "d"}
