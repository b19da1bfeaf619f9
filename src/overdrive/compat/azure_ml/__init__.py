"""The names of `azure.ai.ml` (Azure ML's Python SDK, version 2) that work here, flat, as trialpath/ hands them out."""

from overdrive.compat.azure_ml.entities import AmlCompute
from overdrive.compat.azure_ml.entities import AmlTokenConfiguration
from overdrive.compat.azure_ml.entities import AssetTypes
from overdrive.compat.azure_ml.entities import BatchDeployment
from overdrive.compat.azure_ml.entities import BatchEndpoint
from overdrive.compat.azure_ml.entities import BuildContext
from overdrive.compat.azure_ml.entities import CloudOnly
from overdrive.compat.azure_ml.entities import CodeConfiguration
from overdrive.compat.azure_ml.entities import CommandComponent
from overdrive.compat.azure_ml.entities import Compute
from overdrive.compat.azure_ml.entities import ComputeInstance
from overdrive.compat.azure_ml.entities import Data
from overdrive.compat.azure_ml.entities import Distribution
from overdrive.compat.azure_ml.entities import Environment
from overdrive.compat.azure_ml.entities import Identity
from overdrive.compat.azure_ml.entities import Input
from overdrive.compat.azure_ml.entities import InputOutputModes
from overdrive.compat.azure_ml.entities import JobResourceConfiguration
from overdrive.compat.azure_ml.entities import JobService
from overdrive.compat.azure_ml.entities import ManagedIdentityConfiguration
from overdrive.compat.azure_ml.entities import ManagedOnlineDeployment
from overdrive.compat.azure_ml.entities import ManagedOnlineEndpoint
from overdrive.compat.azure_ml.entities import Model
from overdrive.compat.azure_ml.entities import MpiDistribution
from overdrive.compat.azure_ml.entities import Named
from overdrive.compat.azure_ml.entities import Output
from overdrive.compat.azure_ml.entities import PyTorchDistribution
from overdrive.compat.azure_ml.entities import QueueSettings
from overdrive.compat.azure_ml.entities import ResourceConfiguration
from overdrive.compat.azure_ml.entities import TensorFlowDistribution
from overdrive.compat.azure_ml.entities import UserIdentityConfiguration
from overdrive.compat.azure_ml.entities import Workspace
from overdrive.compat.azure_ml.jobs import Command
from overdrive.compat.azure_ml.jobs import SweepJob
from overdrive.compat.azure_ml.jobs import command
from overdrive.compat.azure_ml.jobs import load_component
from overdrive.compat.azure_ml.jobs import load_job
from overdrive.compat.azure_ml.operations import MLClient
from overdrive.compat.azure_ml.operations import load_environment
from overdrive.compat.azure_ml.operations import pipeline
from overdrive.compat.azure_ml.sweep import BanditPolicy
from overdrive.compat.azure_ml.sweep import BayesianSamplingAlgorithm
from overdrive.compat.azure_ml.sweep import Choice
from overdrive.compat.azure_ml.sweep import EarlyTerminationPolicy
from overdrive.compat.azure_ml.sweep import GridSamplingAlgorithm
from overdrive.compat.azure_ml.sweep import LogNormal
from overdrive.compat.azure_ml.sweep import LogUniform
from overdrive.compat.azure_ml.sweep import MedianStoppingPolicy
from overdrive.compat.azure_ml.sweep import Normal
from overdrive.compat.azure_ml.sweep import Objective
from overdrive.compat.azure_ml.sweep import QLogNormal
from overdrive.compat.azure_ml.sweep import QLogUniform
from overdrive.compat.azure_ml.sweep import QNormal
from overdrive.compat.azure_ml.sweep import QUniform
from overdrive.compat.azure_ml.sweep import Randint
from overdrive.compat.azure_ml.sweep import RandomSamplingAlgorithm
from overdrive.compat.azure_ml.sweep import SamplingAlgorithm
from overdrive.compat.azure_ml.sweep import SweepDistribution
from overdrive.compat.azure_ml.sweep import SweepJobLimits
from overdrive.compat.azure_ml.sweep import TruncationSelectionPolicy
from overdrive.compat.azure_ml.sweep import Uniform
from overdrive.errors import NotFoundError as ResourceNotFoundError
from overdrive.errors import OverdriveError as MlException
from overdrive.errors import SpecError as ValidationException
from overdrive.errors import SweepFailedError as JobException

__all__ = [
    "AmlCompute",
    "AmlTokenConfiguration",
    "AssetTypes",
    "BanditPolicy",
    "BatchDeployment",
    "BatchEndpoint",
    "BayesianSamplingAlgorithm",
    "BuildContext",
    "Choice",
    "CloudOnly",
    "CodeConfiguration",
    "Command",
    "CommandComponent",
    "Compute",
    "ComputeInstance",
    "Data",
    "Distribution",
    "EarlyTerminationPolicy",
    "Environment",
    "GridSamplingAlgorithm",
    "Identity",
    "Input",
    "InputOutputModes",
    "JobException",
    "JobResourceConfiguration",
    "JobService",
    "LogNormal",
    "LogUniform",
    "MLClient",
    "ManagedIdentityConfiguration",
    "ManagedOnlineDeployment",
    "ManagedOnlineEndpoint",
    "MedianStoppingPolicy",
    "MlException",
    "Model",
    "MpiDistribution",
    "Named",
    "Normal",
    "Objective",
    "Output",
    "PyTorchDistribution",
    "QLogNormal",
    "QLogUniform",
    "QNormal",
    "QUniform",
    "QueueSettings",
    "Randint",
    "RandomSamplingAlgorithm",
    "ResourceConfiguration",
    "ResourceNotFoundError",
    "SamplingAlgorithm",
    "SweepDistribution",
    "SweepJob",
    "SweepJobLimits",
    "TensorFlowDistribution",
    "TruncationSelectionPolicy",
    "Uniform",
    "UserIdentityConfiguration",
    "ValidationException",
    "Workspace",
    "command",
    "load_component",
    "load_environment",
    "load_job",
    "pipeline",
]
