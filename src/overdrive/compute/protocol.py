"""What every back end is: it starts, stops and adopts trials, and decides nothing."""

from typing import Protocol

from overdrive.compute.launch import Launch
from overdrive.compute.notices import Notice
from overdrive.host.slots import Slot

__all__ = ["Compute"]


class Compute(Protocol):
    """One sweep's trials on some machine. Calls report nothing: what happens comes as notices from `poll`.

    Used from one thread. `overdrive.testing.compute.ComputeContract` is the same in tests.
    """

    def reserve(self) -> Slot | None:
        """Room for one trial, to be put into its launch; None without any, and then `Room` comes when to ask again."""
        ...

    def start(self, launch: Launch) -> None:
        """Starts the attempt. One that was started before, by whomever, is not started twice: its notices come."""
        ...

    def stop(self, trial: int, attempt: int, now: bool) -> None:
        """Asks the attempt's process tree to end: TERM, its grace, KILL; or KILL `now`. Nothing if it does not live."""
        ...

    def adopt(self, launches: list[Launch]) -> list[Launch]:
        """Takes over the attempts that the journal has as planned and not ended; call it first, and once.

        For those that live, ended or were lost meanwhile the notices come. Returns those of which nothing was ever
        started: they are to be started as they are.
        """
        ...

    def poll(self, timeout_s: float | None) -> list[Notice]:
        """Sleeps until something happened, at most `timeout_s` seconds (None: for ever), and tells what."""
        ...

    def wake(self) -> None:
        """Makes `poll` return, now or when it is called next. The one call that a signal's handler may make."""
        ...

    def wake_on(self, fd: int | None) -> None:
        """Makes `poll` return, too, whenever `fd` is readable or its other side is gone; None: on none any more.

        One descriptor at a time. It is taken back before it is closed.
        """
        ...

    def close(self) -> None:
        """Gives up everything but the trials: they live on, and another back end may adopt them."""
        ...
