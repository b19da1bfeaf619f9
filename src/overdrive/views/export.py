"""A sweep as data for other programs: strict JSON values, flat rows."""

from collections.abc import Iterator

from overdrive.views.listing import SweepSummary
from overdrive.views.sweep import SweepView
from overdrive.views.trials import TrialRow
from overdrive.views.words import iso_time

#: Columns before and behind the hyperparameters.
_HEAD = ("trial", "run_id", "status", "outcome", "azure_status")
_TAIL = (
    "best",
    "best_interval",
    "last",
    "intervals",
    "why",
    "suggested_because",
    "attempt",
    "started_at",
    "ended_at",
    "duration_s",
    "threads",
    "resumed_from",
)


def export_rows(view: SweepView) -> list[dict[str, object]]:
    """One flat row a trial, by number, each with the same keys: what a table or a CSV file takes.

    Hyperparameters stand under `param_<name>`. Times are ISO 8601 in UTC. Missing values are None; `last` may be
    non-finite.
    """
    return [_flat(trial, list(view.spec.space)) for trial in view.trials()]


def row_columns(view: SweepView) -> list[str]:
    """The keys of `export_rows`, also where there is no trial yet."""
    return [*_HEAD, *(f"param_{name}" for name in view.spec.space), *_TAIL]


def _flat(trial: TrialRow, names: list[str]) -> dict[str, object]:
    data = trial_json(trial)
    configuration = trial.configuration
    values = {f"param_{name}": configuration.get(name) for name in names}
    return {**{key: data[key] for key in _HEAD}, **values, **{key: data[key] for key in _TAIL}}


def export_points(view: SweepView) -> Iterator[dict[str, object]]:
    """One flat row a logged number of rank 0, of all trials and names, last attempts only."""
    for name in view.metric_names():
        for number, curve in view.curves(name).items():
            for point in curve:
                yield {
                    "trial": number,
                    "metric": name,
                    "interval": point.interval,
                    "value": point.value,
                    "step": point.step,
                    "at": iso_time(point.at),
                    "is_inherited": point.is_inherited,
                }


def trial_json(row: TrialRow) -> dict[str, object]:
    """One trial, with the names of docs/cli.md. Numbers may be non-finite: `strict_json` turns them into words."""
    return {
        "trial": row.number,
        "run_id": row.run_id,
        "status": row.status.value,
        "outcome": row.outcome.value if row.outcome else None,
        "azure_status": row.azure_status,
        "configuration": row.configuration,
        "best": row.best,
        "best_interval": row.best_interval,
        "last": row.last,
        "intervals": row.intervals,
        "why": row.why,
        "suggested_because": row.reason,
        "attempt": row.attempt,
        "started_at": iso_time(row.started_at),
        "ended_at": iso_time(row.ended_at),
        "duration_s": row.duration_s,
        "threads": row.threads,
        "exit": row.exit.to_json() if row.exit else None,
        "arguments": row.arguments,
        "resumed_from": row.resumed_from,
    }


def known_facts(view: SweepView) -> dict[str, object]:
    """What a sweep is and was asked for, and its status, without times and trials."""
    spec, labels = view.spec, view.labels()
    return {
        "experiment": spec.experiment,
        "kind": spec.kind,
        "status": view.azure_status,
        "reason": view.reason,
        "folder": str(view.folder),
        "metric": spec.metric.to_json() if spec.metric else None,
        "space": spec.space,
        "sampling": spec.sampling,
        "policy": spec.policy,
        "seed": spec.seed,
        "max_total_runs": spec.max_total_runs,
        "max_concurrent_runs": spec.max_concurrent_runs,
        "max_duration_minutes": spec.max_duration_minutes,
        "display_name": labels.display_name,
        "description": labels.description,
        "tags": labels.tags,
        "warnings": [labels.problem] if labels.problem else [],
        "counts": view.counts().to_json(),
        "intervals": view.intervals(),
    }


def sweep_json(view: SweepView) -> dict[str, object]:
    """The sweep without its trials."""
    spec, best, engine = view.spec, view.best(), view.engine()
    return {
        "id": view.id,
        **known_facts(view),
        "created_at": spec.created_at,
        "started_at": iso_time(view.started_at),
        "ended_at": iso_time(view.ended_at),
        "run_time_s": round(view.run_time_s, 3),
        "seconds_left": view.eta(),
        "engine": {"alive": engine.alive, "pid": engine.pid, "host": engine.host},
        "resume_from": list(spec.resume_from),
        "intervals_saved": view.saved(),
        "best": {"trial": best.number, "run_id": best.run_id, "value": best.best, "configuration": best.configuration}
        if best
        else None,
        "notes": [{"about": note.about, "text": note.text, "at": iso_time(note.at)} for note in view.notes()],
    }


def summary_json(summary: SweepSummary) -> dict[str, object]:
    """One line of a list."""
    best = {"trial": summary.best_trial, "value": summary.best, "configuration": summary.best_configuration}
    return {
        "id": summary.id,
        "experiment": summary.experiment,
        "display_name": summary.display_name,
        "kind": summary.kind,
        "status": summary.status,
        "reason": summary.reason,
        "folder": str(summary.folder),
        "created_at": iso_time(summary.created_at),
        "ended_at": iso_time(summary.ended_at),
        "metric": {"name": summary.metric, "goal": summary.goal} if summary.metric else None,
        "counts": summary.counts.to_json(),
        "best": best if summary.best_trial is not None else None,
        "intervals": summary.intervals,
        "intervals_saved": summary.saved,
        "tags": summary.tags,
    }
