"""The trial of an interactive run: it waits until the process that logs lets go of its lock, and ends as told."""

from __future__ import annotations

import fcntl
import json
import os
import sys

#: Names in the run's folder: the lock of the process that logs, and how it says that the run failed.
LOCK = "interactive.lock"
ENDED = "interactive.json"


def wait(folder: str) -> int:
    """The exit code: 0 when the run is completed, or its process gone; 1 when it was said to have failed."""
    with open(os.path.join(folder, LOCK), "rb") as file:
        fcntl.flock(file, fcntl.LOCK_SH)
    try:
        with open(os.path.join(folder, ENDED), encoding="utf-8") as file:
            print(json.load(file)["failure"])
        return 1
    except FileNotFoundError:
        return 0


if __name__ == "__main__":
    sys.exit(wait(os.path.dirname(os.path.dirname(os.path.dirname(os.environ["OVERDRIVE_TRIAL"])))))
