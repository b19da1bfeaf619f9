"""From submit to the best run, with real engines and trials."""

import contextlib
import dataclasses
import json
import os
import pty
import shutil
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable
from collections.abc import Iterator
from pathlib import Path

import pytest

from overdrive.client import Experiment
from overdrive.client import HyperDriveConfig
from overdrive.client import HyperDriveRun
from overdrive.client import Run
from overdrive.client import ScriptRunConfig
from overdrive.client import Workspace
from overdrive.client import open_run
from overdrive.client.find import list_specs
from overdrive.client.run_spec import build_run_spec
from overdrive.client.submit import submit
from overdrive.client.sweep_spec import build_sweep_spec
from overdrive.compat import azureml
from overdrive.errors import InternalError
from overdrive.errors import NotFoundError
from overdrive.errors import SpecError
from overdrive.errors import SweepFailedError
from overdrive.errors import UnwritableError
from overdrive.host.locks import note_of
from overdrive.records import PrimaryMetricGoal
from overdrive.sampling import GridParameterSampling
from overdrive.space import choice
from overdrive.termination import BanditPolicy
from overdrive.widgets import RunDetails

#: Seconds that anything here may take.
PATIENCE_S = 60.0

TRAIN = """
import argparse
import sys
import time

from azureml.core.run import Run

parser = argparse.ArgumentParser()
parser.add_argument("--epochs", type=int)
parser.add_argument("--kind")
parser.add_argument("--rate", type=float)
args = parser.parse_args()
run = Run.get_context()
print("training", args.kind)
if args.kind == "fail":
    sys.exit("out of luck")
if args.kind == "silent":
    run.log("acc", 0.5)
    sys.exit()
for epoch in range(args.epochs):
    run.log("accuracy", 0.1 if args.kind == "bad" else args.rate * (epoch + 1) / args.epochs)
    if args.kind == "bad":
        time.sleep(60)
run.log("loss", 0.25)
run.tag("from", "script")
run.add_properties({"depth": 3})
open("outputs/model.txt", "w").write(args.kind)
"""

WAIT = """
import time

from azureml.core.run import Run

Run.get_context().log("accuracy", 0.5)
print("waiting", flush=True)
time.sleep(60)
"""


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("source")
    (folder / "train.py").write_text(TRAIN)
    (folder / "wait.py").write_text(WAIT)
    return folder


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    """One workspace and slot pool for the whole module: its sweeps are looked at by many tests."""
    home = tmp_path_factory.mktemp("module-home")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HOME", str(home))
        patch.setenv("OVERDRIVE_RUNTIME", str(home / "runtime"))
        patch.setenv("OVERDRIVE_SLOTS", "2")
        yield Workspace(home / "ws")


def configure(source: Path, space: dict, **changes: object) -> HyperDriveConfig:
    fields: dict = {
        "hyperparameter_sampling": GridParameterSampling(space),
        "primary_metric_name": "accuracy",
        "primary_metric_goal": PrimaryMetricGoal.MAXIMIZE,
        "max_total_runs": 10,
        "max_concurrent_runs": 1,
        "run_config": ScriptRunConfig(source, "train.py", ["--epochs", 4]),
    }
    return HyperDriveConfig(**{**fields, **changes})


@pytest.fixture(scope="module")
def sweep(workspace: Workspace, source: Path) -> HyperDriveRun:
    """A finished sweep: a good trial, one stopped early, a failed one, one without the metric, the best one."""
    config = configure(
        source,
        {"kind": choice("good", "bad", "fail", "silent"), "rate": choice(0.8)},
        policy=BanditPolicy(slack_factor=0.1),
        stop_after_failures=0,
    )
    run = Experiment(workspace, "digits").submit(config, tags={"stage": "test"})
    assert isinstance(run, HyperDriveRun)
    run.wait_for_completion(wait_post_processing=True)
    return run


@pytest.fixture
def experiment(tmp_path: Path) -> Iterator[Experiment]:
    """An experiment in a workspace of the test's own; what still runs at its end is cancelled."""
    found = Experiment(Workspace(tmp_path / "ws"), "e")
    yield found
    runs = [open_run(found.workspace, spec.id) for _, spec in list_specs(found.workspace)]
    for run in runs:
        run.cancel()
    for run in runs:
        run.wait_for_completion(raise_on_error=False)


def wait_until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while not condition():
        assert time.monotonic() < deadline, "it took too long"
        time.sleep(0.02)


def row_of(sweep: HyperDriveRun, number: int) -> Run:
    return Run(sweep.experiment, f"{sweep.id}_{number}")


# What a finished sweep says


def test_statuses(sweep: HyperDriveRun) -> None:
    assert sweep.get_status() == "Completed"
    assert sweep.has_ended
    rows = {run.number: (run.get_status(), run.outcome) for run in sweep.get_children()}
    assert rows == {
        0: ("Completed", "completed"),
        1: ("Canceled", "stopped_early"),
        2: ("Failed", "failed"),
        3: ("Completed", "completed_without_metric"),
    }


def test_children_come_newest_first_and_filtered(sweep: HyperDriveRun) -> None:
    assert [run.number for run in sweep.get_children()] == [3, 2, 1, 0]
    assert [run.number for run in sweep.get_children(status="Completed")] == [3, 0]
    assert list(sweep.get_children(type="hyperdrive")) == []
    row_of(sweep, 1).tag("looked", "yes")
    assert [run.number for run in sweep.get_children(tags="looked")] == [1]
    assert [run.number for run in sweep.get_children(tags={"looked": "no"})] == []


def test_best(sweep: HyperDriveRun) -> None:
    best = sweep.get_best_run_by_primary_metric()
    assert best is not None
    assert best.id == f"{sweep.id}_0"
    assert best.get_metrics()["accuracy"] == pytest.approx([0.2, 0.4, 0.6, 0.8])
    assert best.get_metrics()["loss"] == 0.25
    assert best.get_metrics(name="loss") == {"loss": 0.25}
    assert best.get_details()["runDefinition"]["Arguments"] == ["--epochs", "4", "--kind", "good", "--rate", "0.8"]
    assert best.get_details()["runDefinition"]["arguments"] == best.get_details()["runDefinition"]["Arguments"]
    assert best.hyperparameters == {"kind": "good", "rate": 0.8}
    assert best.parent == sweep
    assert sweep.parent is None


def test_sorted_children(sweep: HyperDriveRun) -> None:
    rows = sweep.get_children_sorted_by_primary_metric()
    assert [row["run_id"][-1] for row in rows] == ["0", "1", "2", "3"]
    assert rows[0] == {
        "run_id": f"{sweep.id}_0",
        "hyperparameters": json.dumps({"kind": "good", "rate": 0.8}),
        "best_primary_metric": pytest.approx(0.8),
        "status": "Completed",
    }
    assert rows[2]["best_primary_metric"] is None
    reverse = sweep.get_children_sorted_by_primary_metric(reverse=True)
    assert [row["run_id"][-1] for row in reverse] == ["1", "0", "2", "3"]
    assert len(sweep.get_children_sorted_by_primary_metric(discard_no_metric=True)) == 2
    assert len(sweep.get_children_sorted_by_primary_metric(top=3)) == 3
    for wrong in ({"top": "1"}, {"top": -1}, {"reverse": 1}, {"discard_no_metric": None}):
        with pytest.raises(SpecError):
            sweep.get_children_sorted_by_primary_metric(**wrong)


def test_hyperparameters_and_metrics_by_child(sweep: HyperDriveRun) -> None:
    found = sweep.get_hyperparameters()
    assert json.loads(found[f"{sweep.id}_2"]) == {"kind": "fail", "rate": 0.8}
    assert len(found) == 4
    metrics = sweep.get_metrics()
    assert set(metrics) == {f"{sweep.id}_{number}" for number in (0, 1, 3)}
    assert metrics[f"{sweep.id}_3"] == {"acc": 0.5}


def test_details(sweep: HyperDriveRun) -> None:
    details = sweep.get_details()
    assert details["runId"] == sweep.id
    assert details["status"] == "Completed"
    assert "runDefinition" not in details
    assert details["properties"]["best_child_run_id"] == f"{sweep.id}_0"
    assert json.loads(details["properties"]["primary_metric_config"]) == {"name": "accuracy", "goal": "maximize"}
    failed = row_of(sweep, 2).get_details()
    assert "out of luck" in failed["error"]["error"]["message"]
    assert {"runId", "target", "status", "startTimeUtc", "endTimeUtc", "properties", "logFiles"} <= failed.keys()
    assert failed["runDefinition"]["script"] == "train.py"
    json.dumps(details), json.dumps(failed)


def test_files(sweep: HyperDriveRun, tmp_path: Path) -> None:
    best = row_of(sweep, 0)
    names = best.get_file_names()
    assert names == ["azureml-logs/70_driver_log.txt", "outputs/model.txt"]
    best.download_file(names[-1], output_file_path=f"{tmp_path}/new/")
    assert (tmp_path / "new" / "model.txt").read_text() == "good"
    best.download_files(prefix="outputs", output_directory=tmp_path)
    assert (tmp_path / "outputs" / "model.txt").is_file()
    logs = best.get_all_logs(destination=tmp_path / "logs")
    assert "training good" in Path(logs[0]).read_text()
    assert "training good" in next(iter(best.get_details_with_logs()["logFiles"].values()))
    with pytest.raises(NotFoundError):
        best.download_file("../trial.json")
    assert sweep.get_file_names() == ["azureml-logs/hyperdrive.txt"]


def test_reasons(sweep: HyperDriveRun) -> None:
    assert "accuracy" in row_of(sweep, 1).reason
    assert "out of luck" in row_of(sweep, 2).reason
    assert "acc" in row_of(sweep, 3).reason
    assert sweep.get_detailed_status()["details"]


def test_tags_and_names(sweep: HyperDriveRun) -> None:
    assert sweep.get_tags()["stage"] == "test"
    sweep.tag("model", 3)
    sweep.display_name = "first try"
    again = HyperDriveRun(sweep.experiment, sweep.id)
    assert again.tags["model"] == "3"
    assert again.display_name == "first try"
    assert again == sweep
    assert again.remove_tags(["model"]) == {"stage": "test"}
    trial = row_of(sweep, 0)
    assert trial.tags == {"from": "script"}
    assert trial.properties["depth"] == "3"
    trial.set_tags({"from": "me", "best": True})
    assert row_of(sweep, 0).tags == {"from": "me", "best": "True"}
    assert row_of(sweep, 0).remove_tags(["from", "best"]) == {}


def test_opening_by_id(sweep: HyperDriveRun, workspace: Workspace) -> None:
    assert isinstance(open_run(workspace, sweep.id), HyperDriveRun)
    assert open_run(workspace, f"{sweep.id[:20]}_1").number == 1
    for run_id in (f"{sweep.id}_99", f"{sweep.id}_x", "HD_nowhere"):
        with pytest.raises(NotFoundError):
            Run(sweep.experiment, run_id)
    with pytest.raises(NotFoundError):
        HyperDriveRun(Experiment(workspace, "another"), sweep.id)
    for kind, run_id in ((Run, sweep.id), (HyperDriveRun, f"{sweep.id}_0"), (Run, 3)):
        with pytest.raises(SpecError):
            kind(sweep.experiment, run_id)  # type: ignore[arg-type]


def test_experiment_lists_its_runs(sweep: HyperDriveRun, workspace: Workspace) -> None:
    runs = list(Experiment(workspace, "digits").get_runs())
    assert [run.id for run in runs] == [sweep.id]
    assert isinstance(runs[0], HyperDriveRun)
    assert list(Experiment(workspace, "digits").get_runs(tags={"stage": "other"})) == []
    assert len(list(Experiment(workspace, "digits").get_runs(include_children=True))) == 5
    assert list(Experiment(workspace, "nothing").get_runs()) == []


def test_cancelling_what_is_over_does_nothing(sweep: HyperDriveRun) -> None:
    assert sweep.cancel() is False
    assert row_of(sweep, 1).cancel() is False
    assert list((sweep.folder / "mailbox").iterdir()) == []


def test_run_details(sweep: HyperDriveRun, capsys: pytest.CaptureFixture[str]) -> None:
    RunDetails(sweep).show()
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith(sweep.id)
    assert "best accuracy" in lines[1]
    assert "stopped early" in lines[3]
    data = RunDetails(sweep).get_widget_data()
    json.dumps(data, allow_nan=False)
    assert [row["param_kind"] for row in data["child_runs"]] == ["good", "bad", "fail", "silent"]
    assert data["child_runs"][0]["best_metric"] == pytest.approx(0.8)
    assert data["children_metrics"]["primaryMetricName"] == "accuracy"
    RunDetails(row_of(sweep, 2)).show()
    assert "out of luck" in capsys.readouterr().out


SHOW = """
import sys
from overdrive import *

space = {"[red]x": choice("[bold]a\\x1b[31m")}
config = HyperDriveConfig(
    GridParameterSampling(space), "accuracy", "maximize", 1, run_config=ScriptRunConfig(sys.argv[1], "hello.py")
)
RunDetails(Experiment(Workspace(), "e").submit(config)).show()
"""


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="terminals differ")
def test_run_details_in_a_terminal(tmp_path: Path) -> None:
    """It follows the sweep to its end, and names and values are text, never markup or terminal commands."""
    (tmp_path / "show.py").write_text(SHOW)
    (tmp_path / "hello.py").write_text("from overdrive import Run\nRun.get_context().log('accuracy', 0.5)")
    ours, theirs = pty.openpty()
    command = [sys.executable, str(tmp_path / "show.py"), str(tmp_path)]
    terminal = {"TERM": "xterm", "COLUMNS": "120", "LINES": "40"}
    with subprocess.Popen(
        command, stdin=theirs, stdout=theirs, stderr=theirs, env={**os.environ, **terminal}
    ) as process:
        os.close(theirs)
        shown = b""
        with open(ours, "rb", buffering=0) as stream, contextlib.suppress(OSError):  # EIO: nobody has it open any more
            while chunk := stream.read(65536):
                shown += chunk
    assert process.returncode == 0, shown.decode()
    text = shown.decode()
    assert "[bold]a\\x1b[31m" in text
    assert "\x1b[31m" not in text
    assert "[red]x" in text
    assert "Completed" in text


def test_azure_view_of_the_same_sweep(
    sweep: HyperDriveRun, workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OVERDRIVE_WORKSPACE", str(workspace.path))
    ws = azureml.Workspace.from_config()
    run = ws.get_run(sweep.id)
    assert isinstance(run, azureml.HyperDriveRun)
    assert isinstance(run, azureml.Run)
    assert isinstance(run.get_best_run_by_primary_metric(), azureml.Run)
    config = run.hyperdrive_config
    assert config._primary_metric_config == {"name": "accuracy", "goal": "maximize"}
    assert config._generator_config["name"] == "GRID"
    assert config._policy_config["name"] == "Bandit"
    for call in (run.get_diagnostics, run.fail):
        with pytest.raises(azureml.HyperDriveNotImplementedException):
            call()
    with pytest.raises(azureml.HyperDriveConfigException):
        azureml.HyperDriveRun(run.experiment, 3)
    assert list(ws.experiments) == ["digits"]
    with pytest.raises(azureml.ActivityFailedException):
        azureml.Run.get(ws, f"{sweep.id}_2").wait_for_completion()


def test_warm_start_is_checked(sweep: HyperDriveRun, source: Path) -> None:
    space = {"kind": choice("good")}
    for changes in (
        {"resume_from": [sweep, sweep]},
        {"resume_from": [sweep] * 6},
        {"resume_from": row_of(sweep, 1)},
        {"resume_child_runs": [row_of(sweep, 1)] * 2},
        {"resume_child_runs": sweep},
        {"resume_from": sweep, "max_total_runs": 995, "strict": True},
    ):
        with pytest.raises(SpecError) as caught:
            configure(source, space, **changes)
        assert caught.value.field in changes
    for changes, field in (
        ({"primary_metric_name": "loss"}, "primary_metric_name"),
        ({"primary_metric_goal": PrimaryMetricGoal.MINIMIZE}, "primary_metric_goal"),
    ):
        with pytest.raises(SpecError) as caught:
            configure(source, space, resume_from=sweep, **changes)
        assert caught.value.field == field


# Submitting


def test_what_is_refused_leaves_nothing(experiment: Experiment, tmp_path: Path, source: Path) -> None:
    missing = ScriptRunConfig(source, "nowhere.py")
    with pytest.raises(SpecError):
        experiment.submit(configure(source, {"kind": choice("good")}, run_config=missing))
    with pytest.raises(SpecError):
        experiment.submit(missing)
    with pytest.raises(SpecError):
        experiment.submit("train.py")  # type: ignore[arg-type]
    with pytest.raises(SpecError):
        experiment.submit(ScriptRunConfig(source, "train.py"), tags=["x"])  # type: ignore[arg-type]
    assert not list(tmp_path.glob("ws/*/*")), "no sweep, and no half of one"


def test_unusable_workspace(tmp_path: Path, source: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(UnwritableError) as caught:
        Experiment(Workspace(tmp_path / "file" / "ws"), "e").submit(ScriptRunConfig(source, "train.py"))
    assert caught.value.exit_code == 4


def test_a_link_that_leads_out_leaves_nothing(tmp_path: Path) -> None:
    folder = tmp_path / "src"
    folder.mkdir()
    (folder / "train.py").write_text("")
    (folder / "out").symlink_to("/etc/hostname")
    with pytest.raises(SpecError):
        Experiment(Workspace(tmp_path / "ws"), "e").submit(ScriptRunConfig(folder, "train.py"))
    assert not list(tmp_path.glob("ws/runs/*")) and not list(tmp_path.glob("ws/runs/.new*"))


def test_single_run(tmp_path: Path, source: Path, capsys: pytest.CaptureFixture[str]) -> None:
    experiment = Experiment(Workspace(tmp_path / "ws"), "one by one")
    script = ScriptRunConfig(source, "train.py", ["--epochs", 2, "--kind", "good", "--rate", 1.0])
    run = experiment.submit(script, tags={"a": 1})
    assert not isinstance(run, HyperDriveRun)
    assert run.folder.parent.name == "runs"
    assert run.id.startswith("one-by-one_")
    details = run.wait_for_completion(show_output=True)
    assert "training good" in capsys.readouterr().out
    assert details["status"] == run.status == "Completed"
    assert details["runDefinition"]["Arguments"] == ["--epochs", "2", "--kind", "good", "--rate", "1.0"]
    assert run.get_metrics() == {"accuracy": [0.5, 1.0], "loss": 0.25}
    assert run.tags == {"a": "1", "from": "script"}
    assert (run.parent, list(run.get_children())) == (None, [])
    assert [each.id for each in experiment.get_runs()] == [run.id]
    assert open_run(experiment.workspace, "latest") == run


def test_a_failed_run_raises(experiment: Experiment, source: Path) -> None:
    run = experiment.submit(ScriptRunConfig(source, "train.py", ["--kind", "fail"]))
    with pytest.raises(SweepFailedError, match="out of luck"):
        run.wait_for_completion()
    assert run.wait_for_completion(raise_on_error=False)["status"] == "Failed"


def test_command_and_environment(experiment: Experiment, tmp_path: Path, source: Path) -> None:
    config = ScriptRunConfig(
        source, command=["bash", "-c", 'echo "$WORD" "$@"', "x"], arguments=["y"], environment_variables={"WORD": "a b"}
    )
    run = experiment.submit(config)
    run.wait_for_completion()
    assert Path(run.get_all_logs(tmp_path / "logs")[0]).read_text() == "a b y\n"


def test_the_engine_is_detached(experiment: Experiment, source: Path) -> None:
    from overdrive.client.engine import engine_environment
    from overdrive.report.paths import trial_path

    path = os.pathsep.join([*trial_path(standin=True), "/own"])
    assert engine_environment({"PYTHONPATH": path, "A": "1"}) == {"PYTHONPATH": "/own", "A": "1"}
    assert engine_environment({"PYTHONPATH": "src"}) == {"PYTHONPATH": os.path.abspath("src")}
    assert "PYTHONPATH" not in engine_environment({"PYTHONPATH": trial_path(standin=False)[0]})

    run = experiment.submit(ScriptRunConfig(source, "wait.py"))
    wait_until(lambda: run.get_status() == "Running")
    pid = int((note_of(str(run.folder / "engine.lock")) or {})["pid"])
    assert os.getsid(pid) != os.getsid(0)
    status = Path(f"/proc/{pid}/status")
    if status.exists():
        assert f"PPid:\t{os.getpid()}\n" not in status.read_text(), "nothing is left for the submitter to wait for"
    assert run.cancel()
    assert run.wait_for_completion()["status"] == "Canceled"


def test_custom_id(experiment: Experiment, source: Path) -> None:
    config = configure(source, {"kind": choice("silent")}, custom_run_id="mine-1")
    run = experiment.submit(config)
    assert run.id == "mine-1"
    with pytest.raises(SpecError) as caught:
        experiment.submit(config)
    assert caught.value.field == "custom_run_id"
    run.wait_for_completion(raise_on_error=False)


# Cancelling, recovery, Ctrl-C


def test_cancel_a_sweep_and_a_trial(experiment: Experiment, source: Path) -> None:
    config = configure(
        source,
        {"x": choice(1, 2, 3)},
        run_config=ScriptRunConfig(source, "wait.py"),
        max_concurrent_runs=2,
    )
    sweep = experiment.submit(config)
    wait_until(lambda: [run.get_status() for run in sweep.get_children()].count("Running") == 2)
    first = Run(experiment, f"{sweep.id}_0")
    assert first.cancel()
    assert first.wait_for_completion()["status"] == "Canceled"
    assert sweep.cancel()
    assert sweep.wait_for_completion()["status"] == "Canceled"
    assert {run.get_status() for run in sweep.get_children()} == {"Canceled"}


def test_waiting_starts_a_dead_engine_again(experiment: Experiment, source: Path) -> None:
    space = {"kind": choice("good", "silent"), "rate": choice(0.1, 0.2, 0.3, 0.4)}
    sweep = experiment.submit(configure(source, space))
    wait_until(lambda: any(run.has_ended for run in sweep.get_children()))
    os.kill(int((note_of(str(sweep.folder / "engine.lock")) or {})["pid"]), signal.SIGKILL)
    sweep.wait_for_completion()
    assert [run.get_status() for run in sweep.get_children()] == ["Completed"] * 8


def test_an_engine_that_keeps_dying_is_given_up(experiment: Experiment, source: Path) -> None:
    config = configure(source, {"kind": choice("good")})
    spec = build_sweep_spec(config, "e", None, build_run_spec(config.script_run_config()))
    broken = dataclasses.replace(spec, policy={"name": "Nowhere"})
    folder = submit(experiment.workspace, broken, start=lambda folder: None)
    with pytest.raises(InternalError, match="Nowhere"):
        HyperDriveRun(experiment, spec.id).wait_for_completion()
    shutil.rmtree(folder)


CONTROL = """
import sys
from overdrive import *
from overdrive.client import wait_for_sweep
from overdrive.views import open_sweep

config = HyperDriveConfig(
    GridParameterSampling({"x": choice(1, 2, 3)}),
    "accuracy",
    "maximize",
    3,
    2,
    run_config=ScriptRunConfig(sys.argv[1], "wait.py"),
)
run = Experiment(Workspace(sys.argv[2]), "e").submit(config)
said = []


def look(view):
    if not said and any(child.get_status() == "Running" for child in run.get_children()):
        said.append(print(run.id, flush=True))


wait_for_sweep(open_sweep(run.folder), look)
"""


@pytest.mark.parametrize(("presses", "status"), [(1, "Running"), (2, "Canceled"), (20, "Canceled")])
def test_ctrl_c(experiment: Experiment, tmp_path: Path, source: Path, presses: int, status: str) -> None:
    (tmp_path / "control.py").write_text(CONTROL)
    command = [sys.executable, str(tmp_path / "control.py"), str(source), str(experiment.workspace.path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout and process.stderr
        run_id = process.stdout.readline().strip()
        answers = []
        for press in range(presses):
            process.send_signal(signal.SIGINT)
            if press < 3:
                answers.append(process.stderr.readline())
        assert process.wait(PATIENCE_S) in (130, -signal.SIGINT)
        process.stderr.read()
    assert f"overdrive cancel {run_id[: len('HD_12345678')]}, " in answers[0]
    run = open_run(experiment.workspace, run_id)
    assert run.get_status() == status
    if status == "Running":
        assert "Running" in {child.get_status() for child in run.get_children()}
    else:
        assert all(child.has_ended for child in run.get_children())


# The page's own code


PAGE = """
import overdrive.azureml

import os
import sys

from azureml.core import Environment
from azureml.core import Experiment
from azureml.core import ScriptRunConfig
from azureml.core import Workspace
from azureml.core.compute import ComputeTarget
from azureml.train.hyperdrive import BanditPolicy
from azureml.train.hyperdrive import HyperDriveConfig
from azureml.train.hyperdrive import PrimaryMetricGoal
from azureml.train.hyperdrive import RandomParameterSampling
from azureml.train.hyperdrive import choice
from azureml.train.hyperdrive import normal
from azureml.train.hyperdrive import uniform
from azureml.widgets import RunDetails

workspace = Workspace.from_config()
param_sampling = RandomParameterSampling({
    "learning_rate": normal(10, 3),
    "keep_probability": uniform(0.05, 0.1),
    "batch_size": choice(16, 32, 64, 128),
})
early_termination_policy = BanditPolicy(slack_factor=0.1, evaluation_interval=1, delay_evaluation=5)
src = ScriptRunConfig(
    source_directory=os.path.dirname(__file__),
    script="hello.py",
    compute_target=ComputeTarget(workspace, "gpu-cluster"),
    environment=Environment("tf"),
)
hd_config = HyperDriveConfig(
    run_config=src,
    hyperparameter_sampling=param_sampling,
    policy=early_termination_policy,
    primary_metric_name="accuracy",
    primary_metric_goal=PrimaryMetricGoal.MAXIMIZE,
    max_total_runs=5,
    max_concurrent_runs=2,
)
experiment = Experiment(workspace, "tune")
hyperdrive_run = experiment.submit(hd_config)
RunDetails(hyperdrive_run).show()
hyperdrive_run.wait_for_completion(show_output=True)

best_run = hyperdrive_run.get_best_run_by_primary_metric()
best_run_metrics = best_run.get_metrics()
parameter_values = best_run.get_details()["runDefinition"]["Arguments"]
print("Best Run Id: ", best_run.id)
print("\\n Accuracy:", best_run_metrics["accuracy"])
print("\\n learning rate:", parameter_values[1])
print("\\n keep probability:", parameter_values[3])
print("\\n batch size:", parameter_values[5])
"""

HELLO = """
import argparse

from azureml.core.run import Run

parser = argparse.ArgumentParser()
parser.add_argument("--learning_rate", type=float)
parser.add_argument("--keep_probability", type=float)
parser.add_argument("--batch_size", type=int)
args = parser.parse_args()
run_logger = Run.get_context()
run_logger.log("accuracy", float(args.learning_rate + args.batch_size))
"""


def test_the_pages_own_code(tmp_path: Path) -> None:
    folder = tmp_path / "project"
    folder.mkdir()
    (folder / "control.py").write_text(PAGE)
    (folder / "hello.py").write_text(HELLO)
    done = subprocess.run(
        [sys.executable, "-W", "error", str(folder / "control.py")],
        capture_output=True,
        text=True,
        timeout=PATIENCE_S,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "Best Run Id:  HD_" in done.stdout
    assert "5 of 5 trials done" in done.stdout
    assert done.stderr == ""
    lines = {line.split(":")[0].strip(): line.split(":")[1].strip() for line in done.stdout.splitlines() if ":" in line}
    assert float(lines["Accuracy"]) == pytest.approx(float(lines["learning rate"]) + int(lines["batch size"]))


def test_import_is_cheap_in_a_trial(tmp_path: Path) -> None:
    """Inside a trial `from overdrive import Run` loads the trial side only."""
    code = textwrap.dedent(
        """
        import sys
        from overdrive import Run
        print(Run.__module__, "overdrive.client" in sys.modules, "sqlite3" in sys.modules)
        """
    )
    environment = {**os.environ, "OVERDRIVE_METRICS": str(tmp_path / "spool")}
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["overdrive.report.run", "False", "False"]
