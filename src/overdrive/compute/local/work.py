"""A trial's working directory: made before the script starts, tidied when it has ended. Standard library only."""

import os

from overdrive.host.files import copy_file
from overdrive.host.files import copy_tree
from overdrive.host.files import remove_tree

__all__ = ["Copies", "prepare", "tidy"]

#: What stays in the working directory.
_KEPT = ("outputs", "logs")
_STAYING = tuple(f"/{name}/" for name in _KEPT)
#: Of more files than these it is not remembered whether they are as they were copied: a shim is to stay small.
_MOST_COPIES = 1000


class Copies:
    """The files that one working directory got from the snapshot, for the next one: who moves them need not copy them.

    A moved file is neither made nor removed. On ext4 that counts: whenever it makes a file it looks at those that were
    removed in the last five minutes, which took a third and more of the shims' time over short trials.
    """

    def __init__(self, snapshot: str, work: str, before: "Copies | None" = None) -> None:
        """before: those of a trial that has ended, of the same snapshot or another."""
        self._snapshot = snapshot
        self._work = work
        self._before = before if before is not None and before._snapshot == snapshot else None
        #: Path below the working directory → what tells the file from any other, and from itself once it was changed.
        self._made: dict[str, tuple[int, int]] = {}

    def bring(self, source: str, target: str) -> None:
        """Moves the copy of `source` to `target` that the trial before left unchanged, or makes one. Raises OSError."""
        name = target[len(self._work) :]
        if self._before is None or not self._before._give(name, target):
            copy_file(source, target)
        if len(self._made) < _MOST_COPIES and not name.startswith(_STAYING):
            self._made[name] = _identity(target)

    def _give(self, name: str, target: str) -> bool:
        """Moves it; False where there is none, or it may have been changed: then it stays."""
        was = self._made.pop(name, None)
        path = self._work + name
        try:
            if was is None or _identity(path) != was:
                return False
            os.rename(path, target)
        except OSError:  # somebody removed it, or a folder stands in its place: the copy will meet what is wrong
            return False
        return True


def _identity(path: str) -> tuple[int, int]:
    """Its number, and its change time, which writing, renaming and linking move on and no program can set back."""
    found = os.lstat(path)
    return found.st_ino, found.st_ctime_ns


def prepare(snapshot: str, work: str, before: Copies | None = None) -> Copies:
    """Makes `work`: a copy of the snapshot, with outputs/ and logs/. Raises OSError.

    What an earlier attempt, or an earlier trial, left in outputs/ and logs/ stays, for scripts that go on from a
    checkpoint, whatever the snapshot has of these names; all else is new. before: of a working directory that nobody
    needs any more; what is unchanged there is moved.
    """
    kept: list[str] = []
    try:
        os.mkdir(work, 0o700)
    except FileExistsError:
        tidy(work)
        kept = os.listdir(work)
    copies = Copies(snapshot, work, before)
    copy_tree(snapshot, work, leave_out=kept, copy=copies.bring)
    for name in _KEPT:
        try:
            os.mkdir(f"{work}/{name}", 0o700)
        except FileExistsError:
            continue
    return copies


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
