"""Connections whose requests do not come are ended; those that wait for an answer are not."""

import asyncio
import errno
from collections.abc import Awaitable
from collections.abc import Callable

import pytest
from uvicorn import Config
from uvicorn.server import ServerState

from overdrive.studio.prompt import Crowd
from overdrive.studio.prompt import PromptProtocol

Talk = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[bytes]]


class Hasty(PromptProtocol):
    patience_s = 0.05


async def _app(scope, receive, send) -> None:
    """Answers once the body is here and half a patience more than once is over."""
    while (await receive()).get("more_body"):
        continue
    await asyncio.sleep(3 * Hasty.patience_s)
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"2")]})
    await send({"type": "http.response.body", "body": b"ok"})


def _talk(talk: Talk) -> bytes:
    async def run() -> bytes:
        config, state = Config(_app, log_level="error"), ServerState()
        config.load()
        loop = asyncio.get_running_loop()
        server = await loop.create_server(lambda: Hasty(config, state, {}), "127.0.0.1", 0)
        reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
        try:
            return await asyncio.wait_for(talk(reader, writer), 60)
        finally:
            writer.close()
            server.close()

    return asyncio.run(run())


@pytest.mark.parametrize(
    "begun",
    [b"", b"GET / HT", b"GET / HTTP/1.1\r\nHost: a\r\n", b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\n{"],
)
def test_a_request_that_does_not_come_whole_ends_the_connection(begun: bytes) -> None:
    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bytes:
        writer.write(begun)
        try:
            return await reader.read()
        except ConnectionResetError:
            return b""

    assert _talk(talk) == b""


def test_one_that_came_is_waited_for_as_is_the_next() -> None:
    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bytes:
        for _ in range(2):
            writer.write(b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\n")
            writer.write(b"x")
            head = await reader.readuntil(b"\r\n\r\n")
            assert head.startswith(b"HTTP/1.1 200 ") and await reader.readexactly(2) == b"ok"
        return b"both"

    assert _talk(talk) == b"both"


def test_a_connection_that_no_descriptor_is_left_for_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    crowd, loop = Crowd(), asyncio.new_event_loop()
    for number in (errno.EMFILE, errno.ENFILE, errno.EMFILE):
        context = {"message": "socket.accept() out of system resource", "exception": OSError(number, "Too many")}
        crowd.on_error(loop, context)
    loop.close()
    said = capsys.readouterr().err
    assert said.startswith("too many connections for ") and said.count("\n") == 1
