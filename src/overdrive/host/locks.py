"""Kernel locks on files: they die with their holder, so a lock that is left over does not exist.

A lock (flock) belongs to an open file, not to a process: whoever is given a copy of the descriptor holds it, too, and it
is free when the last copy is closed, or when anyone unlocks it.
"""

import errno
import fcntl
import json
import os

from overdrive.host.clock import monotonic
from overdrive.host.clock import sleep

__all__ = ["FileLock", "is_held", "lock_now", "note_of"]

#: How long a lock that is only being looked at (`is_held`) is asked for again; a look takes microseconds.
_LOOKS_S = 1.0
_FIRST_WAIT_S = 0.001
_LONGEST_WAIT_S = 0.05


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
            self._write_note(fd)
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

    def _write_note(self, fd: int) -> None:
        if self._note is None:
            return
        text = json.dumps(self._note).encode() + b"\n"
        try:
            os.ftruncate(fd, 0)
            os.pwrite(fd, text, 0)
        except OSError as error:
            if error.errno not in (errno.ENOSPC, errno.EDQUOT):
                raise
            # A full disk takes nobody's lock away; the note is only to show.


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
        fd = os.open(path, os.O_RDONLY)
    except FileNotFoundError:
        return False
    try:
        return not _try(fd, fcntl.LOCK_SH)
    finally:
        os.close(fd)


def note_of(path: str) -> dict | None:
    """The note of the lock's last holder; None where there is none (yet). It does not tell whether the lock is held."""
    try:
        with open(path, "rb") as file:
            note = json.loads(file.read(4096))
    except (FileNotFoundError, ValueError):
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
