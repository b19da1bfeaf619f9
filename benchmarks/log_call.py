"""What a trial's script pays: a log() call, and the import of Azure's Run."""

import json
import os
import shutil
import sys
from pathlib import Path

from measure import STATISTICS
from measure import Bench
from measure import main
from measure import process_ms
from measure import run_peer
from measure import scratch
from sweeps import living_sweep

import overdrive

CALLS = 20_000
#: Calls of a peer: fewer for slow ones.
OPTUNA_CALLS = 300
PAIRS = 20
IMPORT = "from azureml.core import Run"


def log_call(bench: Bench) -> None:
    """log_call: run.log(name, value) in a running trial; beside it, a bare write of such a line to another file."""
    calls = CALLS // 10 if bench.args.quick else CALLS
    bench.begin("log_call", f"{calls} calls in a trial of a sweep")
    with living_sweep("log_call", 1, 1, [calls]) as sweep:
        sweep.wait_for_completion()
        times = json.loads((sweep.folder / "trials" / "0" / "output.1.txt").read_text())
    bench.figure("one appended line, nothing else", times["bare"], "µs", note=_p99(times["bare"]))
    bench.figure("run.log()", times["log"], "µs", reach=20, note=_p99(times["log"]))
    if bench.peers:
        for name, script, count in (
            ("Optuna, trial.report() on SQLite", "optuna_log.py", OPTUNA_CALLS),
            ("Syne Tune, Reporter into a file", "syne_tune_log.py", calls),
        ):
            folder = scratch()
            peer = json.loads(run_peer(bench.peers, script, count, folder).splitlines()[-1])["log"]
            bench.figure(name, peer, "µs", note=f"{_p99(peer)}, {count} calls")


def _p99(values: list[float]) -> str:
    return f"p99 {STATISTICS['p99'](values):.3g}"


def trial_import(bench: Bench) -> None:
    """trial_import: `from azureml.core import Run`, as in a trial, over a Python that does nothing."""
    pairs = 4 if bench.args.quick else PAIRS
    bench.begin("trial_import", f"{pairs} pairs of processes in turn")
    folder = scratch()
    trial = _trial_environment(Path(overdrive.__file__).parents[1], folder)
    fresh = {**_trial_environment(_without_bytecode(folder), folder), "PYTHONDONTWRITEBYTECODE": "1"}
    bare, with_path, imports, cold = [], [], [], []
    process_ms([sys.executable, "-c", IMPORT], **trial)  # compiled once
    for _ in range(pairs):
        bare.append(process_ms([sys.executable, "-c", "pass"]))
        imports.append(process_ms([sys.executable, "-c", IMPORT], **trial))
        with_path.append(process_ms([sys.executable, "-c", "pass"], **trial))
        cold.append(process_ms([sys.executable, "-c", IMPORT], **fresh))
    bench.figure("bare Python", bare, "ms")
    bench.figure("Python with the trial's import path, importing nothing", with_path, "ms")
    over = [one - other for one, other in zip(imports, bare, strict=True)]
    bench.figure(f"{IMPORT}, over bare Python", over, "ms", reach=30)
    over = [one - other for one, other in zip(cold, bare, strict=True)]
    bench.figure("the same with PYTHONDONTWRITEBYTECODE=1 and none there", over, "ms", note="compiled in each process")


def _trial_environment(source: Path, folder: Path) -> dict[str, str]:
    """A trial's, with the package below `source`."""
    return {
        "PYTHONPATH": os.pathsep.join([str(source / "overdrive" / "trialpath"), str(source)]),
        "OVERDRIVE_METRICS": str(folder / "spool"),
        "OVERDRIVE_TRIAL": str(folder / "trial.json"),
    }


def _without_bytecode(folder: Path) -> Path:
    """A copy of the package as it is before it is imported for the first time."""
    package = Path(overdrive.__file__).parent
    shutil.copytree(package, folder / "overdrive", ignore=shutil.ignore_patterns("__pycache__"))
    return folder


if __name__ == "__main__":
    main(log_call, trial_import)
