"""Tells that files arrived in a folder, or that a file grew, without asking again and again.

Linux's inotify, through the C library; where there is none, or none left, the same by looking every now and then.
"""

import ctypes
import errno
import os
import struct
import sys
from collections.abc import Hashable
from typing import NamedTuple
from typing import Protocol

from overdrive.host.files import is_barred

__all__ = ["ARRIVALS", "GROWTH", "Changes", "InotifyWatch", "PolledWatch", "Watch", "open_watch"]

#: Watch folders: names that files get there by rename (inotify(7): IN_MOVED_TO).
ARRIVALS = 0x80
#: Watch files: that something was written to them (inotify(7): IN_MODIFY).
GROWTH = 0x2

_OVERFLOW = 0x4000
_IGNORED = 0x8000
_EVENT = struct.Struct("iIII")
#: Room for the events of one read; the kernel keeps the rest for the next.
_BUFFER_BYTES = 64 * 1024
#: How often a PolledWatch wants to be read, seconds.
_PERIOD_S = 0.2


class Changes(NamedTuple):
    """What a watch saw since it was last read."""

    #: (key, name) of each arrival, (key, "") of each file that grew, in the order seen; the same one may come twice.
    seen: list[tuple[Hashable, str]]
    #: Whether some were lost, so that everything watched has to be looked at.
    overflow: bool


class Watch(Protocol):
    """Watches folders for arrivals, or files for growth. Keys are the caller's; each names one path."""

    #: Readable when there is something to read, or None.
    fd: int | None

    @property
    def period_s(self) -> float | None:
        """How often `read` is to be called though `fd` is silent; None: never."""
        ...

    def add(self, path: str, key: Hashable, remote: bool = False) -> None:
        """Watches `path` from now on; raises nothing. `remote`: other machines write there, unseen by this kernel."""
        ...

    def remove(self, key: Hashable) -> bool:
        """Forgets the path with that key, if any; whether `read` has something to tell though `fd` is silent."""
        ...

    def read(self) -> Changes:
        """What happened since the last call; returns at once."""
        ...

    def close(self) -> None:
        """Gives the descriptors back."""
        ...


def open_watch(kind: int) -> Watch:
    """A watch for ARRIVALS or GROWTH: by inotify where the system has an instance left to give, else by looking."""
    if sys.platform != "linux":
        return PolledWatch(kind)
    try:
        return InotifyWatch(kind)
    except OSError:  # EMFILE: fs.inotify.max_user_instances or the limit of descriptors; ENOSYS: an odd kernel
        return PolledWatch(kind)


class PolledWatch:
    """Looks at every path each time that it is read. A file that is missing at first is seen when it appears."""

    fd: int | None = None

    def __init__(self, kind: int) -> None:
        self._look = _names if kind == ARRIVALS else _size
        self._paths: dict[Hashable, tuple[str, dict[str, object]]] = {}

    @property
    def period_s(self) -> float | None:
        return _PERIOD_S if self._paths else None

    def add(self, path: str, key: Hashable, remote: bool = False) -> None:
        self._paths[key] = (path, self._look(path))

    def remove(self, key: Hashable) -> bool:
        self._paths.pop(key, None)
        return False

    def read(self) -> Changes:
        seen: list[tuple[Hashable, str]] = []
        for key, (path, before) in list(self._paths.items()):
            now = self._look(path)
            seen += [(key, name) for name, state in now.items() if before.get(name) != state]
            self._paths[key] = (path, now)
        return Changes(seen, False)

    def close(self) -> None:
        self._paths.clear()


class InotifyWatch:
    """One inotify instance, and a PolledWatch for what it cannot see."""

    fd: int | None

    def __init__(self, kind: int) -> None:
        """Raises OSError when the system gives no instance."""
        self._libc = ctypes.CDLL(None, use_errno=True)
        fd = self._libc.inotify_init1(os.O_NONBLOCK | os.O_CLOEXEC)
        if fd < 0:
            number = ctypes.get_errno()
            raise OSError(number, os.strerror(number))
        self.fd = fd
        self._kind = kind
        self._polled = PolledWatch(kind)
        self._keys: dict[int, Hashable] = {}
        self._numbers: dict[Hashable, int] = {}
        self._unread: list[tuple[int, int, str]] = []

    @property
    def period_s(self) -> float | None:
        return self._polled.period_s

    def add(self, path: str, key: Hashable, remote: bool = False) -> None:
        number = self._libc.inotify_add_watch(self.fd, os.fsencode(path), self._kind)
        if number >= 0:
            self._keys[number], self._numbers[key] = key, number
        if number < 0 or remote:  # ENOSPC: fs.inotify.max_user_watches; ENOENT: the file is still to be made
            self._polled.add(path, key)

    def remove(self, key: Hashable) -> bool:
        self._polled.remove(key)
        number = self._numbers.pop(key, None)
        if number is not None:
            self._keys.pop(number, None)
            if self._libc.inotify_rm_watch(self.fd, number) == 0:  # else the path is gone, and with it the watch
                self._unread += self._events()  # takes the farewell event (IN_IGNORED) along, which would wake somebody
        return bool(self._unread)

    def read(self) -> Changes:
        seen: list[tuple[Hashable, str]] = []
        overflow = False
        events, self._unread = [*self._unread, *self._events()], []
        for number, mask, name in events:
            overflow = overflow or bool(mask & _OVERFLOW)
            if mask & self._kind and number in self._keys:
                seen.append((self._keys[number], name))
        if self._polled.period_s is not None:
            seen += self._polled.read().seen
        return Changes(seen, overflow)

    def _events(self) -> list[tuple[int, int, str]]:
        """Watch number, mask and name of each event that waits."""
        events: list[tuple[int, int, str]] = []
        while self.fd is not None:
            try:
                data = os.read(self.fd, _BUFFER_BYTES)
            except BlockingIOError:
                break
            offset = 0
            while offset < len(data):
                number, mask, _, size = _EVENT.unpack_from(data, offset)
                offset += _EVENT.size + size
                if mask & _IGNORED:
                    self._forget(number)
                    continue
                events.append((number, mask, os.fsdecode(data[offset - size : offset].rstrip(b"\0"))))
            if len(data) < _BUFFER_BYTES // 2:  # the kernel had no more: an event is never larger than that
                break
        return events

    def _forget(self, number: int) -> None:
        """The kernel dropped a watch, since its path is gone."""
        key = self._keys.pop(number, None)
        if self._numbers.get(key) == number:
            del self._numbers[key]

    def close(self) -> None:
        self._polled.close()
        if self.fd is not None:
            os.close(self.fd)
            self.fd = None


def _names(folder: str) -> dict[str, object]:
    """The names in a folder, each with what tells a file from one that replaced it."""
    found: dict[str, object] = {}
    try:
        with os.scandir(folder) as entries:
            for entry in entries:
                about = entry.stat(follow_symlinks=False)
                found[entry.name] = (about.st_ino, about.st_mtime_ns)
    except OSError as error:
        if error.errno not in (errno.ENOENT, errno.ESTALE) and not is_barred(error):
            raise
    return found


def _size(path: str) -> dict[str, object]:
    """The size of a file, under the name ""; nothing when it is missing or barred."""
    try:
        return {"": os.stat(path).st_size}
    except FileNotFoundError:
        return {}
    except OSError as error:
        if not is_barred(error):
            raise
        return {}
