"""Recovery, which is the normal start: fold the journal, then ask compute what lives."""

from pathlib import Path

from overdrive.engine.scheduler import Scheduler
from overdrive.errors import NotFoundError
from overdrive.host.files import read_json
from overdrive.records import Kind
from overdrive.records import SweepSpec
from overdrive.store import SweepReader
from overdrive.store.rows import verdict_of_row


def read_spec(folder: Path) -> SweepSpec:
    """The sweep as it was submitted. Raises NotFoundError where `folder` holds none."""
    data = read_json(str(folder / "spec.json"))
    if not isinstance(data, dict):
        raise NotFoundError(f"{folder} holds no sweep")
    return SweepSpec.from_json(data)


def fold_journal(folder: Path, scheduler: Scheduler) -> set[str]:
    """Brings a fresh scheduler to the journal's end, without judging anew. Returns the ids of the requests taken in
    so far."""
    requests: set[str] = set()
    metric = scheduler.spec.metric
    with SweepReader(folder) as reader:
        scheduler.recorded = {
            (row["trial"], row["attempt"], row["interval"]): verdict_of_row(row) for row in reader.rows("stops")
        }
        for event, records in reader.history(metric.name if metric else None):
            scheduler.apply(event, records)
            if event.kind is Kind.REQUESTED:
                requests.add(event.body["id"])
        for trial in scheduler.active:
            trial.names = [
                row["name"] for row in reader.rows("names_of_trial", trial=trial.number, attempt=trial.attempt)
            ]
    scheduler.recorded = None
    return requests
