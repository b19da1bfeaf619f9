"""The doorman's mailbox: what somebody asks of the workspace that needs an engine to be started.

One JSON file a request in `<workspace>/door`, made by rename, in the order of their names; its answer is a file of the
same name in `<workspace>/door/answers`, made by rename before the request is removed. What a model says of a sweep is
longer than an answer, and asked for again and again: it is kept in `<workspace>/door/explained`, a file a sweep.
"""

import json
import re
import time
from dataclasses import asdict
from dataclasses import dataclass
from pathlib import Path

from overdrive.host.files import make_private
from overdrive.host.files import read_regular
from overdrive.host.files import write_json

FOLDER = "door"
#: Held by the one doorman who attends, though several are there.
LOCK = "doorman.lock"
ANSWERS = "answers"
EXPLAINED = "explained"
_ID = re.compile(r"[0-9a-f-]{36}")
#: Answers, and explanations, that are kept.
_KEPT = 100


@dataclass(frozen=True, kw_only=True, slots=True)
class Knock:
    """A request to the doorman."""

    id: str
    #: 'engine': a request waits in the sweep's own mailbox; 'again': run a trial's configuration once more; 'explain':
    #: have a model say what the sweep has taught.
    kind: str
    #: Id of the sweep or single run.
    sweep: str
    #: Number of the trial for 'again'.
    trial: int | None = None


def door(workspace: Path) -> Path:
    """The folder, made where it is missing. Raises OSError."""
    folder = workspace / FOLDER
    make_private(str(folder / ANSWERS))
    return folder


def leave_knock(workspace: Path, knock: Knock) -> None:
    """Raises OSError where the folder cannot be written."""
    write_json(str(door(workspace) / f"{time.time_ns():020d}-{knock.id}.json"), asdict(knock))


def read_knocks(workspace: Path) -> list[tuple[Path, Knock | None]]:
    """What waits, oldest first; None for a file that is no request."""
    return [(path, _read(path)) for path in sorted((workspace / FOLDER).glob("[0-9]*.json"))]


def answer_knock(workspace: Path, path: Path, knock: Knock | None, answer: dict[str, object]) -> None:
    """Leaves the answer and removes the request, also where the answer cannot be written: what was done is not to be
    done again. Raises OSError then.
    """
    try:
        if knock is not None:
            _keep(workspace / FOLDER / ANSWERS, knock.id, answer)
    finally:
        path.unlink(missing_ok=True)


def read_answer(workspace: Path, request_id: str) -> dict | None:
    """The answer to the request with that id; None while there is none, or for what is no id."""
    return _read_json(workspace / FOLDER / ANSWERS / f"{request_id}.json") if _ID.fullmatch(request_id) else None


def keep_explanation(workspace: Path, sweep_id: str, explanation: dict[str, object]) -> None:
    """Keeps what a model said of a sweep, in place of what it said before. Raises OSError."""
    folder = workspace / FOLDER / EXPLAINED
    make_private(str(folder))
    _keep(folder, sweep_id, explanation)


def read_explanation(workspace: Path, sweep_id: str) -> dict | None:
    """What a model said last of a sweep, whose id is a folder's name; None where none was asked."""
    return None if "/" in sweep_id else _read_json(workspace / FOLDER / EXPLAINED / f"{sweep_id}.json")


def _keep(folder: Path, name: str, data: dict[str, object]) -> None:
    write_json(str(folder / f"{name}.json"), data)
    for old in sorted(folder.glob("*.json"), key=_changed_at)[:-_KEPT]:
        old.unlink(missing_ok=True)


def _changed_at(path: Path) -> float:
    """0 for what somebody else has removed meanwhile."""
    try:
        return path.stat().st_mtime
    except FileNotFoundError:
        return 0.0


def _read_json(path: Path) -> dict | None:
    try:
        data = json.loads(read_regular(str(path)))
    except (OSError, ValueError, RecursionError):
        return None
    return data if isinstance(data, dict) else None


def _read(path: Path) -> Knock | None:
    try:
        knock = Knock(**json.loads(read_regular(str(path))))
    except (OSError, ValueError, TypeError, RecursionError):
        return None
    is_sound = isinstance(knock.id, str) and _ID.fullmatch(knock.id) and isinstance(knock.sweep, str)
    return knock if is_sound and isinstance(knock.trial, int | None) else None
