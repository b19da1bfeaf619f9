"""Modules of `azure.ai.ml` and the names in each; they live in `overdrive.compat.azure_ml`."""

MODULES = {
    "azure.ai.ml": (
        "AmlTokenConfiguration Input MLClient ManagedIdentityConfiguration MpiDistribution Output "
        "PyTorchDistribution TensorFlowDistribution UserIdentityConfiguration command load_component "
        "load_environment load_job "
    ),
    "azure.ai.ml.constants": "AssetTypes InputOutputModes",
    "azure.ai.ml.dsl": "pipeline",
    "azure.ai.ml.entities": (
        "Environment Data Model Compute AmlCompute ComputeInstance Workspace CommandComponent BuildContext "
        "PyTorchDistribution MpiDistribution TensorFlowDistribution JobResourceConfiguration "
        "ResourceConfiguration QueueSettings UserIdentityConfiguration ManagedIdentityConfiguration "
        "AmlTokenConfiguration CodeConfiguration ManagedOnlineEndpoint ManagedOnlineDeployment BatchEndpoint "
        "BatchDeployment JobService Command SweepJob "
    ),
    "azure.ai.ml.exceptions": "JobException MlException ValidationException",
    "azure.ai.ml.sweep": (
        "SweepDistribution Choice Uniform LogUniform QUniform QLogUniform Normal LogNormal QNormal QLogNormal "
        "Randint BanditPolicy MedianStoppingPolicy TruncationSelectionPolicy SamplingAlgorithm "
        "RandomSamplingAlgorithm GridSamplingAlgorithm BayesianSamplingAlgorithm Objective SweepJobLimits "
        "SweepJob "
    ),
}
