"""The mailbox of a sweep: one JSON file a request, made by rename, taken in by the engine in the order of their
names."""

import json
import time
from pathlib import Path

from overdrive.host.files import write_atomically
from overdrive.records import Request

FOLDER = "mailbox"


def leave_request(folder: str | Path, request: Request) -> Path:
    """Puts the request into the sweep's mailbox. Raises OSError when the disk refuses it."""
    box = Path(folder) / FOLDER
    path = box / f"{time.time_ns():020d}-{request.id}.json"
    write_atomically(str(path), json.dumps(request.to_json()))
    return path


def read_mailbox(folder: str | Path) -> list[tuple[Path, Request | None]]:
    """The requests that lie there, oldest first; None for a file that is no request (it is to be removed and noted)."""
    found: list[tuple[Path, Request | None]] = []
    for path in sorted((Path(folder) / FOLDER).glob("*.json")):
        try:
            found.append((path, Request.from_json(json.loads(path.read_text(encoding="utf-8")))))
        except (ValueError, TypeError, KeyError):
            found.append((path, None))
    return found
