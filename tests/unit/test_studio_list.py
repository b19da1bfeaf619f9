"""The list's stream when the workspace cannot be read: pages are told to load anew, and it goes on by itself."""

import asyncio
from pathlib import Path

from overdrive.studio.lists import ListChannel
from overdrive.views.listing import Listing


def test_a_list_that_cannot_be_read_ends_its_streams_and_can_be_followed_again(tmp_path: Path) -> None:
    sweeps = tmp_path / "sweeps"
    channel = ListChannel(Listing(tmp_path))

    async def follow() -> None:
        sweeps.mkdir()
        stream = channel.listen("")
        assert b"hello" in await anext(stream)
        assert b"event: list" in await anext(stream)
        sweeps.rmdir()
        sweeps.symlink_to(sweeps)  # which leads nowhere
        assert b'{"version":""}' in (await anext(stream)).replace(b" ", b"")
        assert [each async for each in stream] == []
        sweeps.unlink()
        sweeps.mkdir()
        again = channel.listen("")
        assert b"hello" in await anext(again)
        assert b"event: list" in await anext(again)
        await again.aclose()

    asyncio.run(asyncio.wait_for(follow(), 60))
