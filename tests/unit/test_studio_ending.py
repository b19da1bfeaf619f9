"""What becomes of answers that are under way when Studio's server ends."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

from starlette.responses import FileResponse
from starlette.responses import Response
from starlette.responses import StreamingResponse

from overdrive.studio.__main__ import _Endable


def _sent(answer: Response) -> list[dict]:
    """The messages of an answer where the server begins to end with its first ones."""

    async def run() -> list[dict]:
        endable, sent = _Endable(answer), []

        async def receive() -> dict:
            await asyncio.Event().wait()
            raise AssertionError("the client goes on listening")

        async def send(message: dict) -> None:
            sent.append(message)
            endable.ending.set()
            await asyncio.sleep(0)

        scope = {"type": "http", "method": "GET", "path": "/", "headers": [], "extensions": {}}
        scope["asgi"] = {"version": "3.0", "spec_version": "2.3"}
        await asyncio.wait_for(endable(scope, receive, send), 60)
        return sent

    return asyncio.run(run())


def test_a_file_is_sent_whole(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"x" * 1_000_000)
    sent = _sent(FileResponse(tmp_path / "file"))
    assert sum(len(message.get("body", b"")) for message in sent) == 1_000_000
    assert [message.get("more_body", False) for message in sent[-2:]] == [True, False]


def test_a_stream_ends_in_good_order() -> None:
    async def forever() -> AsyncIterator[bytes]:
        while True:
            yield b"more"
            await asyncio.sleep(0)

    sent = _sent(StreamingResponse(forever()))
    assert sent[-1] == {"type": "http.response.body", "body": b"", "more_body": False}
