"""What the engine and a shim say to each other on a socket.

Down goes one order a trial, with the slot's locks as descriptors beside it. Up come lines: that the script runs; how it
ended, after which the shim takes another order. The lines only say sooner what stands in the attempt's files.

An order's fields are text without NUL (no path, argument or variable can hold one), so NUL keeps them apart. Standard
library only.
"""

import os
import socket
import struct
from array import array

__all__ = ["ENDED", "NO_SIGNAL", "REFUSED", "STARTED", "Order", "receive", "receive_fds", "send", "tell"]

#: How the lines begin, in front of the content of started.<a>.json, that of exit.<a>.json, the reason why no shim could
#: be made.
STARTED, ENDED, REFUSED = "S", "E", "R"
#: A socket whose other side is gone gives an error and no SIGPIPE (macOS: a socket option, set by Python).
NO_SIGNAL = getattr(socket, "MSG_NOSIGNAL", 0)

_CLOSE_ON_EXEC = getattr(socket, "MSG_CMSG_CLOEXEC", 0)
#: Length of the message behind it.
_HEADER = struct.Struct("=I")
#: Room for 64 descriptors with one message.
_FDS_SPACE = socket.CMSG_SPACE(64 * array("i").itemsize)


class Order:
    """A launch, as far as the shim needs it."""

    __slots__ = (
        "argv",
        "attempt",
        "environment",
        "folder",
        "grace_s",
        "keeps_work",
        "limit_s",
        "log_cap_bytes",
        "snapshot",
    )

    def __init__(
        self,
        folder: str,
        snapshot: str,
        attempt: int,
        argv: list[str],
        environment: dict[str, str],
        grace_s: float,
        log_cap_bytes: int,
        keeps_work: bool,
        limit_s: float | None,
    ) -> None:
        #: The trial's folder and the snapshot, absolute.
        self.folder = folder
        self.snapshot = snapshot
        self.attempt = attempt
        self.argv = argv
        self.environment = environment
        #: Seconds between TERM and KILL.
        self.grace_s = grace_s
        self.log_cap_bytes = log_cap_bytes
        self.keeps_work = keeps_work
        #: Seconds that the trial may run, or None.
        self.limit_s = limit_s

    def encode(self) -> bytes:
        """Raises ValueError when a field holds NUL."""
        fields = [
            self.folder,
            self.snapshot,
            str(self.attempt),
            repr(self.grace_s),
            str(self.log_cap_bytes),
            "1" if self.keeps_work else "",
            "" if self.limit_s is None else repr(self.limit_s),
            str(len(self.argv)),
            *self.argv,
        ]
        for name, value in self.environment.items():
            fields += (name, value)
        data = os.fsencode("\0".join(fields))
        if data.count(b"\0") != len(fields) - 1:
            raise ValueError("an argument, a variable or a path holds a NUL character, which no program can be given")
        return data

    @classmethod
    def decode(cls, data: bytes) -> "Order":
        fields = os.fsdecode(data).split("\0")
        folder, snapshot, attempt, grace_s, cap, keeps, limit_s, count = fields[:8]
        rest = 8 + int(count)
        return cls(
            folder=folder,
            snapshot=snapshot,
            attempt=int(attempt),
            argv=fields[8:rest],
            environment=dict(zip(fields[rest::2], fields[rest + 1 :: 2], strict=True)),
            grace_s=float(grace_s),
            log_cap_bytes=int(cap),
            keeps_work=bool(keeps),
            limit_s=float(limit_s) if limit_s else None,
        )


def send(channel: socket.socket, order: Order, fds: list[int]) -> None:
    """Sends the order and copies of the descriptors. Raises OSError when nobody is there, or nobody reads."""
    data = order.encode()
    message = _HEADER.pack(len(data)) + data
    sent = socket.send_fds(channel, [message], fds, NO_SIGNAL) if fds else 0
    if sent < len(message):  # sending nothing would fail, too, where the shim has read it all and is gone
        channel.sendall(message[sent:], NO_SIGNAL)


def tell(channel: socket.socket, lines: str) -> bool:
    """Says lines to the engine; False when it is gone. SIGPIPE must be blocked or ignored."""
    data = lines.encode(errors="backslashreplace")
    try:
        return os.write(channel.fileno(), data) == len(data)  # send would ask first whether there is room
    except OSError:
        return False


def receive(channel: socket.socket) -> tuple[Order, list[int]] | None:
    """Waits for the next order; None when the other side is gone. Raises TimeoutError when the socket has a timeout."""
    try:
        data, fds = receive_fds(channel, 64 * 1024)
    except ConnectionResetError:  # gone, and our last line was not read
        return None
    while len(data) < _HEADER.size or len(data) < _HEADER.size + _HEADER.unpack_from(data)[0]:
        channel.settimeout(None)  # the rest comes as fast as it is read
        more = channel.recv(1 << 20)
        if not more:
            return None
        data += more
    return Order.decode(data[_HEADER.size :]), fds


def receive_fds(channel: socket.socket, size: int) -> tuple[bytes, list[int]]:
    """Up to `size` bytes and the descriptors that came with them, which no program executed from here inherits."""
    # Not socket.recv_fds: it drops its flags, and the descriptors would be inherited.
    data, ancillary, _, _ = channel.recvmsg(size, _FDS_SPACE, _CLOSE_ON_EXEC)
    fds = array("i")
    for level, kind, content in ancillary:
        if level == socket.SOL_SOCKET and kind == socket.SCM_RIGHTS:
            fds.frombytes(content[: len(content) - len(content) % fds.itemsize])
    if not _CLOSE_ON_EXEC:
        for fd in fds:
            os.set_inheritable(fd, False)
    return data, fds.tolist()
