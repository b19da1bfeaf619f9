"""What ran when, and in which slot."""

from pathlib import Path

from overdrive.errors import NotFoundError
from overdrive.store import SweepReader
from overdrive.store.rows import damage
from overdrive.store.writer import FILE


def timeline(folder: Path) -> dict[str, list]:
    """Columns 'trial', 'attempt', 'slot' (its name), 'start' and 'end' (wall times; None: not yet), in order of starts.

    Where the journal names no slot, attempts are given lanes in which none overlaps another.
    """
    try:
        with SweepReader(folder) as reader, reader.snapshot():
            starts, ends = reader.rows("starts"), reader.rows("ends")
    except NotFoundError:
        starts, ends = [], []
    ended = {(row["trial"], row["attempt"]): row["at"] for row in ends}
    lanes: list[float | None] = []
    columns: dict[str, list] = {"trial": [], "attempt": [], "slot": [], "start": [], "end": []}
    for row in starts:
        if not row["is_sound"]:
            raise damage(folder / FILE, f"the body of event {row['seq']} (planned) is no JSON")
        end = ended.get((row["trial"], row["attempt"]))
        columns["trial"].append(row["trial"])
        columns["attempt"].append(row["attempt"])
        columns["slot"].append(str(_lane(lanes, row["at"], end)) if row["slot"] is None else str(row["slot"]))
        columns["start"].append(row["at"])
        columns["end"].append(end)
    return columns


def _lane(lanes: list[float | None], start: float, end: float | None) -> int:
    """The first lane that is free at `start`, taken until `end` (None: for good)."""
    at = next((at for at, until in enumerate(lanes) if until is not None and until <= start), len(lanes))
    if at == len(lanes):
        lanes.append(end)
    else:
        lanes[at] = end
    return at
