"""How a run's arguments name data to read: datasets, folders of datastores."""

from __future__ import annotations

import re

from overdrive.report.errors import UserErrorException
from overdrive.report.inputs import RunInput

_NAME = re.compile(r"[A-Za-z_]\w*$")
_MODES = ("direct", "mount", "download")


def check_input_name(name: object) -> str:
    """A name that a run may give its data. Raises UserErrorException."""
    if not isinstance(name, str) or not _NAME.match(name):
        allowed = "letters, digits and _, not beginning with a digit"
        raise UserErrorException(f"name = {name!r} is not allowed: it takes {allowed}")
    return name


class DatasetConsumptionConfig(RunInput):
    """A dataset under the name by which a run knows it.

    name: letters, digits and _. dataset: a TabularDataset or FileDataset. mode: 'direct' (the run gets the dataset, an
    argument its id), 'mount' or 'download' (the run gets a folder, an argument its path; files only).
    Raises UserErrorException.
    """

    def __init__(self, name: str, dataset, mode: str = "direct", path_on_compute: str | None = None) -> None:
        self.name = check_input_name(re.sub(r"\W", "_", name) if isinstance(name, str) else name)
        if not hasattr(dataset, "to_definition"):
            raise UserErrorException(f"dataset = {dataset!r} is not allowed: it takes a dataset")
        if mode not in _MODES:
            raise UserErrorException(f"mode = {mode!r} is not allowed: it takes 'direct', 'mount' or 'download'")
        self.dataset = dataset
        self.mode = mode
        #: Kept; data is where it is.
        self.path_on_compute = path_on_compute

    def as_mount(self, path_on_compute: str | None = None) -> DatasetConsumptionConfig:
        """The same, as a folder of the files."""
        return self._in_mode("mount", path_on_compute)

    def as_download(self, path_on_compute: str | None = None) -> DatasetConsumptionConfig:
        """The same, as a folder with copies of the files."""
        return self._in_mode("download", path_on_compute)

    def as_hdfs(self) -> DatasetConsumptionConfig:
        """As `as_mount`: the files are local."""
        return self._in_mode("mount", None)

    def _in_mode(self, mode: str, path_on_compute: str | None) -> DatasetConsumptionConfig:
        if self.dataset.kind != "file":
            raise UserErrorException(f"{self.name!r} holds rows, not files: it cannot be had as a folder ({mode})")
        return DatasetConsumptionConfig(self.name, self.dataset, mode, path_on_compute)

    def to_input(self) -> dict:
        dataset = self.dataset
        return {
            "kind": dataset.kind,
            "mode": self.mode,
            "placeholder": self.placeholder,
            "id": dataset.id,
            "name": dataset.name,
            "version": dataset.version,
            "definition": dataset.to_definition(),
        }

    def __repr__(self) -> str:
        return f"DatasetConsumptionConfig({self.name!r}, {self.dataset!r}, mode={self.mode!r})"


class DataReference(RunInput):
    """A folder or file of a datastore, for a run's arguments; its text is `$AZUREML_DATAREFERENCE_<name>`."""

    def __init__(
        self,
        datastore,
        data_reference_name: str | None = None,
        path_on_datastore: str | None = None,
        mode: str = "mount",
        path_on_compute: str | None = None,
        overwrite: bool = False,
    ) -> None:
        if not hasattr(datastore, "datastore_type"):
            raise UserErrorException(f"datastore = {datastore!r} is not allowed: it takes a Datastore")
        self.datastore = datastore
        self.path_on_datastore = path_on_datastore
        made = re.sub(r"\W", "_", f"{datastore.name}_{path_on_datastore}" if path_on_datastore else datastore.name)
        self.name = self.data_reference_name = check_input_name(data_reference_name or made)
        self.mode = mode
        self.path_on_compute = path_on_compute
        self.overwrite = overwrite

    @property
    def placeholder(self) -> str:
        return f"$AZUREML_DATAREFERENCE_{self.name}"

    def path(self, path: str | None = None, data_reference_name: str | None = None) -> DataReference:
        """What lies below it."""
        below = "/".join(filter(None, [(self.path_on_datastore or "").rstrip("/"), path]))
        return DataReference(self.datastore, data_reference_name, below, self.mode)

    def as_mount(self) -> DataReference:
        """Itself: data is where it is."""
        return self

    def as_download(self, path_on_compute: str | None = None, overwrite: bool = False) -> DataReference:
        """Itself: data is where it is."""
        return self

    def as_upload(self, path_on_compute: str | None = None, overwrite: bool = False) -> DataReference:
        """Itself: what is written there is on the datastore."""
        return self

    def to_input(self) -> dict:
        path = self.datastore.local_path(self.path_on_datastore or "")
        return {"kind": "path", "mode": self.mode, "placeholder": self.placeholder, "path": path}

    def __str__(self) -> str:
        return self.placeholder

    def __repr__(self) -> str:
        return f"DataReference({self.datastore.name!r}, {self.path_on_datastore!r})"
