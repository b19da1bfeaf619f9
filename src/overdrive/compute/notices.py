"""What a back end reports. Facts, in the order in which they became known; for one attempt Started, Logged …, Ended."""

from dataclasses import dataclass

from overdrive.records import Exit

__all__ = ["Ended", "Logged", "Mail", "Notice", "Room", "Started"]


@dataclass(frozen=True, slots=True)
class Started:
    """The script runs. May be missing before an Ended: it could not be started, or nobody wrote it down in time."""

    trial: int
    attempt: int
    #: The script's process, and its start in clock ticks after boot.
    pid: int
    ticks: int
    #: The shim that watches over it.
    shim: int
    shim_ticks: int
    #: The boot in which these numbers mean something.
    boot_id: str
    #: When it started, wall time in seconds; None where an earlier version wrote it down.
    at: float | None = None


@dataclass(frozen=True, slots=True)
class Logged:
    """The spool grew. One notice may stand for thousands of lines."""

    trial: int
    attempt: int


@dataclass(frozen=True, slots=True)
class Ended:
    """Nothing is left of the process tree: the spool is complete and the slot is free. Said once."""

    trial: int
    attempt: int
    exit: Exit


@dataclass(frozen=True, slots=True)
class Mail:
    """Something arrived in the mailbox."""


@dataclass(frozen=True, slots=True)
class Room:
    """A slot that was wanted may be free now."""


Notice = Started | Logged | Ended | Mail | Room
