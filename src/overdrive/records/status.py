"""States of a trial and of a sweep, and the only legal transitions."""

import enum

from overdrive.errors import InternalError


class TrialStatus(enum.Enum):
    """Where a trial is in its life."""

    #: Suggested; waits for a slot.
    QUEUED = "queued"
    #: The intent to start an attempt is in the journal; no process is known yet.
    STARTING = "starting"
    #: Its process tree lives.
    RUNNING = "running"
    #: It was asked to end; its process tree still lives.
    STOPPING = "stopping"
    #: It has an outcome.
    ENDED = "ended"


class Outcome(enum.Enum):
    """How a trial ended."""

    #: Exit code 0 and the primary metric was logged.
    COMPLETED = "completed"
    #: Exit code 0, but the primary metric was never logged.
    COMPLETED_WITHOUT_METRIC = "completed_without_metric"
    #: The early-termination policy stopped it.
    STOPPED_EARLY = "stopped_early"
    #: The user, or the end of the sweep's time, stopped it.
    CANCELLED = "cancelled"
    #: The script failed: exit code, signal, out of memory, time limit of the trial.
    FAILED = "failed"
    #: The machine failed: shim, disk or node lost. Retried once by default.
    LOST = "lost"


class SweepStatus(enum.Enum):
    """Where a sweep is in its life; the value is Azure's word for it."""

    RUNNING = "Running"
    COMPLETED = "Completed"
    CANCELLED = "Canceled"
    FAILED = "Failed"


#: Azure's word for each outcome and status of a trial.
AZURE_STATUS: dict[TrialStatus | Outcome, str] = {
    TrialStatus.QUEUED: "Queued",
    TrialStatus.STARTING: "Starting",
    TrialStatus.RUNNING: "Running",
    TrialStatus.STOPPING: "CancelRequested",
    Outcome.COMPLETED: "Completed",
    Outcome.COMPLETED_WITHOUT_METRIC: "Completed",
    Outcome.STOPPED_EARLY: "Canceled",
    Outcome.CANCELLED: "Canceled",
    Outcome.FAILED: "Failed",
    Outcome.LOST: "Failed",
}

_NEXT = {
    TrialStatus.QUEUED: {TrialStatus.STARTING, TrialStatus.ENDED},
    TrialStatus.STARTING: {TrialStatus.RUNNING, TrialStatus.STOPPING, TrialStatus.ENDED, TrialStatus.QUEUED},
    TrialStatus.RUNNING: {TrialStatus.STOPPING, TrialStatus.ENDED, TrialStatus.QUEUED},
    TrialStatus.STOPPING: {TrialStatus.STOPPING, TrialStatus.ENDED},
    TrialStatus.ENDED: set(),
}


def advance(status: TrialStatus, to: TrialStatus) -> TrialStatus:
    """`to`, if a trial in `status` may go there (back to QUEUED: a new attempt). Raises InternalError otherwise."""
    if to not in _NEXT[status]:
        raise InternalError(f"a trial cannot go from {status.value} to {to.value}")
    return to
