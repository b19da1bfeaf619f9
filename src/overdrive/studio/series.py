"""Routes: what a sweep's charts draw, and its configuration to be copied."""

from typing import Annotated
from typing import Literal

from fastapi import APIRouter
from fastapi import Query
from pydantic import Field

from overdrive import __version__
from overdrive.store.door import read_explanation
from overdrive.studio.answers import Strict
from overdrive.studio.desk import Cursor
from overdrive.studio.desk import Desk
from overdrive.studio.schema import Code
from overdrive.studio.schema import Curves
from overdrive.studio.schema import Explained
from overdrive.studio.schema import Thresholds
from overdrive.studio.schema import Timeline
from overdrive.studio.schema import Values
from overdrive.views.browser import thresholds_of
from overdrive.views.reduce import stretches
from overdrive.views.spelling import sweep_code
from overdrive.views.timeline import timeline

#: Curves in one answer at most, logged values behind which it ends, and stretches of each curve at most.
MOST_CURVES = 500
MOST_VALUES = 30_000
MOST_BUCKETS = 2000
#: What a model says before it was asked.
_NOT_ASKED: dict[str, object] = {
    "seq": 0,
    "trials": 0,
    "trust": {"grade": "none", "sentence": "", "r2": None, "trials": 0},
    "interval": None,
    "uncertain": 0,
    "did_not_vary": [],
    "importances": [],
    "believed": [],
}
#: Trials that can be asked for by their numbers at once.
MOST_ONLY = 50


def series_routes(desk: Desk) -> APIRouter:
    """The routes over one workspace."""
    router = APIRouter(prefix="/api/sweeps", tags=["sweeps"])

    @router.get("/{sweep}/curves", response_model=Curves)
    def curves(
        sweep: str,
        metric: str | None = None,
        first: Cursor = 0,
        last: Cursor | None = None,
        buckets: Annotated[int | None, Query(ge=4, le=MOST_BUCKETS)] = None,
        axis: Literal["interval", "step", "time"] = "interval",
        only: Annotated[list[Annotated[int, Field(ge=0, le=10**7)]] | None, Query(max_length=MOST_ONLY)] = None,
    ) -> Strict:
        """The curves of the trials from `first` on, up to `last` where given, each reduced to `buckets` stretches.

        In one answer as many as hold some 30,000 values, 500 at most; `next` says where the rest begins. buckets: by
        the number of trials, so that a page can hold all of them. only: the numbers of the trials, in place of `first`
        and `last`: those that a page is to show before all others.
        """
        view = desk.sweep(sweep)
        name = metric if metric is not None else view.spec.metric.name if view.spec.metric else ""
        wanted = buckets or stretches(view.size)
        most = MOST_CURVES, MOST_VALUES
        asked = {"buckets": wanted, "axis": axis, "most": most, "only": only}
        return Strict(desk.curves(view, name, first, last, **asked))

    @router.get("/{sweep}/thresholds", response_model=Thresholds)
    def policy_thresholds(sweep: str) -> Strict:
        """The policy's threshold, by interval."""
        return Strict(thresholds_of(desk.sweep(sweep)))

    @router.get("/{sweep}/timeline", response_model=Timeline)
    def by_slot(sweep: str) -> Strict:
        """Which attempt ran when, in which slot."""
        return Strict(timeline(desk.sweep(sweep).folder))

    @router.get("/{sweep}/values", response_model=Values)
    def values(sweep: str, metric: str) -> Strict:
        """The last value of a metric that each trial logged."""
        found = desk.sweep(sweep).last_values(metric)
        return Strict({"trial": list(found), "last": list(found.values())})

    @router.get("/{sweep}/explained", response_model=Explained)
    def explained(sweep: str) -> Strict:
        """What a model said last of the sweep: the request 'explain' has it asked."""
        found = read_explanation(desk.workspace, desk.sweep(sweep).id) or {}
        # Without trust: kept by a build that did not ask for it.
        if found.get("version") != __version__ or "trust" not in found:
            found = {}
        return Strict({name: found.get(name, none) for name, none in _NOT_ASKED.items()})

    @router.get("/{sweep}/code", response_model=Code)
    def code(sweep: str) -> Strict:
        """The configurations of the sweep and of its best trial, each as a command line, as Python, and as JSON."""
        view = desk.sweep(sweep)
        return Strict(sweep_code(view.spec, view.best()))

    return router
