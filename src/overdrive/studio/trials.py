"""Routes: one trial: what it is, what it logged and printed, how it ended."""

import asyncio
from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter
from fastapi import Header
from fastapi import Query
from fastapi.responses import StreamingResponse

from overdrive.records import MetricRecord
from overdrive.records import SweepSpec
from overdrive.studio.answers import Strict
from overdrive.studio.desk import MOST
from overdrive.studio.desk import Desk
from overdrive.studio.desk import Number
from overdrive.studio.desk import cursor_of
from overdrive.studio.files import file_id
from overdrive.studio.files import is_picture
from overdrive.studio.outputs import follow_output
from overdrive.studio.outputs import read_piece
from overdrive.studio.schema import Logged
from overdrive.studio.schema import Output
from overdrive.studio.schema import TrialCode
from overdrive.studio.schema import TrialHead
from overdrive.views import SweepView
from overdrive.views import TrialRow
from overdrive.views.export import trial_json
from overdrive.views.metrics import curve_names
from overdrive.views.metrics import merge_metrics
from overdrive.views.spelling import trial_code

#: Logged images in one answer.
MOST_IMAGES = 200


def trial_routes(desk: Desk) -> APIRouter:
    """The routes over one workspace."""
    router = APIRouter(prefix="/api/sweeps/{sweep}/trials/{number}", tags=["trials"])

    @router.get("", response_model=TrialHead)
    def head(sweep: str, number: Number) -> Strict:
        """A trial: its configuration, its end, its command, and the verdicts on it."""
        seq = desk.sweep(sweep).facts().seq  # before the trial is read: what happens meanwhile comes once more
        return Strict({"seq": seq, **_head(*desk.trial(sweep, number))})

    @router.get("/code", response_model=TrialCode)
    def code(sweep: str, number: Number) -> Strict:
        """Its configuration as a command line, as Python, and as JSON."""
        view, row = desk.trial(sweep, number)
        return Strict(trial_code(view.spec, row))

    @router.get("/logged", response_model=Logged)
    def logged(sweep: str, number: Number) -> Strict:
        """What it logged besides the points of curves: tables, images, confusion matrices, texts, tags."""
        view, row = desk.trial(sweep, number)
        records = view.outline(row.number)
        values, conflicts = merge_metrics(records)
        images = _images(view, row, records)
        shown = {each["name"] for each in images}
        hidden = shown | curve_names(records)
        others = {name: value for name, value in values.items() if name not in hidden}
        marks, problem = view.marks_now(row.number)
        told = {"values": others, "conflicts": conflicts + [problem] * bool(problem), "marks": marks}
        return Strict({**told, "images": images})

    @router.get("/output", response_model=Output)
    def output(
        sweep: str,
        number: Number,
        first: Annotated[int, Query(ge=-1, le=MOST)] = -1,
        last: Annotated[int | None, Query(ge=0, le=MOST)] = None,
        attempt: Annotated[int | None, Query(ge=1, le=10**6)] = None,
    ) -> Strict:
        """At most 256 kB of what it printed, from byte `first` on (-1: the end), up to byte `last` where given."""
        return Strict(read_piece(desk, sweep, number, first, attempt, last)._asdict())

    @router.get("/output/stream", response_model=Output)
    async def output_stream(
        sweep: str,
        number: Number,
        first: Annotated[int, Query(ge=-1, le=MOST)] = -1,
        attempt: Annotated[int | None, Query(ge=1, le=10**6)] = None,
        last_event_id: Annotated[str | None, Header()] = None,
    ) -> StreamingResponse:
        """Server-sent events: `output` with what it prints from byte `first` on (-1: the last ones), `end`."""
        await asyncio.to_thread(desk.trial, sweep, number)  # it may have to be read first, while all streams go on
        known = cursor_of(last_event_id, first)
        return StreamingResponse(follow_output(desk, sweep, number, known, attempt), media_type="text/event-stream")

    return router


def _head(view: SweepView, row: TrialRow) -> dict[str, object]:
    spec = view.spec
    verdicts = view.verdicts(row.number)
    return {
        **trial_json(row),
        "sweep": view.id,
        "trials": view.size,
        "experiment": spec.experiment,
        "metric": spec.metric.to_json() if spec.metric else None,
        "state": (row.outcome or row.status).value,
        "is_ended": row.is_ended,
        "stands_still": "" if row.is_ended or view.is_over or view.engine().alive else view.reason,
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


def _images(view: SweepView, row: TrialRow, records: Sequence[MetricRecord]) -> list[dict[str, object]]:
    """The images that were logged, in order, each with the id of its file; null where that is no picture to show."""
    kept = [record for record in records if record.kind == "image" and not record.rank]
    found = []
    for record in kept[:MOST_IMAGES]:
        parts = ("files", *str(record.value).split("/"))
        found.append({"name": record.name, "file": file_id(parts) if is_picture(view, row, parts) else None})
    return found


#: By whether there were any; None: not known.
_CHANGES: dict[bool | None, str] = {True: "yes: the snapshot has them", False: "none"}


def _source(spec: SweepSpec) -> dict[str, object]:
    """Where its files came from: flat, what is not known left out."""
    git, snapshot = spec.extra.get("git") or {}, spec.extra.get("snapshot") or {}
    found = {
        "source directory": spec.run.source_directory,
        "git commit": git.get("commit"),
        "git branch": git.get("branch"),
        "uncommitted changes": _CHANGES.get(git.get("dirty")),
        "snapshot": snapshot.get("digest"),
        "submitted on": spec.machine.get("host"),
        "Overdrive": spec.program,
    }
    return {name: value for name, value in found.items() if value}


def _series_names(view: SweepView, row: TrialRow) -> list[str]:
    """Names that have a curve, the primary metric's first."""
    primary = view.spec.metric.name if view.spec.metric else None
    return sorted(curve_names(view.outline(row.number)), key=lambda name: (name != primary, name))
