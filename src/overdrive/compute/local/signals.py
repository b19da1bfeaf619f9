"""Signals, blocked always and waited for: a shim has no handlers that could run in between. Standard library only."""

import signal

__all__ = ["WATCHED", "default_all", "is_stop_waiting", "wait_for"]

#: A child ended · stop politely · stop now · something moves (a file, a socket).
WATCHED = frozenset((signal.SIGCHLD, signal.SIGTERM, signal.SIGUSR1, signal.SIGIO))
_STOPS = frozenset((signal.SIGTERM, signal.SIGUSR1))


def default_all() -> None:
    """Blocks every signal, and gives each its default action, which the children inherit."""
    signal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals())
    for number in signal.valid_signals():
        try:
            signal.signal(number, signal.SIG_DFL)
        except (OSError, ValueError):  # KILL, STOP, and those that the C library keeps for itself
            continue
    # A signal whose default is to be ignored need not wait while it is blocked (POSIX); with a function it does.
    signal.signal(signal.SIGCHLD, _nothing)


def _nothing(number: int, frame: object) -> None:
    """Never runs: the signal is blocked."""


def is_stop_waiting() -> bool:
    """Whether somebody asked for a stop that was not taken yet."""
    return not _STOPS.isdisjoint(signal.sigpending())


if hasattr(signal, "sigtimedwait"):

    def wait_for(numbers: frozenset[signal.Signals], timeout_s: float | None) -> int | None:
        """The next of these signals; None after `timeout_s` without one."""
        if timeout_s is None:
            return signal.sigwait(numbers)
        info = signal.sigtimedwait(numbers, max(0.0, timeout_s))
        return info.si_signo if info else None

else:  # macOS

    def wait_for(numbers: frozenset[signal.Signals], timeout_s: float | None) -> int | None:
        """The next of these signals; None after `timeout_s` without one."""
        if timeout_s is not None:
            signal.setitimer(signal.ITIMER_REAL, max(1e-6, timeout_s))
        number = signal.sigwait(numbers | {signal.SIGALRM})
        signal.setitimer(signal.ITIMER_REAL, 0)
        return None if number == signal.SIGALRM else number
