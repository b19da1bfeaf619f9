"""Ends what a lost shim left behind: nothing of an attempt may live when it is called lost."""

import signal

from overdrive.compute.local.live import Live
from overdrive.host.processes import descendants
from overdrive.host.processes import is_same
from overdrive.host.processes import kill_all_tagged
from overdrive.host.processes import send_signal
from overdrive.host.processes import start_ticks

__all__ = ["Hunt"]


class Hunt:
    """Attempts whose shim is gone."""

    def __init__(self) -> None:
        self._lost: dict[str, Live] = {}

    def __bool__(self) -> bool:
        return bool(self._lost)

    def __contains__(self, live: Live) -> bool:
        return live.launch.tag in self._lost

    def add(self, live: Live) -> None:
        self._lost[live.launch.tag] = live

    def step(self) -> list[Live]:
        """KILLs every process of the attempts that is found; returns (and forgets) those of which none was.

        To be called again as long as there are attempts left: who is killed needs a moment to be gone.
        """
        carried = kill_all_tagged(self._lost.keys())
        gone = [live for tag, live in self._lost.items() if not _kill_script(live) and tag not in carried]
        for live in gone:
            del self._lost[live.launch.tag]
        return gone


def _kill_script(live: Live) -> bool:
    """Whether the script itself still lived; it may have started with another environment than it was given."""
    script = live.script()
    if script is None or not is_same(*script):
        return False
    pid, _, boot = script
    below = [(child, start_ticks(child)) for child in descendants(pid)]
    for child, ticks in [(pid, script[1]), *below]:
        if ticks is not None:
            send_signal(child, ticks, boot, signal.SIGKILL)
    return True
