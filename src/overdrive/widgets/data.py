"""What Azure's widget is made of: `get_widget_data()`, the same keys from what is known here."""

from typing import Any

from overdrive.records import PrimaryMetric
from overdrive.records import as_json_number
from overdrive.records import show_number
from overdrive.views import CurvePoint
from overdrive.views import SweepView
from overdrive.views import TrialRow
from overdrive.views import iso_time
from overdrive.views.trials import trial_run_id


def child_rows(view: SweepView) -> list[dict[str, Any]]:
    """A dict for each trial, by number: ids, status, times, metric and one `param_<name>` for each hyperparameter.

    `metric` is the trial's own best; `best_metric` the best so far, by number.
    """
    rows, best = [], None
    metric = view.spec.metric
    for row in view.trials():
        if metric and row.best is not None and metric.is_better(row.best, best):
            best = row.best
        rows.append(_child_row(row, view.id, best))
    return rows


def _child_row(row: TrialRow, sweep: str, best: float | None) -> dict[str, Any]:
    seconds = None if row.duration_s is None else int(row.duration_s)
    return {
        "run_id": row.run_id,
        "run_number": row.number,
        "metric": as_json_number(row.best),
        "best_metric": as_json_number(best),
        "status": row.azure_status,
        "run_type": "azureml.scriptrun",
        "training_percent": None,
        "created_time": iso_time(row.suggested_at),
        "created_time_dt": iso_time(row.suggested_at),
        "start_time": iso_time(row.started_at) or "",
        "end_time": iso_time(row.ended_at) or "",
        "duration": "" if seconds is None else _clock(seconds),
        "hyperdrive_id": sweep.removeprefix("HD_"),
        "arguments": row.arguments,
        **{f"param_{name}": value for name, value in row.configuration.items()},
    }


def metric_series(view: SweepView) -> dict[str, Any]:
    """Metric name → a line for each trial.

    Where every trial logged the primary metric once, points and the best so far of each metric that was logged so.
    """
    metric = view.spec.metric
    found = {name: view.curves(name) for name in view.metric_names()}
    curves = found.get(metric.name, {}) if metric else {}
    are_points = bool(metric) and _is_single(curves)
    longest = max((len(curve) for curve in curves.values()), default=0)
    return {
        "categories": list(range(longest)),
        "series": {
            name: _points(metric, name, each) if metric and are_points and _is_single(each) else _lines(view, each)
            for name, each in found.items()
        },
        "primaryMetricName": metric.name if metric else None,
        "showLegend": False,
    }


def _is_single(curves: dict[int, list[CurvePoint]]) -> bool:
    return bool(curves) and all(len(curve) == 1 for curve in curves.values())


def _lines(view: SweepView, curves: dict[int, list[CurvePoint]]) -> list[dict[str, Any]]:
    ids = {row.number: row.run_id for row in view.trials()}
    return [
        {
            "run_id": ids[number],
            "name": ids[number],
            "data": [as_json_number(point.value) for point in curve],
            "mode": "lines",
            "stepped": False,
        }
        for number, curve in curves.items()
        if number in ids
    ]


def _points(metric: PrimaryMetric, name: str, curves: dict[int, list[CurvePoint]]) -> list[dict[str, Any]]:
    """Each trial's only value, and the best so far by the primary metric's goal."""
    best, so_far = None, []
    for number in sorted(curves):
        value = curves[number][0].value
        best = value if metric.is_better(value, best) else best
        so_far.append(as_json_number(best))
    numbers = sorted(curves)
    word = "max" if metric.sign > 0 else "min"
    common = {"categories": numbers, "type": "scatter"}
    values = [as_json_number(curves[number][0].value) for number in numbers]
    return [
        {**common, "data": values, "mode": "markers", "name": name, "stepped": False},
        {**common, "data": so_far, "mode": "lines", "name": f"{name}_{word}", "stepped": True},
    ]


def best_children(view: SweepView) -> list[dict[str, Any]]:
    """The sweep's own metric in Azure: a table with a row for each trial that was the best when it ended, and that of
    the best again, as final, when the sweep has ended; [] while there is none.
    """
    metric, best, found = view.spec.metric, None, []
    ended = [row for row in view.trials() if row.ended_at is not None and row.best is not None]
    for row in sorted(ended, key=lambda row: (row.ended_at, row.number)):
        if metric and row.best is not None and metric.is_better(row.best, best):
            best = row.best
            found.append(row)
    last = view.best()
    if metric is None or not found:
        return []
    rows = [(row, False) for row in found] + ([(last, True)] if view.is_over and last else [])
    table = {
        "metric_name": [metric.name for _ in rows],
        "timestamp": [iso_time(row.ended_at) for row, _ in rows],
        "run_id": [row.run_id for row, _ in rows],
        "metric_value": [row.best for row, _ in rows],
        "final": [is_final for _, is_final in rows],
    }
    name = "best_child_by_primary_metric"
    return [{"name": name, "run_id": view.id, "categories": [0], "series": [{"data": [table]}]}]


def run_facts(view: SweepView, details: dict[str, Any], tags: dict[str, str]) -> dict[str, Any]:
    """`get_details()`, and the same by the names that Azure's widget has for it."""
    seconds = int(view.run_time_s)
    return {
        **details,
        "run_id": view.id,
        "created_utc": iso_time(view.created_at),
        "end_time_utc": iso_time(view.ended_at),
        "tags": tags,
        "log_files": details["logFiles"],
        "log_groups": [[name] for name in details["logFiles"]],
        "run_duration": _clock(seconds),
        "hyper_parameters": dict(view.spec.space),
    }


def _clock(seconds: int) -> str:
    return f"{seconds // 3600}:{seconds // 60 % 60:02}:{seconds % 60:02}"


def log_text(view: SweepView) -> str:
    """The course of the sweep, a line each, by time: when each trial began, how it ended, the engine's notes."""
    said = [(note.at, note.text) for note in view.notes()]
    for row in view.trials():
        said += [(row.started_at, f"{row.run_id} started")] if row.started_at is not None else []
        said += [(row.ended_at, f"{row.run_id} ended: {row.why or row.word}")] if row.ended_at is not None else []
    if view.ended_at is not None:
        said.append((view.ended_at, f"{view.azure_status}: {view.reason}"))
    return "\n".join(f"[{iso_time(at)}] {text}" for at, text in sorted(said, key=lambda pair: pair[0]))


def run_metrics(view: SweepView, number: int) -> list[dict[str, Any]]:
    """[{name, run_id, categories, series: [{data}]}] of what one trial logged."""
    found, run_id = [], trial_run_id(view.spec, number)
    for name, value in view.metrics(number).items():
        values = value if isinstance(value, list) else [value]
        data = [as_json_number(each) if isinstance(each, float) else each for each in values]
        found.append({"name": name, "run_id": run_id, "categories": list(range(len(data))), "series": [{"data": data}]})
    return found


def headline(view: SweepView) -> str:
    """One line: status, counts, the best so far."""
    best = view.best()
    metric = view.spec.metric
    tail = f"; best {metric.name} {show_number(best.best)} by trial {best.number}" if best and metric else ""
    return f"{view.azure_status}: {view.counts().sentence()}{tail}"
