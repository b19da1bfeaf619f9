"""From an exit to an outcome, with its sentence."""

import errno
import os
import re
import signal
from dataclasses import dataclass

from overdrive.engine.trials import Trial
from overdrive.records import Exit
from overdrive.records import Outcome
from overdrive.records import PrimaryMetric
from overdrive.records import nearest_names


@dataclass(frozen=True, kw_only=True, slots=True)
class Ending:
    """How an attempt ended, in the words of the journal."""

    outcome: Outcome
    #: A sentence with the numbers.
    reason: str
    #: Whether a new attempt follows.
    retry: bool = False


_STOPPED = {
    "verdict": Outcome.STOPPED_EARLY,
    "cancelled": Outcome.CANCELLED,
    "deadline": Outcome.CANCELLED,
}
#: How the operating system says, at the end of a script's last words, that the disk, or the user's quota, is full.
_NO_ROOM = (os.strerror(errno.ENOSPC), os.strerror(errno.EDQUOT))
#: How it says that a disk does not read or write, whoever asks.
_DISK_FAILED = os.strerror(errno.EIO)
#: How it says that there are too few processes, too little memory, or too few descriptors.
_SHORTAGES = tuple(os.strerror(number) for number in (errno.EAGAIN, errno.ENOMEM, errno.EMFILE, errno.ENFILE))


def judge_exit(
    trial: Trial,
    exit: Exit,
    metric: PrimaryMetric | None,
    *,
    last_line: str,
    may_retry: bool,
    asked: tuple[str, str] | None = None,
) -> Ending:
    """The outcome of an attempt that ended with `exit`.

    last_line: the last line of its output ('' if none). asked: why somebody wanted it ended ('verdict', 'cancelled',
    'deadline'), and the sentence for it; None if nobody did.
    """
    if asked and exit.cause in ("stopped", "lost"):  # lost: nothing of it lives, which is what was asked for
        return Ending(outcome=_STOPPED[asked[0]], reason=asked[1])
    if exit.cause == "stopped":
        return Ending(outcome=Outcome.CANCELLED, reason="its shim was told to end it, and not by this sweep's engine")
    if exit.cause == "lost":
        return _lost(exit.message or "the process that watched it vanished", may_retry)
    if exit.cause == "exit" and exit.code == 0:
        return _exit_zero(trial, metric)
    if fault := _machine_fault(exit, last_line):
        return _lost(fault, may_retry)
    reason = _failure(exit)
    said = f"{reason}: {last_line}" if last_line else reason
    return Ending(outcome=Outcome.FAILED, reason=f"{said}{_way_out(last_line)}")


def _machine_fault(exit: Exit, last_line: str) -> str:
    """What was wrong with the machine, where that and not the script is to blame; '' otherwise."""
    said = (exit.message or "") if exit.cause == "unstartable" else last_line if exit.cause == "exit" else ""
    if exit.cause == "unstartable" and any(words in said for words in _SHORTAGES):
        return f"the machine is short of something: {said}"
    if exit.disk_full or (exit.cause == "exit" and said.endswith(_NO_ROOM)):
        return f"the disk was full: {_failure(exit)}"
    if _DISK_FAILED in said and (exit.cause == "unstartable" or said.endswith(_DISK_FAILED)):
        return f"a disk failed: {_failure(exit)}"
    return ""


def _lost(reason: str, may_retry: bool) -> Ending:
    tail = "; it is started once more" if may_retry else ""
    return Ending(outcome=Outcome.LOST, reason=f"lost: {reason}{tail}", retry=may_retry)


def _exit_zero(trial: Trial, metric: PrimaryMetric | None) -> Ending:
    if metric is None or trial.intervals:
        return Ending(outcome=Outcome.COMPLETED, reason="completed")
    return Ending(
        outcome=Outcome.COMPLETED_WITHOUT_METRIC, reason=f"completed, but {missing_metric(trial.names, metric.name)}"
    )


def missing_metric(names: list[str], wanted: str) -> str:
    """'it never logged "accuracy"; it logs "acc", "loss"', the nearest names first."""
    if not names:
        return f"it never logged {wanted!r}, nor anything else"
    if wanted in names:
        return f"it logged {wanted!r} by ranks other than 0 only"
    shown = nearest_names(names, wanted)
    more = f" and {len(shown) - 5} more" if len(shown) > 5 else ""
    return f"it never logged {wanted!r}; it logs {', '.join(repr(name) for name in shown[:5])}{more}"


def _failure(exit: Exit) -> str:
    peak = f" at a peak of {exit.peak_rss_bytes / 2**20:.0f} MB" if exit.peak_rss_bytes else ""
    if exit.cause == "oom":
        return f"killed for want of memory{peak}"
    if exit.cause == "timeout":
        return f"ended after {exit.wall_s or 0:.0f} s, the longest that a trial may run"
    if exit.cause == "unstartable":
        return f"could not be started: {exit.message}"
    if exit.signal is not None:
        return f"killed by {_signal_name(exit.signal)}{peak if exit.signal == signal.SIGKILL else ''}"
    return f"failed with exit code {exit.code}"


def _signal_name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"


def likeness(exit: Exit, last_line: str) -> str:
    """What makes two failures alike: cause, code or signal, and the last line of output with its numbers left out."""
    return f"{exit.cause}/{exit.code}/{exit.signal}/{re.sub(r'[0-9]+', '#', last_line)}"


def _way_out(last_line: str) -> str:
    """What helps scripts that were written for an older NumPy; ''."""
    if not re.search(r"(module 'numpy' has no attribute|`np\.\w+` was (removed|a deprecated))", last_line):
        return ""
    return " (names that NumPy took away come back with --restore-numpy-names)"
