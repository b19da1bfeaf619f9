"""Which commit a folder's files were at, read from git's own files, and whether they differ: that git is asked."""

import os
import re
import subprocess
from pathlib import Path

__all__ = ["Uncommitted", "git_state"]

#: Nothing is written, and nothing watches the files from then on.
_STATUS = (
    *("git", "--no-optional-locks", "-c", "core.fsmonitor=false"),
    *("status", "--porcelain", "--untracked-files=no", "--ignore-submodules=all"),
)
_COMMIT = re.compile(r"[0-9a-f]{40}([0-9a-f]{24})?")


def git_state(folder: str) -> dict[str, str] | None:
    """{"commit", "branch"} of the working tree that `folder` is in, 'branch' only where one is checked out.

    None outside a working tree, and where what is there is not git's. Whether files differ: `Uncommitted`.
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


class Uncommitted:
    """Asks git whether files that it tracks in a folder differ from the commit, while its maker does something else.

    A context manager: git is ended with it.
    """

    def __init__(self, folder: str) -> None:
        try:
            self._process: subprocess.Popen[bytes] | None = subprocess.Popen(
                [*_STATUS, "--", folder],
                cwd=folder,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
            )
        except OSError:
            self._process = None  # there is no git here

    def __enter__(self) -> "Uncommitted":
        return self

    def __exit__(self, *_: object) -> None:
        if self._process is None:
            return
        if self._process.poll() is None:
            self._process.kill()
        self._process.communicate()

    def answer(self, within_s: float) -> bool | None:
        """Whether they differ; None where git does not say so within this time."""
        if self._process is None:
            return None
        try:
            found, _ = self._process.communicate(timeout=within_s)
        except subprocess.TimeoutExpired:
            return None
        return bool(found) if self._process.returncode == 0 else None


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
