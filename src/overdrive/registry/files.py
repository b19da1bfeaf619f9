"""One JSON file a name: read as it is, changed under the lock of its kind."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote
from urllib.parse import unquote

from overdrive.host.files import make_private
from overdrive.host.files import read_json
from overdrive.host.files import write_json
from overdrive.host.locks import FileLock


def folder_of(workspace: Path, kind: str, name: str | None = None) -> Path:
    """The folder of a kind ('models', 'datasets', …), or the one that belongs to a name."""
    folder = Path(workspace, "registry", kind)  # a trial has its workspace's path as text
    return folder if name is None else folder / quote(name, safe="")


def list_names(workspace: Path, kind: str) -> list[str]:
    """The names that are known, sorted."""
    try:
        files = os.listdir(folder_of(workspace, kind))
    except FileNotFoundError:
        return []
    found = (file[:-5] for file in files if file.endswith(".json") and not file.startswith("."))
    return sorted(unquote(name) for name in found)


def read_entry(workspace: Path, kind: str, name: str) -> dict | None:
    """What is known of `name`, or None. Raises WorkspaceError for a damaged file."""
    found = read_json(f"{folder_of(workspace, kind, name)}.json")
    return found if isinstance(found, dict) else None


@contextmanager
def change_entry(workspace: Path, kind: str, name: str) -> Iterator[dict]:
    """Gives what is known of `name`, {} for nothing, and writes it back as it is then.

    Holds the kind's lock meanwhile. An error inside writes nothing. Raises LockedError, WorkspaceError, OSError.
    """
    folder = folder_of(workspace, kind)
    make_private(str(folder))
    with FileLock(str(folder / ".lock")):
        entry = read_entry(workspace, kind, name) or {}
        yield entry
        write_json(f"{folder_of(workspace, kind, name)}.json", entry)
