"""Kernel locks on files: they die with their holder, so a lock that is left over does not exist.

A lock (flock) belongs to an open file, not to a process: whoever is given a copy of the descriptor holds it, too, and
it is free when the last copy is closed, or when anyone unlocks it. Not every file system keeps that promise: where a
workspace is to be, both kinds of lock are tried once a boot, and the result is kept in the file that marks a workspace.
"""

import errno
import fcntl
import json
import os
import struct
import sys
from collections.abc import Callable

from overdrive.errors import BrokenLocksError
from overdrive.errors import LockedError
from overdrive.errors import UnwritableError
from overdrive.errors import WorkspaceError
from overdrive.host.clock import monotonic
from overdrive.host.clock import sleep
from overdrive.host.files import NoFileError
from overdrive.host.files import make_private
from overdrive.host.files import open_regular
from overdrive.host.files import read_json
from overdrive.host.files import write_json
from overdrive.host.filesystem import MARKER
from overdrive.host.filesystem import filesystem_of
from overdrive.host.machine import boot_id

__all__ = ["FileLock", "check_locks", "check_workspace", "is_held", "lock_now", "note_of"]

#: How long a lock that is only being looked at (`is_held`) is asked for again; a look takes microseconds.
_LOOKS_S = 1.0
_FIRST_WAIT_S = 0.001
_LONGEST_WAIT_S = 0.05
#: How long `with FileLock(path):` waits.
_PATIENCE_S = 30.0

#: Locks a byte range as SQLite does, in a process of its own; exit code 0: the range was free.
_CHILD = "import fcntl, sys; fcntl.lockf(open(sys.argv[1], 'r+b'), fcntl.LOCK_EX | fcntl.LOCK_NB)"


class FileLock:
    """An exclusive lock on a file, which is made (0600) where it is missing and stays when the lock is released.

    note: what to write into the file once the lock is held; only to show (`note_of`).
    """

    def __init__(self, path: str, note: dict | None = None) -> None:
        self.path = path
        self._note = note
        self._fd: int | None = None

    @property
    def is_mine(self) -> bool:
        """Whether this object holds the lock."""
        return self._fd is not None

    def fileno(self) -> int:
        """The descriptor that holds the lock; -1 without it. It is closed on exec unless it is passed on by name."""
        return -1 if self._fd is None else self._fd

    def try_acquire(self) -> bool:
        """Takes the lock if it is free; at once. Raises OSError where the file cannot be opened or locked."""
        while self._fd is None:
            fd = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
            if not lock_now(fd):
                os.close(fd)
                return False
            if not _is_at(fd, self.path):  # removed meanwhile: others lock the new file
                os.close(fd)
                continue
            self._fd = fd
            if self._note is not None:
                self.write_note(self._note)
        return True

    def acquire(self, timeout_s: float) -> bool:
        """Takes the lock, waiting up to `timeout_s` seconds for it; whether it is held now. Raises OSError."""
        deadline = monotonic() + timeout_s
        wait_s = _FIRST_WAIT_S
        while not self.try_acquire():
            left_s = deadline - monotonic()
            if left_s <= 0:
                return False
            sleep(min(wait_s, left_s))
            wait_s = min(2 * wait_s, _LONGEST_WAIT_S)
        return True

    def release(self) -> None:
        """Frees the lock, for those as well who have a copy of the descriptor. Nothing without the lock."""
        if self._fd is not None:
            fcntl.flock(self._fd, fcntl.LOCK_UN)
            self.close()

    def close(self) -> None:
        """Closes this copy of the descriptor: the lock lives on in the copies that others have."""
        if self._fd is not None:
            os.close(self._fd)
            self._fd = None

    def write_note(self, note: dict) -> None:
        """Puts another note into the file; only with the lock. A full disk is no error here. Raises OSError."""
        self._note = note
        text = json.dumps(note).encode() + b"\n"
        try:
            os.ftruncate(self.fileno(), 0)
            os.pwrite(self.fileno(), text, 0)
        except OSError as error:
            if error.errno not in (errno.ENOSPC, errno.EDQUOT):
                raise
            # A full disk takes nobody's lock away; the note is only to show.

    def __enter__(self) -> "FileLock":
        """Waits for the lock. Raises LockedError when somebody keeps it for half a minute."""
        if not self.acquire(_PATIENCE_S):
            raise LockedError(f"another process has held {self.path} for {_PATIENCE_S:.0f} seconds")
        return self

    def __exit__(self, *_: object) -> None:
        self.release()


def lock_now(fd: int) -> bool:
    """Takes the exclusive lock on an open file if nobody holds it; at once. Raises OSError.

    Somebody who looks (`is_held`) shares the lock for some microseconds, and that is told from a holder.
    """
    deadline: float | None = None
    while not _try(fd, fcntl.LOCK_EX):
        if not _try(fd, fcntl.LOCK_SH):
            return False
        fcntl.flock(fd, fcntl.LOCK_UN)
        deadline = deadline or monotonic() + _LOOKS_S
        if monotonic() > deadline:
            return False
        sleep(0.0002)
    return True


def is_held(path: str) -> bool:
    """Whether somebody holds the lock on the file; not, where there is no such file. Holders notice nothing."""
    try:
        fd = open_regular(path)
    except (FileNotFoundError, NoFileError):
        return False
    try:
        return not _try(fd, fcntl.LOCK_SH)
    finally:
        os.close(fd)


def note_of(path: str) -> dict | None:
    """The note of the lock's last holder; None where there is none (yet). It does not tell whether the lock is held."""
    try:
        with open(open_regular(path), "rb") as file:
            note = json.loads(file.read(4096))
    except (OSError, ValueError):
        return None
    return note if isinstance(note, dict) else None


def _try(fd: int, kind: int) -> bool:
    try:
        fcntl.flock(fd, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _is_at(fd: int, path: str) -> bool:
    """Whether the open file is the one that the path names now."""
    try:
        named = os.stat(path, follow_symlinks=False)
    except FileNotFoundError:
        return False
    opened = os.fstat(fd)
    return (named.st_ino, named.st_dev) == (opened.st_ino, opened.st_dev)


def check_workspace(folder: str) -> tuple[str, bool]:
    """Makes the workspace's folder (0700) where it is missing and returns its file system as `filesystem_of` does.

    Raises UnwritableError where it cannot be made or written, BrokenLocksError where locks do not work.
    """
    try:
        make_private(folder)
        device = os.stat(folder).st_dev
    except (OSError, ValueError) as error:
        raise _unwritable(folder, error) from error
    marker = f"{folder}/{MARKER}"
    known = _read(marker)
    if known.get("boot_id") == boot_id() and known.get("device") == device and os.access(folder, os.W_OK | os.X_OK):
        return known["filesystem"], known["is_network"]
    try:
        check_locks(folder)
        kind, is_network = filesystem_of(folder)
        facts = {"version": 1, "filesystem": kind, "is_network": is_network, "device": device, "boot_id": boot_id()}
        write_json(marker, facts)
    except OSError as error:
        raise _unwritable(folder, error) from error
    return kind, is_network


def _read(marker: str) -> dict:
    """What the marker says; {} where it is missing or damaged: it is made anew then."""
    try:
        known = read_json(marker)
    except (WorkspaceError, OSError):
        return {}
    return known if isinstance(known, dict) and {"filesystem", "is_network"} <= known.keys() else {}


def check_locks(folder: str) -> None:
    """Tries whether both kinds of lock that Overdrive and SQLite use keep others out on the folder's file system.

    Raises BrokenLocksError where they do not, OSError where no file can be made there.
    """
    path = f"{folder}/.tmp-locks-{os.urandom(8).hex()}"
    first = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        second = os.open(path, os.O_RDWR)
        try:
            problem = _problem_of_files(first, second) or _problem_of_ranges(path, first, second)
        finally:
            os.close(second)
    finally:
        os.close(first)
        os.unlink(path)
    if problem:
        raise BrokenLocksError(
            f"locks do not work in {folder} ({filesystem_of(folder)[0]}): {problem}",
            hint="choose a workspace on a local disk with --workspace, or have the file system mounted with locks "
            "(NFS: without nolock; Lustre: with flock)",
        )


def _problem_of_files(first: int, second: int) -> str | None:
    """What is wrong with locks on whole files (flock), or None."""
    try:
        fcntl.flock(first, fcntl.LOCK_EX | fcntl.LOCK_NB)
        if _succeeds(lambda: fcntl.flock(second, fcntl.LOCK_EX | fcntl.LOCK_NB)):
            return "two holders got the same lock on a file"
        fcntl.flock(first, fcntl.LOCK_UN)
        fcntl.flock(second, fcntl.LOCK_EX | fcntl.LOCK_NB)
        fcntl.flock(second, fcntl.LOCK_UN)
    except OSError as error:
        return f"a lock on a file is refused: {error.strerror}"
    return None


def _problem_of_ranges(path: str, first: int, second: int) -> str | None:
    """What is wrong with locks on ranges of bytes (fcntl), or None."""
    try:
        fcntl.lockf(first, fcntl.LOCK_EX | fcntl.LOCK_NB)
        if _other_gets_range(path, second):
            return "two holders got the same lock on bytes of a file"
        fcntl.lockf(first, fcntl.LOCK_UN)
        if not _other_gets_range(path, second):
            return "a lock on bytes of a file outlives its release"
    except OSError as error:
        return f"a lock on bytes of a file is refused: {error.strerror}"
    return None


def _other_gets_range(path: str, second: int) -> bool:
    """Whether another holder gets the lock on all bytes of the file.

    Linux lets an open file hold it (fcntl(2), open file description locks), which a process's own lock keeps out, too;
    elsewhere another process tries.
    """
    if hasattr(fcntl, "F_OFD_SETLK"):
        wanted = struct.pack("hhqqi0q", fcntl.F_WRLCK, os.SEEK_SET, 0, 0, 0)
        return _succeeds(lambda: fcntl.fcntl(second, fcntl.F_OFD_SETLK, wanted))
    pid = os.posix_spawn(sys.executable, [sys.executable, "-I", "-S", "-W", "ignore", "-c", _CHILD, path], os.environ)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0


def _succeeds(lock: Callable[[], object]) -> bool:
    """Whether `lock` gets its lock; PermissionError (EACCES) is the other word for 'held' (POSIX, fcntl)."""
    try:
        lock()
    except (BlockingIOError, PermissionError):
        return False
    return True


def _unwritable(folder: str, error: OSError | ValueError) -> UnwritableError:
    reason = error.strerror if isinstance(error, OSError) else str(error)
    return UnwritableError(
        f"the workspace {folder} cannot be written: {reason}", hint="choose another folder with --workspace"
    )
