"""Which commit a folder's files were at, read from git's own files: no program is started."""

import os
import re
from pathlib import Path

__all__ = ["git_state"]

_COMMIT = re.compile(r"[0-9a-f]{40}([0-9a-f]{24})?")


def git_state(folder: str) -> dict[str, str] | None:
    """{"commit", "branch"} of the working tree that `folder` is in, 'branch' only where one is checked out.

    None outside a working tree, and where what is there is not git's. Whether files differ from the commit is not said:
    the snapshot's digest tells what ran.
    """
    try:
        place = _git_folder(Path(os.path.abspath(folder)))
        head = _line(place / "HEAD") if place else ""
        if place is None or not head:
            return None
        if not head.startswith("ref: "):
            return {"commit": head} if _COMMIT.fullmatch(head) else None
        ref = head.removeprefix("ref: ")
        commit = _commit_of(place, ref)
    except OSError:
        return None
    return {"commit": commit, "branch": ref.removeprefix("refs/heads/")} if commit else None


def _git_folder(folder: Path) -> Path | None:
    """The git directory of the working tree; a linked one's `.git` is a file that says where."""
    for place in (folder, *folder.parents):
        found = place / ".git"
        if found.is_dir():
            return found
        if found.is_file():
            return place / _line(found).removeprefix("gitdir: ")
    return None


def _commit_of(place: Path, ref: str) -> str | None:
    common = place / _line(place / "commondir") if (place / "commondir").is_file() else place
    for each in (place / ref, common / ref):
        if each.is_file():
            return _line(each) if _COMMIT.fullmatch(_line(each)) else None
    packed = common / "packed-refs"
    lines = packed.read_text("utf-8", "replace").splitlines() if packed.is_file() else []
    return next((line.split()[0] for line in lines if line.endswith(f" {ref}") and line[0] not in "#^"), None)


def _line(path: Path) -> str:
    with path.open(encoding="utf-8", errors="replace") as file:
        return file.readline(4096).strip()
