"""All names of Azure ML's Python SDK (version 1) that work here, flat: what trialpath/'s modules hand out.

Facts of signatures, checks and statuses follow azureml-core 1.61 and azureml-train-core 1.62; where a docstring says
nothing else, behaviour is the facade's.
"""

from typing import TYPE_CHECKING

import overdrive
from overdrive.compat.azureml.compute import AmlCompute
from overdrive.compat.azureml.compute import ComputeInstance
from overdrive.compat.azureml.compute import ComputeTarget
from overdrive.compat.azureml.core import Experiment
from overdrive.compat.azureml.core import Workspace
from overdrive.compat.azureml.core import search
from overdrive.compat.azureml.environment import CondaDependencies
from overdrive.compat.azureml.environment import DockerConfiguration
from overdrive.compat.azureml.environment import Environment
from overdrive.compat.azureml.environment import MpiConfiguration
from overdrive.compat.azureml.environment import RunConfiguration
from overdrive.compat.azureml.exceptions import ActivityFailedException
from overdrive.compat.azureml.exceptions import AzureMLException
from overdrive.compat.azureml.exceptions import ComputeTargetException
from overdrive.compat.azureml.exceptions import ExperimentExecutionException
from overdrive.compat.azureml.exceptions import HyperDriveConfigException
from overdrive.compat.azureml.exceptions import HyperDriveException
from overdrive.compat.azureml.exceptions import HyperDriveNotImplementedException
from overdrive.compat.azureml.exceptions import HyperDriveRehydrateException
from overdrive.compat.azureml.exceptions import HyperDriveScenarioNotSupportedException
from overdrive.compat.azureml.exceptions import HyperDriveServiceException
from overdrive.compat.azureml.exceptions import RunEnvironmentException
from overdrive.compat.azureml.exceptions import TrainingException
from overdrive.compat.azureml.exceptions import UserErrorException
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
from overdrive.compat.azureml.policy import BanditPolicy
from overdrive.compat.azureml.policy import EarlyTerminationPolicy
from overdrive.compat.azureml.policy import MedianStoppingPolicy
from overdrive.compat.azureml.policy import NoTerminationPolicy
from overdrive.compat.azureml.policy import TruncationSelectionPolicy
from overdrive.compat.azureml.run import HyperDriveRun
from overdrive.compat.azureml.run import Run
from overdrive.compat.azureml.runconfig import HyperDriveConfig
from overdrive.compat.azureml.runconfig import HyperDriveRunConfig
from overdrive.compat.azureml.runconfig import PrimaryMetricGoal
from overdrive.compat.azureml.runconfig import ScriptRunConfig
from overdrive.compat.azureml.sampling import BayesianParameterSampling
from overdrive.compat.azureml.sampling import GridParameterSampling
from overdrive.compat.azureml.sampling import HyperParameterSampling
from overdrive.compat.azureml.sampling import RandomParameterSampling

if TYPE_CHECKING:
    from overdrive.widgets import RunDetails

__all__ = [
    "ActivityFailedException",
    "AmlCompute",
    "AzureMLException",
    "BanditPolicy",
    "BayesianParameterSampling",
    "ComputeInstance",
    "ComputeTarget",
    "ComputeTargetException",
    "CondaDependencies",
    "DockerConfiguration",
    "EarlyTerminationPolicy",
    "Environment",
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
    "HyperParameterSampling",
    "MedianStoppingPolicy",
    "MpiConfiguration",
    "NoTerminationPolicy",
    "PrimaryMetricGoal",
    "RandomParameterSampling",
    "Run",
    "RunConfiguration",
    "RunDetails",
    "RunEnvironmentException",
    "ScriptRunConfig",
    "TrainingException",
    "TruncationSelectionPolicy",
    "UserErrorException",
    "Workspace",
    "choice",
    "lognormal",
    "loguniform",
    "normal",
    "qlognormal",
    "qloguniform",
    "qnormal",
    "quniform",
    "randint",
    "search",
    "uniform",
]


def __getattr__(name: str) -> object:
    """RunDetails, by its lazy name: the table is drawn with rich, which most scripts do not need."""
    if name == "RunDetails":
        return overdrive.RunDetails
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
