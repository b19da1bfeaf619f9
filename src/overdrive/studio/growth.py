"""Sleeps until a file grows: what every live stream waits for."""

import asyncio
import contextlib
import os
from pathlib import Path

from overdrive.host.watch import GROWTH
from overdrive.host.watch import open_watch


class Growth:
    """Watches a few files in the event loop's thread. A file that is made anew under its old name is watched, too."""

    def __init__(self, *paths: Path) -> None:
        self._paths = paths
        self._watch = open_watch(GROWTH)
        self._changed = asyncio.Event()
        self._known: dict[Path, int] = {}
        self._listen()

    def _listen(self) -> None:
        if self._watch.fd is not None:
            asyncio.get_running_loop().add_reader(self._watch.fd, self._grown, self._watch.fd)

    def _grown(self, fd: int) -> None:
        """Listens no more until somebody waits again: what is readable would wake the event loop without an end."""
        asyncio.get_running_loop().remove_reader(fd)
        self._changed.set()

    def look(self) -> None:
        """Takes in files that were made since: call it before reading them, so that no growth falls in between."""
        for path in self._paths:
            try:
                inode = os.stat(path).st_ino
            except FileNotFoundError:
                continue
            if self._known.get(path) != inode:
                self._known[path] = inode
                self._watch.remove(str(path))
                self._watch.add(str(path), str(path))

    async def wait(self, longest_s: float) -> None:
        """Until one of them grows, `longest_s` at most: a file that is not there yet is looked for then."""
        with contextlib.suppress(asyncio.TimeoutError):
            await asyncio.wait_for(self._changed.wait(), self._watch.period_s or longest_s)
        self._changed.clear()
        self._watch.read()
        self._listen()

    def close(self) -> None:
        if self._watch.fd is not None:
            asyncio.get_running_loop().remove_reader(self._watch.fd)
        self._watch.close()
