"""What of Azure ML's SDK works here, what differs and why, what is not here and what to do instead: one table.

Read by the stand-ins (`azure_only`), by classes that lack a member (`missing`), by the import system's finder, by
`overdrive check` and by docs/from-azure.md. Names are written `Class`, `Class.member`, or as dotted modules; where a
name lives is in trialpath's `azureml/_names.py`. A name of that table that has no row here works as in Azure.
"""

import enum
from collections.abc import Iterator
from dataclasses import dataclass

__all__ = ["DIFFERS", "MODULES_NOT_HERE", "NOT_HERE", "REMEDIES", "Row", "Status", "find", "rows", "sentence_of"]


class Status(enum.Enum):
    """What becomes of a name."""

    #: As in Azure.
    WORKS = "works"
    #: It does its part, with a difference that one should know.
    DIFFERS = "works differently"
    #: It can be imported, and answers with one sentence when it is used; or it cannot be imported, with that sentence.
    NOT_HERE = "not here"


@dataclass(frozen=True, slots=True)
class Row:
    """What the table says of one name."""

    name: str
    status: Status
    #: One sentence; '' for what works.
    sentence: str = ""


#: Name → how it differs, and why.
DIFFERS = {
    "AksCompute": "a name is kept; models are not deployed, so nothing runs on it",
    "AmlCompute": "any name is an existing, ready cluster: this machine, one node a slot; max_nodes bounds nothing "
    "unless OVERDRIVE_CAP_BY_MAX_NODES=1",
    "AzureCliAuthentication": "accepted; nothing is authenticated, since there is no account",
    "ComputeInstance": "any name is an existing, running machine: this one",
    "ComputeTarget": "any name is found: trials run on this machine",
    "CondaDependencies": "kept with the run, compared with what is installed; --build-environment installs them",
    "DockerConfiguration": "kept; trials run in no container",
    "Environment": "what it names and the Python of the trials lacks is said before the sweep starts; that Python is "
    "the one that submits, or that it names, and --build-environment builds one",
    "Estimator": "converted to a ScriptRunConfig; packages as those of an Environment, images are kept",
    "Experiment.start_logging": "a folder is copied only where snapshot_directory names it; its process ends the run",
    "Experiment.archive": "hides the experiment from lists; nothing is removed",
    "HyperDriveConfig.max_concurrent_runs": "absent, as many trials run at once as this machine has slots",
    "InteractiveLoginAuthentication": "accepted; nobody logs in, since there is no account",
    "Model": "a folder below the workspace; the file is copied when it is registered",
    "MsiAuthentication": "accepted; nothing is authenticated, since there is no account",
    "OutputFileDatasetConfig.register_on_complete": "in a pipeline's step; of other runs the script registers its data",
    "Pipeline": "its steps run one after another on this machine, each behind what it reads",
    "PythonScriptStep.allow_reuse": "kept: every step runs, whatever an earlier pipeline did",
    "ResourceConfiguration": "kept with the model",
    "Run.get_portal_url": "a file URL of the run's folder",
    "RunConfiguration": "target and container are kept; trials run on this machine",
    "RunDetails": "live charts and table in a notebook, a table of text elsewhere",
    "ServicePrincipalAuthentication": "accepted; nothing is authenticated, since there is no account",
    "Workspace": "one folder on this machine, whatever names Azure knows it by; no file and no account is needed",
    "Workspace.linked_services": "empty: no service is linked here",
    "Workspace.webservices": "empty: no model is deployed here",
    "set_diagnostics_collection": "accepted; Overdrive sends nothing to anybody",
}

#: Topic → what it is, that it is Azure's, what to do. `{name}` is the name that was used.
REMEDIES = {
    "attach": "{name} connects other machines, which only Azure does: trials run on this machine",
    "automl": "{name} is Azure's automated machine learning, which searches models in Azure only: give the model that "
    "you want as a training script and tune it with HyperDriveConfig",
    "pipeline": "{name} tunes a whole pipeline, where a sweep tunes one script here: give that as run_config, and make "
    "the sweep a HyperDriveStep where it has steps before or behind it",
    "publishing": "{name} keeps a pipeline for Azure's service to start: submit it from a script, which cron may start",
    "step": "{name} runs on services of Azure's: a step is a PythonScriptStep, CommandStep or HyperDriveStep here",
    "credentials": "{name} reads secrets that Azure keeps: set an environment variable, and read it in the script",
    "deployment": "{name} deploys a model as a web service, which only Azure does: the model is a folder on this "
    "machine, Model(workspace, name).download() copies it",
    "explanation": "{name} explains models by a service of Azure's: use shap or interpret in the training script, and "
    "run.upload_file keeps what they say",
    "monitoring": "{name} watches data in Azure's service only: compare the data in a script of your own",
    "parallel": "{name} runs on Azure's clusters only: a trial runs on this machine",
    "settings": "{name} is for files of Azure's tools: set the attributes in the control script",
    "studio": "{name} is of Azure's designer, whose modules run in Azure only: read and write files in the script",
}

#: Name → topic of REMEDIES: it can be imported, and answers when it is used.
NOT_HERE = {
    name: topic
    for topic, names in {
        "attach": "AdlaCompute BatchCompute DataFactoryCompute DatabricksCompute HDInsightCompute KubernetesCompute "
        "RemoteCompute SynapseCompute ComputeTarget.attach",
        "automl": "AutoMLConfig AutoMLRun AutoMLStep FeaturizationConfig constants scoring Run.get_output",
        "credentials": "Keyvault Workspace.get_default_keyvault Run.get_secret Run.get_secrets",
        "deployment": "AciServiceDeploymentConfiguration AciWebservice AksEndpoint AksWebservice ContainerImage Image "
        "InferenceConfig LocalWebservice ModelPackage Webservice Model.deploy Model.package Model.profile "
        "Model.print_configuration",
        "explanation": "ExplanationClient MimicWrapper TabularExplainer",
        "monitoring": "DataDriftDetector ModelDataCollector",
        "parallel": "ParallelRunConfig ParallelRunStep",
        "pipeline": "HyperDriveConfig.pipeline",
        "publishing": "PipelineDraft PipelineEndpoint PublishedPipeline Schedule ScheduleRecurrence Pipeline.publish "
        "Pipeline.service_endpoint PipelineRun.publish_pipeline",
        "settings": "RunConfiguration.load RunConfiguration.save",
        "step": "AdlaStep AzureBatchStep DataTransferStep DatabricksStep KustoStep ModuleStep MpiStep RScriptStep "
        "SynapseSparkStep",
        "studio": "DataFrameSchema load_data_frame_from_directory module_logger save_data_frame_to_directory",
    }.items()
    for name in names.split()
}

#: Beginning of dotted modules that cannot be imported → topic, or a sentence of their own. The longest one counts.
MODULES_NOT_HERE = {
    "azureml_adapter": "{name} was a file of Azure's samples that tells a process its rank: copy it beside the script, "
    "or read RANK, LOCAL_RANK and WORLD_SIZE from the environment",
    "azureml.automl": "automl",
    "azureml.contrib": "{name} was a trial of Azure's that is not part of the SDK: use what the script needs directly",
    "azureml.contrib.automl": "automl",
    "azureml.contrib.interpret": "explanation",
    "azureml.datadrift": "monitoring",
    "azureml.dataprep": "{name} is Azure's data engine: Dataset.Tabular.from_delimited_files reads files here, and so "
    "does pandas",
    "azureml.explain": "explanation",
    "azureml.fsspec": "{name} reads Azure's storage: give the path of a local file",
    "azureml.interpret": "explanation",
    "azureml.mlflow": "{name} sends what MLflow logs to Azure: here mlflow logs into the trial without it",
    "azureml.monitoring": "monitoring",
    "azureml.opendatasets": "{name} downloads data from Azure's storage: save the data as a file once and read that, "
    "or where the script reads a URL, name the file by `overdrive run --map URL=FILE`",
    "azureml.studio": "studio",
    "azureml.tensorboard": "{name} fetches logs from Azure: run `tensorboard --logdir` on the folder of the sweep",
    "azureml.train.automl": "automl",
    "azureml.train.rl": "{name} was Azure's reinforcement learning: give the training script to ScriptRunConfig",
}


#: Of any other name.
_UNKNOWN = (
    "{name} is not in Overdrive, which has of Azure ML what HyperDrive scripts use: leave it out, or catch ImportError"
)


def sentence_of(name: str) -> str:
    """What is said when a name that is not here is used or imported.

    name: a `Class`, a `Class.member`, or a dotted name below azureml.
    """
    topic = NOT_HERE.get(name) or NOT_HERE.get(name.rpartition(".")[2])
    if topic is None:
        beginnings = [known for known in MODULES_NOT_HERE if name == known or name.startswith(f"{known}.")]
        topic = MODULES_NOT_HERE[max(beginnings, key=len)] if beginnings else ""
    words = REMEDIES.get(topic, topic) or _UNKNOWN
    return words.format(name=name)


def find(name: str) -> Row:
    """The row of a `Class`, a `Class.member` (else its class's), or a dotted module."""
    owner = name.partition(".")[0]
    for key in (name, owner):
        if key in NOT_HERE:
            return Row(name, Status.NOT_HERE, sentence_of(name))
        if key in DIFFERS:
            return Row(name, Status.DIFFERS, DIFFERS[key])
    if any(name == known or name.startswith(f"{known}.") for known in MODULES_NOT_HERE):
        return Row(name, Status.NOT_HERE, sentence_of(name))
    return Row(name, Status.WORKS)


def rows() -> Iterator[Row]:
    """All that is said, by name."""
    for name in sorted({*DIFFERS, *NOT_HERE, *MODULES_NOT_HERE}):
        yield find(name)
