"""What the pages on one sweep share is there while one of them listens, and no longer."""

import asyncio
import contextlib
import logging
import os
import selectors
import shutil
import sqlite3
import time
from pathlib import Path

import pytest
from journals import WrittenSweep

from overdrive.records import Kind
from overdrive.studio.growth import Growth
from overdrive.studio.lists import ListChannel
from overdrive.studio.streams import HELLO
from overdrive.studio.streams import Channel
from overdrive.studio.streams import Channels
from overdrive.studio.streams import message
from overdrive.views import open_sweep
from overdrive.views.listing import Listing

RESET = b"event: reset\ndata: {}\n\n"


def test_nobody_watches_for_a_page_that_left_at_once(tmp_path: Path) -> None:
    written = WrittenSweep(tmp_path / "HD_1")
    written.run(0, 0.5)

    async def come_and_go() -> None:
        channel = Channel(open_sweep(written.folder))
        page = channel.listen(0)
        assert await page.__anext__() == HELLO
        assert channel.is_used
        await page.aclose()
        assert not channel.is_used

    asyncio.run(come_and_go())


def test_changes_that_come_fast_are_sent_together(tmp_path: Path) -> None:
    written = WrittenSweep(tmp_path / "HD_1")
    written.start(0)
    changes = []

    async def read() -> None:
        async with contextlib.aclosing(Channel(open_sweep(written.folder)).listen(0)) as page:
            async for each in page:
                if b"event: change" in each:
                    changes.append(each)

    async def log() -> float:
        reading, begun = asyncio.create_task(read()), time.monotonic()
        for at in range(200):
            written.log(0, at / 200)
            await asyncio.sleep(0.002)
        took_s = time.monotonic() - begun
        reading.cancel()
        return took_s

    took_s = asyncio.run(log())
    assert 0 < len(changes) <= took_s / 0.1 + 1


async def kinds_of(channel: Channel, since: int) -> list[str]:
    """What a page is told until its stream ends."""
    return [each.decode().partition("event: ")[2].partition("\n")[0] async for each in channel.listen(since)]


def test_a_page_that_is_far_behind_loads_anew(tmp_path: Path) -> None:
    written = WrittenSweep(tmp_path / "HD_1")
    for _ in range(25_000):
        written.journal.add(Kind.TIME_PASSED, None, None, None, ())
    written.journal.commit(lambda write: write())
    channel = Channel(open_sweep(written.folder))
    kinds = asyncio.run(asyncio.wait_for(kinds_of(channel, 1), 60))
    assert (kinds[-1], kinds.count("change")) == ("reset", 4)
    assert not channel.is_used


def test_what_nobody_foresaw_ends_the_streams(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    written = WrittenSweep(tmp_path / "HD_1")
    written.run(0, 0.5)
    with contextlib.closing(sqlite3.connect(written.folder / "sweep.db")) as db, db:
        db.execute("UPDATE trials SET status = 'unheard of'")
    channel = Channel(open_sweep(written.folder))
    with caplog.at_level(logging.ERROR, "asyncio"):
        assert asyncio.run(asyncio.wait_for(kinds_of(channel, 1), 60))[-1] == "reset"
    assert not channel.is_used


def test_an_older_database_in_its_place_has_pages_load_anew(tmp_path: Path) -> None:
    written = WrittenSweep(tmp_path / "HD_1")
    written.run(0, 0.5)
    written.close()
    database = tmp_path / "HD_1" / "sweep.db"
    kept, early = database.read_bytes(), open_sweep(written.folder).facts().seq
    more = WrittenSweep(tmp_path / "HD_2")
    for trial in range(3):
        more.run(trial, 0.5)
    more.close()
    shutil.copy(tmp_path / "HD_2" / "sweep.db", database)
    view = open_sweep(written.folder)
    late = view.facts().seq

    async def look() -> None:
        channel = Channel(view)
        open_page = channel.listen(late)
        assert await open_page.__anext__() == HELLO
        (tmp_path / "older").write_bytes(kept)
        os.replace(tmp_path / "older", database)
        assert await asyncio.wait_for(open_page.__anext__(), 60) == RESET
        assert await asyncio.wait_for(kinds_of(Channel(view), late), 60) == ["", "reset"]
        assert (view.facts().seq, len(view.trials())) == (early, 1)
        await open_page.aclose()

    asyncio.run(look())


class CountingSelector(selectors.DefaultSelector):
    """Counts how often an event loop woke up, or looked whether it should."""

    count = 0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        self.count += 1
        return super().select(timeout)


def test_a_file_that_grew_does_not_keep_the_event_loop_awake(tmp_path: Path) -> None:
    selector = CountingSelector()
    path = tmp_path / "log"
    path.touch()

    async def watch() -> None:
        growth = Growth(path)
        growth.look()
        path.write_text("more")
        before = selector.count
        await asyncio.sleep(0.2)  # what a stream does between two looks
        assert selector.count - before < 20
        # It is told all the same, and so is what is written from then on.
        for _ in range(2):
            await growth.wait(60)
            with path.open("a") as file:
                file.write("more")
        growth.close()

    loop = asyncio.SelectorEventLoop(selector)
    loop.run_until_complete(watch())
    loop.close()


def test_a_copy_of_a_sweep_has_a_stream_of_its_own(tmp_path: Path) -> None:
    """It has the same id, and goes another way."""
    written = WrittenSweep(tmp_path / "HD_1")
    written.run(0, 0.5)
    shutil.copytree(written.folder, tmp_path / "HD_copy")

    async def look() -> None:
        channels = Channels()
        first = channels.of(open_sweep(written.folder))
        page = first.listen(0)
        assert await page.__anext__() == HELLO
        assert channels.of(open_sweep(tmp_path / "HD_copy")) is not first
        assert channels.of(open_sweep(written.folder)) is first
        await page.aclose()

    asyncio.run(look())


def test_a_page_with_the_latest_list_is_told_of_no_earlier_one(tmp_path: Path) -> None:
    WrittenSweep(tmp_path / "sweeps" / "HD_1", id="HD_1").summarize()
    listing = Listing(tmp_path)
    channel = ListChannel(listing)

    async def look() -> None:
        first = channel.listen("")
        assert [await first.__anext__() for _ in range(2)] == [HELLO, told(listing)]
        await first.aclose()
        WrittenSweep(tmp_path / "sweeps" / "HD_2", id="HD_2").summarize()
        second = channel.listen(listing.read()[0])
        assert await second.__anext__() == HELLO
        following = asyncio.ensure_future(second.__anext__())
        while channel._version != listing.read()[0]:
            await asyncio.sleep(0)
        assert not following.done(), "it is as the page has it"
        WrittenSweep(tmp_path / "sweeps" / "HD_3", id="HD_3").summarize()
        assert await asyncio.wait_for(following, 60) == told(listing)
        await second.aclose()

    asyncio.run(look())


def told(listing: Listing) -> bytes:
    """That the list is another one now."""
    version, _ = listing.read()
    return message("list", {"version": version}, version)
