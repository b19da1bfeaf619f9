"""Which names each module of Azure ML has here. All but the trial's own are found in `overdrive.compat.azureml`."""

#: The version of Azure's package whose names and behaviour these are.
VERSION = "1.61.0"

#: Served by `overdrive.report`, in any Python; never loads the control side.
TRIAL_NAMES = frozenset(
    """
    AzureMLException RunEnvironmentException UserErrorException _OfflineRun _SubmittedRun
    AbstractDataset DataPath DataReference DataType Dataset DatasetConsumptionConfig Datastore FileDataset
    FileDatasetFactory OutputFileDatasetConfig PromoteHeadersBehavior TabularDataset TabularDatasetFactory
    """.split()
)
#: In a trial served by `overdrive.report`, as far as a trial needs them; elsewhere by the control side, where it is.
BOTH_NAMES = frozenset("Experiment Model Run Workspace".split())

_EXPRESSIONS = "choice randint uniform quniform loguniform qloguniform normal qnormal lognormal qlognormal"
_SAMPLING = "HyperParameterSampling RandomParameterSampling GridParameterSampling BayesianParameterSampling"
_POLICIES = "EarlyTerminationPolicy NoTerminationPolicy BanditPolicy MedianStoppingPolicy TruncationSelectionPolicy"
_HYPERDRIVE_ERRORS = """
    HyperDriveException HyperDriveServiceException HyperDriveConfigException HyperDriveScenarioNotSupportedException
    HyperDriveNotImplementedException HyperDriveRehydrateException
"""
_ERRORS = """
    AzureMLException UserErrorException RunEnvironmentException ComputeTargetException TrainingException
    ExperimentExecutionException ActivityFailedException
"""

#: Module → its public names, separated by white space.
MODULES = {
    "azureml._common": "",
    "azureml._common.exceptions": "AzureMLException",
    "azureml.core": """
        ComputeTarget Dataset Datastore Environment Experiment Run RunConfiguration ScriptRunConfig VERSION Workspace
    """,
    "azureml.core.compute": "AmlCompute ComputeInstance ComputeTarget",
    "azureml.core.compute.amlcompute": "AmlCompute",
    "azureml.core.compute_target": "ComputeTarget ComputeTargetException",
    "azureml.core.conda_dependencies": "CondaDependencies",
    "azureml.core.dataset": "Dataset",
    "azureml.core.datastore": "Datastore",
    "azureml.core.environment": "CondaDependencies Environment",
    "azureml.core.experiment": "Experiment",
    "azureml.core.model": "Model",
    "azureml.core.run": "Run _OfflineRun _SubmittedRun",
    "azureml.core.runconfig": "CondaDependencies DockerConfiguration MpiConfiguration RunConfiguration",
    "azureml.core.script_run_config": "ScriptRunConfig",
    "azureml.core.workspace": "Workspace",
    "azureml.data": """
        DataType FileDataset OutputFileDatasetConfig TabularDataset
    """,
    "azureml.data.abstract_dataset": "AbstractDataset",
    "azureml.data.data_reference": "DataReference",
    "azureml.data.datapath": "DataPath",
    "azureml.data.dataset_consumption_config": "DatasetConsumptionConfig",
    "azureml.data.dataset_factory": "DataType FileDatasetFactory PromoteHeadersBehavior TabularDatasetFactory",
    "azureml.data.dataset_type_definitions": "PromoteHeadersBehavior",
    "azureml.data.file_dataset": "FileDataset",
    "azureml.data.output_dataset_config": "OutputFileDatasetConfig",
    "azureml.data.tabular_dataset": "TabularDataset",
    "azureml.exceptions": _ERRORS,
    "azureml.train": "",
    "azureml.train.hyperdrive": _EXPRESSIONS
    + f" {_SAMPLING} {_POLICIES} HyperDriveConfig HyperDriveRun HyperDriveRunConfig PrimaryMetricGoal search",
    "azureml.train.hyperdrive.exceptions": _HYPERDRIVE_ERRORS,
    "azureml.train.hyperdrive.parameter_expressions": _EXPRESSIONS,
    "azureml.train.hyperdrive.policy": _POLICIES,
    "azureml.train.hyperdrive.run": "HyperDriveRun PrimaryMetricGoal search",
    "azureml.train.hyperdrive.runconfig": "HyperDriveConfig HyperDriveRunConfig PrimaryMetricGoal",
    "azureml.train.hyperdrive.sampling": _SAMPLING,
    "azureml.widgets": "RunDetails",
    "azureml.widgets.run_details": "RunDetails",
}
