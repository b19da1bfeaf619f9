"""What an environment's definition asks for, in pip's terms. Pure."""

import contextlib
import re
from collections.abc import Iterator
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from packaging.requirements import InvalidRequirement
from packaging.requirements import Requirement
from packaging.specifiers import InvalidSpecifier
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name

from overdrive.client.environment.names import is_no_package
from overdrive.client.environment.names import pip_name
from overdrive.client.environment.names import served_instead

__all__ = ["Wanted", "read_wanted"]

#: `channel::name`, and behind it a version in conda's words.
_CONDA = re.compile(r"(?:[^\s:]+::)?([A-Za-z0-9_][\w.-]*)\s*(.*)$", re.DOTALL)
_BRACKETS = re.compile(r"\[(.*)\]\s*$", re.DOTALL)
_VERSION = re.compile(r"version\s*=\s*['\"]?([^'\"\]]+)")
_EXACT = re.compile(r"(\d+(?:\.\d+)?)(?:\.\d+)*(?:\.?\*)?$")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked for."""

    #: How the environment is called; '' without a name.
    name: str = ""
    #: The Python, as it was asked for ('3.8', '>=3.8'), or None.
    python: str | None = None
    #: What can be compared with what is installed.
    requirements: tuple[Requirement, ...] = ()
    #: Lines for pip that name no package by its name: options, files, addresses.
    lines: tuple[str, ...] = ()
    #: What conda has and pip has not: it is no Python package.
    no_packages: tuple[str, ...] = ()

    def pip_lines(self) -> list[str]:
        """The lines of a requirements file."""
        return [*self.lines, *map(str, self.requirements)]

    def python_versions(self) -> SpecifierSet | None:
        """The Pythons that will do, or None where any does: of an exact version the first two numbers count."""
        if self.python is None:
            return None
        exact = _EXACT.match(self.python)
        try:
            return SpecifierSet(f"=={exact[1]}.*" if exact else _versions(self.python))
        except InvalidSpecifier:
            return None


def read_wanted(definition: Mapping[str, Any]) -> Wanted:
    """What the definition asks for. What cannot be read as a package stays a line for pip, as it was given."""
    python: str | None = None
    requirements: dict[str, Requirement] = {}
    lines: list[str] = []
    no_packages: list[str] = []
    for item in _dependencies(definition):
        if isinstance(item, str):
            name, versions = _conda(item)
            if name == "python":
                is_range = versions.startswith(("<", ">", "!", "~"))
                python = versions if is_range else versions.lstrip("= ").partition("=")[0]
                continue
            requirement = None if is_no_package(name) else _of_conda(name, versions)
            if requirement is None:
                no_packages.append(item)
            else:
                _add(requirements, requirement)
    for line in _pip_lines(definition):
        requirement = _of_pip(line)
        if requirement is None:
            lines.append(line)
        else:
            _add(requirements, requirement)
    kept = tuple(requirements.values())
    return Wanted(definition.get("name") or "", python or None, kept, tuple(lines), tuple(no_packages))


def _dependencies(definition: Mapping[str, Any]) -> list[Any]:
    conda = (definition.get("python") or {}).get("condaDependencies") or {}
    return list(conda.get("dependencies") or [])


def _add(found: dict[str, Requirement], requirement: Requirement) -> None:
    """One more; what Overdrive has itself is left out, and what its package would have brought comes in."""
    name = canonicalize_name(requirement.name)
    instead = served_instead(name, requirement.extras)
    if instead is None:
        found[name] = requirement
    for brought in instead or ():
        found.setdefault(brought, Requirement(brought))


def _conda(item: str) -> tuple[str, str]:
    """Name and version of an item of conda's, in conda's words."""
    match = _CONDA.match(item.strip())
    if match is None:
        return item.strip().lower(), ""
    versions = match[2].strip()
    brackets = _BRACKETS.search(versions)
    if brackets is not None:
        version = _VERSION.search(brackets[1])
        versions = version[1].strip() if version else versions[: brackets.start()].strip()
    return match[1].lower(), versions


def _of_conda(name: str, versions: str) -> Requirement | None:
    """None for what is no name."""
    called = pip_name(name)
    for text in (called + _versions(versions), called):
        with contextlib.suppress(InvalidRequirement):
            return Requirement(text)
    return None


def _versions(text: str) -> str:
    """Conda's versions in pip's words: `=1.19` is any 1.19, `=1.19=build` is 1.19; what has no such words is ''."""
    if "|" in text:
        return ""
    return ",".join(filter(None, map(_version, text.split(","))))


def _version(text: str) -> str:
    text = text.strip()
    operator = re.match(r"[<>=!~]*", text)
    sign, rest = (operator[0], text[operator.end() :].strip()) if operator else ("", text)
    version, _, build = rest.replace(" ", "=").partition("=")
    if not version or version == "*":
        return ""
    is_open = version.endswith("*") or (sign == "=" and not build)
    bare = version.rstrip("*").rstrip(".")
    if sign in ("", "=", "=="):
        return f"=={bare}.*" if is_open else f"=={bare}"
    return f"{sign}{bare}.*" if is_open and sign == "!=" else f"{sign}{bare}"


def _pip_lines(definition: Mapping[str, Any]) -> Iterator[str]:
    for item in _dependencies(definition):
        pip = item.get("pip") if isinstance(item, dict) else None
        for line in [pip] if isinstance(pip, str) else pip or ():
            yield str(line).partition(" #")[0].strip()


def _of_pip(line: str) -> Requirement | None:
    """The package that a line of pip's names; None for options, files, addresses."""
    try:
        requirement = Requirement(line.partition(" --")[0])
    except InvalidRequirement:
        return None
    requirement.name = pip_name(requirement.name) if not requirement.url else requirement.name
    return requirement
