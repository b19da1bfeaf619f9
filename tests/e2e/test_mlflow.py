"""Training scripts that log with MLflow, as those of version 2 do: into the trial, with no server."""

import subprocess
import sys
from pathlib import Path

import pytest

from overdrive import Experiment
from overdrive import HyperDriveConfig
from overdrive import PrimaryMetricGoal
from overdrive import RandomParameterSampling
from overdrive import Run
from overdrive import ScriptRunConfig
from overdrive import Workspace
from overdrive import uniform

#: Everything at once: batches, nested runs, a second run, artefacts, a registered model, and what is read back.
SCRIPT = """
import os, sys
import mlflow

lr = float(sys.argv[2])
mlflow.set_experiment("a name of its own")
with mlflow.start_run() as run:
    assert run.info.run_id == os.environ["OVERDRIVE_RUN_ID"], run.info.run_id
    mlflow.log_params({"layers": 3})
    mlflow.set_tag("note", "hello")
    for epoch in range(4):
        mlflow.log_metric("accuracy", lr + epoch, step=epoch)
        mlflow.log_metrics({"loss": 1.0 - epoch, "val loss": float("nan")})
    with open("model.txt", "w") as file:
        file.write("weights")
    mlflow.log_artifact("model.txt", "model")
    mlflow.register_model(mlflow.get_artifact_uri("model"), "the model")
    with mlflow.start_run(nested=True):
        mlflow.log_metric("accuracy", 99)
    assert mlflow.get_run(run.info.run_id).data.metrics["accuracy"] == lr + 3
    history = mlflow.MlflowClient().get_metric_history(run.info.run_id, "accuracy")
    assert [metric.step for metric in history] == [0, 1, 2, 3]
with mlflow.start_run():
    mlflow.log_metric("test accuracy", 0.5)
"""


@pytest.fixture(scope="module")
def trial(tmp_path_factory: pytest.TempPathFactory) -> Run:
    top = tmp_path_factory.mktemp("mlflow")
    (top / "source").mkdir()
    (top / "source" / "train.py").write_text(SCRIPT)
    config = HyperDriveConfig(
        run_config=ScriptRunConfig(source_directory=str(top / "source"), script="train.py"),
        hyperparameter_sampling=RandomParameterSampling({"lr": uniform(0, 1)}, seed=5),
        primary_metric_name="accuracy",
        primary_metric_goal=PrimaryMetricGoal.MAXIMIZE,
        max_total_runs=1,
    )
    sweep = Experiment(Workspace(top / "workspace"), "mlflow").submit(config)
    sweep.wait_for_completion()
    best = sweep.get_best_run_by_primary_metric()
    assert best is not None
    return best


def test_metrics_are_the_trials_own(trial: Run) -> None:
    metrics, lr = trial.get_metrics(), trial.hyperparameters["lr"]
    assert metrics["accuracy"] == [lr, lr + 1, lr + 2, lr + 3], "the nested run's value is no interval"  # type: ignore[operator]
    assert metrics["loss"] == [1.0, 0.0, -1.0, -2.0]
    assert [str(value) for value in metrics["val loss"]] == ["nan"] * 4
    assert metrics["test accuracy"] == 0.5


def test_parameters_and_tags_are_kept(trial: Run) -> None:
    assert trial.properties["layers"] == "3"
    assert trial.tags["note"] == "hello"
    assert not [tag for tag in trial.tags if tag.startswith("mlflow.")]


def test_artefacts_are_the_trials_files(trial: Run, tmp_path: Path) -> None:
    assert "model/model.txt" in trial.get_file_names()
    trial.download_file("model/model.txt", tmp_path / "here.txt")
    assert (tmp_path / "here.txt").read_text() == "weights"


def test_a_registered_model_is_recorded(trial: Run) -> None:
    lines = (trial.folder / "trials" / "0" / "spool.1.jsonl").read_text().splitlines()
    assert [line for line in lines if '"kind": "model"' in line and "the model" in line]


def test_the_submitters_own_mlflow_is_not_the_trials(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MLFLOW_TRACKING_URI", "http://127.0.0.1:9")
    monkeypatch.setenv("MLFLOW_RUN_ID", "0123456789abcdef")
    script = 'import os\nprint(os.environ["MLFLOW_TRACKING_URI"], os.environ.get("MLFLOW_RUN_ID"))\n'
    (tmp_path / "train.py").write_text(script)
    experiment = Experiment(Workspace(tmp_path / "workspace"), "mlflow")
    run = experiment.submit(ScriptRunConfig(source_directory=str(tmp_path), script="train.py"))
    run.wait_for_completion()
    assert output_of(run) == f"overdrive://trial {run.id}"
    own = {"MLFLOW_TRACKING_URI": "http://127.0.0.1:8"}
    run = experiment.submit(
        ScriptRunConfig(source_directory=str(tmp_path), script="train.py", environment_variables=own)
    )
    run.wait_for_completion()
    assert output_of(run) == "http://127.0.0.1:8 None", "what the run's own variables say counts"


def test_keeping_models_logs_no_value_twice(tmp_path: Path) -> None:
    """MLflow 3 logs a run's metrics again with each model that is kept: they are no intervals."""
    script = """
import mlflow
from mlflow.pyfunc import PythonModel
import logging
logging.getLogger("mlflow").setLevel(logging.ERROR)

class Nothing(PythonModel):
    def predict(self, context, model_input, params=None):
        return model_input

with mlflow.start_run() as run:
    mlflow.log_metrics({"accuracy": 0.5, "nan": float("nan")})
    for name in ("first", "second"):
        mlflow.pyfunc.log_model(name, python_model=Nothing(), pip_requirements=[])
    mlflow.log_metric("accuracy", 0.75)
    history = mlflow.MlflowClient().get_metric_history(run.info.run_id, "accuracy")
    assert [metric.value for metric in history] == [0.5, 0.75]
"""
    (tmp_path / "train.py").write_text(script)
    experiment = Experiment(Workspace(tmp_path / "workspace"), "mlflow")
    run = experiment.submit(ScriptRunConfig(source_directory=str(tmp_path), script="train.py"))
    run.wait_for_completion()
    metrics = run.get_metrics()
    assert metrics["accuracy"] == [0.5, 0.75]
    assert str(metrics["nan"]) == "nan"


def test_models_are_files_under_their_names(tmp_path: Path) -> None:
    """MLflow 3 writes models to a place of their own; scripts ask for `model/` all the same, and mean the last one."""
    script = """
import mlflow
from mlflow.pyfunc import PythonModel
import logging
logging.getLogger("mlflow").setLevel(logging.ERROR)

class Says(PythonModel):
    def __init__(self, word):
        self.word = word
    def predict(self, context, model_input, params=None):
        return [self.word]

with mlflow.start_run() as run:
    mlflow.log_text("taken", "taken/a.txt")
    first = mlflow.pyfunc.log_model("model", python_model=Says("first"), pip_requirements=[])
    second = mlflow.pyfunc.log_model(
        "model", python_model=Says("second"), pip_requirements=[], registered_model_name="kept")
    mlflow.pyfunc.log_model("taken", python_model=Says("third"), pip_requirements=[])
    with mlflow.start_run(nested=True):
        mlflow.pyfunc.log_model("nested", python_model=Says("nested"), pip_requirements=[])
for uri in (first.model_uri, second.model_uri, f"runs:/{run.info.run_id}/model"):
    print(mlflow.pyfunc.load_model(uri).predict([1])[0])
"""
    (tmp_path / "train.py").write_text(script)
    workspace = Workspace(tmp_path / "workspace")
    run = Experiment(workspace, "mlflow").submit(ScriptRunConfig(source_directory=str(tmp_path), script="train.py"))
    run.wait_for_completion(wait_post_processing=True)
    assert output_of(run).split()[-3:] == ["first", "second", "second"]
    names = run.get_file_names()
    assert "model/MLmodel" in names and "taken/a.txt" in names and "taken/MLmodel" not in names
    assert not [name for name in names if name.startswith("nested")]
    assert list((workspace.path / "registry" / "models" / "kept").rglob("MLmodel"))


def output_of(run: Run) -> str:
    return (run.folder / "trials" / "0" / "output.1.txt").read_text().strip()


def test_a_control_script_logs_into_a_folder_of_the_workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    script = """
import overdrive.azureml
import mlflow
from azureml.core import Workspace
from azure.ai.ml import MLClient
uri = Workspace.from_config().get_mlflow_tracking_uri()
assert MLClient.from_config().workspaces.get().mlflow_tracking_uri == uri
mlflow.set_tracking_uri(uri)
mlflow.set_experiment("told")
with mlflow.start_run() as run:
    mlflow.log_metric("m", 1)
print(mlflow.get_run(run.info.run_id).data.metrics)
"""
    monkeypatch.setenv("OVERDRIVE_WORKSPACE", str(tmp_path / "workspace"))
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert done.stdout == "{'m': 1.0}\n", done.stderr
    assert [path.name for path in (tmp_path / "workspace").iterdir()] == ["mlflow"]
