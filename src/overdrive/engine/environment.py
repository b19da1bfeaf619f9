"""The environment that trials get: the submitter's, also from an engine that somebody else's command started."""

import os
from pathlib import Path

from overdrive.errors import WorkspaceError
from overdrive.host import machine
from overdrive.host.files import read_json
from overdrive.host.files import write_json

FILE = "environment.json"


def keep_environment(folder: Path) -> dict[str, str]:
    """The environment of the first engine of this sweep on this machine, which is the submitter's; kept in a file.

    It may hold secrets: its owner alone may read the file, and `forget_environment` removes it when the sweep is over.
    After that it is that of whoever resumes the sweep. Raises OSError when the disk refuses it.
    """
    path = str(folder / FILE)
    try:
        kept = read_json(path)
    except WorkspaceError:  # damaged: this engine's is the best that there is
        kept = None
    here = machine.machine_id()
    if isinstance(kept, dict) and kept.get("machine") == here and isinstance(kept.get("variables"), dict):
        return kept["variables"]
    variables = dict(os.environ)
    write_json(path, {"machine": here, "variables": variables})
    return variables


def forget_environment(folder: Path) -> None:
    """The sweep is over: nothing is started any more."""
    (folder / FILE).unlink(missing_ok=True)
