"""The shims of one sweep: made by the fork server, used again for the next trial."""

import contextlib
import os
import signal
import socket
import struct
import sys

from overdrive.compute.local.order import NO_SIGNAL
from overdrive.compute.local.order import Order
from overdrive.compute.local.order import send
from overdrive.compute.local.work import tidy
from overdrive.host.clock import monotonic
from overdrive.host.clock import sleep
from overdrive.host.descriptors import usual_limit

__all__ = ["Channel", "Shims"]

_PROGRAM = os.path.join(os.path.dirname(os.path.abspath(__file__)), "forkserver.py")
#: Seconds that a shim may take to read an order that does not fit into its socket's buffer.
_SEND_S = 10
#: Seconds that a fork server whose shims are gone may take to leave.
_LEAVE_S = 1.0


class Channel:
    """This side of a shim's socket. The kernel closes the other side when the shim is gone."""

    def __init__(self, side: socket.socket) -> None:
        side.setsockopt(socket.SOL_SOCKET, socket.SO_SNDTIMEO, struct.pack("ll", _SEND_S, 0))
        self._side = side
        self._rest = b""
        #: Signals were sent to the shim: it gets no further order, so that none can hit another trial.
        self.is_signalled = False
        #: The working directory that the shim still may have to tidy.
        self.untidy: str | None = None
        #: Nobody is on the other side any more.
        self.is_gone = False

    def fileno(self) -> int:
        return self._side.fileno()

    def send(self, order: Order, fds: list[int]) -> None:
        """Raises OSError when the shim is gone or does not read."""
        send(self._side, order, fds)

    def hear(self) -> list[str]:
        """The lines about the trial that were said since."""
        try:
            data = self._side.recv(64 * 1024, socket.MSG_DONTWAIT)
        except BlockingIOError:
            return []
        except ConnectionResetError:  # gone, and an order was not read
            data = b""
        self.is_gone = not data
        *lines, self._rest = (self._rest + data).split(b"\n")
        return [line.decode() for line in lines]

    def close(self) -> None:
        self._side.close()

    def bury(self) -> None:
        """Does what a shim that was killed has left to do, and closes. What cannot be removed stays."""
        self.close()
        if self.untidy is not None:
            with contextlib.suppress(OSError):
                tidy(self.untidy)


class Shims:
    """Shims that wait for an order, and the fork server that makes more."""

    def __init__(self) -> None:
        self._idle: list[Channel] = []
        self._server: socket.socket | None = None
        self._server_pid = 0

    def give(self, order: Order, fds: list[int]) -> Channel:
        """Gives the order, with copies of the descriptors, to a shim that waits, or to a new one; returns its channel.

        Raises OSError when there is none and none can be made, ValueError when the order holds NUL.
        """
        while self._idle:
            channel = self._idle.pop()
            try:
                channel.send(order, fds)
                return channel
            except OSError:  # it was killed while it waited
                channel.bury()
        channel = self._new()
        try:
            channel.send(order, fds)
        except BaseException:
            channel.close()
            raise
        return channel

    def take_back(self, channel: Channel, untidy: str | None) -> None:
        """The trial of this channel ended. `untidy`: the working directory that its shim tidies now, if it does."""
        channel.untidy = untidy
        if channel.is_signalled:
            channel.close()
        else:
            self._idle.append(channel)

    def _new(self) -> Channel:
        ours, theirs = socket.socketpair()
        with theirs:
            try:
                self._request(theirs)
            except BaseException:
                ours.close()
                raise
        return Channel(ours)

    def _request(self, side: socket.socket) -> None:
        for _ in range(2):
            server = self.start_server()
            try:
                socket.send_fds(server, [b"f"], [side.fileno()], NO_SIGNAL)
                return
            except (BrokenPipeError, ConnectionResetError):
                self._bury_server()
        raise BrokenPipeError("the fork server does not stay alive")

    def start_server(self) -> socket.socket:
        """The socket of the fork server, which is executed unless it runs; it is ready 20 ms later. Raises OSError."""
        if self._server is not None:
            return self._server
        ours, theirs = socket.socketpair()
        with theirs:
            try:
                with usual_limit():
                    self._server_pid = os.posix_spawn(
                        sys.executable,
                        [sys.executable, "-I", "-S", _PROGRAM],
                        os.environ,
                        file_actions=[
                            (os.POSIX_SPAWN_DUP2, theirs.fileno(), 0),
                            (os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0),
                        ],
                        setsid=True,
                    )
            except BaseException:
                ours.close()
                raise
        self._server = ours
        return ours

    def _bury_server(self) -> None:
        """It closed its socket: it is dead."""
        if self._server is not None:
            self._server.close()
            self._server = None
            os.kill(self._server_pid, signal.SIGKILL)  # our child, not waited for yet: nobody else has its number
            os.waitpid(self._server_pid, 0)

    def close(self, waits: bool) -> None:
        """Shims without a trial leave at once, the others when theirs has ended, the fork server after the last.

        waits: no trial lives, so that the fork server can be waited for.
        """
        while self._idle:
            self._idle.pop().close()
        if self._server is None:
            return
        self._server.close()
        self._server = None
        deadline = monotonic() + (_LEAVE_S if waits else 0.0)
        while os.waitpid(self._server_pid, os.WNOHANG)[0] == 0 and monotonic() < deadline:
            sleep(0.001)
