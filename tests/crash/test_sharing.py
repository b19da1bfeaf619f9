"""Two sweeps on one machine: never more at once than there is room for, and both get on; with kills, too."""

import random
import time
from pathlib import Path

import pytest
from faults import KILLS
from faults import Sweep
from faults import tagged
from faults import wait_until

from overdrive.records import Outcome

#: Takes one of as many kernel locks as there is room, or those of its GPUs, as long as anything of it lives; says so
#: where somebody has them.
PERMIT = """
import fcntl, os, sys, time
from overdrive import Run
folder = sys.argv[1]
tag = os.environ["OVERDRIVE_ATTEMPT"]

def note(*words):
    with open(folder + "/ledger", "a") as ledger:
        ledger.write(" ".join((tag, *words)) + "\\n")

def take(name):
    fd = os.open(folder + "/" + name, os.O_CREAT | os.O_RDWR)
    try:
        fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(fd)
        return False
    return True

gpus = os.environ.get("CUDA_VISIBLE_DEVICES", "")
if sys.argv[2] == "gpus":
    taken = bool(gpus) and all([take("gpu-" + gpu) for gpu in gpus.split(",")])
else:
    taken = any(take("core-" + str(number)) for number in range(2))
note("took" if taken else "OVERLAP", gpus)
if os.fork() == 0:
    os.setsid()
    time.sleep(float(sys.argv[4]) / 4)
    os._exit(0)
Run.get_context().log("score", 1)
time.sleep(float(sys.argv[4]) / 8)
"""


class Pair:
    """Two sweeps that want all the room there is."""

    def __init__(self, folder: Path, room: str, trials: int) -> None:
        self.ledger = folder / "ledger"
        self.ledger.touch()
        gpus = 1 if room == "gpus" else 0
        self.both = [
            Sweep(folder / name, PERMIT, trials=trials, arguments=[folder, room], gpus=gpus, seed=seed)
            for seed, name in enumerate(("a", "b"))
        ]

    def finish(self) -> None:
        wait_until(lambda: all([sweep.tend() or sweep.view.is_over for sweep in self.both]), "the end of both")

    def check(self) -> None:
        lines = [line.split() for line in self.ledger.read_text().splitlines()]
        assert [line for line in lines if line[1] != "took"] == []
        for sweep in self.both:
            assert sweep.orphans() == []

    def order(self) -> list[str]:
        """Which sweep's trials started, in order."""
        ids = {sweep.id: name for sweep, name in zip(self.both, "ab", strict=True)}
        return [ids[line.partition("/")[0]] for line in self.ledger.read_text().splitlines()]


@pytest.fixture(params=["cores", "gpus"])
def room(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv("OVERDRIVE_GPUS", "0,1")
    return request.param


def test_left_alone(tmp_path: Path, room: str) -> None:
    pair = Pair(tmp_path, room, 10)
    pair.finish()
    pair.check()
    assert [set(sweep.outcomes()) for sweep in pair.both] == [{Outcome.COMPLETED}] * 2
    assert set(pair.order()[:10]) == {"a", "b"}, "both get on from the beginning"


def test_with_kills(tmp_path: Path, room: str) -> None:
    """KILL to engines, shims, or all processes of a sweep but its scripts."""
    pair = Pair(tmp_path, room, 8 + KILLS // 4)
    dice = random.Random(room)
    for _ in range(max(4, KILLS // 4)):
        sweep = dice.choice(pair.both)
        sweep.tend()
        # The instant at random is the point of this wait; nothing is synchronised by it.
        time.sleep(dice.uniform(0.02, 0.3))
        kind = dice.randrange(3)
        if kind != 1:
            sweep.kill_engine()
        if kind != 0:
            sweep.kill_shims()
    pair.finish()
    pair.check()
    for sweep in pair.both:
        assert set(sweep.outcomes()) <= {Outcome.COMPLETED, Outcome.LOST}
        assert not tagged(sweep.id)
