"""Routes: one trial: what it is, what it logged and printed, how it ended."""

import os
from typing import Annotated

from fastapi import APIRouter
from fastapi import Query

from overdrive.errors import NotFoundError
from overdrive.host.beneath import open_beneath
from overdrive.records import SweepSpec
from overdrive.studio.answers import Strict
from overdrive.studio.desk import Desk
from overdrive.studio.desk import Number
from overdrive.studio.files import file_id
from overdrive.studio.files import is_picture
from overdrive.studio.schema import Logged
from overdrive.studio.schema import Output
from overdrive.studio.schema import TrialHead
from overdrive.views import SweepView
from overdrive.views import TrialRow
from overdrive.views.export import trial_json

#: Bytes of output in one answer.
_PIECE = 256 * 1024

#: Logged images in one answer.
MOST_IMAGES = 200


def trial_routes(desk: Desk) -> APIRouter:
    """The routes over one workspace."""
    router = APIRouter(prefix="/api/sweeps/{sweep}/trials/{number}", tags=["trials"])

    @router.get("", response_model=TrialHead)
    def head(sweep: str, number: Number) -> Strict:
        """A trial: its configuration, its end, its command, and the verdicts on it."""
        return Strict(_head(*desk.trial(sweep, number)))

    @router.get("/logged", response_model=Logged)
    def logged(sweep: str, number: Number) -> Strict:
        """What it logged besides the points of curves: tables, images, confusion matrices, texts, tags."""
        view, row = desk.trial(sweep, number)
        values, conflicts = view.metrics_and_conflicts(row.number)
        images = _images(view, row)
        shown = {each["name"] for each in images}
        others = {name: value for name, value in values.items() if not _is_series(value) and name not in shown}
        told = {"values": others, "conflicts": conflicts, "marks": view.marks(row.number)}
        return Strict({**told, "images": images})

    @router.get("/output", response_model=Output)
    def output(
        sweep: str,
        number: Number,
        first: Annotated[int, Query(ge=-1)] = -1,
        attempt: Annotated[int | None, Query(ge=1)] = None,
    ) -> Strict:
        """At most 256 kB of what it printed, from byte `first` on (-1: the end). What is no UTF-8 shows as U+FFFD."""
        view, row = desk.trial(sweep, number)
        return Strict(_output(view, row, first, attempt or row.attempt or 1))

    return router


def _head(view: SweepView, row: TrialRow) -> dict[str, object]:
    spec = view.spec
    verdicts = view.verdicts(row.number)
    return {
        **trial_json(row),
        "sweep": view.id,
        "experiment": spec.experiment,
        "metric": spec.metric.to_json() if spec.metric else None,
        "state": (row.outcome or row.status).value,
        "is_ended": row.is_ended,
        "command": list(spec.run.command),
        "environment": spec.run.environment,
        "source": _source(spec),
        "metrics": _series_names(view, row),
        "verdicts": [
            {"interval": each.interval, "stop": each.stop, "sentence": each.sentence(spec.metric)}
            for each in verdicts[-50:]
            if spec.metric
        ],
    }


def _images(view: SweepView, row: TrialRow) -> list[dict[str, object]]:
    """The images that it logged, in order, each with the id of its file; null where that is no picture to be shown."""
    kept = [record for record in view.records(row.number) if record.kind == "image" and not record.rank]
    found = []
    for record in kept[:MOST_IMAGES]:
        parts = ("files", *str(record.value).split("/"))
        found.append({"name": record.name, "file": file_id(parts) if is_picture(view, row, parts) else None})
    return found


def _source(spec: SweepSpec) -> dict[str, object]:
    """Where its files came from: flat, what is not known left out."""
    git, snapshot = spec.extra.get("git") or {}, spec.extra.get("snapshot") or {}
    found = {
        "source directory": spec.run.source_directory,
        "git commit": git.get("commit"),
        "git branch": git.get("branch"),
        "snapshot": snapshot.get("digest"),
        "submitted on": spec.machine.get("host"),
        "Overdrive": spec.program,
    }
    return {name: value for name, value in found.items() if value}


def _series_names(view: SweepView, row: TrialRow) -> list[str]:
    """Names under which it logged numbers, the primary metric's first."""
    primary = view.spec.metric.name if view.spec.metric else None
    names = [name for name, value in view.metrics(row.number).items() if _is_series(value)]
    return sorted(names, key=lambda name: (name != primary, name))


def _is_series(value: object) -> bool:
    """Whether that is numbers, which the curves show."""
    values = value if isinstance(value, list) and value else [value]
    return all(isinstance(each, (int, float)) and not isinstance(each, bool) for each in values)


def _output(view: SweepView, row: TrialRow, first: int, attempt: int) -> dict[str, object]:
    parts = ("trials", str(row.number), f"output.{attempt}.txt")
    try:
        fd = open_beneath(str(view.folder), parts)
    except NotFoundError:
        return {"first": 0, "last": 0, "size_bytes": 0, "text": "", "is_ended": row.is_ended, "attempt": attempt}
    try:
        size = os.fstat(fd).st_size
        first = max(0, size - _PIECE) if first < 0 else min(first, size)
        data = os.pread(fd, _PIECE, first)
    finally:
        os.close(fd)
    # A character that is cut in two is left for the next piece, unless nothing can follow.
    whole = len(data) if row.is_ended and first + len(data) == size else _whole(data)
    text = data[:whole].decode("utf-8", "replace")
    common = {"size_bytes": size, "is_ended": row.is_ended, "attempt": attempt}
    return {"first": first, "last": first + whole, "text": text, **common}


def _whole(data: bytes) -> int:
    """Bytes up to the last whole UTF-8 character."""
    for back in range(1, min(4, len(data)) + 1):
        byte = data[-back]
        if byte & 0b11000000 == 0b11000000:
            needed = 2 if byte < 0b11100000 else 3 if byte < 0b11110000 else 4
            return len(data) - back if needed > back else len(data)
        if byte < 0b10000000:
            break
    return len(data)
