"""Datasets of files."""

from __future__ import annotations

import os
import shutil

from overdrive.report.datasets import steps
from overdrive.report.datasets.consumption import DatasetConsumptionConfig
from overdrive.report.datasets.dataset import AbstractDataset
from overdrive.report.datasets.sources import files_of
from overdrive.report.datasets.sources import only_file
from overdrive.report.datasets.sources import only_folder
from overdrive.report.errors import UserErrorException


class MountContext:
    """A folder in which a dataset's files are: links to them, made by `start` and removed by `stop`."""

    def __init__(self, dataset: FileDataset, mount_point: str | None) -> None:
        self._dataset = dataset
        self._own = mount_point is None
        #: The folder.
        self.mount_point = mount_point or _new_folder("overdrive-mount-")

    def start(self) -> None:
        """Fills the folder."""
        for path, name in self._dataset.files():
            target = os.path.join(self.mount_point, name)
            os.makedirs(os.path.dirname(target), exist_ok=True)
            if not os.path.lexists(target):
                os.symlink(path, target)

    def stop(self) -> None:
        """Removes the links."""
        if self._own:
            shutil.rmtree(self.mount_point, ignore_errors=True)
            return
        for _, name in self._dataset.files():
            target = os.path.join(self.mount_point, name)
            if os.path.islink(target):
                os.unlink(target)

    def __enter__(self) -> MountContext:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()


class FileDataset(AbstractDataset):
    """Files in folders, under patterns, behind URLs."""

    @classmethod
    def of_sources(cls, sources: list[dict], place: str, is_file: bool = False) -> FileDataset:
        """Of parsed sources (see `sources.parse_sources`)."""
        options = {"is_file": is_file}
        return cls({"kind": "file", "format": "files", "sources": sources, "options": options, "steps": []}, place)

    def files(self) -> list[tuple[str, str]]:
        """(local path, name below its source) of each file. Raises UserErrorException where there is none."""
        found = files_of(self._definition["sources"], self._place)
        return [found[position] for position in steps.chosen(len(found), self._definition["steps"])]

    def folder(self) -> str | None:
        """The one local folder that the dataset is as a whole, or None."""
        return None if self._definition["steps"] else only_folder(self._definition["sources"], self._place)

    def file(self) -> str | None:
        """The one local file that the dataset is: made from its path or URL, or said to be one; else None."""
        if self._definition["options"].get("is_file"):
            found = self.files()
            return found[0][0] if len(found) == 1 else None
        return None if self._definition["steps"] else only_file(self._definition["sources"], self._place)

    def to_path(self) -> list[str]:
        """The names of the files, each with a leading slash."""
        return ["/" + name for _, name in self.files()]

    def download(
        self, target_path: str | None = None, overwrite: bool = False, ignore_not_found: bool = False
    ) -> list[str]:
        """Copies the files below a folder, a new temporary one by default; their paths.

        Raises UserErrorException for a file that is there already, unless `overwrite`.
        """
        folder = os.path.abspath(target_path or _new_folder("overdrive-data-"))
        copies = []
        for path, name in self.files():
            target = os.path.join(folder, name)
            if os.path.exists(target) and not overwrite:
                raise UserErrorException(f"{target} is there already: download(…, overwrite=True) replaces it")
            os.makedirs(os.path.dirname(target), exist_ok=True)
            shutil.copyfile(path, target)
            copies.append(target)
        return copies

    def mount(self, mount_point: str | None = None, **_: object) -> MountContext:
        """The files as links in a folder; `start()` and `stop()` it, or use it with `with`."""
        return MountContext(self, mount_point)

    def as_mount(self, path_on_compute: str | None = None) -> DatasetConsumptionConfig:
        """For a run's arguments: the folder of the files; of a dataset made from one file's path, that file."""
        return self._consumed("mount", path_on_compute)

    def as_download(self, path_on_compute: str | None = None) -> DatasetConsumptionConfig:
        """For a run's arguments: a folder with copies of the files, or the copy of the one file."""
        return self._consumed("download", path_on_compute)

    def as_hdfs(self) -> DatasetConsumptionConfig:
        """As `as_mount`: the files are local."""
        return self._consumed("mount", None)

    def _consumed(self, mode: str, path_on_compute: str | None) -> DatasetConsumptionConfig:
        return DatasetConsumptionConfig(self.name or f"input_{self.id[:8]}", self, mode, path_on_compute)


def _new_folder(prefix: str) -> str:
    import tempfile  # noqa: PLC0415  (it loads random and hashlib)

    return tempfile.mkdtemp(prefix=prefix)
