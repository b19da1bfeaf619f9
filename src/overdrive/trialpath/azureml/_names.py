"""Which names each module of Azure ML has here. All but the trial's own are found in `overdrive.compat.azureml`."""

#: The version of Azure's package whose names and behaviour these are.
VERSION = "1.61.0"

#: Served by `overdrive.report`, in any Python; never loads the control side.
TRIAL_NAMES = frozenset(
    """
    AzureMLException RunEnvironmentException UserErrorException _OfflineRun _SubmittedRun
    AbstractDataset AzureBlobDatastore AzureDataLakeGen2Datastore AzureFileDatastore DataPath DataReference
    DataType Dataset DatasetConsumptionConfig Datastore FileDataset
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
    ExperimentExecutionException ActivityFailedException WebserviceException ProjectSystemException
    AuthenticationException ModelNotFoundException ModelPathNotFoundException RunConfigurationException ServiceException
    SnapshotException
"""
_COMPUTE = """
    AksCompute AmlCompute BatchCompute ComputeInstance ComputeTarget DataFactoryCompute DatabricksCompute
    HDInsightCompute KubernetesCompute RemoteCompute SynapseCompute
"""
_WEBSERVICES = "AciWebservice AksEndpoint AksWebservice LocalWebservice Webservice"
_STEPS = """
    AdlaStep AutoMLStep AzureBatchStep CommandStep DataTransferStep DatabricksStep EstimatorStep HyperDriveStep
    HyperDriveStepRun KustoStep ModuleStep MpiStep ParallelRunConfig ParallelRunStep PythonScriptStep RScriptStep
    SynapseSparkStep
"""
_AUTHENTICATION = """
    AzureCliAuthentication InteractiveLoginAuthentication MsiAuthentication ServicePrincipalAuthentication
"""

#: Module → its public names, separated by white space.
MODULES = {
    "azureml._common": "",
    "azureml._common.exceptions": "AzureMLException",
    "azureml.core": """
        ComputeTarget ContainerRegistry Dataset Datastore Environment Experiment Image Keyvault Model Run
        RunConfiguration ScriptRunConfig VERSION Webservice Workspace get_run
    """,
    "azureml.core.authentication": _AUTHENTICATION,
    "azureml.core.compute": _COMPUTE,
    "azureml.core.compute.akscompute": "AksCompute",
    "azureml.core.compute.amlcompute": "AmlCompute AmlComputeProvisioningConfiguration AmlComputeStatus ScaleSettings",
    "azureml.core.compute.compute": "ComputeTarget",
    "azureml.core.compute.computeinstance": "ComputeInstance",
    "azureml.core.compute_target": "AmlCompute ComputeTarget ComputeTargetException",
    "azureml.core.conda_dependencies": "CondaDependencies",
    "azureml.core.dataset": "Dataset",
    "azureml.core.datastore": "Datastore",
    "azureml.core.container_registry": "ContainerRegistry",
    "azureml.core.environment": """
        CondaDependencies DEFAULT_CPU_IMAGE DEFAULT_GPU_IMAGE DockerSection Environment PythonSection SparkSection
    """,
    "azureml.core.experiment": "Experiment",
    "azureml.core.image": "ContainerImage Image",
    "azureml.core.keyvault": "Keyvault",
    "azureml.core.model": "InferenceConfig Model ModelPackage",
    "azureml.core.resource_configuration": "ResourceConfiguration",
    "azureml.core.run": "Run _OfflineRun _SubmittedRun get_run",
    "azureml.core.runconfig": """
        CondaDependencies ContainerRegistry DEFAULT_CPU_IMAGE DEFAULT_GPU_IMAGE DockerConfiguration
        EnvironmentDefinition MpiConfiguration PyTorchConfiguration RunConfiguration TensorflowConfiguration
    """,
    "azureml.core.script_run_config": "ScriptRunConfig",
    "azureml.core.webservice": _WEBSERVICES,
    "azureml.core.webservice.aci": "AciServiceDeploymentConfiguration AciWebservice",
    "azureml.core.webservice.aks": "AksWebservice",
    "azureml.core.webservice.local": "LocalWebservice",
    "azureml.core.webservice.webservice": "Webservice",
    "azureml.core.workspace": "Workspace",
    "azureml.data": """
        DataType FileDataset OutputFileDatasetConfig TabularDataset
    """,
    "azureml.data.abstract_dataset": "AbstractDataset",
    "azureml.data.azure_data_lake_datastore": "AzureDataLakeGen2Datastore",
    "azureml.data.azure_storage_datastore": "AzureBlobDatastore AzureFileDatastore",
    "azureml.data.data_reference": "DataReference",
    "azureml.data.datapath": "DataPath DataPathComputeBinding",
    "azureml.data.dataset_consumption_config": "DatasetConsumptionConfig",
    "azureml.data.dataset_factory": "DataType FileDatasetFactory PromoteHeadersBehavior TabularDatasetFactory",
    "azureml.data.dataset_type_definitions": "PromoteHeadersBehavior",
    "azureml.data.file_dataset": "FileDataset",
    "azureml.data.output_dataset_config": "OutputFileDatasetConfig",
    "azureml.data.tabular_dataset": "TabularDataset",
    "azureml.exceptions": _ERRORS,
    "azureml.interpret": "ExplanationClient MimicWrapper TabularExplainer",
    "azureml.monitoring": "ModelDataCollector",
    "azureml.datadrift": "DataDriftDetector",
    "azureml.automl": "",
    "azureml.automl.core": "",
    "azureml.automl.core.featurization": "FeaturizationConfig",
    "azureml.automl.core.shared": "constants",
    "azureml.automl.runtime": "",
    "azureml.automl.runtime.shared": "",
    "azureml.automl.runtime.shared.score": "constants scoring",
    "azureml.pipeline": "",
    "azureml.pipeline.core": """
        Pipeline PipelineData PipelineDraft PipelineEndpoint PipelineParameter PipelineRun PipelineStep
        PortDataReference PublishedPipeline Schedule ScheduleRecurrence StepRun StepRunOutput StepSequence
        TrainingOutput
    """,
    "azureml.pipeline.core.builder": "PipelineStep StepSequence",
    "azureml.pipeline.core.graph": "PipelineParameter PipelineData PublishedPipeline",
    "azureml.pipeline.core.pipeline": "Pipeline",
    "azureml.pipeline.core.pipeline_endpoint": "PipelineEndpoint",
    "azureml.pipeline.core.pipeline_output_dataset": "PipelineOutputFileDataset PipelineOutputTabularDataset",
    "azureml.pipeline.core.run": "PipelineRun PortDataReference StepRun StepRunOutput",
    "azureml.pipeline.core.schedule": "Schedule ScheduleRecurrence",
    "azureml.pipeline.steps": _STEPS,
    "azureml.pipeline.steps.command_step": "CommandStep",
    "azureml.pipeline.steps.estimator_step": "EstimatorStep",
    "azureml.pipeline.steps.hyper_drive_step": "HyperDriveStep HyperDriveStepRun",
    "azureml.pipeline.steps.python_script_step": "PythonScriptStep",
    "azureml.telemetry": "set_diagnostics_collection",
    "azureml.train": "",
    "azureml.train.automl": "AutoMLConfig AutoMLRun",
    "azureml.train.automl.automlconfig": "AutoMLConfig",
    "azureml.train.automl.run": "AutoMLRun",
    "azureml.train.dnn": "Chainer PyTorch TensorFlow",
    "azureml.train.estimator": "Estimator MMLBaseEstimator",
    "azureml.train.hyperdrive": _EXPRESSIONS
    + f" {_SAMPLING} {_POLICIES} HyperDriveConfig HyperDriveRun HyperDriveRunConfig PrimaryMetricGoal search",
    "azureml.train.hyperdrive.exceptions": _HYPERDRIVE_ERRORS,
    "azureml.train.hyperdrive.parameter_expressions": _EXPRESSIONS,
    "azureml.train.hyperdrive.policy": _POLICIES,
    "azureml.train.hyperdrive.run": "HyperDriveRun PrimaryMetricGoal search",
    "azureml.train.hyperdrive.runconfig": "HyperDriveConfig HyperDriveRunConfig PrimaryMetricGoal",
    "azureml.train.hyperdrive.sampling": _SAMPLING,
    "azureml.train.sklearn": "SKLearn",
    "azureml.widgets": "RunDetails",
    "azureml.widgets.run_details": "RunDetails",
}
