"""What a sweep has taught, by a model: `overdrive explain` in a process of its own, for Studio, notebooks and exports.

A model of thousands of trials takes some seconds and all of NumPy, so neither the web server, nor the doorman, nor a
notebook's kernel makes it: a process of low priority does, and what it said is kept until the sweep goes on.
"""

import contextlib
import json
import os
import select
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from overdrive import __version__
from overdrive.client.engine import engine_environment
from overdrive.client.find import locate
from overdrive.client.workspace import Workspace
from overdrive.errors import OverdriveError
from overdrive.host import clock
from overdrive.store.door import Knock
from overdrive.store.door import keep_explanation
from overdrive.store.door import read_explanation
from overdrive.views import open_sweep

#: Best believed trials that are kept.
_BELIEVED = 20
#: A model of a sweep that goes on is made anew after so many times the time that the last one took.
REST = 10.0
#: More threads would take them from the trials.
_ONE_THREAD = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}
_READ_BYTES = 1 << 20

#: Tells the one who asked by the request in that file: None, or why there is no explanation.
Answer = Callable[[Path, Knock, str | None], None]


def explain_sweep(folder: Path, on_begin: Callable[[], None] | None = None) -> dict[str, object] | str:
    """What a model says of the sweep or single run in this folder, or the sentence why none can.

    The kept words where the sweep has not gone on since; else a process says it, which takes some seconds for thousands
    of trials, and they are kept where the workspace can be written. Raises OSError where no process can be started, and
    what `open_sweep` does. on_begin: called before a process is started.
    """
    workspace, view = folder.parents[1], open_sweep(folder)
    seq = view.facts().seq
    known = _known(workspace, view.id, seq)
    if known is not None:
        return known
    if on_begin is not None:
        on_begin()
    model = _Model(workspace, view.id, seq)
    try:
        while not model.is_done(None):
            continue
    except BaseException:
        model.close()
        raise
    found = model.explanation()
    if isinstance(found, dict):
        with contextlib.suppress(OSError):  # a workspace that can only be read
            keep_explanation(workspace, view.id, found)
    return found


def _known(workspace: Path, sweep: str, seq: int) -> dict[str, object] | None:
    """What was kept of the sweep as it is at event `seq`, by this version."""
    known = read_explanation(workspace, sweep) or {}
    return known if known.get("version") == __version__ and "trust" in known and known.get("seq") == seq else None


class Explainer:
    """Explains the sweeps of one workspace, one after the other. `fd` is readable when `attend` has something to do."""

    def __init__(self, workspace: Workspace, answer: Answer) -> None:
        self._workspace, self._answer = workspace, answer
        #: Sweep → the requests that wait for it, by file.
        self._waiting: dict[str, dict[Path, Knock]] = {}
        #: Sweep → when its model may be made anew.
        self._due: dict[str, float] = {}
        self._model: _Model | None = None

    @property
    def fd(self) -> int | None:
        return self._model.fd if self._model else None

    def ask(self, path: Path, knock: Knock) -> None:
        """Takes a request in; one that waits already stays where it is."""
        self._waiting.setdefault(knock.sweep, {})[path] = knock

    def attend(self) -> None:
        """Takes in what the process says, and begins the next one when it is done."""
        if self._model is not None and self._model.is_done():
            model, self._model = self._model, None
            self._due[model.sweep] = clock.monotonic() + REST * model.took_s
            self._tell(model.sweep, self._keep(model.sweep, model.explanation()))
        while self._model is None and self._waiting:
            self._begin(next(iter(self._waiting)))

    def close(self) -> None:
        """Ends the process. Requests stay at the door."""
        if self._model is not None:
            self._model.close()

    def _begin(self, sweep: str) -> None:
        try:
            view = open_sweep(locate(self._workspace, sweep).folder)
            seq = view.facts().seq
            is_known = _known(self._workspace.path, sweep, seq) is not None
            has_any = read_explanation(self._workspace.path, sweep) is not None
            if is_known or (has_any and clock.monotonic() < self._due.get(sweep, 0.0)):
                self._tell(sweep, None)
            else:
                self._model = _Model(self._workspace.path, sweep, seq)
        except OverdriveError as error:
            self._tell(sweep, error.message)
        except OSError as error:
            self._tell(sweep, f"no model can be made: {error.strerror or error}")

    def _keep(self, sweep: str, found: dict[str, object] | str) -> str | None:
        """Keeps what a model said; or the sentence why there is nothing to show."""
        if isinstance(found, str):
            return found
        try:
            keep_explanation(self._workspace.path, sweep, found)
        except OSError as error:
            return f"what the model says cannot be kept: {error.strerror or error}"
        return None

    def _tell(self, sweep: str, why_not: str | None) -> None:
        for path, knock in self._waiting.pop(sweep, {}).items():
            self._answer(path, knock, why_not)


class _Model:
    """A process that explains one sweep. Raises OSError where none can be started."""

    def __init__(self, workspace: Path, sweep: str, seq: int) -> None:
        self.sweep, self._seq, self._begun, self._said = sweep, seq, clock.monotonic(), b""
        self.took_s = 0.0
        #: Beside what it says of the sweep: a library that warns spoils no explanation.
        self._errors = tempfile.TemporaryFile()  # noqa: SIM115 (it lives as long as the process)
        self._process = subprocess.Popen(
            ["nice", "-n", "15", sys.executable, "-m", "overdrive", "explain", "--json", "--", sweep],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=self._errors,
            env={**engine_environment(os.environ), **_ONE_THREAD, "OVERDRIVE_WORKSPACE": str(workspace)},
        )

    @property
    def fd(self) -> int:
        return self._process.stdout.fileno()  # type: ignore[union-attr]

    def is_done(self, longest_s: float | None = 0.0) -> bool:
        """Takes in what has come, or comes within `longest_s` seconds (None: however long); whether that was all."""
        if not select.select([self.fd], [], [], longest_s)[0]:
            return False
        data = os.read(self.fd, _READ_BYTES)
        self._said += data
        if not data:
            self.took_s = clock.monotonic() - self._begun
        return not data

    def explanation(self) -> dict[str, object] | str:
        """What it said, to be kept; or its sentence why it cannot."""
        self._process.communicate()
        with self._errors as errors:
            errors.seek(0)
            words = errors.read().decode("utf-8", "replace")
        if self._process.returncode:
            return _why(words) or "the model ended without a word"
        found = json.loads(self._said)
        believed = found["believed"]
        return {
            "version": __version__,
            "seq": self._seq,
            **{name: found[name] for name in ("trials", "trust", "interval", "uncertain", "did_not_vary")},
            "importances": found["importances"],
            "believed": believed[:_BELIEVED],
        }

    def close(self) -> None:
        self._process.kill()
        self._process.communicate()
        self._errors.close()


def _why(words: str) -> str:
    """The command's sentence; of a traceback, what was raised."""
    lines = [line for line in words.splitlines() if line.strip()]
    said = next((line for line in lines if line.startswith("Error: ")), lines[-1] if lines else "")
    return said.removeprefix("Error: ")
