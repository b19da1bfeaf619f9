"""How datasets are made and found: `Dataset`, `Dataset.Tabular`, `Dataset.File`."""

from __future__ import annotations

import os
from collections.abc import Mapping

from overdrive.report import registry
from overdrive.report.datasets.columns import PromoteHeadersBehavior
from overdrive.report.datasets.columns import column_types
from overdrive.report.datasets.dataset import AbstractDataset
from overdrive.report.datasets.dataset import find_by_id
from overdrive.report.datasets.dataset import find_by_name
from overdrive.report.datasets.datastore import Datastore
from overdrive.report.datasets.files import FileDataset
from overdrive.report.datasets.sources import files_of
from overdrive.report.datasets.sources import parse_sources
from overdrive.report.datasets.tabular import TabularDataset
from overdrive.report.errors import UserErrorException


class TabularDatasetFactory:
    """Makes datasets of rows.

    A path is local (a file, folder or pattern), an http(s) URL, (datastore, path), or a list of these. With `validate`,
    the default, files that are not there are refused at once, and URLs are fetched. Partition formats are taken and not
    applied. Raises UserErrorException.
    """

    @staticmethod
    def from_delimited_files(
        path: object,
        validate: bool = True,
        include_path: bool = False,
        infer_column_types: object = True,
        set_column_types: dict | None = None,
        separator: str = ",",
        header: object = True,
        partition_format: str | None = None,
        support_multi_line: bool = False,
        empty_as_string: bool = False,
        encoding: str = "utf8",
    ) -> TabularDataset:
        """Rows of delimited text.

        header: whether the first line of each file names the columns (True, False or a PromoteHeadersBehavior); without
        names they are Column1, Column2, …. set_column_types: column → DataType. infer_column_types=False: all columns
        stay text. Line ends inside quotes are taken with and without `support_multi_line`.
        """
        if not isinstance(separator, str) or not separator:
            raise UserErrorException(f"separator = {separator!r} is not allowed: it takes text that is not empty")
        options = {
            "separator": separator,
            "header": _header(header),
            "encoding": str(encoding).lower(),
            "infer": bool(infer_column_types),
            "column_types": column_types(set_column_types),
            "include_path": bool(include_path),
            "empty_as_string": bool(empty_as_string),
            "format_is_text": True,
        }
        return _tabular("delimited", path, options, validate)

    @staticmethod
    def from_parquet_files(
        path: object,
        validate: bool = True,
        include_path: bool = False,
        set_column_types: dict | None = None,
        partition_format: str | None = None,
    ) -> TabularDataset:
        """Rows of Parquet files; pandas needs pyarrow or fastparquet for them."""
        options = {"column_types": column_types(set_column_types), "include_path": bool(include_path)}
        return _tabular("parquet", path, options, validate)

    @staticmethod
    def from_json_lines_files(
        path: object,
        validate: bool = True,
        include_path: bool = False,
        set_column_types: dict | None = None,
        partition_format: str | None = None,
        invalid_lines: str = "error",
        encoding: str = "utf8",
    ) -> TabularDataset:
        """Rows of files with one JSON object a line."""
        options = {"column_types": column_types(set_column_types), "include_path": bool(include_path)}
        return _tabular("json_lines", path, dict(options, encoding=str(encoding).lower()), validate)

    @staticmethod
    def register_pandas_dataframe(
        dataframe,
        target: object,
        name: str,
        description: str | None = None,
        tags: dict | None = None,
        show_progress: bool = True,
        **_: object,
    ) -> TabularDataset:
        """Writes a data frame to `target` (a datastore, or (datastore, path)) and registers it, as a new version.

        As Parquet where pandas has an engine for it, else as delimited text, whose types are inferred again.
        """
        datastore, below = _target(target)
        folder = f"{(below or 'managed-dataset').rstrip('/')}/{os.urandom(8).hex()}"
        where = datastore.local_path(folder)
        registry.make_private(where)
        try:
            dataframe.to_parquet(os.path.join(where, "part-00000.parquet"), index=False)
            made = TabularDatasetFactory.from_parquet_files((datastore, folder + "/*.parquet"))
        except ImportError:
            dataframe.to_csv(os.path.join(where, "part-00000.csv"), index=False)
            made = TabularDatasetFactory.from_delimited_files((datastore, folder + "/*.csv"))
        return made.register(datastore.workspace, name, description, tags, create_new_version=True)

    @staticmethod
    def from_sql_query(*args: object, **kwargs: object) -> TabularDataset:
        """Refused: there is no database behind a datastore here. Raises UserErrorException."""
        raise UserErrorException("datasets of a database are not here: export the rows to a file, from_delimited_files")


class FileDatasetFactory:
    """Makes datasets of files; paths as for rows."""

    @staticmethod
    def from_files(
        path: object, validate: bool = True, partition_format: str | None = None, is_file: bool = False
    ) -> FileDataset:
        """The files at `path`. is_file: it is one file, and a run's argument becomes its path, not its folder's; so it
        does for one that is named by its own path or URL."""
        place = _place_of(path)
        made = FileDataset.of_sources(parse_sources(path), place, bool(is_file))
        if validate:
            made.files()
        return made

    @staticmethod
    def upload_directory(
        src_dir: str, target: object, pattern: str | None = None, overwrite: bool = False, show_progress: bool = True
    ) -> FileDataset:
        """Copies a folder to a datastore, and gives its files as a dataset."""
        datastore, below = _target(target)
        datastore.upload(src_dir, below, overwrite, show_progress)
        return FileDatasetFactory.from_files((datastore, "/".join(filter(None, [below, pattern or "**"]))))


class Dataset:
    """Where datasets come from: the factories, and the workspace's registry. Raises UserErrorException."""

    Tabular = TabularDatasetFactory
    File = FileDatasetFactory

    @staticmethod
    def get_by_name(workspace: object, name: str, version: object = "latest", **_: object) -> AbstractDataset:
        """The registered dataset of that name. version: a number, or 'latest'."""
        place = registry.workspace_path(workspace)
        entry = find_by_name(place, name, version)
        return from_definition(entry["definition"], place, entry)

    @staticmethod
    def get_by_id(workspace: object, id: str, **_: object) -> AbstractDataset:
        """The dataset with this id, registered or not."""
        place = registry.workspace_path(workspace)
        entry = find_by_id(place, id)
        return from_definition(entry["definition"], place, entry)

    @staticmethod
    def get_all(workspace: object) -> Mapping[str, AbstractDataset]:
        """Name → dataset, of all that are registered."""
        return Registered(registry.workspace_path(workspace))


class Registered(Mapping):
    """A workspace's datasets by name, each read when it is asked for."""

    def __init__(self, place: str) -> None:
        self._place = place

    def __getitem__(self, name: str) -> AbstractDataset:
        if name not in registry.names(self._place, "datasets"):
            raise KeyError(name)
        entry = find_by_name(self._place, name)
        return from_definition(entry["definition"], self._place, entry)

    def __iter__(self):
        return iter(registry.names(self._place, "datasets"))

    def __len__(self) -> int:
        return len(registry.names(self._place, "datasets"))

    def __repr__(self) -> str:
        return f"<datasets {', '.join(self)}>"


def from_definition(definition: dict, place: str, entry: dict | None = None) -> AbstractDataset:
    """The dataset that a definition stands for."""
    kind = FileDataset if definition["kind"] == "file" else TabularDataset
    return kind(definition, place, entry)


def _tabular(form: str, path: object, options: dict, validate: bool) -> TabularDataset:
    place, sources = _place_of(path), parse_sources(path)
    if validate:
        files_of(sources, place)
    return TabularDataset(
        {"kind": "tabular", "format": form, "sources": sources, "options": options, "steps": []}, place
    )


def _target(target: object) -> tuple[Datastore, str]:
    """Datastore and path of where something is to be written. Raises UserErrorException for anything else."""
    datastore, below = target if isinstance(target, tuple) else (target, None)
    below = below or getattr(target, "path_on_datastore", None) or ""
    datastore = getattr(datastore, "datastore", None) or datastore
    if not isinstance(datastore, Datastore):
        raise UserErrorException(f"target = {target!r} is not allowed: it takes a datastore, or (datastore, path)")
    return datastore, below


def _place_of(path: object) -> str:
    """The folder of the workspace that the path's datastore belongs to, else of this process's."""
    for item in path if isinstance(path, (list, tuple)) else [path]:
        datastore = getattr(item, "datastore", item)
        if isinstance(datastore, Datastore):
            return registry.workspace_path(datastore.workspace)
        if isinstance(item, (list, tuple)):
            return _place_of(item)
    return registry.workspace_path(None)


def _header(header: object) -> int:
    if isinstance(header, bool):
        return PromoteHeadersBehavior.ALL_FILES_HAVE_SAME_HEADERS if header else PromoteHeadersBehavior.NO_HEADERS
    value = getattr(header, "value", header)
    if not isinstance(value, int) or not 0 <= value <= 3:
        raise UserErrorException(
            f"header = {header!r} is not allowed: it takes True, False or a PromoteHeadersBehavior"
        )
    return value
