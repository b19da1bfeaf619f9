"""Every error that Overdrive raises on purpose, in one tree.

    OverdriveError                      exit code of the command line
    ├── SpecError                       2   your input: field, value, what is allowed
    │   └── UnsupportedError            2   asked for something that is not here (yet)
    ├── NotFoundError                   3   no such sweep, trial, file
    ├── WorkspaceError                  4   the machine or the workspace: cannot be used
    │   ├── LockedError                 4   another engine writes this sweep
    │   ├── UnwritableError             4   no permission, read-only, disk full
    │   └── BrokenLocksError            4   a file system whose locks do not work
    ├── SweepFailedError                1   your script: the sweep failed
    └── InternalError                   1   our bug: please report it

The tree is split by who must act. A class's docstring is its default message. `hint`, where given, says what to do
next; the command line prints both on one line each and ends with `exit_code`.
"""

__all__ = [
    "BrokenLocksError",
    "InternalError",
    "LockedError",
    "NotFoundError",
    "OverdriveError",
    "SpecError",
    "SweepFailedError",
    "UnsupportedError",
    "UnwritableError",
    "WorkspaceError",
]


class OverdriveError(Exception):
    """Something went wrong in Overdrive."""

    exit_code: int = 1

    def __init__(self, message: str | None = None, *, hint: str | None = None) -> None:
        #: One sentence: what happened, with the value.
        self.message = message or (type(self).__doc__ or "").split("\n")[0]
        #: One sentence: what to do next, or None.
        self.hint = hint
        super().__init__(self.message)


class SpecError(OverdriveError, ValueError):
    """The input cannot be used."""

    exit_code = 2

    def __init__(
        self,
        message: str | None = None,
        *,
        field: str | None = None,
        value: object = None,
        allowed: str | None = None,
        hint: str | None = None,
    ) -> None:
        #: The field at fault, as the user spells it (`max_total_runs`), or None.
        self.field = field
        #: The value that was given.
        self.value = value
        #: What the field takes, in words.
        self.allowed = allowed
        if message is None and field is not None:
            message = f"{field} = {value!r} is not allowed: it takes {allowed}"
        super().__init__(message, hint=hint)


class UnsupportedError(SpecError):
    """This is not supported here."""


class NotFoundError(OverdriveError, LookupError):
    """Nothing has that name."""

    exit_code = 3


class WorkspaceError(OverdriveError):
    """The workspace cannot be used."""

    exit_code = 4


class LockedError(WorkspaceError):
    """Another engine holds this sweep."""


class UnwritableError(WorkspaceError):
    """The workspace cannot be written."""


class BrokenLocksError(WorkspaceError):
    """The file system's locks do not work."""


class SweepFailedError(OverdriveError):
    """The sweep failed."""


class InternalError(OverdriveError):
    """Overdrive reached a state that it should not reach; this is a bug."""
