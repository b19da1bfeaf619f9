"""Bayesian sampling in real sweeps: it learns, in a process of its own, and every suggestion can be derived again."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from commands import overdrive

from overdrive import BayesianParameterSampling
from overdrive import Experiment
from overdrive import HyperDriveConfig
from overdrive import HyperDriveRun
from overdrive import MedianStoppingPolicy
from overdrive import PrimaryMetricGoal
from overdrive import ScriptRunConfig
from overdrive import Workspace
from overdrive import choice
from overdrive import loguniform
from overdrive import uniform
from overdrive.engine.replay import replay
from overdrive.records import Kind
from overdrive.store import SweepReader

#: Few trials are warned of.
pytestmark = pytest.mark.filterwarnings("ignore:max_total_runs")

#: Best at x = 0.3, kind b; fails where x > 0.9.
SCRIPT = """
import argparse, sys
from overdrive import Run

parser = argparse.ArgumentParser()
parser.add_argument("--x", type=float)
parser.add_argument("--rate", type=float)
parser.add_argument("--kind")
args = parser.parse_args()
if args.x > 0.9:
    sys.exit("too far")
run = Run.get_context()
for epoch in range(3):
    run.log("loss", (args.x - 0.3) ** 2 + (args.kind != "b") + 0.1 / (epoch + 1))
"""


@pytest.fixture(scope="module")
def experiment(tmp_path_factory: pytest.TempPathFactory) -> Experiment:
    return Experiment(Workspace(tmp_path_factory.mktemp("bayesian") / "workspace"), "learning")


def run(
    experiment: Experiment,
    source: Path,
    space: dict[str, object],
    trials: int,
    at_once: int,
    resume_from: list[HyperDriveRun] | None = None,
) -> HyperDriveRun:
    source.mkdir()
    (source / "train.py").write_text(SCRIPT)
    config = HyperDriveConfig(
        run_config=ScriptRunConfig(source_directory=str(source), script="train.py"),
        hyperparameter_sampling=BayesianParameterSampling(space, seed=5),
        policy=MedianStoppingPolicy(delay_evaluation=2),
        primary_metric_name="loss",
        primary_metric_goal=PrimaryMetricGoal.MINIMIZE,
        max_total_runs=trials,
        max_concurrent_runs=at_once,
        resume_from=resume_from,
    )
    sweep = experiment.submit(config)
    sweep.wait_for_completion(raise_on_error=False)
    return sweep


def test_a_sweep_learns(experiment: Experiment, tmp_path: Path) -> None:
    space = {"x": uniform(0, 1), "rate": loguniform(-9, 0), "kind": choice("a", "b", "c")}
    sweep = run(experiment, tmp_path / "source", space, trials=24, at_once=2)
    rows = sweep.view.trials()
    late = [row.configuration for row in rows[12:]]
    assert sum(configuration["kind"] == "b" for configuration in late) > 6, "by luck it would be four of twelve"
    best = sweep.get_best_run_by_primary_metric()
    assert best is not None and abs(best.hyperparameters["x"] - 0.3) < 0.1  # type: ignore[operator]
    assert all(row.reason for row in rows)
    assert replay(sweep.folder) == []
    _check_explanations(sweep)


def _check_explanations(sweep: HyperDriveRun) -> None:
    """What `explain` says of it: kind and x matter, rate does not, and suggestions come with predictions."""
    workspace = ["--workspace", sweep.experiment.workspace.path]
    told = json.loads(overdrive(*workspace, "explain", sweep.id, "--json").stdout)
    importances = {one["name"]: one["total"] for one in told["importances"]}
    assert max(importances, key=lambda name: importances[name]) != "rate"
    assert all(0 <= value <= 1 for value in importances.values())
    assert len(told["suggestions"]) == 24
    late = told["suggestions"][-1]
    assert late["mode"] in ("explore", "exploit") and late["deviation"] >= 0 and late["weights"]
    assert "with others" in overdrive(*workspace, "explain", sweep.id).stdout
    assert "suggested" in overdrive(*workspace, "explain", f"{sweep.id}_20").stdout
    assert len(json.loads(overdrive(*workspace, "explain", sweep.id, "--marginal", "kind", "--json").stdout)) == 3
    wrong = overdrive(*workspace, "explain", sweep.id, "--marginal", "nothing", code=2)
    assert "nothing" in wrong.stderr and "rate" in wrong.stderr


def test_explain_says_what_earlier_sweeps_could_not_say(experiment: Experiment, tmp_path: Path) -> None:
    earlier = run(experiment, tmp_path / "earlier", {"x": uniform(0, 1), "kind": choice("a", "b")}, trials=6, at_once=2)
    space = {"x": uniform(0, 1), "rate": loguniform(-9, 0)}
    sweep = run(experiment, tmp_path / "source", space, trials=6, at_once=2, resume_from=[earlier])
    asked = ("--workspace", experiment.workspace.path, "explain", sweep.id)
    told = json.loads(overdrive(*asked, "--json").stdout)["left_out"]
    assert [sentence.removeprefix(f"{earlier.id}: ") for sentence in told] == [
        "kind is not in this space and is left out",
        "rate is new, and unknown for its trials",
    ]
    assert all(sentence in overdrive(*asked).stdout for sentence in told)


def test_a_sweep_without_values_cannot_be_explained(experiment: Experiment, tmp_path: Path) -> None:
    sweep = run(experiment, tmp_path / "source", {"x": uniform(0.95, 1)}, trials=2, at_once=1)
    refused = overdrive("--workspace", experiment.workspace.path, "explain", sweep.id, code=2)
    assert "cannot be explained: it takes two or more trials that ended with a value" in refused.stderr
    assert "all 2 trials failed" in refused.stderr


def test_a_finite_space_is_tried_once_and_ends_the_sweep(experiment: Experiment, tmp_path: Path) -> None:
    space = {"x": choice(0.1, 0.3, 0.5), "kind": choice("a", "b"), "rate": choice(1)}
    sweep = run(experiment, tmp_path / "source", space, trials=20, at_once=3)
    tried = [tuple(row.configuration.values()) for row in sweep.view.trials()]
    assert len(tried) == len(set(tried)) == 6
    assert sweep.get_status() == "Completed"
    assert "6 configurations" in sweep.view.reason


def test_the_engine_loads_no_numpy(experiment: Experiment, tmp_path: Path) -> None:
    """What it needs of the sampler is light; the questions are in the journal."""
    sweep = run(experiment, tmp_path / "source", {"x": uniform(0, 1)}, trials=3, at_once=1)
    with SweepReader(sweep.folder) as reader:
        kinds = [event.kind for event in reader.events()]
    assert kinds.count(Kind.ASKED) == kinds.count(Kind.SUGGESTED) == 3


def test_the_sampler_is_light_until_it_is_asked() -> None:
    code = (
        "import sys; from overdrive.sampling import build_sampler; from overdrive.space import Space\n"
        "build_sampler({'name': 'BayesianOptimization'}, Space({'x': ['uniform', [0, 1]]}), 1)\n"
        "print('numpy' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"
