"""Routes: the files that a trial left. A client names a file by an id from the list, never by a path."""

import hashlib
import os
from collections.abc import Callable
from collections.abc import Iterator
from collections.abc import Sequence
from typing import BinaryIO

from fastapi import APIRouter
from starlette.responses import Response
from starlette.responses import StreamingResponse

from overdrive.errors import NotFoundError
from overdrive.host.beneath import Entry
from overdrive.host.beneath import list_beneath
from overdrive.host.beneath import open_beneath
from overdrive.studio.answers import Strict
from overdrive.studio.desk import Desk
from overdrive.studio.desk import Number
from overdrive.studio.schema import Files
from overdrive.studio.schema import Preview
from overdrive.views import SweepView
from overdrive.views import TrialRow

#: Files of a trial that are listed at most, and where they lie: uploaded ones, outputs, logs.
_MOST = 5000
_TOPS = (("files",), ("work", "outputs"), ("work", "logs"))
#: Bytes of a file's preview.
_PREVIEW = 256 * 1024
#: Pictures that a browser may show, by how they begin; nothing else is ever given a type that runs.
_PICTURES = {b"\x89PNG\r\n\x1a\n": "image/png", b"\xff\xd8\xff": "image/jpeg", b"GIF8": "image/gif"}


def file_routes(desk: Desk) -> APIRouter:
    """The routes over one workspace."""
    router = APIRouter(prefix="/api/sweeps/{sweep}/trials/{number}", tags=["files"])

    @router.get("/files", response_model=Files)
    def files(sweep: str, number: Number) -> Strict:
        """The files that it left, each with an id; 5,000 at most."""
        view, row = desk.trial(sweep, number)
        barred: list[str] = []
        rows = [_line(each) for each in _entries(view, row, lambda parts: barred.append(_name(parts)))]
        return Strict({"rows": sorted(rows, key=lambda each: str(each["name"])), "barred": sorted(barred)})

    @router.get("/files/{file}/preview", response_model=Preview)
    def preview(sweep: str, number: Number, file: str) -> Strict:
        """The beginning of a file as text; null where it is no text."""
        fd, entry = _open(desk, sweep, number, file)
        with os.fdopen(fd, "rb") as opened:
            data = opened.read(_PREVIEW)
        is_text = b"\0" not in data
        return Strict(
            {
                "name": _name(entry.parts),
                "size_bytes": entry.size_bytes,
                "text": data.decode("utf-8", "replace") if is_text else None,
                "is_whole": len(data) == entry.size_bytes,
                "is_picture": _picture(data) is not None,
            }
        )

    @router.get("/files/{file}")
    def download(sweep: str, number: Number, file: str) -> Response:
        """The file, to be saved: pictures have their type, all else is bytes."""
        fd, entry = _open(desk, sweep, number, file)
        opened = os.fdopen(fd, "rb")  # which is closed with the answer, also where its client is gone before it began
        kind = _picture(os.pread(fd, 16, 0)) or "application/octet-stream"
        name = "".join(
            char if (char.isascii() and char.isalnum()) or char in "-_. +()" else "_" for char in entry.parts[-1]
        )
        size = os.fstat(fd).st_size
        headers = {"content-disposition": f'attachment; filename="{name}"', "content-length": str(size)}
        return StreamingResponse(_pieces(opened, size), media_type=kind, headers=headers)

    return router


def _entries(
    view: SweepView, row: TrialRow, barred: Callable[[tuple[str, ...]], None] = lambda parts: None
) -> Iterator[Entry]:
    """What it left, by the names that lead there from its folder; beneath the sweep's, so that no link leads out."""
    place = _place(row)
    for top in _TOPS:
        for entry in list_beneath(str(view.folder), (*place, *top), _MOST, lambda parts: barred(parts[len(place) :])):
            yield entry._replace(parts=entry.parts[len(place) :])


def _place(row: TrialRow) -> tuple[str, str]:
    """The names that lead from the sweep's folder to the trial's."""
    return "trials", str(row.number)


def _open(desk: Desk, sweep: str, number: int, file: str) -> tuple[int, Entry]:
    """A descriptor of the file with that id. Raises NotFoundError: ids name what is listed, and nothing else."""
    view, row = desk.trial(sweep, number)
    entry = next((each for each in _entries(view, row) if file_id(each.parts) == file), None)
    if entry is None:
        raise NotFoundError("there is no such file")
    return open_beneath(str(view.folder), (*_place(row), *entry.parts)), entry


def file_id(parts: Sequence[str]) -> str:
    """The id of a file of a trial, by the names that lead to it from the trial's folder."""
    return hashlib.sha256(os.fsencode("/".join(parts))).hexdigest()[:24]


def is_picture(view: SweepView, row: TrialRow, parts: Sequence[str]) -> bool:
    """Whether that file of a trial is a picture that a browser may show."""
    try:
        fd = open_beneath(str(view.folder), (*_place(row), *parts))
    except NotFoundError:
        return False
    try:
        return _picture(os.pread(fd, 16, 0)) is not None
    finally:
        os.close(fd)


def _line(entry: Entry) -> dict[str, object]:
    about = {"size_bytes": entry.size_bytes, "modified_at": entry.modified_at}
    return {"id": file_id(entry.parts), "name": _name(entry.parts), **about}


def _name(parts: Sequence[str]) -> str:
    shown = parts[1:] if parts[0] in ("files", "work") else parts
    return os.fsencode("/".join(shown)).decode("utf-8", "replace")


def _picture(data: bytes) -> str | None:
    return next((kind for begin, kind in _PICTURES.items() if data.startswith(begin)), None)


def _pieces(opened: BinaryIO, size: int) -> Iterator[bytes]:
    """At most `size` bytes: a file that grows meanwhile ends where it ended."""
    with opened:
        while size > 0 and (piece := opened.read(min(1 << 20, size))):
            size -= len(piece)
            yield piece
