"""Whether an engine runs a sweep now."""

from dataclasses import dataclass
from pathlib import Path

from overdrive.host.locks import is_held
from overdrive.host.locks import note_of

LOCK = "engine.lock"


@dataclass(frozen=True, kw_only=True, slots=True)
class EngineInfo:
    """The engine of a sweep, or that there is none."""

    #: Whether one runs: the kernel's word (its lock), not a file's.
    alive: bool
    #: Its process id, and the host where it runs, as it wrote them down; only to show. None without a living one.
    pid: int | None = None
    host: str | None = None
    #: Wall time at which it took the sweep over; None where it has not said so yet.
    since: float | None = None


def engine_info(folder: Path, since: float | None) -> EngineInfo:
    """The engine of the sweep in `folder`; `since`: what the journal says of the last one."""
    path = str(folder / LOCK)
    if not is_held(path):
        return EngineInfo(alive=False)
    note = note_of(path) or {}
    return EngineInfo(alive=True, pid=note.get("pid"), host=note.get("host"), since=since)
