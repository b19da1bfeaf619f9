"""The file that says what was submitted."""

import dataclasses
from pathlib import Path

from overdrive.errors import NotFoundError
from overdrive.errors import SpecError
from overdrive.errors import WorkspaceError
from overdrive.host.files import read_json
from overdrive.records import SweepSpec

FILE = "spec.json"
#: Key of `extra`: the id that the sweep was submitted with, where its folder has another name.
COPIED_FROM = "copied_from"


def read_spec(folder: Path) -> SweepSpec:
    """The sweep or single run in this folder. Its id is the folder's name: a copy of a sweep is one of its own.

    Raises NotFoundError where there is none, WorkspaceError where the file is damaged, SpecError where a newer
    Overdrive wrote it.
    """
    path = folder / FILE
    data = read_json(str(path))
    if data is None:
        raise NotFoundError(f"{folder} is no sweep: it has no {FILE}")
    try:
        spec = SweepSpec.from_json(data)  # type: ignore[arg-type]
    except SpecError:
        raise
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        said = f"it lacks {error}" if isinstance(error, KeyError) else str(error)
        raise WorkspaceError(f"{path} is damaged: {said}", hint="restore it from a copy") from error
    name = folder.absolute().name
    if spec.id == name:
        return spec
    return dataclasses.replace(spec, id=name, extra={COPIED_FROM: spec.id, **spec.extra})
