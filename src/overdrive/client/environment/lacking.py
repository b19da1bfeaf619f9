"""What a Python lacks of what is wanted, and the line that mends it. Pure."""

import shlex
from collections.abc import Sequence
from dataclasses import dataclass

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import InvalidVersion
from packaging.version import Version

from overdrive.client.environment.names import ALSO
from overdrive.client.environment.wanted import Wanted
from overdrive.host.interpreters import OLDEST
from overdrive.host.interpreters import Python

__all__ = ["OLDEST_TEXT", "Lack", "find_lacks", "has_python", "has_usable_python", "install_line"]

#: The oldest Python whose scripts can log.
OLDEST_TEXT = f"{OLDEST[0]}.{OLDEST[1]}"


@dataclass(frozen=True, slots=True)
class Lack:
    """Something that is asked for and not there."""

    #: As it was asked for: 'scikit-learn==0.22.1', 'Python 3.8'.
    wanted: str
    #: The version that is there instead, or None.
    found: str | None = None

    @property
    def words(self) -> str:
        """What of it is there, for people."""
        return "not installed" if self.found is None else f"{self.found} is installed"


def has_python(wanted: Wanted, python: Python) -> bool:
    """Whether it is a Python of the version that is asked for."""
    versions = wanted.python_versions()
    return versions is None or versions.contains(python.version, prereleases=True)


def has_usable_python(wanted: Wanted) -> bool:
    """Whether trials can run in a Python of the version that is asked for."""
    versions = wanted.python_versions()
    usable = (f"3.{minor}.{micro}" for minor in range(OLDEST[1], 100) for micro in (0, 99))
    return versions is None or any(map(versions.contains, usable))


def find_lacks(wanted: Wanted, python: Python) -> list[Lack]:
    """What `python` lacks, in the order of the definition: the Python itself first."""
    lacks = [] if has_python(wanted, python) else [Lack(f"Python {wanted.python}", python.version)]
    for requirement in wanted.requirements:
        if requirement.marker is not None and not requirement.marker.evaluate(python.marker_values()):
            continue
        lack = _lack(requirement, python)
        if lack is not None:
            lacks.append(lack)
    return lacks


def _lack(requirement: Requirement, python: Python) -> Lack | None:
    name = canonicalize_name(requirement.name)
    found = [python.packages[each] for each in (name, *ALSO.get(name, ())) if each in python.packages]
    if any(_fits(requirement, version) for version in found):
        return None
    return Lack(str(requirement), found[0] if found else None)


def _fits(requirement: Requirement, version: str) -> bool:
    try:
        return requirement.specifier.contains(Version(version), prereleases=True)
    except InvalidVersion:
        return not requirement.specifier


def install_line(wanted: Wanted, lacks: Sequence[Lack], python: Python, has_uv: bool) -> str:
    """The line for a shell that makes it: what is lacking into that Python or, where another Python is asked for, all
    of it into an environment of its own, in the current folder."""
    options = [word for line in wanted.lines for word in shlex.split(line)]
    if not has_python(wanted, python) and has_usable_python(wanted):
        folder = f".venv-{wanted.name}" if wanted.name.replace("-", "").replace("_", "").isalnum() else ".venv-trials"
        packages = [*options, *map(str, wanted.requirements)]
        version = _first_version(wanted)
        made, program = f"python{version} -m venv {folder}", f"{folder}/bin/python"
        if has_uv:
            made = f"uv venv --python {version} {folder}"
        return f"{made} && {_install(program, packages, has_uv)}" if packages else made
    packages = [lack.wanted for lack in lacks if not lack.wanted.startswith("Python ")]
    return _install(python.program, [*options, *packages], has_uv) if packages else ""


def _install(program: str, packages: Sequence[str], has_uv: bool) -> str:
    words = ["uv", "pip", "install", "--python", program] if has_uv else [program, "-m", "pip", "install"]
    return shlex.join([*words, *packages])


def _first_version(wanted: Wanted) -> str:
    """The first two numbers of the Python that is asked for."""
    numbers = [part for part in "".join(c if c.isdigit() else " " for c in wanted.python or "").split() if part]
    return ".".join(numbers[:2]) or "3"
