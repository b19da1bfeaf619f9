"""Registered models as a trial sees them: read from the workspace."""

from __future__ import annotations

import os
import shutil
from typing import Any

from overdrive.report import registry
from overdrive.report.errors import UserErrorException

_KIND = "models"


class RegisteredModel:
    """A registered model, by name and version, by default the newest one.

    Raises UserErrorException for one that is not registered.
    """

    def __init__(
        self,
        workspace: object,
        name: Any = None,
        id: Any = None,
        tags: object = None,
        properties: object = None,
        version: int | None = None,
        run_id: str | None = None,
        **_: object,
    ) -> None:
        if id is not None and name is None:
            name, _, digits = id.rpartition(":")
            version = int(digits) if digits.isdecimal() else None
        place = registry.workspace_path(workspace)
        self._fill(place, str(name), find_version(place, str(name), version, run_id, tags, properties))

    @classmethod
    def _of(cls, place: str, name: str, version: dict) -> RegisteredModel:
        made = object.__new__(cls)
        made._fill(place, name, version)
        return made

    def _fill(self, place: str, name: str, version: dict) -> None:
        self._place = place
        self.name: str = name
        self.version: int = version["version"]
        self.tags = dict(version.get("tags") or {})
        self.properties = dict(version.get("properties") or {})
        self.description = version.get("description")
        self.run_id = version.get("run_id")
        self.created_time = version.get("created_at")

    @property
    def id(self) -> str:
        """`<name>:<version>`."""
        return f"{self.name}:{self.version}"

    @property
    def local_path(self) -> str:
        """Where it is: the one file or folder that was registered, or the folder with all that was."""
        folder = registry.folder_of(self._place, _KIND, self.name, str(self.version))
        names = os.listdir(folder) if os.path.isdir(folder) else []
        return os.path.join(folder, names[0]) if len(names) == 1 else folder

    @staticmethod
    def get_model_path(model_name: str, version: int | None = None, _workspace: object = None) -> str:
        """The path of a registered model. Raises UserErrorException for one that is not registered."""
        return RegisteredModel(_workspace, model_name, version=version).local_path

    @classmethod
    def list(
        cls,
        workspace: object,
        name: str | None = None,
        tags: object = None,
        properties: object = None,
        run_id: str | None = None,
        latest: bool = False,
        **_: object,
    ) -> list:
        """The registered models, each version, the newest first.

        tags, properties: names, or [name, value], that they must have. run_id: only those of this run.
        """
        place = registry.workspace_path(workspace)
        found = [
            (version, known)
            for known in registry.names(place, _KIND)
            if name in (None, known)
            for version in (registry.read(place, _KIND, known) or {})["versions"][-1 if latest else 0 :]
        ]
        found.sort(key=lambda pair: (pair[0].get("created_at") or "", pair[0]["version"]), reverse=True)
        fitting = (pair for pair in found if _fits(pair[0], run_id, tags, properties))
        return [cls._of(place, known, version) for version, known in fitting]

    def download(self, target_dir: str = ".", exist_ok: bool = False, exists_ok: object = None) -> str:
        """Copies it into a folder; the copy's path. Raises UserErrorException for one that is there already."""
        source = self.local_path
        target = os.path.join(target_dir, os.path.basename(source))
        if os.path.exists(target) and not (exist_ok or exists_ok):
            raise UserErrorException(f"{target} is there already: download(…, exist_ok=True) replaces it")
        os.makedirs(target_dir, exist_ok=True)
        if os.path.isdir(source):
            shutil.rmtree(target, ignore_errors=True)
            shutil.copytree(source, target)
        else:
            shutil.copyfile(source, target)
        return target

    def __repr__(self) -> str:
        return f"Model(name={self.name!r}, version={self.version})"


def find_version(
    place: str,
    name: str,
    version: object = None,
    run_id: object = None,
    tags: object = None,
    properties: object = None,
) -> dict:
    """The newest version that fits. Raises UserErrorException where none does."""
    entry = registry.read(place, _KIND, name)
    for found in reversed((entry or {}).get("versions") or []):
        if version in (None, found["version"]) and _fits(found, run_id, tags, properties):
            return found
    known = registry.names(place, _KIND)
    has = f"it has {', '.join(map(repr, known[:10]))}" if known else "it has none"
    raise UserErrorException(f"the workspace has no model {name!r}{f' in version {version}' if version else ''}: {has}")


def _fits(version: dict, run_id: object, tags: object, properties: object) -> bool:
    if run_id not in (None, version.get("run_id")):
        return False
    return _matches(version.get("tags") or {}, tags) and _matches(version.get("properties") or {}, properties)


def _matches(found: dict, wanted: object) -> bool:
    for tag in wanted if isinstance(wanted, (list, tuple)) else []:
        key, value = tag if isinstance(tag, (list, tuple)) else (tag, None)
        if key not in found or value not in (None, found[key]):
            return False
    return True
