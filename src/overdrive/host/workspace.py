"""Whether a folder can be a workspace: it can be written, and locks on its file system keep others out.

The locks are tried once a boot and file system, and the result is kept in the file that marks a workspace.
"""

import fcntl
import os
import struct
import sys
from collections.abc import Callable

from overdrive.errors import BrokenLocksError
from overdrive.errors import UnwritableError
from overdrive.errors import WorkspaceError
from overdrive.host.files import make_private
from overdrive.host.files import read_json
from overdrive.host.files import write_json
from overdrive.host.filesystem import filesystem_of
from overdrive.host.machine import boot_id
from overdrive.host.selection import MARKER

__all__ = ["check_locks", "check_workspace"]

#: Locks a byte range as SQLite does, in a process of its own; exit code 0: the range was free.
_CHILD = "import fcntl, sys; fcntl.lockf(open(sys.argv[1], 'r+b'), fcntl.LOCK_EX | fcntl.LOCK_NB)"


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
