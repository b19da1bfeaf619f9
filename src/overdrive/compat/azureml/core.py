"""Azure's Workspace and Experiment over the facade's."""

import json
import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from overdrive import client
from overdrive.client.find import list_specs
from overdrive.compat.azureml.exceptions import HyperDriveConfigException
from overdrive.compat.azureml.exceptions import UserErrorException
from overdrive.compat.azureml.exceptions import raising
from overdrive.compat.azureml.missing import NamesMissing
from overdrive.compat.azureml.run import HyperDriveRun
from overdrive.compat.azureml.run import Run
from overdrive.report.workspace import WorkspaceData

__all__ = ["Experiment", "Workspace", "search"]

#: Where Azure's tools leave a workspace's names, below the current folder or one above it.
_CONFIG_FILES = ("config.json", ".azureml/config.json", "aml_config/config.json")
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*")


class Workspace(client.Workspace, WorkspaceData, NamesMissing):
    """The workspace of this machine, whatever names Azure knows it by.

    subscription_id, resource_group, workspace_name: kept to show. The folder is the one of `overdrive.Workspace`.
    """

    def __init__(
        self,
        subscription_id: str | None = None,
        resource_group: str | None = None,
        workspace_name: str | None = None,
        auth: object = None,
        _location: str | None = None,
        **_: object,
    ) -> None:
        super().__init__()
        self.subscription_id = subscription_id or "local"
        self.resource_group = resource_group or "local"
        self.location = _location or "local"
        self._name = workspace_name

    @classmethod
    def from_config(cls, path: Any = None, auth: object = None, _file_name: Any = None) -> "Workspace":
        """The workspace of this machine. No file is needed; where Azure's config.json is found, its names are shown."""
        found = _read_config(path, _file_name)
        keys = ("subscription_id", "resource_group", "workspace_name")
        return cls(**{key: found[key] for key in keys if isinstance(found.get(key), str)})

    @classmethod
    def get(
        cls,
        name: str,
        auth: object = None,
        subscription_id: str | None = None,
        resource_group: str | None = None,
        **_: object,
    ) -> "Workspace":
        """The workspace of this machine, under that name."""
        return cls(subscription_id, resource_group, name)

    @classmethod
    def create(
        cls,
        name: str,
        auth: object = None,
        subscription_id: str | None = None,
        resource_group: str | None = None,
        **_: object,
    ) -> "Workspace":
        """The workspace of this machine, under that name."""
        return cls(subscription_id, resource_group, name)

    @property
    def name(self) -> str:
        """The name that Azure knows it by, or the folder's."""
        return self._name or super().name

    @property
    def experiments(self) -> dict[str, "Experiment"]:
        """Name → Experiment of all that something was submitted to."""
        names = dict.fromkeys(spec.experiment for _, spec in list_specs(self))
        return {name: Experiment(self, name, strict=False) for name in sorted(names)}

    @property
    def compute_targets(self) -> dict[str, Any]:
        """Nothing: any name given to ComputeTarget means this machine."""
        return {}

    def get_run(self, run_id: str) -> client.Run:
        """The sweep, trial or single run with this id. Raises NotFoundError."""
        return client.open_run(self, run_id, _LenientExperiment)

    def write_config(self, path: Any = None, file_name: str | None = None) -> None:
        """Writes .azureml/config.json, as Azure's does, below `path` (default: the current folder)."""
        target = Path(path or ".", ".azureml", file_name or "config.json")
        target.parent.mkdir(parents=True, exist_ok=True)
        names = {
            "subscription_id": self.subscription_id,
            "resource_group": self.resource_group,
            "workspace_name": self.name,
        }
        target.write_text(json.dumps(names, indent=4), encoding="utf-8")

    def get_details(self) -> dict[str, str]:
        """Its names and folder."""
        return {"name": self.name, "location": self.location, "id": str(self.path)}


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

    def submit(self, config: Any, tags: Mapping[str, object] | None = None, **_: object) -> Any:
        """Starts a sweep or a single run; returns at once with its HyperDriveRun, or Run.

        Raises UserErrorException for files or arguments that cannot be used, and else as the facade's.
        """
        with raising(UserErrorException):
            return super().submit(config, tags)


class _LenientExperiment(Experiment):
    """For what was submitted under a name that Azure does not take."""

    def __init__(self, workspace: client.Workspace, name: str) -> None:
        super().__init__(workspace, name, strict=False)


def search(config: Any, workspace: Workspace, experiment_name: str, **_: object) -> HyperDriveRun:
    """Submits a HyperDriveConfig.

    What `Experiment.submit` does with one. Raises HyperDriveConfigException for anything else.
    """
    if not isinstance(config, client.HyperDriveConfig):
        raise HyperDriveConfigException(field="config", value=config, allowed="a HyperDriveConfig")
    return Experiment(workspace, experiment_name).submit(config)


def _read_config(path: Any, file_name: Any) -> dict[str, Any]:
    """Azure's config.json: at `path`, or the nearest one above the current folder; {} where there is none."""
    start = Path(path or os.curdir).absolute()
    names = (file_name,) if isinstance(file_name, str) else _CONFIG_FILES
    candidates = [start] if start.is_file() else [folder / name for folder in (start, *start.parents) for name in names]
    for candidate in candidates:
        try:
            data = json.loads(candidate.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            continue
        if isinstance(data, dict) and "workspace_name" in data:
            return data
    return {}
