"""A sweep whose training script takes its data as Azure ML's do: `overdrive run control.py`, or `… control.py url`.

Needs pandas. With `url`, the script reads a URL that cannot be reached; overdrive-map.json names the file in its place.
"""

import sys
from pathlib import Path

from azureml.core import Dataset
from azureml.core import Experiment
from azureml.core import ScriptRunConfig
from azureml.core import Workspace
from azureml.train.hyperdrive import GridParameterSampling
from azureml.train.hyperdrive import HyperDriveConfig
from azureml.train.hyperdrive import PrimaryMetricGoal
from azureml.train.hyperdrive import choice

HERE = Path(__file__).parent

workspace = Workspace.from_config()
arguments = []
if sys.argv[1:] != ["url"]:
    store = workspace.get_default_datastore()
    store.upload_files([str(HERE / "iris.csv")], target_path="flowers", overwrite=True)
    iris = Dataset.Tabular.from_delimited_files((store, "flowers/*.csv")).register(workspace, "iris")
    arguments = ["--data", iris.as_named_input("iris")]

sweep = Experiment(workspace, "iris").submit(
    HyperDriveConfig(
        run_config=ScriptRunConfig(str(HERE / "training"), "train.py", arguments=arguments),
        hyperparameter_sampling=GridParameterSampling({"k": choice(1, 5, 15), "power": choice(1.0, 2.0)}),
        primary_metric_name="accuracy",
        primary_metric_goal=PrimaryMetricGoal.MAXIMIZE,
        max_total_runs=6,
    )
)
sweep.wait_for_completion(show_output=True)
best = sweep.get_best_run_by_primary_metric()
print(best.id, best.get_metrics()["accuracy"], best.get_details()["runDefinition"]["arguments"])
