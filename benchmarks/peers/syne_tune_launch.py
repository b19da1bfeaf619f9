"""Syne Tune's LocalBackend: `trials` runs of a script, some at a time.

    python syne_tune_launch.py SCRIPT TRIALS CONCURRENT FOLDER [--default]

Prints {"seconds", "submitted_at"}: seconds from the first start (the time stamp of the first trial's config.json, which
is written just before its process starts) to the last end that the back end noted, and when the tuner began to be made.
The scripts' output is in FOLDER/<trial>/std.out. Tuned: no sleep between looks, no saved state, no callbacks.
--default: as it comes.
"""

import json
import sys
import time
from pathlib import Path

from syne_tune import StoppingCriterion
from syne_tune import Tuner
from syne_tune.backend import LocalBackend
from syne_tune.config_space import uniform
from syne_tune.optimizer.baselines import RandomSearch

#: Looks at its trials as often as it can.
TUNED = {"sleep_time": 0.0, "save_tuner": False, "callbacks": [], "print_update_interval": 1e9}


def main() -> None:
    script, trials, concurrent, folder = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), Path(sys.argv[4])
    submitted_at = time.time()
    tuner = Tuner(
        trial_backend=LocalBackend(entry_point=script),
        scheduler=RandomSearch({"x": uniform(0, 1)}, metrics=["metric"], random_seed=0),
        stop_criterion=StoppingCriterion(max_num_trials_started=trials - 1),
        wait_trial_completion_when_stopping=True,
        n_workers=concurrent,
        trial_backend_path=str(folder),
        **({} if "--default" in sys.argv else TUNED),
    )
    tuner.run()
    begin = min(path.stat().st_mtime for path in folder.glob("*/config.json"))
    end = max(float(path.read_text()) for path in folder.glob("*/end"))
    print(json.dumps({"seconds": end - begin, "submitted_at": submitted_at}))


if __name__ == "__main__":
    main()
