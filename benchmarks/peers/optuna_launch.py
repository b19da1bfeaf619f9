"""Optuna by ask and tell: `trials` runs of a script, some at a time, each in a process of its own.

    python optuna_launch.py SCRIPT TRIALS CONCURRENT FOLDER

Prints {"seconds", "submitted_at"}: seconds from the first start to the last end, and when the study began to be made.
The scripts' output is kept in FOLDER/<trial>.txt. Storage is SQLite, as for sweeps that shall survive; random sampling,
so that no sampler's time is in it.
"""

import json
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import optuna


def main() -> None:
    script, trials, concurrent, folder = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), sys.argv[4]
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    submitted_at = time.time()
    study = optuna.create_study(storage=f"sqlite:///{folder}/optuna.db", sampler=optuna.samplers.RandomSampler(seed=0))
    space = {"x": optuna.distributions.FloatDistribution(0, 1)}
    ask, times = threading.Lock(), []

    def run_trial(_: int) -> None:
        with ask:
            trial = study.ask(space)
        times.append(time.monotonic())
        with open(f"{folder}/{trial.number}.txt", "wb") as output:
            subprocess.run([sys.executable, script, "--x", str(trial.params["x"])], stdout=output, check=True)
        times.append(time.monotonic())
        study.tell(trial, 0.0)

    with ThreadPoolExecutor(concurrent) as pool:
        list(pool.map(run_trial, range(trials)))
    print(json.dumps({"seconds": max(times) - min(times), "submitted_at": submitted_at}))


if __name__ == "__main__":
    main()
