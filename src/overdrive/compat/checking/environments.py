"""The environment that a script asks for and the Python that it names, read from its syntax tree."""

import ast
import os
from collections.abc import Iterator
from dataclasses import dataclass
from dataclasses import field
from pathlib import Path
from typing import Any

import yaml

from overdrive.client.environment.needed import names_packages
from overdrive.compat.azureml.conda_dependencies import read_conda_file
from overdrive.compat.azureml.conda_dependencies import read_requirements
from overdrive.compat.checking.sources import Source
from overdrive.errors import OverdriveError

__all__ = ["Asked", "find_environment"]

#: Function → position of the file that it reads.
_CONDA_FILES = {"from_conda_specification": 1, "CondaDependencies": 0}
_PIP_FILES = {"from_pip_requirements": 1}
#: Keywords that name a file of either kind, in whatever call.
_CONDA_KEYWORDS = ("conda_dependencies_file_path", "conda_dependencies_file", "conda_specification", "conda_file")
_PIP_KEYWORDS = ("pip_requirements_file", "pip_requirements")
#: Method → what it adds.
_ADDS = {"add_conda_package": "conda", "add_pip_package": "pip", "set_python_version": "python"}


@dataclass(slots=True)
class Asked:
    """What a file asks for, of all its environments together."""

    conda: list[str] = field(default_factory=list)
    pip: list[str] = field(default_factory=list)
    #: A Python that it names for its trials, or None.
    program: str | None = None
    #: Whether the packages of that Python are the user's own affair.
    is_managed: bool = False

    def definition(self) -> dict[str, Any] | None:
        """In Azure's form; None where nothing is asked for."""
        dependencies = [*self.conda, *([{"pip": self.pip}] if self.pip else [])]
        python = {"userManagedDependencies": self.is_managed, "condaDependencies": {"dependencies": dependencies}}
        made = {"name": None, "python": python}
        return made if names_packages(made) else None


def find_environment(source: Source) -> Asked:
    """What `source` asks for. Files that are not there, and names that are only known when it runs, do not count."""
    asked = Asked()
    reader = _Reader(source, asked)
    for piece in source.pieces:
        for node in ast.walk(piece.tree):
            if isinstance(node, ast.Assign):
                reader.read_assignment(node)
    for piece in source.pieces:
        for node in ast.walk(piece.tree):
            if isinstance(node, ast.Call):
                reader.read_call(node)
    return asked


class _Reader:
    def __init__(self, source: Source, asked: Asked) -> None:
        self._source = source
        self._asked = asked
        #: Name → text, of those that are text from the beginning.
        self._texts: dict[str, str] = {}

    def read_assignment(self, node: ast.Assign) -> None:
        target, value = node.targets[0], node.value
        text = self._text(value)
        if isinstance(target, ast.Name) and text is not None:
            self._texts[target.id] = text
        if not isinstance(target, ast.Attribute):
            return
        if target.attr == "interpreter_path" and text not in (None, "python"):
            self._asked.program = text
        if target.attr == "user_managed_dependencies" and isinstance(value, ast.Constant):
            self._asked.is_managed = bool(value.value)

    def read_call(self, node: ast.Call) -> None:
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        given = {word.arg: word.value for word in node.keywords if word.arg}
        for file in self._files(node, given, name, _CONDA_FILES, (*_CONDA_KEYWORDS, "file_path")):
            self._add_conda_file(file)
        for file in self._files(node, given, name, _PIP_FILES, (*_PIP_KEYWORDS, "file_path")):
            self._add_pip_file(file)
        self._asked.conda += self._list(given.get("conda_packages"))
        self._asked.pip += self._list(given.get("pip_packages"))
        python = self._text(given.get("python_version"))
        if python is not None:
            self._asked.conda.append(f"python={python}")
        first = self._text(node.args[0]) if node.args else None
        if name in _ADDS and first is not None:
            kind = _ADDS[name]
            added = f"python={first}" if kind == "python" else first
            (self._asked.pip if kind == "pip" else self._asked.conda).append(added)

    def _files(
        self, node: ast.Call, given: dict[str, ast.expr], name: str, positions: dict[str, int], words: tuple[str, ...]
    ) -> Iterator[str]:
        at = positions.get(name)
        known = [given[word] for word in words if word in given and (word != "file_path" or at is not None)]
        if at is not None and len(node.args) > at:
            known.append(node.args[at])
        yield from (text for text in map(self._text, known) if text)

    def _add_conda_file(self, name: str) -> None:
        path, text = self._find(name)
        try:
            data = yaml.safe_load(text) if text is not None else read_conda_file(path)
        except (OverdriveError, yaml.YAMLError):
            return  # the script may write it; when it runs, a file that is none is refused with a sentence
        for item in data.get("dependencies") or () if isinstance(data, dict) else ():
            if isinstance(item, str):
                self._asked.conda.append(item)
            elif isinstance(item, dict):
                self._asked.pip += [str(line) for line in item.get("pip") or ()]

    def _add_pip_file(self, name: str) -> None:
        path, text = self._find(name)
        try:
            lines = text.splitlines() if text is not None else read_requirements(path)
        except OverdriveError:
            return  # as above
        self._asked.pip += [line.strip() for line in lines if line.strip() and not line.lstrip().startswith("#")]

    def _find(self, name: str) -> tuple[Path, str | None]:
        """Where the file lies or, for one that the notebook writes, its text."""
        path = self._source.path.parent / name
        written = {os.path.basename(each): text for each, text in self._source.texts.items()}
        return path, None if path.is_file() else written.get(os.path.basename(name))

    def _list(self, node: ast.expr | None) -> list[str]:
        items = node.elts if isinstance(node, (ast.List, ast.Tuple)) else []
        return [text for text in map(self._text, items) if text]

    def _text(self, node: ast.expr | None) -> str | None:
        """Text that can be told without running: a constant, a name of one, `os.path.join` and / of these."""
        if isinstance(node, ast.Constant):
            return node.value if isinstance(node.value, str) else None
        if isinstance(node, ast.Name):
            return self._texts.get(node.id)
        parts: list[str | None] = []
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "join":
            parts = [self._text(each) for each in node.args]
        elif isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div):
            parts = [self._text(node.left), self._text(node.right)]
        known = [part for part in parts if part is not None]
        return os.path.join(*known) if known and len(known) == len(parts) else None
