"""The folder where sweeps and single runs live."""

import os
from pathlib import Path

from overdrive.errors import SpecError

#: Folders of sweeps and of single runs below the workspace.
SWEEPS = "sweeps"
RUNS = "runs"


class Workspace:
    """A workspace: a folder, made when the first sweep is submitted, readable by its owner only.

    path: the folder; default the environment variable OVERDRIVE_WORKSPACE, else `~/.overdrive`.

    Raises SpecError for a path that is no text or path object.
    """

    def __init__(self, path: "str | os.PathLike[str] | None" = None) -> None:
        given = path if path is not None else os.environ.get("OVERDRIVE_WORKSPACE") or "~/.overdrive"
        if not isinstance(given, (str, os.PathLike)) or not os.fspath(given) or "\0" in os.fspath(given):
            raise SpecError(field="path", value=path, allowed="the path of a folder")
        #: The folder, absolute.
        self.path = Path(os.path.abspath(Path(given).expanduser()))

    @classmethod
    def from_config(cls, path: object = None, auth: object = None, _file_name: object = None) -> "Workspace":
        """The workspace of this machine.

        No file is needed and no account: the arguments, which Azure needs, are ignored.
        """
        return cls()

    @property
    def name(self) -> str:
        """The folder's name, without a leading dot."""
        return self.path.name.lstrip(".") or "overdrive"

    @property
    def sweeps_folder(self) -> Path:
        """Where the sweeps' folders are; it may not exist yet."""
        return self.path / SWEEPS

    @property
    def runs_folder(self) -> Path:
        """Where the single runs' folders are; it may not exist yet."""
        return self.path / RUNS

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Workspace) and other.path == self.path

    def __hash__(self) -> int:
        return hash(self.path)

    def __repr__(self) -> str:
        return f"{type(self).__name__}({str(self.path)!r})"
