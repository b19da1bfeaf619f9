"""Datastores: folders of the workspace in the place of Azure's storage accounts."""

from __future__ import annotations

import os
import shutil

from overdrive.report import registry
from overdrive.report.datasets.consumption import DataReference
from overdrive.report.errors import UserErrorException

_KIND = "datastores"
#: The one that every workspace has, and is the default unless another is set.
DEFAULT = "workspaceblobstore"
#: Those that every workspace of Azure has.
_BUILT_IN = {DEFAULT: "AzureBlob", "workspacefilestore": "AzureFile", "workspaceartifactstore": "AzureBlob"}
#: The file, among the registry's, that says which one is the default.
_SETTING = ".default.json"


class Datastore:
    """A folder below the workspace under a name; what is uploaded to it lies there.

    `Datastore(workspace)` is the default one, `Datastore(workspace, name)` and `Datastore.get(workspace, name)` one by
    name. Those registered for an Azure account keep its names, and their own folder in its place. Raises
    UserErrorException for a name that is not registered.
    """

    def __init__(self, workspace: object, name: str | None = None) -> None:
        self.workspace = workspace
        self._place = registry.workspace_path(workspace)
        self.name = name or default_name(self._place)
        entry = registry.read(self._place, _KIND, self.name)
        if entry is None and self.name not in _BUILT_IN:
            known = ", ".join(map(repr, names_of(self._place)))
            raise UserErrorException(f"the workspace has no datastore {self.name!r}: it has {known}")
        entry = entry or {"datastore_type": _BUILT_IN[self.name]}
        #: 'AzureBlob', 'AzureFile', …: what it was registered as.
        self.datastore_type: str = entry["datastore_type"]
        self.account_name: str | None = entry.get("account_name") or "local"
        self.container_name: str | None = entry.get("container_name") or self.name
        if type(self) is Datastore:
            self.__class__ = _CLASSES.get(self.datastore_type, Datastore)

    @staticmethod
    def get(workspace: object, datastore_name: str) -> Datastore:
        """The one with this name. Raises UserErrorException where there is none."""
        return Datastore(workspace, datastore_name)

    @staticmethod
    def get_default(workspace: object) -> Datastore:
        """The default one."""
        return Datastore(workspace)

    @staticmethod
    def register_azure_blob_container(
        workspace: object, datastore_name: str, container_name: str, account_name: str, *args: object, **kwargs: object
    ) -> Datastore:
        """A folder under the container's names. Keys and tokens are taken and not kept."""
        names = {"account_name": account_name, "container_name": container_name}
        return _register(workspace, datastore_name, "AzureBlob", names)

    @staticmethod
    def register_azure_file_share(
        workspace: object, datastore_name: str, file_share_name: str, account_name: str, *args: object, **kwargs: object
    ) -> Datastore:
        """A folder under the share's names. Keys and tokens are taken and not kept."""
        names = {"account_name": account_name, "container_name": file_share_name}
        return _register(workspace, datastore_name, "AzureFile", names)

    @staticmethod
    def register_azure_data_lake_gen2(
        workspace: object, datastore_name: str, filesystem: str, account_name: str, *args: object, **kwargs: object
    ) -> Datastore:
        """A folder under the file system's names. Secrets are taken and not kept."""
        names = {"account_name": account_name, "container_name": filesystem}
        return _register(workspace, datastore_name, "AzureDataLakeGen2", names)

    def set_as_default(self) -> None:
        """Makes it the workspace's default one."""
        registry.write_file(os.path.join(registry.folder_of(self._place, _KIND), _SETTING), {"name": self.name})

    def unregister(self) -> None:
        """Takes its name out of the workspace; its folder stays."""
        path = registry.folder_of(self._place, _KIND, self.name) + ".json"
        if os.path.exists(path):
            os.unlink(path)

    def local_path(self, below: str = "") -> str:
        """The path of something on it. Raises UserErrorException for a path that leads out of it."""
        root = registry.folder_of(self._place, _KIND, self.name)
        path = os.path.normpath(os.path.join(root, str(below).lstrip("/")))
        if path != root and not path.startswith(root + os.sep):
            raise UserErrorException(f"path = {below!r} is not allowed: it takes a path on the datastore")
        return path

    def path(self, path: str | None = None, data_reference_name: str | None = None) -> DataReference:
        """What lies at `path` on it, for a run's arguments."""
        return DataReference(self, data_reference_name, path)

    def as_mount(self) -> DataReference:
        """All of it, for a run's arguments."""
        return DataReference(self)

    def as_download(self, path_on_compute: str | None = None) -> DataReference:
        """All of it, for a run's arguments."""
        return DataReference(self)

    def as_upload(self, path_on_compute: str | None = None) -> DataReference:
        """All of it, for a run's arguments."""
        return DataReference(self)

    def upload(
        self, src_dir: str, target_path: str | None = None, overwrite: bool = False, show_progress: bool = True
    ) -> DataReference:
        """Copies a folder's files below `target_path`. Files that are there stay, unless `overwrite`.

        Raises UserErrorException for what is no folder.
        """
        if not os.path.isdir(src_dir):
            raise UserErrorException(f"src_dir = {str(src_dir)!r} is not allowed: it takes a folder that exists")
        files = [os.path.join(folder, name) for folder, _, names in os.walk(src_dir) for name in names]
        return self.upload_files(sorted(files), str(src_dir), target_path, overwrite, show_progress)

    def upload_files(
        self,
        files: list[str],
        relative_root: str | None = None,
        target_path: str | None = None,
        overwrite: bool = False,
        show_progress: bool = True,
    ) -> DataReference:
        """Copies files below `target_path`, each under its path below `relative_root`, or its bare name without one.

        Files that are there stay, unless `overwrite`. Raises UserErrorException for what is no file.
        """
        for file in files:
            if not os.path.isfile(file):
                raise UserErrorException(f"files holds {str(file)!r}: it takes files that exist")
            name = os.path.relpath(file, relative_root) if relative_root else os.path.basename(file)
            target = self.local_path(os.path.join(target_path or "", name))
            if overwrite or not os.path.exists(target):
                registry.make_private(os.path.dirname(target))
                _copy(str(file), target)
        return DataReference(self, None, target_path)

    def download(
        self, target_path: str, prefix: str | None = None, overwrite: bool = False, show_progress: bool = True
    ) -> int:
        """Copies its files whose paths begin with `prefix` below a folder; how many."""
        root, count = self.local_path(), 0
        for folder, _, names in os.walk(root):
            for name in names:
                below = os.path.relpath(os.path.join(folder, name), root)
                target = os.path.join(target_path, below)
                if below.startswith((prefix or "").lstrip("/")) and (overwrite or not os.path.exists(target)):
                    _copy(os.path.join(folder, name), target)
                    count += 1
        return count

    def __repr__(self) -> str:
        return f"Datastore(name={self.name!r}, datastore_type={self.datastore_type!r})"


class AzureBlobDatastore(Datastore):
    """One that was registered as a container of blobs: what `Datastore(…)` gives for it."""


class AzureFileDatastore(Datastore):
    """One that was registered as a file share."""


class AzureDataLakeGen2Datastore(Datastore):
    """One that was registered as a data lake's file system."""


#: What it was registered as → its class, for scripts that ask.
_CLASSES = {
    "AzureBlob": AzureBlobDatastore,
    "AzureFile": AzureFileDatastore,
    "AzureDataLakeGen2": AzureDataLakeGen2Datastore,
}


class DataPath:
    """A path on a datastore, for the factories of datasets and `ScriptRunConfig(resume_from=…)`."""

    def __init__(
        self, datastore: Datastore | None = None, path_on_datastore: str | None = None, name: str | None = None
    ) -> None:
        self.datastore = datastore
        self.path_on_datastore = path_on_datastore
        self.name = name

    def __repr__(self) -> str:
        return f"DataPath({self.datastore!r}, {self.path_on_datastore!r})"


def default_name(place: str) -> str:
    """The name of the workspace's default datastore."""
    setting = registry.read_file(os.path.join(registry.folder_of(place, _KIND), _SETTING)) or {}
    return str(setting.get("name") or DEFAULT)


def names_of(place: str) -> list[str]:
    """The names of the workspace's datastores."""
    return sorted({*registry.names(place, _KIND), *_BUILT_IN})


def _register(workspace: object, name: str, kind: str, names: dict) -> Datastore:
    if not isinstance(name, str) or not name or name.startswith("."):
        raise UserErrorException(f"datastore_name = {name!r} is not allowed: it takes text that is not empty")
    registry.write(registry.workspace_path(workspace), _KIND, name, {"name": name, "datastore_type": kind, **names})
    return Datastore(workspace, name)


def _copy(source: str, target: str) -> None:
    """A copy that is whole or not there."""
    os.makedirs(os.path.dirname(os.path.abspath(target)), exist_ok=True)
    part = f"{target}.{os.urandom(4).hex()}.part"
    try:
        shutil.copyfile(source, part)
        os.replace(part, target)
    finally:
        if os.path.exists(part):
            os.unlink(part)
