"""The clocks. Wall time is only shown; whatever is decided by time is decided by the monotonic clock."""

import time
from collections.abc import Callable

__all__ = ["Stopwatch", "monotonic", "processor", "sleep", "utc_text", "wall"]


def wall() -> float:
    """Seconds since 1970, UTC: to show and never to decide, since it jumps."""
    return time.time()


def monotonic() -> float:
    """Seconds since some moment in the past, the same for all processes until the next boot; never goes back.

    On Linux it stands still while the machine is suspended, so a sleeping laptop ends no trial.
    """
    return time.monotonic()


def processor() -> float:
    """Processor seconds of this process, all threads together: what computing costs, however busy the machine is."""
    return time.process_time()


def sleep(seconds: float) -> None:
    """Waits at least `seconds`; nothing and negative values return at once."""
    if seconds > 0:
        time.sleep(seconds)


def utc_text(at: float | None = None) -> str:
    """`at` (seconds since 1970; default: now) as ISO 8601 in UTC with milliseconds: `2026-03-01T12:00:00.250Z`."""
    milliseconds = int((wall() if at is None else at) * 1000 // 1)
    text = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(milliseconds // 1000))
    return f"{text}.{milliseconds % 1000:03d}Z"


class Stopwatch:
    """Seconds for which a sweep had an engine: those of earlier engines, and this one's so far."""

    def __init__(self, already_s: float = 0.0, clock: Callable[[], float] = monotonic) -> None:
        """`already_s`: what earlier engines ran, from the journal. Starts at once."""
        self._already_s = already_s
        self._clock = clock
        self._started = clock()

    @property
    def seconds(self) -> float:
        """Seconds until now, all engines together."""
        return self._already_s + self._clock() - self._started

    def until(self, seconds: float) -> float:
        """How many seconds are left until `seconds` is read; negative when it has passed."""
        return seconds - self.seconds
