"""Asking something of a sweep's engine: a request in the mailbox, and an engine to read it."""

from overdrive.client.engine import ensure_engine
from overdrive.errors import UnwritableError
from overdrive.host.randomness import new_id
from overdrive.records import Request
from overdrive.store import leave_request
from overdrive.views import SweepView


def ask(view: SweepView, *, kind: str, trial: int | None = None, now: bool = False, by: str | None = None) -> Request:
    """Leaves a request for a sweep and sees to it that an engine takes it in.

    kind: 'cancel' (the sweep), 'cancel_trial' (with `trial`) or 'resume'. now: at once instead of politely. by: who
    asks, to show. Raises UnwritableError when the mailbox cannot be written, and what `start_engine` raises.
    """
    request = Request(id=new_id(), kind=kind, trial=trial, now=now, by=by)
    try:
        leave_request(view.folder, request)
    except OSError as error:
        raise UnwritableError(f"the mailbox of {view.id} cannot be written: {error.strerror or error}") from error
    ensure_engine(view, even_if_over=kind == "resume", even_if_elsewhere=kind == "resume")
    return request
