"""A sweep whose engine is killed again and again comes to the same trials and verdicts as one that is left alone."""

import random
import time
from pathlib import Path

import pytest
from faults import KILLS
from faults import Sweep
from faults import wait_until

from overdrive.engine.replay import replay
from overdrive.records import Outcome
from overdrive.records import SweepStatus
from overdrive.sampling import BayesianParameterSampling
from overdrive.sampling import GridParameterSampling
from overdrive.sampling import RandomParameterSampling
from overdrive.space import choice
from overdrive.space import uniform
from overdrive.termination import MedianStoppingPolicy

#: A curve that depends on x alone, and goes on long after a verdict.
CURVE = """
import math, sys, time
from overdrive import Run
x = float(sys.argv[2])
run = Run.get_context()
for step in range(12):
    run.log("score", x + 0.02 * step * math.sin(100 * x))
    time.sleep(0.02)
"""

#: Notes that it ran, in the ledger.
CELL = """
import os, sys
from overdrive import Run
with open(sys.argv[1], "a") as ledger:
    ledger.write(f"{sys.argv[3]} {sys.argv[5]}\\n")
Run.get_context().log("score", 1)
"""

SAMPLINGS = {
    "random": lambda: RandomParameterSampling({"x": uniform(0, 1)}, seed=11),
    "bayesian": lambda: BayesianParameterSampling({"x": uniform(0, 1)}, seed=11),
    "grid": lambda: GridParameterSampling({"x": choice(*(round(0.83 * n % 1, 2) for n in range(1, 9)))}),
}


def curves(folder: Path, sampling: str) -> Sweep:
    policy = MedianStoppingPolicy(delay_evaluation=2)
    return Sweep(folder, CURVE, trials=8, sampling=SAMPLINGS[sampling](), policy=policy, max_concurrent_runs=1)


def decided(sweep: Sweep) -> list[tuple]:
    """What a sweep came to: each trial's configuration and verdicts."""
    view = sweep.view
    return [(row.number, row.configuration, view.verdicts(row.number)) for row in view.trials()]


def kill_after_event(sweep: Sweep, seq: int) -> None:
    """KILL to the engine as soon as the journal has so many events."""
    wait_until(lambda: sweep.tend() or sweep.view.facts().seq >= seq or sweep.view.is_over, f"event {seq}")
    sweep.kill_engine()


@pytest.mark.filterwarnings("ignore:max_total_runs")
@pytest.mark.parametrize("sampling", ["random", "grid", "bayesian"])
def test_the_same_verdicts(tmp_path: Path, sampling: str) -> None:
    alone = curves(tmp_path / "alone", sampling)
    alone.finish()
    wanted = decided(alone)
    assert Outcome.STOPPED_EARLY in alone.outcomes()
    events = len(alone.events())
    dice = random.Random(sampling)
    for number in range(max(1, KILLS // 24)):
        sweep = curves(tmp_path / str(number), sampling)
        seq = dice.randrange(1, 6)
        while not sweep.view.is_over and seq < 4 * events:
            kill_after_event(sweep, seq)
            if dice.random() < 0.3:
                time.sleep(0.25)  # nobody takes in what the trial logs, past its verdict too
            seq = sweep.view.facts().seq + dice.randrange(1, 8)
        sweep.finish()
        assert sweep.kills >= 3
        assert decided(sweep) == wanted
        assert replay(sweep.folder) == []


def test_each_cell_once(tmp_path: Path) -> None:
    cells = (20, 10) if KILLS > 50 else (5, 4)
    ledger = tmp_path / "ledger.txt"
    ledger.touch()
    space = {"a": choice(*range(cells[0])), "b": choice(*range(cells[1]))}
    sampling = GridParameterSampling(space)
    sweep = Sweep(tmp_path / "s", CELL, trials=1000, arguments=[ledger], sampling=sampling, max_concurrent_runs=4)
    dice = random.Random(5)
    while not sweep.view.is_over:
        sweep.tend()
        # The instant at random is the point of this wait; nothing is synchronised by it.
        time.sleep(dice.uniform(0.02, 0.4))
        sweep.kill_engine()
    wanted = sorted((a, b) for a in range(cells[0]) for b in range(cells[1]))
    rows = sweep.view.trials()
    assert sorted((row.configuration["a"], row.configuration["b"]) for row in rows) == wanted
    assert sorted(tuple(map(int, line.split())) for line in ledger.read_text().splitlines()) == wanted
    assert sweep.view.status is SweepStatus.COMPLETED
    assert set(sweep.outcomes()) == {Outcome.COMPLETED}
    assert sweep.orphans() == []
    assert replay(sweep.folder) == []
