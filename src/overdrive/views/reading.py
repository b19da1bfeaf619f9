"""Reads a sweep's database by cursor: all of it once, then only what changed."""

import dataclasses
import sqlite3
import threading
from pathlib import Path

from overdrive.errors import NotFoundError
from overdrive.records import Event
from overdrive.records import Kind
from overdrive.records import SweepSpec
from overdrive.store import SweepReader
from overdrive.store.rows import taking_in
from overdrive.store.writer import FILE
from overdrive.views.journal import SweepFacts
from overdrive.views.trials import TrialRow
from overdrive.views.trials import trial_row

#: Changed trials above which all rows are read again instead of one by one.
_MANY = 200


class Reading:
    """What was read so far. Each call opens a connection of its own and closes it."""

    def __init__(self, folder: Path, spec: SweepSpec) -> None:
        self._folder = folder
        self._spec = spec
        self._lock = threading.Lock()
        #: The sweep's own events, folded.
        self.facts = SweepFacts()
        #: Number → trial, as the journal has it at `facts.seq` or later. Another dict with each change: threads that go
        #: through this one are not disturbed.
        self.rows: dict[int, TrialRow] = {}

    def refresh(self) -> bool:
        """Takes in what is new; whether that was anything. While there is no database nothing is."""
        try:
            reader = SweepReader(self._folder)
        except NotFoundError:
            return False
        with reader, self._lock:
            last = reader.last_seq()
            if last == self.facts.seq:
                return False
            if last < self.facts.seq or self.facts.seq == 0:  # an older copy in its place, or not read yet
                self._read_all(reader, last)
            else:
                self._read_changes(reader)
            return True

    def still(self) -> "Reading":
        """What was read so far, in a reading of its own that the next refresh of this one leaves as it is."""
        found = Reading(self._folder, self._spec)
        with self._lock:
            found.facts = self._copy_of_facts()
            found.rows = self.rows
        return found

    def _read_all(self, reader: SweepReader, last: int) -> None:
        facts = SweepFacts()
        for event in reader.own_events():
            self._apply(facts, event)
        for event in reader.events(last - 1, 1):
            if event.seq > facts.seq:
                self._apply(facts, event)
        # Rows last: they hold at least what the events up to here did.
        self.rows = self._all_rows(reader)
        self.facts = facts

    def _read_changes(self, reader: SweepReader) -> None:
        facts, changed = self._copy_of_facts(), set[int]()
        for event in reader.events(facts.seq):
            self._apply(facts, event)
            number = event.body.get("trial") if event.kind is Kind.REQUESTED else event.trial
            if number is not None:
                changed.add(number)
        if len(changed) > _MANY:
            self.rows = self._all_rows(reader)
        else:
            found = [reader.row("trial", number=number) for number in changed]
            rows = [trial_row(row, self._spec, self._folder) for row in found if row is not None]
            self.rows = {**self.rows, **{row.number: row for row in rows}}
        # Last: where reading failed, the next look reads all of it again.
        self.facts = facts

    def _copy_of_facts(self) -> SweepFacts:
        return dataclasses.replace(self.facts, notes=list(self.facts.notes))

    def _apply(self, facts: SweepFacts, event: Event) -> None:
        with taking_in(event, self._folder / FILE):
            facts.apply(event)

    def _all_rows(self, reader: SweepReader) -> dict[int, TrialRow]:
        return {row["number"]: trial_row(row, self._spec, self._folder) for row in reader.rows("trials")}

    def events_of_kind(self, kind: Kind) -> list[Event]:
        """All events of a kind, the first one first; [] while there is no database."""
        try:
            with SweepReader(self._folder) as reader:
                return reader.events_of_kind(kind)[::-1]
        except NotFoundError:
            return []

    def select(self, query: str, **parameters: object) -> list[sqlite3.Row]:
        """All rows of a named query; [] while there is no database."""
        try:
            with SweepReader(self._folder) as reader:
                return reader.rows(query, **parameters)
        except NotFoundError:
            return []
