"""Trials of several processes: real ones, below a real engine."""

import json
import sys
from collections.abc import Iterable
from pathlib import Path

import pytest
from commands import wait_until

from overdrive.client import Experiment
from overdrive.client import HyperDriveConfig
from overdrive.client import Run
from overdrive.client import ScriptRunConfig
from overdrive.client import Workspace
from overdrive.compute.local.ranks import environments
from overdrive.sampling import GridParameterSampling
from overdrive.space import choice

SCRIPT = """
import json, os, signal, sys, time
from azureml.core import Run

rank = int(os.environ["RANK"])
names = "RANK LOCAL_RANK WORLD_SIZE MASTER_ADDR MASTER_PORT OMP_NUM_THREADS TF_CONFIG OMPI_COMM_WORLD_RANK".split()
Run.get_context().log("seen", rank)
with open(f"outputs/{rank}.json.new", "w") as file:
    json.dump({name: os.environ.get(name) for name in names}, file)
if sys.argv[1] == "ignore" and rank == 0:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
os.rename(f"outputs/{rank}.json.new", f"outputs/{rank}.json")
if sys.argv[1] != "fine":
    while not all(os.path.exists(f"outputs/{other}.json") for other in range(int(os.environ["WORLD_SIZE"]))):
        time.sleep(0.01)
    if rank == 1:
        os.kill(os.getpid(), signal.SIGKILL) if sys.argv[1] == "killed" else sys.exit(5)
    time.sleep(600)
if os.environ.get("TF_CONFIG") and '"type": "ps"' in os.environ["TF_CONFIG"]:
    time.sleep(600)
"""


def run(tmp_path: Path, how: str, **given: object) -> Run:
    source = tmp_path / "source"
    source.mkdir()
    (source / "train.py").write_text(SCRIPT)
    config = ScriptRunConfig(source, "train.py", [how], interpreter=sys.executable, **given)  # type: ignore[arg-type]
    submitted = Experiment(Workspace(tmp_path / "workspace"), "ranks").submit(config)
    submitted.wait_for_completion(raise_on_error=False)
    return submitted


WAITING = """
import os, signal, subprocess, sys, time
from azureml.core import Run

rank = int(os.environ["RANK"])
if rank == int(sys.argv[1]):
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
below = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
with open(f"outputs/{rank}.new", "w") as file:
    file.write(f"{os.getpid()} {below.pid}")
os.rename(f"outputs/{rank}.new", f"outputs/{rank}.pids")
Run.get_context().log("seen", 1)
time.sleep(600)
"""


def alive(pids: Iterable[int]) -> list[int]:
    return [pid for pid in pids if Path(f"/proc/{pid}/stat").exists() and " Z " not in _stat(pid)]


def _stat(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return " Z "


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="looks for processes in /proc")
@pytest.mark.parametrize("deaf", [-1, 1])
def test_cancelling_one_ends_all_its_processes(tmp_path: Path, deaf: int) -> None:
    (tmp_path / "train.py").write_text(WAITING)
    config = ScriptRunConfig(tmp_path, "train.py", [deaf], processes=3)
    sweep = Experiment(Workspace(tmp_path / "workspace"), "ranks").submit(
        HyperDriveConfig(GridParameterSampling({"x": choice(1)}), "seen", "maximize", 1, run_config=config)
    )
    outputs = sweep.folder / "trials" / "0" / "work" / "outputs"
    wait_until(lambda: len(list(outputs.glob("*.pids"))) == 3, "all three are there")
    pids = [int(pid) for path in outputs.glob("*.pids") for pid in path.read_text().split()]
    assert len(alive(pids)) == 6
    (trial,) = sweep.get_children()
    trial.cancel()
    sweep.wait_for_completion(raise_on_error=False)
    (trial,) = sweep.get_children()
    assert trial.get_status() == "Canceled"
    wait_until(lambda: not alive(pids), "none of them is left")


def told(submitted: Run) -> list[dict]:
    outputs = Path(submitted.folder, "trials", "0", "work", "outputs")
    return [json.loads(path.read_text()) for path in sorted(outputs.glob("*.json"))]


@pytest.mark.parametrize("kind", ["pytorch", "mpi"])
def test_every_process_knows_its_rank(tmp_path: Path, kind: str) -> None:
    submitted = run(tmp_path, "fine", processes=3, distribution={"kind": kind})
    assert submitted.status == "Completed"
    found = told(submitted)
    assert [(each["RANK"], each["LOCAL_RANK"], each["WORLD_SIZE"]) for each in found] == [
        (str(rank), str(rank), "3") for rank in range(3)
    ]
    assert {each["MASTER_ADDR"] for each in found} == {"127.0.0.1"}
    assert len({each["MASTER_PORT"] for each in found}) == 1
    assert [each["OMPI_COMM_WORLD_RANK"] for each in found] == (["0", "1", "2"] if kind == "mpi" else [None] * 3)
    assert submitted.get_metrics()["seen"] == 0


def test_parameter_servers_end_behind_the_workers(tmp_path: Path) -> None:
    given = {"kind": "tensorflow", "parameter_servers": 1}
    submitted = run(tmp_path, "fine", processes=3, distribution=given)
    assert submitted.status == "Completed"
    tasks = [json.loads(each["TF_CONFIG"]) for each in told(submitted)]
    assert tasks[0]["task"] == {"type": "worker", "index": 0}
    assert len({*tasks[0]["cluster"]["worker"], *tasks[0]["cluster"]["ps"]}) == 3


@pytest.mark.parametrize(("how", "words"), [("fails", "exit code 5"), ("killed", "signal 9")])
def test_one_that_fails_ends_all(tmp_path: Path, how: str, words: str) -> None:
    submitted = run(tmp_path, how, processes=3)
    assert submitted.status == "Failed"
    output = Path(submitted.folder, "trials", "0", "output.1.txt").read_text()
    assert f"process 1 of 3 (rank 1) ended with {words}" in output
    exit = json.loads(Path(submitted.folder, "trials", "0", "exit.1.json").read_text())
    assert (exit.get("code"), exit.get("signal")) == ((5, None) if how == "fails" else (None, 9))


def test_tensorflows_cluster_has_its_own_place_for_each() -> None:
    plan = {"processes": 3, "kind": "tensorflow", "parameter_servers": 1, "grace_s": 1.0}
    places = json.loads(environments(plan, [1, 2, 3])[2]["TF_CONFIG"])
    assert places["cluster"] == {"worker": ["127.0.0.1:1", "127.0.0.1:2"], "ps": ["127.0.0.1:3"]}
    assert places["task"] == {"type": "ps", "index": 0}


def test_one_that_ignores_term_is_killed(tmp_path: Path) -> None:
    submitted = run(tmp_path, "ignore", processes=2)  # rank 0 ignores TERM: it lives until the grace is over
    assert submitted.status == "Failed"
    exit = json.loads(Path(submitted.folder, "trials", "0", "exit.1.json").read_text())
    assert exit["code"] == 5
