"""What an engine does while the disk is full: it stands still, but hears who wants an end."""

import errno
import logging
import sqlite3
from collections.abc import Callable
from collections.abc import Collection
from pathlib import Path
from typing import TypeVar

from overdrive.compute import Compute
from overdrive.compute import Ended
from overdrive.errors import WorkspaceError
from overdrive.host import clock
from overdrive.host.files import disk_is_full
from overdrive.records import Request
from overdrive.store import read_mailbox

log = logging.getLogger("overdrive.engine")

#: Seconds between two tries while the disk is full.
_ROOM_S = 0.5
#: Seconds within which trials that are ended at once are gone, or never will be.
_END_S = 10.0

T = TypeVar("T")


class Left(Exception):
    """The engine leaves with the sweep unfinished. What it had not written yet is found again by the next one."""


class FullDisk:
    """Tries again what a full disk refused, and leaves when it is asked to.

    folder: the sweep's.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._heard: set[str] = set()
        #: Told each request that lies in the mailbox while the disk is full, since no journal can take it in. Once.
        self.obey: Callable[[Path, Request], None] = lambda path, request: None
        #: Whether the engine was asked to leave the sweep to the next one.
        self.is_leaving = False

    def retry(self, act: Callable[[], T]) -> T:
        """What `act` gives, as soon as the disk has room for it. Raises Left, and what is no full disk."""
        began: float | None = None
        while True:
            try:
                found = act()
            except (OSError, sqlite3.OperationalError, WorkspaceError) as error:
                if not is_disk_full(error):
                    raise
                if began is None:
                    began = clock.monotonic()
                    log.warning("the disk is full; the sweep waits until there is room: %s", error)
                self._hear()
                clock.sleep(_ROOM_S)
                continue
            if began is not None:
                log.warning("there is room again, after %.1f s", clock.monotonic() - began)
            return found

    def _hear(self) -> None:
        for path, request in read_mailbox(self._folder):
            if request is not None and request.id not in self._heard:
                self._heard.add(request.id)
                self.obey(path, request)
        if self.is_leaving:
            raise Left


def is_disk_full(error: Exception) -> bool:
    """Whether it failed for want of room. SQLite calls a quota, and want of room for its index, an I/O error; so do
    network file systems where a write that they took already turns out to have no room."""
    cause = error.__cause__ if isinstance(error, WorkspaceError) else error
    is_io_error = (isinstance(cause, OSError) and cause.errno == errno.EIO) or (
        isinstance(cause, sqlite3.OperationalError) and "disk I/O error" in str(cause)
    )
    return is_io_error or disk_is_full(error)


def end_now(compute: Compute, attempts: Collection[tuple[int, int]]) -> None:
    """KILLs these (trial, attempt), and returns when they are gone. Nobody writes it down: the next engine finds it."""
    left = set(attempts)
    deadline = clock.monotonic() + _END_S
    while left and clock.monotonic() < deadline:
        for trial, attempt in left:
            compute.stop(trial, attempt, now=True)
        ended = [notice for notice in compute.poll(_ROOM_S) if isinstance(notice, Ended)]
        left -= {(notice.trial, notice.attempt) for notice in ended}
    log.warning("cancelled on a full disk: %d trials ended, %d are not gone yet", len(attempts) - len(left), len(left))
