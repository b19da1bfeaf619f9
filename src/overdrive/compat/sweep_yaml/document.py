"""A job file as plain data that knows the line of each of its fields. PyYAML is imported here only."""

import math
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import yaml

from overdrive.errors import SpecError

#: A file may be so large, so deep, and hold so many values, aliases expanded: jobs are far smaller.
MOST_BYTES = 1024 * 1024
DEEPEST = 50
MOST_VALUES = 20_000

#: The keys (texts and list positions) that lead to a value.
Keys = tuple[str | int, ...]


class _Loader(yaml.SafeLoader):
    """YAML 1.1's safe types, and 1e-3 as the number that everybody means."""


_Loader.yaml_implicit_resolvers = {key: list(value) for key, value in yaml.SafeLoader.yaml_implicit_resolvers.items()}
_EXPONENT = re.compile(r"[-+]?[0-9][0-9_]*[eE][-+]?[0-9]+$")
for _first in "-+0123456789":
    _Loader.yaml_implicit_resolvers.setdefault(_first, []).append(("tag:yaml.org,2002:float", _EXPONENT))


class Document:
    """A job's description: `data`, and where each of its values stands.

    source: the file's name, or None for what was made in Python. folder: what relative paths are seen from.
    """

    def __init__(self, data: Any, source: str | None = None, folder: Path | None = None) -> None:
        self.data = data
        self.source = source
        self.folder = folder or Path.cwd()
        #: Path of keys → line, from 1, or the text of an option that set it.
        self.places: dict[Keys, int | str] = {}

    def place(self, path: Keys) -> str:
        """`file:line: ` of the value, or of the nearest one around it; '' without a file."""
        while path and path not in self.places:
            path = path[:-1]
        place = self.places.get(path)
        if isinstance(place, str):
            return f"{place}: "
        return f"{self.source}:{place}: " if self.source and place else f"{self.source}: " if self.source else ""

    def error(self, path: Keys, value: object, allowed: str, hint: str | None = None) -> SpecError:
        """The error for a value that is not allowed."""
        field = show_path(path)
        shown = repr(value)
        text = f"{field} = {shown if len(shown) <= 200 else shown[:199] + '…'} is not allowed: it takes {allowed}"
        return SpecError(self.place(path) + text, field=field, value=value, allowed=allowed, hint=hint)

    def missing(self, path: Keys, allowed: str) -> SpecError:
        """The error for a value that is needed and not there."""
        field = show_path(path)
        text = f"{self.place(path[:-1])}{field} is missing: it takes {allowed}"
        return SpecError(text, field=field, value=None, allowed=allowed)

    @contextmanager
    def at(self, path: Keys) -> Iterator[None]:
        """What a check of another room refuses is said with its place here."""
        try:
            yield
        except SpecError as error:
            text = f"{self.place(path)}{show_path(path)}: {error.message}"
            field, value, allowed = show_path(path), error.value, error.allowed
            raise type(error)(text, field=field, value=value, allowed=allowed, hint=error.hint) from error


def show_path(path: Keys) -> str:
    """`("trial", "layers", 0)` as `trial.layers[0]`."""
    return "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in path).lstrip(".") or "the file"


def read_document(file: str | Path) -> Document:
    """The document in a YAML file.

    Raises SpecError: where there is no file, with file and line for what is no YAML, too large, too deep,
    or of no plain type.
    """
    path = Path(file).expanduser()
    try:
        if path.stat().st_size > MOST_BYTES:
            raise SpecError(f"{file} is larger than a job file may be ({MOST_BYTES} bytes)", field="FILE", value=file)
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise SpecError(f"{file} is no text in UTF-8", field="FILE", value=str(file)) from error
    except OSError as error:
        raise SpecError(
            f"{file} cannot be read: {error.strerror}",
            field="FILE",
            value=str(file),
            allowed="the path of a YAML file",
            hint="give the path of a YAML file",
        ) from error
    return parse_document(text, str(file), path.resolve().parent)


def parse_document(text: str, source: str, folder: Path) -> Document:
    """As `read_document`, of text."""
    document = Document(None, source, folder)
    try:
        _check_depth(text, source)
        loader = _Loader(text)
        node = loader.get_single_node()
        if node is not None:
            document.data = _Reading(loader, document).value(node, ())
    except yaml.MarkedYAMLError as error:
        line = (error.problem_mark or error.context_mark or yaml.Mark(source, 0, 0, 0, None, 0)).line + 1
        text = f"{source}:{line}: this is no YAML that can be read: {error.problem or error.context}"
        raise SpecError(text, field="FILE", value=source) from error
    except (yaml.YAMLError, ValueError) as error:
        if isinstance(error, SpecError):
            raise
        what = str(error).partition("\n")[0]
        raise SpecError(f"{source}: this is no YAML that can be read: {what}", field="FILE", value=source) from error
    return document


def parse_value(text: str) -> Any:
    """The value of `--set key=value`. Raises SpecError for what is no YAML."""
    return parse_document(text, f"--set …={text}", Path()).data


def _check_depth(text: str, source: str) -> None:
    """Before anything recursive looks at it."""
    depth = 0
    for event in yaml.parse(text, _Loader):
        line = event.start_mark.line + 1 if event.start_mark else 1
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > DEEPEST:
            raise SpecError(f"{source}:{line}: values stand more than {DEEPEST} deep", field="FILE", value=source)


class _Reading:
    """From YAML's nodes to plain data: aliases are followed, but not for ever."""

    def __init__(self, loader: _Loader, document: Document) -> None:
        self._loader = loader
        self._document = document
        self._count = 0

    def value(self, node: yaml.Node, path: Keys) -> Any:
        self._document.places[path] = node.start_mark.line + 1
        self._count += 1
        if self._count > MOST_VALUES or len(path) > DEEPEST:
            text = f"it holds more than {MOST_VALUES} values, or values more than {DEEPEST} deep, aliases followed"
            raise SpecError(self._document.place(path) + text, field="FILE", value=self._document.source)
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node, path)
        if isinstance(node, yaml.SequenceNode):
            return [self.value(item, (*path, index)) for index, item in enumerate(node.value)]
        value = self._loader.construct_object(node)
        if isinstance(value, float) and not math.isfinite(value):
            raise self._document.error(path, node.value, "numbers that are finite")
        return value if isinstance(value, (str, int, float, bool, type(None))) else node.value

    def _mapping(self, node: yaml.MappingNode, path: Keys) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for key, value in node.value:
            line = key.start_mark.line + 1
            if not isinstance(key, yaml.ScalarNode) or key.tag == "tag:yaml.org,2002:merge":
                text = f"{self._document.source}:{line}: {show_path(path)} has a key that is no plain word"
                raise SpecError(text, field=show_path(path), value=None, allowed="names as keys (and no << merges)")
            name = key.value
            if name in found:
                text = f"{self._document.source}:{line}: {show_path((*path, name))} is given twice"
                raise SpecError(text, field=show_path((*path, name)), value=name, allowed="each key once")
            found[name] = self.value(value, (*path, name))
            if isinstance(value, yaml.CollectionNode):
                self._document.places[(*path, name)] = line
        return found


def set_value(document: Document, text: str) -> None:
    """Puts `a.b.c=value` into the document; folders of keys that are missing are made, the value is read as YAML.

    Raises SpecError for another form, and where a key leads through something that has no keys.
    """
    key, equals, value = text.partition("=")
    parts = tuple(key.strip().split("."))
    if not equals or not all(parts):
        raise SpecError(f"--set {text!r} is not allowed: it takes key=value, such as limits.max_total_trials=4")
    if not isinstance(document.data, dict):
        document.data = {}
    target = document.data
    for index, part in enumerate(parts[:-1]):
        below = target.get(part)
        if below is None:
            below = target[part] = {}
        if not isinstance(below, dict):
            raise document.error(parts[: index + 1], below, f"keys below it, for --set {key}")
        target = below
    target[parts[-1]] = parse_value(value)
    for path in [path for path in document.places if path[: len(parts)] == parts]:
        del document.places[path]
    document.places[parts] = f"--set {key}"
