"""Azure's pipelines over the facade's: steps that hand files to each other, run one after another on this machine."""

from overdrive.compat.azureml.pipelines.data import DataPathComputeBinding
from overdrive.compat.azureml.pipelines.data import PipelineData
from overdrive.compat.azureml.pipelines.data import PipelineOutputFileDataset
from overdrive.compat.azureml.pipelines.data import PipelineOutputTabularDataset
from overdrive.compat.azureml.pipelines.data import PipelineParameter
from overdrive.compat.azureml.pipelines.data import TrainingOutput
from overdrive.compat.azureml.pipelines.pipeline import Pipeline
from overdrive.compat.azureml.pipelines.runs import HyperDriveStepRun
from overdrive.compat.azureml.pipelines.runs import PipelineRun
from overdrive.compat.azureml.pipelines.runs import PortDataReference
from overdrive.compat.azureml.pipelines.runs import StepRun
from overdrive.compat.azureml.pipelines.runs import StepRunOutput
from overdrive.compat.azureml.pipelines.steps import CommandStep
from overdrive.compat.azureml.pipelines.steps import EstimatorStep
from overdrive.compat.azureml.pipelines.steps import HyperDriveStep
from overdrive.compat.azureml.pipelines.steps import PipelineStep
from overdrive.compat.azureml.pipelines.steps import PythonScriptStep
from overdrive.compat.azureml.pipelines.steps import StepSequence

__all__ = [
    "CommandStep",
    "DataPathComputeBinding",
    "EstimatorStep",
    "HyperDriveStep",
    "HyperDriveStepRun",
    "Pipeline",
    "PipelineData",
    "PipelineOutputFileDataset",
    "PipelineOutputTabularDataset",
    "PipelineParameter",
    "PipelineRun",
    "PipelineStep",
    "PortDataReference",
    "PythonScriptStep",
    "StepRun",
    "StepRunOutput",
    "StepSequence",
    "TrainingOutput",
]
