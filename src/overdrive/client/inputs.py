"""The data that a run is given, laid out in the sweep's folder at submit.

So what is missing is said before anything starts.
"""

import os
from collections.abc import Mapping
from pathlib import Path

from overdrive.errors import SpecError
from overdrive.host.copying import copy_file
from overdrive.host.files import make_private
from overdrive.report.errors import UserErrorException

#: Below the sweep's folder.
INPUTS = "inputs"


def lay_out(inputs: Mapping[str, dict], workspace: Path, folder: Path) -> dict[str, dict]:
    """The inputs, those that are folders of files with "path": an absolute one, or one below the sweep's folder.

    Mounted: the folder itself, the one file itself, or links to the files below `inputs/<name>`. Downloaded: one copy
    of the files there, which all trials share. Raises SpecError where data cannot be had, OSError where it cannot be
    written.
    """
    return {name: _laid_out(name, item, workspace, folder) for name, item in inputs.items()}


def _laid_out(name: str, item: dict, workspace: Path, folder: Path) -> dict:
    if item["kind"] != "file" or item["mode"] == "direct":
        return item
    from overdrive.report.datasets import FileDataset  # noqa: PLC0415  (few runs have data sets)

    dataset = FileDataset(item["definition"], str(workspace))
    try:
        whole = dataset.folder() if item["mode"] == "mount" else None
        files, alone = dataset.files(), dataset.file()
    except UserErrorException as error:
        raise SpecError(f"inputs: {name!r}: {error.message}", field="inputs", value=name) from error
    if item["mode"] == "mount" and (whole or alone):
        return {**item, "path": alone or whole}
    below = Path(INPUTS, name)
    make_private(str(folder / below))
    for path, relative in files:
        _place(path, folder / below / relative, copies=item["mode"] == "download")
    return {**item, "path": str(below / files[0][1]) if alone else str(below)}


def _place(path: str, target: Path, copies: bool) -> None:
    make_private(str(target.parent))
    if copies:
        copy_file(path, str(target))
    elif not target.exists():
        os.symlink(os.path.abspath(path), target)
