"""Tags, properties and the display name that are given to a run after it was submitted."""

from collections.abc import Iterator
from collections.abc import Mapping
from contextlib import contextmanager
from pathlib import Path

from overdrive.errors import LockedError
from overdrive.errors import SpecError
from overdrive.errors import UnwritableError
from overdrive.host.files import write_json
from overdrive.host.locks import FileLock
from overdrive.views.marks import as_text
from overdrive.views.marks import merge_tags
from overdrive.views.marks import read_marks

#: Seconds to wait for somebody else's change.
_LOCK_S = 10.0


class Marks:
    """One JSON file of them (see `views.marks.read_marks`).

    Written by rename, under a lock of its own, so that two notebooks may tag the same run.
    """

    def __init__(self, path: Path, tags: Mapping[str, object], properties: Mapping[str, object] | None = None) -> None:
        """path: the file, which need not exist. tags, properties: those given at submit and by the script itself."""
        self._path = path
        self._tags = tags
        self._properties = properties or {}

    def tags(self) -> dict[str, str]:
        """The tags as they stand: given ones, overlaid with later ones, without the removed."""
        return merge_tags(self._tags, self._read().get("tags", {}))

    def set_tags(self, tags: Mapping[str, object]) -> None:
        """Sets these tags; values become text. Raises SpecError for a name that is no text."""
        self._merge("tags", {check_name("tags", name): as_text(value) for name, value in tags.items()})

    def remove_tags(self, names: "list[str] | str") -> None:
        """Removes these tags; names without a tag are fine."""
        self._merge("tags", dict.fromkeys([names] if isinstance(names, str) else names))

    def properties(self) -> dict[str, str]:
        """The properties that were given and added."""
        given = {name: as_text(value) for name, value in self._properties.items()}
        return {**given, **self._read().get("properties", {})}

    def add_properties(self, properties: Mapping[str, object]) -> None:
        """Adds properties. Raises SpecError for one that is there already with another value."""
        new, old = (
            {check_name("properties", name): as_text(value) for name, value in properties.items()},
            self.properties(),
        )
        for name, value in new.items():
            if old.get(name, value) != value:
                raise SpecError(
                    field=f"properties[{name!r}]", value=value, allowed=f"{old[name]!r}, which it has for good"
                )
        self._merge("properties", new)

    @property
    def display_name(self) -> str | None:
        """The name that was given, or None."""
        return self._read().get("display_name")

    @display_name.setter
    def display_name(self, name: str) -> None:
        check_name("display_name", name)
        with self._locked():
            self._write({**self._read(), "display_name": name})

    @property
    def description(self) -> str | None:
        """The description that was given, or None."""
        return self._read().get("description")

    @description.setter
    def description(self, text: str) -> None:
        with self._locked():
            self._write({**self._read(), "description": as_text(text)})

    def _merge(self, part: str, values: Mapping[str, str | None]) -> None:
        with self._locked():
            data = self._read()
            data[part] = {**data.get(part, {}), **values}
            self._write(data)

    def _read(self) -> dict:
        return read_marks(self._path)

    def _write(self, data: dict) -> None:
        try:
            write_json(str(self._path), data)
        except OSError as error:
            raise UnwritableError(f"{self._path} cannot be written: {error.strerror or error}") from error

    @contextmanager
    def _locked(self) -> Iterator[None]:
        lock = FileLock(str(self._path.with_suffix(".lock")))
        if not lock.acquire(_LOCK_S):
            raise LockedError(f"{self._path} is being changed by somebody else")
        try:
            yield
        finally:
            lock.release()


def check_name(field: str, name: object) -> str:
    """`name` if it is text and not empty. Raises SpecError otherwise."""
    if not isinstance(name, str) or not name:
        raise SpecError(field=field, value=name, allowed="names that are text and not empty")
    return name
