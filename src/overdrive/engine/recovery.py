"""Recovery, which is the normal start: fold the journal, then ask compute what lives."""

from dataclasses import dataclass
from dataclasses import field
from pathlib import Path

from overdrive.engine.scheduler import Scheduler
from overdrive.records import Kind
from overdrive.store import SweepReader
from overdrive.store.rows import verdict_of_row


@dataclass(frozen=True, slots=True)
class Known:
    """What a journal holds besides what the scheduler folds."""

    #: Ids of the requests that were taken in.
    requests: set[str] = field(default_factory=set)
    #: What the user was told, each by the word for what it is about.
    notes: set[str] = field(default_factory=set)


def fold_journal(folder: Path, scheduler: Scheduler) -> Known:
    """Brings a fresh scheduler to the journal's end, without judging anew."""
    known = Known()
    metric = scheduler.spec.metric
    with SweepReader(folder) as reader:
        scheduler.recorded = {
            (row["trial"], row["attempt"], row["interval"]): verdict_of_row(row) for row in reader.rows("stops")
        }
        for event, records in reader.history(metric.name if metric else None):
            scheduler.apply(event, records)
            if event.kind is Kind.REQUESTED:
                known.requests.add(event.body["id"])
            elif event.kind is Kind.NOTED:
                known.notes.add(event.body["about"])
        for trial in scheduler.active:
            trial.names = [
                row["name"] for row in reader.rows("names_of_trial", trial=trial.number, attempt=trial.attempt)
            ]
    scheduler.recorded = None
    return known
