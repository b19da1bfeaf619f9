"""Randomness from the operating system. Deciders never ask here: they get the recorded seed."""

import os

__all__ = ["new_id", "new_seed"]


def new_seed() -> int:
    """A seed in [0, 2**53): every JSON reader, JavaScript's too, keeps such a number exactly."""
    return int.from_bytes(os.urandom(7), "big") >> 3


def new_id() -> str:
    """A random UUID (version 4, RFC 9562) as text; the `uuid` module is not loaded for it."""
    number = bytearray(os.urandom(16))
    number[6] = number[6] & 0x0F | 0x40
    number[8] = number[8] & 0x3F | 0x80
    text = number.hex()
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"
