"""Pipelines of Azure ML's scripts: steps that hand files to each other, a sweep among them."""

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from overdrive.client.find import list_specs
from overdrive.compat import azureml
from overdrive.compat.azureml import ActivityFailedException
from overdrive.compat.azureml import AzureOnlyException
from overdrive.compat.azureml import CommandStep
from overdrive.compat.azureml import Estimator
from overdrive.compat.azureml import EstimatorStep
from overdrive.compat.azureml import Experiment
from overdrive.compat.azureml import HyperDriveConfig
from overdrive.compat.azureml import HyperDriveStep
from overdrive.compat.azureml import HyperDriveStepRun
from overdrive.compat.azureml import Model
from overdrive.compat.azureml import Pipeline
from overdrive.compat.azureml import PipelineData
from overdrive.compat.azureml import PipelineParameter
from overdrive.compat.azureml import PipelineRun
from overdrive.compat.azureml import PythonScriptStep
from overdrive.compat.azureml import ScriptRunConfig
from overdrive.compat.azureml import StepRun
from overdrive.compat.azureml import StepSequence
from overdrive.compat.azureml import TrainingOutput
from overdrive.compat.azureml import UserErrorException
from overdrive.compat.azureml import Workspace
from overdrive.errors import InternalError
from overdrive.errors import NotFoundError
from overdrive.report.datasets import DataPath
from overdrive.report.datasets import Dataset
from overdrive.report.datasets import DatasetConsumptionConfig
from overdrive.report.datasets import Datastore
from overdrive.report.datasets import OutputFileDatasetConfig

#: Seconds that anything here may take.
PATIENCE_S = 60.0

#: Writes its arguments behind the first into the file that the first one names, made with its folder or without.
WRITE = """
import json, os, sys

folder = sys.argv[1]
os.makedirs(folder)
with open(os.path.join(folder, "said.json"), "w") as file:
    json.dump(sys.argv[2:], file)
"""
#: Joins what the steps before have written.
READ = """
import json, os, sys

found = [json.load(open(os.path.join(folder, "said.json"))) for folder in sys.argv[2:]]
with open(sys.argv[1], "w") as file:
    json.dump(found, file)
"""
TRAIN = """
import argparse, json
from azureml.core import Run

parser = argparse.ArgumentParser()
parser.add_argument("--bias", type=float)
parser.add_argument("--slope", type=int)
args = parser.parse_args()
run = Run.get_context()
run.log("score", args.bias + args.slope)
json.dump({"slope": args.slope}, open("outputs/model.json", "w"))
"""
#: Waits for a file of that name, then writes.
GATE = """
import os, sys, time

open("outputs/there", "w").close()
while not os.path.exists(sys.argv[1]):
    time.sleep(0.02)
os.makedirs(sys.argv[2])
"""
KEEP = """
import shutil, sys
from azureml.core import Model, Run
from azureml.pipeline.core.run import PipelineRun
from azureml.pipeline.steps import HyperDriveStepRun

run = Run.get_context()
for pipeline in (run.parent, PipelineRun(run.experiment, run.parent.id)):
    best = HyperDriveStepRun(step_run=pipeline.find_step_run("search")[0]).get_best_run_by_primary_metric()
run.parent.tag("best", best.id)
run.parent.log("best score", best.get_metrics()["score"])
shutil.copy2(sys.argv[1], "model.json")
Model.register(workspace=run.experiment.workspace, model_path="model.json", model_name="kept")
"""


@pytest.fixture
def workspace() -> Iterator[Workspace]:
    found = Workspace()
    yield found
    runs = [found.get_run(spec.id) for _, spec in list_specs(found)]
    for run in runs:
        run.cancel()
    for run in runs:
        run.wait_for_completion(raise_on_error=False)
        wait_until(lambda run=run: not run.view.engine().alive)


@pytest.fixture
def source(tmp_path: Path) -> str:
    folder = tmp_path / "source"
    folder.mkdir()
    for name, text in {"write": WRITE, "read": READ, "train": TRAIN, "keep": KEEP, "fail": "1 / 0"}.items():
        (folder / f"{name}.py").write_text(text)
    (folder / "wait.py").write_text("import time\nopen('outputs/there', 'w').close()\ntime.sleep(600)")
    return str(folder)


def wait_until(condition: Callable[[], Any]) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while not condition():
        assert time.monotonic() < deadline, "it took too long"
        time.sleep(0.02)


def submit(workspace: Workspace, steps: Any, **how: Any) -> PipelineRun:
    return Experiment(workspace, "p").submit(Pipeline(workspace, steps), **how)


def step(source: str, script: str, *arguments: object, **what: Any) -> PythonScriptStep:
    return PythonScriptStep(f"{script}.py", what.pop("name", script), list(arguments), source_directory=source, **what)


def sweep_step(source: str, outputs: list[PipelineData], slopes: list[int], **what: Any) -> HyperDriveStep:
    config = HyperDriveConfig(
        run_config=ScriptRunConfig(source, "train.py", ["--bias", 0.5]),
        hyperparameter_sampling=azureml.GridParameterSampling({"slope": azureml.choice(slopes)}),
        primary_metric_name="score",
        primary_metric_goal=azureml.PrimaryMetricGoal.MAXIMIZE,
        max_total_runs=10,
    )
    return HyperDriveStep("search", config, outputs=outputs, **what)


# The steps and their data


def test_steps_run_behind_what_they_read(workspace: Workspace, source: str, tmp_path: Path) -> None:
    """The last step alone is named: those that it needs come with it. A file and folders are handed on."""
    first, second = PipelineData("first"), PipelineData("second", output_name="other")
    joined = PipelineData("joined", pipeline_output_name="result")
    a = step(source, "write", first, "a", PipelineParameter("count", 1), outputs=[first], name="a")
    b = step(source, "write", second, "b", 2.5, outputs=[second], name="b", params={"x": 1})
    b.run_after(a)
    last = step(source, "read", joined, second, first, inputs=[first, second], outputs=[joined])
    run = submit(workspace, [last], tags={"x": 1}, pipeline_parameters={"count": 7})
    assert run.wait_for_completion() == run.get_status() == "Finished"
    assert run.get_details()["status"] == "Completed"
    assert [(each.name, each.get_status()) for each in run.get_steps()] == [
        ("read", "Finished"),
        ("b", "Finished"),
        ("a", "Finished"),
    ]
    result = run.get_pipeline_output("result")
    (read,) = run.find_step_run("read")
    assert result.path_on_datastore == f"azureml/{read.id}/joined"
    assert result.download(str(tmp_path / "down")) == 1
    assert json.loads((tmp_path / "down" / result.path_on_datastore).read_text()) == [["b", "2.5"], ["a", "7"]]
    (b_run,) = run.find_step_run("b")
    assert b_run.get_outputs()["second"].get_port_data_reference().path_on_datastore == f"azureml/{b_run.id}/other"
    assert run.find_step_run("c") == []
    assert run.get_tags() == {"x": "1"}
    with pytest.raises(UserErrorException, match="result"):
        run.get_pipeline_output("nothing")
    with pytest.raises(UserErrorException, match="second"):
        b_run.get_output_data("first")


def test_runs_are_found_again_as_what_they_are(workspace: Workspace, source: str) -> None:
    data = PipelineData("data")
    run = submit(workspace, [step(source, "write", data, outputs=[data])])
    run.wait_for_completion(show_output=False)
    (found,) = run.get_children()
    assert isinstance(workspace.get_run(run.id), PipelineRun)
    again = workspace.get_run(found.id)
    assert isinstance(again, StepRun)
    assert (again.name, again.parent, again.pipeline_run_id) == ("write", run, run.id)
    assert again.properties["StepType"] == "PythonScriptStep"
    assert PipelineRun.get(workspace, run.id) == run
    assert PipelineRun.get_pipeline_runs(workspace) == [run]
    with pytest.raises(UserErrorException):
        PipelineRun(run.experiment, found.id)
    with pytest.raises(NotFoundError):
        PipelineRun(run.experiment, "nothing")


def test_data_of_all_kinds_among_the_arguments(workspace: Workspace, source: str, tmp_path: Path) -> None:
    """A datastore, a path on it, a parameter that is one, a dataset that is a parameter, text made of a placeholder."""
    store = workspace.get_default_datastore()
    (tmp_path / "x.txt").write_text("x")
    store.upload_files([str(tmp_path / "x.txt")], target_path="up")
    files = Dataset.File.from_files((store, "up"))
    path = (PipelineParameter("where", DataPath(store, "nowhere")), azureml.DataPathComputeBinding())
    named = DatasetConsumptionConfig("files", PipelineParameter("files", files)).as_mount()
    data = PipelineData("data", store)
    made = step(source, "write", data, store, store.path("up"), path, named, f"{data}/x", inputs=[path], outputs=[data])
    run = submit(workspace, made, pipeline_parameters={"where": DataPath(store, "up")})
    run.wait_for_completion(show_output=False)
    (found,) = run.get_steps()
    folder = Path(store.local_path(f"azureml/{found.id}/data"))
    up = store.local_path("up")
    assert json.loads((folder / "said.json").read_text()) == [store.local_path(), up, up, up, str(folder / "x")]


@pytest.mark.parametrize(("switch", "arrives"), [("0", "a;b"), ("1", "a\\;b")])
def test_semicolons(workspace: Workspace, source: str, monkeypatch: Any, switch: str, arrives: str) -> None:
    """They arrive as they are, or as Azure's pipelines once handed them on, where that is asked for."""
    monkeypatch.setenv("OVERDRIVE_AZURE_SEMICOLONS", switch)
    data = PipelineData("data")
    run = submit(workspace, step(source, "write", data, "a;b", outputs=[data]))
    run.wait_for_completion(show_output=False)
    (found,) = run.get_steps()
    folder = Path(Datastore(workspace).local_path(found.get_output_data("data").path_on_datastore))
    assert json.loads((folder / "said.json").read_text()) == [arrives]


def test_rows_and_files_of_steps_are_datasets_of_later_ones(workspace: Workspace, source: str) -> None:
    pytest.importorskip("pandas")
    write = "import os, sys\nfor path in sys.argv[1:]:\n    os.makedirs(path, exist_ok=True)\n"
    write += "    open(path + '/rows.csv', 'w').write('a,b\\n1,2\\n3,4\\n')"
    read = "import json\nfrom azureml.core import Run\nfound = Run.get_context().input_datasets\n"
    read += "rows = {name: found[name].to_pandas_dataframe().to_dict('list') for name in ('kept', 'rows')}\n"
    read += "json.dump([rows, open(found['files'] + '/rows.csv').read()], open('outputs/said.json', 'w'))"
    Path(source, "write.py").write_text(write)
    Path(source, "read.py").write_text(read)
    data = PipelineData("kept").as_dataset()
    out = OutputFileDatasetConfig("out").register_on_complete("registered")
    first = step(source, "write", data, out, outputs=[data])
    inputs = [
        data.parse_delimited_files().keep_columns(["b"]),
        data.as_named_input("files").as_mount(),
        out.read_delimited_files().as_input("rows"),
    ]
    run = submit(workspace, [first, step(source, "read", inputs=inputs)])
    run.wait_for_completion(show_output=False)
    (found,) = run.find_step_run("read")
    saved = json.loads((found.folder / "trials/0/work/outputs/said.json").read_text())
    assert saved == [{"kept": {"b": [2, 4]}, "rows": {"a": [1, 3], "b": [2, 4]}}, "a,b\n1,2\n3,4\n"]
    registered = Dataset.get_by_name(workspace, "registered")
    assert [Path(path).name for path in registered.to_path()] == ["rows.csv"]


def test_commands_and_estimators_are_steps(workspace: Workspace, source: str) -> None:
    data, copy = PipelineData("data"), PipelineData("copy")
    estimator = EstimatorStep("e", Estimator(source, entry_script="write.py"), [data, "x"], outputs=[data])
    command = CommandStep(["cp", "-r", data, copy], "c", inputs=[data], outputs=[copy], source_directory=source)
    run = submit(workspace, StepSequence([[estimator], command]))
    run.wait_for_completion(show_output=False)
    path = run.find_step_run("c")[0].get_output_data("copy").path_on_datastore
    assert json.loads(Path(Datastore(workspace).local_path(path), "said.json").read_text()) == ["x"]


# A sweep among the steps


def test_a_sweep_hands_on_its_metrics_and_best_model(workspace: Workspace, source: str, tmp_path: Path) -> None:
    metrics = PipelineData("metrics", pipeline_output_name="all")
    file = TrainingOutput("Model", model_file="outputs/model.json")
    model = PipelineData("model", training_output=file)
    folder = PipelineData("folder", pipeline_output_name="folder", training_output=TrainingOutput("Model"))
    search = sweep_step(source, [model, folder], [1, 3, 2], metrics_output=metrics)
    run = submit(workspace, [search, step(source, "keep", model, inputs=[model])])
    assert run.wait_for_completion(show_output=False) == "Finished"
    (found,) = run.find_step_run("search")
    sweep = HyperDriveStepRun(step_run=found)
    best = sweep.get_best_run_by_primary_metric()
    assert best.get_metrics() == {"score": 3.5}
    assert found.properties["StepType"] == "HyperDriveStep"
    assert list(found.get_children()) == [sweep]
    output = run.get_pipeline_output("all")
    output.download(str(tmp_path))
    told = json.loads((tmp_path / output.path_on_datastore).read_text())
    assert told == {f"{sweep.id}_{n}": {"score": [score]} for n, score in enumerate((1.5, 3.5, 2.5))}
    assert run.get_pipeline_output("folder").download(str(tmp_path)) == 1
    assert json.loads(Path(Model(workspace, "kept").download(str(tmp_path / "kept"))).read_text()) == {"slope": 3}
    assert run.get_tags() == {"best": best.id}
    assert run.get_metrics() == {"best score": 3.5}
    assert list(run.find_step_run("keep")[0].get_children()) == []
    with pytest.raises(ValueError, match="HyperDriveStep"):
        HyperDriveStepRun(step_run=run.find_step_run("keep")[0])


# What goes wrong


def test_a_step_that_fails_ends_the_pipeline(workspace: Workspace, source: str, capsys: Any) -> None:
    data = PipelineData("data")
    run = submit(workspace, StepSequence([step(source, "fail"), step(source, "write", data, outputs=[data])]))
    with pytest.raises(ActivityFailedException, match=r"'fail'.*ZeroDivisionError"):
        run.wait_for_completion(show_output=True)
    assert run.get_status() == "Failed"
    assert [each.name for each in run.get_steps()] == ["fail"]
    assert "ZeroDivisionError" in run.find_step_run("fail")[0].get_job_log()
    assert "step 'fail'" in capsys.readouterr().out
    azureml.RunDetails(run).show()
    assert "fail" in capsys.readouterr().out


def test_others_run_on_where_that_is_asked_for(workspace: Workspace, source: str) -> None:
    data, more = PipelineData("data"), PipelineData("more")
    failing, free = step(source, "fail"), step(source, "write", data, outputs=[data], name="free")
    needing = step(source, "write", more, outputs=[more], name="needing")
    needing.run_after(failing)
    run = submit(workspace, [failing, needing, free], continue_on_step_failure=True)
    assert run.wait_for_completion(show_output=False, raise_on_error=False) == "Failed"
    assert [(each.name, each.get_status()) for each in run.get_steps()] == [("free", "Finished"), ("fail", "Failed")]


def test_a_model_that_was_never_written_fails_the_step(workspace: Workspace, source: str) -> None:
    model = PipelineData("model", training_output=TrainingOutput("Model", model_file="outputs/nothing.bin"))
    run = submit(workspace, sweep_step(source, [model], [1]))
    with pytest.raises(ActivityFailedException, match=r"outputs/nothing\.bin"):
        run.wait_for_completion(show_output=False)


def test_a_pipeline_that_is_cancelled_cancels_its_step(workspace: Workspace, source: str) -> None:
    run = submit(workspace, [step(source, "wait")])
    wait_until(lambda: [each for each in run.get_steps() if "outputs/there" in each.get_file_names()])
    assert run.cancel()
    assert run.wait_for_completion(show_output=False) == "Canceled"
    (found,) = run.get_steps()
    assert found.wait_for_completion() == "Canceled"


@pytest.mark.parametrize("also", ["conductor alone", "its engine", "all that holds it open"])
def test_when_the_process_that_submits_its_steps_is_killed_another_one_goes_on(
    workspace: Workspace, source: str, also: str
) -> None:
    first, second = PipelineData("first"), PipelineData("second")
    Path(source, "gate.py").write_text(GATE)
    gate = Path(source).parent / "gate"
    steps = [
        step(source, "write", first, 1, outputs=[first]),
        step(source, "gate", str(gate), second, inputs=[first], outputs=[second]),
    ]
    last = step(source, "keep_parent", second, inputs=[second], name="last")
    Path(source, "keep_parent.py").write_text("from azureml.core import Run\nRun.get_context().parent.log('kept', 1)")
    run = submit(workspace, [*steps, last])
    wait_until(lambda: [each for each in run.get_steps() if "outputs/there" in each.get_file_names()])
    kill(run, "overdrive.client.conductor")
    if also != "conductor alone":
        kill(run, "overdrive.engine")
    if also == "all that holds it open":
        kill_tree_of(run)
    ids = [each.id for each in run.get_steps()]
    gate.touch()
    assert run.wait_for_completion(show_output=False) == "Finished"
    assert [each.get_status() for each in run.get_steps()] == ["Finished"] * 3
    assert [each.id for each in run.get_steps()][1:] == ids, "no step ran again"
    assert run.get_metrics() == {"kept": 1}
    assert Path(run.folder, "pipeline.log").read_text().count("step 'write'") <= 2


def test_a_pipeline_that_is_cancelled_without_its_conductor_cancels_its_step(workspace: Workspace, source: str) -> None:
    run = submit(workspace, [step(source, "wait")])
    wait_until(lambda: [each for each in run.get_steps() if "outputs/there" in each.get_file_names()])
    kill(run, "overdrive.client.conductor")
    assert run.cancel()
    assert run.wait_for_completion(show_output=False) == "Canceled"
    (found,) = run.get_steps()
    assert found.wait_for_completion() == "Canceled"


def test_a_conductor_that_keeps_dying_is_given_up(workspace: Workspace, source: str) -> None:
    run = submit(workspace, [step(source, "wait")])
    wait_until(lambda: [each for each in run.get_steps() if "outputs/there" in each.get_file_names()])
    plan = run.folder / "pipeline.json"
    text = plan.read_bytes()
    plan.write_bytes(b"{")
    kill(run, "overdrive.client.conductor")
    with pytest.raises(InternalError, match="died 4 times"):
        run.wait_for_completion(show_output=False)
    plan.write_bytes(text)
    run.cancel()


def kill(run: PipelineRun, module: str) -> None:
    """KILLs the one process that is this module of the run."""
    words = [os.fsencode(module), os.fsencode(run.folder)]
    pids = [int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdecimal() and _has(entry, words)]
    assert len(pids) == 1
    os.kill(pids[0], signal.SIGKILL)
    wait_until(lambda: not Path(f"/proc/{pids[0]}/cmdline").exists() or not _has(Path(f"/proc/{pids[0]}"), words))


def kill_tree_of(run: PipelineRun) -> None:
    """KILLs the shim and the process that hold the run open, as a restart of the machine does."""
    started = json.loads((run.folder / "trials/0/started.1.json").read_text())
    for pid in (started["shim"], started["pid"]):
        with contextlib.suppress(ProcessLookupError):  # it may go with the other one
            os.kill(pid, signal.SIGKILL)


def _has(entry: Path, words: list[bytes]) -> bool:
    try:
        return set(words) <= set((entry / "cmdline").read_bytes().split(b"\0"))
    except OSError:
        return False


def test_steps_that_cannot_run_are_refused_before_anything_starts(workspace: Workspace, source: str) -> None:
    data, more = PipelineData("data"), PipelineData("more")
    good = step(source, "write", data, outputs=[data])
    for faulty, words in (
        (lambda: step(source, "write", more, inputs=[more]), "no step"),
        (lambda: step(source, "nothing"), "nothing.py"),
        (lambda: step(source, "write", inputs=["text"]), "inputs of step 'write'"),
        (lambda: step(source, "write", object()), "arguments"),
        (lambda: [good, step(source, "write", outputs=[data])], "two steps"),
        (lambda: step(source, "write", outputs=[PipelineData("m", training_output=TrainingOutput("Model"))]), "'m'"),
        (lambda: "text", "steps"),
    ):
        with pytest.raises(UserErrorException, match=words):
            submit(workspace, faulty())
    with pytest.raises(UserErrorException, match="counts"):
        submit(workspace, good, pipeline_parameters={"counts": 1})
    with pytest.raises(UserErrorException, match="counts"):
        submit(workspace, good, pipeline_params={"counts": 1})
    with pytest.raises(UserErrorException, match="pipeline_parametres"):
        submit(workspace, good, pipeline_parametres={"count": 1})
    a, b = step(source, "write", name="a"), step(source, "write", name="b")
    a.run_after(b).run_after(a)
    with pytest.raises(UserErrorException, match="a → b → a"):
        Pipeline(workspace, [a])
    assert list_specs(workspace) == []


def test_steps_are_checked_as_azure_checks_them(source: str) -> None:
    """All faults of a HyperDriveStep are ValueErrors."""
    config = sweep_step(source, [], [1]).hyperdrive_config
    told = Estimator(source, entry_script="train.py", script_params={"--bias": 1})
    own = HyperDriveConfig(
        estimator=told,
        hyperparameter_sampling=config.hyperparameter_sampling,
        primary_metric_name="score",
        primary_metric_goal=azureml.PrimaryMetricGoal.MAXIMIZE,
        max_total_runs=1,
    )
    for faulty in (
        lambda: HyperDriveStep("", config),
        lambda: HyperDriveStep("x", "config"),  # type: ignore[arg-type]
        lambda: HyperDriveStep("x", config, ["--bias", 1]),
        lambda: HyperDriveStep("x", own, []),
        lambda: HyperDriveStep("x", config, metrics_output="metrics"),
        lambda: EstimatorStep("x", Estimator(source, entry_script="train.py")),
        lambda: EstimatorStep("x", told, []),
        lambda: EstimatorStep("x", "estimator"),  # type: ignore[arg-type]
        lambda: CommandStep(),
        lambda: PythonScriptStep("train.py", arguments="--bias 1"),
        lambda: step(source, "train").run_after("train"),  # type: ignore[arg-type]
        lambda: PipelineData("not a name"),
        lambda: PipelineParameter("", 1),
        lambda: TrainingOutput("Metric"),
        lambda: TrainingOutput("Model", iteration=1),
    ):
        with pytest.raises(ValueError):
            faulty()


def test_an_output_that_nothing_writes_is_said(source: str) -> None:
    with pytest.warns(UserWarning, match="'lost'.*training_output"):
        sweep_step(source, [PipelineData("lost")], [1])


def test_what_only_azure_has_answers(workspace: Workspace, source: str) -> None:
    pipeline = Pipeline(workspace, [step(source, "write")])
    assert pipeline.validate() == []
    for use in (
        lambda: pipeline.publish(name="p"),
        lambda: azureml.PublishedPipeline.get(workspace, "p"),
        lambda: azureml.Schedule.create(workspace, "p"),
        lambda: azureml.DatabricksStep(name="x"),
    ):
        with pytest.raises(AzureOnlyException):
            use()


def test_the_example_goes_on_without_its_script(workspace: Workspace, tmp_path: Path) -> None:
    """From a process of its own, which leaves as soon as it has submitted."""
    pytest.importorskip("pandas")
    control = Path(__file__).parents[2] / "examples" / "azureml" / "pipeline" / "control.py"
    code = control.read_text().partition("run.wait_for_completion")[0] + "print(run.id)"
    (tmp_path / "control.py").write_text(code.replace("Path(__file__)", f"Path({str(control)!r})"))
    command = [sys.executable, "-m", "overdrive", "run", str(tmp_path / "control.py")]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    run = PipelineRun.get(workspace, done.stdout.split()[-1])
    run.wait_for_completion(show_output=False)
    assert run.get_tags() == {"share": "0.6"}
    assert float(Model(workspace, "flowers").tags["accuracy"]) > 0.9
