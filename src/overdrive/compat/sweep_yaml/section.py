"""One mapping of a document, read field by field: each is checked, and none is left unread."""

import difflib
import math
from typing import Any

from overdrive.compat.sweep_yaml.document import Document
from overdrive.compat.sweep_yaml.document import Keys
from overdrive.errors import SpecError


class Section:
    """The mapping at `path` of a document. Raises SpecError with its place when something else stands there."""

    def __init__(
        self, document: Document, path: Keys, data: object, what: str = "a mapping of names to values"
    ) -> None:
        if not isinstance(data, dict):
            raise document.error(path, data, what)
        self.document = document
        self.path = path
        self.data: dict[str, Any] = data

    def has(self, name: str) -> bool:
        """Whether the field is there and not null."""
        return self.data.get(name) is not None

    def check_names(self, known: str) -> None:
        """Raises SpecError for a field that is not among the words of `known`, with the nearest one."""
        names = known.split()
        for name in self.data:
            if name not in names:
                near = difflib.get_close_matches(name, names, n=1)
                field = f"{self.document.place((*self.path, name))}{_below(self.path)}has the unknown field {name!r}"
                raise SpecError(
                    f"{field}: it takes {', '.join(names)}",
                    field=".".join(map(str, (*self.path, name))),
                    value=name,
                    allowed=", ".join(names),
                    hint=f"did you mean {near[0]}?" if near else None,
                )

    def error(self, name: str, allowed: str, hint: str | None = None) -> SpecError:
        """The error for the value of the field."""
        return self.document.error((*self.path, name), self.data.get(name), allowed, hint)

    def missing(self, name: str, allowed: str) -> SpecError:
        """The error for a field that is needed."""
        return self.document.missing((*self.path, name), allowed)

    def section(self, name: str, what: str = "a mapping of names to values") -> "Section":
        """The mapping below `name`; an empty one where there is none."""
        return Section(self.document, (*self.path, name), {} if not self.has(name) else self.data[name], what)

    def text(self, name: str, allowed: str = "text that is not empty") -> str | None:
        """Text, or None; numbers are read as text."""
        value = self.data.get(name)
        if value is None:
            return None
        if isinstance(value, (bool, dict, list)) or not str(value).strip() or "\0" in str(value):
            raise self.error(name, allowed)
        return str(value)

    def word(self, name: str, words: str) -> str | None:
        """One of the words, in lower case, in whatever case it is given; or None."""
        value = self.data.get(name)
        if value is None:
            return None
        if not isinstance(value, str) or value.lower() not in words.split():
            near = difflib.get_close_matches(str(value).lower(), words.split(), n=1)
            raise self.error(name, ", ".join(words.split()), f"did you mean {near[0]}?" if near else None)
        return value.lower()

    def whole(self, name: str, low: int) -> int | None:
        """A whole number from `low` on, or None. A float without fraction counts as one."""
        allowed = f"a whole number, {low} or more"
        number = self.number(name, allowed)
        if number is None:
            return None
        if not float(number).is_integer() or number < low:
            raise self.error(name, allowed)
        return int(number)

    def number(self, name: str, allowed: str = "a number") -> int | float | None:
        """A finite number, or None; text that reads as one counts."""
        value = self.data.get(name)
        if isinstance(value, str):
            try:
                value = float(value)
            except ValueError:
                raise self.error(name, allowed) from None
        if value is None or (isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value)):
            return value
        raise self.error(name, allowed)

    def needed_number(self, name: str) -> int | float:
        """A finite number. Raises SpecError where it is missing."""
        value = self.number(name)
        if value is None:
            raise self.missing(name, "a number")
        return value


def _below(path: Keys) -> str:
    return f"{'.'.join(map(str, path))} " if path else "the job "
