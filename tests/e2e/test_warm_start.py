"""Sweeps that start from earlier ones, as scripts and people use them: real trials, real checkpoints."""

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from faults import wait_until

from overdrive import BanditPolicy
from overdrive import Experiment
from overdrive import GridParameterSampling
from overdrive import HyperDriveConfig
from overdrive import HyperDriveRun
from overdrive import PrimaryMetricGoal
from overdrive import RandomParameterSampling
from overdrive import ScriptRunConfig
from overdrive import Workspace
from overdrive import choice
from overdrive import uniform
from overdrive.client import Run
from overdrive.compat import azureml
from overdrive.engine.replay import replay
from overdrive.errors import SpecError
from overdrive.records import Outcome
from overdrive.sampling import BayesianParameterSampling

EXAMPLE = Path(__file__).parents[2] / "examples" / "checkpoint"

#: Counts up from the checkpoint; waits at the step that it is told, until somebody ends it.
COUNT = """
import argparse, json, os, sys, time
from overdrive import Run

parser = argparse.ArgumentParser()
parser.add_argument("--steps", type=int)
parser.add_argument("--stop-at", type=int, default=-1)
parser.add_argument("--how", default="wait")
parser.add_argument("--rate", type=float)
parser.add_argument("--resume-from")
args = parser.parse_args()
run = Run.get_context()
step = 0
if args.resume_from:
    assert os.environ["AZUREML_DATAREFERENCE_MODEL_LOCATION"] == args.resume_from
    assert os.path.samefile(args.resume_from, "outputs"), args.resume_from
    if os.path.exists("outputs/step.json"):
        step = json.load(open(args.resume_from + "/step.json"))
else:
    assert "AZUREML_DATAREFERENCE_MODEL_LOCATION" not in os.environ
with open("outputs/begun.txt", "a") as file:
    file.write(f"{run.id}\\n")
while step < args.steps:
    if step == args.stop_at and not args.resume_from:
        if args.how == "fail":
            sys.exit("out of luck")
        time.sleep(600 if args.how == "wait" else 0)
    step += 1
    run.log("score", args.rate * step)
    run.log("other", step, step=step)
    json.dump(step, open("outputs/step.json", "w"))
"""


@pytest.fixture(scope="module")
def experiment(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Experiment]:
    home = tmp_path_factory.mktemp("home")
    (home / "source").mkdir()
    (home / "source" / "train.py").write_text(COUNT)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HOME", str(home))
        patch.setenv("OVERDRIVE_RUNTIME", str(home / "runtime"))
        patch.setenv("OVERDRIVE_SLOTS", "2")
        patch.setenv("OVERDRIVE_WORKSPACE", str(home / "ws"))
        yield Experiment(Workspace(home / "ws"), "warm")


def configure(experiment: Experiment, *arguments: object, **changes: object) -> HyperDriveConfig:
    source = experiment.workspace.path.parent / "source"
    fields: dict = {
        "run_config": ScriptRunConfig(source_directory=source, script="train.py", arguments=list(arguments)),
        "hyperparameter_sampling": GridParameterSampling({"rate": choice(1.0, 2.0, 3.0)}),
        "primary_metric_name": "score",
        "primary_metric_goal": PrimaryMetricGoal.MAXIMIZE,
        "max_total_runs": 3,
        "max_concurrent_runs": 2,
    }
    return HyperDriveConfig(**{**fields, **changes})


def run_to_end(experiment: Experiment, *arguments: object, **changes: object) -> HyperDriveRun:
    sweep = experiment.submit(configure(experiment, *arguments, **changes))
    sweep.wait_for_completion(raise_on_error=False)
    return sweep


@pytest.fixture(scope="module")
def cancelled(experiment: Experiment) -> HyperDriveRun:
    """Two trials cut short at step 2 of 5, and one that never started."""
    sweep = experiment.submit(configure(experiment, "--steps", 5, "--stop-at", 2))
    wait_until(lambda: [row.intervals for row in sweep.view.trials()][:2] == [2, 2], "two steps")
    sweep.cancel()
    sweep.wait_for_completion()
    assert [row.outcome for row in sweep.view.trials()] == [Outcome.CANCELLED, Outcome.CANCELLED, None]
    return sweep


@pytest.fixture(scope="module")
def finished(experiment: Experiment) -> HyperDriveRun:
    return run_to_end(experiment, "--steps", 3)


def children(sweep: HyperDriveRun) -> list[Run]:
    return sorted(sweep.get_children(), key=lambda run: run.number)


def stops(sweep: HyperDriveRun) -> list[bool]:
    """Whether each trial was told to stop; short ones may end by themselves before they hear it."""
    return [any(verdict.stop for verdict in sweep.view.verdicts(run.number)) for run in children(sweep)]


def scores(run: Run) -> list[float]:
    return [point.value for point in run.view.curve(run.number)]


def test_cancelled_trials_go_on_and_new_ones_follow(experiment: Experiment, cancelled: HyperDriveRun) -> None:
    one, two = children(cancelled)[:2]
    sweep = run_to_end(experiment, "--steps", 5, resume_child_runs=[two, one])
    trials = children(sweep)
    assert [trial.hyperparameters["rate"] for trial in trials] == [2.0, 1.0, 3.0]
    assert scores(trials[0]) == [2.0, 4.0, 6.0, 8.0, 10.0]
    assert trials[0].get_metrics() == {"score": [2.0, 4.0, 6.0, 8.0, 10.0], "other": [1, 2, 3, 4, 5]}
    assert [point.is_inherited for point in sweep.view.curve(0)] == [True, True, False, False, False]
    assert [point.value for point in sweep.view.curve(0, attempt=0)] == [2.0, 4.0]
    assert [row.resumed_from for row in sweep.view.trials()] == [two.id, one.id, None]
    arguments = trials[0].get_details()["runDefinition"]["arguments"]
    outputs = str(sweep.folder / "trials" / "0" / "work" / "outputs")
    assert arguments == ["--steps", "5", "--resume-from", outputs, "--rate", "2"]
    assert (sweep.folder / "trials/0/work/outputs/begun.txt").read_text().split() == [two.id, trials[0].id]
    facts = json.loads((sweep.folder / "trials/0/trial.json").read_text())
    assert facts["resumed_from"] == {"sweep": cancelled.id, "trial": 1, "run_id": two.id, "outputs": outputs}
    assert json.loads((sweep.folder / "trials/2/trial.json").read_text())["resumed_from"] is None
    assert replay(sweep.folder) == []


def test_failed_completed_and_never_started_trials_go_on(experiment: Experiment, cancelled: HyperDriveRun) -> None:
    failed = run_to_end(experiment, "--steps", 4, "--stop-at", 1, "--how", "fail", stop_after_failures=0)
    done = run_to_end(experiment, "--steps", 2)
    assert [row.outcome for row in failed.view.trials()] == [Outcome.FAILED] * 3
    chosen = [children(failed)[0], children(done)[1], children(cancelled)[2]]
    sweep = run_to_end(experiment, "--steps", 4, resume_child_runs=chosen)
    assert [scores(run) for run in children(sweep)] == [[1, 2, 3, 4], [2, 4, 6, 8], [3, 6, 9, 12]]
    assert [run.status for run in children(sweep)] == ["Completed"] * 3


def test_a_trial_that_went_on_goes_on_again(experiment: Experiment, cancelled: HyperDriveRun) -> None:
    first = run_to_end(experiment, "--steps", 3, resume_child_runs=children(cancelled)[0], max_total_runs=1)
    second = run_to_end(experiment, "--steps", 4, resume_child_runs=children(first), max_total_runs=1)
    assert scores(children(second)[0]) == [1, 2, 3, 4]
    assert replay(second.folder) == []


def test_nothing_that_befalls_the_earlier_sweep_matters(experiment: Experiment, tmp_path: Path) -> None:
    parent = run_to_end(experiment, "--steps", 3)
    spec = configure(
        experiment,
        "--steps",
        3,
        resume_from=parent,
        resume_child_runs=children(parent)[2],
        policy=BanditPolicy(slack_factor=0.1, delay_evaluation=3),
    )
    sweep = experiment.submit(spec)
    shutil.rmtree(parent.folder)
    sweep.wait_for_completion()
    # 3 goes on with its whole curve; 1 and 2 are worse than it at interval 3, and come last since they were tried.
    assert [row.configuration["rate"] for row in sweep.view.trials()] == [3.0, 1.0, 2.0]
    assert stops(sweep) == [False, True, True]
    assert sweep.view.verdicts(1)[-1].best_trial == 0
    best = sweep.get_best_run_by_primary_metric()
    assert best is not None and best.id == f"{sweep.id}_0"
    assert replay(sweep.folder) == []


def test_new_trials_are_judged_by_earlier_ones(experiment: Experiment, finished: HyperDriveRun) -> None:
    sweep = run_to_end(
        experiment,
        "--steps",
        3,
        hyperparameter_sampling=RandomParameterSampling({"rate": uniform(0, 1)}, seed=1),
        policy=BanditPolicy(slack_factor=0.1, delay_evaluation=2),
        resume_from=[finished],
    )
    assert stops(sweep) == [True] * 3
    (verdict,) = sweep.view.verdicts(0)
    assert (verdict.interval, verdict.best_trial) == (2, f"{finished.id}_2")
    assert verdict.compared >= 4
    best = sweep.get_best_run_by_primary_metric()
    assert best is not None and best.id == f"{finished.id}_2" and best.parent == finished
    own = sweep.get_best_run_by_primary_metric(include_resume_from_runs=False)
    assert own is not None and own.parent == sweep
    assert json.loads(sweep.properties["resume_from"]) == [finished.id]
    assert replay(sweep.folder) == []


def test_five_parents_and_no_more(experiment: Experiment, finished: HyperDriveRun) -> None:
    others = [run_to_end(experiment, "--steps", 1, max_total_runs=1) for _ in range(5)]
    sweep = run_to_end(experiment, "--steps", 1, resume_from=others, max_total_runs=1)
    assert sweep.spec.resume_from == tuple(other.id for other in others)
    assert len(sweep.view.trials()) == 1
    for field, runs in (
        ("resume_from", [*others, finished]),
        ("resume_child_runs", [children(one)[0] for one in [*others, finished]]),
    ):
        with pytest.raises(SpecError) as caught:
            configure(experiment, **{field: runs, "max_total_runs": 10})
        assert (caught.value.field, caught.value.value) == (field, 6)


def test_spaces_may_differ_unless_azure_is_to_be_kept_to(experiment: Experiment, finished: HyperDriveRun) -> None:
    other = BayesianParameterSampling({"rate": choice(1.0, 4.0)})
    more: dict = {"hyperparameter_sampling": other, "max_total_runs": 20, "resume_from": finished}
    assert configure(experiment, **more).resume_from == (finished,)
    with pytest.raises(SpecError, match="same search space"):
        configure(experiment, **more, strict=True)


def test_a_running_sweep_and_its_trials_are_refused(experiment: Experiment) -> None:
    sweep = experiment.submit(configure(experiment, "--steps", 5, "--stop-at", 0))
    wait_until(lambda: children(sweep), "a trial")
    for field, runs in (("resume_from", sweep), ("resume_child_runs", children(sweep)[0])):
        with pytest.raises(SpecError) as caught:
            configure(experiment, **{field: runs})
        assert caught.value.field == field
    sweep.cancel()
    sweep.wait_for_completion()


def test_in_azure_words(experiment: Experiment, cancelled: HyperDriveRun, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OVERDRIVE_WORKSPACE", str(experiment.workspace.path))
    workspace = azureml.Workspace.from_config()
    parent = azureml.HyperDriveRun(azureml.Experiment(workspace, "warm"), cancelled.id)
    config = azureml.HyperDriveConfig(
        run_config=azureml.ScriptRunConfig(
            source_directory=str(experiment.workspace.path.parent / "source"),
            script="train.py",
            arguments=["--steps", 4],
        ),
        hyperparameter_sampling=azureml.RandomParameterSampling({"rate": azureml.choice(1.0, 2.0, 3.0)}),
        primary_metric_name="score",
        primary_metric_goal=azureml.PrimaryMetricGoal.MAXIMIZE,
        max_total_runs=2,
        resume_from=[parent],
        resume_child_runs=[run for run in parent.get_children() if run.get_status() == "Canceled"],
    )
    sweep = azureml.Experiment(workspace, "warm").submit(config)
    sweep.wait_for_completion()
    assert sorted(run.get_metrics()["score"] for run in sweep.get_children()) == [[1, 2, 3, 4], [2, 4, 6, 8]]


# The example


def test_the_example_joins_its_curve(experiment: Experiment) -> None:
    """The curve of a trial that was cut short and gone on with is that of one which was left alone."""

    def submit(*arguments: object, **more: object) -> HyperDriveRun:
        training = ScriptRunConfig(source_directory=EXAMPLE, script="train.py", arguments=["--epochs", 8, *arguments])
        return experiment.submit(
            HyperDriveConfig(
                run_config=training,
                hyperparameter_sampling=GridParameterSampling({"hidden": choice(16)}),
                primary_metric_name="accuracy",
                primary_metric_goal=PrimaryMetricGoal.MAXIMIZE,
                max_total_runs=1,
                **more,
            )
        )

    alone = submit()
    cut_short = submit("--pause", 600)
    wait_until(lambda: cut_short.get_metrics(), "the first epoch")
    cut_short.cancel()
    cut_short.wait_for_completion()
    again = submit("--pause", 0, resume_child_runs=list(cut_short.get_children()))
    for sweep in (alone, again):
        sweep.wait_for_completion()
    assert len(scores(children(alone)[0])) == 8
    assert scores(children(again)[0]) == scores(children(alone)[0])
    assert [point.step for point in again.view.curve(0)] == list(range(1, 9))


def test_the_example_control_script(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, str(EXAMPLE / "control.py")],
        cwd=tmp_path,
        env={"PATH": "/usr/bin:/bin", "HOME": str(tmp_path), "OVERDRIVE_WORKSPACE": str(tmp_path / "ws")},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "was cut short" in done.stdout and "the best is HD_" in done.stdout


# On the command line


def overdrive(*arguments: object, code: int = 0) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "overdrive", *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == code, done.stdout + done.stderr
    return done


@pytest.fixture
def at_home(experiment: Experiment, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OVERDRIVE_WORKSPACE", str(experiment.workspace.path))


@pytest.mark.usefixtures("at_home")
def test_resume_with_trials(experiment: Experiment, cancelled: HyperDriveRun) -> None:
    started = json.loads(overdrive("resume", f"{cancelled.id}_1", "--trial", 0, "--json").stdout)
    sweep = HyperDriveRun(experiment, started["id"])
    sweep.wait_for_completion()
    assert [row.resumed_from for row in sweep.view.trials()] == [f"{cancelled.id}_1", f"{cancelled.id}_0"]
    assert [scores(run) for run in children(sweep)] == [[2, 4, 6, 8, 10], [1, 2, 3, 4, 5]]
    assert (sweep.folder / "snapshot" / "train.py").read_text() == COUNT
    page = overdrive("show", f"{sweep.id}_0").stdout
    assert f"resumed from  {cancelled.id}_1" in page and "▁▃│▅▇█" in page
    assert f"5 intervals, the first 2 of {cancelled.id}_1" in page
    assert f"2 trials of {cancelled.id}" in overdrive("show", sweep.id).stdout
    assert json.loads(overdrive("show", f"{sweep.id}_1", "--json").stdout)["resumed_from"] == f"{cancelled.id}_0"
    points = json.loads(overdrive("export", sweep.id, "--points", "--format", "json").stdout)
    own = [p["is_inherited"] for p in points if p["trial"] == 0 and p["metric"] == "score"]
    assert own == [True, True, False, False, False]
    found = overdrive("metrics", f"{sweep.id}_0", "--json")
    assert json.loads(found.stdout)["score"] == [2, 4, 6, 8, 10]
    assert f"{cancelled.id}_1" in overdrive("metrics", f"{sweep.id}_0").stderr
    overdrive("replay", sweep.id)


@pytest.mark.usefixtures("at_home")
def test_resume_takes_another_script_from_another_folder(
    experiment: Experiment, cancelled: HyperDriveRun, tmp_path: Path
) -> None:
    (tmp_path / "train.py").write_text(COUNT.replace("args.rate * step", "100"))
    done = overdrive("resume", cancelled.id, "--trial", 0, "--source", tmp_path, "--json")
    sweep = HyperDriveRun(experiment, json.loads(done.stdout)["id"])
    sweep.wait_for_completion()
    assert scores(children(sweep)[0]) == [1, 2, 100, 100, 100]


@pytest.mark.usefixtures("at_home")
def test_what_resume_refuses(experiment: Experiment, cancelled: HyperDriveRun, tmp_path: Path) -> None:
    before = sorted(experiment.workspace.sweeps_folder.iterdir())
    for arguments, code, words in (
        ([cancelled.id, "--trial", 9], 3, "has no trial 9"),
        ([cancelled.id, "--trial", 0, "--trial", 0], 2, "each trial once"),
        ([cancelled.id, "--source", tmp_path], 2, "--trial N"),
        ([cancelled.id, "--trial", 0, "--source", tmp_path], 2, "train.py"),
    ):
        assert words in overdrive("resume", *arguments, code=code).stderr
    assert sorted(experiment.workspace.sweeps_folder.iterdir()) == before


@pytest.mark.usefixtures("at_home")
def test_resume_of_a_cancelled_sweep_says_what_becomes_of_its_trials(experiment: Experiment) -> None:
    sweep = experiment.submit(configure(experiment, "--steps", 3, "--stop-at", 2, max_concurrent_runs=1))
    wait_until(lambda: [row.intervals for row in sweep.view.trials()][:1] == [2], "two steps")
    sweep.cancel()
    sweep.wait_for_completion()
    said = overdrive("resume", sweep.id).stdout
    assert "goes on with 2 trials" in said and "--trial 0" in said
    sweep.cancel()
    sweep.wait_for_completion()


@pytest.mark.usefixtures("at_home")
def test_tune_starts_from_earlier_sweeps(experiment: Experiment, finished: HyperDriveRun) -> None:
    script = experiment.workspace.path.parent / "source" / "train.py"
    tune = ["tune", script, "-s", "rate=choice(0.1, 0.2)", "--sampling", "grid", "-m", "score", "--goal", "maximize"]
    tune += ["--experiment", "warm", "--policy", "bandit(slack_factor=0.1)"]
    more = ["--resume-from", finished.id, "--json", "--", "--steps", 3]
    done = json.loads(overdrive(*tune, *more).stdout)
    assert done["resume_from"] == [finished.id]
    sweep = HyperDriveRun(experiment, done["id"])
    assert stops(sweep) == [True, True]
    assert f"{finished.id}_2, from which this sweep started, was better: score 9" in overdrive("best", sweep.id).stderr
    assert "a HyperDriveRun" in overdrive(*tune, "--resume-from", f"{finished.id}_0", code=2).stderr
