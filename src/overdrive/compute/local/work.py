"""A trial's working directory: made before the script starts, tidied when it has ended. Standard library only."""

import os

from overdrive.host.files import copy_tree
from overdrive.host.files import remove_tree

__all__ = ["prepare", "tidy"]

#: What stays in the working directory.
_KEPT = ("outputs", "logs")


def prepare(snapshot: str, work: str) -> None:
    """Makes `work`: a copy of the snapshot, with outputs/ and logs/. Raises OSError.

    What an earlier attempt, or an earlier trial, left in outputs/ and logs/ stays, for scripts that go on from a
    checkpoint, whatever the snapshot has of these names; all else is new.
    """
    kept: list[str] = []
    try:
        os.mkdir(work, 0o700)
    except FileExistsError:
        tidy(work)
        kept = os.listdir(work)
    copy_tree(snapshot, work, leave_out=kept)
    for name in _KEPT:
        try:
            os.mkdir(f"{work}/{name}", 0o700)
        except FileExistsError:
            continue


def tidy(work: str) -> None:
    """Removes all but outputs/ and logs/; doing it again changes nothing. Raises OSError."""
    try:
        names = os.listdir(work)
    except FileNotFoundError:
        return
    for name in names:
        if name in _KEPT:
            continue
        try:
            os.unlink(f"{work}/{name}")
        except OSError:  # a folder, or something to be opened up first
            remove_tree(f"{work}/{name}")
