"""A sweep as its page in a browser takes it: the same from Studio's server, in an exported file and in a notebook."""

from collections.abc import Callable
from typing import Any

from overdrive.host import clock
from overdrive.store import read_mailbox
from overdrive.views.columns import curve_columns
from overdrive.views.columns import thresholds
from overdrive.views.columns import trial_columns
from overdrive.views.columns import trials_from
from overdrive.views.export import known_facts
from overdrive.views.following import Change
from overdrive.views.following import change_since
from overdrive.views.reduce import stretches
from overdrive.views.situation import is_starting
from overdrive.views.strict import strict_json
from overdrive.views.sweep import SweepView
from overdrive.views.trials import TrialRow

#: Least time between two heads, seconds, unless something happened to the sweep itself.
_HEAD_S = 0.5
#: Notes that a page gets: the last ones. A sweep of a month may have ten thousand.
_NOTES = 20
#: Logged values whose curves a page begins with: as many as can be read while the page itself is.
_FIRST_VALUES = 15_000


class Told:
    """What pages that know the sweep up to an event are to be told, look by look."""

    def __init__(self, view: SweepView, seq: int) -> None:
        self._view = view
        self._seq = seq
        self._head = ""
        self._head_due = 0.0

    def next(self) -> dict[str, Any] | None:
        """The change since the last look (see `change_json`): the trials that changed, and the head where it changed by
        more than the clock; None where nothing did.
        """
        change = change_since(self._view.folder, self._view.spec, self._seq)
        head = self._new_head(change)
        if change is None and head is None:
            return None
        change = change or Change(after=self._seq, seq=self._seq)
        self._seq = change.seq
        return change_json(self._view, change, head)

    def _new_head(self, change: Change | None) -> dict[str, object] | None:
        """The head, if it is time for it and more changed than the clock; its making is to cost a twentieth at most."""
        now = clock.monotonic()
        is_event = change is not None and change.is_sweep
        if (change is None and self._view.is_over) or (now < self._head_due and not is_event):
            return None
        head = sweep_head(self._view)
        self._head_due = now + max(_HEAD_S, 20 * (clock.monotonic() - now))
        known = strict_json({**head, "now": 0, "run_time_s": 0, "seconds_left": 0}, indent=None)
        is_same, self._head = known == self._head, known
        return None if is_same else head


def sweep_head(view: SweepView) -> dict[str, object]:
    """A sweep without its trials, as of the last event."""
    view = view.still()
    facts = view.facts()
    rows = view.trials()
    best, notes = view.best(), view.notes()
    return {
        "seq": facts.seq,
        "now": clock.wall(),
        "id": view.id,
        **known_facts(view),
        "is_over": view.is_over,
        "created_at": view.created_at,
        "started_at": min((row.started_at for row in rows if row.started_at is not None), default=None),
        "ended_at": facts.ended_at,
        "run_time_s": view.run_time_s,
        "seconds_left": view.eta(),
        "has_engine": view.engine().alive,
        "metrics": view.metric_names(),
        "saved": view.saved(),
        "best": _best(best) if best else None,
        "notes": [{"about": note.about, "text": note.text, "at": note.at} for note in notes[-_NOTES:]],
        "notes_before": max(0, len(notes) - _NOTES),
        "can": _possible(view),
    }


def curves_of(view: SweepView, metric: str, **asked: Any) -> dict[str, object]:
    """`curve_columns` of the sweep."""
    return curve_columns(view.folder, metric, **asked)


def sweep_opening(
    view: SweepView, most_trials: int, most_curves: int, read_curves: Callable[..., dict[str, object]] = curves_of
) -> dict[str, object]:
    """What a page on a sweep begins with, in one piece, so that its first chart waits for one answer.

    'head' (see `sweep_head`); 'trials', the first ones (see `trials_from`); 'metric', the one that is drawn first: the
    primary one, or where no trial has logged that the first by name, '' where nothing was logged; 'curves', its first
    ones by interval, of `most_curves` trials at most (see `curve_columns`; read by `read_curves`); 'thresholds'.
    """
    view = view.still()
    head = sweep_head(view)
    trials = trials_from(view, -1, most_trials)
    metric = _first_metric(view)
    curves = read_curves(view, metric, buckets=stretches(view.size), most=(most_curves, _FIRST_VALUES))
    return {
        "head": head,
        "trials": trials,
        "metric": metric,
        "curves": curves,
        "thresholds": thresholds_of(view),
    }


def _first_metric(view: SweepView) -> str:
    names, primary = view.metric_names(), view.spec.metric.name if view.spec.metric else ""
    return primary if primary in names or not names else names[0]


def thresholds_of(view: SweepView) -> dict[str, list]:
    """What the policy held trials against, by interval: see `thresholds`."""
    step = (view.spec.policy.get("properties") or {}).get("evaluation_interval")
    return thresholds(view.folder, step if isinstance(step, int) and step > 0 else 1)


def _best(row: TrialRow) -> dict[str, object]:
    state = (row.outcome or row.status).value
    return {"trial": row.number, "value": row.best, "configuration": row.configuration, "state": state}


def _possible(view: SweepView) -> list[str]:
    """What may be asked of the sweep now."""
    asked = {request.kind for _, request in read_mailbox(view.folder) if request}
    found = []
    if not view.is_over and not view.is_cancelling and "cancel" not in asked:
        found.append("cancel")
    if (
        "resume" not in asked
        and not view.spent_sentence
        and (view.is_over or not (view.engine().alive or is_starting(view)))
    ):
        found.append("resume")
    if view.best() is not None or view.spec.kind == "run":
        found.append("again")
    return found


def change_json(view: SweepView, change: Change, head: dict[str, object] | None) -> dict[str, Any]:
    """A change as pages take it in (the schema's SweepChange)."""
    points = [
        {
            "trial": each.trial,
            "attempt": each.attempt,
            "first": each.first,
            "values": each.values,
            "steps": each.steps,
            "times": each.times,
        }
        for each in change.points
    ]
    columns = {"seq": change.seq, **trial_columns(change.rows, list(view.spec.space))}
    held = {"interval": list(change.thresholds), "threshold": list(change.thresholds.values())}
    common = {"after": change.after, "seq": change.seq, "trials": columns}
    return {**common, "points": points, "thresholds": held, "head": head}
