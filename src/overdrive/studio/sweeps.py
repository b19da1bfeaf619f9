"""Routes: the list of sweeps, and a sweep with its trials and curves."""

import dataclasses
from typing import Annotated
from typing import Literal

from fastapi import APIRouter
from fastapi import Query

from overdrive.host import clock
from overdrive.studio.answers import Strict
from overdrive.studio.desk import MOST
from overdrive.studio.desk import Cursor
from overdrive.studio.desk import Desk
from overdrive.studio.schema import Opening
from overdrive.studio.schema import SweepHead
from overdrive.studio.schema import SweepPage
from overdrive.studio.schema import TrialColumns
from overdrive.studio.series import MOST_CURVES
from overdrive.views import SweepSummary
from overdrive.views.browser import sweep_head
from overdrive.views.browser import sweep_opening
from overdrive.views.columns import trials_from

#: Trials in one answer at most, and in a page's first.
MOST_TRIALS = 5000
FIRST_TRIALS = 1500

Sort = Literal["created", "experiment", "status", "progress", "best", "duration", "saved"]


def sweep_routes(desk: Desk) -> APIRouter:
    """The routes over one workspace."""
    router = APIRouter(prefix="/api/sweeps", tags=["sweeps"])

    @router.get("", response_model=SweepPage)
    def list_page(
        search: Annotated[str, Query(max_length=500)] = "",
        sort: Sort = "created",
        descending: bool = True,
        offset: Cursor = 0,
        limit: Annotated[int, Query(ge=1, le=500)] = 100,
    ) -> Strict:
        """Sweeps and single runs that match all words of `search`, sorted."""
        version, summaries = desk.listing.read()
        found = [summary for summary in summaries if _matches(summary, search)]
        found.sort(key=lambda summary: _sort_key(summary, sort), reverse=descending)
        # Those without a value stand last, whatever the direction.
        found.sort(key=lambda summary: _sort_key(summary, sort)[0] == _NONE)
        return Strict(
            {
                "version": version,
                "total": len(found),
                "rows": [sweep_line(each) for each in found[offset : offset + limit]],
            }
        )

    @router.get("/{sweep}", response_model=SweepHead)
    def head(sweep: str) -> Strict:
        """A sweep without its trials."""
        return Strict(sweep_head(desk.sweep(sweep)))

    @router.get("/{sweep}/trials", response_model=TrialColumns)
    def trials(
        sweep: str,
        after: Annotated[int, Query(ge=-1, le=MOST)] = -1,
        limit: Annotated[int, Query(ge=1, le=MOST_TRIALS)] = MOST_TRIALS,
    ) -> Strict:
        """The trials with numbers above `after`, by columns, at most `limit` of them."""
        return Strict(trials_from(desk.sweep(sweep), after, limit))

    @router.get("/{sweep}/opening", response_model=Opening)
    def opening(sweep: str) -> Strict:
        """What a page begins with: the head, the first trials, the first curves, the thresholds."""
        return Strict(sweep_opening(desk.sweep(sweep), FIRST_TRIALS, MOST_CURVES, desk.curves))

    return router


def sweep_line(summary: SweepSummary) -> dict[str, object]:
    """One line of the list."""
    best = {"trial": summary.best_trial, "value": summary.best, "configuration": summary.best_configuration or {}}
    return {
        "id": summary.id,
        "experiment": summary.experiment,
        "display_name": summary.display_name,
        "kind": summary.kind,
        "status": summary.status,
        "reason": summary.reason,
        "created_at": summary.created_at,
        "ended_at": summary.ended_at,
        "ran_s": summary.ran_by(clock.wall()),
        "grows": summary.grows_from is not None,
        "metric": {"name": summary.metric, "goal": summary.goal} if summary.metric else None,
        "counts": summary.counts.to_json(),
        "best": best if summary.best_trial is not None else None,
        "saved": summary.saved,
        "intervals": summary.intervals,
        "tags": summary.tags,
    }


_NONE = 1


def _sort_key(summary: SweepSummary, sort: str) -> tuple:
    value: object = {
        "created": summary.created_at,
        "experiment": summary.experiment.casefold(),
        "status": summary.status,
        "progress": summary.counts.done / summary.counts.total if summary.counts.total else None,
        "best": summary.best,
        "duration": summary.ran_s,
        "saved": _saved_part(summary),
    }[sort]
    return (_NONE, "") if value is None else (0, value)


def _saved_part(summary: SweepSummary) -> float | None:
    """The part of its intervals that early stopping saved; None where that is nothing, or not known."""
    return summary.saved / (summary.saved + (summary.intervals or 0)) if summary.saved else None


def _matches(summary: SweepSummary, search: str) -> bool:
    """Whether each word stands somewhere in what the line says."""
    tags = " ".join(f"{key}={value}" for key, value in summary.tags.items())
    counts = dataclasses.astuple(summary.counts)[:2]
    name = summary.display_name or ""
    text = f"{summary.id} {name} {summary.experiment} {summary.kind} {summary.status} {summary.metric} {tags} {counts}"
    return all(word in text.casefold() for word in search.casefold().split())
