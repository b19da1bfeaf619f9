"""A sweep as its page in a browser takes it: the same from Studio's server, in an exported file and in a notebook."""

from overdrive.host import clock
from overdrive.store import read_mailbox
from overdrive.views.columns import trial_columns
from overdrive.views.following import Change
from overdrive.views.sweep import SweepView


def sweep_head(view: SweepView) -> dict[str, object]:
    """A sweep without its trials, as of the last event that the view has taken in."""
    spec, facts = view.spec, view.facts()
    rows = view.trials()
    best = view.best()
    return {
        "seq": facts.seq,
        "now": clock.wall(),
        "id": view.id,
        "experiment": spec.experiment,
        "kind": spec.kind,
        "status": view.azure_status,
        "is_over": view.is_over,
        "reason": view.reason,
        "folder": str(view.folder),
        "created_at": view.created_at,
        "started_at": min((row.started_at for row in rows if row.started_at is not None), default=None),
        "ended_at": facts.ended_at,
        "run_time_s": view.run_time_s,
        "seconds_left": view.eta(),
        "has_engine": view.engine().alive,
        "metric": spec.metric.to_json() if spec.metric else None,
        "metrics": view.metric_names(),
        "space": spec.space,
        "sampling": spec.sampling,
        "policy": spec.policy,
        "seed": spec.seed,
        "max_total_runs": spec.max_total_runs,
        "max_concurrent_runs": spec.max_concurrent_runs,
        "max_duration_minutes": spec.max_duration_minutes,
        "tags": spec.tags,
        "counts": view.counts().to_json(),
        "intervals": view.intervals(),
        "saved": view.saved(),
        "best": {"trial": best.number, "value": best.best, "configuration": best.configuration} if best else None,
        "notes": [{"about": note.about, "text": note.text, "at": note.at} for note in view.notes()],
        "can": _possible(view),
    }


def _possible(view: SweepView) -> list[str]:
    """What may be asked of the sweep now."""
    asked = {request.kind for _, request in read_mailbox(view.folder) if request}
    found = []
    if not view.is_over and not view.is_cancelling and "cancel" not in asked:
        found.append("cancel")
    if "resume" not in asked and not view.spent_sentence and (view.is_over or not view.engine().alive):
        found.append("resume")
    if view.best() is not None or view.spec.kind == "run":
        found.append("again")
    return found


def change_json(view: SweepView, change: Change, head: dict[str, object] | None) -> dict[str, object]:
    """The body of a `change` message."""
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
