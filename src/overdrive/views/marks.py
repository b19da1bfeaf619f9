"""Tags, names and descriptions of sweeps and trials as they stand: given at submit, said by scripts, set later."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from overdrive.errors import WorkspaceError
from overdrive.host.files import read_json

#: What the file of them holds.
_FORMS: dict[str, tuple[type, str]] = {
    "tags": (dict, "an object"),
    "properties": (dict, "an object"),
    "display_name": (str, "a text"),
    "description": (str, "a text"),
}


@dataclass(frozen=True, slots=True)
class Labels:
    """What people call a sweep. display_name, description: None where nobody gave one."""

    tags: dict[str, str]
    display_name: str | None
    description: str | None
    #: Why those that were given since the submit are left out; '' where they are here.
    problem: str = ""


def marks_file(folder: Path, trial: int | None = None) -> Path:
    """The file with what was set on a sweep or single run (trial None), or on one of a sweep's trials, after submit."""
    return folder / ("marks.json" if trial is None else f"marks.{trial}.json")


def read_marks(path: Path) -> dict:
    """{"tags": {name: text, or null once removed}, "properties": {name: text}, "display_name": text, "description":
    text} as far as they were set; {} where nothing was. Raises WorkspaceError for a damaged file, and OSError.
    """
    data = read_json(str(path))
    if data is None:
        return {}
    hint = "restore it from a copy, or move it away to go on without it"
    if not isinstance(data, dict):
        raise WorkspaceError(f"{path} is damaged: it holds no JSON object", hint=hint)
    for name, (form, words) in _FORMS.items():
        if name in data and not isinstance(data[name], form):
            raise WorkspaceError(f"{path} is damaged: {name} is not {words} in it", hint=hint)
    return data


def marks_or_problem(path: Path) -> tuple[dict, str]:
    """The same for whoever can do without, and '' or else the sentence why they are left out."""
    try:
        return read_marks(path), ""
    except WorkspaceError as error:
        said = error.message.replace(str(path), path.name)  # a page may be given away, without folders of this machine
    except OSError as error:
        said = f"{path.name} cannot be read: {error.strerror or error}"
    return {}, f"Tags, names and descriptions given since the submit are left out: {said}"


def merge_tags(given: Mapping[str, object], later: Mapping[str, object]) -> dict[str, str]:
    """The tags as they stand: given ones, overlaid with those set later, without the removed. Values become text."""
    merged = {**given, **later}
    return {name: as_text(value) for name, value in merged.items() if value is not None}


def as_text(value: object) -> str:
    """A tag's value as text: what is no text by `str()`."""
    return value if isinstance(value, str) else str(value)
