"""Runs that no script makes: a control process or notebook logs to them while they are open.

The trial of such a run is a small process that waits for a lock which the control process holds: released, or gone
with its process, it ends the trial. So engine, journal and views meet a run like any other; it holds no slot.
"""

import sys
from pathlib import Path

from overdrive.host.files import make_private
from overdrive.host.files import read_json
from overdrive.host.files import write_json
from overdrive.host.locks import FileLock
from overdrive.host.locks import is_held
from overdrive.records import RunSpec
from overdrive.report.interactive import ENDED
from overdrive.report.interactive import GOES_ON
from overdrive.report.interactive import LOCK


class Hold:
    """Keeps an interactive run open.

    folder: the run's. goes_on: where its holder goes without a word, another one takes it up (`is_left`); otherwise it
    is completed then.
    """

    def __init__(self, folder: Path, *, goes_on: bool = False) -> None:
        self._folder = folder
        self._lock = FileLock(str(folder / LOCK))
        self._lock.try_acquire()
        if goes_on and self.is_mine:
            write_json(str(folder / ENDED), GOES_ON)
        make_private(str(folder / "trials" / "0"))

    @property
    def is_mine(self) -> bool:
        """Whether this process keeps it open, not another one."""
        return self._lock.is_mine

    def end(self, failure: str | None) -> None:
        """Lets the trial end: completed, or failed for that reason."""
        if failure is not None:
            write_json(str(self._folder / ENDED), {"failure": failure})
        else:
            (self._folder / ENDED).unlink(missing_ok=True)
        self._lock.release()


def is_left(folder: Path) -> bool:
    """Whether a run that goes on has lost the process that held it open."""
    # In this order: a holder says how the run ended before it lets go.
    return not is_held(str(folder / LOCK)) and read_json(str(folder / ENDED)) == GOES_ON


def interactive_run(source_directory: str) -> RunSpec:
    """How the trial of an interactive run is started."""
    command = (sys.executable, "-m", "overdrive.report.interactive")
    return RunSpec(command=command, source_directory=source_directory, holds_slot=False)
