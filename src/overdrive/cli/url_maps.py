"""`--map URL=FILE`: kept in overdrive-map.json beside the script, where the next call finds it, too."""

import json
import os
import re
from collections.abc import Sequence
from pathlib import Path

from overdrive.errors import SpecError
from overdrive.report.errors import UserErrorException
from overdrive.report.url_map import FILE
from overdrive.report.url_map import read_map

#: What is looked up: by scripts that open a URL, datasets and the inputs of jobs.
_URL = re.compile(r"(https?|wasbs?|abfss?|azureml):.", re.IGNORECASE)


def remember(pairs: Sequence[str], folder: Path) -> Path:
    """Adds what `--map` said to the map file in `folder`; its path, there or not.

    Raises SpecError for a pair that is none, a file that is not there, or a map file that holds something else.
    """
    path = folder / FILE
    try:
        known = read_map(str(path))
    except UserErrorException as error:
        raise SpecError(error.message, field="--map", value=str(path), hint="mend it, or move it away") from error
    for pair in pairs:
        url, file = _split(pair)
        known[url] = file
    if pairs:
        shown = {url: _relative(file, folder) for url, file in known.items()}
        path.write_text(json.dumps(shown, indent=2) + "\n", encoding="utf-8")
    return path


def _split(pair: str) -> tuple[str, str]:
    """URL and absolute path; a URL may have = in its query."""
    url, _, file = pair.rpartition("=")
    if not _URL.match(url) or not file:
        allowed = "URL=FILE, with a URL of http, https, wasbs, abfss or azureml"
        raise SpecError(field="--map", value=pair, allowed=allowed)
    path = os.path.abspath(os.path.expanduser(file))
    if not os.path.exists(path):
        raise SpecError(f"--map: {file!r}, which is to stand for {url}, is not there", field="--map", value=pair)
    return url, path


def _relative(file: str, folder: Path) -> str:
    """As seen from the map's folder, where it lies below it."""
    here = os.path.abspath(folder)
    return os.path.relpath(file, here) if file.startswith(here + os.sep) else file
