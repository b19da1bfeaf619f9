"""What a trial printed: bytes on disk, decoded only to be shown."""

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from overdrive.errors import WorkspaceError
from overdrive.host.files import open_regular
from overdrive.host.files import read_regular
from overdrive.views.words import show_size

#: Bytes that a face asks for at once, unless it says otherwise.
TAIL_BYTES = 256 * 1024
#: No file has a byte there.
_NO_BYTE = 2**63
#: Bytes read at once.
_PIECE_BYTES = 1 << 20


def output_file(folder: Path, trial: int, attempt: int) -> Path:
    """Standard output and error of an attempt, in the order written. It may not exist yet."""
    return folder / "trials" / str(trial) / f"output.{attempt}.txt"


def output_pieces(path: Path, first: int, last: int | None = None) -> Iterator[bytes]:
    """Bytes [first, last) of an output, at most a megabyte at once, with one line in place of what the cap left out.

    Nothing where there is no file. Raises WorkspaceError where it cannot be read.
    """
    try:
        file = open_output(path)
    except FileNotFoundError:
        return
    with file:
        size = file.seek(0, 2)
        last = size if last is None else min(last, size)
        hole = hole_of(path)
        if hole is None or hole[1] <= first or hole[0] >= last:
            yield from _read(file, first, last)
            return
        yield from _read(file, first, hole[0])
        yield hole_note(hole)
        yield from _read(file, hole[1], last)


def open_output(path: Path) -> BinaryIO:
    """An output, to be read. Raises FileNotFoundError, and WorkspaceError where it cannot be read."""
    try:
        return os.fdopen(open_regular(str(path)), "rb")
    except FileNotFoundError:
        raise
    except OSError as error:
        raise WorkspaceError(f"{path} cannot be read: {error.strerror}") from error


def read_output(path: Path, first: int, last: int | None = None) -> bytes:
    """The same in one piece."""
    return b"".join(output_pieces(path, first, last))


def output_tail(path: Path, size_bytes: int = TAIL_BYTES) -> str:
    """About the last `size_bytes` of an output as text, from the start of a line where one begins there.

    What the cap left out does not count; bytes that are no UTF-8 show as U+FFFD.
    """
    try:
        size = path.stat().st_size
    except FileNotFoundError:
        return ""
    first, hole = size - size_bytes, hole_of(path)
    if hole and first < hole[1]:
        first = min(hole[0], first - (hole[1] - hole[0]))
    if first <= 0 or (hole and first == hole[1]):
        return read_output(path, max(0, first)).decode("utf-8", "replace")
    data = read_output(path, first - 1)
    _, _, rest = data.partition(b"\n")
    return (rest or data).decode("utf-8", "replace")


def last_lines(text: str, count: int) -> str:
    """The last `count` lines of a text, as they stand there."""
    if count <= 0:
        return ""
    lines = text.removesuffix("\n").split("\n")
    return "\n".join(lines[-count:]) + ("\n" if text.endswith("\n") else "")


def _read(file: BinaryIO, first: int, last: int) -> Iterator[bytes]:
    file.seek(first)
    while first < last and (piece := file.read(min(_PIECE_BYTES, last - first))):
        first += len(piece)
        yield piece


def hole_note(hole: tuple[int, int]) -> bytes:
    """The line that stands in place of what was left out."""
    return f"\n… {show_size(hole[1] - hole[0])} left out …\n".encode()


def hole_of(path: Path) -> tuple[int, int] | None:
    """[from, to) of the bytes that the cap left out, or None: scripts can write where it stands, and anything."""
    try:
        data = json.loads(read_regular(str(path.with_name(f"{path.stem}.hole.json"))))
        first, last = data["from"], data["to"]
    except (OSError, ValueError, RecursionError, KeyError, TypeError):
        return None
    is_sound = isinstance(first, int) and isinstance(last, int) and 0 <= first < last < _NO_BYTE
    return (first, last) if is_sound else None
