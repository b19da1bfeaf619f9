"""The workspace's registries as files: what is known by name, one JSON file a name, each written by rename.

`<workspace>/registry/<kind>/<quoted name>.json`, changed under a kernel lock on `<workspace>/registry/<kind>/.lock`.
"""

from __future__ import annotations

import fcntl
import json
import os
from contextlib import contextmanager
from time import gmtime
from time import strftime
from urllib.parse import quote
from urllib.parse import unquote

from overdrive.report.errors import UserErrorException


def workspace_path(workspace: object) -> str:
    """The folder of a workspace (any object with `path`), or for None of the one that this process is in.

    That is OVERDRIVE_WORKSPACE, else `~/.overdrive`. Raises UserErrorException for anything else.
    """
    if workspace is None:
        return os.path.abspath(os.path.expanduser(os.environ.get("OVERDRIVE_WORKSPACE") or "~/.overdrive"))
    path = getattr(workspace, "path", None)
    if path is None:
        raise UserErrorException(f"workspace = {workspace!r} is not allowed: it takes a Workspace")
    return os.fspath(path)


def folder_of(place: str, kind: str, *names: str) -> str:
    """`<place>/registry/<kind>/<quoted name>/…`."""
    return os.path.join(place, "registry", kind, *(quote(name, safe="") for name in names))


def names(place: str, kind: str) -> list[str]:
    """The names that are known, sorted."""
    try:
        files = os.listdir(folder_of(place, kind))
    except FileNotFoundError:
        return []
    found = (file[:-5] for file in files if file.endswith(".json") and not file.startswith("."))
    return sorted(unquote(name) for name in found)


def read(place: str, kind: str, name: str) -> dict | None:
    """What is known of `name`, or None."""
    return read_file(folder_of(place, kind, name) + ".json")


def read_file(path: str) -> dict | None:
    """A JSON object; None where there is no such file. Raises UserErrorException for another content."""
    try:
        with open(path, encoding="utf-8") as file:
            found = json.load(file)
    except FileNotFoundError:
        return None
    except ValueError as error:
        raise UserErrorException(f"{path} is damaged: {error}", error) from error
    return found if isinstance(found, dict) else None


def make_private(folder: str) -> None:
    """Makes a folder and those above it that are missing, for their owner only. Raises OSError."""
    if os.path.isdir(folder):
        return
    make_private(os.path.dirname(os.path.abspath(folder)))
    try:
        os.mkdir(folder, 0o700)
    except FileExistsError:  # somebody else's was faster
        if not os.path.isdir(folder):
            raise


def write(place: str, kind: str, name: str, data: dict) -> None:
    """Puts `data` in the place of what is known of `name`. Raises OSError."""
    write_file(folder_of(place, kind, name) + ".json", data)


def write_file(path: str, data: dict) -> None:
    """Writes a JSON object so that readers see the old one or the whole new one. Raises OSError."""
    folder = os.path.dirname(path)
    make_private(folder)
    temporary = os.path.join(folder, f".tmp-{os.urandom(8).hex()}")
    try:
        with open(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
            json.dump(data, file)
        os.replace(temporary, path)
    except BaseException:
        if os.path.exists(temporary):
            os.unlink(temporary)
        raise


@contextmanager
def locked(place: str, kind: str):
    """Holds the lock of a registry: what is read and written inside is one change."""
    folder = folder_of(place, kind)
    make_private(folder)
    fd = os.open(os.path.join(folder, ".lock"), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(fd, fcntl.LOCK_EX)
        yield
    finally:
        os.close(fd)


def now_text() -> str:
    """This moment, ISO 8601, UTC: to show."""
    return strftime("%Y-%m-%dT%H:%M:%SZ", gmtime())


def newest(entry: dict | None) -> dict | None:
    """The last version of an entry with `versions`, or None."""
    versions = (entry or {}).get("versions") or []
    return versions[-1] if versions else None
