"""What code needs of the Python and the network that it will meet."""

import ast
import functools
import importlib.util
import re
import runpy
import sys
import warnings
from collections.abc import Iterator
from pathlib import Path

from overdrive.compat.checking.served import SDKS
from overdrive.compat.checking.sources import Source
from overdrive.host.interpreters import lacks_modules
from overdrive.report.errors import UserErrorException
from overdrive.report.paths import trial_path
from overdrive.report.url_map import FILE
from overdrive.report.url_map import local_file
from overdrive.report.url_map import read_map

__all__ = ["local_modules", "missing_modules", "package_of", "removed_numpy_names", "urls"]

#: Module → the package that has it, where their names differ.
_PACKAGES = {
    "PIL": "pillow",
    "cv2": "opencv-python-headless",
    "dateutil": "python-dateutil",
    "dotenv": "python-dotenv",
    "skimage": "scikit-image",
    "sklearn": "scikit-learn",
    "yaml": "PyYAML",
}
#: Served by Overdrive, too.
_SERVED = (*SDKS, "azure.identity", "azure.core", "overdrive")
_URL = re.compile(r"https?://[^\s{}]+")


def package_of(module: str) -> str:
    """What pip calls the package of a module."""
    top = module if module.startswith("azure.") else module.partition(".")[0]
    return _PACKAGES.get(top, top.replace(".", "-"))


def local_modules(source: Source) -> Iterator[Path]:
    """The files beside a script that it imports."""
    for _, name in _imports(source):
        top = source.path.parent / name.partition(".")[0]
        yield from (path for path in (top.with_suffix(".py"), top / "__init__.py") if path.is_file())


def missing_modules(source: Source, program: str) -> dict[str, str]:
    """Module that the Python `program` does not have → where it is imported. Imports that a script tries do not count.

    Raises OSError where it cannot be asked.
    """
    wanted: dict[str, str] = {}
    for where, name in _imports(source):
        top = name.partition(".")[0]
        beside = source.path.parent / top
        if _is_served(name) or beside.is_dir() or beside.with_suffix(".py").is_file():
            continue
        wanted.setdefault(name if top == "azure" else top, where)
    if program == sys.executable:
        return {name: where for name, where in wanted.items() if not _is_installed(name)}
    lacking = lacks_modules(program, wanted) if wanted else []
    return {name: wanted[name] for name in lacking}


def removed_numpy_names(source: Source) -> dict[str, str]:
    """Name that this NumPy no longer has, and that can be restored → where it is used."""
    aliases = {
        alias.asname or alias.name
        for piece in source.pieces
        for node in ast.walk(piece.tree)
        if isinstance(node, ast.Import)
        for alias in node.names
        if alias.name == "numpy"
    }
    found: dict[str, str] = {}
    for piece in source.pieces:
        for node in ast.walk(piece.tree):
            if not isinstance(node, ast.Attribute) or node.attr not in _restorable():
                continue
            if isinstance(node.value, ast.Name) and node.value.id in aliases:
                found.setdefault(f"np.{node.attr}", piece.where(node))
    return found


def urls(source: Source) -> dict[str, str]:
    """URL that the code names and that no map leads to a file → where. Docstrings and clones of git do not count."""
    try:
        known = read_map(str(source.path.parent / FILE))
    except UserErrorException:
        known = {}
    found: dict[str, str] = {}
    for piece in source.pieces:
        prose = {id(node.value) for node in ast.walk(piece.tree) if isinstance(node, ast.Expr)}
        for node in ast.walk(piece.tree):
            if not isinstance(node, ast.Constant) or not isinstance(node.value, str) or id(node) in prose:
                continue
            url = node.value
            if _URL.fullmatch(url) and not url.endswith(".git") and local_file(url, known) is None:
                found.setdefault(url, piece.where(node))
    return found


def _imports(source: Source) -> Iterator[tuple[str, str]]:
    """(where, dotted module) of the absolute imports that are not tried."""
    for piece in source.pieces:
        tried = {
            id(node)
            for block in ast.walk(piece.tree)
            if isinstance(block, ast.Try)
            for statement in block.body
            for node in ast.walk(statement)
        }
        for node in ast.walk(piece.tree):
            if id(node) in tried:
                continue
            if isinstance(node, ast.Import):
                yield from ((piece.where(node), alias.name) for alias in node.names)
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                yield piece.where(node), node.module


def _is_served(name: str) -> bool:
    top = name.partition(".")[0]
    return top in sys.stdlib_module_names or any(name == known or name.startswith(f"{known}.") for known in _SERVED)


@functools.cache
def _is_installed(name: str) -> bool:
    try:
        return importlib.util.find_spec(name) is not None
    except (ImportError, ValueError):
        return False


@functools.cache
def _restorable() -> frozenset[str]:
    """Names that trialpath's changes give back and this NumPy does not have."""
    import numpy  # noqa: PLC0415  (only for code that uses it)

    (folder,) = trial_path(standin=False)
    changes = runpy.run_path(str(Path(folder, "_overdrive_changes.py")))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        names = (*changes["_BUILTINS"], *changes["_RENAMED"], "NINF")
        return frozenset(name for name in names if not hasattr(numpy, name))
