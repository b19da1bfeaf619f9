"""What a trial has a part of only: the rest is read from the control side, where this Python can import it."""

from __future__ import annotations

TYPE_CHECKING = False  # as typing's, which costs every trial ten modules
if TYPE_CHECKING:
    from typing import Any

#: What a trial cannot ask for: what it starts would end with it, and it would wait for itself.
_REFUSED = frozenset(("start_logging", "submit", "submit_child", "wait_for_completion"))


class TrialOnly:
    """Base of what a trial has a part of only. A public member that it lacks is the control side's, to read.

    Without the control side (another Python, or a process outside the workspace) it is refused in one sentence.
    """

    #: What the sentence calls it; None: as the class.
    _kind: str | None = None

    def __getattr__(self, name: str) -> object:
        """Called only for names that are not found. Raises AttributeError, since scripts ask with hasattr."""
        kind = type(self).__name__
        if name.startswith("_"):
            raise AttributeError(f"{kind!r} object has no attribute {name!r}")
        lacks = f"a trial's {self._kind or kind} has no {name!r} here; what it has: docs/logging.md"
        if name in _REFUSED:
            raise AttributeError(lacks)
        try:
            whole = self.whole()
        except ImportError as error:
            raise AttributeError(f"{lacks} ({error})") from error
        except _not_found() as error:  # the child runs that a script made live in its own spool alone
            raise AttributeError(f"{lacks} ({error.message})") from error
        return getattr(whole, name)

    def whole(self) -> Any:
        """The same thing as control scripts have it. Raises ImportError where this Python has no control side."""
        raise NotImplementedError


def _not_found() -> Any:
    from importlib import import_module  # noqa: PLC0415

    return import_module("overdrive.errors").NotFoundError


def control_side() -> Any:
    """`overdrive.compat.azureml`. Raises ImportError where this Python cannot import it."""
    from importlib import import_module  # noqa: PLC0415  (most trials do not ask)

    return import_module("overdrive.compat.azureml")
