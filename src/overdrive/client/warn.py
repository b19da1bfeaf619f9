"""Warnings to whoever called Overdrive."""

import sys
import warnings

__all__ = ["warn"]


def warn(text: str) -> None:
    """A UserWarning that names the caller's line: the nearest one outside of Overdrive."""
    frame, level = sys._getframe(1), 2
    while frame is not None and frame.f_globals.get("__name__", "").partition(".")[0] == "overdrive":
        frame, level = frame.f_back, level + 1
    warnings.warn(text, UserWarning, stacklevel=level)
