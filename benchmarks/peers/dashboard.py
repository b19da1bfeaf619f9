"""The same trials in Optuna's dashboard: python dashboard.py TRIALS.json STORAGE.db PORT

TRIALS.json: {"parameters": {name: [values]}, "curves": [[values]], "best": [values]}, as studio_beside.py writes it.
Prints a line of JSON with its versions when the study is stored, then serves until it is ended.
"""

import json
import logging
import sys
from importlib.metadata import version
from pathlib import Path
from wsgiref.simple_server import make_server

import optuna
import optuna_dashboard


def main() -> None:
    told = json.loads(Path(sys.argv[1]).read_bytes())
    optuna.logging.set_verbosity(optuna.logging.ERROR)
    logging.disable(logging.WARNING)
    storage = optuna.storages.RDBStorage(f"sqlite:///{sys.argv[2]}")
    study = optuna.create_study(storage=storage, study_name="beside", direction="maximize")
    spaces = {name: _space(values) for name, values in told["parameters"].items()}
    trials = [
        optuna.trial.create_trial(
            params={name: values[row] for name, values in told["parameters"].items()},
            distributions=spaces,
            value=told["best"][row],
            intermediate_values=dict(enumerate(curve)),
        )
        for row, curve in enumerate(told["curves"])
    ]
    study.add_trials(trials)
    versions = {name: version(name) for name in ("optuna", "optuna-dashboard")}
    with make_server("127.0.0.1", int(sys.argv[3]), optuna_dashboard.wsgi(storage)) as server:
        print(json.dumps({"study": study._study_id, "versions": versions}), flush=True)
        server.serve_forever()


def _space(values: list) -> optuna.distributions.BaseDistribution:
    if isinstance(values[0], float) and min(values) > 0 and max(values) / min(values) > 100:
        return optuna.distributions.FloatDistribution(min(values), max(values), log=True)
    if isinstance(values[0], float):
        return optuna.distributions.FloatDistribution(min(values), max(values))
    return optuna.distributions.CategoricalDistribution(sorted(set(values)))


if __name__ == "__main__":
    main()
