"""A control script that submits one trial: `submit_once.py SOURCE_DIRECTORY WORKSPACE`. Prints when it submitted."""

import json
import sys
import time

from overdrive import Experiment
from overdrive import HyperDriveConfig
from overdrive import PrimaryMetricGoal
from overdrive import RandomParameterSampling
from overdrive import ScriptRunConfig
from overdrive import Workspace
from overdrive import uniform

source_directory, workspace = sys.argv[1:]
config = HyperDriveConfig(
    run_config=ScriptRunConfig(source_directory=source_directory, script="train.py"),
    hyperparameter_sampling=RandomParameterSampling({"x": uniform(0, 1)}),
    primary_metric_name="metric",
    primary_metric_goal=PrimaryMetricGoal.MAXIMIZE,
    max_total_runs=1,
    max_concurrent_runs=1,
)
experiment = Experiment(Workspace(workspace), "benchmark")
submitted_at = time.time()
sweep = experiment.submit(config)
returned_at = time.time()
print(json.dumps({"submitted_at": submitted_at, "returned_at": returned_at, "folder": str(sweep.folder)}))
