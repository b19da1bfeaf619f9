"""Live streams: one watcher a sweep, however many pages look at it, and nothing at all while nobody does.

A page says up to which event it knows the sweep (`since`, or Last-Event-ID when its browser reconnects by itself) and
gets every change after it. The changes of the last moments are kept, ready to be sent, so that pages that come and go
cost no reading; a page that is further behind, such as one that was out of sight for a night, is told to load anew
(`reset`), which costs less than catching up.
"""

import asyncio
from collections import deque
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

from overdrive.errors import OverdriveError
from overdrive.errors import WorkspaceError
from overdrive.host import clock
from overdrive.studio.answers import json_bytes
from overdrive.studio.growth import Growth
from overdrive.views import SweepView
from overdrive.views.browser import Told
from overdrive.views.following import MOST_EVENTS

#: Least time between two looks, seconds: changes that come faster are sent together.
_TOGETHER_S = 0.1
#: Longest time between two looks while somebody watches: an engine that died changes no file, and the clock goes on.
_LOOK_S = 2.0
#: A comment is sent after so long a silence, so that a connection that is gone is noticed.
SILENCE_S = 15.0
#: How a stream begins, and such a comment.
HELLO, STILL_HERE = b"retry: 1000\n: hello\n\n", b": still here\n\n"
#: Changes that are kept for pages that reconnect.
_KEPT = 200
#: Looks in a row, each at as many events as are looked at at once, after which it is too far behind to catch up.
_MOST_LOOKS = 4
#: Messages that may wait for a page before it is told to load anew.
_WAITING = 100


@dataclass(frozen=True, slots=True)
class Sent:
    """A message as it goes over the wire, and the events (after, seq] that it covers."""

    after: int
    seq: int
    data: bytes


def message(kind: str, data: object, cursor: object = None) -> bytes:
    """One server-sent event. JSON has no line breaks, so it is one line of data."""
    head = f"id: {cursor}\n" if cursor is not None else ""
    return f"{head}event: {kind}\ndata: ".encode() + json_bytes(data) + b"\n\n"


class Channel:
    """What the pages on one sweep share. All but the reading happens in the event loop's thread."""

    def __init__(self, view: SweepView) -> None:
        self._view = view
        self._kept: deque[Sent] = deque(maxlen=_KEPT)
        self._seq = 0
        self._told = Told(view, 0)
        #: How long the last look took, seconds.
        self._took_s = 0.0
        self._pages: set[asyncio.Queue[Sent | None]] = set()
        self._task: asyncio.Task[None] | None = None

    @property
    def is_used(self) -> bool:
        """Whether a page listens."""
        return self._task is not None

    async def listen(self, since: int) -> AsyncIterator[bytes]:
        """The messages for one page that knows the sweep up to event `since`."""
        queue: asyncio.Queue[Sent | None] = asyncio.Queue(_WAITING)
        if self._task is None:
            self._seq, self._told = since, Told(self._view, since)
            self._task = asyncio.create_task(self._watch())
        missed = self._missed(since)
        self._pages.add(queue)
        try:
            yield HELLO
            if missed is None:
                yield message("reset", {}, None)
                return
            for sent in missed:
                yield sent.data
            while True:
                try:
                    sent = await asyncio.wait_for(queue.get(), SILENCE_S)
                except asyncio.TimeoutError:
                    yield STILL_HERE
                    continue
                if sent is None:
                    yield message("reset", {}, None)
                    return
                yield sent.data
        finally:
            self._pages.discard(queue)
            if not self._pages and self._task is not None:
                self._task.cancel()
                self._task = None
                self._kept.clear()

    def _missed(self, since: int) -> list[Sent] | None:
        """The kept messages that a page lacks; None where some are gone."""
        if since >= self._seq:
            return []
        oldest = self._kept[0].after if self._kept else self._seq
        return [sent for sent in self._kept if sent.seq > since] if since >= oldest else None

    async def _watch(self) -> None:
        # SQLite makes its WAL anew with each engine.
        growth = Growth(self._view.folder / "sweep.db-wal", self._view.folder / "sweep.db")
        try:
            growth.look()
            while await self._catch_up():
                await asyncio.sleep(max(_TOGETHER_S, 5 * self._took_s))
                await growth.wait(_LOOK_S)
                growth.look()
        except (OverdriveError, OSError):
            pass  # the pages load anew, and are told by that what is wrong
        finally:
            growth.close()
            if self._task is asyncio.current_task():
                self._give_up()

    async def _catch_up(self) -> bool:
        """Sends what is new: the trials that changed, and the head where it changed by more than the clock.

        Whether that was all; False where there is too much of it.
        """
        for _ in range(_MOST_LOOKS):
            begun = clock.monotonic()
            sent = await asyncio.to_thread(_read, self._view, self._told, self._seq)
            self._took_s = clock.monotonic() - begun
            if sent is None:
                return True
            self._kept.append(sent)
            self._seq = sent.seq
            for queue in list(self._pages):
                _put(queue, sent)
            if sent.seq - sent.after < MOST_EVENTS:
                return True
        return False

    def _give_up(self) -> None:
        """All pages load anew, and the first that comes back has the sweep watched again."""
        self._task = None
        self._kept.clear()
        for queue in self._pages:
            _put(queue, None)


def _read(view: SweepView, told: Told, seq: int) -> Sent | None:
    """What comes after event `seq`. Raises WorkspaceError where the sweep has no longer got that one."""
    if view.facts().seq < seq:
        raise WorkspaceError("an older copy was put in the place of the sweep's database")
    body = told.next()
    if body is None:
        return None
    after, seq = body["after"], body["seq"]
    return Sent(after, seq, message("change", body, seq))


def _put(queue: "asyncio.Queue[Sent | None]", sent: Sent | None) -> None:
    """A page that does not read gets no more than it can hold: its messages are dropped, and it loads anew."""
    try:
        queue.put_nowait(sent)
    except asyncio.QueueFull:
        while not queue.empty():
            queue.get_nowait()
        queue.put_nowait(None)


class Channels:
    """One channel a sweep."""

    def __init__(self) -> None:
        self._channels: dict[Path, Channel] = {}

    def of(self, view: SweepView) -> Channel:
        """The channel of the sweep; those that nobody listens to are let go of. By folder: a copy has the same id."""
        self._channels = {key: each for key, each in self._channels.items() if each.is_used or key == view.folder}
        return self._channels.setdefault(view.folder, Channel(view))
