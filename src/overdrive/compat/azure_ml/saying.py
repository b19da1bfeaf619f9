"""Objects that only keep what scripts say, and can say it as a job file would."""

import enum
import os
from typing import TYPE_CHECKING
from typing import Any


class Said:
    """Keeps its keyword arguments as attributes; what was not given is None. FIELDS are those that come by position."""

    FIELDS: tuple[str, ...] = ()
    #: The word that a job file has for it, or None.
    TYPE: str | None = None

    def __init__(self, *args: Any, **fields: Any) -> None:
        if len(args) > len(self.FIELDS):
            raise TypeError(f"{type(self).__name__} takes at most {len(self.FIELDS)} arguments by position")
        given = {**dict(zip(self.FIELDS, args, strict=False)), **fields}
        for name in self.FIELDS:
            setattr(self, name, given.pop(name, None))
        for name, value in given.items():
            setattr(self, name, value)

    if TYPE_CHECKING:

        def __getattr__(self, name: str) -> Any: ...
        def __setattr__(self, name: str, value: Any) -> None: ...

    def to_job(self) -> dict[str, Any]:
        """As a job file would write it: its fields that are not None, and its type."""
        said = {name: as_job(value) for name, value in vars(self).items() if value is not None and name[0] != "_"}
        return {"type": self.TYPE, **said} if self.TYPE else said

    def __repr__(self) -> str:
        said = ", ".join(f"{name}={value!r}" for name, value in vars(self).items() if name[0] != "_")
        return f"{type(self).__name__}({said})"

    def __eq__(self, other: object) -> bool:
        return type(other) is type(self) and vars(other) == vars(self)

    __hash__ = None  # type: ignore[assignment]


def as_job(value: Any) -> Any:
    """Any value as a job file would write it."""
    if isinstance(value, Said):
        return value.to_job()
    if isinstance(value, enum.Enum):
        return value.value
    if isinstance(value, os.PathLike):
        return os.fspath(value)
    if isinstance(value, dict):
        return {str(name): as_job(item) for name, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [as_job(item) for item in value]
    return value.item() if type(value).__module__ == "numpy" and hasattr(value, "item") else value
