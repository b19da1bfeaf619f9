"""Registers the model that the sweep before has found best."""

import argparse
import os
import shutil

from azureml.core import Model
from azureml.core import Run
from azureml.pipeline.steps import HyperDriveStepRun

parser = argparse.ArgumentParser()
parser.add_argument("--model")
args = parser.parse_args()

run = Run.get_context()
os.makedirs("kept", exist_ok=True)
shutil.copy2(args.model, "kept")
sweep = HyperDriveStepRun(step_run=run.parent.find_step_run("search")[0])
best = sweep.get_best_run_by_primary_metric()
Model.register(
    workspace=run.experiment.workspace,
    model_path="kept",
    model_name="flowers",
    tags={"accuracy": best.get_metrics()["accuracy"]},
)
