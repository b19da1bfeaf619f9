"""Which folders a trial gets in front of its import path."""

from __future__ import annotations

import os

_PACKAGE = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))


def trial_path(standin: bool) -> list[str]:
    """The folders to put in front of a trial's PYTHONPATH, first one first.

    standin: add the stand-in `overdrive` package, for interpreters that cannot import the real one.
    """
    folders = [os.path.join(_PACKAGE, "trialpath")]
    if standin:
        folders.append(os.path.join(_PACKAGE, "standin"))
    return folders
