"""Trials that go on with earlier ones, while engines and shims are killed: nothing is lost, outputs are copied once."""

import random
from pathlib import Path

from faults import KILLS
from faults import Sweep
from faults import wait_until

from overdrive import Experiment
from overdrive import Run
from overdrive import Workspace
from overdrive.client import ask
from overdrive.engine.replay import replay
from overdrive.records import Outcome
from overdrive.sampling import GridParameterSampling
from overdrive.space import choice

STEPS = 12

#: Counts, with a checkpoint after each step; waits at step 4 in its first life, while there is no file that says go.
COUNT = f"""
import json, os, sys, time
from overdrive import Run
go = sys.argv[1]
resumes = "--resume-from" in sys.argv
with open("outputs/begun.txt", "a") as file:
    file.write(os.environ["OVERDRIVE_ATTEMPT"] + "\\n")
run = Run.get_context()
step = json.load(open("outputs/step.json")) if os.path.exists("outputs/step.json") else 0
while step < {STEPS}:
    while step == 4 and not resumes and not os.path.exists(go):
        time.sleep(0.02)
    step += 1
    run.log("score", float(sys.argv[-1]) * step, step=step)
    with open("outputs/new.json", "w") as file:
        json.dump(step, file)
    os.replace("outputs/new.json", "outputs/step.json")
    time.sleep(0.05)
"""


def cut_short(folder: Path) -> Sweep:
    """Two trials that were cancelled at step 4."""
    sampling = GridParameterSampling({"rate": choice(1.0, 2.0)})
    sweep = Sweep(folder, COUNT, trials=2, sampling=sampling, arguments=[folder / "go"])
    wait_until(lambda: [row.intervals for row in sweep.view.trials()] == [4, 4], "four steps")
    ask(sweep.view, kind="cancel", by="ann")
    sweep.finish()
    assert sweep.outcomes() == [Outcome.CANCELLED] * 2
    return sweep


def going_on(folder: Path, parent: Sweep) -> Sweep:
    runs = [Run(Experiment(Workspace(), "storm"), f"{parent.id}_{number}") for number in (0, 1)]
    sampling = GridParameterSampling({"rate": choice(1.0, 2.0, 3.0)})
    (folder).mkdir()
    (folder / "go").touch()
    return Sweep(
        folder, COUNT, trials=3, sampling=sampling, arguments=[folder / "go"], resume_child_runs=runs, starts=False
    )


def check(sweep: Sweep, parent: Sweep) -> None:
    assert sweep.outcomes() == [Outcome.COMPLETED] * 3
    for number in range(3):
        points = sweep.view.curve(number)
        assert [point.step for point in points] == list(range(1, STEPS + 1))
        assert [point.interval for point in points] == list(range(1, STEPS + 1))
    for number in (0, 1):
        begun = (sweep.folder / f"trials/{number}/work/outputs/begun.txt").read_text().split()
        attempts = [f"{sweep.id}/{number}/{n + 1}" for n in range(sweep.view.trials()[number].attempt)]
        assert begun == [f"{parent.id}/{number}/1", *attempts]
    assert sweep.orphans() == []
    assert replay(sweep.folder) == []


def kill_after_event(sweep: Sweep, seq: int) -> None:
    wait_until(lambda: sweep.tend() or sweep.view.facts().seq >= seq or sweep.view.is_over, f"event {seq}")
    sweep.kill_engine()


def test_the_engine_is_killed_again_and_again(tmp_path: Path) -> None:
    parent = cut_short(tmp_path / "first")
    dice = random.Random(3)
    sweep = going_on(tmp_path / "second", parent)
    seq = 0
    while not sweep.view.is_over and sweep.kills < max(8, KILLS // 2):
        seq += dice.randrange(1, 8)
        kill_after_event(sweep, seq)
        seq = max(seq, sweep.view.facts().seq)
    sweep.finish()
    assert sweep.kills >= 3
    assert [row.attempt for row in sweep.view.trials()] == [1, 1, 1]
    check(sweep, parent)


def test_a_trial_that_is_lost_goes_on_from_its_own_checkpoint(tmp_path: Path) -> None:
    """What its first attempt left is not copied over; both attempts' values are kept."""
    parent = cut_short(tmp_path / "first")
    sweep = going_on(tmp_path / "second", parent)
    sweep.tend()
    wait_until(lambda: [row.intervals for row in sweep.view.trials()][:2] >= [6, 6], "a few steps more")
    assert sweep.kill_shims() == 2
    sweep.finish()
    assert [row.attempt for row in sweep.view.trials()] == [2, 2, 1]
    check(sweep, parent)
    first = sweep.view.curve(0, attempt=1)
    assert len(first) >= 6 and [point.step for point in first] == list(range(1, len(first) + 1))
