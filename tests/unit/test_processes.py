"""Processes are known by pid, start and boot, and by their tag."""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from overdrive.host.machine import boot_id
from overdrive.host.processes import ATTEMPT
from overdrive.host.processes import children
from overdrive.host.processes import descendants
from overdrive.host.processes import is_same
from overdrive.host.processes import kill_all_tagged
from overdrive.host.processes import name_of
from overdrive.host.processes import open_pidfd
from overdrive.host.processes import send_signal
from overdrive.host.processes import start_ticks
from overdrive.host.processes import tagged
from overdrive.host.processes import ticks_now
from overdrive.host.randomness import new_id

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="needs /proc")

#: Makes a child, and says its number.
PARENT = "import os, subprocess; p = subprocess.Popen(['sleep', '60']); print(p.pid, flush=True); p.wait()"


@pytest.fixture
def sleeper() -> Iterator[subprocess.Popen[bytes]]:
    with subprocess.Popen(["sleep", "60"]) as process:
        yield process
        process.kill()


def ticks_of(pid: int) -> int:
    ticks = start_ticks(pid)
    assert ticks is not None
    return ticks


def test_a_process_is_itself(sleeper: subprocess.Popen[bytes]) -> None:
    pid, ticks = sleeper.pid, ticks_of(sleeper.pid)
    assert is_same(pid, ticks, boot_id())
    assert not is_same(pid, ticks + 1, boot_id())
    assert not is_same(pid, ticks, "another boot")


def test_the_clock_tells_the_start() -> None:
    before = ticks_now()
    with subprocess.Popen(["true"]) as process:
        assert before <= ticks_of(process.pid) <= ticks_now()


def test_a_zombie_is_dead(sleeper: subprocess.Popen[bytes]) -> None:
    ticks = ticks_of(sleeper.pid)
    fd = open_pidfd(sleeper.pid, ticks, boot_id())
    assert fd is not None
    sleeper.kill()
    os.waitid(os.P_PID, sleeper.pid, os.WEXITED | os.WNOWAIT)
    assert start_ticks(sleeper.pid) == ticks
    assert not is_same(sleeper.pid, ticks, boot_id())
    assert open_pidfd(sleeper.pid, ticks, boot_id()) is None
    os.close(fd)


def test_a_process_has_a_name(tmp_path: Path) -> None:
    program = tmp_path / "a) S (b"
    shutil.copy("/bin/sleep", program)
    with subprocess.Popen([program, "60"]) as odd:
        assert name_of(odd.pid) == "a) S (b"
        assert start_ticks(odd.pid) is not None
        assert children(os.getpid()).count(odd.pid) == 1
        odd.kill()
        os.waitid(os.P_PID, odd.pid, os.WEXITED | os.WNOWAIT)
        assert name_of(odd.pid) is None
    assert name_of(odd.pid) is None


def test_who_is_gone_has_no_start(sleeper: subprocess.Popen[bytes]) -> None:
    sleeper.kill()
    sleeper.wait()
    assert start_ticks(sleeper.pid) is None


def test_a_stranger_is_not_signalled(sleeper: subprocess.Popen[bytes]) -> None:
    """Its number was another process's before."""
    ticks = ticks_of(sleeper.pid)
    assert not send_signal(sleeper.pid, ticks - 1, boot_id(), signal.SIGKILL)
    assert not send_signal(sleeper.pid, ticks, "another boot", signal.SIGKILL)
    assert open_pidfd(sleeper.pid, ticks - 1, boot_id()) is None
    assert sleeper.poll() is None
    assert send_signal(sleeper.pid, ticks, boot_id(), signal.SIGTERM)
    assert sleeper.wait() == -signal.SIGTERM


def test_descendants() -> None:
    with subprocess.Popen([sys.executable, "-c", PARENT], stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        child = int(process.stdout.readline())
        assert children(process.pid) == [child]
        assert descendants(process.pid) == [child]
        assert process.pid in children(os.getpid())
        assert {process.pid, child} <= set(descendants(os.getpid()))
        os.kill(child, signal.SIGKILL)
    assert children(process.pid) == []


def test_tagged_processes_are_found_and_killed() -> None:
    """Their children too, though these have another environment; other tags are left alone."""
    mine, other = new_id(), new_id()
    script = PARENT.replace("['sleep', '60']", "['sleep', '60'], env={}")
    environment = {**os.environ, ATTEMPT: mine}
    with (
        subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, env=environment) as process,
        subprocess.Popen(["sleep", "60"], env={**os.environ, ATTEMPT: other}) as stranger,
    ):
        assert process.stdout is not None
        child = int(process.stdout.readline())
        child_ticks = ticks_of(child)
        found = tagged([mine, other, new_id()])
        assert found == {
            mine: [(process.pid, ticks_of(process.pid))],
            other: [(stranger.pid, ticks_of(stranger.pid))],
        }
        assert kill_all_tagged([mine]) == {mine}
        assert process.wait() == -signal.SIGKILL
        deadline = time.monotonic() + 10
        while is_same(child, child_ticks, boot_id()):
            assert time.monotonic() < deadline
        assert kill_all_tagged([mine]) == set()
        assert stranger.poll() is None
        assert kill_all_tagged([]) == set()
        stranger.kill()
