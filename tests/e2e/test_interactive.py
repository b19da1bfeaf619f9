"""Runs that no script makes, runs below runs, what the control process adds to runs, models, experiments' tags."""

import os
import signal
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable
from collections.abc import Iterator
from pathlib import Path

import pytest

from overdrive.client import Experiment
from overdrive.client import Model
from overdrive.client import Run
from overdrive.client import ScriptRunConfig
from overdrive.client import Workspace
from overdrive.client import open_run
from overdrive.client.find import list_specs
from overdrive.compat import azureml
from overdrive.errors import NotFoundError
from overdrive.errors import SpecError

#: Seconds that anything here may take.
PATIENCE_S = 60.0

TRAIN = """
from azureml.core.run import Run

run = Run.get_context()
run.log("accuracy", 0.5)
with run.child_run("fold 1") as child:
    child.log("loss", 1)
    child.log("loss", 2)
    child.tag("fold", 1)
open("outputs/model.txt", "w").write("weights")
"""


@pytest.fixture
def experiment(tmp_path: Path) -> Iterator[Experiment]:
    found = Experiment(Workspace(tmp_path / "ws"), "e")
    yield found
    runs = [open_run(found.workspace, spec.id) for _, spec in list_specs(found.workspace)]
    for run in runs:
        run.cancel()
    for run in runs:
        run.wait_for_completion(raise_on_error=False, wait_post_processing=True)


def wait_until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while not condition():
        assert time.monotonic() < deadline, "it took too long"
        time.sleep(0.02)


def test_a_run_that_this_process_logs_to(experiment: Experiment, tmp_path: Path) -> None:
    run = experiment.start_logging("by hand", tags={"a": 1})
    run.log("loss", 2.0)
    run.log("loss", 1.0)
    run.log_list("sizes", [1, 2])
    run.log_row("table", x=1, y=2)
    assert run.get_metrics() == {"loss": [2.0, 1.0], "sizes": [1, 2], "table": {"x": 1, "y": 2}}
    (tmp_path / "m.txt").write_text("m")
    run.upload_file("outputs/m.txt", tmp_path / "m.txt")
    assert run.get_file_names()[-1] == "outputs/m.txt"
    wait_until(lambda: run.get_status() == "Running")
    run.complete()
    again = Run(experiment, run.id)
    assert (again.get_status(), again.display_name, again.tags) == ("Completed", "by hand", {"a": "1"})
    assert again.get_metrics() == {"loss": [2.0, 1.0], "sizes": [1, 2], "table": {"x": 1, "y": 2}}
    run.log("after", 3)
    assert again.get_metrics(name="after") == {"after": 3}


def test_how_it_ends(experiment: Experiment) -> None:
    failed = experiment.start_logging()
    failed.fail("no data")
    assert failed.get_status() == "Failed"
    assert "no data" in failed.reason
    with experiment.start_logging() as run:
        run.log("x", 1)
    assert run.get_status() == "Completed"
    with pytest.raises(ZeroDivisionError), experiment.start_logging() as raised:
        _ = 1 / 0
    assert raised.get_status() == "Failed"
    cancelled = experiment.start_logging()
    wait_until(lambda: cancelled.get_status() == "Running")
    assert cancelled.cancel()
    assert cancelled.wait_for_completion()["status"] == "Canceled"


GONE = """
import sys
from overdrive import *

run = Experiment(Workspace(sys.argv[1]), "e").start_logging()
run.log("x", 1)
print(run.id, flush=True)
sys.stdin.read()
"""


@pytest.mark.parametrize("ends", [None, signal.SIGKILL])
def test_it_ends_with_the_process_that_logs(experiment: Experiment, ends: int | None) -> None:
    command = [sys.executable, "-c", GONE, str(experiment.workspace.path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout and process.stdin
        run = Run(experiment, process.stdout.readline().strip())
        assert not run.has_ended
        if ends is None:
            process.stdin.close()
        else:
            os.kill(process.pid, ends)
    assert run.wait_for_completion()["status"] == "Completed"
    assert run.get_metrics() == {"x": 1}


def test_it_takes_no_slot(experiment: Experiment, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A script that logs by hand and waits for a sweep must not wait for its own slot."""
    monkeypatch.setenv("OVERDRIVE_SLOTS", "1")
    (tmp_path / "train.py").write_text(TRAIN)
    by_hand = experiment.start_logging()
    run = experiment.submit(ScriptRunConfig(tmp_path, "train.py"))
    assert run.wait_for_completion()["status"] == "Completed"
    by_hand.complete()


def test_runs_below_runs(experiment: Experiment, tmp_path: Path) -> None:
    (tmp_path / "src").mkdir()
    (tmp_path / "src" / "train.py").write_text(TRAIN)
    run = experiment.start_logging()
    child = run.child_run("first")
    child.log("x", 1)
    child.complete()
    script = run.submit_child(ScriptRunConfig(tmp_path / "src", "train.py"), tags={"kind": "script"})
    script.wait_for_completion()
    assert {each.id for each in run.get_children()} == {child.id, script.id}
    assert [each.id for each in run.get_children(tags={"kind": "script"})] == [script.id]
    assert child.parent == script.parent == run
    (made,) = script.get_children()
    assert (made.name, made.get_metrics(), made.tags) == ("fold 1", {"loss": [1, 2]}, {"fold": "1"})
    assert len(list(run.get_children(recursive=True))) == 3
    folds = run.create_children(tag_key="fold", tag_values=[1, 2])
    assert [fold.tags for fold in folds] == [{"fold": "1"}, {"fold": "2"}]
    assert len(run.create_children(count=1)) == 1
    for wrong in ({}, {"count": 0}, {"count": 101}, {"count": 1, "tag_values": [1]}, {"tag_values": [1]}):
        with pytest.raises(SpecError):
            run.create_children(**wrong)


def test_models_and_source_of_a_run(experiment: Experiment, tmp_path: Path) -> None:
    (tmp_path / "src").mkdir()
    (tmp_path / "src" / "train.py").write_text(TRAIN)
    run = experiment.submit(ScriptRunConfig(tmp_path / "src", "train.py"))
    run.wait_for_completion()
    model = run.register_model("best", "outputs/model.txt", tags=run.get_metrics(), properties={"n": None})
    assert (model.run_id, model.tags, model.properties) == (run.id, {"accuracy": "0.5"}, {"n": "None"})
    assert Path(model.local_path).read_text() == "weights"
    assert run.register_model("best").version == 2
    assert Model.list(experiment.workspace, latest=True)[0].version == 2
    assert [model.version for model in Model.list(experiment.workspace, run_id=run.id)] == [2, 1]
    for path in ("outputs/nothing", "train.py", "logs"):
        with pytest.raises(NotFoundError):
            run.register_model("x", path)
    with pytest.raises(SpecError):
        run.register_model("x", "../trial.json")
    run.upload_folder("more", tmp_path / "src")
    assert "more/train.py" in run.get_file_names()
    assert run.get_snapshot_id()
    with zipfile.ZipFile(run.restore_snapshot(path=tmp_path / "zip")) as packed:
        assert packed.read("train.py").decode() == TRAIN
    with pytest.raises(NotFoundError):
        run.restore_snapshot("another")


@pytest.mark.parametrize(
    ("path", "kept"),
    [
        ("outputs/model.txt", ["model.txt"]),
        ("./outputs/model.txt", ["model.txt"]),
        ("outputs", ["outputs/model.json", "outputs/model.txt", "outputs/more/a.txt"]),
        ("outputs/", ["outputs/model.json", "outputs/model.txt", "outputs/more/a.txt"]),
        ("outputs/more", ["more/a.txt"]),
        ("outputs/model", ["outputs/model.json", "outputs/model.txt"]),
        ("out", ["model/outputs/model.json", "model/outputs/model.txt", "model/outputs/more/a.txt"]),
        (".", ["model/extra.txt", "model/outputs/model.json", "model/outputs/model.txt", "model/outputs/more/a.txt"]),
    ],
)
def test_a_models_path_is_how_the_names_of_files_begin(
    experiment: Experiment, tmp_path: Path, path: str, kept: list[str]
) -> None:
    run = experiment.start_logging()
    for name in ("outputs/model.txt", "outputs/model.json", "outputs/more/a.txt", "extra.txt"):
        (tmp_path / "file").write_text(name)
        run.upload_file(name, tmp_path / "file")
    run.complete()
    model = run.register_model("best", path)
    folder = Path(model.local_path).parent
    assert sorted(file.relative_to(folder).as_posix() for file in folder.rglob("*") if file.is_file()) == kept
    assert not list(run.folder.rglob(".model-*"))


def test_a_model_of_uploaded_and_written_files(experiment: Experiment, tmp_path: Path) -> None:
    (tmp_path / "src").mkdir()
    (tmp_path / "src" / "train.py").write_text(TRAIN)
    run = experiment.submit(ScriptRunConfig(tmp_path / "src", "train.py"))
    run.wait_for_completion()
    run.upload_file("outputs/later.txt", tmp_path / "src" / "train.py")
    assert sorted(os.listdir(run.register_model("both", "outputs").local_path)) == ["later.txt", "model.txt"]
    run.download_file("/outputs/model.txt", tmp_path / "fetched.txt")
    assert (tmp_path / "fetched.txt").read_text() == "weights"


def test_experiments_have_tags(experiment: Experiment) -> None:
    experiment.tag("team", "x")
    experiment.set_tags({"n": 3})
    again = Experiment(experiment.workspace, "e")
    assert again.tags == {"team": "x", "n": "3"}
    assert again.remove_tags(["team"]) == {"n": "3"}
    again.archive()
    assert experiment.archived_time
    again.reactivate()
    assert (experiment.archived_time, experiment.tags) == (None, {"n": "3"})


def test_azure_view(experiment: Experiment, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OVERDRIVE_WORKSPACE", str(experiment.workspace.path))
    ws = azureml.Workspace.from_config()
    of_azure = azureml.Experiment(ws, "e")
    (tmp_path / "src").mkdir()
    (tmp_path / "src" / "train.py").write_text(TRAIN)
    environment = azureml.Environment("mine")
    environment.python.conda_dependencies.add_pip_package("joblib")
    target = azureml.ComputeTarget(ws, "cpu-cluster")
    estimator = azureml.SKLearn(
        str(tmp_path / "src"), entry_script="train.py", compute_target=target, environment_definition=environment
    )
    run = of_azure.submit(estimator)
    assert isinstance(run, azureml.Run)
    details = run.wait_for_completion(show_output=False)
    assert details["target"] == "cpu-cluster"
    assert details["runDefinition"]["environment"]["name"] == "mine"
    assert run.get_environment().python.conda_dependencies.pip_packages == ["joblib"]
    assert run.input_datasets == {}
    model = run.register_model(
        "best", "outputs/model.txt", model_framework=azureml.Model.Framework.CUSTOM, model_framework_version="1"
    )
    assert isinstance(model, azureml.Model)
    assert (model.model_framework, model.run_id, model.experiment_name) == ("Custom", run.id, "e")
    assert azureml.Model(ws, "best").run == run
    with pytest.raises(azureml.ModelPathNotFoundException):
        run.register_model("x", "outputs/nothing")
    with pytest.raises(azureml.UserErrorException):
        run.download_file("nothing")
    with pytest.raises(azureml.AzureOnlyException):
        run.get_secret("x")
    below = run.submit_child(azureml.ScriptRunConfig(str(tmp_path / "src"), "train.py"))
    assert [child.id for child in run.get_children() if isinstance(child, azureml.Run)] == [below.id]
    below.wait_for_completion()
    by_hand = of_azure.start_logging(snapshot_directory=None)
    assert isinstance(by_hand, azureml.Run)
    by_hand.log("accuracy", 1)
    by_hand.complete()
    assert [each.id for each in of_azure.get_runs()] == [by_hand.id, below.id, run.id]
    run.description = "of SKLearn"
    assert azureml.Run(of_azure, run.id).description == "of SKLearn"
    assert azureml.Experiment.list(ws)[0].name == "e"


EXAMPLE = Path(__file__).parents[2] / "examples" / "azureml" / "wine" / "control.py"


@pytest.mark.parametrize("way", [[], ["estimator"]])
def test_a_control_script_as_many_are_written(tmp_path: Path, way: list[str]) -> None:
    command = [sys.executable, "-m", "overdrive", "run", str(EXAMPLE), *way]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=4 * PATIENCE_S, check=False)
    assert done.returncode == 0, done.stderr
    assert "6 of 6 trials done" in done.stdout
    assert "Streaming azureml-logs/hyperdrive.txt" in done.stdout
    assert "wine\twine:1\t1" in done.stdout
    assert done.stdout.splitlines()[-1].startswith("Model.deploy ")
    assert (tmp_path / "outputs" / "model.joblib").is_file()
    runs = {run.type: run for run in azureml.Experiment(azureml.Workspace(), "wine").get_runs()}
    assert runs["azureml.scriptrun"].get_metrics() == {"wines": 178}
    sweep = runs["hyperdrive"]
    assert sweep.get_details()["target"] == "cpu-cluster"
    best = sweep.get_best_run_by_primary_metric()
    assert best.get_environment().name == "wine"
    assert azureml.Model(azureml.Workspace(), "wine").tags["Accuracy"] == str(best.get_metrics()["Accuracy"])
    told = sweep.get_tags()
    assert told["_aml_system_max_total_jobs"] == "6"
    assert told[f"_aml_system_{best.id}"] == sweep.get_hyperparameters()[best.id]
    assert isinstance(azureml.Run(sweep.experiment, sweep.id), azureml.HyperDriveRun)
