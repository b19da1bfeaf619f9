"""Watches over a trial's process tree until nothing is left of it. Standard library only."""

import os
import signal
import sys
from collections.abc import Callable
from time import monotonic

from overdrive.compute.local.logcap import LogCap
from overdrive.compute.local.signals import WATCHED
from overdrive.compute.local.signals import wait_for
from overdrive.host.machine import boot_id
from overdrive.host.processes import descendants
from overdrive.host.processes import send_signal
from overdrive.host.processes import start_ticks

__all__ = ["Tree"]

#: What ends within so many seconds has ended at once.
_AT_ONCE_S = 0.05
#: What outlives the script gets TERM, and KILL that many seconds later.
_AFTER_SCRIPT_S = 2.0
#: Seconds between two rounds of KILL, while something still lives: doubled each time up to the second value.
_ROUND_S, _LONGEST_ROUND_S = 0.01, 1.0
#: The unit of ru_maxrss, bytes (getrusage(2)).
_RSS_BYTES = 1 if sys.platform == "darwin" else 1024


class Tree:
    """The script and all processes below it; orphans among them became children of this process."""

    def __init__(
        self, script: int, grace_s: float, limit_s: float | None, log: LogCap, lives_on: Callable[[], None]
    ) -> None:
        """lives_on: called once, when the script has not ended at once."""
        self._script = script
        self._lives_on = lives_on
        self._lives_on_at: float | None = monotonic() + _AT_ONCE_S
        self._grace_s = grace_s
        self._limit_at = None if limit_s is None else monotonic() + limit_s
        self._log = log
        self._kill_at: float | None = None
        self._round_s = _ROUND_S
        #: How the script ended (as from os.wait), or None while it runs.
        self.status: int | None = None
        #: Why we ended it: 'stopped', 'timeout', or None.
        self.cause: str | None = None
        #: User and system time of all that ended so far, seconds.
        self.cpu_s = 0.0
        #: Peak resident memory of the largest process so far, bytes.
        self.peak_rss_bytes = 0

    def supervise(self) -> None:
        """Returns when the last process is gone. TERM to this process stops the tree politely, USR1 at once."""
        while True:
            self._keep_time()
            number = wait_for(WATCHED, self._timeout_s())
            if number is not None and number != signal.SIGIO and self._reap():
                return
            if number == signal.SIGIO:
                self._log.stir()
            elif number in (signal.SIGTERM, signal.SIGUSR1):
                self._stop("stopped", now=number == signal.SIGUSR1)

    def _reap(self) -> bool:
        """Takes in who ended; True when nobody is left."""
        was_running = self.status is None
        while True:
            try:
                pid, status, usage = os.wait4(-1, os.WNOHANG)
            except ChildProcessError:
                return True
            if pid == 0:
                break
            self.cpu_s += usage.ru_utime + usage.ru_stime
            self.peak_rss_bytes = max(self.peak_rss_bytes, usage.ru_maxrss * _RSS_BYTES)
            if pid == self._script:
                self.status = status
        if was_running and self.status is not None:  # others outlive the script
            self._limit_at = None
            self._signal_all(signal.SIGTERM)
            self._kill_by(_AFTER_SCRIPT_S)
        return False

    def _stop(self, cause: str, now: bool) -> None:
        if self.cause is None and self.status is None:
            self.cause = cause
        if not now:
            self._signal_all(signal.SIGTERM)
            self._signal_all(signal.SIGCONT)  # who is stopped takes TERM only when it goes on
        self._kill_by(0.0 if now else self._grace_s)

    def _kill_by(self, seconds: float) -> None:
        at = monotonic() + seconds
        self._kill_at = at if self._kill_at is None else min(self._kill_at, at)

    def _keep_time(self) -> None:
        now = monotonic()
        if self._lives_on_at is not None and now >= self._lives_on_at:
            self._lives_on_at = None
            self._lives_on()
        if self._limit_at is not None and now >= self._limit_at:
            self._limit_at = None
            self._stop("timeout", now=False)
        if self._kill_at is not None and now >= self._kill_at:
            self._signal_all(signal.SIGKILL)
            self._kill_at = now + self._round_s
            self._round_s = min(_LONGEST_ROUND_S, self._round_s * 2)
        if self._log.check_at is not None and now >= self._log.check_at:
            self._log.check()

    def _timeout_s(self) -> float | None:
        times = [at for at in (self._lives_on_at, self._limit_at, self._kill_at, self._log.check_at) if at is not None]
        return min(times) - monotonic() if times else None

    def _signal_all(self, number: int) -> None:
        boot = boot_id()
        for pid in descendants(os.getpid()):
            ticks = start_ticks(pid)
            if ticks is not None:
                send_signal(pid, ticks, boot, number)
