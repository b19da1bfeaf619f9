"""`overdrive run NOTEBOOK.ipynb`: executes it and keeps the executed copy."""

import importlib.util
import os
import sys
from collections.abc import Mapping
from pathlib import Path

from overdrive.cli.console import say
from overdrive.errors import SpecError
from overdrive.errors import WorkspaceError

#: What executing a notebook takes: the extra `notebook`.
_LIBRARIES = ("nbformat", "nbclient", "ipykernel")


def run_notebook(notebook: Path, output: str | None, environment: Mapping[str, str]) -> int:
    """Runs all cells in the notebook's folder, and says how far it is; 0, or raises.

    output: the executed copy; None: `<name>.executed.ipynb` beside it. It is written after each cell, whatever becomes
    of the next one.
    Raises CellFailedError for a cell that fails, SpecError for what is no notebook, WorkspaceError where a library is
    missing.
    """
    _check_libraries()
    import nbformat

    from overdrive.cli.notebook_client import Cells

    copy = Path(output) if output else notebook.with_suffix(".executed.ipynb")
    if copy.resolve() == notebook.resolve():
        raise SpecError(field="--output", value=output, allowed="another file than the notebook itself")
    try:
        text = notebook.read_text(encoding="utf-8")
        cells = nbformat.reads(text, as_version=4)
    except (ValueError, nbformat.ValidationError) as error:
        raise SpecError(
            f"NOTEBOOK: {str(notebook)!r} cannot be read as a notebook: {str(error).splitlines()[0]}",
            field="NOTEBOOK",
            value=str(notebook),
            allowed="a Jupyter notebook",
        ) from error

    def save() -> None:
        part = copy.with_name(f".{copy.name}.part")
        part.write_text(nbformat.writes(cells) + "\n", encoding="utf-8")
        part.replace(copy)

    save()  # a folder that cannot be written is met before the first cell
    client = Cells(cells, notebook.absolute().parent, save)
    try:
        client.run(environment)
    finally:
        save()
        say(f"The executed copy: {copy}")
    if client.not_here:
        numbers = ", ".join(map(str, client.not_here))
        say(f"Done, but for what only Azure has: cell{'s' * (len(client.not_here) > 1)} {numbers}")
    return 0


def with_this_python(environment: Mapping[str, str]) -> dict[str, str]:
    """The same, with the programs of this Python (`pip`, `jupyter`) found first."""
    ours = str(Path(sys.executable).parent)
    rest = [part for part in environment.get("PATH", os.defpath).split(os.pathsep) if part != ours]
    return {**environment, "PATH": os.pathsep.join([ours, *rest])}


def _check_libraries() -> None:
    missing = [name for name in _LIBRARIES if importlib.util.find_spec(name) is None]
    if missing:
        raise WorkspaceError(
            f"to run a notebook takes {' and '.join(missing)}, which {sys.executable} does not have",
            hint=f"{sys.executable} -m pip install {' '.join(_LIBRARIES)}",
        )
