"""The one place where the engine sleeps: until a descriptor or a timer is due."""

import select
from collections.abc import Callable

from overdrive.host.clock import monotonic

__all__ = ["Sleeper"]


class Sleeper:
    """Descriptors and timers, each with what to do when it is due."""

    def __init__(self) -> None:
        self._poll = select.poll()
        self._calls: dict[int, Callable[[], None]] = {}
        self._timers: dict[Callable[[], None], float] = {}

    def watch(self, fd: int, call: Callable[[], None], events: int = select.POLLIN) -> None:
        """Runs `call` whenever `fd` is ready. events=0: only when its other side is gone."""
        self._calls[fd] = call
        self._poll.register(fd, events)

    def forget(self, fd: int) -> None:
        """Before the descriptor is closed."""
        if self._calls.pop(fd, None):
            self._poll.unregister(fd)

    def call_in(self, seconds: float, call: Callable[[], None]) -> None:
        """Runs `call` once, in so many seconds, or earlier if that was promised already."""
        at = monotonic() + seconds
        self._timers[call] = min(at, self._timers.get(call, at))

    def cancel(self, call: Callable[[], None]) -> None:
        """Takes back what `call_in` promised."""
        self._timers.pop(call, None)

    def sleep(self, timeout_s: float | None) -> None:
        """Until something is due or the time is over, and does what is due."""
        first = min(self._timers.values(), default=None)
        if first is not None:
            left = max(0.0, first - monotonic())
            timeout_s = left if timeout_s is None else min(timeout_s, left)
        # poll's milliseconds, rounded up: waking up too early would mean to ask again and again.
        ready = self._poll.poll(None if timeout_s is None else -(-timeout_s * 1000 // 1))
        for fd, _ in ready:
            call = self._calls.get(fd)  # an earlier call may have forgotten it
            if call:
                call()
        now = monotonic()
        for call in [call for call, at in self._timers.items() if at <= now]:
            del self._timers[call]
            call()
