"""What a pipeline's steps hand to each other, and the values that its submitter may change."""

from typing import Any

from overdrive.compat.azureml.exceptions import UserErrorException
from overdrive.compat.azureml.missing import NamesMissing
from overdrive.report import UserErrorException as TrialUserErrorException
from overdrive.report.datasets.consumption import check_input_name
from overdrive.report.datasets.outputs import OutputUse
from overdrive.report.inputs import RunInput

__all__ = [
    "DataPathComputeBinding",
    "PipelineData",
    "PipelineOutputFileDataset",
    "PipelineOutputTabularDataset",
    "PipelineParameter",
    "TrainingOutput",
]

#: What is made of a sweep's trials; 'Model' is the best one's.
_TRAINING_OUTPUTS = ("Metrics", "Model")


class TrainingOutput(NamesMissing):
    """What is made of a HyperDriveStep once it has ended.

    type: 'Metrics' (a JSON file {trial's run id: {metric: [values]}}) or 'Model' (of the best trial: the file
    `model_file`, such as 'outputs/model.pkl', else all of its outputs/). Raises UserErrorException, a ValueError.
    """

    def __init__(
        self, type: str, iteration: int | None = None, metric: str | None = None, model_file: str | None = None
    ) -> None:
        if type not in _TRAINING_OUTPUTS:
            raise UserErrorException(field="type", value=type, allowed="'Metrics' or 'Model'")
        if iteration is not None or metric is not None:
            raise UserErrorException(
                "iteration and metric are for automated machine learning: of a sweep it is the best trial's model",
                field="metric" if iteration is None else "iteration",
            )
        self.type = type
        self.model_file = model_file


class PipelineData(RunInput, NamesMissing):
    """A folder or file that one step writes and later ones read: `azureml/<step's run id>/<name>` on a datastore.

    name: letters, digits and _. datastore: default the workspace's default one. The folder above it is there when the
    writing step starts, the folder itself is its script's to make. pipeline_output_name: what
    `PipelineRun.get_pipeline_output` knows it by. training_output: for a HyperDriveStep. The rest is kept.
    Raises UserErrorException.
    """

    def __init__(
        self,
        name: str,
        datastore: Any = None,
        output_name: str | None = None,
        output_mode: str = "mount",
        output_path_on_compute: str | None = None,
        output_overwrite: bool | None = None,
        data_type: str | None = None,
        is_directory: bool | None = None,
        pipeline_output_name: str | None = None,
        training_output: TrainingOutput | None = None,
    ) -> None:
        try:
            self.name = check_input_name(name)
        except TrialUserErrorException as error:
            raise UserErrorException(error.message, error, field="name", value=name) from error
        self.datastore = datastore
        self.output_name = output_name or name
        self.pipeline_output_name = pipeline_output_name
        self.training_output = training_output
        self.is_directory = is_directory
        #: The step that writes it, once there is one.
        self.written_by: Any = None

    @property
    def placeholder(self) -> str:
        """What it is in texts that scripts put together: `$AZUREML_DATAREFERENCE_<name>`."""
        return f"$AZUREML_DATAREFERENCE_{self.name}"

    @property
    def data_type(self) -> str:
        """Kept for Azure's sake."""
        return "AnyDirectory" if self.is_directory else "AnyFile"

    def as_input(self, input_name: str | None = None) -> OutputUse:
        """As input of a later step, under another name where one is given."""
        return OutputUse(self, input_name)

    def as_mount(self) -> "PipelineData":
        """Itself: data is where it is."""
        return self

    def as_download(self, input_name: str | None = None, *_: object, **__: object) -> OutputUse:
        """As input of a later step, as a copy."""
        return OutputUse(self, input_name, "download")

    def as_dataset(self) -> "PipelineOutputFileDataset":
        """The same as a dataset: the step that reads it finds it in `run.input_datasets`."""
        return PipelineOutputFileDataset(self)

    def to_input(self) -> dict:
        raise UserErrorException(f"{self.name!r} is data of a pipeline: only its steps can be given it")

    def __str__(self) -> str:
        return self.placeholder

    def __repr__(self) -> str:
        return f"PipelineData({self.name!r})"


class PipelineOutputFileDataset(OutputUse):
    """A step's PipelineData as a dataset: to write where that step names it, to read in later ones."""


#: Rows of what a step writes: the same class, since rows are read where files are asked for otherwise.
PipelineOutputTabularDataset = OutputUse


class PipelineParameter(NamesMissing):
    """A value among the arguments of steps that the submitter may change.

    name: of `submit(pipeline, pipeline_parameters={name: value})`. default_value: text, a number, a DataPath or a data
    set. Raises UserErrorException.
    """

    def __init__(self, name: str, default_value: Any) -> None:
        if not isinstance(name, str) or not name:
            raise UserErrorException(field="name", value=name, allowed="text that is not empty")
        self.name = name
        self.default_value = default_value

    def to_definition(self) -> dict:
        """That of the dataset that it stands for, unless it is changed. Raises AttributeError for other values."""
        return self.default_value.to_definition()

    @property
    def kind(self) -> str:
        """That of the dataset that it stands for."""
        return self.default_value.kind

    def __repr__(self) -> str:
        return f"PipelineParameter(name={self.name!r}, default_value={self.default_value!r})"


class DataPathComputeBinding:
    """How a DataPath is given to a step: kept, since data is where it is."""

    def __init__(
        self, mode: str = "mount", path_on_compute: str | None = None, overwrite: bool = False, **_: object
    ) -> None:
        self.mode = mode
        self.path_on_compute = path_on_compute
        self.overwrite = overwrite
