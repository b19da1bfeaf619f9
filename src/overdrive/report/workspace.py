"""The workspace and the experiment as a trial sees them: to read from."""

from __future__ import annotations

import os

from overdrive.report.trial_only import TrialOnly
from overdrive.report.trial_only import control_side

TYPE_CHECKING = False  # as typing's, which costs every trial ten modules
if TYPE_CHECKING:
    from typing import Any


class WorkspaceData:
    """What a workspace says of its data. `path` is its folder."""

    path: Any

    @property
    def datasets(self) -> Any:
        """Name → dataset, of all that are registered; each is read when it is asked for."""
        return _datasets().Dataset.get_all(self)

    @property
    def datastores(self) -> dict:
        """Name → Datastore."""
        from overdrive.report.datasets.datastore import names_of  # noqa: PLC0415

        return {name: _datasets().Datastore(self, name) for name in names_of(str(self.path))}

    def get_default_datastore(self):
        """The datastore that is used where none is named."""
        return _datasets().Datastore(self)

    def set_default_datastore(self, name: str) -> None:
        """Makes the datastore of that name the default one. Raises UserErrorException where there is none."""
        _datasets().Datastore(self, name).set_as_default()


class Workspace(WorkspaceData, TrialOnly):
    """The workspace as a trial sees it: names, data, models. Whatever Azure's arguments say, it is the trial's own."""

    subscription_id = resource_group = location = "local"

    def __init__(
        self,
        subscription_id: object = None,
        resource_group: object = None,
        workspace_name: str | None = None,
        _path: str | None = None,
        **_: object,
    ) -> None:
        path = _path or os.environ.get("OVERDRIVE_WORKSPACE") or "~/.overdrive"
        #: The folder.
        self.path = os.path.abspath(os.path.expanduser(path))
        self.name = workspace_name or os.path.basename(self.path).lstrip(".") or "overdrive"

    @classmethod
    def from_config(cls, path: object = None, auth: object = None, _file_name: object = None) -> Workspace:
        """The workspace of the trial; no file is needed."""
        return cls()

    @classmethod
    def get(cls, name: str, *args: object, **kwargs: object) -> Workspace:
        """The workspace of the trial, under that name."""
        return cls(workspace_name=name)

    @property
    def models(self) -> dict:
        """Name → the newest version of each registered model."""
        from overdrive.report.models import RegisteredModel  # noqa: PLC0415

        return {model.name: model for model in RegisteredModel.list(self, latest=True)}

    def get_details(self) -> dict[str, str]:
        return {"name": self.name, "location": self.location, "id": str(self.path)}

    def get_mlflow_tracking_uri(self, with_auth: bool = False) -> str:
        """Where MLflow logs in this process: in a trial, the trial itself; elsewhere a folder of the workspace."""
        return os.environ.get("MLFLOW_TRACKING_URI") or mlflow_folder(self.path)

    def whole(self) -> Any:
        """The same workspace as control scripts have it. Raises ImportError where this Python has no control side."""
        whole = control_side().Workspace(self.subscription_id, self.resource_group, self.name)
        whole.path = type(whole.path)(self.path)
        return whole

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Workspace) and other.path == self.path

    def __hash__(self) -> int:
        return hash(self.path)

    def __repr__(self) -> str:
        return f"Workspace(name={self.name!r})"


class Experiment(TrialOnly):
    """The experiment as a trial sees it: `name` and `workspace`."""

    def __init__(self, workspace: Workspace, name: str, **_: object) -> None:
        self.workspace = workspace
        self.name = self.id = name

    def whole(self) -> Any:
        """The same experiment as control scripts have it. Raises ImportError as the workspace's."""
        return control_side().Experiment(self.workspace.whole(), self.name, strict=False)

    def __repr__(self) -> str:
        return f"Experiment(name={self.name!r}, workspace={self.workspace!r})"


def mlflow_folder(path: object) -> str:
    """Where MLflow keeps what a script logs outside of trials, as a URI: a folder of the workspace.

    MLflow 3 keeps its file store behind the word MLFLOW_ALLOW_FILE_STORE, which is said for this process.
    """
    from pathlib import Path  # noqa: PLC0415  (heavy, and most trials do not ask)

    os.environ.setdefault("MLFLOW_ALLOW_FILE_STORE", "true")
    return Path(str(path), "mlflow").as_uri()


def _datasets():
    """The package for data: most trials use none of it."""
    from overdrive.report import datasets  # noqa: PLC0415

    return datasets
