"""What a sweep knows of earlier ones, from the file that was written at submit into the beginning of the journal."""

from collections.abc import Iterator
from pathlib import Path

from overdrive.errors import NotFoundError
from overdrive.host.files import read_json
from overdrive.records import Earlier
from overdrive.records import Kind
from overdrive.records import MetricRecord
from overdrive.records import SweepSpec

FILE = "earlier.json"


def read_earlier(folder: Path, spec: SweepSpec) -> Earlier:
    """What was written at submit. Raises NotFoundError where it is missing, WorkspaceError where it is damaged."""
    if not spec.resume_from and not spec.resume_children:
        return Earlier()
    data = read_json(str(folder / FILE))
    if not isinstance(data, dict):
        raise NotFoundError(f"{folder} lacks {FILE}: what it was to know of earlier sweeps")
    return Earlier.from_json(data)


def earlier_events(earlier: Earlier) -> Iterator[tuple[Kind, int | None, int | None, dict, tuple[MetricRecord, ...]]]:
    """Kind, trial, attempt, body and records of the events that say it."""
    for sweep in earlier.sweeps:
        yield Kind.EARLIER, None, None, sweep.to_json(), ()
    for number, run in enumerate(earlier.runs):
        body = {
            "sweep": run.sweep,
            "trial": run.trial,
            "configuration": run.configuration,
            "first": 0,
            "count": len(run.records),
        }
        yield Kind.INHERITED, number, 0, body, run.records
