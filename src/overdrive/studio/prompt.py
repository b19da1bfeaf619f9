"""Connections whose requests do not come, and too many of them: each holds a descriptor, and anybody on the machine can
open a thousand.
"""

import asyncio
import errno
import sys
from typing import Any

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

from overdrive.host import clock
from overdrive.host.descriptors import has_spare
from overdrive.host.descriptors import limit

#: Descriptors that are kept for the answers (each opens a database, a page or a log for a moment), a quarter of all at
#: most.
_SPARE = 32
#: Seconds in which it is said once that there are too many connections.
_ONCE_S = 60.0


class Crowd:
    """Says that there are too many connections."""

    def __init__(self) -> None:
        self._said_at: float | None = None

    def tell(self) -> None:
        """On standard error, once a minute."""
        now = clock.monotonic()
        if self._said_at is None or now - self._said_at >= _ONCE_S:
            self._said_at = now
            said = f"too many connections for {limit()} open files: further ones are turned away until some are closed"
            print(said, file=sys.stderr, flush=True)

    def on_error(self, loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        """asyncio's own handler, but for a connection that no descriptor is left for: it is tried again in a second."""
        error = context.get("exception")
        if isinstance(error, OSError) and error.errno in (errno.EMFILE, errno.ENFILE):
            self.tell()
        else:
            loop.default_exception_handler(context)


class PromptProtocol(H11Protocol):
    """HTTP in which a request has to come whole within `patience_s` seconds of the connection, or of its first byte.

    uvicorn itself ends a connection that is silent between two requests, and none that is slow in one.
    """

    patience_s = 20.0
    #: One for all connections.
    crowd = Crowd()
    _giving_up: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:
        super().connection_made(transport)
        if has_spare(transport.get_extra_info("socket").fileno(), min(_SPARE, limit() // 4)):
            self._look()
        else:
            self.crowd.tell()
            self.transport.abort()

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        self._look()

    def connection_lost(self, exc: Exception | None) -> None:
        self._give_time()
        super().connection_lost(exc)

    def _look(self) -> None:
        """IDLE: its head has not come whole; SEND_BODY: its body has not."""
        if self.conn.their_state not in (h11.IDLE, h11.SEND_BODY):
            self._give_time()
        elif self._giving_up is None:
            self._giving_up = self.loop.call_later(self.patience_s, self.transport.abort)

    def _give_time(self) -> None:
        if self._giving_up is not None:
            self._giving_up.cancel()
            self._giving_up = None
