"""The trial of an interactive run: it waits until the process that logs lets go of its lock, and ends as told."""

from __future__ import annotations

import fcntl
import json
import os
import sys
import time

#: Names in the run's folder: the lock of the process that logs, and how it says that the run failed.
LOCK = "interactive.lock"
ENDED = "interactive.json"
#: What stands there while a process that was killed may be followed by another one, which takes the lock again.
GOES_ON = {"goes_on": True}
#: Seconds between two looks for that one.
_LOOK_S = 0.2


def wait(folder: str) -> int:
    """The exit code: 0 when the run is completed, or its process gone; 1 when it was said to have failed."""
    with open(os.path.join(folder, LOCK), "rb") as file:
        while True:
            fcntl.flock(file, fcntl.LOCK_SH)
            told = _told(folder)
            if told != GOES_ON:
                break
            fcntl.flock(file, fcntl.LOCK_UN)
            time.sleep(_LOOK_S)
    if told is None:
        return 0
    print(told["failure"])
    return 1


def _told(folder: str) -> dict | None:
    """What was said of the end; None: nothing."""
    try:
        with open(os.path.join(folder, ENDED), encoding="utf-8") as file:
            return json.load(file)
    except FileNotFoundError:
        return None


if __name__ == "__main__":
    sys.exit(wait(os.path.dirname(os.path.dirname(os.path.dirname(os.environ["OVERDRIVE_TRIAL"])))))
