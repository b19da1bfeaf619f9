"""A control script as many are written for Azure ML: a cluster, an environment, a sweep, a registered model, a service.

`overdrive run control.py`, with `estimator` behind it for the older way to say what is trained. Needs scikit-learn.
Everything up to the service runs; the service, which only Azure has, is answered in a sentence.
"""

import sys
from pathlib import Path

from azureml.core import Environment
from azureml.core import Experiment
from azureml.core import Model
from azureml.core import ScriptRunConfig
from azureml.core import Workspace
from azureml.core.compute import AmlCompute
from azureml.core.compute import ComputeTarget
from azureml.core.compute_target import ComputeTargetException
from azureml.core.model import InferenceConfig
from azureml.core.webservice import AciWebservice
from azureml.exceptions import UserErrorException
from azureml.train.hyperdrive import GridParameterSampling
from azureml.train.hyperdrive import HyperDriveConfig
from azureml.train.hyperdrive import PrimaryMetricGoal
from azureml.train.hyperdrive import RandomParameterSampling
from azureml.train.hyperdrive import choice
from azureml.train.hyperdrive import uniform
from azureml.train.sklearn import SKLearn

HERE = Path(__file__).parent

workspace = Workspace.from_config()
print(workspace.name, workspace.resource_group, workspace.location, workspace.subscription_id, sep="\n")
experiment = Experiment(workspace=workspace, name="wine")
notes = experiment.start_logging()
notes.log("wines", 178)

try:
    cluster = ComputeTarget(workspace=workspace, name="cpu-cluster")
except ComputeTargetException:
    settings = AmlCompute.provisioning_configuration(vm_size="STANDARD_D2_V2", max_nodes=4)
    cluster = ComputeTarget.create(workspace, "cpu-cluster", settings)
cluster.wait_for_completion(show_output=True)
environment = Environment.from_conda_specification(name="wine", file_path=str(HERE / "conda.yml"))

if sys.argv[1:] == ["estimator"]:
    training = {
        "estimator": SKLearn(
            source_directory=str(HERE / "training"),
            entry_script="train.py",
            script_params={"--kernel": "linear"},
            compute_target=cluster,
            environment_definition=environment,
        ),
        "hyperparameter_sampling": RandomParameterSampling({"--penalty": uniform(0.1, 2.0)}),
    }
else:
    training = {
        "run_config": ScriptRunConfig(
            source_directory=str(HERE / "training"), script="train.py", compute_target=cluster, environment=environment
        ),
        "hyperparameter_sampling": GridParameterSampling(
            {"--kernel": choice("linear", "rbf", "sigmoid"), "--penalty": choice(0.5, 1.0)}
        ),
    }
sweep = experiment.submit(
    HyperDriveConfig(
        **training,
        primary_metric_name="Accuracy",
        primary_metric_goal=PrimaryMetricGoal.MAXIMIZE,
        max_total_runs=6,
        max_concurrent_runs=4,
    )
)
sweep.wait_for_completion(show_output=True)
best = sweep.get_best_run_by_primary_metric()
print(best.id, best.get_metrics()["Accuracy"], best.get_details()["runDefinition"]["arguments"])
print(best.get_file_names())
best.download_file(best.get_file_names()[-1], output_file_path="outputs/")
model = best.register_model(
    model_name="wine",
    model_path="outputs/model.joblib",
    tags=best.get_metrics(),
    model_framework=Model.Framework.SCIKITLEARN,
)
print(model.name, model.id, model.version, sep="\t")
notes.complete()

try:
    inference = InferenceConfig(entry_script="score.py", environment=environment)
    size = AciWebservice.deploy_configuration(cpu_cores=1, memory_gb=1)
    service = Model.deploy(workspace, "wine", [model], inference, size)
except UserErrorException as error:
    print(error)
cluster.delete()
