"""How long a person waits: from submit() to the first line of the first trial's script, in fresh processes."""

import json
import subprocess
import sys
import time
from pathlib import Path

from measure import Bench
from measure import main
from measure import run_peer
from measure import scratch
from sweeps import SCRIPTS
from sweeps import wait_until

REPETITIONS = 20
SCRIPT = SCRIPTS / "first_line" / "train.py"


def first_line(bench: Bench) -> None:
    """first_line: from submit() to the first line of the first trial's script; beside it, from the process's start."""
    count = 3 if bench.args.quick else REPETITIONS
    bench.begin("first_line", f"{count} fresh control processes each")
    floor, ours, peers = [], [], {name: [] for name in ("Optuna, SQLite", "Syne Tune, without its sleep")}
    for _ in range(count):
        floor.append(_bare_ms())
        ours.append(_ours())
        if bench.peers:
            peers["Optuna, SQLite"].append(_peer(bench.peers, "optuna_launch.py", "0.txt"))
            peers["Syne Tune, without its sleep"].append(_peer(bench.peers, "syne_tune_launch.py", "0/std.out"))
    bench.figure("bare Popen to the script's first line", floor, "ms")
    bench.figure("Overdrive, from submit()", [times[1] for times in ours], "ms", reach=250)
    bench.figure("Overdrive, submit() itself", [times[2] for times in ours], "ms")
    bench.figure("Overdrive, from the control process's start", [times[0] for times in ours], "ms")
    for name, found in peers.items():
        if found:
            bench.figure(f"{name}, imported already", [times[1] for times in found], "ms")
            bench.figure(f"{name}, from the process's start", [times[0] for times in found], "ms")


def _bare_ms() -> float:
    begin = time.time()
    output = subprocess.run([sys.executable, str(SCRIPT)], capture_output=True, text=True, check=True).stdout
    return 1000 * (float(output.split()[0]) - begin)


def _ours() -> tuple[float, float, float]:
    """Milliseconds to the first line from the process's start and from submit(), and those of submit() itself."""
    folder = scratch()
    begin = time.time()
    command = [sys.executable, str(SCRIPTS / "control" / "submit_once.py"), str(SCRIPT.parent), str(folder)]
    said = json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
    sweep = Path(said["folder"])
    output = sweep / "trials" / "0" / "output.1.txt"
    wait_until(lambda: output.exists() and "\n" in output.read_text(), 30)
    at = float(output.read_text().split()[0])
    wait_until(lambda: json.loads((sweep / "summary.json").read_text())["status"] != "running", 30)
    submitted_at = said["submitted_at"]
    return 1000 * (at - begin), 1000 * (at - submitted_at), 1000 * (said["returned_at"] - submitted_at)


def _peer(peers: str, script: str, output: str) -> tuple[float, float]:
    folder = scratch()
    begin = time.time()
    said = run_peer(peers, script, SCRIPT, 1, 1, folder, SYNETUNE_FOLDER=str(folder / "own"))
    submitted_at = json.loads(said.splitlines()[-1])["submitted_at"]
    at = float((folder / output).read_text().split()[0])
    return 1000 * (at - begin), 1000 * (at - submitted_at)


if __name__ == "__main__":
    main(first_line)
