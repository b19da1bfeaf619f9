"""Registered models: {"name", "versions": [{"version", "source", "run_id", "tags", …}]}, and their files beside it."""

import os
from pathlib import Path

from overdrive.host.copying import copy_file
from overdrive.host.files import copy_tree
from overdrive.host.files import make_private
from overdrive.host.files import remove_tree
from overdrive.registry.files import change_entry
from overdrive.registry.files import folder_of

KIND = "models"


def add_model(workspace: Path, name: str, path: Path, facts: dict, source: str | None = None) -> dict:
    """Registers a copy of the file or folder `path` as the next version of `name`; that version.

    The files go to `<workspace>/registry/models/<quoted name>/<version>/<the path's name>`. facts: what else is kept:
    run_id, experiment, tags, properties, description, created_at, …. source: text that only this registration has; when
    a version has it already, that one is given and nothing is added.
    Raises FileNotFoundError where `path` is not there, OSError, LockedError, WorkspaceError.
    """
    with change_entry(workspace, KIND, name) as entry:
        versions = entry.setdefault("versions", [])
        entry["name"] = name
        for known in versions:
            if source is not None and known.get("source") == source:
                return known
        number = 1 + max((known["version"] for known in versions), default=0)
        _keep_files(path, folder_of(workspace, KIND, name) / str(number))
        version = {**facts, "version": number, "source": source}
        versions.append(version)
    return version


def _keep_files(path: Path, folder: Path) -> None:
    """Copies into a folder that has its name once it is whole; an unfinished one of a killed process is replaced."""
    new = folder.with_name(f".new-{folder.name}")
    remove_tree(str(new))
    remove_tree(str(folder))
    make_private(str(new))
    if path.is_dir():
        copy_tree(str(path), str(new / path.name))
    else:
        copy_file(str(path), str(new / path.name))
    os.rename(new, folder)
