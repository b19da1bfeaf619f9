"""Orders to shims, over a socket."""

import os
import socket

from overdrive.compute.local.order import Order
from overdrive.compute.local.order import receive
from overdrive.compute.local.order import send


def order(**changes: object) -> Order:
    fields: dict = {
        "folder": "/f",
        "snapshot": "/s",
        "attempt": 1,
        "argv": ["python", "train ü.py"],
        "environment": {"A": "b=c"},
        "grace_s": 5.0,
        "log_cap_bytes": 1 << 20,
        "keeps_work": False,
        "limit_s": None,
    }
    return Order(**{**fields, **changes})


def test_an_order_arrives_with_its_descriptors() -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs, open(os.devnull) as file:
        send(ours, order(), [file.fileno()])
        message = receive(theirs)
        assert message is not None and message[0].encode() == order().encode()
        (copy,) = message[1]
        assert os.path.samestat(os.fstat(copy), os.fstat(file.fileno()))
        os.close(copy)


def test_who_has_read_it_all_may_be_gone_at_once() -> None:
    """A shim whose folder a script made unusable: its order was given, and is not said to have failed."""
    ours, theirs = socket.socketpair()

    class Leaves(socket.socket):
        def sendmsg(self, *words: object) -> int:
            sent = super().sendmsg(*words)  # type: ignore[arg-type]
            theirs.close()
            return sent

    with Leaves(fileno=ours.detach()) as side, open(os.devnull) as file:
        send(side, order(), [file.fileno()])
