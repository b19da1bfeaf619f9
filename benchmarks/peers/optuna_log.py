"""Times trial.report() of Optuna on SQLite: `optuna_log.py CALLS FOLDER`. Prints {"log": [µs …]}."""

import json
import sys
import time

import optuna


def main() -> None:
    calls, folder = int(sys.argv[1]), sys.argv[2]
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    trial = optuna.create_study(storage=f"sqlite:///{folder}/optuna.db").ask()
    times = []
    for step in range(calls):
        begin = time.perf_counter_ns()
        trial.report(step * 0.001, step)
        times.append((time.perf_counter_ns() - begin) / 1000)
    print(json.dumps({"log": times}))


if __name__ == "__main__":
    main()
