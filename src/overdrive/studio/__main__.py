"""`python -m overdrive.studio`: the web server alone. `overdrive studio` starts it and talks to it by its pipes.

Standard input: one line of JSON, {"workspace", "host", "port", "names", "code"}, then further codes, one a line; its
end is the server's. Standard output: lines of JSON, {"port"} when it listens, {"login"} whenever a code was used. So no
secret stands in a command line, in the environment or in a file.
"""

import asyncio
import gc
import json
import os
import socket
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import anyio.to_thread
import uvicorn

from overdrive.host.descriptors import raise_limit
from overdrive.studio.app import create_app
from overdrive.studio.app import guarded
from overdrive.studio.gate import App
from overdrive.studio.gate import Message
from overdrive.studio.gate import Receive
from overdrive.studio.gate import Scope
from overdrive.studio.gate import Send
from overdrive.studio.gate import hosts_of
from overdrive.studio.logins import Logins
from overdrive.studio.prompt import PromptProtocol

#: Answers that are made at the same time.
_THREADS = 4
#: Seconds after which a thread lets others on. Reading rows gives the interpreter's lock up with each one and gets
#: it back only then: with Python's own 5 ms an answer beside a busy one would wait that long for each row.
_SWITCH_S = 0.0005
#: Connections that may wait to be accepted.
_WAITING = 128


def main() -> int:
    """Serves until standard input ends."""
    sys.setswitchinterval(_SWITCH_S)
    raise_limit()
    wanted = json.loads(_first_line())
    family = socket.AF_INET6 if ":" in wanted["host"] else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((wanted["host"], wanted["port"]))
        except OSError as error:
            print(json.dumps({"error": error.strerror or str(error)}), flush=True)
            return 1
        port = listener.getsockname()[1]
        logins = Logins(port, lambda: print(json.dumps({"login": True}), flush=True))
        logins.add_code(wanted["code"])
        application = guarded(create_app(Path(wanted["workspace"]), logins), logins, hosts_of(wanted["names"], port))
        # What was imported stays, and is not looked through again whenever an answer makes thousands of objects.
        gc.freeze()
        asyncio.run(_serve(application, listener, logins, port))
    return 0


def _first_line() -> bytes:
    """Byte by byte, so that the lines behind it are left for the event loop."""
    line = b""
    while (byte := os.read(0, 1)) not in (b"\n", b""):
        line += byte
    return line


class _Endable:
    """Tells each request that its client is gone once the server is to end, so that open streams end in good order.

    An answer whose length has been told is sent to its end: a part of it is not to pass for the whole.
    """

    def __init__(self, app: App) -> None:
        self._app = app
        self.ending = asyncio.Event()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        is_open, is_sized = False, False

        async def receive_or_end() -> Message:
            waits = [asyncio.ensure_future(receive()), asyncio.ensure_future(self.ending.wait())]
            try:
                await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
                is_over = self.ending.is_set() and not is_sized
                return {"type": "http.disconnect"} if is_over else await waits[0]
            finally:
                for each in waits:
                    each.cancel()

        async def send_and_note(message: Message) -> None:
            nonlocal is_open, is_sized
            if message["type"] == "http.response.start":
                is_sized = any(name.lower() == b"content-length" for name, _ in message["headers"])
            is_open = message["type"] == "http.response.start" or bool(message.get("more_body"))
            await send(message)

        await self._app(scope, receive_or_end, send_and_note)
        if is_open and not is_sized and self.ending.is_set():
            await send({"type": "http.response.body", "body": b"", "more_body": False})


class _Server(uvicorn.Server):
    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        for each in sockets or ():
            each.listen(_WAITING)


async def _serve(gate: App, listener: socket.socket, logins: Logins, port: int) -> None:
    application = _Endable(gate)
    config = uvicorn.Config(
        application,
        http=PromptProtocol,
        log_level="error",
        access_log=False,
        server_header=False,
        date_header=False,
        proxy_headers=False,
        ws="none",
        timeout_graceful_shutdown=1,
        # asyncio accepts so many connections at once, and where no descriptor is left it fails for as many, each of
        # which tries again by itself: a thousand times a second. What the kernel holds ready is set in `_Server`.
        backlog=1,
    )
    server = _Server(config)
    loop = asyncio.get_running_loop()
    loop.set_exception_handler(PromptProtocol.crowd.on_error)
    # Answers are made in threads; each that is busy holds memory, and all of them share one interpreter's lock.
    anyio.to_thread.current_default_thread_limiter().total_tokens = _THREADS
    loop.set_default_executor(ThreadPoolExecutor(_THREADS))
    lines = asyncio.StreamReader()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(lines), sys.stdin)

    async def follow() -> None:
        while True:
            try:
                if not (line := await lines.readline()):
                    break
                logins.add_code(json.loads(line)["code"])
            except (ValueError, KeyError, TypeError, AttributeError):
                # Not what it was: a code is a secret. The server is to go on, and to see its input end.
                print("a line on standard input was no code, and is left out", file=sys.stderr, flush=True)
        application.ending.set()
        server.should_exit = True

    listener.listen(_WAITING)
    print(json.dumps({"port": port}), flush=True)
    following = asyncio.create_task(follow())
    await server.serve(sockets=[listener])
    following.cancel()


if __name__ == "__main__":
    sys.exit(main())
