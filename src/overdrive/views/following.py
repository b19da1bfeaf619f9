"""What a sweep's journal got since a cursor, as the change that a page draws."""

from dataclasses import dataclass
from dataclasses import field
from pathlib import Path

from overdrive.errors import NotFoundError
from overdrive.records import Event
from overdrive.records import Kind
from overdrive.records import SweepSpec
from overdrive.records import from_json_number
from overdrive.store import SweepReader
from overdrive.store.rows import taking_in
from overdrive.store.writer import FILE
from overdrive.views.trials import TrialRow
from overdrive.views.trials import trial_row

#: Events that are looked at at once.
MOST_EVENTS = 5000


@dataclass(frozen=True, kw_only=True, slots=True)
class Points:
    """Values of the primary metric that one trial's attempt logged."""

    trial: int
    attempt: int
    #: Interval of the first of them.
    first: int
    #: May be non-finite.
    values: list[float]
    #: The script's own step of each, where it gave one, and the wall time.
    steps: list[float | None]
    times: list[float | None]


@dataclass(frozen=True, kw_only=True, slots=True)
class Change:
    """What happened in the events after `after` up to `seq`."""

    after: int
    seq: int
    #: The trials that changed, as they are now.
    rows: list[TrialRow] = field(default_factory=list)
    points: list[Points] = field(default_factory=list)
    #: Interval → what the policy held a trial against there, by the last of these verdicts.
    thresholds: dict[int, float] = field(default_factory=dict)
    #: Whether more than the trials changed: the sweep's status, notes, requests.
    is_sweep: bool = False


def change_since(folder: Path, spec: SweepSpec, after: int) -> Change | None:
    """The change after event `after`, of the next 5,000 events at most; None where nothing happened."""
    try:
        with SweepReader(folder) as reader, reader.snapshot():
            events = reader.events(after, MOST_EVENTS)
            return _change(reader, folder, spec, after, events) if events else None
    except NotFoundError:
        return None


def _change(reader: SweepReader, folder: Path, spec: SweepSpec, after: int, events: list[Event]) -> Change:
    #: Trial → number of the first record that was logged since.
    logged: dict[tuple[int, int], int] = {}
    numbers: dict[int, None] = {}
    is_sweep = False
    for event in events:
        trial = event.body.get("trial") if event.kind is Kind.REQUESTED else event.trial
        is_sweep = is_sweep or event.trial is None
        if trial is None:
            continue
        numbers[trial] = None
        if event.kind is Kind.LOGGED:
            with taking_in(event, folder / FILE):
                logged.setdefault((trial, event.attempt or 1), event.body["first"])
    found = [reader.row("trial", number=number) for number in numbers]
    rows = [trial_row(row, spec, folder) for row in found if row is not None]
    found_points = [
        _points(reader, spec.metric.name, row, logged[row.number, row.attempt])
        for row in rows
        if spec.metric is not None and (row.number, row.attempt) in logged
    ]
    points = [each for each in found_points if each]
    held = _thresholds(reader, points)
    return Change(after=after, seq=events[-1].seq, rows=rows, points=points, thresholds=held, is_sweep=is_sweep)


def _thresholds(reader: SweepReader, points: list[Points]) -> dict[int, float]:
    found: dict[int, float] = {}
    for each in points:
        key = {"trial": each.trial, "attempt": each.attempt, "first": each.first}
        for row in reader.rows("thresholds_since", **key):
            value = from_json_number(row["threshold"])
            if value is not None:
                found[row["interval"]] = value
    return found


def _points(reader: SweepReader, metric: str, row: TrialRow, first: int) -> Points | None:
    """The values of the trial's attempt from record `first` on; None where these are none of the primary metric."""
    key = {"name": metric, "trial": row.number, "attempt": row.attempt}
    rows = reader.rows("values_since", first=first, **key)
    if not rows:
        return None
    return Points(
        trial=row.number,
        attempt=row.attempt,
        first=row.intervals - len(rows) + 1,  # they are its last ones
        values=[float(each["value"]) if each["special"] is None else float(each["special"]) for each in rows],
        steps=[each["step"] for each in rows],
        times=[each["at"] for each in rows],
    )
