"""What the pages on one sweep share is there while one of them listens, and no longer."""

import asyncio
from pathlib import Path

from journals import WrittenSweep

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
