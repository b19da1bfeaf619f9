"""Azure's Experiment over the facade's."""

import dataclasses
import re
from collections.abc import Mapping
from typing import Any

from overdrive import client
from overdrive.client.children import has_all
from overdrive.client.find import list_specs
from overdrive.compat.azureml.azure_only import AzureOnlyException
from overdrive.compat.azureml.azure_only import Settings
from overdrive.compat.azureml.compute import most_at_once
from overdrive.compat.azureml.estimators import Estimator
from overdrive.compat.azureml.exceptions import HyperDriveConfigException
from overdrive.compat.azureml.exceptions import UserErrorException
from overdrive.compat.azureml.exceptions import in_azures_words
from overdrive.compat.azureml.exceptions import raising
from overdrive.compat.azureml.missing import NamesMissing
from overdrive.compat.azureml.missing import warn_of_unknown
from overdrive.compat.azureml.run import HyperDriveRun
from overdrive.compat.azureml.run import Run

__all__ = ["Experiment", "LenientExperiment", "Submittable", "search"]

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*")


class Submittable(NamesMissing):
    """What an experiment is given that says itself how it is started."""

    def submit_to(self, experiment: "Experiment", tags: Mapping[str, object] | None, **how: Any) -> Run:
        """Starts it; its run. how: what `submit` was given beside."""
        raise NotImplementedError


@in_azures_words
class Experiment(client.Experiment, NamesMissing):
    """A named group of runs; the name by Azure's rule: letters, digits, - and _, beginning with a letter or digit.

    Raises UserErrorException for another name.
    """

    run_class = Run
    sweep_class = HyperDriveRun

    def __init__(self, workspace: client.Workspace, name: str, *, strict: bool = True, **_: object) -> None:
        with raising(UserErrorException):
            super().__init__(workspace, name)
        if strict and not _NAME.fullmatch(name):
            allowed = "letters, digits, - and _, beginning with a letter or digit"
            raise UserErrorException(field="name", value=name, allowed=allowed)

    @property
    def id(self) -> str:
        """Its name."""
        return self.name

    def submit(
        self, config: Any, tags: Mapping[str, object] | None = None, *, parent: client.Run | None = None, **how: Any
    ) -> Any:
        """Starts a sweep, a single run or a pipeline; returns at once with its HyperDriveRun, Run or PipelineRun.

        config: a HyperDriveConfig, a ScriptRunConfig, an Estimator or a Pipeline. how: for a Pipeline,
        `pipeline_parameters` and `continue_on_step_failure`; others warn and are left out, as Azure takes any. Raises
        UserErrorException for files or arguments that cannot be used, AzureOnlyException for what only Azure runs, and
        else as the facade's.
        """
        if isinstance(config, Settings):
            raise AzureOnlyException(type(config).__name__)
        if isinstance(config, Submittable):
            return config.submit_to(self, tags, **how)
        warn_of_unknown("submit", how)
        if isinstance(config, Estimator):
            config = config.as_script_run_config()
        with raising(UserErrorException):
            if isinstance(config, client.HyperDriveConfig):
                config = _bounded(config)
            return super().submit(config, tags, parent=parent)

    def start_logging(
        self,
        *_: object,
        outputs: object = None,
        snapshot_directory: Any = None,
        display_name: str | None = None,
        tags: Mapping[str, object] | None = None,
        parent: client.Run | None = None,
        **__: object,
    ) -> Any:
        """A run that this process logs to: see the facade's.

        Azure copies the current folder; here a folder is copied only where `snapshot_directory` names it.
        """
        with raising(UserErrorException):
            return super().start_logging(display_name, snapshot_directory, tags, parent=parent)

    @staticmethod
    def list(
        workspace: client.Workspace,
        experiment_name: str | None = None,
        view_type: str = "ActiveOnly",
        tags: "Mapping[str, str] | str | None" = None,
    ) -> "list[Experiment]":
        """The experiments that something was submitted to, by name.

        view_type: 'ActiveOnly', 'ArchivedOnly' or 'All'. tags: only those that have them.
        """
        names = sorted({spec.experiment for _, spec in list_specs(workspace)})
        found = [LenientExperiment(workspace, name) for name in names if experiment_name in (None, name)]
        wanted = {"ActiveOnly": (False,), "ArchivedOnly": (True,)}.get(view_type, (False, True))
        return [each for each in found if (each.archived_time is not None) in wanted and has_all(each.tags, tags)]

    @staticmethod
    def delete(workspace: client.Workspace, experiment_id: str) -> None:
        """Refused, since it holds the runs. Raises UserErrorException."""
        raise UserErrorException(
            f"a script does not delete the runs of {experiment_id!r}: `overdrive delete` does, and archive() hides it"
        )

    def refresh(self) -> None:
        """It is read when it is asked."""


class LenientExperiment(Experiment):
    """For what was submitted under a name that Azure does not take."""

    def __init__(self, workspace: client.Workspace, name: str) -> None:
        super().__init__(workspace, name, strict=False)


def search(config: Any, workspace: client.Workspace, experiment_name: str, **_: object) -> HyperDriveRun:
    """Submits a HyperDriveConfig.

    What `Experiment.submit` does with one. Raises HyperDriveConfigException for anything else.
    """
    if not isinstance(config, client.HyperDriveConfig):
        raise HyperDriveConfigException(field="config", value=config, allowed="a HyperDriveConfig")
    return Experiment(workspace, experiment_name).submit(config)


def _bounded(config: client.HyperDriveConfig) -> client.HyperDriveConfig:
    """With no more trials at once than the cluster's `max_nodes`, where the user says that it counts."""
    script = config.run_config or config.estimator
    most = most_at_once(getattr(getattr(script, "run_config", None), "target", None))
    if not most or most >= (config.max_concurrent_runs or most + 1):
        return config
    return dataclasses.replace(config, max_concurrent_runs=most)
