"""What a run will write: folders among its arguments, and the same as inputs of later steps of a pipeline."""

from __future__ import annotations

import os

from overdrive.report import registry
from overdrive.report.datasets.consumption import check_input_name
from overdrive.report.errors import UserErrorException
from overdrive.report.inputs import RunInput


class OutputUse(RunInput):
    """An output of a pipeline's step as input of a later one. Which files it stands for is known at submit.

    source: the output, an object with `name`. name: what the later run knows it by; default the output's.
    mode: 'mount' (where it is) or 'download' (a copy). Methods that read or change rows give new objects.
    """

    def __init__(self, source, name: str | None = None, mode: str = "mount", calls: tuple = ()) -> None:
        self.source = source
        self.name = check_input_name(name or source.name)
        self.mode = mode
        #: How rows are read and what becomes of them: (method, arguments, keywords), the first one a factory's.
        self.calls = calls

    def as_named_input(self, name: str) -> OutputUse:
        """The same under another name."""
        return OutputUse(self.source, name, self.mode, self.calls)

    def as_input(self, name: str | None = None) -> OutputUse:
        """The same, under another name where one is given."""
        return OutputUse(self.source, name or self.name, self.mode, self.calls)

    def as_mount(self, path_on_compute: str | None = None) -> OutputUse:
        """The files where they are."""
        return OutputUse(self.source, self.name, "mount", self.calls)

    def as_download(self, path_on_compute: str | None = None) -> OutputUse:
        """A copy of the files."""
        return OutputUse(self.source, self.name, "download", self.calls)

    def as_direct(self) -> OutputUse:
        """As `as_mount`: the files are local."""
        return self.as_mount()

    def parse_delimited_files(self, *args: object, **kwargs: object) -> OutputUse:
        """The rows of delimited text; arguments as for `Dataset.Tabular.from_delimited_files` behind the path."""
        return self._reading("from_delimited_files", args, kwargs)

    def parse_parquet_files(self, *args: object, **kwargs: object) -> OutputUse:
        """The rows of Parquet files."""
        return self._reading("from_parquet_files", args, kwargs)

    read_delimited_files = parse_delimited_files
    read_parquet_files = parse_parquet_files

    def keep_columns(self, *args: object, **kwargs: object) -> OutputUse:
        """With these columns only."""
        return self._then("keep_columns", args, kwargs)

    def drop_columns(self, *args: object, **kwargs: object) -> OutputUse:
        """Without these columns."""
        return self._then("drop_columns", args, kwargs)

    def take(self, *args: object, **kwargs: object) -> OutputUse:
        """The first rows or files."""
        return self._then("take", args, kwargs)

    def skip(self, *args: object, **kwargs: object) -> OutputUse:
        """All but the first rows or files."""
        return self._then("skip", args, kwargs)

    @property
    def is_rows(self) -> bool:
        """Whether rows are read, not files given."""
        return bool(self.calls) and self.calls[0][0].startswith("from_")

    def to_input(self) -> dict:
        raise UserErrorException(f"{self.name!r} is written by a step of a pipeline: only another step can be given it")

    def _reading(self, factory: str, args: tuple, kwargs: dict) -> OutputUse:
        if self.is_rows:
            raise UserErrorException(f"{self.name!r} is read as rows already")
        return OutputUse(self.source, self.name, self.mode, ((factory, args, kwargs), *self.calls))

    def _then(self, method: str, args: tuple, kwargs: dict) -> OutputUse:
        return OutputUse(self.source, self.name, self.mode, (*self.calls, (method, args, kwargs)))

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.name!r}, of {self.source!r})"


class OutputFileDatasetConfig(RunInput):
    """A folder that a run writes, on a datastore.

    name: of the output; default one by number. destination: (datastore, path), where {run-id} and {output-name} are
    filled in; default `dataset/{run-id}/{output-name}` on the default datastore.
    """

    _made = 0

    def __init__(
        self, name: str | None = None, destination=None, source: str | None = None, partition_format: str | None = None
    ) -> None:
        OutputFileDatasetConfig._made += 1
        self.name = check_input_name(name or f"output_{OutputFileDatasetConfig._made}")
        self.source = source
        self.destination = destination
        #: {"name", "description", "tags"} of the dataset to register, or None.
        self.registered: dict | None = None
        #: The step of a pipeline that writes it, or None.
        self.written_by = None

    @property
    def placeholder(self) -> str:
        return f"DatasetOutputConfig:{self.name}"

    def as_mount(self, *_: object, **__: object) -> OutputFileDatasetConfig:
        """Itself: the run writes where the data is to be."""
        return self

    as_upload = as_mount

    def register_on_complete(
        self, name: str, description: str | None = None, tags: dict | None = None
    ) -> OutputFileDatasetConfig:
        """Itself, to be registered as a dataset when a pipeline's step that writes it has completed.

        Raises UserErrorException for a name that is none.
        """
        if not isinstance(name, str) or not name:
            raise UserErrorException(f"name = {name!r} is not allowed: it takes text that is not empty")
        self.registered = {"name": name, "description": description, "tags": dict(tags or {})}
        return self

    def as_input(self, name: str | None = None) -> OutputUse:
        """What is written, as input of a later step of a pipeline."""
        return OutputUse(self, name)

    def read_delimited_files(self, *args: object, **kwargs: object):
        """The rows of what is written, as input of a later step of a pipeline."""
        return self.as_input().read_delimited_files(*args, **kwargs)

    def read_parquet_files(self, *args: object, **kwargs: object):
        """The same of Parquet files."""
        return self.as_input().read_parquet_files(*args, **kwargs)

    def to_input(self) -> dict:
        default = "dataset/{run-id}/{output-name}"
        if self.destination is None:
            path = os.path.join(
                registry.folder_of(registry.workspace_path(None), "datastores", "workspaceblobstore"), default
            )
        else:
            datastore, below = self.destination if isinstance(self.destination, tuple) else (self.destination, default)
            path = datastore.local_path(below or default)
        return {"kind": "output", "mode": "mount", "placeholder": self.placeholder, "path": path}
