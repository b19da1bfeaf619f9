"""What is said of what ended a script, or a part of it."""

import os
import sys
import traceback
from types import TracebackType

import overdrive
from overdrive.errors import InternalError
from overdrive.errors import OverdriveError
from overdrive.errors import SweepFailedError

__all__ = ["AZURE_ONLY", "say", "show_error"]

#: Names of the errors that say that something has a meaning in Azure only.
AZURE_ONLY = frozenset(("AzureOnlyException", "AzureOnlyKeyError", "NotHereError"))
_PACKAGE = os.path.dirname(os.path.abspath(overdrive.__file__ or ""))
_RUNNER = os.path.dirname(os.path.abspath(__file__))


def say(text: str) -> None:
    """One line on standard error, behind what the script has printed."""
    sys.stdout.flush()
    print(text, file=sys.stderr, flush=True)


def show_error(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """In place of Python's own: a failed sweep is one sentence; of what Overdrive refuses, the frames end in the
    script; of a Ctrl-C that ended a wait for a sweep, nothing: it was answered; all else is as Python shows it."""
    if isinstance(error, SweepFailedError):
        say(f"Error: {error.message}")
    else:
        shown = traceback.TracebackException(kind, error, trace)
        frames = list(shown.stack)
        while frames and (frames[0].filename.startswith(_RUNNER) or frames[0].filename == "<frozen runpy>"):
            del frames[0]
        if isinstance(error, KeyboardInterrupt) and frames and _is_inner(frames[-1].filename):
            return
        if isinstance(error, OverdriveError) and not isinstance(error, InternalError):
            last = max((at for at, frame in enumerate(frames) if not _is_inner(frame.filename)), default=len(frames))
            frames = frames[: last + 1]
        shown.stack = traceback.StackSummary.from_list(frames)
        say("".join(shown.format()).rstrip("\n"))
    hint = getattr(error, "hint", None)
    if isinstance(error, OverdriveError) and hint:
        say(f"Hint: {hint}")


def _is_inner(filename: str) -> bool:
    """Whether it is no file of the user's: Overdrive's, or what of Python's it raises through."""
    return filename.startswith(_PACKAGE) or os.path.basename(filename) in ("contextlib.py", "<string>")
