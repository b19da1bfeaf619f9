"""Where the files of a dataset are: local paths and patterns, http(s) URLs, paths on datastores."""

from __future__ import annotations

import glob
import os
from urllib.parse import unquote
from urllib.parse import urlsplit

from overdrive.report import registry
from overdrive.report.errors import UserErrorException
from overdrive.report.url_map import as_https
from overdrive.report.url_map import local_file
from overdrive.report.url_map import way_out

_ALLOWED = "a path, a pattern, an http(s) URL, (datastore, path), or a list of these"


def parse_sources(path: object, field: str = "path") -> list[dict]:
    """JSON of what `path` names: {"path"}, {"url"} or {"datastore", "path"}, one for each.

    Local paths become absolute. Raises UserErrorException for what is no path.
    """
    if isinstance(path, tuple) and len(path) == 2 and hasattr(path[0], "datastore_type"):
        below = path[1] if isinstance(path[1], list) else [path[1]]
        return [{"datastore": path[0].name, "path": str(item)} for item in below]
    if isinstance(path, (list, tuple)):
        if not path:
            raise UserErrorException(f"{field} = {path!r} is not allowed: it takes {_ALLOWED}")
        return [source for item in path for source in parse_sources(item, field)]
    if hasattr(path, "path_on_datastore"):  # a DataPath or DataReference
        return [{"datastore": path.datastore.name, "path": path.path_on_datastore or ""}]  # type: ignore[attr-defined]
    if not isinstance(path, (str, os.PathLike)) or not os.fspath(path):
        raise UserErrorException(f"{field} = {path!r} is not allowed: it takes {_ALLOWED}")
    return [_parse_text(os.fspath(path), field)]


def _parse_text(text: str, field: str) -> dict:
    scheme, has_scheme, _ = text.partition("://")
    scheme = scheme.lower()
    if not has_scheme:
        return {"path": os.path.abspath(os.path.expanduser(text))}
    address = as_https(text)
    if scheme in ("http", "https") or address != text:
        return {"url": address}
    if scheme == "file":
        return {"path": unquote(urlsplit(text).path)}
    if scheme == "azureml" and "/datastores/" in text and "/paths/" in text:
        name, _, below = text.partition("/datastores/")[2].partition("/paths/")
        return {"datastore": name.rstrip("/"), "path": below}
    raise UserErrorException(f"{field} = {text!r} is not allowed: it takes {_ALLOWED}")


def files_of(sources: list[dict], place: str) -> list[tuple[str, str]]:
    """(local path, name below its source) of every file, in the order of the sources, names sorted within one.

    place: the workspace's folder. Raises UserErrorException for a source that has no file, naming it.
    """
    found: list[tuple[str, str]] = []
    for source in sources:
        files = _below(_local(source, place))
        if not files:
            raise UserErrorException(f"there is no file at {_shown(source)}{_advice(source, place)}")
        found += files
    return found


def only_folder(sources: list[dict], place: str) -> str | None:
    """The one folder that the sources are, or None."""
    path = _local(sources[0], place) if len(sources) == 1 else ""
    return path if path and os.path.isdir(path) else None


def only_file(sources: list[dict], place: str) -> str | None:
    """The one file that the sources are, named by its own path or URL, or None."""
    path = _local(sources[0], place) if len(sources) == 1 else ""
    return path if path and os.path.isfile(path) else None


def _local(source: dict, place: str) -> str:
    """A local path or pattern."""
    if "url" in source:
        from overdrive.report.datasets.fetch import fetch  # noqa: PLC0415  (http.client and ssl take 20 ms)

        return fetch(source["url"], place)
    if "datastore" not in source:
        return source["path"]
    root = registry.folder_of(place, "datastores", source["datastore"])
    path = os.path.normpath(os.path.join(root, source["path"].lstrip("/")))
    if os.path.exists(path) or glob.has_magic(path):
        return path
    url = _azure_url(source, place)
    return (local_file(url) if url else None) or path


def _below(path: str) -> list[tuple[str, str]]:
    if os.path.isfile(path):
        return [(path, os.path.basename(path))]
    if os.path.isdir(path):
        base, paths = path, [os.path.join(folder, name) for folder, _, names in os.walk(path) for name in names]
    elif glob.has_magic(path):
        base, paths = _fixed_part(path), [match for match in glob.glob(path, recursive=True) if os.path.isfile(match)]
    else:
        return []
    return sorted((match, os.path.relpath(match, base).replace(os.sep, "/")) for match in paths)


def _fixed_part(pattern: str) -> str:
    """The folders of a pattern that stand before its first sign."""
    while glob.has_magic(pattern):
        pattern = os.path.dirname(pattern)
    return pattern or os.sep


def _shown(source: dict) -> str:
    if "datastore" in source:
        return f"{source['path']!r} on the datastore {source['datastore']!r}"
    return repr(source.get("url") or source["path"])


def _advice(source: dict, place: str) -> str:
    url = _azure_url(source, place) if "datastore" in source else None
    return f"; {way_out(url)}" if url else ""


def _azure_url(source: dict, place: str) -> str | None:
    """Where the file is in Azure, for a datastore that was registered with an account."""
    entry = registry.read(place, "datastores", source["datastore"]) or {}
    account, container = entry.get("account_name"), entry.get("container_name")
    if not account or not container:
        return None
    return f"https://{account}.blob.core.windows.net/{container}/{source['path'].lstrip('/')}"
