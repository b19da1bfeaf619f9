"""Routes: what may be asked. A request is left, as `overdrive cancel` leaves it; nothing is done here."""

from pathlib import Path
from typing import Literal

from fastapi import APIRouter

from overdrive.errors import SpecError
from overdrive.errors import UnwritableError
from overdrive.host.randomness import new_id
from overdrive.records import Request
from overdrive.store import leave_request
from overdrive.store.door import Knock
from overdrive.store.door import leave_knock
from overdrive.store.door import read_answer
from overdrive.studio.answers import Strict
from overdrive.studio.desk import Desk
from overdrive.studio.schema import Answer
from overdrive.studio.schema import Ask
from overdrive.studio.schema import Asked
from overdrive.views import SweepView

#: Who asks, in the sweep's journal.
BY = "Studio"


def request_routes(desk: Desk) -> APIRouter:
    """The routes over one workspace."""
    router = APIRouter(tags=["requests"])

    @router.post("/api/sweeps/{sweep}/requests", response_model=Asked, status_code=202)
    def leave(sweep: str, ask: Ask) -> Strict:
        """Leaves a request: in the sweep's mailbox, and where it may need an engine, at the doorman's door."""
        view = desk.sweep(sweep)
        _check(view, ask)
        request_id = new_id()
        left: Path | None = None
        try:
            if ask.kind == "again":
                knock = Knock(id=request_id, kind="again", sweep=view.id, trial=ask.trial)
            elif ask.kind == "explain":
                knock = Knock(id=request_id, kind="explain", sweep=view.id)
            else:
                trial = ask.trial if ask.kind == "cancel_trial" else None
                left = leave_request(view.folder, Request(id=request_id, kind=ask.kind, trial=trial, by=BY))
                knock = Knock(id=request_id, kind="engine", sweep=view.id)
            is_told = _knock(desk, view, knock)
        except OSError as error:
            if left is not None:  # who is told that it cannot be done does not find it done later
                left.unlink(missing_ok=True)
            raise UnwritableError(f"the workspace cannot be written: {error.strerror or error}") from error
        return Strict({"id": request_id, "is_told": is_told}, 202)

    @router.get("/api/requests/{request}", response_model=Answer)
    def answer(request: str) -> Strict:
        """What became of a request: still waiting, done, or refused with a sentence."""
        found = read_answer(desk.workspace, request)
        if found is None:
            return Strict({"state": "waiting", "run_id": None, "error": None})
        state: Literal["refused", "done"] = "refused" if found.get("error") else "done"
        return Strict({"state": state, "run_id": found.get("run_id"), "error": found.get("error")})

    return router


def _knock(desk: Desk, view: SweepView, knock: Knock) -> bool:
    """Whether the doorman is told. Raises OSError where nobody else would do it: an engine that lives finds what is in
    its mailbox without a knock.
    """
    try:
        leave_knock(desk.workspace, knock)
    except OSError:
        if knock.kind != "engine" or not view.engine().alive:
            raise
        return False
    return True


def _check(view: SweepView, ask: Ask) -> None:
    """Raises SpecError for what can be asked of no such sweep now."""
    if ask.kind in ("cancel_trial", "again"):
        row = None if ask.trial is None else view.trial(ask.trial)
        if row is None:
            raise SpecError(field="trial", value=ask.trial, allowed="the number of one of the sweep's trials")
        if ask.kind == "cancel_trial" and row.is_ended:
            raise SpecError(f"{row.run_id} has ended already: {row.why}")
    elif ask.kind == "cancel" and view.is_over:
        raise SpecError(f"{view.id} has ended already: {view.reason}")
    elif ask.kind == "resume" and (spent := view.spent_sentence):
        raise SpecError(f"{view.id} has nothing left to do: {spent}")
