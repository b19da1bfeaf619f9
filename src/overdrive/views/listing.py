"""All sweeps of a workspace, from the summaries that their engines leave: no database is opened."""

import json
import math
import os
import threading
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from dataclasses import field
from pathlib import Path
from typing import Any

from overdrive.host.files import read_regular
from overdrive.records import SweepStatus
from overdrive.views.engines import LOCK
from overdrive.views.engines import engine_info
from overdrive.views.marks import marks_file
from overdrive.views.marks import merge_tags
from overdrive.views.progress import Counts
from overdrive.views.progress import count_words
from overdrive.views.words import from_iso_time

#: Folders of sweeps and of single runs below the workspace.
PARENTS = ("sweeps", "runs")
#: No engine counts further; such numbers can be divided, and browsers know them.
_MOST = 2**53


@dataclass(frozen=True, kw_only=True, slots=True)
class SweepSummary:
    """One line of a list."""

    id: str
    folder: Path
    experiment: str
    #: 'sweep' or 'run'.
    kind: str
    #: Azure's word.
    status: str
    #: Why it ended, or why it stands still; '' while it runs.
    reason: str
    #: Wall times, seconds since 1970; None where not known, or not yet.
    created_at: float | None
    ended_at: float | None
    #: Name and 'maximize' or 'minimize' of the primary metric; None for a single run.
    metric: str | None
    goal: str | None
    counts: Counts
    #: Number, value and configuration of the best trial; None while there is none.
    best_trial: int | None = None
    best: float | None = None
    best_configuration: dict[str, object] | None = None
    #: Intervals of all trials together, and those that early stopping saved, estimated; None where the engine that
    #: wrote the summary did not say so yet.
    intervals: int | None = None
    saved: int | None = None
    #: The name that it was given; None where it has none but its id.
    display_name: str | None = None
    tags: dict[str, str] = field(default_factory=dict)
    #: Seconds in which it had an engine, as far as its last summary knew.
    ran_s: float = 0.0
    #: Wall time of that summary of a sweep that goes on, from which on `ran_s` grows; None of one that does not.
    grows_from: float | None = None

    def ran_by(self, now: float) -> float:
        """`ran_s` as it is at wall time `now`."""
        return self.ran_s + (0.0 if self.grows_from is None else max(0.0, now - self.grows_from))

    @property
    def is_over(self) -> bool:
        return self.status != SweepStatus.RUNNING.value


def list_sweeps(workspace: str | Path) -> list[SweepSummary]:
    """The sweeps and single runs of the workspace in this folder, the newest first; [] where there is none.

    A folder whose files cannot be read is listed with what is known of it and the reason.
    """
    found = [_summary(folder) for folder in _folders(Path(workspace))]
    return sorted(found, key=lambda summary: (summary.created_at or 0.0, summary.id), reverse=True)


class Listing:
    """The same for whoever asks often: a summary is read again only where its file is another one.

    Any thread may ask.
    """

    def __init__(self, workspace: str | Path) -> None:
        self._workspace = Path(workspace)
        self._lock = threading.Lock()
        #: Folder → what tells its files from later ones, and the summary.
        self._known: dict[Path, tuple[_Mark, SweepSummary]] = {}

    def read(self) -> tuple[str, list[SweepSummary]]:
        """A word that is another one whenever the list is, and the list, the newest first."""
        with self._lock:
            self._known = {folder: self._entry(folder) for folder in _folders(self._workspace)}
            rows = sorted(self._known.items(), key=lambda each: each[0])
            state = [(folder.name, mark, summary.reason) for folder, (mark, summary) in rows]
            found = [summary for _, (_, summary) in rows]
        found.sort(key=lambda summary: (summary.created_at or 0.0, summary.id), reverse=True)
        return f"{zlib.crc32(repr(state).encode()):08x}", found

    def _entry(self, folder: Path) -> "tuple[_Mark, SweepSummary]":
        mark = _mark(folder / "summary.json"), _mark(marks_file(folder))
        known = self._known.get(folder)
        # An engine that dies changes no file: of an unfinished sweep the reason is looked up again.
        is_known = known is not None and known[0] == mark and known[1].is_over
        return known if is_known and known is not None else (mark, _summary(folder))


_Mark = tuple[tuple[int, int], tuple[int, int]]


def _mark(path: Path) -> tuple[int, int]:
    """What tells a file from a later one of its name; (0, 0) where there is none."""
    try:
        about = os.stat(path)
    except OSError:
        return 0, 0
    return about.st_mtime_ns, about.st_ino


def _folders(workspace: Path) -> Iterator[Path]:
    for parent in PARENTS:
        try:
            with os.scandir(workspace / parent) as entries:
                yield from (Path(entry.path) for entry in entries if entry.name[0] != "." and entry.is_dir())
        except (FileNotFoundError, NotADirectoryError):
            continue


def _summary(folder: Path) -> SweepSummary:
    """By its summary, or else by its spec, which says less; a folder of which neither can be read is said to be so."""
    for data in (_read(folder / "summary.json"), _of_spec(_read(folder / "spec.json"))):
        try:
            return _build(folder, data)
        except (KeyError, TypeError, ValueError, AttributeError):
            continue  # not one that an engine wrote
    reason = "damaged: it has no readable spec.json"
    return _build(folder, {"id": folder.name, "status": SweepStatus.RUNNING.value, "reason": reason})


def _build(folder: Path, data: dict[str, Any]) -> SweepSummary:
    """Raises KeyError, TypeError, ValueError or AttributeError for what no engine writes: a list is sorted and searched
    by these fields, and one folder that came from elsewhere is not to spoil it.
    """
    over = data["status"] != SweepStatus.RUNNING.value
    metric, best, counts = data.get("metric") or {}, data.get("best") or {}, data.get("counts") or {}
    later = _read(marks_file(folder))
    display_name, tags = later.get("display_name"), later.get("tags")
    total = data.get("total") or data.get("max_total_runs") or 0
    reason = _text(data.get("reason")) or ("" if over else _standing_still(folder))
    wrote_ns, _ = _mark(folder / "summary.json")
    by_word = {word: _count(count) or 0 for word, count in counts.items()}
    return SweepSummary(
        id=_text(data["id"]) and folder.name,  # a copy is one of its own
        folder=folder,
        experiment=str(data.get("experiment", "")),
        kind=_text(data.get("kind", "sweep")),
        status=_text(data["status"]),
        reason=reason,
        created_at=from_iso_time(str(data.get("created_at"))),
        ended_at=from_iso_time(str(data.get("ended_at"))),
        metric=_text(metric.get("name")) or None,
        goal=_text(metric.get("goal")) or None,
        counts=count_words(by_word, _count(total) or 0),
        best_trial=_count(best.get("trial")),
        best=_number(best.get("value")),
        best_configuration=dict(best["configuration"]) if "configuration" in best else None,
        intervals=_count(data.get("intervals")),
        saved=_count(data.get("intervals_saved")),
        display_name=display_name if isinstance(display_name, str) else None,
        tags=merge_tags(data.get("tags") or {}, tags if isinstance(tags, dict) else {}),
        ran_s=_number(data.get("ran_s")) or 0.0,
        grows_from=None if over or reason or not wrote_ns else wrote_ns / 1e9,
    )


def _text(value: object) -> str:
    """'' for None."""
    if value is not None and not isinstance(value, str):
        raise TypeError("not a text")
    return value or ""


def _number(value: object) -> float | None:
    if value is not None and not (isinstance(value, (int, float)) and abs(value) < math.inf):
        raise TypeError("not a finite number")
    return value


def _count(value: object) -> int | None:
    if value is not None and not (isinstance(value, int) and 0 <= value <= _MOST):
        raise TypeError("not a number of things")
    return value


def _read(path: Path) -> dict[str, Any]:
    """The JSON object in a file; {} where there is none."""
    try:
        data = json.loads(read_regular(str(path)))
    except (OSError, ValueError, RecursionError):
        return {}
    return data if isinstance(data, dict) else {}


def _of_spec(spec: dict[str, Any]) -> dict[str, Any]:
    """The summary of a sweep that no engine has summed up yet."""
    keys = ("id", "experiment", "kind", "created_at", "metric", "max_total_runs", "tags")
    return {"status": SweepStatus.RUNNING.value, **{key: spec[key] for key in keys if key in spec}}


def _standing_still(folder: Path) -> str:
    if engine_info(folder, None).alive:
        return ""
    return "no engine runs" if (folder / LOCK).exists() else "no engine has taken it up yet"
