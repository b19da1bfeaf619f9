"""One sentence for whatever a sweep is doing, waiting for, or has come to."""

from typing import TYPE_CHECKING

from overdrive.host import clock
from overdrive.host import machine
from overdrive.host.files import has_room
from overdrive.records import TrialStatus
from overdrive.views.slots import slot_use
from overdrive.views.words import count_of
from overdrive.views.words import visible

if TYPE_CHECKING:
    from overdrive.views.sweep import SweepView

#: Seconds after the submit in which an engine may still be on its way; only to choose the words.
_STARTS_S = 5.0


def sweep_sentence(view: "SweepView") -> str:
    """Why the sweep ended, what it waits for, or what it does. Never empty."""
    facts = view.facts()
    if view.is_over:
        return facts.end_reason or f"ended: {view.status.value}"
    if disk_is_full(view):
        return f"the disk is full: {_on_full_disk(view)}"
    if not view.engine().alive:
        return _without_engine(view)
    if view.is_cancelling:
        return _cancelling(view)
    if not facts.seq:
        return "its engine is starting"
    return waiting_sentence(view) or view.counts().sentence()


def disk_is_full(view: "SweepView") -> bool:
    """Whether the disk of the sweep's folder has no room left for the journal."""
    return not has_room(str(view.folder))


def is_elsewhere(view: "SweepView") -> str | None:
    """The host name of the machine where an unfinished sweep goes on, when that is not this one.

    It is the machine of the submit, until an engine has taken the sweep over on another one (`overdrive resume`).
    """
    submitted, taken = view.spec.machine, view.facts().engine_host
    if not submitted.get("id") or submitted["id"] == machine.machine_id() or taken == machine.hostname():
        return None
    return visible(taken or submitted.get("host") or "another machine")


def is_starting(view: "SweepView") -> bool:
    """Whether the sweep was submitted a moment ago, so that its first engine may be on its way."""
    return not view.facts().seq and clock.wall() - (view.created_at or 0.0) < _STARTS_S


def _without_engine(view: "SweepView") -> str:
    host = is_elsewhere(view)
    if host:
        return f"unfinished on {host}: it goes on there, or here by `overdrive resume {view.id}`"
    if is_starting(view):
        return "its engine is starting"
    start = "no engine has taken it up yet" if not view.facts().seq else "no engine runs"
    return f"{start}: it goes on with the next command that meets it, such as `overdrive watch {view.id}`"


def _on_full_disk(view: "SweepView") -> str:
    if view.engine().alive:
        return "the sweep is paused and goes on by itself when there is room"
    if view.is_cancelling:
        return "the sweep is cancelled, which is written down with the next command that meets it when there is room"
    return f"the sweep goes on with the next command that meets it, such as `overdrive watch {view.id}`"


def _cancelling(view: "SweepView") -> str:
    living = view.counts().running
    return f"is being cancelled: {count_of(living, 'trial')} still to end" if living else "is being cancelled"


def waiting_sentence(view: "SweepView") -> str | None:
    """A sentence where trials wait for room that other sweeps hold; None where nothing keeps them from starting."""
    rows, on_gpus = view.trials(), view.spec.run.gpus > 0
    living = any(row.status not in (TrialStatus.QUEUED, TrialStatus.ENDED) for row in rows)
    if living or not any(row.status is TrialStatus.QUEUED for row in rows):
        return None
    use = slot_use(on_gpus)
    if not use.are_all_held or use.total is None:
        return None
    return f"waits for a {'GPU' if on_gpus else 'slot'}: other sweeps hold {_all_of(use.total)}"


def _all_of(slots: int) -> str:
    return {1: "the only one", 2: "both"}.get(slots, f"all {slots}")
