"""Replay re-derives every suggestion and verdict of a real sweep, and reports whatever was changed."""

import json
import shutil
import sqlite3
from pathlib import Path

import pytest
from storm import Storm
from storm import wait_until

from overdrive import Experiment
from overdrive import HyperDriveConfig
from overdrive import MedianStoppingPolicy
from overdrive import PrimaryMetricGoal
from overdrive import RandomParameterSampling
from overdrive import ScriptRunConfig
from overdrive import Workspace
from overdrive import uniform
from overdrive.engine.replay import replay
from overdrive.views import open_sweep

SCRIPT = """
import argparse
from overdrive import Run
parser = argparse.ArgumentParser()
parser.add_argument("--x", type=float)
x = parser.parse_args().x
for step in range(6):
    Run.get_context().log("score", x + step / 10)
    Run.get_context().log("loss", 1 - x)
"""


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A sweep that is over, with verdicts."""
    top = tmp_path_factory.mktemp("replay")
    (top / "source").mkdir()
    (top / "source" / "train.py").write_text(SCRIPT)
    workspace = Workspace(top / "workspace")
    config = HyperDriveConfig(
        run_config=ScriptRunConfig(source_directory=str(top / "source"), script="train.py"),
        hyperparameter_sampling=RandomParameterSampling({"x": uniform(0, 1)}, seed=5),
        policy=MedianStoppingPolicy(delay_evaluation=2),
        primary_metric_name="score",
        primary_metric_goal=PrimaryMetricGoal.MAXIMIZE,
        max_total_runs=8,
        max_concurrent_runs=2,
    )
    run = Experiment(workspace, "replay").submit(config)
    run.wait_for_completion()
    folder = workspace.sweeps_folder / run.id
    # The engine closes its database a moment after the sweep is over, and a copy made meanwhile may miss a file.
    wait_until(lambda: not open_sweep(folder).engine().alive, "the end of the engine")
    return folder


@pytest.fixture
def copy(finished: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(finished, tmp_path / "copy"))


def change(folder: Path, statement: str) -> None:
    with sqlite3.connect(folder / "sweep.db") as db:
        assert db.execute(statement).rowcount == 1
    db.close()


def test_an_untouched_sweep_replays_without_a_difference(finished: Path) -> None:
    assert replay(finished) == []


@pytest.mark.parametrize("name", ["score", "loss"])
def test_one_changed_metric_is_reported(copy: Path, name: str) -> None:
    change(
        copy,
        f"UPDATE metrics SET value = value + 0.5 WHERE (name, trial, n) = "
        f"(SELECT name, trial, n FROM metrics WHERE name = '{name}' AND trial = 3 ORDER BY n LIMIT 1)",
    )
    assert any("trial 3" in line and "not those that were taken in" in line for line in replay(copy))


@pytest.mark.parametrize(
    "column", ["stop = 1 - stop", "threshold = 0.123", "own = 0.5", "best_trial = 7", "formula = ''"]
)
def test_one_changed_verdict_is_reported(copy: Path, column: str) -> None:
    one = "(SELECT MAX(trial), 2 FROM verdicts WHERE interval = 2)"
    change(copy, f"UPDATE verdicts SET {column} WHERE (trial, interval) = {one}")
    (line,) = replay(copy)
    assert "interval 2" in line and "differs from the derived" in line and column.split()[0] in line


def test_a_lost_verdict_and_an_invented_one_are_reported(copy: Path) -> None:
    change(copy, "DELETE FROM verdicts WHERE (trial, interval) = (SELECT MIN(trial), 2 FROM verdicts)")
    assert any("no verdict is recorded" in line for line in replay(copy))
    change(copy, "UPDATE verdicts SET interval = 99 WHERE (trial, interval) = (SELECT MAX(trial), 2 FROM verdicts)")
    assert any("not derived" in line for line in replay(copy))


def test_a_changed_suggestion_is_reported(copy: Path) -> None:
    with sqlite3.connect(copy / "sweep.db") as db:
        seq, text = db.execute("SELECT seq, body FROM events WHERE kind = 'suggested' AND trial = 2").fetchone()
        body = json.loads(text)
        body["configuration"]["x"] += 1e-12
        db.execute("UPDATE events SET body = ? WHERE seq = ?", (json.dumps(body), seq))
    db.close()
    assert any("suggestion of trial 2" in line for line in replay(copy))


def test_a_changed_projection_is_reported(copy: Path) -> None:
    change(copy, "UPDATE trials SET best = 17 WHERE number = 4")
    assert replay(copy) == ["trial 4: its row differs from its events in best"]


def test_a_running_sweep_replays_without_a_difference(tmp_path: Path) -> None:
    storm = Storm(tmp_path, trials=16, steps=20, pause_s=0.005)
    wait_until(lambda: len(storm.view.trials()) > 2, "a sweep on its way")
    looks = 0
    while not storm.view.is_over:
        assert replay(storm.folder) == []
        looks += 1
    assert looks > 5
    assert replay(storm.folder) == []
