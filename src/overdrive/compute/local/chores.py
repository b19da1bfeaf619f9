"""What a shim does behind the trials that ended, when nothing waits for it. Standard library only."""

import contextlib
import os
import stat
import sys
from collections import deque
from collections.abc import Callable
from time import monotonic

from overdrive.compute.local.attempt_files import AttemptFiles
from overdrive.compute.local.work import Copies

__all__ = ["Chores"]

#: Seconds without an order after which it tidies: the engine may want the processor first, to start the next trial.
_TIDY_S = 0.005
#: Seconds without an order after which it makes records safe against a power cut, many in one go.
_SYNC_S = 0.25
#: An engine that gives orders has made outcomes that are so many seconds old safe in its own journal.
_ENGINE_SYNCED_S = 2.0


class Chores:
    """Tidying first, then syncing: neither stands between the end of one trial and the start of the next."""

    def __init__(self) -> None:
        self._tidy: list[Callable[[], None]] = []
        #: With the time at which each was written, monotonic seconds.
        self._unsynced: deque[tuple[float, AttemptFiles]] = deque()
        #: What the last trial got from the snapshot and nobody needs any more, until it is tidied.
        self.copies: Copies | None = None

    def add(self, tidy: Callable[[], None], files: AttemptFiles, copies: Copies | None) -> None:
        """tidy: what removes what the attempt leaves; files: whose record is to be made safe."""
        self._tidy.append(tidy)
        self._unsynced.append((monotonic(), files))
        self.copies = copies

    def wait_s(self) -> float | None:
        """How long to wait for an order before `idle` is called; None: for ever."""
        if self._tidy:
            return _TIDY_S
        return _SYNC_S if self._unsynced else None

    def idle(self) -> None:
        """No order came in time."""
        if self._tidy:
            self.tidy()
        else:
            self.sync()

    def busy(self) -> None:
        """An order came in time; its script runs now."""
        self.tidy()
        before = monotonic() - _ENGINE_SYNCED_S
        while self._unsynced and self._unsynced[0][0] < before:
            self._unsynced.popleft()

    def tidy(self) -> None:
        """Removes what the attempts left."""
        self.copies = None
        while self._tidy:
            _try(self._tidy.pop())

    def sync(self) -> None:
        """From now on the records survive a power cut."""
        # All are begun before the first is waited for: journalling file systems then have one commit for all of them.
        for _, files in self._unsynced:
            _try(lambda files=files: _for_each(files, _begin_to_write))
        while self._unsynced:
            _, files = self._unsynced.pop()
            _try(lambda files=files: _for_each(files, os.fsync))


def _for_each(files: AttemptFiles, call: Callable[[int], None]) -> None:
    """Calls it with the open record, and with the open folder."""
    for path in (files.exit, files.folder):
        try:
            fd = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
        except FileNotFoundError:  # there is none, or the sweep was removed
            continue
        try:
            call(fd)
        finally:
            os.close(fd)


def _begin_to_write(fd: int) -> None:
    """Has the system write the file back, without waiting (fadvise(2): what is not needed is written first)."""
    if hasattr(os, "posix_fadvise") and stat.S_ISREG(os.fstat(fd).st_mode):
        os.posix_fadvise(fd, 0, 0, os.POSIX_FADV_DONTNEED)


def _try(chore: Callable[[], None]) -> None:
    """What cannot be done is put into the engine's log: the next trial, which may run already, does not end for it."""
    try:
        chore()
    except OSError as error:
        with contextlib.suppress(OSError):  # the log may be on the same disk
            print(f"overdrive: behind a trial: {error}", file=sys.stderr, flush=True)
