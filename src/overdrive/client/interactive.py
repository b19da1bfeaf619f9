"""Runs that no script makes: a control process or notebook logs to them while they are open.

The trial of such a run is a small process that waits for a lock which the control process holds: released, or gone
with its process, it ends the trial. So engine, journal and views meet a run like any other; it holds no slot.
"""

import sys
from pathlib import Path

from overdrive.host.files import make_private
from overdrive.host.files import write_json
from overdrive.host.locks import FileLock
from overdrive.records import RunSpec
from overdrive.report.interactive import ENDED
from overdrive.report.interactive import LOCK


class Hold:
    """Keeps an interactive run open.

    folder: the run's. fails_unless_told: why the run failed where its holder goes without a word; None: it is completed
    then.
    """

    def __init__(self, folder: Path, fails_unless_told: str | None = None) -> None:
        self._folder = folder
        if fails_unless_told is not None:
            write_json(str(folder / ENDED), {"failure": fails_unless_told})
        self._lock = FileLock(str(folder / LOCK))
        self._lock.try_acquire()
        make_private(str(folder / "trials" / "0"))

    def end(self, failure: str | None) -> None:
        """Lets the trial end: completed, or failed for that reason."""
        if failure is not None:
            write_json(str(self._folder / ENDED), {"failure": failure})
        else:
            (self._folder / ENDED).unlink(missing_ok=True)
        self._lock.release()


def interactive_run(source_directory: str) -> RunSpec:
    """How the trial of an interactive run is started."""
    command = (sys.executable, "-m", "overdrive.report.interactive")
    return RunSpec(command=command, source_directory=source_directory, holds_slot=False)
