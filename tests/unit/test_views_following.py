"""What a live page is sent: changes after an event, curves by columns, slots over time, the spelled configuration."""

import ast
import base64
import dataclasses
import shlex
from array import array
from pathlib import Path
from typing import Any

import pytest
from journals import BANDIT
from journals import WrittenSweep

from overdrive.client.run_spec import build_run_spec
from overdrive.client.sweep_spec import build_sweep_spec
from overdrive.records import Kind
from overdrive.records import MetricRecord
from overdrive.space import parse_expression
from overdrive.store import SweepReader
from overdrive.views import open_sweep
from overdrive.views.browser import sweep_opening
from overdrive.views.columns import curve_columns
from overdrive.views.columns import thresholds
from overdrive.views.following import change_since
from overdrive.views.spelling import as_command_line
from overdrive.views.spelling import as_python
from overdrive.views.timeline import timeline


@pytest.fixture
def sweep(tmp_path: Path) -> WrittenSweep:
    return WrittenSweep(tmp_path / "sweep", policy=BANDIT)


def numbers(text: object) -> list[float]:
    return array("d", base64.b64decode(str(text))).tolist()


def test_changes_come_after_a_cursor(sweep: WrittenSweep) -> None:
    sweep.run(0, 0.5, 0.8)
    first = change_since(sweep.folder, sweep.spec, 0)
    assert first is not None
    assert first.is_sweep
    assert [(each.trial, each.first, each.values) for each in first.points] == [(0, 1, [0.5, 0.8])]
    assert change_since(sweep.folder, sweep.spec, first.seq) is None
    sweep.start(1)
    sweep.log(1, 0.5, 0.7, 0.9)
    second = change_since(sweep.folder, sweep.spec, first.seq)
    assert second is not None
    sweep.log(1, 1.0)
    third = change_since(sweep.folder, sweep.spec, second.seq)
    assert third is not None
    assert (third.after, third.is_sweep, [row.number for row in third.rows]) == (second.seq, False, [1])
    assert [(each.first, each.values) for each in third.points] == [(4, [1.0])]
    assert set(second.thresholds) <= {2, 3}
    assert second.thresholds[2] == pytest.approx(0.8 / 1.2)


def test_a_new_attempt_counts_from_one(sweep: WrittenSweep) -> None:
    sweep.start(0)
    sweep.log(0, 0.1, 0.2)
    sweep.end(0, retry=True)
    before = change_since(sweep.folder, sweep.spec, 0)
    assert before is not None
    sweep.start(0, attempt=2)
    sweep.log(0, 0.3)
    change = change_since(sweep.folder, sweep.spec, before.seq)
    assert change is not None
    assert [(each.attempt, each.first, each.values) for each in change.points] == [(2, 1, [0.3])]
    columns = curve_columns(sweep.folder, "accuracy", 0, 9, buckets=8)
    assert (columns["trial"], columns["count"], numbers(columns["y"])) == ([0], [1], [pytest.approx(0.3)])


def test_an_attempt_that_goes_on_counts_behind_its_checkpoint(sweep: WrittenSweep) -> None:
    def log(attempt: int, *steps: int) -> None:
        records = [MetricRecord(at, "accuracy", step / 10, None, step) for at, step in enumerate(steps)]
        body = {"from": 0, "to": len(steps), "first": 0, "count": len(steps), "bad": 0}
        sweep.add(Kind.LOGGED, 0, attempt, body, records)

    sweep.start(0)
    log(1, 1, 2, 3)
    sweep.end(0, retry=True)
    before = change_since(sweep.folder, sweep.spec, 0)
    assert before is not None
    sweep.start(0, attempt=2)
    log(2, 3, 4)
    change = change_since(sweep.folder, sweep.spec, before.seq)
    assert change is not None
    assert [(each.first, each.values) for each in change.points] == [(3, [0.3, 0.4])]
    assert [point.interval for point in open_sweep(sweep.folder).curve(0)] == [1, 2, 3, 4]


def test_curves_by_columns(sweep: WrittenSweep) -> None:
    sweep.run(0, *[k / 100 for k in range(100)])
    sweep.run(1, 0.5)
    columns = curve_columns(sweep.folder, "accuracy", 0, 9, buckets=5)
    assert (columns["trial"], columns["count"]) == ([0, 1], [100, 1])
    assert len(numbers(columns["y"])) == sum(columns["kept"])  # type: ignore[arg-type, call-overload]
    assert numbers(columns["x"])[-2:] == [100.0, 1.0]
    assert curve_columns(sweep.folder, "accuracy", 1, 1, buckets=5)["trial"] == [1]
    assert numbers(curve_columns(sweep.folder, "accuracy", 1, 1, buckets=5, axis="time")["x"]) == [0.0]
    held = thresholds(sweep.folder)
    assert held["interval"][0] == 2


def test_curves_hold_each_value_as_it_was_logged(sweep: WrittenSweep) -> None:
    values = [0.12345, 16777217.0, 370370367.369, 1e300]
    sweep.run(0, *values)
    assert numbers(curve_columns(sweep.folder, "accuracy", buckets=5)["y"]) == values


def test_many_curves_come_in_pieces(sweep: WrittenSweep) -> None:
    for number in range(4):
        sweep.run(number, 0.5, 0.6, 0.7)
    pieces, first = [], 0
    while first is not None:
        piece = curve_columns(sweep.folder, "accuracy", first, buckets=5, most=(3, 5))
        pieces.append(piece["trial"])
        first = piece["next"]  # type: ignore[assignment]
    assert pieces == [[0, 1], [2, 3]]
    assert curve_columns(sweep.folder, "accuracy", buckets=5, most=(1, 99))["next"] == 1
    assert curve_columns(sweep.folder, "accuracy", 0, 2, buckets=5, most=(3, 99))["next"] is None
    some = curve_columns(sweep.folder, "accuracy", buckets=5, only=[3, 1, 9, 1])
    assert (some["trial"], some["count"], some["next"]) == ([1, 3], [3, 3], None)


def test_a_page_begins_with_enough_for_its_first_charts(sweep: WrittenSweep) -> None:
    for number in range(4):
        sweep.run(number, *[0.5 + number / 10] * 6000)
    found = sweep_opening(open_sweep(sweep.folder), most_trials=2, most_curves=500)
    assert found["head"]["counts"]["done"] == 4 and found["head"]["best"]["trial"] == 3  # type: ignore[index]
    assert found["trials"]["number"] == [0, 1]  # type: ignore[index]
    assert (found["metric"], found["curves"]["trial"], found["curves"]["next"]) == ("accuracy", [0, 1, 2], 3)  # type: ignore[index]
    assert found["thresholds"] == thresholds(sweep.folder)


@pytest.mark.parametrize("step", [1, 2])
def test_thresholds_are_those_of_the_last_verdicts(tmp_path: Path, step: int) -> None:
    policy = {"name": "Bandit", "properties": {**BANDIT["properties"], "evaluation_interval": step}}
    sweep = WrittenSweep(tmp_path / "sweep", policy=policy)
    for trial, length in enumerate([9, 4, 12, 3, 6, 2, 9]):
        sweep.run(trial, *[0.5 + trial / 100 + k / 50 for k in range(length)])
    sweep.start(7)
    sweep.log(7, *[0.4] * 6)
    sweep.end(7, retry=True)
    sweep.start(7, attempt=2)
    sweep.log(7, *[0.45] * 3)
    with SweepReader(sweep.folder) as reader:
        rows = sorted(reader.rows("verdicts"), key=lambda row: row["seq"])
    last = {row["interval"]: row["threshold"] for row in rows if row["threshold"] is not None}
    assert len(last) > 3
    for given in (1, step):
        held = thresholds(sweep.folder, given)
        assert dict(zip(held["interval"], held["threshold"], strict=True)) == last


def test_slots_over_time(sweep: WrittenSweep) -> None:
    sweep.run(0, 0.5)
    sweep.start(1)
    found = timeline(sweep.folder)
    assert (found["trial"], found["slot"]) == ([0, 1], ["0", "0"])
    assert found["end"][0] >= found["start"][0]
    assert found["end"][1] is None


def test_configuration_is_spelled_so_that_it_can_be_run(sweep: WrittenSweep) -> None:
    words = shlex.split(as_command_line(sweep.spec).replace("\\\n", ""))
    assert words[:2] == ["overdrive", "tune"]
    spaces = [words[at + 1] for at, word in enumerate(words) if word == "--space"]
    assert [parse_expression(text.partition("=")[2]).to_json() for text in spaces] == list(sweep.spec.space.values())


@pytest.mark.parametrize("name", ["RANDOM", "SOBOL", "BayesianOptimization"])
def test_configuration_as_python_is_the_same_sweep(sweep: WrittenSweep, tmp_path: Path, name: str) -> None:
    (tmp_path / "train.py").touch()
    run = dataclasses.replace(
        sweep.spec.run, source_directory=str(tmp_path), script="train.py", environment={"A": "b c"}, gpus=1
    )
    spec = dataclasses.replace(
        sweep.spec, run=run, seed=42, max_total_runs=40, sampling={"name": name, "properties": {}}
    )
    namespace: dict[str, Any] = {}
    exec(as_python(spec).partition("run = ")[0], namespace)
    config = namespace["config"]
    again = build_sweep_spec(config, spec.experiment, None, build_run_spec(config.run_config))
    assert (again.space, again.seed, again.sampling["name"]) == (spec.space, 42, name)
    assert (again.policy, again.metric, again.max_total_runs) == (spec.policy, spec.metric, spec.max_total_runs)
    assert (again.run.environment, again.run.gpus) == (run.environment, 1)


def test_no_configuration_from_elsewhere_is_code(sweep: WrittenSweep) -> None:
    attack = "ran.append(1)"
    odd: list[dict[str, Any]] = [
        {"space": {"x": [f"choice; {attack}", [[1, 2]]]}},
        {"space": {f"x'+{attack}+'": ["choice", [[f"'+{attack}+'"]]]}},
        {"policy": {"name": "Bandit", "properties": {f"slack_factor={attack}, a": 1}}},
        {"sampling": {"name": f"RANDOM; {attack}", "properties": {attack: attack}}},
        {"experiment": f"')\n{attack}#"},
        {"max_total_runs": attack},
        {"max_concurrent_runs": attack},
        {"run": dataclasses.replace(sweep.spec.run, gpus=attack, script=f"'{attack}", arguments=(attack,))},  # type: ignore[arg-type]
    ]
    for changes in odd:
        tree = ast.parse(as_python(dataclasses.replace(sweep.spec, **changes)))
        assert "ran" not in {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}, changes
