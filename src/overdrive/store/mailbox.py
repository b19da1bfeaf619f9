"""The mailbox of a sweep: one file a request, made by rename, taken in by the engine in the order of their names.

A request is a JSON file, `<time>-<id>.json`. Where the disk has no room for one it is an empty file whose name says it
all: `<time>-<id>.cancel`, `.cancel-now`, `.cancel-trial-3`, `.cancel-trial-3-now`, `.resume`. A full disk takes names.
"""

import json
import re
import time
from pathlib import Path

from overdrive.host.files import NoFileError
from overdrive.host.files import disk_is_full
from overdrive.host.files import read_regular
from overdrive.host.files import write_atomically
from overdrive.records import Request

FOLDER = "mailbox"

_DIGITS = 20
_NAME = re.compile(r"\d{20}-(?P<id>[^.]+)\.(?:(?P<kind>cancel|resume)(?:-trial-(?P<trial>\d+))?(?P<now>-now)?)")


def leave_request(folder: str | Path, request: Request) -> Path:
    """Puts the request into the sweep's mailbox. Raises OSError when the disk refuses even a name."""
    box = Path(folder) / FOLDER
    # Behind those that wait, also where the clock went back meanwhile.
    last = max((path.name[:_DIGITS] for path in box.glob("[0-9]*")), default="")
    stamp = max(time.time_ns(), int(last) + 1 if last.isdecimal() else 0)
    name = f"{box}/{stamp:0{_DIGITS}d}-{request.id}"
    path = f"{name}.json"
    try:
        write_atomically(path, json.dumps(request.to_json()))
    except OSError as error:
        if not disk_is_full(error):
            raise
        path = f"{name}.{_words(request)}"
        write_atomically(path, b"")
    return Path(path)


def read_mailbox(folder: str | Path) -> list[tuple[Path, Request | None]]:
    """The requests that lie there, oldest first; None for a file that is no request (it is to be removed and noted)."""
    found: list[tuple[Path, Request | None]] = []
    for path in sorted((Path(folder) / FOLDER).glob("[!.]*")):
        try:
            found.append((path, _read(path)))
        except (FileNotFoundError, NoFileError):  # taken in meanwhile; nothing of ours
            continue
    return found


def _read(path: Path) -> Request | None:
    named = _NAME.fullmatch(path.name)
    if named:
        return _named(named)
    try:
        request = Request.from_json(json.loads(read_regular(str(path))))
    except (ValueError, TypeError, RecursionError):
        return None
    return request if _is_sound(request) else None


def _is_sound(request: Request) -> bool:
    """Whether the engine can take it in: anybody may have put the file there."""
    wants_trial = {"cancel": False, "cancel_trial": True, "resume": False}.get(str(request.kind))
    return isinstance(request.id, str) and wants_trial is (type(request.trial) is int)


def _words(request: Request) -> str:
    kind = request.kind.removesuffix("_trial")
    trial = "" if request.trial is None else f"-trial-{request.trial}"
    return f"{kind}{trial}{'-now' if request.now else ''}"


def _named(match: re.Match[str]) -> Request:
    trial = match["trial"]
    return Request(
        id=match["id"],
        kind=match["kind"] if trial is None else f"{match['kind']}_trial",
        trial=None if trial is None else int(trial),
        now=match["now"] is not None,
    )
