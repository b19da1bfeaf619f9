"""Runs that were made: one file each, so that they can be made in any order, by several processes, and gone on with."""

import json
import os
from collections.abc import Callable
from collections.abc import Iterator
from collections.abc import Mapping
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote

from overdrive.bench.play import Told
from overdrive.errors import WorkspaceError
from overdrive.host.files import write_atomically
from overdrive.host.locks import FileLock

#: Raised when lines of a file mean something else.
FORMAT = 1


class Key(NamedTuple):
    """Which run."""

    sampler: str
    task: str
    budget: int
    workers: int
    seed: int


@dataclass(frozen=True)
class Run:
    """A run that is over."""

    key: Key
    #: Distribution → version.
    versions: Mapping[str, str]
    told: Sequence[Told]


class Results:
    """A folder: <sampler>/<task>/n<budget>-w<workers>-s<seed>.jsonl, a line that says what it is, then one a trial.

    Names are quoted as in URLs. A file appears when its run is over; while it is made, its lock is held.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def read(self, key: Key) -> Run | None:
        """The run, or the first trials of one with a larger budget where that comes to the same: one at a time. None
        where there is neither."""
        path = self._path(key)
        if path.exists():
            return _read(path, key)
        longer = sorted(
            (budget, other)
            for other in path.parent.glob(f"n*-w1-s{key.seed}.jsonl")
            if key.workers == 1 and (budget := int(other.name.partition("-")[0][1:])) > key.budget
        )
        return _read(longer[0][1], key) if longer else None

    def has(self, sampler: str) -> bool:
        """Whether there is any run of a sampler."""
        return any((self.folder / quote(sampler, safe="")).glob("*/*.jsonl"))

    def make(self, key: Key, versions: Mapping[str, str], play: Callable[[], Sequence[Told]]) -> bool:
        """Makes a run and keeps it, unless another process is at it: whether it is there now.

        What is raised on the way leaves nothing behind.
        """
        path = self._path(key)
        path.parent.mkdir(parents=True, exist_ok=True)
        lock = FileLock(f"{path}.lock")
        if not lock.try_acquire():
            return False
        try:
            if not path.exists():
                head = {"format": FORMAT, **key._asdict(), "versions": dict(versions)}
                lines = [json.dumps(line) for line in (head, *(_line(one) for one in play()))]
                write_atomically(str(path), "\n".join(lines) + "\n")
            return True
        finally:
            with suppress(FileNotFoundError):
                os.unlink(lock.path)
            lock.release()

    def _path(self, key: Key) -> Path:
        names = (quote(name, safe="") for name in (key.sampler, key.task))
        return self.folder.joinpath(*names) / f"n{key.budget}-w{key.workers}-s{key.seed}.jsonl"


def _line(one: Told) -> dict:
    return {"value": one.value, "best": one.best, "ask_s": round(one.ask_s, 6), "tell_s": round(one.tell_s, 6)}


def _read(path: Path, key: Key) -> Run:
    try:
        head, *lines = _lines(path)
        told = [
            Told(line.get("value"), line["best"], line.get("ask_s", 0.0), line.get("tell_s", 0.0)) for line in lines
        ]
        if head["format"] != FORMAT:
            raise ValueError(f"format {head['format']}")
        return Run(key, head["versions"], told[: key.budget])
    except (ValueError, KeyError, TypeError) as error:
        hint = "remove it; the run will be made again"
        raise WorkspaceError(f"{path} is not a run of this version: {error}", hint=hint) from error


def _lines(path: Path) -> Iterator[dict]:
    with path.open(encoding="utf-8") as file:
        for line in file:
            yield json.loads(line)
