"""What other Pythons on this machine have."""

import json
import os
import re
import subprocess
from collections.abc import Iterable
from dataclasses import dataclass
from dataclasses import field

__all__ = ["OLDEST", "Python", "ask", "can_import", "lacks_modules", "version_of"]

#: The oldest Python whose scripts can log.
OLDEST = (3, 8)
#: Seconds that a Python may take to start and to import: file systems of clusters are slow the first time.
_PATIENCE_S = 60
#: Prints what `Python` holds; runs on Python 3.8. Where a package is there twice, the first one is imported.
_QUESTION = r"""
import json, os, re, sys
from importlib import metadata
packages = {}
for found in metadata.distributions():
    try:
        name, version = found.metadata["Name"], found.version
    except Exception:  # damaged, by whatever wrote it: as good as not installed
        continue
    if name and version:
        packages.setdefault(re.sub(r"[-_.]+", "-", name).lower(), version)
stamps = {path: os.stat(path).st_mtime_ns for path in sys.path if os.path.isdir(path)}
version = ".".join(map(str, sys.version_info[:3]))
print("\n" + json.dumps({"version": version, "packages": packages, "stamps": stamps}))
"""
#: Prints which of the modules are not there.
_MODULES = r"""
import importlib.util, json, sys
def is_there(name):
    try:
        return importlib.util.find_spec(name) is not None
    except (ImportError, ValueError):
        return False
print("\n" + json.dumps([name for name in json.loads(sys.argv[1]) if not is_there(name)]))
"""
#: (program, PYTHONPATH) → what it answered.
_known: "dict[tuple[str, str | None], Python]" = {}


@dataclass(frozen=True, slots=True)
class Python:
    """One Python and its packages."""

    #: The path of its program.
    program: str
    #: Such as '3.8.18'.
    version: str
    #: Name, as packages' names are compared (lower case, - for _ and .) → version.
    packages: dict[str, str]
    #: Folder of its import path → when it last changed, nanoseconds.
    stamps: dict[str, int] = field(default_factory=dict)

    def marker_values(self) -> dict[str, str]:
        """What a requirement's marker (`python_version < "3.9"`) is compared with, where it is not as here."""
        return {"python_version": ".".join(self.version.split(".")[:2]), "python_full_version": self.version}


def ask(program: str) -> Python:
    """What the Python `program` has: asked once, and again only when packages came or went.

    Raises OSError when it cannot be started, is no Python 3.8 or newer, or does not answer within a minute.
    """
    asked = program, os.environ.get("PYTHONPATH")
    known = _known.get(asked)
    if known is not None and all(_stamp(path) == stamp for path, stamp in known.stamps.items()):
        return known
    found = _answer(program, _QUESTION)
    _known[asked] = Python(program, found["version"], found["packages"], found["stamps"])
    return _known[asked]


def lacks_modules(program: str, names: Iterable[str]) -> list[str]:
    """Which of these modules the Python `program` does not have. Raises OSError as `ask` does."""
    return _answer(program, _MODULES, json.dumps(list(names)))


def version_of(program: str) -> tuple[int, ...] | None:
    """The version of the Python `program`, such as (3, 6, 15), however old it is; None for what is no Python."""
    try:
        answer = _run(program, "import sys; print('python=%d.%d.%d' % sys.version_info[:3])").stdout
    except OSError:
        return None
    found = re.search(rb"python=(\d+)\.(\d+)\.(\d+)", answer)
    return tuple(map(int, found.groups())) if found else None


def can_import(program: str, module: str) -> bool:
    """Whether the Python `program` imports `module`, asked from outside of any folder that could hold one.

    Raises OSError when it cannot be started, or does not answer within a minute.
    """
    return _run(program, f"import {module}").returncode == 0


def _answer(program: str, code: str, *arguments: str):
    """The JSON in the last line that `code` prints."""
    asked = _run(program, code, *arguments)
    try:
        return json.loads(asked.stdout.splitlines()[-1])
    except (IndexError, ValueError) as error:
        raise OSError(f"{program} is no Python 3.8 or newer that answers") from error


def _run(program: str, code: str, *arguments: str) -> "subprocess.CompletedProcess[bytes]":
    try:
        return subprocess.run(
            [program, "-c", code, *arguments],
            cwd="/",
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=_PATIENCE_S,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise TimeoutError(f"{program} did not answer within {_PATIENCE_S} s") from error


def _stamp(path: str) -> int | None:
    try:
        return os.stat(path).st_mtime_ns
    except OSError:
        return None
