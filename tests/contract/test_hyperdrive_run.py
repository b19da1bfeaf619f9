"""A finished sweep by Azure's names, row by row: HyperDriveRun's members, Run's, the widget, what scripts rely on.

One real sweep for all rows. Facts from azureml-core 1.61, azureml-train-core 1.62, azureml-widgets 1.62, and what
public scripts take for granted. Types, fields and values are tested, never the wording.
"""

import ast
import inspect
import json
import math
import types
from collections.abc import Callable
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from overdrive.compat import azureml
from overdrive.compat.azureml import Experiment
from overdrive.compat.azureml import HyperDriveConfig
from overdrive.compat.azureml import HyperDriveRun
from overdrive.compat.azureml import Run
from overdrive.compat.azureml import ScriptRunConfig
from overdrive.compat.azureml import Workspace
from overdrive.compat.azureml import choice

TRAIN = """
import argparse, json, os, sys
from azureml.core import Experiment, Workspace
from azureml.core import Run
from azureml.core.run import _OfflineRun

run = Run.get_context()  # at import time, as many scripts do
parser = argparse.ArgumentParser()
parser.add_argument("--kind")
parser.add_argument("--depth", type=int)
parser.add_argument("--C", type=float)
args = parser.parse_args()
open("outputs/model.pkl", "w").write(args.kind)
open("logs/note.txt", "w").write("note")
open("helper.txt", "a").write("changed")
facts = {
    "again": Run.get_context() is run,
    "offline": isinstance(run, _OfflineRun) or run.id.startswith("OfflineRun"),
    "id": run.id,
    "workspace": run.experiment.workspace.name,
    "experiment": run.experiment.name,
    "parent": run.parent.id,
    "cwd": sorted(os.listdir(".")),
    "argv": sys.argv[1:],
    "variables": sorted(name for name in os.environ if name.startswith("AZUREML_")),
}
json.dump(facts, open("outputs/facts.json", "w"))
print("training", args.kind, args.depth, args.C)
if args.kind == "silent":
    sys.exit()
score = {"good": 0.75, "zero": 0.0, "fail": 0.875}[args.kind]
run.log("Accuracy", score)
if args.kind == "fail":
    sys.exit("out of luck")
run.log("Max iterations:", 20)
run.log("nothing", None)
run.log("report", "precision\\nrecall")
for step in (0.1, 0.2):
    run.log("loss", step)
run.log_list("list", [1, 2])
run.log_list("one", [3])
run.log_row("row", x=1)
run.log_row("rows", x=1)
run.log_row("rows", x=2, y=3)
run.log_table("table", {"x": [1, 2]})
run.tag("from", "script")
if score == 0.75:
    run.parent.tag("winner", args.kind)
    run.parent.add_properties({"told by": run.id})
run.log_confusion_matrix("matrix", {"schema_type": "confusion_matrix", "data": {"matrix": [[1]]}})
run.complete()
run.log("after", 1)
"""


@pytest.fixture(scope="module")
def sweep(tmp_path_factory: pytest.TempPathFactory) -> Iterator[HyperDriveRun]:
    """Four trials: a good one, one whose best value is 0, one that fails with the best value, one without a value."""
    home = tmp_path_factory.mktemp("rows")
    (home / "source").mkdir()
    (home / "source" / "train.py").write_text(TRAIN)
    (home / "source" / "helper.txt").write_text("ours")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HOME", str(home))
        patch.setenv("OVERDRIVE_RUNTIME", str(home / "runtime"))
        patch.setenv("OVERDRIVE_SLOTS", "2")
        patch.setenv("OVERDRIVE_WORKSPACE", str(home / "ws"))
        patch.chdir(home)
        config = HyperDriveConfig(
            run_config=ScriptRunConfig(str(home / "source"), "train.py", ["--C", 9, "--C", "8"]),
            hyperparameter_sampling=azureml.GridParameterSampling(
                {"kind": choice("good", "zero", "fail", "silent"), "--depth": choice(33.0), "--C": choice(0.1)}
            ),
            primary_metric_name="Accuracy",
            primary_metric_goal=azureml.PrimaryMetricGoal.MAXIMIZE,
            max_total_runs=40,
            policy=azureml.MedianStoppingPolicy(delay_evaluation=5),
            resume_child_runs=[],
        )
        run = Experiment(Workspace.from_config(), "rows").submit(config, tags={"n": 3})
        run.wait_for_completion(show_output=True)
        yield run


@pytest.fixture
def child(sweep: HyperDriveRun) -> Run:
    return Run(sweep.experiment, f"{sweep.id}_0")


def of(sweep: HyperDriveRun, number: int) -> Run:
    return Run(sweep.experiment, f"{sweep.id}_{number}")


# 1.6 HyperDriveRun

#: Member → what it gives, as a question that the sweep answers.
MEMBERS: list[tuple[str, Callable[[Any], object]]] = [
    ("hyperdrive_config", lambda run: type(run.hyperdrive_config) is HyperDriveConfig),
    ("RUN_TYPE", lambda run: run.RUN_TYPE == run.type == "hyperdrive"),
    ("id", lambda run: run.id.startswith("HD_") and len(run.id) == len("HD_") + 36),
    ("number", lambda run: isinstance(run.number, int)),
    ("status", lambda run: run.status == run.get_status() == "Completed"),
    ("parent", lambda run: run.parent is None),
    ("experiment", lambda run: run.experiment.name == "rows"),
    ("cancel", lambda run: run.cancel() is False),
    ("get_tags", lambda run: run.get_tags()["n"] == "3"),
    ("get_properties", lambda run: run.get_properties() == run.properties),
    ("get_portal_url", lambda run: run.get_portal_url().startswith("file:")),
    ("get_file_names", lambda run: run.get_file_names() == ["azureml-logs/hyperdrive.txt"]),
    ("get_children", lambda run: isinstance(run.get_children(), types.GeneratorType)),
    ("get_detailed_status", lambda run: set(run.get_detailed_status()) == {"status", "details"}),
    ("display_name", lambda run: run.display_name and run.name),
    ("get_snapshot_id", lambda run: run.get_snapshot_id()),
    ("get_metrics", lambda run: set(run.get_metrics()) == {f"{run.id}_{n}" for n in (0, 1, 2)}),
    ("get_details_with_logs", lambda run: "azureml-logs/hyperdrive.txt" in run.get_details_with_logs()["logFiles"]),
]


@pytest.mark.parametrize(("name", "question"), MEMBERS, ids=[row[0] for row in MEMBERS])
def test_members_of_a_sweep(name: str, question: Callable[[Any], object], sweep: HyperDriveRun) -> None:
    assert question(sweep)


@pytest.mark.parametrize(
    ("flags", "number"),
    [
        ({}, 2),
        ({"include_failed": False}, 0),
        ({"include_failed": False, "include_canceled": False}, 0),
        ({"include_failed": False, "include_canceled": False, "include_resume_from_runs": False}, 0),
    ],
)
def test_best_run(flags: dict[str, bool], number: int, sweep: HyperDriveRun) -> None:
    best = sweep.get_best_run_by_primary_metric(**flags)
    assert type(best) is Run
    assert best.id == f"{sweep.id}_{number}"


@pytest.mark.parametrize(
    ("arguments", "numbers"),
    [
        ({}, [2, 0, 1, 3]),
        ({"reverse": True}, [1, 0, 2, 3]),
        ({"discard_no_metric": True}, [2, 0, 1]),
        ({"top": 1}, [2]),
        ({"top": 2, "reverse": True}, [1, 0]),
        ({"top": 9}, [2, 0, 1, 3]),
        ({"top": 4, "discard_no_metric": True}, [2, 0, 1]),
    ],
)
def test_sorted_children(arguments: dict, numbers: list[int], sweep: HyperDriveRun) -> None:
    rows = sweep.get_children_sorted_by_primary_metric(**arguments)
    assert [int(row["run_id"].rpartition("_")[2]) for row in rows] == numbers
    for row in rows:
        assert set(row) == {"run_id", "hyperparameters", "best_primary_metric", "status"}
        assert json.loads(row["hyperparameters"])["--depth"] == 33.0
    best = {0: 0.75, 1: 0.0, 2: 0.875, 3: None}
    assert [row["best_primary_metric"] for row in rows] == [best[number] for number in numbers]


@pytest.mark.parametrize("wrong", [{"top": "1"}, {"top": -1}, {"reverse": 1}, {"discard_no_metric": "no"}])
def test_sorted_children_refuse(wrong: dict, sweep: HyperDriveRun) -> None:
    with pytest.raises(azureml.UserErrorException) as caught:
        sweep.get_children_sorted_by_primary_metric(**wrong)
    assert caught.value.field in wrong


@pytest.mark.parametrize("name", ["get_diagnostics", "fail"])
def test_what_a_sweep_does_not_do(name: str, sweep: HyperDriveRun) -> None:
    with pytest.raises(azureml.HyperDriveNotImplementedException):
        getattr(sweep, name)()


@pytest.mark.parametrize("run_id", [3, None, b"HD_1"])
def test_an_id_that_is_no_text(run_id: Any, sweep: HyperDriveRun) -> None:
    with pytest.raises(azureml.HyperDriveConfigException):
        HyperDriveRun(sweep.experiment, run_id)


def test_hyperparameters_are_json_text(sweep: HyperDriveRun) -> None:
    found = sweep.get_hyperparameters()
    assert list(found) == [f"{sweep.id}_{n}" for n in range(4)]
    assert json.loads(found[f"{sweep.id}_1"]) == ast.literal_eval(found[f"{sweep.id}_1"])
    assert json.loads(found[f"{sweep.id}_1"]) == {"kind": "zero", "--depth": 33.0, "--C": 0.1}


def test_a_config_is_rebuilt_from_the_run(sweep: HyperDriveRun) -> None:
    again = HyperDriveRun(sweep.experiment, sweep.id).hyperdrive_config
    assert again._generator_config == {
        "name": "GRID",
        "parameter_space": {
            "kind": ["choice", [["good", "zero", "fail", "silent"]]],
            "--depth": ["choice", [[33.0]]],
            "--C": ["choice", [[0.1]]],
        },
    }
    assert again._policy_config["properties"] == {"evaluation_interval": 1, "delay_evaluation": 5}
    assert again._primary_metric_config == {"name": "Accuracy", "goal": "maximize"}
    assert (again._max_total_runs, again._max_concurrent_runs, again._max_duration_minutes) == (40, 40, 10080)
    assert again.run_config.arguments == ["--C", "9", "--C", "8"]


#: Tag that Azure's service writes on a sweep → its value, from JSON.
TAGS = {
    "generator_config": lambda value: value["name"] == "GRID" and "kind" in value["parameter_space"],
    "primary_metric_config": lambda value: value == {"name": "Accuracy", "goal": "maximize"},
    "policy_config": lambda value: value["name"] == "MedianStopping",
    "max_total_jobs": lambda value: value == 40,
    "max_concurrent_jobs": lambda value: value == 40,
    "max_duration_minutes": lambda value: value == 10080,
    "all_jobs_generated": lambda value: value is True,
    "cancellation_requested": lambda value: value is False,
}


@pytest.mark.parametrize("name", TAGS)
def test_tags_that_azure_writes(name: str, sweep: HyperDriveRun) -> None:
    assert TAGS[name](json.loads(sweep.tags[f"_aml_system_{name}"]))
    assert all(isinstance(text, str) for text in sweep.tags.values())


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("runTemplate", "HyperDrive"),
        ("azureml.runsource", "hyperdrive"),
        ("platform", "AML"),
        ("resume_from", "null"),
        ("resume_child_runs", "null"),
        ("score", "0.875"),
        ("best_metric_status", "Succeeded"),
    ],
)
def test_properties_that_azure_writes(name: str, value: str, sweep: HyperDriveRun) -> None:
    assert sweep.properties[name] == value


def test_best_is_also_a_property(sweep: HyperDriveRun) -> None:
    assert sweep.properties["best_child_run_id"] == f"{sweep.id}_2"
    assert json.loads(sweep.properties["primary_metric_config"])["name"] == "Accuracy"


# 2. Run


@pytest.mark.parametrize(("number", "status"), [(0, "Completed"), (1, "Completed"), (2, "Failed"), (3, "Completed")])
def test_statuses(number: int, status: str, sweep: HyperDriveRun) -> None:
    run = of(sweep, number)
    assert (
        run.get_status() == run.status == run.get_details()["status"] == run.get_detailed_status()["status"] == status
    )


#: What was logged → what get_metrics gives outside.
METRICS = {
    "Accuracy": 0.75,
    "Max iterations:": 20,
    "nothing": None,
    "report": "precision\nrecall",
    "loss": [0.1, 0.2],
    "list": [1, 2],
    "one": 3,
    "row": {"x": 1},
    "rows": {"x": [1, 2], "y": [None, 3]},
    "table": {"x": [1, 2]},
    "matrix": {"schema_type": "confusion_matrix", "data": {"matrix": [[1]]}},
    "after": 1,
}


@pytest.mark.parametrize("name", METRICS)
def test_metrics_from_outside(name: str, child: Run) -> None:
    assert child.get_metrics()[name] == METRICS[name]
    assert child.get_metrics(name) == {name: METRICS[name]}
    assert child.parent.get_metrics()[child.id][name] == METRICS[name]


def test_no_other_metrics(child: Run) -> None:
    assert set(child.get_metrics()) == set(METRICS)
    assert child.get_metrics(recursive=True) == {child.id: METRICS}
    assert child.get_metrics("nowhere") == {}


def test_children_come_newest_first_and_filtered(sweep: HyperDriveRun) -> None:
    assert [run.id for run in sweep.get_children()] == [f"{sweep.id}_{n}" for n in (3, 2, 1, 0)]
    for wanted, numbers in (
        ({"status": "Failed"}, [2]),
        ({"tags": {"from": "script"}}, [1, 0]),
        ({"tags": "from"}, [1, 0]),
        ({"type": "azureml.scriptrun"}, [3, 2, 1, 0]),
        ({"type": "hyperdrive"}, []),
    ):
        assert [run.number for run in sweep.get_children(**wanted)] == numbers  # type: ignore[arg-type]


#: Keys of a child's details, and of a sweep's, which has no runDefinition.
DETAILS = """
    runId target status startTimeUtc endTimeUtc services properties inputDatasets outputDatasets logFiles submittedBy
""".split()
DEFINITION = """
    script command useAbsolutePath arguments sourceDirectoryDataStore framework communicator target dataReferences data
    outputData datacaches jobName maxRunDurationSeconds nodeCount instanceTypes priority credentialPassthrough identity
    environment history spark parallelTask amlCompute kubernetesCompute tensorflow mpi pyTorch hdi docker
    environmentVariables
""".split()


def test_details(sweep: HyperDriveRun, child: Run) -> None:
    assert set(DETAILS) <= set(child.get_details()) and set(DETAILS) <= set(sweep.get_details())
    assert set(DEFINITION) <= set(child.get_details()["runDefinition"])
    assert "runDefinition" not in sweep.get_details()
    json.dumps([sweep.get_details(), child.get_details()])


def test_waiting_gives_the_details_and_raises_for_what_failed(sweep: HyperDriveRun, child: Run) -> None:
    for run in (sweep, child):
        assert run.wait_for_completion() == run.get_details()
    failed = of(sweep, 2)
    with pytest.raises(azureml.ActivityFailedException, match="out of luck"):
        failed.wait_for_completion()
    assert failed.wait_for_completion(raise_on_error=False)["status"] == "Failed"
    assert sweep.get_status() == "Completed", "failed children do not fail the parent"


def test_what_waiting_prints(sweep: HyperDriveRun, child: Run, capsys: pytest.CaptureFixture[str]) -> None:
    sweep.wait_for_completion(show_output=True)
    text = capsys.readouterr().out
    lines = text.splitlines()
    assert lines[0] == f"RunId: {sweep.id}" and lines[1].startswith("Web View: ")
    assert "Streaming azureml-logs/hyperdrive.txt" in text and "Execution Summary" in text
    child.wait_for_completion(show_output=True)
    assert "training good 33 0.1" in capsys.readouterr().out


def test_files(child: Run, sweep: HyperDriveRun, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    names = child.get_file_names()
    assert names == sorted(names) and names[-1] == "outputs/model.pkl"
    assert {"logs/note.txt", "outputs/facts.json", "outputs/model.pkl"} <= set(names)
    child.download_file("outputs/model.pkl")
    child.download_file(names[-1], output_file_path="./folder/")
    child.download_file("outputs/model.pkl", "other.bin")
    for path in ("model.pkl", "folder/model.pkl", "other.bin"):
        assert Path(path).read_text() == "good"
    child.download_files("outputs", "all")
    child.download_files("outputs", "bare", append_prefix=False)
    assert Path("all/outputs/model.pkl").is_file() and Path("bare/model.pkl").is_file()
    logs = child.get_all_logs("logs")
    assert isinstance(logs, list) and all(Path(path).is_file() for path in logs)
    with pytest.raises(azureml.UserErrorException):
        child.download_file("outputs/nothing")


def test_tags_properties_and_names(child: Run) -> None:
    child.tag("bare")
    child.tag("number", 3)
    child.set_tags({"flag": True, "none": None})
    child.add_properties({"depth": 3})
    again = Run(child.experiment, child.id)
    assert {name: again.tags.get(name) for name in ("number", "flag", "from")} == {
        "number": "3",
        "flag": "True",
        "from": "script",
    }
    assert "bare" in again.tags and again.properties["depth"] == "3"
    again.remove_tags(["bare", "number", "flag", "none"])
    assert child.get_tags() == {"from": "script"}
    child.display_name, child.description = "first", "a sentence"
    assert (again.display_name, again.description) == ("first", "a sentence")
    with pytest.raises(azureml.UserErrorException):
        child.add_properties({"depth": 4})


def test_models_of_a_run(child: Run, sweep: HyperDriveRun) -> None:
    """Tags and properties of any type become text: scripts give them metrics and hyperparameters."""
    made = child.register_model(
        model_name="rows",
        model_path="outputs/model.pkl",
        tags=child.get_metrics(),
        properties={"kind": "good", **json.loads(sweep.get_hyperparameters()[child.id])},
    )
    assert (made.name, made.run_id) == ("rows", child.id)
    assert made.tags["Accuracy"] == "0.75" and made.properties["--depth"] == "33.0"
    assert all(isinstance(text, str) for text in (*made.tags.values(), *made.properties.values()))
    assert [model.version for model in azureml.Model.list(sweep.experiment.workspace, "rows")] == [made.version]


def test_what_a_trial_says_of_its_sweep_is_the_sweeps(sweep: HyperDriveRun, child: Run) -> None:
    assert sweep.tags["winner"] == sweep.get_tags()["winner"] == "good"
    assert sweep.properties["told by"] == child.id
    assert "winner" not in child.tags


def test_runs_are_found_by_their_ids(sweep: HyperDriveRun, child: Run) -> None:
    workspace = sweep.experiment.workspace
    assert type(Run.get(workspace, sweep.id)) is type(workspace.get_run(sweep.id)) is HyperDriveRun
    assert type(Run.get(workspace, child.id)) is Run
    assert [run.id for run in Run.list(sweep.experiment)] == [sweep.id]
    assert child.parent == sweep and child.parent.id == sweep.id


@pytest.mark.parametrize(
    ("wanted", "count"),
    [
        ({}, 1),
        ({"type": "hyperdrive"}, 1),
        ({"type": "azureml.scriptrun"}, 0),
        ({"tags": {"n": "3"}}, 1),
        ({"tags": "n"}, 1),
        ({"tags": {"n": "4"}}, 0),
        ({"properties": {"runTemplate": "HyperDrive"}}, 1),
        ({"properties": {"runTemplate": "x"}}, 0),
        ({"include_children": True}, 5),
        ({"include_children": True, "type": "azureml.scriptrun"}, 4),
    ],
)
def test_runs_of_an_experiment(wanted: dict, count: int, sweep: HyperDriveRun) -> None:
    runs = sweep.experiment.get_runs(**wanted)
    assert inspect.isgenerator(runs)
    assert len(list(runs)) == count


@pytest.mark.parametrize(("status", "count"), [(None, 1), ("Completed", 1), ("Failed", 0)])
def test_runs_are_listed_by_their_status(status: str | None, count: int, sweep: HyperDriveRun) -> None:
    assert len(list(Run.list(sweep.experiment, status=status))) == count
    assert len(list(Run.list(sweep.experiment, status="Failed", include_children=True))) == 1


def test_what_a_run_and_an_experiment_answer(sweep: HyperDriveRun, child: Run) -> None:
    assert child.start() is None and child.get_status() == "Completed"  # type: ignore[func-returns-value]
    experiment = sweep.experiment.workspace.experiments["rows"]
    assert repr(experiment) == repr(sweep.experiment) and repr(experiment).startswith("Experiment(Name: rows")
    for refused in (
        lambda: Experiment.delete(sweep.experiment.workspace, "rows"),
        lambda: azureml.RunConfiguration.load(".", "local"),
        lambda: azureml.RunConfiguration().save(".", "local"),
    ):
        with pytest.raises(azureml.UserErrorException) as caught:
            refused()
        assert "\n" not in caught.value.message


# 3. The widget

WIDGET = """
    status workspace_name experiment_name workbench_run_details_uri run_id run_properties child_runs children_metrics
    run_metrics run_logs graph widget_settings loading
""".split()
RUN_PROPERTIES = """
    run_id created_utc properties tags end_time_utc status log_files log_groups run_duration hyper_parameters
""".split()
CHILD_ROW = """
    run_id run_number metric best_metric status run_type training_percent start_time end_time created_time
    created_time_dt duration hyperdrive_id arguments param_kind param_--depth param_--C
""".split()


def test_widget_data(sweep: HyperDriveRun) -> None:
    data = azureml.RunDetails(sweep).get_widget_data()
    assert set(WIDGET) == set(data)
    assert set(RUN_PROPERTIES) <= set(data["run_properties"])
    assert data["run_metrics"][0]["name"] == "best_child_by_primary_metric"
    assert "ended: completed" in data["run_logs"]
    rows = data["child_runs"]
    assert all(set(CHILD_ROW) == set(row) for row in rows), set(rows[0]) ^ set(CHILD_ROW)
    assert [row["param_kind"] for row in rows] == ["good", "zero", "fail", "silent"]
    assert [row["metric"] for row in rows] == [0.75, 0.0, 0.875, None]
    assert [row["best_metric"] for row in rows] == [0.75, 0.75, 0.875, 0.875]
    assert all(row["duration"].count(":") == 2 for row in rows)
    json.dumps(data, allow_nan=False)


def test_curves_of_the_widget(sweep: HyperDriveRun) -> None:
    """Where each child logged the primary metric once: points, and the best so far as steps."""
    found = azureml.RunDetails(sweep).get_widget_data()["children_metrics"]
    assert set(found) == {"categories", "series", "primaryMetricName", "showLegend"}
    points, best = found["series"]["Accuracy"]
    assert (points["mode"], points["type"], points["data"]) == ("markers", "scatter", [0.75, 0.0, 0.875])
    assert (best["name"], best["stepped"], best["data"]) == ("Accuracy_max", True, [0.75, 0.75, 0.875])
    assert [line["data"] for line in found["series"]["loss"]] == [[0.1, 0.2], [0.1, 0.2]]
    assert all(set(line) == {"run_id", "name", "data", "mode", "stepped"} for line in found["series"]["loss"])


def test_widget_of_a_single_run(child: Run) -> None:
    data = azureml.RunDetails(child).get_widget_data()
    assert data["child_runs"] == [] and "training good" in data["run_logs"]
    assert {"Accuracy", "loss"} <= {each["name"] for each in data["run_metrics"]}
    assert {each["run_id"] for each in data["run_metrics"]} == {child.id}


@pytest.mark.parametrize("wrong", ["HD_1", None, 3])
def test_a_widget_of_nothing(wrong: Any) -> None:
    with pytest.raises(ValueError):
        azureml.RunDetails(wrong)


# 7. What scripts rely on without saying so

FACTS: list[tuple[str, Callable[[dict, HyperDriveRun], object]]] = [
    ("the same run twice", lambda facts, sweep: facts["again"]),
    ("not offline", lambda facts, sweep: not facts["offline"]),
    ("its id", lambda facts, sweep: facts["id"] == f"{sweep.id}_0"),
    ("its parent", lambda facts, sweep: facts["parent"] == sweep.id),
    ("its workspace", lambda facts, sweep: facts["workspace"] == sweep.experiment.workspace.name),
    ("its experiment", lambda facts, sweep: facts["experiment"] == "rows"),
    ("the snapshot as folder", lambda facts, sweep: {"train.py", "helper.txt"} <= set(facts["cwd"])),
    ("outputs and logs are there", lambda facts, sweep: {"outputs", "logs"} <= set(facts["cwd"])),
    (
        "duplicates kept, hyperparameters last, dashes added, integral floats bare",
        lambda facts, sweep: facts["argv"] == ["--C", "9", "--C", "8", "--kind", "good", "--depth", "33", "--C", "0.1"],
    ),
    (
        "Azure's variables",
        lambda facts, sweep: {"AZUREML_RUN_ID", "AZUREML_ARM_SUBSCRIPTION"} <= set(facts["variables"]),
    ),
]


@pytest.mark.parametrize(("name", "question"), FACTS, ids=[row[0] for row in FACTS])
def test_what_the_script_met(name: str, question: Callable, sweep: HyperDriveRun, child: Run, tmp_path: Path) -> None:
    child.download_file("outputs/facts.json", str(tmp_path / "facts.json"))
    assert question(json.loads((tmp_path / "facts.json").read_text()), sweep)


def test_arguments_by_both_spellings(child: Run) -> None:
    definition = child.get_details()["runDefinition"]
    assert definition["arguments"] == definition["Arguments"]
    assert definition["Arguments"][-2:] == ["--C", "0.1"]
    assert definition["Arguments"][definition["Arguments"].index("--depth") + 1] == "33"


def test_a_finite_space_ends_early_as_completed(sweep: HyperDriveRun) -> None:
    children = list(sweep.get_children())
    assert len(children) == len({str(run.hyperparameters) for run in children}) == 4
    assert sweep.hyperdrive_config._max_total_runs == 40 and sweep.get_status() == "Completed"


def test_the_source_is_not_written_to(sweep: HyperDriveRun) -> None:
    source = Path(sweep.spec.run.source_directory)
    assert (source / "helper.txt").read_text() == "ours"
    assert not (source / "outputs").exists()


def test_values_are_numbers(child: Run) -> None:
    assert math.isclose(max(child.get_metrics()["loss"]), 0.2)
    assert float(child.get_metrics()["Accuracy"]) == 0.75
