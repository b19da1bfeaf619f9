"""What starts one attempt of one trial."""

from dataclasses import dataclass

from overdrive.host.slots import Slot

__all__ = ["Launch"]


@dataclass(kw_only=True, slots=True)
class Launch:
    """Everything that a back end needs to start an attempt."""

    trial: int
    #: From 1.
    attempt: int
    #: The trial's folder, absolute or below the sweep's; it exists.
    folder: str
    #: The folder of which the trial gets a copy, absolute or below the sweep's.
    snapshot: str
    #: The program and its arguments; a program without a slash is looked up in the PATH of `environment`.
    argv: list[str]
    #: All variables that the script sees; OVERDRIVE_ATTEMPT is set to `tag`.
    environment: dict[str, str]
    #: Text that no other attempt of any sweep has: the processes of the attempt are known by it.
    tag: str
    #: Seconds between TERM and KILL.
    grace_s: float
    #: Bytes of output kept, half from the head and half from the tail.
    log_cap_bytes: int
    #: Keep the whole working directory, not only outputs/ and logs/.
    keep_work: bool = False
    #: Seconds after which the attempt is ended with cause 'timeout', or None.
    max_run_duration_s: float | None = None
    #: Held until the process tree is gone; None where the trial counts for no slot.
    slot: Slot | None = None

    @property
    def key(self) -> tuple[int, int]:
        """What names the attempt within its sweep."""
        return self.trial, self.attempt
