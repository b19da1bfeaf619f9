"""The same sweep as control.py, as a script written for Azure ML: nothing in it knows of Overdrive.

Run it with `overdrive run examples/digits/control_azure.py`.
"""

import argparse
import os

from azureml.core import Experiment
from azureml.core import ScriptRunConfig
from azureml.core import Workspace
from azureml.train.hyperdrive import HyperDriveConfig
from azureml.train.hyperdrive import MedianStoppingPolicy
from azureml.train.hyperdrive import PrimaryMetricGoal
from azureml.train.hyperdrive import RandomParameterSampling
from azureml.train.hyperdrive import choice
from azureml.train.hyperdrive import loguniform
from azureml.train.hyperdrive import quniform
from azureml.train.hyperdrive import uniform

parser = argparse.ArgumentParser()
parser.add_argument("--trials", type=int, default=24)
args = parser.parse_args()

workspace = Workspace.from_config()
experiment = Experiment(workspace=workspace, name="digits-azure")

param_sampling = RandomParameterSampling(
    {
        "--learning_rate": loguniform(-8, -1),
        "--momentum": uniform(0.5, 0.99),
        "--batch_size": quniform(16, 128, 16),
        "--hidden": choice(16, 32, 64, 128),
        "--alpha": loguniform(-12, -2),
    }
)

script_run_config = ScriptRunConfig(
    source_directory=os.path.dirname(os.path.abspath(__file__)),
    script="train_azure.py",
    arguments=["--epochs", 20],
)

hyperdrive_config = HyperDriveConfig(
    run_config=script_run_config,
    hyperparameter_sampling=param_sampling,
    policy=MedianStoppingPolicy(evaluation_interval=1, delay_evaluation=5),
    primary_metric_name="accuracy",
    primary_metric_goal=PrimaryMetricGoal.MAXIMIZE,
    max_total_runs=args.trials,
    max_concurrent_runs=2,
)

hyperdrive_run = experiment.submit(hyperdrive_config)
hyperdrive_run.wait_for_completion(show_output=True)

best_run = hyperdrive_run.get_best_run_by_primary_metric()
print("Best run:", best_run.id)
print("accuracy:", max(best_run.get_metrics()["accuracy"]))
print("arguments:", best_run.get_details()["runDefinition"]["arguments"])
