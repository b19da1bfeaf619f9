"""Keeps a trial's output file below its cap: the head and the tail stay, the middle goes. Standard library only."""

import contextlib
import fcntl
import os
from time import monotonic

from overdrive.compute.local.attempt_files import AttemptFiles
from overdrive.compute.local.attempt_files import write_small
from overdrive.compute.local.kernel import punch_hole

__all__ = ["LogCap"]

#: The file is looked at once in that many seconds, while it grows.
_PERIOD_S = 1.0
_BLOCK_BYTES = 4096


class LogCap:
    """Looks at the output after something was written into the trial's folder, and sleeps when nothing is.

    The kernel says by SIGIO that something was written there (dnotify, fcntl(2) F_NOTIFY: unlike inotify it costs no
    instance, of which a user has few). Where it does not, the file is looked at once a second.
    """

    def __init__(self, files: AttemptFiles, output_fd: int, cap_bytes: int) -> None:
        self._files = files
        self._output = output_fd
        self._folder: int | None = None
        self._half = max(_BLOCK_BYTES, cap_bytes // 2 // _BLOCK_BYTES * _BLOCK_BYTES)
        self._seen = 0
        self._hole_end = 0
        #: When to call `check`, monotonic seconds, or None. What ends within a second is looked at in the end only.
        self.check_at: float | None = monotonic() + _PERIOD_S

    def stir(self) -> None:
        """Something was written."""
        if self.check_at is None:
            self.check_at = monotonic() + _PERIOD_S

    def check(self) -> None:
        """Cuts where there is too much. What goes wrong is tried again at the next check: no trial ends for it."""
        size = os.fstat(self._output).st_size
        grew = size != self._seen
        self._seen = size
        self.check_at = monotonic() + _PERIOD_S
        with contextlib.suppress(OSError):
            self.cut()
        if not grew and self._is_told() and os.fstat(self._output).st_size == size:
            self.check_at = None

    def _is_told(self) -> bool:
        """Asks the kernel to tell when something is written; whether it will."""
        try:
            if self._folder is None:
                self._folder = os.open(self._files.folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
            fcntl.fcntl(self._folder, fcntl.F_NOTIFY, fcntl.DN_MODIFY)
        except (OSError, AttributeError):
            return False
        return True

    def close(self) -> None:
        if self._folder is not None:
            os.close(self._folder)

    def cut(self) -> None:
        """Gives up the middle, if the file holds more than the cap. Raises OSError."""
        end = (os.fstat(self._output).st_size - self._half) // _BLOCK_BYTES * _BLOCK_BYTES
        start = self._hole_end or self._half
        if end <= start:
            return
        if punch_hole(self._output, start, end - start):
            self._hole_end = end
        else:
            os.ftruncate(self._output, self._half)  # no holes here: the head stays, and what comes next
            end = self._half
        write_small(self._files.hole, f'{{"from": {self._half}, "to": {end}}}')
