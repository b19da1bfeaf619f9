"""Which sweep, trial or single run somebody means: by id, by the beginning of an id, or `latest`."""

import difflib
import os
import re
from dataclasses import dataclass
from pathlib import Path

from overdrive.client.workspace import Workspace
from overdrive.errors import NotFoundError
from overdrive.errors import OverdriveError
from overdrive.errors import SpecError
from overdrive.records import SweepSpec
from overdrive.views import SweepView
from overdrive.views import open_sweep

#: The one submitted last.
LATEST = "latest"
_TRIAL = re.compile(r"(.+)_(\d{1,7})")
#: Digits alone, so few, are a trial's number that lacks its sweep, not the beginning of an id.
_BARE_NUMBER = re.compile(r"\d{1,3}")
#: Characters of an id's beginning that are shown where the whole would be noise: HD_ and eight digits.
_SHORT = 11


@dataclass(frozen=True, slots=True)
class Place:
    """A sweep, a trial of one, or a single run."""

    #: The sweep's or run's folder.
    folder: Path
    #: Number of the trial that is meant; None: the sweep itself, or the single run.
    trial: int | None = None


def list_folders(workspace: Workspace) -> list[Path]:
    """The folders of all sweeps and single runs, in no order."""
    found = []
    for parent in (workspace.sweeps_folder, workspace.runs_folder):
        if parent.is_dir():
            found += [Path(entry.path) for entry in os.scandir(parent) if entry.name[0] != "." and entry.is_dir()]
    return found


def list_specs(workspace: Workspace) -> list[tuple[Path, SweepSpec]]:
    """Folder and spec of all sweeps and single runs, the newest first. Folders without a readable spec are left out."""
    found = []
    for folder in list_folders(workspace):
        try:
            found.append((folder, open_sweep(folder).spec))
        except (OverdriveError, OSError):  # being deleted, damaged, barred, a newer one's: by its id it says which
            continue
    return sorted(found, key=lambda pair: (pair[1].created_at, pair[1].id), reverse=True)


def find(workspace: Workspace, text: str) -> Place:
    """What `text` names: an id, a unique beginning of one (with or without `HD_`), or `latest`.

    With `_<n>` behind any of these: trial n of that sweep. Raises NotFoundError, with ids that are near; SpecError for
    a beginning that several ids share. One to three digits alone name nothing.
    """
    folders = {folder.name: folder for folder in list_folders(workspace)}
    if text in folders:
        return Place(folders[text])
    match = _TRIAL.fullmatch(text)
    head, trial = (match[1], int(match[2])) if match else (None, None)
    if head in folders:
        return Place(folders[head], trial)
    if LATEST in (text, head):
        return Place(_latest(workspace), trial if head == LATEST else None)
    if not _BARE_NUMBER.fullmatch(text) and (folder := _by_prefix(text, folders)):
        return Place(folder)
    if head is not None and (folder := _by_prefix(head, folders)):
        return Place(folder, trial)
    raise _not_found(workspace, text, list(folders))


def locate(workspace: Workspace, run_id: str) -> Place:
    """Where the sweep, trial or single run with exactly this id is. Raises NotFoundError, with ids that are near."""
    match = _TRIAL.fullmatch(run_id)
    ids = [(run_id, None)] + ([(match[1], int(match[2]))] if match else [])
    for name, trial in ids:
        for parent in (workspace.sweeps_folder, workspace.runs_folder):
            if _is_name(name) and (parent / name).is_dir():
                return Place(parent / name, trial)
    raise _not_found(workspace, run_id, [folder.name for folder in list_folders(workspace)])


def _is_name(text: str) -> bool:
    return text[:1] not in ("", ".") and "/" not in text and "\0" not in text and len(text) <= 255


def _by_prefix(text: str, folders: dict[str, Path]) -> Path | None:
    if not text:
        return None
    names = [name for name in folders if name.startswith((text, f"HD_{text}"))]
    if len(names) > 1:
        shown = ", ".join(sorted(names)[:5]) + (f" and {len(names) - 5} more" if len(names) > 5 else "")
        raise SpecError(field="id", value=text, allowed=f"a longer beginning: {len(names)} ids begin so: {shown}")
    return folders[names[0]] if names else None


def _latest(workspace: Workspace) -> Path:
    specs = list_specs(workspace)
    if not specs:
        raise NotFoundError(f"there is no sweep in {workspace.path} yet")
    return specs[0][0]


def _not_found(workspace: Workspace, text: str, ids: list[str]) -> NotFoundError:
    near = difflib.get_close_matches(text, ids, n=3, cutoff=0.5)
    if _BARE_NUMBER.fullmatch(text):
        hint = f"a trial is named with its sweep: {LATEST}_{text} is trial {text} of the sweep submitted last"
    elif near:
        hint = f"near: {', '.join(near)}"
    else:
        hint = "`overdrive list` shows what there is" if ids else f"there is nothing in {workspace.path} yet"
    return NotFoundError(f"there is no sweep or run {text!r} in {workspace.path}", hint=hint)


def short_id(view: SweepView) -> str:
    """A beginning of the id that is unique in the workspace now."""
    return short_name(view.id, [entry.name for entry in os.scandir(view.folder.parent)])


def short_name(name: str, names: list[str]) -> str:
    """The shortest beginning of `name`, eleven characters or more, that none of the other `names` shares."""
    for length in range(_SHORT, len(name)):
        if not any(other.startswith(name[:length]) for other in names if other != name):
            return name[:length]
    return name
