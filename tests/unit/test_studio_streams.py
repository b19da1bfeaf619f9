"""What the pages on one sweep share is there while one of them listens, and no longer."""

import asyncio
import selectors
from pathlib import Path

from journals import WrittenSweep

from overdrive.studio.growth import Growth
from overdrive.studio.streams import HELLO
from overdrive.studio.streams import Channel
from overdrive.views import open_sweep


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
