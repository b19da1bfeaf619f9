"""Azure's Run and HyperDriveRun over the facade's."""

import json
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from overdrive import client
from overdrive.client.find import locate
from overdrive.client.workspace import Workspace
from overdrive.compat.azureml.azure_only import answer
from overdrive.compat.azureml.environment import Environment
from overdrive.compat.azureml.exceptions import ActivityFailedException
from overdrive.compat.azureml.exceptions import HyperDriveConfigException
from overdrive.compat.azureml.exceptions import HyperDriveNotImplementedException
from overdrive.compat.azureml.exceptions import HyperDriveRehydrateException
from overdrive.compat.azureml.exceptions import ModelPathNotFoundException
from overdrive.compat.azureml.exceptions import UserErrorException
from overdrive.compat.azureml.exceptions import in_azures_words
from overdrive.compat.azureml.exceptions import raising
from overdrive.compat.azureml.missing import NamesMissing
from overdrive.compat.azureml.model import Model
from overdrive.compat.azureml.model import facts_of
from overdrive.compat.azureml.runconfig import HyperDriveConfig
from overdrive.compat.azureml.runconfig import ScriptRunConfig
from overdrive.errors import NotFoundError
from overdrive.errors import OverdriveError
from overdrive.errors import SweepFailedError
from overdrive.records import SweepSpec
from overdrive.report.datasets.factory import from_definition
from overdrive.sampling import sampling_from_json
from overdrive.termination import build_policy
from overdrive.views import SweepView
from overdrive.views import open_sweep

__all__ = ["KINDS", "HyperDriveRun", "Run"]

#: Classes of single runs that are more: by what stands in the `extra` of their specification.
KINDS: "dict[str, type[Run]]" = {}


@in_azures_words
class Run(client.Run, NamesMissing):
    """One trial of a sweep, or a single run. As the facade's, with Azure's exceptions.

    The id of a sweep gives a HyperDriveRun. Raises UserErrorException for an id that is no text,
    RunNotFoundException (a ServiceException) for one that is not there.
    """

    _model_class = Model
    output_datasets: Mapping[str, object] = MappingProxyType({})

    def __new__(cls, experiment: Any = None, run_id: Any = None, *_: object, _view: Any = None, **__: object) -> "Run":
        """As in Azure the class is that of the run, whichever class is asked."""
        is_asked = cls is Run and isinstance(run_id, str)
        return object.__new__(_class_of(experiment, run_id, _view) if is_asked else cls)

    def __init__(self, experiment: Any, run_id: str, **kwargs: Any) -> None:
        with raising(UserErrorException):
            super().__init__(experiment, run_id, **kwargs)

    @staticmethod
    def get(workspace: Workspace, run_id: str) -> client.Run:
        """The run with this id, of whatever experiment. Raises RunNotFoundException."""
        return workspace.get_run(run_id)  # type: ignore[attr-defined]

    @staticmethod
    def list(
        experiment: Any,
        type: str | None = None,
        tags: Any = None,
        properties: Any = None,
        status: str | None = None,
        include_children: bool = False,
        _rehydrate_runs: bool = True,
    ) -> Any:
        """The experiment's runs, the newest first. status: only those with this word."""
        runs = experiment.get_runs(type=type, tags=tags, properties=properties, include_children=include_children)
        return (run for run in runs if status in (None, run.get_status()))

    @staticmethod
    def add_type_provider(runtype: str, run_factory: object) -> None:
        """Nothing: there are no other types of runs here."""

    def start(self) -> None:
        """Nothing: a run has started when it is there."""

    def wait_for_completion(
        self, show_output: bool = False, wait_post_processing: bool = False, raise_on_error: bool = True
    ) -> dict[str, Any]:
        """As the facade's; a failed run raises ActivityFailedException."""
        try:
            return super().wait_for_completion(show_output, wait_post_processing, raise_on_error)
        except SweepFailedError as error:
            raise ActivityFailedException(error.message, error, hint=error.hint) from None

    # Its files

    def download_file(self, name: str, output_file_path: Any = None, _validate_checksum: bool = False) -> None:
        """As the facade's; raises UserErrorException when the run has no such file."""
        try:
            super().download_file(name, output_file_path)
        except NotFoundError as error:
            raise UserErrorException(error.message, error, hint=error.hint) from error

    def upload_file(self, name: str, path_or_stream: object, datastore_name: str | None = None) -> None:
        """As the facade's, with UserErrorException."""
        with raising(UserErrorException):
            super().upload_file(name, path_or_stream)

    def upload_folder(self, name: str, path: str, datastore_name: str | None = None) -> None:
        """As the facade's, with UserErrorException."""
        with raising(UserErrorException):
            super().upload_folder(name, path)

    def register_model(  # type: ignore[override]  (Azure's order)
        self,
        model_name: str,
        model_path: str | None = None,
        tags: Mapping[str, object] | None = None,
        properties: Mapping[str, object] | None = None,
        model_framework: str | None = None,
        model_framework_version: str | None = None,
        description: str | None = None,
        datasets: Any = None,
        sample_input_dataset: object = None,
        sample_output_dataset: object = None,
        resource_configuration: Any = None,
        **_: object,
    ) -> Model:
        """As the facade's, in Azure's order. Raises ModelPathNotFoundException where the run has no such file."""
        facts = facts_of(model_framework, model_framework_version, resource_configuration, datasets)
        try:
            with raising(UserErrorException):
                return super().register_model(  # type: ignore[return-value]
                    model_name, model_path, tags, properties, description, **facts
                )
        except NotFoundError as error:
            raise ModelPathNotFoundException(error.message, error, hint=error.hint) from error

    # What it was submitted with

    def get_environment(self) -> Environment:
        """The environment that it was submitted with."""
        return Environment.from_json(self.spec.extra.get("environment_definition") or {})

    @property
    def input_datasets(self) -> dict[str, Any]:
        """Name → the data set that the run was given under it."""
        named = {name: item for name, item in self.spec.run.inputs.items() if item["kind"] in ("tabular", "file")}
        place = str(self.experiment.workspace.path)
        return {name: from_definition(item["definition"], place, item) for name, item in named.items()}

    def take_snapshot(self, file_or_folder_path: Any) -> str:
        """Refused: a run keeps the source that it was submitted with. Raises UserErrorException."""
        raise UserErrorException("a run keeps the source as it was at submit: run.upload_folder keeps other files")

    get_secret = answer("Run.get_secret")
    get_secrets = answer("Run.get_secrets")


@in_azures_words
class HyperDriveRun(client.HyperDriveRun, Run):
    """A sweep. As the facade's, with Azure's exceptions.

    hyperdrive_config: its configuration; without one it is rebuilt from the sweep when it is asked for.
    Raises HyperDriveConfigException for an id that is no sweep's, RunNotFoundException for one that is not there.
    """

    def __init__(self, experiment: Any, run_id: str, hyperdrive_config: Any = None, **kwargs: Any) -> None:
        with raising(HyperDriveConfigException):
            client.HyperDriveRun.__init__(self, experiment, run_id, **kwargs)
        self._config = hyperdrive_config

    @property
    def hyperdrive_config(self) -> HyperDriveConfig:
        """Its configuration. Raises HyperDriveRehydrateException where it cannot be rebuilt."""
        if self._config is None:
            self._config = rebuild_config(self.spec)
        return self._config

    @property
    def tags(self) -> dict[str, str]:
        """Its tags, and those in which Azure keeps what a sweep was told, by Azure's names."""
        told = {
            f"_aml_system_{name}": text for name, text in {**system_tags(self), **self.get_hyperparameters()}.items()
        }
        return {**told, **super().tags}

    def get_diagnostics(self) -> None:
        """Raises HyperDriveNotImplementedException: sweeps have none."""
        raise HyperDriveNotImplementedException("a sweep has no diagnostics; its trials have logs: get_all_logs()")

    def fail(self, error_details: object = None, error_code: object = None, _set_status: bool = True) -> None:
        """Raises HyperDriveNotImplementedException: nobody outside can fail a sweep."""
        raise HyperDriveNotImplementedException("a sweep cannot be failed from outside; cancel() ends it")


def system_tags(run: HyperDriveRun) -> dict[str, str]:
    """What Azure writes on a sweep about itself: JSON texts and numbers, as text."""
    spec = run.spec
    told = {
        "generator_config": {**spec.sampling, "parameter_space": spec.space},
        "primary_metric_config": spec.metric.to_json() if spec.metric else None,
        "policy_config": spec.policy,
        "max_total_jobs": spec.max_total_runs,
        "max_concurrent_jobs": spec.max_concurrent_runs or spec.max_total_runs,
        "max_duration_minutes": spec.max_duration_minutes,
        "all_jobs_generated": run.has_ended,
        "cancellation_requested": run.outcome == "cancelled",
    }
    return {name: json.dumps(value) for name, value in told.items()}


def _class_of(experiment: Any, run_id: str, view: SweepView | None) -> type[Run]:
    try:
        place = locate(experiment.workspace, run_id)
        if place.trial is not None:
            return Run
        if place.folder.parent == experiment.workspace.sweeps_folder:
            return HyperDriveRun
        extra = (view or open_sweep(place.folder)).spec.extra
    except (OverdriveError, AttributeError):  # the constructor says what is wrong
        return Run
    return next((kind for mark, kind in KINDS.items() if mark in extra), Run)


def rebuild_config(spec: SweepSpec) -> HyperDriveConfig:
    """The configuration that a sweep was submitted with.

    Raises HyperDriveRehydrateException for a sampling or policy that is not installed any more.
    """
    run, script = spec.run, spec.run.script
    with raising(HyperDriveRehydrateException):
        return HyperDriveConfig(
            sampling_from_json({**spec.sampling, "parameter_space": spec.space}),
            spec.metric.name if spec.metric else "",
            spec.metric.goal if spec.metric else "",  # type: ignore[arg-type]
            spec.max_total_runs,
            spec.max_concurrent_runs,
            spec.max_duration_minutes,
            build_policy(spec.policy),
            run_config=ScriptRunConfig(
                run.source_directory,
                script,
                list(run.arguments),
                command=None if script else list(run.command),
                interpreter=run.command[0] if script else None,
                strict=spec.strict,
            ),
            strict=spec.strict,
        )
