"""A whole sweep in one piece: what a page holds that has no server to ask, an exported file or a notebook's widget."""

import dataclasses
import gzip
import math
import os
from array import array
from collections.abc import Iterable
from collections.abc import Sequence
from typing import Any

from overdrive.errors import NotFoundError
from overdrive.records import SweepSpec
from overdrive.records import script_arguments
from overdrive.store import SweepReader
from overdrive.views.browser import sweep_head
from overdrive.views.columns import pack
from overdrive.views.columns import thresholds
from overdrive.views.columns import trials_from
from overdrive.views.curves import CurvePoint
from overdrive.views.curves import last_attempt
from overdrive.views.reduce import MOST_POINTS
from overdrive.views.reduce import reduce_curve
from overdrive.views.reduce import stretches
from overdrive.views.spelling import sweep_code
from overdrive.views.strict import strict_json
from overdrive.views.sweep import SweepView
from overdrive.views.timeline import timeline

#: Form of the document, raised when a page could no longer read it.
VERSION = 2


def sweep_document(
    view: SweepView, most_points: int = MOST_POINTS, explained: dict[str, object] | str | None = None
) -> dict[str, Any]:
    """Head, trials, curves of every metric, thresholds, timeline, and the configuration as code.

    explained: what a model says of the sweep (`client.explaining`), or the sentence why none can; None: nobody asked.

    It may be given away: it has no folder of this machine, and no value of an environment variable. Curves are
    reduced, the least and greatest value of each stretch kept (`reduce_curve`), so that those of the primary metric
    have about `most_points` points in all, and those of all others as many again.
    """
    view = view.still()
    head = {**sweep_head(view), "folder": "", "can": []}
    return {
        "version": VERSION,
        "head": head,
        "trials": trials_from(view, -1, 1_000_000),
        "curves": document_curves(view, None, most_points),
        "thresholds": thresholds(view.folder),
        "timeline": timeline(view.folder),
        "explained": explained,
        "code": document_code(view),
    }


def document_code(view: SweepView) -> dict[str, object]:
    """The configurations of the sweep and of its best trial, to be copied (see `sweep_code`)."""
    spec, best = _to_give_away(view.spec), view.best()
    if best:  # a trial that goes on with an earlier one has the folder of its outputs among its arguments
        best = dataclasses.replace(best, own_arguments=script_arguments(spec, best.number, "outputs"))
    return sweep_code(spec, best)


def _to_give_away(spec: SweepSpec) -> SweepSpec:
    """The same sweep without what is of this machine alone, or may be secret."""
    run = dataclasses.replace(
        spec.run,
        command=tuple(os.path.basename(part) if os.path.isabs(part) else part for part in spec.run.command),
        source_directory=".",
        interpreter=None,
        environment=dict.fromkeys(spec.run.environment, "…"),
        bindings={},
        inputs={},
        url_map={},
    )
    return dataclasses.replace(spec, run=run, machine={}, extra={})


def document_curves(view: SweepView, trials: Iterable[int] | None, most_points: int = MOST_POINTS) -> list[dict]:
    """The curves of every metric, of some trials or (None) of all: a dict a metric, by columns.

    'trial', 'count' (values logged) and 'kept' (points here) have an item a trial; the others hold all points one after
    the other, in base64, little-endian. 'y' and 'step' (None where no script gave any) are float64, as they were
    logged; 'time' (seconds since the trial's first value) and 'interval' (None where every point is there) float32.
    """
    names = view.metric_names()
    primary = view.spec.metric.name if view.spec.metric else ""
    try:
        with SweepReader(view.folder) as reader, reader.snapshot():
            rows = reader.rows("attempts_between", first=0, last=2**62, limit=-1)
            attempts = [(row["number"], row["attempt"]) for row in rows]
            chosen = None if trials is None else set(trials)
            found = []
            for name in names:
                others = 1 if name == primary else max(1, len(names) - 1)
                columns = _Columns(name, stretches(len(attempts), most_points // others))
                for number, attempt in attempts:
                    if chosen is None or number in chosen:
                        columns.add(number, last_attempt(reader.rows("curve", name=name, trial=number), attempt))
                found.append(columns.to_json())
            return found
    except NotFoundError:
        return []


class _Columns:
    """The curves of one metric."""

    def __init__(self, metric: str, buckets: int) -> None:
        self._metric, self._buckets = metric, buckets
        self._trial: list[int] = []
        self._count: list[int] = []
        self._kept: list[int] = []
        self._y, self._step = array("d"), array("d")
        self._interval, self._time = array("f"), array("f")
        self._has_steps = False

    def add(self, trial: int, curve: Sequence[CurvePoint]) -> None:
        """Puts a trial's curve behind the others; one without values is left out."""
        if not curve:
            return
        kept = reduce_curve(range(len(curve)), [point.value for point in curve], self._buckets).x
        points = [curve[int(at)] for at in kept]
        start = next((point.at for point in curve if point.at is not None), 0.0)
        self._trial.append(trial)
        self._count.append(len(curve))
        self._kept.append(len(points))
        self._has_steps = self._has_steps or any(point.step is not None for point in points)
        self._y.extend(point.value for point in points)
        self._interval.extend(point.interval for point in points)
        self._step.extend(point.interval if point.step is None else point.step for point in points)
        self._time.extend(0.0 if point.at is None else _shortened(point.at - start) for point in points)

    def to_json(self) -> dict[str, object]:
        is_whole = self._count == self._kept
        return {
            "metric": self._metric,
            "trial": self._trial,
            "count": self._count,
            "kept": self._kept,
            "y": pack(self._y),
            "interval": None if is_whole else pack(self._interval),
            "step": pack(self._step) if self._has_steps else None,
            "time": pack(self._time),
        }


def _shortened(seconds: float) -> float:
    """The nearest number of 12 binary digits: no chart shows more of a time, and it is compressed to half."""
    fraction, exponent = math.frexp(seconds)
    return math.ldexp(round(fraction * 4096), exponent - 12)


def packed(document: object) -> bytes:
    """The document as compressed JSON; the same bytes for the same document."""
    return gzip.compress(strict_json(document, indent=None).encode("utf-8", "replace"), 6, mtime=0)
