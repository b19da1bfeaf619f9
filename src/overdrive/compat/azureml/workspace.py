"""Azure's Workspace: the one of this machine, whatever names Azure knows it by."""

import json
import os
from collections.abc import Iterator
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from overdrive import client
from overdrive import registry
from overdrive.client.find import list_specs
from overdrive.compat.azureml.azure_only import NothingHere
from overdrive.compat.azureml.azure_only import answer
from overdrive.compat.azureml.compute import ComputeTarget
from overdrive.compat.azureml.compute import compute_targets
from overdrive.compat.azureml.environment import Environment
from overdrive.compat.azureml.exceptions import UserErrorException
from overdrive.compat.azureml.exceptions import in_azures_words
from overdrive.compat.azureml.exceptions import raising
from overdrive.compat.azureml.experiment import Experiment
from overdrive.compat.azureml.experiment import LenientExperiment
from overdrive.compat.azureml.missing import NamesMissing
from overdrive.compat.azureml.model import Model
from overdrive.report.workspace import WorkspaceData
from overdrive.report.workspace import mlflow_folder

__all__ = ["Workspace", "get_run"]

#: Where Azure's tools leave a workspace's names, below the current folder or one above it.
_CONFIG_FILES = ("config.json", ".azureml/config.json", "aml_config/config.json")
_KEYS = ("subscription_id", "resource_group", "workspace_name")


@in_azures_words
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
        self.tags: dict[str, str] = {}
        self._name = workspace_name

    # Ways to get it

    @classmethod
    def from_config(cls, path: Any = None, auth: object = None, _file_name: Any = None, **_: object) -> "Workspace":
        """The workspace of this machine. No file is needed; where Azure's config.json is found, its names are shown."""
        found = read_config(path, _file_name)
        return cls(**{key: found[key] for key in _KEYS if isinstance(found.get(key), str)})

    @classmethod
    def get(
        cls,
        name: str,
        auth: object = None,
        subscription_id: str | None = None,
        resource_group: str | None = None,
        location: str | None = None,
        **_: object,
    ) -> "Workspace":
        """The workspace of this machine, under that name."""
        return cls(subscription_id, resource_group, name, _location=location)

    create = get

    @classmethod
    def _get_or_create(cls, name: str, *_: object, **__: object) -> "Workspace":
        return cls(workspace_name=name)

    @staticmethod
    def list(subscription_id: str, auth: object = None, resource_group: str | None = None) -> "dict[str, Any]":
        """Name → [the workspace of this machine]."""
        found = Workspace(subscription_id, resource_group)
        return {found.name: [found]}

    # What it is

    @property
    def name(self) -> str:
        """The name that Azure knows it by, or the folder's."""
        return self._name or super().name

    def get_details(self) -> dict[str, str]:
        """Its names and folder."""
        return {"name": self.name, "location": self.location, "id": str(self.path)}

    def get_mlflow_tracking_uri(self, with_auth: bool = False) -> str:
        """Where MLflow keeps what this process logs: a folder of the workspace. Trials log to themselves unasked."""
        return mlflow_folder(self.path)

    def write_config(self, path: Any = None, file_name: str | None = None) -> None:
        """Writes .azureml/config.json, as Azure's does, below `path` (default: the current folder)."""
        target = Path(path or ".", ".azureml", file_name or "config.json")
        target.parent.mkdir(parents=True, exist_ok=True)
        names = (self.subscription_id, self.resource_group, self.name)
        target.write_text(json.dumps(dict(zip(_KEYS, names, strict=True)), indent=4), encoding="utf-8")

    # What is in it

    @property
    def experiments(self) -> Mapping[str, Experiment]:
        """Name → Experiment of all that something was submitted to."""
        names = dict.fromkeys(spec.experiment for _, spec in list_specs(self))
        return {name: LenientExperiment(self, name) for name in sorted(names)}

    @property
    def compute_targets(self) -> Mapping[str, ComputeTarget]:
        """Name → target: any name is there, and is this machine; listed are those that the script made, or one."""
        return compute_targets(self)

    @property
    def environments(self) -> Mapping[str, Environment]:
        """Name → Environment of all that are registered; any other name is there too, as an empty one."""
        return _Environments(self)

    @property
    def models(self) -> Mapping[str, Model]:
        """Name → the newest version of each registered model."""
        return {model.name: model for model in Model.list(self, latest=True)}

    @property
    def webservices(self) -> dict[str, object]:
        """Nothing: models are not deployed here. One that is looked up raises AzureOnlyException, a KeyError."""
        return NothingHere("Webservice")

    images = linked_services = webservices

    def get_run(self, run_id: str) -> client.Run:
        """The sweep, trial or single run with this id. Raises RunNotFoundException."""
        with raising(UserErrorException):
            return client.open_run(self, run_id, LenientExperiment)

    def get_default_compute_target(self, type: str = "CPU") -> ComputeTarget:
        """This machine."""
        return ComputeTarget(self, "local")

    get_default_keyvault = answer("Workspace.get_default_keyvault")

    # What only Azure can change

    def update(self, *_: object, **__: object) -> None:
        """Nothing: its names are Azure's."""

    def delete(self, *_: object, **__: object) -> None:
        """Refused, since it holds the sweeps. Raises UserErrorException."""
        raise UserErrorException(
            f"a script does not delete the workspace: it is the folder {self.path}, which you can remove yourself"
        )


def get_run(experiment: Any, run_id: str, rehydrate: bool = True, **_: object) -> client.Run:
    """The sweep, trial or single run with this id. Raises NotFoundError."""
    return experiment.workspace.get_run(run_id)


class _Environments(Mapping[str, Environment]):
    """The registered ones are listed; any other name is there, too: a curated environment is this machine's Python."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace

    def __getitem__(self, name: str) -> Environment:
        return Environment.get(self._workspace, name)

    def __iter__(self) -> Iterator[str]:
        return iter(registry.list_names(self._workspace.path, "environments"))

    def __len__(self) -> int:
        return len(list(iter(self)))


def read_config(path: Any, file_name: Any) -> dict[str, Any]:
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
