"""Prints outputs as bytes, once or as they grow."""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

from overdrive.cli.console import say_aside
from overdrive.cli.target import Target
from overdrive.host import clock
from overdrive.views.output import open_output
from overdrive.views.output import output_pieces

#: Seconds between two looks at a growing output.
_LOOK_S = 0.1


def print_logs(target: Target, *, follow: bool, tail: int | None) -> None:
    """Prints a trial's output, or the engine's log of a sweep."""
    view = target.view
    if target.trial is None:
        log = view.folder / "engine.log"
        _print(lambda: log, lambda: view.is_over, follow, tail, view.id)
        return
    number = target.trial

    def is_over() -> bool:
        row = view.trial(number)
        return view.is_over or (row is not None and row.is_ended)

    _print(lambda: view.output_path(number), is_over, follow, tail, target.row().run_id)


def _print(
    path_now: Callable[[], Path], is_over: Callable[[], bool], follow: bool, tail: int | None, name: str
) -> None:
    path = path_now()
    at = _start(path, tail)
    if not follow and not (path.exists() and path.stat().st_size):
        say_aside(f"{name} has printed nothing{'' if is_over() else ' yet'}")
    while True:
        over = is_over()  # asked before the last read, so that nothing printed before the end is missed
        if path_now() != path:  # a new attempt
            path, at = path_now(), 0
        at = _copy(path, at)
        if over or not follow:
            return
        clock.sleep(_LOOK_S)


def _copy(path: Path, at: int) -> int:
    """Prints from byte `at` to the end; where that is now."""
    try:
        size = path.stat().st_size
    except FileNotFoundError:
        return at
    for piece in output_pieces(path, at, size):
        sys.stdout.buffer.write(piece)
    sys.stdout.buffer.flush()
    return size


def _start(path: Path, lines: int | None) -> int:
    """The byte at which the last `lines` lines begin; 0 without a number."""
    if lines is None or not path.exists():
        return 0
    size = path.stat().st_size
    if lines == 0:
        return size
    with open_output(path) as file:
        at, found = size, -1 if size and _byte(file, size - 1) == b"\n" else 0
        while at > 0:
            first = max(0, at - 65536)
            file.seek(first)
            block = file.read(at - first)
            newlines = block.count(b"\n")
            if found + newlines >= lines:
                end = len(block)
                for _ in range(lines - found):
                    end = block.rindex(b"\n", 0, end)
                return first + end + 1
            found, at = found + newlines, first
    return 0


def _byte(file: BinaryIO, at: int) -> bytes:
    file.seek(at)
    return file.read(1)
