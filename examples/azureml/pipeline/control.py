"""A pipeline as Azure ML's control scripts have them: data is split, a sweep learns from it, its best model is kept.

`overdrive run control.py`. Needs NumPy and pandas.
"""

import json
from pathlib import Path

from azureml.core import Dataset
from azureml.core import Experiment
from azureml.core import ScriptRunConfig
from azureml.core import Workspace
from azureml.core.runconfig import RunConfiguration
from azureml.exceptions import UserErrorException
from azureml.pipeline.core import Pipeline
from azureml.pipeline.core import PipelineData
from azureml.pipeline.core import PipelineParameter
from azureml.pipeline.core import TrainingOutput
from azureml.pipeline.steps import HyperDriveStep
from azureml.pipeline.steps import HyperDriveStepRun
from azureml.pipeline.steps import PythonScriptStep
from azureml.train.hyperdrive import GridParameterSampling
from azureml.train.hyperdrive import HyperDriveConfig
from azureml.train.hyperdrive import PrimaryMetricGoal
from azureml.train.hyperdrive import choice

HERE = Path(__file__).parent
STEPS = str(HERE / "steps")

workspace = Workspace.from_config()
store = workspace.get_default_datastore()
store.upload_files([str(HERE / "iris.csv")], target_path="flowers", overwrite=True)
iris = Dataset.Tabular.from_delimited_files((store, "flowers/iris.csv"))

train = PipelineData("train", datastore=store).as_dataset()
test = PipelineData("test", datastore=store).as_dataset()
split = PythonScriptStep(
    name="split",
    script_name="split.py",
    source_directory=STEPS,
    arguments=["--train", train, "--test", test, "--share", PipelineParameter("share", 0.7)],
    inputs=[iris.as_named_input("flowers")],
    outputs=[train, test],
    runconfig=RunConfiguration(),
)

metrics = PipelineData(
    "metrics", datastore=store, pipeline_output_name="all_metrics", training_output=TrainingOutput("Metrics")
)
model = PipelineData("model", datastore=store, training_output=TrainingOutput("Model", model_file="outputs/model.json"))
search = HyperDriveStep(
    name="search",
    hyperdrive_config=HyperDriveConfig(
        run_config=ScriptRunConfig(STEPS, "train.py"),
        hyperparameter_sampling=GridParameterSampling({"--neighbours": choice(1, 5, 15)}),
        primary_metric_name="accuracy",
        primary_metric_goal=PrimaryMetricGoal.MAXIMIZE,
        max_total_runs=3,
    ),
    inputs=[train.parse_delimited_files(), test.parse_delimited_files()],
    outputs=[metrics, model],
)

keep = PythonScriptStep(
    name="keep", script_name="keep.py", source_directory=STEPS, arguments=["--model", model], inputs=[model]
)

pipeline = Pipeline(workspace, steps=[keep])  # the other two come with it: it needs what they write
run = Experiment(workspace, "flowers").submit(pipeline, pipeline_parameters={"share": 0.6})
run.wait_for_completion(show_output=True)

for step in run.get_steps():
    print(step.name, step.get_status())
sweep = HyperDriveStepRun(step_run=run.find_step_run("search")[0])
best = sweep.get_best_run_by_primary_metric()
print(best.id, best.get_metrics()["accuracy"], best.get_details()["runDefinition"]["arguments"])

output = run.get_pipeline_output("all_metrics")
output.download("outputs", overwrite=True)
found = json.loads(Path("outputs", output.path_on_datastore).read_text(encoding="utf-8"))
print(len(found), "trials; best:", max(values["accuracy"][-1] for values in found.values()))
print(workspace.models["flowers"].tags, run.get_tags())

try:
    run.publish_pipeline(name="flowers", description="", version="1")
except UserErrorException as error:
    print(error)
