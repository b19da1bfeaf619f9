"""Which URLs have a local file in their place: what `--map URL=FILE` keeps beside a script.

The file `overdrive-map.json` is a JSON object: URL → path, relative ones seen from the file's folder. A URL that leads
to a folder stands for all URLs below it.
"""

from __future__ import annotations

import os
import sys

from overdrive.report.errors import UserErrorException

#: The file beside a script.
FILE = "overdrive-map.json"
#: The variable that names such a file, set by `overdrive run` for the control script.
VARIABLE = "OVERDRIVE_URL_MAP"


def read_map(path: str) -> dict[str, str]:
    """URL → absolute path, of the map file `path`; nothing where there is no such file.

    Raises UserErrorException for a file that holds anything else than a JSON object of texts.
    """
    from overdrive.report import data  # noqa: PLC0415  (json is heavy, and most trials open no URL)

    try:
        with open(path, encoding="utf-8-sig") as file:
            found = data.load(file.read())
    except FileNotFoundError:
        return {}
    except ValueError as error:
        raise UserErrorException(f"{path} cannot be read: {error}", error) from error
    if not isinstance(found, dict) or not all(isinstance(value, str) for value in found.values()):
        raise UserErrorException(f"{path} holds no map: it takes a JSON object, URL to file")
    folder = os.path.dirname(os.path.abspath(path))
    return {url: os.path.join(folder, os.path.expanduser(file)) for url, file in found.items()}


def current_map() -> dict[str, str]:
    """The map of this process: in a trial its own, elsewhere those named by OVERDRIVE_URL_MAP, beside the script and in
    the current folder, the first one counting. Raises UserErrorException as `read_map` does.
    """
    trial = os.environ.get("OVERDRIVE_TRIAL")
    if trial and os.path.exists(trial):
        return _of_trial(trial)
    script = getattr(sys.modules.get("__main__"), "__file__", None)
    folders = [os.path.dirname(os.path.abspath(script))] if script else []
    places = [os.environ.get(VARIABLE, ""), *(os.path.join(folder, FILE) for folder in [*folders, os.getcwd()])]
    merged: dict[str, str] = {}
    for place in filter(None, reversed(places)):
        merged.update(read_map(place))
    return merged


def local_file(url: str, known: dict[str, str] | None = None) -> str | None:
    """The path that stands for `url`, with or without its query; None where nothing does.

    known: the map; default `current_map()`.
    """
    known = {as_https(name): file for name, file in (current_map() if known is None else known).items()}
    url = as_https(url)
    for name in (url, url.partition("#")[0], url.partition("?")[0]):
        if name in known:
            return known[name]
    plain = url.partition("#")[0].partition("?")[0]
    for prefix in sorted(known, key=len, reverse=True):
        below = prefix.rstrip("/") + "/"
        if plain.startswith(below) and os.path.isdir(known[prefix]):
            return os.path.join(known[prefix], *_segments(plain[len(below) :]))
    return None


def as_https(url: str) -> str:
    """The https address of what `url` names in a storage of Azure's by wasbs: or abfss:; any other URL as it is."""
    scheme, _, rest = url.partition("://")
    if scheme.lower() not in ("wasb", "wasbs", "abfs", "abfss"):
        return url
    container, _, behind = rest.partition("@")
    account, _, below = behind.partition("/")
    return f"https://{account}/{container}/{below}"


def way_out(url: str) -> str:
    """What to do about a URL that cannot be reached, in words."""
    return f"to use a local file in its place: overdrive run --map '{url}=FILE', or a line in {FILE} beside the script"


def _segments(path: str) -> list[str]:
    """The folders and the name of a URL's path; none of them leads up."""
    from urllib.parse import unquote  # noqa: PLC0415  (only when a URL is opened)

    return [part for part in unquote(path).split("/") if part not in ("", ".", "..")]


def _of_trial(path: str) -> dict[str, str]:
    from overdrive.report import data  # noqa: PLC0415

    with open(path, encoding="utf-8") as file:
        found = data.load(file.read())
    return dict(found.get("url_map") or {}) if isinstance(found, dict) else {}
