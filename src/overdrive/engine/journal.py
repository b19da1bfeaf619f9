"""One way to say that something happened: into the fold and into the next transaction, in the same order."""

import sqlite3
from collections.abc import Callable
from collections.abc import Sequence

from overdrive.engine.full_disk import is_disk_full
from overdrive.engine.scheduler import Scheduler
from overdrive.host import clock
from overdrive.records import Event
from overdrive.records import Kind
from overdrive.records import MetricRecord
from overdrive.store import Batch
from overdrive.store import SweepStore
from overdrive.store.rows import dump

#: Records that may wait for a commit: some 20 MB.
_LARGE = 20_000

#: The events that power loss may not take once somebody has seen them.
_OUTCOMES = (Kind.ENDED, Kind.SWEEP_ENDED)


class Journal:
    """Events go through `add` to the scheduler and into a batch; `commit` writes the batch.

    Nothing with a side effect happens between `add` and `commit`, so that a batch that the disk refuses can wait and be
    tried again: the sweep stands still meanwhile and loses nothing.
    """

    def __init__(self, store: SweepStore, scheduler: Scheduler) -> None:
        self._store = store
        self._scheduler = scheduler
        self._batch = Batch()
        self._touched: set[int] = set()
        self._seq = store.last_seq
        self._started = clock.monotonic()
        self._ran_before_s = store.last_ran_s
        #: Whether something was committed that power loss could still take.
        self.has_unsynced_outcome = False

    @property
    def is_new(self) -> bool:
        """Whether nothing was ever written."""
        return self._seq == 0

    @property
    def is_large(self) -> bool:
        """Whether what waits to be committed takes much memory."""
        return len(self._batch.metrics) > _LARGE

    @property
    def ran_s(self) -> float:
        """Seconds in which the sweep had an engine, this one's time included."""
        return self._ran_before_s + clock.monotonic() - self._started

    def add(
        self,
        kind: Kind,
        trial: int | None = None,
        attempt: int | None = None,
        body: dict | None = None,
        records: Sequence[MetricRecord] = (),
    ) -> Event:
        """Says that something happened (or, for intents, is about to)."""
        self._seq += 1
        event = Event(
            seq=self._seq,
            epoch=self._store.epoch,
            at=clock.wall(),
            ran_s=self.ran_s,
            kind=kind,
            trial=trial,
            attempt=attempt,
            body=body or {},
        )
        if kind in (Kind.LOGGED, Kind.INHERITED):
            self._batch.add_records(event, records)
        self._scheduler.apply(event, records)
        self._batch.events.append(event)
        for verdict in self._scheduler.verdicts:
            self._batch.add_verdict(verdict, attempt or 1, event.seq)
        if trial is not None:
            self._touched.add(trial)
        elif kind is Kind.REQUESTED and "trial" in event.body:
            self._touched.add(event.body["trial"])
        if kind in _OUTCOMES:
            self.has_unsynced_outcome = True
        return event

    def commit(self, retry: Callable[[Callable[[], None]], None]) -> bool:
        """Writes what was added; false when there was nothing. `retry` calls its argument until the disk has room."""
        if not self._batch:
            return False
        for number in self._touched:
            if number in self._scheduler.trials:
                row = self._scheduler.trials[number].to_row()
                row["configuration"] = dump(row["configuration"])
                row["exit"] = dump(row["exit"]) if row["exit"] else None
                self._batch.trials[number] = row
        retry(lambda: self._store.write(self._batch))
        self._batch = Batch()
        self._touched.clear()
        return True

    def sync(self) -> None:
        """Makes outcomes survive power loss. A disk without room for it keeps them pending."""
        try:
            self._store.sync()
            # What was added and not committed yet is not in it.
            self.has_unsynced_outcome = any(event.kind in _OUTCOMES for event in self._batch.events)
        except sqlite3.OperationalError as error:
            if not is_disk_full(error):
                raise
