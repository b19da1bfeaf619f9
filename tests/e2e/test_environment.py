"""Environments as a person meets them: what is lacking is said first, and one that is built runs the trials."""

import json
from pathlib import Path

import pytest
import yaml
from commands import overdrive
from commands import wait_until
from wheels import tiny_lines

TRAIN = """
import argparse, sys
import tiny
from azureml.core import Run
parser = argparse.ArgumentParser()
parser.add_argument("--lr", type=float)
lr = parser.parse_args().lr
print(sys.prefix)
try:
    import azureml_adapter  # refused by our hooks: virtualenv's finder must not be taken for ours
except ImportError as error:
    assert type(error).__name__ == "NotHereError", error
Run.get_context().log("accuracy", lr * tiny.answer)
"""

CONTROL = """
from azureml.core import Environment, Experiment, ScriptRunConfig, Workspace
from azureml.train.hyperdrive import GridParameterSampling, HyperDriveConfig, PrimaryMetricGoal, choice
environment = Environment.from_conda_specification("sk", "conda.yml")
config = HyperDriveConfig(
    run_config=ScriptRunConfig(".", "train.py", environment=environment),
    hyperparameter_sampling=GridParameterSampling({"--lr": choice(1, 2)}),
    primary_metric_name="accuracy", primary_metric_goal=PrimaryMetricGoal.MAXIMIZE, max_total_runs=2,
)
run = Experiment(Workspace.from_config(), "e").submit(config)
run.wait_for_completion(raise_on_error=False)
best = run.get_best_run_by_primary_metric()
print(run.get_status(), best and best.get_metrics())
print(best and best.get_details()["runDefinition"]["environment"]["python"]["interpreterPath"])
"""

SWEEP = """
type: sweep
trial:
  code: .
  command: {before}python train.py --lr ${{{{search_space.lr}}}}
  environment: {{conda_file: conda.yml}}
search_space: {{lr: {{type: choice, values: [1, 2]}}}}
sampling_algorithm: grid
objective: {{goal: maximize, primary_metric: accuracy}}
limits: {{max_total_trials: 2}}
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    conda = {"name": "sk", "dependencies": [{"pip": [*tiny_lines(tmp_path), "azureml-defaults"]}]}
    (tmp_path / "conda.yml").write_text(yaml.safe_dump(conda))
    (tmp_path / "train.py").write_text(TRAIN)
    (tmp_path / "control.py").write_text(CONTROL)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_a_control_script(folder: Path) -> None:
    said = overdrive("run", "control.py")
    assert "UserWarning: the environment 'sk' asks for what " in said.stderr
    assert "\n  tiny==1.5  not installed\n  to install: " in said.stderr
    assert "control.py" in said.stderr.partition("UserWarning")[0]
    assert said.stdout.splitlines()[-2:] == ["Failed None", "None"]
    said = overdrive("run", "--build-environment", "control.py")
    assert "UserWarning" not in said.stderr
    python = Path(said.stdout.splitlines()[-1])
    assert said.stdout.splitlines()[-2] == "Completed {'accuracy': 84.0}"
    assert python.parents[2].name == "environments"
    assert f"{python.parents[1]}\n" in overdrive("logs", "latest_0").stdout
    assert "1 built" in overdrive("doctor").stdout
    # The same environment, without a word; and none of it once it is gone.
    assert "Building" not in overdrive("run", "--build-environment", "control.py").stderr
    assert overdrive("delete", "--environments", "--yes").stdout == f"Deleted environment {python.parents[1].name} sk\n"
    assert not python.exists()
    assert "environments" not in overdrive("doctor").stdout


def test_a_sweep_that_goes_on_gets_its_environment_back(folder: Path) -> None:
    slow = TRAIN.replace("Run.get_context()", "import time\ntime.sleep(0 if lr > 1 else 600)\nRun.get_context()")
    (folder / "train.py").write_text(slow)
    options = [
        "tune",
        "train.py",
        "-s",
        "lr=choice(1, 2)",
        "--sampling",
        "grid",
        "-m",
        "accuracy",
        "--goal",
        "maximize",
    ]
    started = ["--goal", "maximize", "--environment", "conda.yml", "--build-environment", "-j", "1", "--detach"]
    run = json.loads(overdrive(*options, *started, "--json").stdout)["id"]
    wait_until(lambda: "1 running" in overdrive("show", run).stdout, "the first trial runs")
    assert "No environment to delete" in overdrive("delete", "--environments", "--yes").stdout
    overdrive("cancel", run)
    overdrive("watch", run)
    assert "Deleted environment" in overdrive("delete", "--environments", "--yes").stdout
    overdrive("resume", run)
    overdrive("watch", run)
    assert json.loads(overdrive("show", run, "--json").stdout)["best"]["value"] == 84


@pytest.mark.parametrize("before", ["", "echo a && "])
def test_a_sweep_file(folder: Path, before: str) -> None:
    (folder / "sweep.yml").write_text(SWEEP.format(before=before))
    said = overdrive("submit", "sweep.yml", "--build-environment", "--restore-numpy-names", "--watch", "--json")
    assert json.loads(said.stdout)["best"]["value"] == 84
    spec = json.loads(Path(json.loads(said.stdout)["folder"], "spec.json").read_text())
    assert spec["run"]["restore_numpy_names"] is True


def test_tune_with_a_file(folder: Path) -> None:
    options = ["tune", "train.py", "-s", "lr=choice(1, 2)", "-m", "accuracy", "--goal", "maximize", "-n", "1"]
    (folder / "lines.txt").write_text("\n".join(tiny_lines(folder / "more")))
    assert (
        "Warning: the environment 'lines' asks for" in overdrive(*options, "--environment", "lines.txt", code=1).stderr
    )
    overdrive(*options, "--environment", "lines.txt", "--build-environment")
    refused = overdrive(*options, "--environment", "none.txt", code=2)
    assert refused.stderr.startswith("Error: --environment = 'none.txt' is not allowed")
    (folder / "lines.txt").write_text("--no-index\ntiny==7\n")
    count = len(overdrive("list", "--json").stdout)
    failed = overdrive(*options, "--environment", "lines.txt", "--build-environment", code=4)
    assert "Error: uv could not build the environment lines, and nothing was started: " in failed.stderr
    assert len(overdrive("list", "--json").stdout) == count
