"""What a trial prints, by ranges of bytes, and live. However long it is, one piece is in memory at a time."""

import asyncio
import os
from collections.abc import AsyncIterator
from typing import NamedTuple

from overdrive.errors import NotFoundError
from overdrive.host.beneath import open_beneath
from overdrive.studio.desk import Desk
from overdrive.studio.growth import Growth
from overdrive.studio.streams import HELLO
from overdrive.studio.streams import SILENCE_S
from overdrive.studio.streams import STILL_HERE
from overdrive.studio.streams import message
from overdrive.views.output import hole_note
from overdrive.views.output import hole_of

#: Bytes in one answer.
PIECE_BYTES = 256 * 1024
#: Bytes that a live reader may be behind: one that is further behind goes on near the end, and can fill the gap later.
_BEHIND_BYTES = 4 * PIECE_BYTES
#: Least time between two pieces, and the longest between two looks, seconds.
_TOGETHER_S, _LOOK_S = 0.1, 2.0


class Piece(NamedTuple):
    """Bytes [first, last) of an output of `size_bytes`, as text; what is no UTF-8 shows as U+FFFD."""

    first: int
    last: int
    size_bytes: int
    text: str
    #: Whether the attempt has ended, so that nothing follows.
    is_ended: bool
    attempt: int


def read_piece(
    desk: Desk, sweep: str, number: int, first: int, attempt: int | None = None, last: int | None = None
) -> Piece:
    """At most 256 kB from byte `first` on (-1: the last ones), up to byte `last` where it is given.

    Raises NotFoundError where there is no such trial.
    """
    view, row = desk.trial(sweep, number)
    attempt = attempt or row.attempt or 1
    is_ended = row.is_ended or attempt < row.attempt
    try:
        fd = open_beneath(str(view.folder), ("trials", str(number), f"output.{attempt}.txt"))
    except NotFoundError:
        return Piece(0, 0, 0, "", is_ended, attempt)
    try:
        size = os.fstat(fd).st_size
        first = max(0, size - PIECE_BYTES) if first < 0 else min(first, size)
        end = min(size, first + PIECE_BYTES) if last is None else max(first, min(first + PIECE_BYTES, last, size))
        first, end, data = _around_hole(fd, first, end, hole_of(view.output_path(number, attempt)))
    finally:
        os.close(fd)
    # A character that is cut in two is left for the next piece, unless nothing can follow.
    is_all = last is not None or (is_ended and end == size)
    whole = len(data) if is_all else _whole(data)
    end -= len(data) - whole
    return Piece(first, end, size, data[:whole].decode("utf-8", "replace"), is_ended, attempt)


def _around_hole(fd: int, first: int, end: int, hole: tuple[int, int] | None) -> tuple[int, int, bytes]:
    """The bytes, with a line in place of what the cap left out; a range that touches the hole takes in all of it."""
    if hole is None or hole[1] <= first or hole[0] >= end:
        return first, end, os.pread(fd, end - first, first)
    first, end = min(first, hole[0]), max(end, hole[1])
    before, behind = os.pread(fd, hole[0] - first, first), os.pread(fd, end - hole[1], hole[1])
    return first, end, before + hole_note(hole) + behind


async def follow_output(desk: Desk, sweep: str, number: int, first: int, attempt: int | None) -> AsyncIterator[bytes]:
    """`output` messages from byte `first` on (-1: the last ones), each with the byte where the next one begins as its
    id, and `end` behind the last. attempt: None for the one that counts now.
    """
    view, row = await asyncio.to_thread(desk.trial, sweep, number)
    attempt = attempt or row.attempt or 1  # bytes of a later one are none of this one's
    growth = Growth(view.output_path(number, attempt))
    silent_s, at = 0.0, first
    try:
        yield HELLO
        while True:
            growth.look()
            piece = await asyncio.to_thread(_next_piece, desk, sweep, number, at, attempt)
            if piece.text or at < 0:
                silent_s, at = 0.0, piece.last
                yield message("output", piece._asdict(), at)
            if piece.is_ended and at >= piece.size_bytes:
                yield message("end", {}, at)
                return
            await asyncio.sleep(_TOGETHER_S)
            if piece.text and at < piece.size_bytes:
                continue
            await growth.wait(_LOOK_S)
            silent_s += _LOOK_S
            if silent_s >= SILENCE_S:
                silent_s = 0.0
                yield STILL_HERE
    finally:
        growth.close()


def _next_piece(desk: Desk, sweep: str, number: int, at: int, attempt: int) -> Piece:
    piece = read_piece(desk, sweep, number, at, attempt)
    is_far_behind = at >= 0 and piece.size_bytes - at > _BEHIND_BYTES
    return read_piece(desk, sweep, number, -1, attempt) if is_far_behind else piece


def _whole(data: bytes) -> int:
    """Bytes up to the last whole UTF-8 character."""
    for back in range(1, min(4, len(data)) + 1):
        byte = data[-back]
        if byte & 0b11000000 == 0b11000000:
            needed = 2 if byte < 0b11100000 else 3 if byte < 0b11110000 else 4
            return len(data) - back if needed > back else len(data)
        if byte < 0b10000000:
            break
    return len(data)
