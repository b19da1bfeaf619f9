"""`get_widget_data()`: what Azure's widget has of a sweep that is new, lives, has ended or has failed."""

import json
from pathlib import Path

from journals import ACCURACY
from journals import WrittenSweep
from journals import sweep_spec

from overdrive.records import Outcome
from overdrive.views import SweepView
from overdrive.views import open_sweep
from overdrive.widgets import data


def view_of(sweep: WrittenSweep) -> SweepView:
    return open_sweep(sweep.folder)


def table_of(sweep: WrittenSweep) -> dict:
    (metric,) = data.best_children(view_of(sweep))
    assert (metric["name"], metric["categories"]) == ("best_child_by_primary_metric", [0])
    (series,) = metric["series"]
    (table,) = series["data"]
    return table


def test_of_a_sweep_without_trials(tmp_path: Path) -> None:
    view = view_of(WrittenSweep(tmp_path / sweep_spec().id))
    assert (data.child_rows(view), data.best_children(view), data.log_text(view)) == ([], [], "")
    assert data.metric_series(view) == {
        "categories": [],
        "series": {},
        "primaryMetricName": ACCURACY.name,
        "showLegend": False,
    }


def test_of_a_sweep_that_lives_and_then_has_ended(tmp_path: Path) -> None:
    sweep = WrittenSweep(tmp_path / sweep_spec().id)
    sweep.run(0, 0.5)
    sweep.run(1, 0.4)
    sweep.start(2)
    sweep.log(2, 0.9)
    table = table_of(sweep)
    assert table["run_id"] == [f"{sweep.spec.id}_0"] and table["final"] == [False], "the best that has ended"
    row = data.child_rows(view_of(sweep))[2]
    assert row["end_time"] == "" and row["best_metric"] == 0.9
    assert f"HD_{row['hyperdrive_id']}" == sweep.spec.id, "without its prefix, as in Azure"
    sweep.end(2)
    sweep.finish()
    table = table_of(sweep)
    assert table["run_id"] == [f"{sweep.spec.id}_{number}" for number in (0, 2, 2)]
    assert (table["metric_value"], table["final"]) == ([0.5, 0.9, 0.9], [False, False, True])
    lines = data.log_text(view_of(sweep)).splitlines()
    assert "_0 started" in lines[0] and lines[-1].endswith("Completed: all trials ended") and len(lines) == 7
    assert len({len(column) for column in table.values()}) == 1
    json.dumps([table, data.child_rows(view_of(sweep))], allow_nan=False)


def test_of_a_sweep_whose_trials_all_failed(tmp_path: Path) -> None:
    sweep = WrittenSweep(tmp_path / sweep_spec().id)
    sweep.run(0, outcome=Outcome.FAILED, reason="exit code 1: no luck")
    sweep.finish("Failed", "all 1 trials failed in the same way")
    view = view_of(sweep)
    assert data.best_children(view) == []
    (row,) = data.child_rows(view)
    assert (row["status"], row["metric"], row["best_metric"]) == ("Failed", None, None)
    assert "ended: exit code 1: no luck" in data.log_text(view)
    facts = data.run_facts(view, {"runId": view.id, "logFiles": {"azureml-logs/hyperdrive.txt": "f"}}, {"a": "b"})
    assert facts["log_groups"] == [["azureml-logs/hyperdrive.txt"]] and facts["hyper_parameters"] == sweep.spec.space
    assert facts["run_duration"].count(":") == 2 and facts["runId"] == facts["run_id"]


def test_what_every_trial_logged_once_is_points(tmp_path: Path) -> None:
    sweep = WrittenSweep(tmp_path / sweep_spec().id)
    for number, value in enumerate((0.5, 0.25)):
        sweep.start(number)
        sweep.log(number, value)
        sweep.log(number, 1 - value, name="loss")
        sweep.log(number, 1.0, 2.0, name="steps")
        sweep.end(number)
    found = data.metric_series(view_of(sweep))["series"]
    for name, values, best in (("accuracy", [0.5, 0.25], [0.5, 0.5]), ("loss", [0.5, 0.75], [0.5, 0.75])):
        points, so_far = found[name]
        assert (points["mode"], points["type"], points["data"]) == ("markers", "scatter", values)
        assert (so_far["name"], so_far["type"], so_far["data"]) == (f"{name}_max", "scatter", best)
    assert [line["mode"] for line in found["steps"]] == ["lines", "lines"]
