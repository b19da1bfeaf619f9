"""All names of Azure ML's Python SDK (version 1) that work here, flat: what trialpath/'s modules hand out.

Facts of signatures, checks and statuses follow azureml-core 1.61 and azureml-train-core 1.62; where a docstring says
nothing else, behaviour is the facade's.
"""

from typing import TYPE_CHECKING

import overdrive
from overdrive.compat.azureml.authentication import AzureCliAuthentication
from overdrive.compat.azureml.authentication import InteractiveLoginAuthentication
from overdrive.compat.azureml.authentication import MsiAuthentication
from overdrive.compat.azureml.authentication import ServicePrincipalAuthentication
from overdrive.compat.azureml.azure_only import AzureOnlyException
from overdrive.compat.azureml.azure_only import stand_in
from overdrive.compat.azureml.compute import AksCompute
from overdrive.compat.azureml.compute import AmlCompute
from overdrive.compat.azureml.compute import AmlComputeProvisioningConfiguration
from overdrive.compat.azureml.compute import AmlComputeStatus
from overdrive.compat.azureml.compute import ComputeInstance
from overdrive.compat.azureml.compute import ComputeTarget
from overdrive.compat.azureml.compute import ScaleSettings
from overdrive.compat.azureml.conda_dependencies import CondaDependencies
from overdrive.compat.azureml.coverage import NOT_HERE
from overdrive.compat.azureml.environment import DEFAULT_CPU_IMAGE
from overdrive.compat.azureml.environment import DEFAULT_GPU_IMAGE
from overdrive.compat.azureml.environment import ContainerRegistry
from overdrive.compat.azureml.environment import DockerSection
from overdrive.compat.azureml.environment import Environment
from overdrive.compat.azureml.environment import PythonSection
from overdrive.compat.azureml.environment import SparkSection
from overdrive.compat.azureml.estimators import Chainer
from overdrive.compat.azureml.estimators import Estimator
from overdrive.compat.azureml.estimators import MMLBaseEstimator
from overdrive.compat.azureml.estimators import PyTorch
from overdrive.compat.azureml.estimators import SKLearn
from overdrive.compat.azureml.estimators import TensorFlow
from overdrive.compat.azureml.exceptions import ActivityFailedException
from overdrive.compat.azureml.exceptions import AuthenticationException
from overdrive.compat.azureml.exceptions import AzureMLException
from overdrive.compat.azureml.exceptions import ComputeTargetException
from overdrive.compat.azureml.exceptions import ExperimentExecutionException
from overdrive.compat.azureml.exceptions import HyperDriveConfigException
from overdrive.compat.azureml.exceptions import HyperDriveException
from overdrive.compat.azureml.exceptions import HyperDriveNotImplementedException
from overdrive.compat.azureml.exceptions import HyperDriveRehydrateException
from overdrive.compat.azureml.exceptions import HyperDriveScenarioNotSupportedException
from overdrive.compat.azureml.exceptions import HyperDriveServiceException
from overdrive.compat.azureml.exceptions import ModelNotFoundException
from overdrive.compat.azureml.exceptions import ModelPathNotFoundException
from overdrive.compat.azureml.exceptions import ProjectSystemException
from overdrive.compat.azureml.exceptions import RunConfigurationException
from overdrive.compat.azureml.exceptions import RunEnvironmentException
from overdrive.compat.azureml.exceptions import ServiceException
from overdrive.compat.azureml.exceptions import SnapshotException
from overdrive.compat.azureml.exceptions import TrainingException
from overdrive.compat.azureml.exceptions import UserErrorException
from overdrive.compat.azureml.exceptions import WebserviceException
from overdrive.compat.azureml.experiment import Experiment
from overdrive.compat.azureml.experiment import search
from overdrive.compat.azureml.model import Model
from overdrive.compat.azureml.parameter_expressions import choice
from overdrive.compat.azureml.parameter_expressions import lognormal
from overdrive.compat.azureml.parameter_expressions import loguniform
from overdrive.compat.azureml.parameter_expressions import normal
from overdrive.compat.azureml.parameter_expressions import qlognormal
from overdrive.compat.azureml.parameter_expressions import qloguniform
from overdrive.compat.azureml.parameter_expressions import qnormal
from overdrive.compat.azureml.parameter_expressions import quniform
from overdrive.compat.azureml.parameter_expressions import randint
from overdrive.compat.azureml.parameter_expressions import uniform
from overdrive.compat.azureml.pipelines import CommandStep
from overdrive.compat.azureml.pipelines import DataPathComputeBinding
from overdrive.compat.azureml.pipelines import EstimatorStep
from overdrive.compat.azureml.pipelines import HyperDriveStep
from overdrive.compat.azureml.pipelines import HyperDriveStepRun
from overdrive.compat.azureml.pipelines import Pipeline
from overdrive.compat.azureml.pipelines import PipelineData
from overdrive.compat.azureml.pipelines import PipelineOutputFileDataset
from overdrive.compat.azureml.pipelines import PipelineOutputTabularDataset
from overdrive.compat.azureml.pipelines import PipelineParameter
from overdrive.compat.azureml.pipelines import PipelineRun
from overdrive.compat.azureml.pipelines import PipelineStep
from overdrive.compat.azureml.pipelines import PortDataReference
from overdrive.compat.azureml.pipelines import PythonScriptStep
from overdrive.compat.azureml.pipelines import StepRun
from overdrive.compat.azureml.pipelines import StepRunOutput
from overdrive.compat.azureml.pipelines import StepSequence
from overdrive.compat.azureml.pipelines import TrainingOutput
from overdrive.compat.azureml.policy import BanditPolicy
from overdrive.compat.azureml.policy import EarlyTerminationPolicy
from overdrive.compat.azureml.policy import MedianStoppingPolicy
from overdrive.compat.azureml.policy import NoTerminationPolicy
from overdrive.compat.azureml.policy import TruncationSelectionPolicy
from overdrive.compat.azureml.run import HyperDriveRun
from overdrive.compat.azureml.run import Run
from overdrive.compat.azureml.run_configuration import DockerConfiguration
from overdrive.compat.azureml.run_configuration import EnvironmentDefinition
from overdrive.compat.azureml.run_configuration import MpiConfiguration
from overdrive.compat.azureml.run_configuration import PyTorchConfiguration
from overdrive.compat.azureml.run_configuration import ResourceConfiguration
from overdrive.compat.azureml.run_configuration import RunConfiguration
from overdrive.compat.azureml.run_configuration import TensorflowConfiguration
from overdrive.compat.azureml.runconfig import HyperDriveConfig
from overdrive.compat.azureml.runconfig import HyperDriveRunConfig
from overdrive.compat.azureml.runconfig import PrimaryMetricGoal
from overdrive.compat.azureml.runconfig import ScriptRunConfig
from overdrive.compat.azureml.sampling import BayesianParameterSampling
from overdrive.compat.azureml.sampling import GridParameterSampling
from overdrive.compat.azureml.sampling import HyperParameterSampling
from overdrive.compat.azureml.sampling import RandomParameterSampling
from overdrive.compat.azureml.telemetry import set_diagnostics_collection
from overdrive.compat.azureml.workspace import Workspace
from overdrive.compat.azureml.workspace import get_run

if TYPE_CHECKING:
    from overdrive.widgets import RunDetails

__all__ = [
    "DEFAULT_CPU_IMAGE",
    "DEFAULT_GPU_IMAGE",
    "ActivityFailedException",
    "AksCompute",
    "AmlCompute",
    "AmlComputeProvisioningConfiguration",
    "AmlComputeStatus",
    "AuthenticationException",
    "AzureCliAuthentication",
    "AzureMLException",
    "AzureOnlyException",
    "BanditPolicy",
    "BayesianParameterSampling",
    "Chainer",
    "CommandStep",
    "ComputeInstance",
    "ComputeTarget",
    "ComputeTargetException",
    "CondaDependencies",
    "ContainerRegistry",
    "DataPathComputeBinding",
    "DockerConfiguration",
    "DockerSection",
    "EarlyTerminationPolicy",
    "Environment",
    "EnvironmentDefinition",
    "Estimator",
    "EstimatorStep",
    "Experiment",
    "ExperimentExecutionException",
    "GridParameterSampling",
    "HyperDriveConfig",
    "HyperDriveConfigException",
    "HyperDriveException",
    "HyperDriveNotImplementedException",
    "HyperDriveRehydrateException",
    "HyperDriveRun",
    "HyperDriveRunConfig",
    "HyperDriveScenarioNotSupportedException",
    "HyperDriveServiceException",
    "HyperDriveStep",
    "HyperDriveStepRun",
    "HyperParameterSampling",
    "InteractiveLoginAuthentication",
    "MMLBaseEstimator",
    "MedianStoppingPolicy",
    "Model",
    "ModelNotFoundException",
    "ModelPathNotFoundException",
    "MpiConfiguration",
    "MsiAuthentication",
    "NoTerminationPolicy",
    "Pipeline",
    "PipelineData",
    "PipelineOutputFileDataset",
    "PipelineOutputTabularDataset",
    "PipelineParameter",
    "PipelineRun",
    "PipelineStep",
    "PortDataReference",
    "PrimaryMetricGoal",
    "ProjectSystemException",
    "PyTorch",
    "PyTorchConfiguration",
    "PythonScriptStep",
    "PythonSection",
    "RandomParameterSampling",
    "ResourceConfiguration",
    "Run",
    "RunConfiguration",
    "RunConfigurationException",
    "RunDetails",
    "RunEnvironmentException",
    "SKLearn",
    "ScaleSettings",
    "ScriptRunConfig",
    "ServiceException",
    "ServicePrincipalAuthentication",
    "SnapshotException",
    "SparkSection",
    "StepRun",
    "StepRunOutput",
    "StepSequence",
    "TensorFlow",
    "TensorflowConfiguration",
    "TrainingException",
    "TrainingOutput",
    "TruncationSelectionPolicy",
    "UserErrorException",
    "WebserviceException",
    "Workspace",
    "choice",
    "get_run",
    "lognormal",
    "loguniform",
    "normal",
    "qlognormal",
    "qloguniform",
    "qnormal",
    "quniform",
    "randint",
    "search",
    "set_diagnostics_collection",
    "uniform",
]


def __getattr__(name: str) -> object:
    """RunDetails, by its lazy name: the table is drawn with rich, which most scripts do not need. And stand-ins."""
    if name == "RunDetails":
        return overdrive.RunDetails
    if name in NOT_HERE:
        made = globals()[name] = stand_in(name)
        return made
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
