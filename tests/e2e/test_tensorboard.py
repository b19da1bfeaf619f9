"""Training scripts that write TensorBoard's event files and log in no other way."""

from pathlib import Path

import pytest

from overdrive import Experiment
from overdrive import GridParameterSampling
from overdrive import HyperDriveConfig
from overdrive import HyperDriveRun
from overdrive import MedianStoppingPolicy
from overdrive import PrimaryMetricGoal
from overdrive import RandomParameterSampling
from overdrive import ScriptRunConfig
from overdrive import Workspace
from overdrive import choice
from overdrive import uniform
from overdrive.records import Outcome
from overdrive.sampling import HyperParameterSampling

WRITES_ONLY = """
import sys
from tensorboardX import SummaryWriter

x = float(sys.argv[2])
writer = SummaryWriter("logs/board")
for epoch in range(6):
    writer.add_scalar("accuracy", x + epoch / 10, epoch)
    writer.add_scalar("loss", 1 - x, epoch)
writer.close()
"""
LOGS_TOO = (
    WRITES_ONLY
    + """
from overdrive import Run
Run.get_context().log("accuracy", x)
"""
)
#: Writes on until it is stopped: what it writes must be seen while it runs.
GOES_ON = """
import os, sys, time
from tensorboardX import SummaryWriter

is_good = sys.argv[2] == "good"
writer = SummaryWriter("logs")
epoch = 0
while epoch < 3 or not is_good:
    writer.add_scalar("accuracy", float(is_good), epoch)
    epoch += 1
    time.sleep(0.3)
writer.close()
"""


def run(folder: Path, script: str, sampling: HyperParameterSampling, trials: int, **more: object) -> HyperDriveRun:
    (folder / "source").mkdir()
    (folder / "source" / "train.py").write_text(script)
    config = HyperDriveConfig(
        run_config=ScriptRunConfig(source_directory=folder / "source", script="train.py"),
        hyperparameter_sampling=sampling,
        primary_metric_name="accuracy",
        primary_metric_goal=PrimaryMetricGoal.MAXIMIZE,
        max_total_runs=trials,
        **more,  # type: ignore[arg-type]
    )
    sweep = Experiment(Workspace(folder / "workspace"), "board").submit(config)
    sweep.wait_for_completion()
    return sweep


def test_scalars_become_the_trials_metrics(tmp_path: Path) -> None:
    sweep = run(tmp_path, WRITES_ONLY, RandomParameterSampling({"x": uniform(0, 1)}), 1)
    (row,) = sweep.view.trials()
    x = row.configuration["x"]
    assert row.intervals == 6
    best = sweep.get_best_run_by_primary_metric()
    assert best is not None
    assert best.get_metrics()["accuracy"] == pytest.approx([x + epoch / 10 for epoch in range(6)], abs=1e-6)  # type: ignore[operator]
    assert len(best.get_metrics()["loss"]) == 6


def test_a_metric_that_the_script_logs_itself_counts_once(tmp_path: Path) -> None:
    sweep = run(tmp_path, LOGS_TOO, RandomParameterSampling({"x": uniform(0, 1)}), 1)
    (row,) = sweep.view.trials()
    assert row.intervals == 1
    assert row.last == row.configuration["x"]


def test_values_are_seen_while_the_trial_runs(tmp_path: Path) -> None:
    """The bad trial never ends by itself: only a verdict on what it writes can end it."""
    sampling = GridParameterSampling({"kind": choice("good", "bad")})
    policy = MedianStoppingPolicy(delay_evaluation=2)
    sweep = run(tmp_path, GOES_ON, sampling, 2, policy=policy, max_concurrent_runs=1)
    assert [row.outcome for row in sweep.view.trials()] == [Outcome.COMPLETED, Outcome.STOPPED_EARLY]
