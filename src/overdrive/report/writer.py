"""Appends lines to a spool: one write each, from any thread or process, and nothing is lost in silence."""

from __future__ import annotations

import atexit
import errno
import itertools
import os
import sys
from _thread import RLock
from time import sleep
from time import time

from overdrive.report.errors import NotInTrialError
from overdrive.report.errors import UserErrorException
from overdrive.report.ranks import read_rank
from overdrive.report.values import finite_text
from overdrive.report.values import quote
from overdrive.report.values import scalar_text

try:
    from zlib import crc32
except ImportError:  # an interpreter built without zlib
    from binascii import crc32

__all__ = ["METRICS", "SpoolWriter", "append", "warn", "writer_of"]

#: The variable that names a trial's spool.
METRICS = "OVERDRIVE_METRICS"
#: Bytes of lines that wait in memory while the disk refuses them.
_UNSENT_LIMIT_BYTES = 64 * 1024 * 1024
#: Seconds between two tries to write them at the end of a process, while the disk is full.
_ROOM_S = 0.5

_writers: dict[str, SpoolWriter] = {}


class SpoolWriter:
    """The lines of one process to one spool.

    The file is open for appending, so that each line is one atomic step whoever else writes; no lock is taken unless a
    write fails. What cannot be written waits in memory and is tried again at the next call and at the process's end,
    which waits as long as the disk is full.
    """

    def __init__(self, path: str) -> None:
        self.path = path
        self._fd: int | None = None
        self._inode = (0, 0)
        #: The file's last line is not complete: start the next one with a newline.
        self._torn = False
        self._seq = itertools.count()
        self.forget()

    def forget(self) -> None:
        """In a forked child: unwritten lines stay the parent's, its locks are nobody's, its rank is not ours."""
        self._lock = RLock()
        self._unsent: list[bytes] = []
        self._unsent_bytes = 0
        self._lost = 0
        self._warned = False
        self._is_full = False
        self._flushing = False
        self._watches_exit = False
        self._rank: int | None = None

    def put(self, name: str, value: str, kind: str | None = None, step: str | None = None) -> None:
        """Appends a line; never raises for the disk's sake. value, step: JSON text, ASCII only."""
        data = self.line(name, value, kind, step)
        if not self._unsent:
            try:
                self._append(data)
                return
            except OSError as error:
                self._warn(error)
        self._keep(data)

    def line(self, name: str, value: str, kind: str | None, step: str | None) -> bytes:
        """The next line, with its newline: the same arguments as `put`."""
        text = f'{{"name": {quote(name)}, "value": {value}'
        if kind is not None:
            text += f', "kind": "{kind}"'
        if step is not None:
            text += f', "step": {step}'
        rank = self._rank
        if rank is None:
            rank = self._rank = read_rank(os.environ)
        if rank:
            text += f', "rank": {rank}'
        body = f'{text}, "at": {time():.6f}, "seq": {next(self._seq)}'.encode("ascii")
        return b'%b, "crc": "%08x"}\n' % (body, crc32(body))

    def write(self, data: bytes) -> None:
        """Appends a line that `line` made. Raises OSError when it could not be written."""
        self._append(data)

    def flush(self) -> int:
        """Tries again what waits in memory. Returns how many lines still wait."""
        with self._lock:
            if self._unsent and not self._flushing:  # a signal's handler may log while we are here
                self._flushing = True
                try:
                    self._send()
                finally:
                    self._flushing = False
            return len(self._unsent)

    def _send(self) -> None:
        sent = 0
        try:
            while sent < len(self._unsent):
                self._append(self._unsent[sent])
                self._unsent_bytes -= len(self._unsent[sent])
                sent += 1
        except OSError as error:
            self._warn(error)
        else:
            self._warned = False
            warn(f"what waited in memory is now in {self.path}")
        finally:
            del self._unsent[:sent]

    def _append(self, data: bytes) -> None:
        fd = self._fd
        if fd is None or not self._is_ours(fd):
            fd = self._open()
        if self._torn:
            data = b"\n" + data
        written = os.write(fd, data)
        self._torn = written != len(data)
        # A line without its newline counts as written: readers take it as soon as the newline of the next write, or the
        # attempt's end, completes it. A shorter piece never reads as a line.
        if written < len(data) - 1:
            raise OSError(errno.ENOSPC, f"only {written} of {len(data)} bytes could be written", self.path)

    def _is_ours(self, fd: int) -> bool:
        """Whether the descriptor still is the spool: a script may have closed all files and opened others."""
        try:
            status = os.fstat(fd)
        except OSError:
            return False
        return (status.st_ino, status.st_dev) == self._inode

    def _open(self) -> int:
        with self._lock:
            fd = os.open(self.path, os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o600)
            status = os.fstat(fd)
            size = status.st_size
            self._torn = size > 0 and os.pread(fd, 1, size - 1) != b"\n"
            self._inode = (status.st_ino, status.st_dev)
            self._fd = fd
            return fd

    def _keep(self, data: bytes) -> None:
        """Holds a line that could not be written, and tries all that wait."""
        with self._lock:
            self._watch_exit()
            if self._unsent_bytes + len(data) <= _UNSENT_LIMIT_BYTES:
                self._unsent.append(data)
                self._unsent_bytes += len(data)
                self.flush()
                return
            self._lost += 1
            if self._lost == 1:
                warn(f"{_UNSENT_LIMIT_BYTES >> 20} MiB of lines wait for {self.path}: from here on values are lost")

    def _watch_exit(self) -> None:
        """Has `_leave` called at the end of this process (multiprocessing's children end without atexit)."""
        if self._watches_exit:
            return
        self._watches_exit = True
        pool = sys.modules.get("multiprocessing.util")
        if pool is not None and sys.modules["multiprocessing.process"].parent_process() is not None:
            pool.Finalize(None, self._leave, args=(os.getpid(),), exitpriority=0)
        else:
            atexit.register(self._leave, os.getpid())

    def _leave(self, pid: int) -> None:
        """The last try, in the process that kept the lines."""
        if pid != os.getpid():
            return
        try:
            waiting = self._flush_patiently()
        except KeyboardInterrupt:
            waiting = len(self._unsent)
        if waiting or self._lost:
            warn(f"{waiting + self._lost} logged values could not be written to {self.path} and are lost")

    def _flush_patiently(self) -> int:
        """As `flush`, but waits for room as long as the disk is full: the sweep does, too."""
        waiting = self.flush()
        if waiting and self._is_full:
            warn(f"the disk is full: {waiting} logged values wait for room before this process can end")
        while waiting and self._is_full:
            sleep(_ROOM_S)
            waiting = self.flush()
        return waiting

    def _warn(self, error: OSError) -> None:
        """One line on standard error each time that the disk begins to refuse."""
        self._is_full = error.errno in (errno.ENOSPC, errno.EDQUOT)
        if not self._warned:
            self._warned = True
            warn(f"cannot write to {self.path} ({error.strerror}): values wait in memory and are tried again")


def warn(text: str) -> None:
    """A line on standard error, as far as there is one."""
    if sys.stderr is None:
        return
    try:
        sys.stderr.write(f"overdrive: {text}\n")
    except (OSError, ValueError):  # closed, or on the same full disk
        return


def writer_of(path: str) -> SpoolWriter:
    """This process's writer to a spool; the same one for the same path."""
    return _writers.get(path) or _writers.setdefault(path, SpoolWriter(path))


def append(name: str, value: object, step: float | None = None, path: str | None = None) -> None:
    """Appends one value to a trial's spool, as `overdrive log` does; when it returns, the line is in the file.

    name: the metric's name. value: a number (also non-finite), text or None. step: the script's own count, a finite
    number. path: the spool; default: the one named by OVERDRIVE_METRICS.
    Raises NotInTrialError where no spool is known, UserErrorException for an empty name or a step that is no finite
    number, OSError when the file cannot be written.
    """
    path = path or os.environ.get(METRICS)
    if not path:
        raise NotInTrialError
    if not name:
        raise UserErrorException("a metric needs a name")
    text, kind = scalar_text(value)
    step_text = None if step is None else finite_text(step)
    if step is not None and step_text is None:
        raise UserErrorException(f"step = {step!r} is not allowed: it takes a finite number")
    writer = writer_of(path)
    writer.write(writer.line(str(name), text, kind, step_text))


def _forget() -> None:
    for writer in _writers.values():
        writer.forget()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget)
