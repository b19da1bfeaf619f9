"""Many trials and their curves by columns: what tables and charts of thousands of trials take at once."""

import base64
from array import array
from collections.abc import Sequence
from pathlib import Path

from overdrive.errors import NotFoundError
from overdrive.records import as_json_number
from overdrive.records import from_json_number
from overdrive.store import SweepReader
from overdrive.views.curves import last_attempt
from overdrive.views.reduce import reduce_curve
from overdrive.views.sweep import SweepView
from overdrive.views.trials import TrialRow

#: What the x axis of a curve counts → the query that reads its values.
_QUERIES = {"interval": "values_of_trial", "step": "values_and_steps_of_trial", "time": "values_and_times_of_trial"}
AXES = tuple(_QUERIES)
#: More than any number of trials, of values, and of rows.
_NO_END = 2**62
#: Columns that are attributes of a trial, under the same names.
_PLAIN = ("number", "attempt", "best_interval", "intervals", "started_at", "ended_at", "duration_s")


def trial_columns(rows: Sequence[TrialRow], names: Sequence[str]) -> dict[str, object]:
    """Column → one value a trial, in the order of `rows`; hyperparameters under 'configuration' by name.

    'state' is the outcome, or the status while there is none; 'why' its sentence. Non-finite numbers are words.
    """
    columns: dict[str, object] = {name: [getattr(row, name) for row in rows] for name in _PLAIN}
    columns["best"] = [as_json_number(row.best) for row in rows]
    columns["last"] = [as_json_number(row.last) for row in rows]
    columns["state"] = [(row.outcome or row.status).value for row in rows]
    columns["why"] = [row.why for row in rows]
    configurations = [row.configuration for row in rows]
    columns["configuration"] = {name: [each.get(name) for each in configurations] for name in names}
    return columns


def trials_from(view: SweepView, after: int, limit: int) -> dict[str, object]:
    """'seq', the last event's sequence number, and the columns of the first `limit` trials with numbers above `after`
    (-1: from the first).
    """
    seq = view.facts().seq  # before the trials: what happens meanwhile comes once more
    return {"seq": seq, **trial_columns(view.stored_trials(after, limit), list(view.spec.space))}


def curve_columns(
    folder: Path,
    metric: str,
    first: int = 0,
    last: int | None = None,
    *,
    buckets: int,
    axis: str = "interval",
    most: tuple[int, int] | None = None,
    only: Sequence[int] | None = None,
) -> dict[str, object]:
    """The curves of trials first … last (None: of all from `first` on), each reduced to `buckets` stretches, in one
    piece: see `reduce_curve`.

    'trial', 'count' (values logged) and 'kept' (points here) have an item a trial that has values; 'x' and 'y' hold
    all points one after the other, as little-endian float64 in base64 (which can say NaN, unlike JSON, and every value
    as it was logged). axis:
    'interval', 'step' (points without one lie at their interval) or 'time' (seconds since the trial's first value).
    most: curves, and logged values, after which the piece ends (None: it holds all trials); 'next' is the first trial
    behind it, None where that is all. only: the numbers of the trials, in place of first … last.
    """
    trials, counts, kept = [], [], []
    xs, ys = array("d"), array("d")
    following, (most_curves, most_values) = None, most or (_NO_END, _NO_END)
    try:
        with SweepReader(folder) as reader, reader.snapshot():
            end = _NO_END if last is None else last
            spans = [(first, end)] if only is None else [(number, number) for number in sorted(set(only))]
            limit = min(_NO_END, most_curves + 1)
            rows = (
                row for low, high in spans for row in reader.rows("attempts_between", first=low, last=high, limit=limit)
            )
            read = 0
            for at, (number, attempt) in enumerate(rows):
                if at >= most_curves or read >= most_values:
                    following = number
                    break
                # Trial by trial, so that few rows are in memory at once.
                x, y = _points(reader, metric, number, attempt, axis)
                if not y:
                    continue
                reduced = reduce_curve(x, y, buckets)
                trials.append(number)
                counts.append(len(y))
                read += len(y)
                kept.append(len(reduced.y))
                xs.extend(reduced.x)
                ys.extend(reduced.y)
    except NotFoundError:
        pass  # nothing has been logged yet
    return {"trial": trials, "count": counts, "kept": kept, "x": pack(xs), "y": pack(ys), "next": following}


def thresholds(folder: Path, step: int = 1) -> dict[str, list]:
    """'interval' and 'threshold': what the last verdict at each interval held its trial against.

    step: the policy's evaluation_interval. With a smaller one more is read, and the same comes out: attempts are read
    the latest first, and not at all where all of their intervals have later verdicts already.
    """
    #: By interval, event and threshold of its last verdict.
    events: list[int] = []
    held: list[float | None] = []
    try:
        with SweepReader(folder) as reader, reader.snapshot():
            judged = [row for row in reader.rows("judged") if row["seq"] is not None]
            longest = max((row["last"] for row in judged), default=0) + 1
            events, held = [0] * longest, [None] * longest
            for trial, attempt, first, last, seq in judged:
                if min(events[first : last + 1 : step]) > seq:
                    continue
                for interval, threshold, at in reader.rows("thresholds_of", trial=trial, attempt=attempt):
                    if events[interval] < at:
                        events[interval], held[interval] = at, from_json_number(threshold)
    except NotFoundError:
        pass  # nothing has been judged yet
    order = [interval for interval, at in enumerate(events) if at]
    return {"interval": order, "threshold": [held[interval] for interval in order]}


def pack(values: "array[float]") -> str:
    """An array's numbers as base64 text: float64 of an array of type 'd', float32 of one of type 'f'."""
    return base64.b64encode(values.tobytes()).decode("ascii")


def _points(
    reader: SweepReader, metric: str, trial: int, attempt: int, axis: str
) -> tuple[Sequence[float], Sequence[float]]:
    """x and y of one trial's curve. The usual case, one attempt, builds no point objects."""
    rows = reader.rows(_QUERIES[axis], name=metric, trial=trial)
    if not rows:
        return (), ()
    if rows[0][0] == attempt == rows[-1][0]:
        _, values, specials, *places = zip(*rows, strict=True)
        if None in values:
            values = [
                value if special is None else float(special) for value, special in zip(values, specials, strict=True)
            ]
        return axis_positions(places[0] if places else (), len(values), axis), values
    curve = last_attempt(reader.rows("curve", name=metric, trial=trial), attempt)
    places = [point.at if axis == "time" else point.step for point in curve]
    return axis_positions(places, len(curve), axis), [point.value for point in curve]


def axis_positions(places: Sequence[float | None], count: int, axis: str) -> Sequence[float]:
    """x of each of `count` points, given the step of each ('step') or its wall time ('time')."""
    if axis == "step":
        return [k if step is None else step for k, step in enumerate(places, 1)]
    if axis == "time":
        start = next((at for at in places if at is not None), 0.0)
        return [0.0 if at is None else at - start for at in places]
    return range(1, count + 1)
