"""The sweep of sweep.yml, as a control script for azure.ai.ml writes it.

cd examples/azureml_v2 && overdrive run sweep.py
"""

from azure.ai.ml import Input
from azure.ai.ml import MLClient
from azure.ai.ml import Output
from azure.ai.ml import command
from azure.ai.ml.sweep import Choice
from azure.ai.ml.sweep import LogUniform
from azure.ai.ml.sweep import MedianStoppingPolicy
from azure.identity import DefaultAzureCredential

ml_client = MLClient.from_config(credential=DefaultAzureCredential())

job = command(
    code="src",
    command="python train.py --features ${{inputs.features}} --c ${{inputs.c}} --kernel ${{inputs.kernel}} "
    "--model ${{outputs.model}}",
    inputs={"features": Input(type="uri_file", path="features.txt"), "c": 1.0, "kernel": "rbf"},
    outputs={"model": Output(type="uri_folder")},
    environment="any-environment@latest",
    compute="cpu-cluster",
    experiment_name="wine",
)
sweep = job(c=LogUniform(min_value=-4, max_value=4), kernel=Choice(values=["rbf", "linear", "poly"])).sweep(
    primary_metric="accuracy",
    goal="Maximize",
    sampling_algorithm="random",
)
sweep.set_limits(max_total_trials=12, max_concurrent_trials=2, timeout=600)
sweep.early_termination = MedianStoppingPolicy(delay_evaluation=3)

submitted = ml_client.jobs.create_or_update(sweep)
ml_client.jobs.stream(submitted.name)
ended = ml_client.jobs.get(submitted.name)
print(ended.status, ended.properties["best_child_run_id"], ended.properties["score"])
ml_client.jobs.download(submitted.name, output_name="model")
