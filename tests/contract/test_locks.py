"""Locks between real processes, and file systems whose locks only look as if they worked."""

import errno
import fcntl
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable
from collections.abc import Iterator
from pathlib import Path

import pytest

from overdrive.errors import BrokenLocksError
from overdrive.errors import LockedError
from overdrive.errors import UnwritableError
from overdrive.host import locks
from overdrive.host.filesystem import MARKER
from overdrive.host.filesystem import filesystem_of
from overdrive.host.filesystem import is_network
from overdrive.host.guarantees import guarantees
from overdrive.host.locks import FileLock
from overdrive.host.locks import check_locks
from overdrive.host.locks import check_workspace
from overdrive.host.locks import is_held
from overdrive.host.locks import note_of

_HOLDER = """if True:
    import sys
    from overdrive.host.locks import FileLock
    lock = FileLock(sys.argv[1], {"who": "the holder"})
    print(lock.try_acquire(), flush=True)
    sys.stdin.read()
"""


class Holder:
    """A process that holds a lock until it is told to end."""

    def __init__(self, path: Path) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-c", _HOLDER, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        assert self.process.stdout is not None
        self.got_it = self.process.stdout.readline() == "True\n"

    def end(self, number: int | None = None) -> None:
        if number is not None:
            self.process.send_signal(number)
        self.process.communicate(timeout=30)


@pytest.fixture
def hold() -> Iterator[Callable[[Path], Holder]]:
    """Starts holders, and ends what is left of them."""
    started: list[Holder] = []

    def start(path: Path) -> Holder:
        started.append(Holder(path))
        return started[-1]

    yield start
    for holder in started:
        holder.process.kill()
        holder.process.communicate(timeout=30)


def test_one_process_at_a_time(tmp_path: Path, hold: Callable[[Path], Holder]) -> None:
    path = tmp_path / "x.lock"
    lock = FileLock(str(path))
    assert not is_held(str(path))
    holder = hold(path)
    assert holder.got_it
    assert is_held(str(path))
    assert not lock.try_acquire()
    assert not lock.is_mine
    assert lock.fileno() == -1
    assert not hold(path).got_it
    assert note_of(str(path)) == {"who": "the holder"}
    holder.end()
    assert lock.try_acquire()
    assert lock.try_acquire()
    assert lock.is_mine
    assert path.stat().st_mode & 0o777 == 0o600


def test_a_killed_holder_holds_nothing(tmp_path: Path, hold: Callable[[Path], Holder]) -> None:
    path = tmp_path / "x.lock"
    for _ in range(3):
        holder = hold(path)
        assert holder.got_it
        holder.end(signal.SIGKILL)
        assert not is_held(str(path))


def test_a_stopped_holder_keeps_it(tmp_path: Path, hold: Callable[[Path], Holder]) -> None:
    holder = hold(tmp_path / "x.lock")
    holder.process.send_signal(signal.SIGSTOP)
    assert is_held(str(tmp_path / "x.lock"))
    assert not FileLock(str(tmp_path / "x.lock")).acquire(0.02)
    holder.end(signal.SIGKILL)


def test_waiting_ends_when_the_holder_does(tmp_path: Path, hold: Callable[[Path], Holder]) -> None:
    path = tmp_path / "x.lock"
    holder = hold(path)
    code = "import sys; from overdrive.host.locks import FileLock; sys.exit(not FileLock(sys.argv[1]).acquire(30))"
    waiter = subprocess.Popen([sys.executable, "-c", code, str(path)])
    holder.end()
    assert waiter.wait(30) == 0
    lock = FileLock(str(path))
    assert lock.acquire(30)
    lock.release()
    lock.release()
    assert not is_held(str(path))


def test_a_with_block_waits_and_gives_up(
    tmp_path: Path, hold: Callable[[Path], Holder], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(locks, "_PATIENCE_S", 0.02)
    path = tmp_path / "x.lock"
    with FileLock(str(path)) as lock:
        assert lock.is_mine
        assert is_held(str(path))
    assert not is_held(str(path))
    hold(path)
    with pytest.raises(LockedError, match=r"another process has held .*x\.lock"), FileLock(str(path)):
        pass


def test_a_copy_of_the_descriptor_keeps_the_lock(tmp_path: Path) -> None:
    path = str(tmp_path / "x.lock")
    lock = FileLock(path)
    assert lock.try_acquire()
    ours, theirs = socket.socketpair()
    with ours, theirs:
        socket.send_fds(ours, [b"x"], [lock.fileno()])
        copy = socket.recv_fds(theirs, 1, 1)[1][0]
    lock.close()
    assert not lock.is_mine
    assert is_held(path)
    assert not FileLock(path).try_acquire()
    os.close(copy)
    assert not is_held(path)


def test_release_frees_the_copies_too(tmp_path: Path) -> None:
    path = str(tmp_path / "x.lock")
    lock = FileLock(path)
    assert lock.try_acquire()
    copy = os.dup(lock.fileno())
    lock.release()
    assert not is_held(path)
    os.close(copy)


def test_descriptors_do_not_reach_programs_that_are_started(tmp_path: Path) -> None:
    lock = FileLock(str(tmp_path / "x.lock"))
    assert lock.try_acquire()
    assert not os.get_inheritable(lock.fileno())
    lock.release()


def test_lookers_do_not_keep_anyone_from_the_lock(tmp_path: Path) -> None:
    path = tmp_path / "x.lock"
    path.touch()
    code = "import sys; from overdrive.host.locks import is_held\nprint(flush=True)\nwhile True: is_held(sys.argv[1])"
    looker = subprocess.Popen([sys.executable, "-c", code, str(path)], stdout=subprocess.PIPE)
    assert looker.stdout is not None
    looker.stdout.readline()
    try:
        for _ in range(5000):
            lock = FileLock(str(path))
            assert lock.try_acquire()
            lock.release()
    finally:
        looker.kill()
        looker.communicate(timeout=30)


def test_a_removed_lock_file_is_not_the_lock(tmp_path: Path) -> None:
    path = tmp_path / "x.lock"
    old, new = FileLock(str(path)), FileLock(str(path))
    assert old.try_acquire()
    path.unlink()
    assert new.try_acquire()
    assert path.exists()
    old.release()
    assert is_held(str(path))
    new.release()


def test_a_link_is_not_a_lock_file(tmp_path: Path) -> None:
    (tmp_path / "x.lock").symlink_to("victim")
    with pytest.raises(OSError):
        FileLock(str(tmp_path / "x.lock")).try_acquire()
    assert not (tmp_path / "victim").exists()


def test_notes_can_be_rewritten_and_may_be_damaged(tmp_path: Path) -> None:
    path = tmp_path / "x.lock"
    assert note_of(str(path)) is None
    lock = FileLock(str(path), {"epoch": 1, "text": "x" * 100})
    assert lock.try_acquire()
    lock.write_note({"epoch": 2})
    assert note_of(str(path)) == {"epoch": 2}
    lock.release()
    for text in ("", "[1]", "{"):
        path.write_text(text)
        assert note_of(str(path)) is None


def test_a_full_disk_takes_no_lock_away(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> int:
        raise OSError(errno.ENOSPC, "full")

    monkeypatch.setattr(os, "pwrite", full)
    lock = FileLock(str(tmp_path / "x.lock"), {"pid": 1})
    assert lock.try_acquire()
    lock.release()


def test_locks_work_here(tmp_path: Path) -> None:
    check_locks(str(tmp_path))
    assert os.listdir(tmp_path) == []


def test_locks_work_here_between_processes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is tried where the system has no open file description locks, such as macOS."""
    monkeypatch.delattr(fcntl, "F_OFD_SETLK", raising=False)
    check_locks(str(tmp_path))
    monkeypatch.setattr(fcntl, "lockf", lambda *_: None)
    with pytest.raises(BrokenLocksError, match="two holders got the same lock on bytes"):
        check_locks(str(tmp_path))
    assert os.listdir(tmp_path) == []


_BROKEN = {
    "flock excludes nobody": ("fcntl.flock = lambda *a: None", "two holders got the same lock on a file"),
    "fcntl excludes nobody": ("fcntl.lockf = lambda *a: None", "two holders got the same lock on bytes of a file"),
    "neither does": ("fcntl.flock = fcntl.lockf = lambda *a: None", "two holders got the same lock on a file"),
    "no flock": ("fcntl.flock = refuse", "a lock on a file is refused: No locks available"),
    "no fcntl": ("fcntl.lockf = refuse", "a lock on bytes of a file is refused: No locks available"),
    "flock never ends": (
        "flock = fcntl.flock\nfcntl.flock = lambda fd, how: None if how & fcntl.LOCK_UN else flock(fd, how)",
        "a lock on a file is refused",
    ),
    "fcntl never ends": (
        "lockf = fcntl.lockf\nfcntl.lockf = lambda fd, how: None if how & fcntl.LOCK_UN else lockf(fd, how)",
        "a lock on bytes of a file outlives its release",
    ),
}


@pytest.mark.parametrize("case", _BROKEN)
def test_broken_locks_are_refused_with_the_remedies(tmp_path: Path, case: str) -> None:
    """A process that sees the locks of a file system which pretends, as some network ones do."""
    fault, words = _BROKEN[case]
    workspace = tmp_path / "workspace"
    code = f"""
import fcntl, os, sys
def refuse(*a): raise OSError(37, "No locks available")
{fault}
from overdrive.errors import BrokenLocksError
from overdrive.host.locks import check_workspace
try:
    check_workspace(sys.argv[1])
except BrokenLocksError as error:
    print(error.message); print(error.hint); print(error.exit_code)
"""
    done = subprocess.run([sys.executable, "-c", code, str(workspace)], capture_output=True, text=True, timeout=60)
    assert done.stderr == ""
    message, hint, exit_code = done.stdout.splitlines()
    assert message.startswith(f"locks do not work in {workspace} (")
    assert words in message
    assert "--workspace" in hint
    assert "mounted with locks" in hint
    assert exit_code == "4"
    assert os.listdir(workspace) == []


def test_a_workspace_is_made_and_its_locks_are_tried_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "a" / "workspace"
    kind, network = check_workspace(str(folder))
    assert (kind, network) == filesystem_of(str(folder))
    assert os.listdir(folder) == [MARKER]
    assert [path.stat().st_mode & 0o777 for path in (folder.parent, folder, folder / MARKER)] == [0o700, 0o700, 0o600]

    def tried(_: str) -> None:
        raise AssertionError("the locks were tried again")

    monkeypatch.setattr(locks, "check_locks", tried)
    assert check_workspace(str(folder)) == (kind, network)
    monkeypatch.setattr(locks, "boot_id", lambda: "after the next boot")
    with pytest.raises(AssertionError):
        check_workspace(str(folder))


@pytest.mark.parametrize("text", ["", "{}", "[]", "\0", '{"boot_id": 1, "device": 2}'])
def test_a_damaged_marker_is_made_anew(tmp_path: Path, text: str) -> None:
    check_workspace(str(tmp_path))
    good = (tmp_path / MARKER).read_text()
    (tmp_path / MARKER).write_text(text)
    check_workspace(str(tmp_path))
    assert (tmp_path / MARKER).read_text() == good


def test_a_workspace_that_is_no_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    for name in ("file", "file/below", "nul\0"):
        with pytest.raises(UnwritableError, match="cannot be written") as caught:
            check_workspace(f"{tmp_path}/{name}")
        assert caught.value.hint is not None
        assert "--workspace" in caught.value.hint


@pytest.mark.parametrize("known", [False, True])
def test_a_workspace_that_cannot_be_written_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, known: bool
) -> None:
    if known:
        check_workspace(str(tmp_path))
    call = os.open

    def read_only(path: str, flags: int, *arguments: int, **options: int) -> int:
        if flags & os.O_CREAT:
            raise OSError(errno.EROFS, os.strerror(errno.EROFS), path)
        return call(path, flags, *arguments, **options)

    monkeypatch.setattr(os, "open", read_only)
    monkeypatch.setattr(os, "access", lambda *_: False)
    with pytest.raises(UnwritableError, match=r"cannot be written: Read-only file system"):
        check_workspace(str(tmp_path))


@pytest.mark.skipif(not os.path.exists("/proc/self/mountinfo"), reason="needs /proc")
def test_file_systems_are_told_apart(tmp_path: Path) -> None:
    assert filesystem_of("/proc") == ("proc", False)
    if os.path.ismount("/dev/shm"):
        assert filesystem_of("/dev/shm") == ("tmpfs", False)
    kind, network = filesystem_of(str(tmp_path))
    shown = subprocess.run(
        ["df", "--output=fstype", str(tmp_path)], capture_output=True, text=True, check=True, timeout=30
    )
    assert shown.stdout.split() == ["Type", kind]
    assert is_network(str(tmp_path)) == network
    with pytest.raises(FileNotFoundError):
        filesystem_of(str(tmp_path / "missing"))


@pytest.mark.parametrize(
    ("line", "kind", "network"),
    [
        (b"31 2 0:24 / /home rw,relatime shared:1 - nfs4 server:/home rw,vers=4.2", "nfs4", True),
        (b"31 2 0:24 / /home rw - ext4 /dev/sda1 rw", "ext4", False),
        (b"31 2 0:24 / /m rw,relatime shared:1 master:2 - fuse.sshfs me@host: rw", "fuse.sshfs", True),
        (b"31 2 0:24 / /m rw - fuse.mergerfs a:b rw", "fuse.mergerfs", False),
        (b"31 2 0:24 / /m rw - fuseblk /dev/sdb1 rw", "fuseblk", False),
        (b"31 2 0:24 / /mnt/c rw - 9p drvfs rw", "9p", True),
        (b"31 2 0:24 / /scratch rw - lustre mds@tcp:/fs rw,flock", "lustre", True),
    ],
)
def test_network_file_systems_are_known(line: bytes, kind: str, network: bool) -> None:
    from overdrive.host import filesystem

    assert filesystem._type_in(line) == kind
    assert filesystem._is_network_type(kind) == network


def test_doctor_names_each_guarantee_once(tmp_path: Path) -> None:
    found = guarantees(str(tmp_path))
    assert len({guarantee.name for guarantee in found}) == len(found)
    assert all(guarantee.sentence and isinstance(guarantee.ok, bool) for guarantee in found)
    by_name = {guarantee.name: guarantee for guarantee in found}
    assert by_name["flock"].ok
    if sys.platform == "linux":
        assert by_name["subreaper"].ok
        assert by_name["pidfd"].ok
        assert by_name["inotify"].ok
    assert os.listdir(tmp_path) == []


def test_doctor_says_so_where_locks_do_not_work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fcntl, "flock", lambda *_: None)
    by_name = {guarantee.name: guarantee for guarantee in guarantees(str(tmp_path))}
    assert not by_name["flock"].ok
    assert "two holders" in by_name["flock"].sentence
