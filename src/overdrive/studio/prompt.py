"""Connections whose requests do not come: each holds a descriptor, and anybody on the machine can open a thousand."""

import asyncio

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol


class PromptProtocol(H11Protocol):
    """HTTP in which a request has to come whole within `patience_s` seconds of the connection, or of its first byte.

    uvicorn itself ends a connection that is silent between two requests, and none that is slow in one.
    """

    patience_s = 20.0
    _giving_up: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:
        super().connection_made(transport)
        self._look()

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
