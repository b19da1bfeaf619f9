"""The list of sweeps, live: a page is told that it changed, and asks for the part that it shows."""

import asyncio
from collections.abc import AsyncIterator

from overdrive.studio.streams import HELLO
from overdrive.studio.streams import SILENCE_S
from overdrive.studio.streams import STILL_HERE
from overdrive.studio.streams import message
from overdrive.views.listing import Listing

#: How often the list is looked at while somebody watches it, seconds; each look reads what changed.
_LOOK_S = 0.5


class ListChannel:
    """The list of one workspace's sweeps: one look for all pages, none while nobody looks."""

    def __init__(self, listing: Listing) -> None:
        self._listing = listing
        self._version = ""
        self._changed = asyncio.Event()
        self._pages = 0
        self._task: asyncio.Task[None] | None = None

    async def listen(self, known: str) -> AsyncIterator[bytes]:
        """A `list` message whenever the list is another one than `known`, the version that the page has."""
        self._pages += 1
        if self._task is None:
            self._task = asyncio.create_task(self._look())
        looking = self._task
        try:
            yield HELLO
            while True:
                changed = self._changed
                if self._version not in ("", known):
                    known = self._version
                    yield message("list", {"version": known}, known)
                try:
                    await asyncio.wait_for(changed.wait(), SILENCE_S)
                except asyncio.TimeoutError:
                    yield STILL_HERE
                if self._task is not looking:
                    # The page loads anew, is told by that what is wrong, and comes back to have it looked at again.
                    yield message("list", {"version": ""})
                    return
        finally:
            self._pages -= 1
            if not self._pages and self._task is not None:
                self._task.cancel()
                # What is known of the list now says nothing to the next page.
                self._task, self._version = None, ""

    async def _look(self) -> None:
        try:
            while True:
                version, _ = await asyncio.to_thread(self._listing.read)
                if version != self._version:
                    self._version = version
                    self._wake()
                await asyncio.sleep(_LOOK_S)
        except OSError:
            pass  # the pages are told what is wrong when they load anew
        finally:
            if self._task is asyncio.current_task():
                self._task, self._version = None, ""
                self._wake()

    def _wake(self) -> None:
        self._changed.set()
        self._changed = asyncio.Event()
