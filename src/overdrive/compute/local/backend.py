"""The back end on this machine: shims, the files of the attempts, and one place to sleep."""

import contextlib
import json
import os
from collections.abc import Hashable

from overdrive.compute.launch import Launch
from overdrive.compute.local.folders import FolderWatch
from overdrive.compute.local.hunt import Hunt
from overdrive.compute.local.live import Live
from overdrive.compute.local.order import ENDED
from overdrive.compute.local.order import REFUSED
from overdrive.compute.local.order import STARTED
from overdrive.compute.local.shims import Channel
from overdrive.compute.local.shims import Shims
from overdrive.compute.local.sleeper import Sleeper
from overdrive.compute.local.work import tidy
from overdrive.compute.notices import Ended
from overdrive.compute.notices import Logged
from overdrive.compute.notices import Mail
from overdrive.compute.notices import Notice
from overdrive.compute.notices import Room
from overdrive.compute.notices import Started
from overdrive.host.clock import monotonic
from overdrive.host.clock import sleep
from overdrive.host.clock import wall
from overdrive.host.files import make_private
from overdrive.host.files import write_json
from overdrive.host.filesystem import is_network
from overdrive.host.processes import is_shortage
from overdrive.host.processes import open_pidfd
from overdrive.host.processes import send_signal
from overdrive.host.slots import Slot
from overdrive.host.slots import SlotPool
from overdrive.records import Exit

__all__ = ["LocalCompute"]

_MAIL = "mailbox"
#: An order whose shim died before the token was made is given that often.
_MOST_TRIES = 3
#: An order that the machine is too short of processes, memory or descriptors for is given that often, once a second.
_MOST_SHORTAGES = 60
#: Descriptors that are left for files that are open for a moment, and that each start needs on its way.
_SPARE_DESCRIPTORS, _DESCRIPTORS_OF_START = 10, 3
#: Shims are looked at that often where nothing tells of their end (macOS, no descriptor left), seconds.
_LOOK_S = 1.0
#: A stop for a shim that has not said who it is yet is tried again after that many seconds.
_STOP_S = 0.02
#: How long `adopt` waits for the processes of lost attempts to be gone; the rest is waited for by `poll`.
_HUNT_S = 1.0


class LocalCompute:
    """Trials as process trees of this machine, each below its shim; they outlive this object.

    sweep_folder: the sweep's folder, which exists. pool: where slots come from; closed by `close`.
    Raises OSError when the machine gives neither processes nor descriptors.
    """

    def __init__(self, sweep_folder: str, pool: SlotPool) -> None:
        self._folder = os.path.abspath(sweep_folder)
        self._pool = pool
        self._live: dict[Hashable, Live] = {}
        #: In the order in which they came; a dict because fifty growing spools are told of thousands of times a second.
        self._ready: dict[Notice, None] = {}
        self._sleeper = Sleeper()
        self._shims = Shims()
        self._shims.start_server()
        self._files = FolderWatch(self._sleeper, self._arrived, self._grew, self._overflowed)
        mailbox = os.path.join(self._folder, _MAIL)
        make_private(mailbox)
        self._files.add_folder(mailbox, _MAIL, remote=is_network(mailbox))
        self._hunt = Hunt()
        self._hunt_s = 0.0
        self._is_room_told = False
        #: Slots that were given for starts that have not come yet.
        self._reserved = 0
        #: A descriptor of somebody else's that ends the sleep.
        self._woken_on: int | None = None
        #: Attempts whose order is to be given again.
        self._short: list[Live] = []

    # What the engine asks for

    def reserve(self) -> Slot | None:
        """A slot of the pool; without one, `Room` comes when another sweep may have freed one, or descriptors."""
        self._is_room_told = False
        if not self._sleeper.has_spare_descriptors(_SPARE_DESCRIPTORS + _DESCRIPTORS_OF_START * self._reserved):
            self._sleeper.call_in(_LOOK_S, self._tell_room)
            return None
        slot = self._pool.take()
        self._reserved += slot is not None
        if slot is None and (seconds := self._pool.retry_after_s()) is not None:
            self._sleeper.call_in(seconds, self._tell_room)
        return slot

    def start(self, launch: Launch) -> None:
        """See `Compute.start`."""
        self._reserved = max(0, self._reserved - 1)
        if launch.key in self._live:
            return
        live = Live(launch, self._folder)
        self._live[live.key] = live
        self._give_order(live)
        if self._live.get(live.key) is live:
            self._watch_spool(live)

    def stop(self, trial: int, attempt: int, now: bool) -> None:
        """See `Compute.stop`."""
        live = self._live.get((trial, attempt))
        if live is not None and (now or not live.is_stop_sent):
            live.stop = now or bool(live.stop)
            live.is_stop_sent = False
            self._send_stops()

    def adopt(self, launches: list[Launch]) -> list[Launch]:
        """See `Compute.adopt`. Slots of what was never started are given back."""
        unstarted: list[Launch] = []
        for launch in launches:
            live = Live(launch, self._folder)
            self._live[live.key] = live
            self._files.add_folder(live.files.folder, live.key)  # before they are read: what comes from here on is told
            if not self._recover(live):
                self._unwatch(live)
                if launch.slot is not None:
                    launch.slot.release()
                    launch.slot = None
                unstarted.append(launch)
        deadline = monotonic() + _HUNT_S
        while self._hunt and monotonic() < deadline:
            self._hunt_on()
            sleep(0.005)
        return unstarted

    def poll(self, timeout_s: float | None) -> list[Notice]:
        """See `Compute.poll`. Ends and mail are told at once, starts within 50 ms, spools at most every 20 ms."""
        if self._is_room_told:
            self._is_room_told = False
            self._pool.rest()  # it was told that there may be room, and did not ask
        deadline = None if timeout_s is None else monotonic() + timeout_s
        while True:
            left = None if deadline is None else max(0.0, deadline - monotonic())
            is_woken = self._sleeper.sleep(0.0 if self._ready else left)
            if self._ready or is_woken or (deadline is not None and monotonic() >= deadline):
                break
        ready, self._ready = list(self._ready), {}
        return ready

    def wake(self) -> None:
        """See `Compute.wake`."""
        self._sleeper.wake()

    def wake_on(self, fd: int | None) -> None:
        """See `Compute.wake_on`."""
        if self._woken_on is not None:
            self._sleeper.forget(self._woken_on)
        if fd is not None:
            self._sleeper.watch(fd, self._sleeper.wake)
        self._woken_on = fd

    def close(self) -> None:
        """See `Compute.close`."""
        self._files.close()
        for live in self._live.values():
            self._let_go(live)
            if live.channel is not None:
                live.channel.close()
            if live.launch.slot is not None:
                live.launch.slot.close()
        self._shims.close(waits=not self._live)
        self._live.clear()
        self._sleeper.close()
        self._pool.close()

    # Giving orders

    def _give_order(self, live: Live) -> None:
        """To a shim. What cannot be given is an end: 'unstartable'."""
        live.tries += 1
        live.is_stop_sent = False  # to this shim nobody has said it
        slot = live.launch.slot
        try:
            channel = self._shims.give(live.order(), slot.fds if slot else [])
        except (OSError, ValueError) as error:
            if isinstance(error, OSError) and is_shortage(error):
                self._wait_for_more(live, str(error))
            elif isinstance(error, ConnectionError) and live.tries < _MOST_TRIES:
                self._give_order(live)  # the shim was killed before it had read it
            else:
                self._unstartable(live, str(error))
            return
        live.channel = channel
        self._sleeper.watch(channel.fileno(), lambda: self._shim_spoke(live, channel))
        if live.stop is not None:
            self._sleeper.call_in(_STOP_S, self._send_stops)

    def _wait_for_more(self, live: Live, message: str) -> None:
        """The machine is short of something: the order is given again in a second, for a minute."""
        live.shortages += 1
        if live.shortages > _MOST_SHORTAGES:
            self._unstartable(live, message)
            return
        live.tries -= 1
        self._short.append(live)
        self._sleeper.call_in(_LOOK_S, self._give_again)

    def _give_again(self) -> None:
        waiting, self._short = self._short, []
        for live in waiting:
            if self._live.get(live.key) is live:
                self._give_order(live)

    def _unstartable(self, live: Live, message: str) -> None:
        self._end(live, self._record(live, Exit(cause="unstartable", message=message, ended_at=wall())))

    def _record(self, live: Live, exit: Exit) -> Exit:
        """Writes the record that no shim wrote. On a full disk it is missing; the next engine finds out anew."""
        with contextlib.suppress(OSError):
            write_json(live.files.exit, exit.to_json())
        return exit

    def _send_stops(self) -> None:
        """To shims that are to stop and were not told; those that have not said who they are yet come later."""
        waiting = False
        for live in self._live.values():
            if live.stop is None or live.is_stop_sent:
                continue
            shim = live.shim()
            if shim is None:
                waiting = True
                continue
            # The file may still name a shim that died before it began; another is on its way then.
            live.is_stop_sent = send_signal(*shim, live.signal_number)
            waiting = waiting or not live.is_stop_sent
            if live.is_stop_sent and live.channel is not None:
                live.channel.is_signalled = True
        if waiting:
            self._sleeper.call_in(_STOP_S, self._send_stops)

    # What is told

    def _tell(self, notice: Notice) -> None:
        self._ready.setdefault(notice)

    def _tell_started(self, live: Live, started: Started | None) -> None:
        if live.started is None and started is not None:
            live.started = started
            self._tell(started)
            if live.has_grown:
                self._tell(Logged(*live.key))

    def _tell_logged(self, live: Live) -> None:
        """Never before the start, which the shim tells later than it writes it down."""
        live.has_grown = True
        self._tell_started(live, live.started or live.read_started())
        if live.started is not None:
            self._tell(Logged(*live.key))

    def _watch_spool(self, live: Live) -> None:
        live.make_spool()
        self._files.add_file(live.files.spool, live.key)
        if live.has_logged():
            self._tell_logged(live)

    def _tell_room(self) -> None:
        self._is_room_told = True
        self._tell(Room())

    # What happens

    def _arrived(self, key: Hashable, name: str) -> None:
        if key == _MAIL:
            if not name.startswith("."):
                self._tell(Mail())
        elif (live := self._live.get(key)) is not None:
            if name == live.files.started_name:
                self._tell_started(live, live.read_started())
            elif name == live.files.exit_name:
                self._end_if_recorded(live)

    def _grew(self, key: Hashable) -> None:
        live = self._live.get(key)
        if live is not None:
            self._tell_logged(live)

    def _overflowed(self) -> None:
        """Too much happened for the kernel's queue: everything is looked at."""
        for live in list(self._live.values()):
            self._tell_logged(live)
            self._end_if_recorded(live)
        self._tell(Mail())

    def _shim_spoke(self, live: Live, channel: Channel) -> None:
        """A line says what the file says that was written just before."""
        for line in channel.hear():
            kind, text = line[0], line[1:]
            if kind == STARTED:
                self._tell_started(live, Started(*live.key, **json.loads(text)))
            elif kind == ENDED:
                self._end(live, Exit.from_json(json.loads(text)))
                return
            elif kind == REFUSED:
                self._let_go(live)
                live.channel = None
                channel.close()
                self._wait_for_more(live, f"no process could be made: {text}")
                return
        if channel.is_gone:
            self._let_go(live)
            live.channel = None
            channel.bury()
            self._shim_left(live)

    def _end_if_recorded(self, live: Live) -> bool:
        exit = live.read_exit()
        if exit is not None:
            self._end(live, exit)
        return exit is not None

    def _end(self, live: Live, exit: Exit) -> None:
        """The attempt is over: nothing of it is watched or held any more."""
        if self._live.get(live.key) is not live:
            return
        if live.started is None:
            self._tell_started(live, live.read_started())
        self._files.read_growth()
        self._tell(Ended(*live.key, exit))
        self._unwatch(live)
        self._let_go(live)
        if live.channel is not None:
            self._shims.take_back(live.channel, None if live.launch.keep_work else live.files.work)
        if live.launch.slot is not None:
            live.launch.slot.release()

    # Shims that leave

    def _shim_left(self, live: Live) -> None:
        """Why did it leave? It had ended; another shim has the attempt; it never began; or it was killed."""
        self._let_go(live)
        if self._end_if_recorded(live):
            return
        if live.is_held():
            self._files.add_folder(live.files.folder, live.key)
            self._follow(live)
        elif live.started is not None or live.files.has_token():  # the script may have removed the token
            self._lose(live)
        elif live.tries < _MOST_TRIES:
            self._give_order(live)
        else:
            self._unstartable(live, "the processes that watch over trials do not stay alive")

    def _lose(self, live: Live) -> None:
        self._hunt.add(live)
        self._hunt_s = 0.0
        self._sleeper.call_in(0.0, self._hunt_on)

    def _hunt_on(self) -> None:
        """Calls those attempts lost of which no process is left."""
        for live in self._hunt.step():
            if not self._end_if_recorded(live):
                self._end(live, self._record(live, Exit(cause="lost", ended_at=wall())))
                self._tidy(live)
        if self._hunt:
            self._hunt_s = min(1.0, self._hunt_s * 2 or 0.01)
            self._sleeper.call_in(self._hunt_s, self._hunt_on)

    def _tidy(self, live: Live) -> None:
        """Instead of a shim that was killed. What cannot be removed stays."""
        if not live.launch.keep_work:
            with contextlib.suppress(OSError):
                tidy(live.files.work)

    # Attempts of earlier engines

    def _recover(self, live: Live) -> bool:
        """Takes over an attempt that an earlier engine planned; False when nothing of it was ever started."""
        if live.read_exit() is None and live.is_held():
            self._tell_started(live, live.read_started())
            self._follow(live)
            return True
        exit = live.read_exit()  # once more: the shim may have written it and left between the two looks
        if exit is not None:
            if not live.is_held():
                self._tidy(live)
            self._end(live, exit)
            return True
        if live.files.has_token():
            self._tell_started(live, live.read_started())
            self._lose(live)
            return True
        return False

    def _follow(self, live: Live) -> None:
        """Waits for the end of a shim that is not this engine's. Its start may never have been written down."""
        self._watch_spool(live)
        shim = live.shim()
        fd = open_pidfd(*shim) if shim else None
        if fd is None:
            self._sleeper.call_in(_LOOK_S, self._look)
            return
        live.pidfd = fd
        self._sleeper.watch(fd, lambda: self._shim_left(live))

    def _look(self) -> None:
        """At those of whose end nothing would tell."""
        for live in list(self._live.values()):
            if live.channel is None and live.pidfd is None and live not in self._hunt and live not in self._short:
                self._shim_left(live)

    def _unwatch(self, live: Live) -> None:
        del self._live[live.key]
        self._files.remove(live.key)

    def _let_go(self, live: Live) -> None:
        """Does not wait for the shim any more."""
        if live.channel is not None:
            self._sleeper.forget(live.channel.fileno())
        if live.pidfd is not None:
            self._sleeper.forget(live.pidfd)
            os.close(live.pidfd)
            live.pidfd = None
