"""Ends what a lost shim left behind: nothing of an attempt may live when it is called lost."""

import signal

from overdrive.compute.local.attempt_files import SERVER_NAME
from overdrive.compute.local.attempt_files import SHIM_NAME
from overdrive.compute.local.live import Live
from overdrive.host.processes import children
from overdrive.host.processes import descendants
from overdrive.host.processes import is_same
from overdrive.host.processes import kill_all_tagged
from overdrive.host.processes import name_of
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
        gone = [live for tag, live in self._lost.items() if not (_kill_known(live) or tag in carried)]
        for live in gone:
            del self._lost[live.launch.tag]
        return gone


def _kill_known(live: Live) -> bool:
    """Whether something of the attempt still lived that its files tell of."""
    return _shim_dies(live) or _kill_script(live) or _kill_orphans(live)


def _shim_dies(live: Live) -> bool:
    """Whether the shim is on its way out only: its children are not yet somebody else's."""
    shim = live.shim()
    return shim is not None and is_same(*shim)


def _kill_orphans(live: Live) -> bool:
    """Whether the shim's fork server, which inherits what shims leave, still had some of it.

    It ends that by itself; but no attempt may be called lost before it has.
    """
    server = live.server()
    if server is None or not is_same(*server):
        return False
    orphans = [pid for pid in children(server[0]) if name_of(pid) not in (None, SERVER_NAME, SHIM_NAME)]
    for pid in orphans:
        _kill_tree(pid, server[2])
    return bool(orphans)


def _kill_script(live: Live) -> bool:
    """Whether the script itself still lived; it may have started with another environment than it was given."""
    script = live.script()
    if script is None or not is_same(*script):
        return False
    _kill_tree(script[0], script[2])
    return True


def _kill_tree(pid: int, boot: str) -> None:
    for each, ticks in [(each, start_ticks(each)) for each in (pid, *descendants(pid))]:
        if ticks is not None:
            send_signal(each, ticks, boot, signal.SIGKILL)
