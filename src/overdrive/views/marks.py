"""Tags, names and descriptions of sweeps and trials as they stand: given at submit, said by scripts, set later."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from overdrive.host.files import read_json


@dataclass(frozen=True, slots=True)
class Labels:
    """What people call a sweep. display_name, description: None where nobody gave one."""

    tags: dict[str, str]
    display_name: str | None
    description: str | None


def marks_file(folder: Path, trial: int | None = None) -> Path:
    """The file with what was set on a sweep or single run (trial None), or on one of a sweep's trials, after submit."""
    return folder / ("marks.json" if trial is None else f"marks.{trial}.json")


def read_marks(path: Path) -> dict:
    """{"tags": {name: text, or null once removed}, "properties": {name: text}, "display_name": text, "description":
    text} as far as they were set; {} where nothing was.
    """
    data = read_json(str(path))
    return data if isinstance(data, dict) else {}


def merge_tags(given: Mapping[str, object], later: Mapping[str, object]) -> dict[str, str]:
    """The tags as they stand: given ones, overlaid with those set later, without the removed. Values become text."""
    merged = {**given, **later}
    return {name: as_text(value) for name, value in merged.items() if value is not None}


def as_text(value: object) -> str:
    """A tag's value as text: what is no text by `str()`."""
    return value if isinstance(value, str) else str(value)
