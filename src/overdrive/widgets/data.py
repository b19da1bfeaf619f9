"""What Azure's widget is made of: `get_widget_data()`, the same keys from what is known here."""

from typing import Any

from overdrive.records import as_json_number
from overdrive.records import show_number
from overdrive.views import CurvePoint
from overdrive.views import SweepView
from overdrive.views import TrialRow
from overdrive.views import iso_time


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
        "duration": "" if seconds is None else f"{seconds // 3600}:{seconds // 60 % 60:02}:{seconds % 60:02}",
        "hyperdrive_id": sweep,
        "arguments": row.arguments,
        **{f"param_{name}": value for name, value in row.configuration.items()},
    }


def metric_series(view: SweepView) -> dict[str, Any]:
    """Metric name → a line for each trial.

    Where every trial logged the primary metric once, points and the best so far.
    """
    metric = view.spec.metric
    series = {name: _lines(view, view.curves(name)) for name in view.metric_names()}
    curves = view.curves()
    if metric and curves and all(len(curve) == 1 for curve in curves.values()):
        series[metric.name] = _points(view, curves)
    longest = max((len(curve) for curve in curves.values()), default=0)
    return {
        "categories": list(range(longest)),
        "series": series,
        "primaryMetricName": metric.name if metric else None,
        "showLegend": False,
    }


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


def _points(view: SweepView, curves: dict[int, list[CurvePoint]]) -> list[dict[str, Any]]:
    metric = view.spec.metric
    if metric is None:
        return []
    best, so_far = None, []
    for number in sorted(curves):
        value = curves[number][0].value
        best = value if metric.is_better(value, best) else best
        so_far.append(as_json_number(best))
    numbers = sorted(curves)
    word = "max" if metric.sign > 0 else "min"
    return [
        {
            "categories": numbers,
            "data": [as_json_number(curves[number][0].value) for number in numbers],
            "mode": "markers",
            "type": "scatter",
            "name": metric.name,
            "stepped": False,
        },
        {"categories": numbers, "data": so_far, "mode": "lines", "name": f"{metric.name}_{word}", "stepped": True},
    ]


def log_text(view: SweepView) -> str:
    """The engine's notes, a line each."""
    return "\n".join(f"[{iso_time(note.at)}] {note.text}" for note in view.notes())


def run_metrics(view: SweepView, number: int) -> list[dict[str, Any]]:
    """[{name, run_id, categories, data}] of what one trial logged."""
    found = []
    for name, value in view.metrics(number).items():
        values = value if isinstance(value, list) else [value]
        data = [as_json_number(each) if isinstance(each, float) else each for each in values]
        found.append(
            {"name": name, "run_id": view.id, "categories": list(range(len(data))), "series": [{"data": data}]}
        )
    return found


def headline(view: SweepView) -> str:
    """One line: status, counts, the best so far."""
    best = view.best()
    metric = view.spec.metric
    tail = f"; best {metric.name} {show_number(best.best)} by trial {best.number}" if best and metric else ""
    return f"{view.azure_status}: {view.counts().sentence()}{tail}"
