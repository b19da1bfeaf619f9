"""The one place where the engine sleeps: until a descriptor or a timer is due."""

import contextlib
import os
import select
from collections.abc import Callable

from overdrive.host.clock import monotonic
from overdrive.host.descriptors import has_spare

__all__ = ["Sleeper"]


class Sleeper:
    """Descriptors and timers, each with what to do when it is due."""

    def __init__(self) -> None:
        self._poll = select.poll()
        self._calls: dict[int, Callable[[], None]] = {}
        self._timers: dict[Callable[[], None], float] = {}
        self._bell, self._rope = os.pipe()
        os.set_blocking(self._bell, False)
        os.set_blocking(self._rope, False)
        self._is_woken = False
        self.watch(self._bell, self._rung)

    def has_spare_descriptors(self, count: int) -> bool:
        """Whether so many more could be opened."""
        return has_spare(self._bell, count)

    def wake(self) -> None:
        """Ends the sleep, or the next one. A signal's handler may call it: it does not end a sleep by itself."""
        if self._rope >= 0:
            with contextlib.suppress(BlockingIOError):  # full: it rings already
                os.write(self._rope, b"\0")

    def _rung(self) -> None:
        with contextlib.suppress(BlockingIOError):
            os.read(self._bell, 4096)
        self._is_woken = True

    def close(self) -> None:
        """Gives its own descriptors back."""
        os.close(self._bell)
        rope, self._rope = self._rope, -1
        os.close(rope)

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

    def sleep(self, timeout_s: float | None) -> bool:
        """Until something is due or the time is over, and does what is due. Returns whether `wake` was called."""
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
        is_woken, self._is_woken = self._is_woken, False
        return is_woken
