"""Environments that are built for trials: made by uv below the workspace, one a definition, and used again."""

import hashlib
import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from overdrive.errors import LockedError
from overdrive.errors import WorkspaceError
from overdrive.host import clock
from overdrive.host.files import make_private
from overdrive.host.files import read_json
from overdrive.host.files import remove_tree
from overdrive.host.files import write_atomically
from overdrive.host.files import write_json
from overdrive.host.locks import FileLock

if TYPE_CHECKING:
    from overdrive.client.environment.wanted import Wanted

__all__ = ["build", "built_environments", "environments_folder", "find_uv", "python_in", "remove_environment"]

#: Written last: an environment without it was never finished.
_WHOLE = "environment.json"
_LOG = "build.log"
#: Seconds that one waits for another process that builds the same: PyTorch alone may take many minutes.
_PATIENCE_S = 3600.0
#: Variables that would make uv look at another environment than the one that it is given.
_OTHERS = ("CONDA_PREFIX", "UV_PROJECT_ENVIRONMENT", "VIRTUAL_ENV")
_COLOR = re.compile(r"\x1b\[[0-9;]*m")


def environments_folder(workspace: Path) -> Path:
    """Where a workspace's environments are; it may not exist."""
    return workspace / "environments"


def python_in(folder: "str | os.PathLike[str]") -> str:
    """The program of the Python in an environment's folder."""
    return os.path.join(folder, "bin", "python")


def find_uv() -> list[str] | None:
    """How uv is started: as a program, or as a module of this Python; None where it is not there."""
    beside = shutil.which("uv", path=os.path.dirname(sys.executable))
    program = shutil.which("uv") or beside
    if program is not None:
        return [program]
    return [sys.executable, "-m", "uv"] if importlib.util.find_spec("uv") else None


def build(workspace: Path, wanted: "Wanted", python: str) -> Path:
    """The folder of an environment with all that is wanted, made where there is none yet.

    python: the Python for it: the path of its program, or a version that uv finds. What is built is kept by the digest
    of what was wanted; two who build the same wait for each other, and one that was left half-made is made anew.
    Raises WorkspaceError where uv is missing or fails, with what it said, LockedError where another process builds it
    for an hour, and OSError where the workspace cannot be written.
    """
    asked = {"python": python, "lines": wanted.pip_lines()}
    digest = hashlib.sha256(json.dumps(asked, sort_keys=True).encode()).hexdigest()[:16]
    folder = environments_folder(workspace) / digest
    if _is_whole(folder):
        return folder
    uv = find_uv()
    if uv is None:
        raise WorkspaceError(
            "an environment is built with uv, which is not here",
            hint=f"{sys.executable} -m pip install uv",
        )
    make_private(str(folder.parent))
    lock = FileLock(f"{folder}.lock", {"pid": os.getpid()})
    if not lock.acquire(0):
        _say(f"Another process builds the environment {folder}: waiting for it")
        if not lock.acquire(_PATIENCE_S):
            raise LockedError(f"another process has been building {folder} for {_PATIENCE_S:.0f} seconds")
    try:
        if not _is_whole(folder):
            _make(uv, folder, wanted, python, lock)
            write_json(str(folder / _WHOLE), {**asked, "name": wanted.name, "made_at": clock.utc_text()})
    finally:
        lock.release()
    return folder


def _is_whole(folder: Path) -> bool:
    return (folder / _WHOLE).is_file() and os.access(python_in(folder), os.X_OK)


def _make(uv: Sequence[str], folder: Path, wanted: "Wanted", python: str, lock: FileLock) -> None:
    remove_tree(str(folder))
    _say(f"Building the environment {wanted.name or 'of the trials'} with uv, once: {folder}")
    _run([*uv, "venv", "--quiet", "--python", python, str(folder)], folder, wanted, lock)
    lines = wanted.pip_lines()
    if lines:
        requirements = folder / "requirements.txt"
        write_atomically(str(requirements), "\n".join(lines) + "\n")
        options = ["--prerelease", "allow"] if "--pre" in lines else []
        install = [*uv, "pip", "install", "--python", python_in(folder), *options, "-r", str(requirements)]
        _run(install, folder, wanted, lock)


def _run(command: Sequence[str], folder: Path, wanted: "Wanted", lock: FileLock) -> None:
    """Runs uv, whose words go into the log; it holds the lock, too, should this process be killed."""
    environment = {name: value for name, value in os.environ.items() if name not in _OTHERS}
    done = subprocess.run(
        command,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        pass_fds=(lock.fileno(),),
        check=False,
    )
    said = _COLOR.sub("", done.stdout.decode(errors="replace")).strip()
    make_private(str(folder))
    log = folder / _LOG
    with open(log, "a", encoding="utf-8") as file:
        file.write(f"{' '.join(command)}\n{said}\n")
    if done.returncode:
        called = wanted.name or "of the trials"
        raise WorkspaceError(
            f"uv could not build the environment {called}, and nothing was started: {_why(said)}",
            hint=f"all that it said: {log}",
        )


def _why(said: str) -> str:
    """Of uv's error what failed, and the cause that lies deepest."""
    parts = [" ".join(part.split()) for part in said[max(0, said.find("error:")) :].split("cause:")]
    return ": ".join(part[:300] for part in dict.fromkeys((parts[0], parts[-1]))) or "it said nothing"


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def built_environments(workspace: Path) -> list[tuple[Path, dict]]:
    """(folder, what it was made of) of each environment, by name of the folder; {} for one that is not whole."""
    folder = environments_folder(workspace)
    found = sorted(path for path in folder.iterdir() if path.is_dir()) if folder.is_dir() else []
    known = ((path, read_json(str(path / _WHOLE))) for path in found)
    return [(path, facts if isinstance(facts, dict) else {}) for path, facts in known]


def remove_environment(folder: Path) -> None:
    """Removes one. Raises LockedError while it is being built."""
    lock = FileLock(f"{folder}.lock")
    if not lock.acquire(0):
        raise LockedError(f"another process builds {folder}")
    try:
        remove_tree(str(folder))
        os.unlink(lock.path)
    finally:
        lock.release()
