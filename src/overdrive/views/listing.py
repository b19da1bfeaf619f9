"""All sweeps of a workspace, from the summaries that their engines leave: no database is opened."""

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from dataclasses import field
from pathlib import Path
from typing import Any

from overdrive.records import SweepStatus
from overdrive.views.engines import LOCK
from overdrive.views.engines import engine_info
from overdrive.views.progress import Counts
from overdrive.views.progress import count_words
from overdrive.views.words import from_iso_time

#: Folders of sweeps and of single runs below the workspace.
PARENTS = ("sweeps", "runs")


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
    tags: dict[str, str] = field(default_factory=dict)
    #: Seconds in which it had an engine, as far as its last summary knew.
    ran_s: float = 0.0

    @property
    def is_over(self) -> bool:
        return self.status != SweepStatus.RUNNING.value


def list_sweeps(workspace: str | Path) -> list[SweepSummary]:
    """The sweeps and single runs of the workspace in this folder, the newest first; [] where there is none.

    A folder whose files cannot be read is listed with what is known of it and the reason.
    """
    found = [_summary(folder) for folder in _folders(Path(workspace))]
    return sorted(found, key=lambda summary: (summary.created_at or 0.0, summary.id), reverse=True)


def _folders(workspace: Path) -> Iterator[Path]:
    for parent in PARENTS:
        try:
            with os.scandir(workspace / parent) as entries:
                yield from (Path(entry.path) for entry in entries if entry.name[0] != "." and entry.is_dir())
        except (FileNotFoundError, NotADirectoryError):
            continue


def _summary(folder: Path) -> SweepSummary:
    data = _read(folder / "summary.json")
    if data:
        try:
            return _build(folder, data)
        except (KeyError, TypeError, ValueError, AttributeError):
            pass  # not one that an engine wrote: the spec says less, but says it
    return _build(folder, _from_spec(folder, _read(folder / "spec.json")))


def _build(folder: Path, data: dict[str, Any]) -> SweepSummary:
    over = data["status"] != SweepStatus.RUNNING.value
    metric, best, counts = data.get("metric") or {}, data.get("best") or {}, data.get("counts") or {}
    total = sum(counts.values()) if over else data.get("max_total_runs") or 0
    return SweepSummary(
        id=str(data["id"]),
        folder=folder,
        experiment=str(data.get("experiment", "")),
        kind=data.get("kind", "sweep"),
        status=data["status"],
        reason=data.get("reason") or ("" if over else _standing_still(folder)),
        created_at=from_iso_time(str(data.get("created_at"))),
        ended_at=from_iso_time(str(data.get("ended_at"))),
        metric=metric.get("name"),
        goal=metric.get("goal"),
        counts=count_words(counts, total),
        best_trial=best.get("trial"),
        best=best.get("value"),
        best_configuration=best.get("configuration"),
        intervals=data.get("intervals"),
        saved=data.get("intervals_saved"),
        tags=data.get("tags") or {},
        ran_s=data.get("ran_s") or 0.0,
    )


def _read(path: Path) -> dict[str, Any]:
    """The JSON object in a file; {} where there is none."""
    try:
        data = json.loads(path.read_bytes())
    except (OSError, ValueError):
        return {}
    return data if isinstance(data, dict) else {}


def _from_spec(folder: Path, spec: dict[str, Any]) -> dict[str, Any]:
    """The summary of a sweep that no engine has summed up yet."""
    status = SweepStatus.RUNNING.value
    if not isinstance(spec.get("id"), str):
        return {"id": folder.name, "status": status, "reason": "damaged: it has no readable spec.json"}
    keys = ("id", "experiment", "kind", "created_at", "metric", "max_total_runs", "tags")
    return {"status": status, **{key: spec.get(key) for key in keys}}


def _standing_still(folder: Path) -> str:
    if engine_info(folder, None).alive:
        return ""
    return "no engine runs" if (folder / LOCK).exists() else "no engine has taken it up yet"
