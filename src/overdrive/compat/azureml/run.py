"""Azure's Run and HyperDriveRun over the facade's."""

from typing import Any

from overdrive import client
from overdrive.client.workspace import Workspace
from overdrive.compat.azureml.exceptions import ActivityFailedException
from overdrive.compat.azureml.exceptions import HyperDriveConfigException
from overdrive.compat.azureml.exceptions import HyperDriveNotImplementedException
from overdrive.compat.azureml.exceptions import HyperDriveRehydrateException
from overdrive.compat.azureml.exceptions import UserErrorException
from overdrive.compat.azureml.exceptions import raising
from overdrive.compat.azureml.missing import NamesMissing
from overdrive.compat.azureml.runconfig import HyperDriveConfig
from overdrive.compat.azureml.runconfig import ScriptRunConfig
from overdrive.errors import SweepFailedError
from overdrive.records import SweepSpec
from overdrive.sampling import sampling_from_json
from overdrive.termination import build_policy

__all__ = ["HyperDriveRun", "Run"]


class Run(client.Run, NamesMissing):
    """One trial of a sweep, or a single run. As the facade's, with Azure's exceptions.

    Raises UserErrorException for an id that is no text, NotFoundError for one that is not there.
    """

    def __init__(self, experiment: Any, run_id: str, **kwargs: Any) -> None:
        with raising(UserErrorException):
            super().__init__(experiment, run_id, **kwargs)

    @staticmethod
    def get(workspace: Workspace, run_id: str) -> client.Run:
        """The run with this id, of whatever experiment. Raises NotFoundError."""
        return workspace.get_run(run_id)  # type: ignore[attr-defined]

    @staticmethod
    def list(experiment: Any, type: str | None = None, tags: Any = None, properties: Any = None, **kwargs: Any) -> Any:
        """The experiment's runs, the newest first."""
        return experiment.get_runs(type=type, tags=tags, properties=properties, **kwargs)

    def wait_for_completion(
        self, show_output: bool = False, wait_post_processing: bool = False, raise_on_error: bool = True
    ) -> dict[str, Any]:
        """As the facade's; a failed run raises ActivityFailedException."""
        try:
            return super().wait_for_completion(show_output, wait_post_processing, raise_on_error)
        except SweepFailedError as error:
            raise ActivityFailedException(error.message, error, hint=error.hint) from None


class HyperDriveRun(client.HyperDriveRun, Run):
    """A sweep. As the facade's, with Azure's exceptions.

    hyperdrive_config: its configuration; without one it is rebuilt from the sweep when it is asked for.
    Raises HyperDriveConfigException for an id that is no sweep's, NotFoundError for one that is not there.
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

    def get_diagnostics(self) -> None:
        """Raises HyperDriveNotImplementedException: sweeps have none."""
        raise HyperDriveNotImplementedException("a sweep has no diagnostics; its trials have logs: get_all_logs()")

    def fail(self, error_details: object = None, error_code: object = None, _set_status: bool = True) -> None:
        """Raises HyperDriveNotImplementedException: nobody outside can fail a sweep."""
        raise HyperDriveNotImplementedException("a sweep cannot be failed from outside; cancel() ends it")


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
