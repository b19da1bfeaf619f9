"""Replay: a finished (or running) sweep's journal drives the scheduler again, and everything that was decided is
derived anew."""

from collections.abc import Iterator
from pathlib import Path

from overdrive.engine.actions import Action
from overdrive.engine.actions import Finish
from overdrive.engine.actions import Launch
from overdrive.engine.actions import Stop
from overdrive.engine.history import Suggestions
from overdrive.engine.scheduler import Scheduler
from overdrive.engine.suggesting import Suggester
from overdrive.errors import InternalError
from overdrive.errors import OverdriveError
from overdrive.records import Event
from overdrive.records import Kind
from overdrive.records import MetricRecord
from overdrive.records import Suggestion
from overdrive.records import Verdict
from overdrive.sampling import Sampler
from overdrive.sampling import build_sampler
from overdrive.space import Space
from overdrive.store import SweepReader
from overdrive.store.rows import digest
from overdrive.store.rows import dump
from overdrive.store.specs import read_spec
from overdrive.termination import build_policy

_VERDICT_COLUMNS = ("trial", "interval", "stop", "rule", "own", "threshold", "formula", "compared", "best_trial")


def replay(folder: str | Path) -> list[str]:
    """Re-derives every suggestion, verdict and projection of the sweep in `folder`. Returns a sentence for each
    difference, [] for none. A running sweep is looked at as it is at one moment.

    Raises NotFoundError where there is no journal.
    """
    spec = read_spec(Path(folder))
    scheduler = Scheduler(spec, build_policy(spec.policy))
    sampler = build_sampler(spec.sampling, Space.from_json(spec.space), spec.seed)
    suggester = Suggester(Path(folder)) if sampler.uses_history else None
    try:
        with SweepReader(folder) as reader, reader.snapshot():
            return [*_Replay(reader, scheduler, sampler, suggester).differences()]
    finally:
        if suggester is not None:
            suggester.close()


class _Replay:
    """One pass over the journal."""

    def __init__(
        self, reader: SweepReader, scheduler: Scheduler, sampler: Sampler, suggester: Suggester | None
    ) -> None:
        self._reader = reader
        self._scheduler = scheduler
        self._suggestions = Suggestions(sampler, scheduler)
        #: Derives the suggestions of samplers that look at the history, as the engine had them made.
        self._suggester = suggester
        self._records = reader.records_in_order()
        self._ahead = next(self._records, None)
        self._verdicts: dict[int, list[dict]] = {}
        for row in reader.rows("verdicts"):
            self._verdicts.setdefault(row["seq"], []).append({key: row[key] for key in _VERDICT_COLUMNS})

    def differences(self) -> Iterator[str]:
        for event in self._reader.events():
            records, rows = self._records_of(event)
            try:
                yield from self._before(event, rows)
                self._scheduler.apply(event, records)
            except (InternalError, KeyError, ValueError, TypeError, AttributeError) as error:
                yield f"event {event.seq} ({event.kind.value}) does not fit the journal before it: {error}"
                return
            yield from self._compare_verdicts(event)
        while self._ahead is not None:
            yield f"the store holds a record of event {self._ahead[0]} that the journal does not know"
            self._ahead = next(self._records, None)
        yield from self._compare_trials()

    def _records_of(self, event: Event) -> tuple[list[MetricRecord], list[tuple]]:
        records: list[MetricRecord] = []
        rows: list[tuple] = []
        while self._ahead is not None and self._ahead[0] <= event.seq:
            records.append(self._ahead[3])
            rows.append(self._ahead[4])
            self._ahead = next(self._records, None)
        return records, rows

    def _before(self, event: Event, rows: list[tuple]) -> Iterator[str]:
        """What the state before the event says about it."""
        if event.kind in (Kind.LOGGED, Kind.INHERITED) and digest(rows) != event.body["crc"]:
            yield (
                f"event {event.seq}: the stored metrics of trial {event.trial} (records {event.body['first']} to "
                f"{event.body['first'] + event.body['count'] - 1}) are not those that were taken in"
            )
        elif event.kind in (Kind.SUGGESTED, Kind.EXHAUSTED):
            yield from self._compare_suggestion(event)
        elif event.kind in (Kind.PLANNED, Kind.STOP_REQUESTED, Kind.SWEEP_ENDED):
            yield from self._compare_decision(event)

    def _compare_suggestion(self, event: Event) -> Iterator[str]:
        number = event.body["n"] if event.kind is Kind.EXHAUSTED else event.trial or 0
        try:
            suggestion = self._suggest(number)
        except OverdriveError as error:
            yield f"event {event.seq}: the sampler cannot suggest trial {number} again: {error}"
            return
        derived = suggestion.to_body() if suggestion else None
        recorded = event.body if event.kind is Kind.SUGGESTED else None
        if dump(derived) != dump(recorded):
            yield f"event {event.seq}: the suggestion of trial {number} is recorded as {recorded}, derived as {derived}"

    def _suggest(self, number: int) -> Suggestion | None:
        if self._suggester is None or not self._suggestions.needs_history(number):
            return self._suggestions.suggest(number)
        asked = self._scheduler.asked
        if asked is None or asked[0] != number:
            raise InternalError(f"nobody asked for trial {number}")
        self._suggester.ask(*asked)
        answer = self._suggester.wait()
        if answer.error:
            raise InternalError(answer.error)
        return answer.suggestion

    def _compare_decision(self, event: Event) -> Iterator[str]:
        actions = self._scheduler.decide()
        if not any(_is_for(action, event) for action in actions):
            what = f"{event.kind.value} of trial {event.trial}"
            yield f"event {event.seq}: {what} is not what the scheduler decides then"
        recorded = event.body.get("verdict")
        trial = self._scheduler.trials.get(event.trial or 0)
        if recorded and trial and trial.verdict and recorded != trial.verdict.to_json():
            yield f"event {event.seq}: the verdict is recorded as {recorded}, derived as {trial.verdict.to_json()}"

    def _compare_verdicts(self, event: Event) -> Iterator[str]:
        derived = [_verdict_row(verdict) for verdict in self._scheduler.verdicts]
        recorded = sorted(self._verdicts.pop(event.seq, []), key=lambda row: row["interval"])
        for mine in derived:
            theirs = next((row for row in recorded if row["interval"] == mine["interval"]), None)
            if theirs is None:
                yield f"trial {mine['trial']}, interval {mine['interval']}: no verdict is recorded, derived {mine}"
            elif theirs != mine:
                changed = ", ".join(f"{k} {theirs[k]!r} ≠ {mine[k]!r}" for k in mine if theirs[k] != mine[k])
                where = f"trial {mine['trial']}, interval {mine['interval']}"
                yield f"{where}: the recorded verdict differs from the derived: {changed}"
        known = {row["interval"] for row in derived}
        for row in recorded:
            if row["interval"] not in known:
                yield f"trial {row['trial']}, interval {row['interval']}: a verdict is recorded that is not derived"

    def _compare_trials(self) -> Iterator[str]:
        for rows in self._verdicts.values():
            yield f"trial {rows[0]['trial']}, interval {rows[0]['interval']}: a verdict is recorded that is not derived"
        stored = {row["number"]: dict(row) for row in self._reader.rows("whole_trials")}
        for number, trial in self._scheduler.trials.items():
            derived = trial.to_row()
            derived["configuration"] = dump(derived["configuration"])
            derived["exit"] = dump(derived["exit"]) if derived["exit"] else None
            row = stored.pop(number, None)
            if row != derived:
                keys = [key for key in derived if row is None or row[key] != derived[key]]
                yield f"trial {number}: its row differs from its events in {', '.join(keys)}"
        for number in stored:
            yield f"trial {number}: a row without events"


def _verdict_row(verdict: Verdict) -> dict:
    data = verdict.to_json()
    return {**{key: data[key] for key in _VERDICT_COLUMNS}, "stop": int(verdict.stop)}


def _is_for(action: Action, event: Event) -> bool:
    if event.kind is Kind.PLANNED:
        return isinstance(action, Launch) and (action.trial, action.attempt) == (event.trial, event.attempt)
    if event.kind is Kind.STOP_REQUESTED:
        return isinstance(action, Stop) and action.trial == event.trial and action.why == event.body["why"]
    return isinstance(action, Finish) and action.status.value == event.body["status"]
