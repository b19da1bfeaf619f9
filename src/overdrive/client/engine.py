"""Starting a sweep's engine: only here does one come to life."""

import os
import subprocess
import sys
from pathlib import Path

from overdrive.client.folder import ENGINE_LOG
from overdrive.client.folder import PIPELINE_LOG
from overdrive.client.folder import SUMMARY
from overdrive.client.interactive import is_left
from overdrive.errors import InternalError
from overdrive.errors import WorkspaceError
from overdrive.host.files import read_json
from overdrive.host.files import read_tail
from overdrive.report.paths import trial_path
from overdrive.views import SweepView
from overdrive.views.situation import is_elsewhere

#: Bytes of the engine's log that are looked at for its last words.
_TAIL_BYTES = 4096


def ensure_engine(view: SweepView, *, even_if_over: bool = False, even_if_elsewhere: bool = False) -> bool:
    """Starts an engine for an unfinished sweep of this machine that has none; whether it started one.

    even_if_over: for an ended sweep too, since a request waits that makes it go on. even_if_elsewhere: for one that was
    begun on another machine too. A pipeline whose conductor was killed gets another one.
    An engine that died before it could sum an ended sweep up needs another one as well.
    Two engines started at once do no harm: the sweep's lock lets one of them work.
    Raises what `start_engine` raises.
    """
    if lacks_conductor(view) and (even_if_elsewhere or is_elsewhere(view) is None):
        start_conductor(view.folder)
        return True
    if view.engine().alive or (view.is_over and not even_if_over and not _is_summary_old(view)):
        return False
    if is_elsewhere(view) is not None and not even_if_elsewhere:
        return False
    start_engine(view.folder)
    return True


def _is_summary_old(view: SweepView) -> bool:
    """Whether lists still show an ended sweep as unfinished."""
    try:
        summary = read_json(str(view.folder / SUMMARY))
    except (WorkspaceError, OSError):  # damaged, or not for us to read: nothing that an engine would mend
        return False
    return isinstance(summary, dict) and summary.get("status") != view.status.value


def start_engine(folder: Path) -> None:
    """Starts `python -m overdrive.engine FOLDER`, detached.

    Raises WorkspaceError when no process can be started, InternalError when the engine cannot be loaded.
    """
    start_detached("overdrive.engine", folder, ENGINE_LOG, "the engine")


def lacks_conductor(view: SweepView) -> bool:
    """Whether it is a pipeline whose conductor was killed."""
    return bool(view.spec.extra.get("pipeline")) and is_left(view.folder)


def start_conductor(folder: Path) -> None:
    """Starts the process that submits a pipeline's steps, and with it its engine. Raises as `start_engine` does."""
    start_detached("overdrive.client.conductor", folder, PIPELINE_LOG, "the process that submits its steps")


def start_detached(module: str, folder: Path, log_name: str, what: str) -> None:
    """Starts `python -m MODULE FOLDER`: its own session, no terminal, its words in a log in the folder.

    The process started here forks another one and ends at once, so that nothing is left to wait for. what: what it is,
    to say. Raises WorkspaceError when no process can be started, InternalError when it ends with an error.
    """
    try:
        with open(folder / log_name, "ab", opener=_private) as log:
            process = subprocess.Popen(
                [sys.executable, "-m", module, str(folder)],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd=folder,
                env=engine_environment(os.environ),
                start_new_session=True,
            )
    except OSError as error:
        raise WorkspaceError(f"{what} of {folder.name} cannot be started: {error.strerror or error}") from error
    code = process.wait()
    if code != 0:
        raise InternalError(
            f"{what} of {folder.name} ended with code {code} before it began: {last_words(folder, log_name)}",
            hint=f"all of its words: {folder / log_name}",
        )


def engine_environment(environment: "os._Environ[str] | dict[str, str]") -> dict[str, str]:
    """The environment for an engine: the user's, with a PYTHONPATH of absolute folders, since it runs elsewhere.

    Our own folders are left out: the engine puts them in front for its trials.
    """
    ours = set(trial_path(standin=True))
    given = environment.get("PYTHONPATH", "").split(os.pathsep)
    kept = [os.path.abspath(folder) for folder in given if folder and folder not in ours]
    found = {name: value for name, value in environment.items() if name != "PYTHONPATH"}
    return {**found, "PYTHONPATH": os.pathsep.join(kept)} if kept else found


def last_words(folder: Path, log_name: str = ENGINE_LOG) -> str:
    """The last line that the engine left in its log: of a traceback, what was raised."""
    lines = read_tail(str(folder / log_name), _TAIL_BYTES).decode("utf-8", "replace").split("\n")
    return next((line.strip() for line in reversed(lines) if line.strip()), "it said nothing")


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)
