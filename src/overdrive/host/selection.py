"""Which files of a source directory belong to a snapshot.

Left out is what `.amlignore` in the source directory names or, when there is none, `.gitignore` there. This is
Azure's rule: ignore files in subfolders are not read, so data that a `.gitignore` of its own keeps out of git comes
along. Always left out are `.git`, `__pycache__`, `.ipynb_checkpoints`, `.overdrive`, virtual environments (folders that
hold `pyvenv.cfg`), workspaces, sockets, pipes and devices.
"""

import os
import stat
from dataclasses import dataclass

from overdrive.errors import SpecError
from overdrive.host.filesystem import MARKER
from overdrive.host.ignore import IgnoreRules
from overdrive.host.ignore import Rule

__all__ = ["FIELD", "Entry", "Selection", "unreadable"]

#: The field that errors name.
FIELD = "source_directory"

_IGNORE_FILES = (".amlignore", ".gitignore")
_NEVER = frozenset((".git", "__pycache__", ".ipynb_checkpoints", ".overdrive"))
#: In a source directory that is a workspace itself: what the workspace keeps there.
_NEVER_IN_WORKSPACE = _NEVER | {MARKER, "sweeps", "runs"}
_MARKS_OF_OTHERS = frozenset(("pyvenv.cfg", MARKER))


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that belongs to the snapshot."""

    #: Relative to the source directory, with slashes.
    path: str
    #: 'folder', 'file' or 'link'.
    kind: str
    #: Bytes of a file, as far as known beforehand.
    size: int = 0
    #: Text of a link as it will stand in the copy.
    text: str = ""
    #: What a link leads to, relative to the source directory.
    leads_to: str = ""


class Selection:
    """What of `source_directory` belongs to its snapshot, a folder before what it holds, always in the same order.

    leave_out: further folders to leave out wherever they lie.
    Raises SpecError where the source directory is missing, is no folder or cannot be read, or a link leads out of it.
    """

    def __init__(self, source_directory: str, leave_out: tuple[str, ...] = ()) -> None:
        #: The source directory without links in its path.
        self.root = _checked(source_directory)
        self.entries: list[Entry] = []
        #: Name of the ignore file in force, or None.
        self.ignore_file: str | None = None
        self._prefix = self.root.rstrip("/") + "/"
        self._rules = self._read_rules()
        self._leave_out = frozenset(os.path.realpath(folder) for folder in leave_out)
        pending = [""]
        while pending:
            pending.extend(reversed(self._add(pending.pop())))

    def rule_against(self, path: str) -> Rule | None:
        """The rule that leaves `path` or a folder above it out, or None."""
        parts = path.split("/")
        for count in range(1, len(parts) + 1):
            rule = self._rules.match("/".join(parts[:count]), count < len(parts))
            if rule is not None and not rule.keeps:
                return rule
        return None

    def relative(self, path: str) -> str | None:
        """`path` (without links in it) relative to the source directory, '.' for itself; None where it is outside."""
        if path == self.root:
            return "."
        return path.removeprefix(self._prefix) if path.startswith(self._prefix) else None

    def _read_rules(self) -> IgnoreRules:
        for name in _IGNORE_FILES:
            try:
                with open(self._prefix + name, "rb") as file:
                    text = os.fsdecode(file.read())
            except FileNotFoundError:
                continue
            except OSError as error:
                raise unreadable(self._prefix + name, error) from error
            self.ignore_file = name
            return IgnoreRules(text)
        return IgnoreRules("")

    def _add(self, folder: str) -> list[str]:
        """Adds `folder` ('' or a path with a slash at its end) with the files in it; returns its subfolders."""
        try:
            with os.scandir(self._prefix + folder) as found:
                listed = sorted(found, key=lambda entry: entry.name)
        except OSError as error:
            raise unreadable(self._prefix + folder, error) from error
        names = {entry.name for entry in listed}
        if folder:
            if names & _MARKS_OF_OTHERS:
                return []
            self.entries.append(Entry(folder[:-1], "folder"))
        never = _NEVER_IN_WORKSPACE if MARKER in names else _NEVER
        subfolders = []
        for entry in listed:
            if entry.name in never:
                continue
            if entry.is_dir(follow_symlinks=False):
                if self._takes_folder(folder + entry.name):
                    subfolders.append(f"{folder}{entry.name}/")
            else:
                self._add_file(folder + entry.name, entry)
        return subfolders

    def _takes_folder(self, path: str) -> bool:
        if self._prefix + path in self._leave_out:
            return False
        rule = self._rules.match(path, True)
        return rule is None or rule.keeps

    def _add_file(self, path: str, entry: os.DirEntry[str]) -> None:
        rule = self._rules.match(path, False)
        if rule is not None and not rule.keeps:
            return
        if entry.is_symlink():
            self.entries.append(self._link(path))
        elif entry.is_file(follow_symlinks=False):
            self.entries.append(Entry(path, "file", entry.stat(follow_symlinks=False).st_size))

    def _link(self, path: str) -> Entry:
        text = os.readlink(self._prefix + path)
        end = os.path.realpath(self._prefix + path)
        leads_to = self.relative(end)
        if leads_to is None:
            raise SpecError(
                f"the link {path!r} in the source directory leads out of it, to {text!r}",
                field=FIELD,
                value=path,
                hint="put a copy in its place, name the target by an argument, or leave the link out with .amlignore",
            )
        if not _stays_below(path, text):
            text = os.path.relpath(end, os.path.dirname(self._prefix + path))
        return Entry(path, "link", text=text, leads_to=leads_to)


def _stays_below(path: str, text: str) -> bool:
    """Whether a link at `path` with this text means the same in a copy of the source directory: relative, and going up
    first, if at all, and never above the source directory.
    """
    parts = text.split("/")
    ups = 0
    while ups < len(parts) and parts[ups] == "..":
        ups += 1
    return not text.startswith("/") and ".." not in parts[ups:] and ups <= path.count("/")


def _checked(source_directory: str) -> str:
    try:
        is_folder = stat.S_ISDIR(os.stat(source_directory).st_mode)
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else str(error)
        message = f"source_directory {source_directory!r} cannot be used: {reason}"
        raise SpecError(message, field=FIELD, value=source_directory) from error
    if not is_folder:
        raise SpecError(
            f"source_directory {source_directory!r} is not a folder",
            field=FIELD,
            value=source_directory,
            hint="name the folder that holds the script",
        )
    return os.path.realpath(source_directory)


def unreadable(path: str, error: OSError) -> SpecError:
    """The error for something in the source directory that cannot be read."""
    return SpecError(
        f"{path} in the source directory cannot be read: {error.strerror}",
        field=FIELD,
        value=path,
        hint="make it readable, or leave it out with .amlignore",
    )
