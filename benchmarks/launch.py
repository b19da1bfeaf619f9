"""What launching costs: no-op trials, two at a time, over a bare subprocess loop run beside it."""

import json
import os
import subprocess
import sys
import time
from itertools import pairwise

from measure import Bench
from measure import main
from measure import run_peer
from measure import scratch
from sweeps import SCRIPTS
from sweeps import ledger
from sweeps import submit

TRIALS = 300
CONCURRENT = 2
PAIRS = 8
#: Trials of the peers: fewer for slow ones; times are per trial.
OPTUNA_TRIALS = 100
SYNE_TUNE_TRIALS = 100
SYNE_TUNE_DEFAULT_TRIALS = 8
PEER_RUNS = 3
SCRIPT = str(SCRIPTS / "noop" / "train.py")


def launch(bench: Bench) -> None:
    """launch: no-op script trials, two at a time, from the first start to the last end, per trial."""
    trials, pairs = (30, 2) if bench.args.quick else (TRIALS, PAIRS)
    bench.begin("launch", f"{trials} no-op trials, {CONCURRENT} at a time, {pairs} sweeps in turn with a bare loop")
    sweep_s(10)  # what is compiled or read for the first time is not measured
    floor, journal, files = [bare_loop_s(trials)], [], []
    for _ in range(pairs):
        journal_s, files_s = sweep_s(trials)
        journal.append(journal_s)
        files.append(files_s)
        floor.append(bare_loop_s(trials))
    bench.figure("bare subprocess loop", [1000 * seconds / trials for seconds in floor], "ms a trial")
    bench.figure("Overdrive, by its journal", [1000 * seconds / trials for seconds in journal], "ms a trial")
    bench.figure("Overdrive, by the files' time stamps", [1000 * seconds / trials for seconds in files], "ms a trial")
    beside = [(before + after) / 2 for before, after in pairwise(floor)]
    for name, seconds in (("by its journal", journal), ("by the files' time stamps", files)):
        ratios = [ours / bare for ours, bare in zip(seconds, beside, strict=True)]
        bench.figure(f"Overdrive over the loops beside it, {name}", ratios, "×", reach=1.15)
    if bench.peers:
        _peers(bench)


def _peers(bench: Bench) -> None:
    """Each run of a peer has a bare loop of its own before it and behind it."""
    for name, script, trials, options in (
        ("Optuna, ask/tell, SQLite", "optuna_launch.py", OPTUNA_TRIALS, ()),
        ("Syne Tune, without its sleep and its saves", "syne_tune_launch.py", SYNE_TUNE_TRIALS, ()),
        ("Syne Tune, as it comes", "syne_tune_launch.py", SYNE_TUNE_DEFAULT_TRIALS, ("--default",)),
    ):
        each, ratios = [], []
        for _ in range(1 if bench.args.quick or options else PEER_RUNS):
            before = bare_loop_s(TRIALS)
            seconds = peer_s(bench.peers or "", script, trials, *options)
            bare = (before + bare_loop_s(TRIALS)) / 2
            each.append(1000 * seconds / trials)
            ratios.append(seconds / trials / (bare / TRIALS))
        bench.figure(name, each, "ms a trial", note=f"{trials} trials")
        bench.figure(f"{name}: over the loops beside it", ratios, "×")


def bare_loop_s(trials: int) -> float:
    """Popen and wait, the same script and interpreter, the same number at a time.

    Each in a session of its own, as trials are: where others use the machine too, Linux shares it out by sessions.
    """
    waiting, running = trials, 0
    begin = time.time()
    while waiting or running:
        while waiting and running < CONCURRENT:
            process = subprocess.Popen(
                [sys.executable, SCRIPT, "--x", "0.5"],
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                start_new_session=True,
            )
            process.returncode = 0  # os.wait below takes it in: Popen need not
            waiting, running = waiting - 1, running + 1
        os.wait()
        running -= 1
    return time.time() - begin


def sweep_s(trials: int) -> tuple[float, float]:
    """Seconds from the first start to the last end: by the journal, by the files."""
    folder = scratch()
    sweep = submit(folder, "noop", trials, CONCURRENT)
    sweep.wait_for_completion()
    found = ledger(sweep)
    if len(found.ended) != trials:
        raise RuntimeError(f"{len(found.ended)} of {trials} trials ended")
    return found.journal_s, found.files_s


def peer_s(peers: str, script: str, trials: int, *options: str) -> float:
    """The same of a peer."""
    folder = scratch()
    own = {"SYNETUNE_FOLDER": str(folder / "own")}
    output = run_peer(peers, script, SCRIPT, trials, CONCURRENT, folder, *options, **own)
    return json.loads(output.splitlines()[-1])["seconds"]


if __name__ == "__main__":
    main(launch)
