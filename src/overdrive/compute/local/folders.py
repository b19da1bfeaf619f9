"""Watches the files of all living attempts and the mailbox, and wakes the engine as seldom as it may."""

from collections.abc import Callable
from collections.abc import Hashable

from overdrive.compute.local.sleeper import Sleeper
from overdrive.host.watch import ARRIVALS
from overdrive.host.watch import GROWTH
from overdrive.host.watch import Watch
from overdrive.host.watch import open_watch

__all__ = ["FolderWatch"]

#: After spools grew, the engine is not woken for spools again for that long: 20,000 lines a second cost 50 wake-ups.
_COOLDOWN_S = 0.02


class FolderWatch:
    """Two watches: records and mail are told at once, growing spools at most every 20 ms."""

    def __init__(
        self,
        sleeper: Sleeper,
        arrived: Callable[[Hashable, str], None],
        grew: Callable[[Hashable], None],
        overflowed: Callable[[], None],
    ) -> None:
        """arrived: told (key, name) of each file that appeared; grew: told the key of each file that was written to.

        overflowed: told that some of that was missed.
        """
        self._sleeper = sleeper
        self._arrived = arrived
        self._grew = grew
        self._overflowed = overflowed
        self._arrivals = open_watch(ARRIVALS)
        self._growth = open_watch(GROWTH)
        self._listen(self._arrivals, self.read_arrivals)
        self._listen(self._growth, self._growth_woke)

    def _listen(self, watch: Watch, call: Callable[[], None]) -> None:
        if watch.fd is not None:
            self._sleeper.watch(watch.fd, call)

    def add_folder(self, path: str, key: Hashable, remote: bool = False) -> None:
        """Watches for files that appear in the folder by rename."""
        self._arrivals.add(path, key, remote)
        self._keep_looking()

    def add_file(self, path: str, key: Hashable) -> None:
        """Watches for writes to the file."""
        self._growth.add(path, key)
        self._keep_looking()

    def remove(self, key: Hashable) -> None:
        """Forgets what was added with this key."""
        if self._arrivals.remove(key):
            self._sleeper.call_in(0.0, self.read_arrivals)
        if self._growth.remove(key):
            self._sleeper.call_in(0.0, self.read_growth)

    def read_arrivals(self) -> None:
        """Tells what arrived until now."""
        changes = self._arrivals.read()
        for key, name in changes.seen:
            self._arrived(key, name)
        if changes.overflow:
            self._overflowed()

    def read_growth(self) -> None:
        """Tells what grew until now."""
        changes = self._growth.read()
        for key, _ in changes.seen:
            self._grew(key)
        if changes.overflow:
            self._overflowed()

    def _growth_woke(self) -> None:
        self.read_growth()
        if self._growth.fd is not None:
            self._sleeper.forget(self._growth.fd)
            self._sleeper.call_in(_COOLDOWN_S, self._cooled_down)

    def _cooled_down(self) -> None:
        self._listen(self._growth, self._growth_woke)

    def _keep_looking(self) -> None:
        """Where the kernel does not tell, look every now and then."""
        periods = [period for watch in (self._arrivals, self._growth) if (period := watch.period_s) is not None]
        if periods:
            self._sleeper.call_in(min(periods), self._look)

    def _look(self) -> None:
        self.read_arrivals()
        self.read_growth()
        self._keep_looking()

    def close(self) -> None:
        for watch in (self._arrivals, self._growth):
            if watch.fd is not None:
                self._sleeper.forget(watch.fd)
            watch.close()
