"""Follows the event files that a script writes, and logs their scalars as the trial's: for scripts that log in no other
way.

A thread of the script's process looks every half second (more seldom where looking takes long), and once more when the
process ends. Names that the script also logs itself are left to it: each value counts once.
"""

from __future__ import annotations

import atexit
import os
import threading
import time
from collections.abc import Callable
from collections.abc import Iterator

from overdrive.interop.event_file import EventFile
from overdrive.interop.event_file import Scalar
from overdrive.report.recall import logged

__all__ = ["Follower", "begin"]

#: How often the files are looked at, seconds.
_PERIOD_S = 0.5
#: Folders that Keras and others give their halves: their names go in front of the tag.
_HALVES = ("train", "validation", "valid", "val", "test", "eval")
_MARK = ".tfevents."

#: What logs one value: name, value, step.
Log = Callable[[str, float, int], None]


class Follower:
    """The event files below a folder, and which names are ours to log.

    folder: the trial's working directory. log: what logs one value. others: the names that the script logged itself.
    """

    def __init__(self, folder: str, log: Log, others: Callable[[], set[str]]) -> None:
        self._folder = folder
        self._log = log
        self._others = others
        self._files: dict[str, EventFile] = {}
        #: Name → whether it is ours: decided when it first appears, since a script logs a value itself sooner than a
        #: writer of event files puts it on the disk.
        self._is_ours: dict[str, bool] = {}
        self._lock = threading.Lock()

    def look(self) -> None:
        """Logs what was written since the last look. A file that cannot be read now is looked at again."""
        with self._lock:
            fresh = list(self._fresh())
            unknown = {name for name, _ in fresh} - set(self._is_ours)
            if unknown:
                others = self._others()
                self._is_ours.update((name, name not in others) for name in unknown)
            for name, scalar in fresh:
                if self._is_ours[name]:
                    self._log(name, scalar.value, scalar.step)

    def _fresh(self) -> Iterator[tuple[str, Scalar]]:
        for path in sorted(_event_files(self._folder)):
            file = self._files.setdefault(path, EventFile(path))
            try:
                scalars = file.read()
            except OSError:
                continue
            half = os.path.basename(os.path.dirname(path))
            for scalar in scalars:
                yield (f"{half}/{scalar.tag}" if half in _HALVES else scalar.tag), scalar


def begin() -> None:
    """Starts following in this process, once, if it is a trial's. For scripts that import a writer of such files."""
    global _following
    spool = os.environ.get("OVERDRIVE_METRICS")
    if not spool or _following:
        return
    _following = True
    from overdrive.report import get_context  # noqa: PLC0415

    run = get_context()
    trial = os.path.dirname(os.path.abspath(spool))
    follower = Follower(
        os.path.join(trial, "work"),
        lambda name, value, step: run.log(name, value, step=step),
        lambda: set(logged(spool)),
    )
    thread = threading.Thread(target=_follow, args=(follower,), name="overdrive-tensorboard", daemon=True)
    thread.start()
    atexit.register(_end, follower)


_following = False
_over = threading.Event()


def _follow(follower: Follower) -> None:
    pause = _PERIOD_S
    while not _over.wait(pause):
        begun = time.monotonic()
        follower.look()
        pause = max(_PERIOD_S, 20 * (time.monotonic() - begun))


def _end(follower: Follower) -> None:
    _over.set()
    follower.look()


def _event_files(folder: str) -> Iterator[str]:
    for place, _, names in os.walk(folder):
        for name in names:
            if _MARK in name:
                yield os.path.join(place, name)
