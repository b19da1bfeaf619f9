"""The shim: owns the process tree of one trial at a time, and leaves a true record of its end.

It outlives its engine. It is asked to stop by signals (TERM politely, USR1 at once), and gets orders from a socket:
when one trial has ended it waits for the next, which costs far less than a new process. It leaves when its engine is
gone, and when it was ever signalled, so that no signal meant for one trial can reach another.
"""

import errno
import fcntl
import json
import os
import select
import signal
import socket
import time
from functools import cache

from overdrive.compute.local.attempt_files import SHIM_NAME
from overdrive.compute.local.attempt_files import AttemptFiles
from overdrive.compute.local.attempt_files import make_token
from overdrive.compute.local.attempt_files import take_room
from overdrive.compute.local.attempt_files import write_small
from overdrive.compute.local.chores import Chores
from overdrive.compute.local.kernel import become_subreaper
from overdrive.compute.local.kernel import name_process
from overdrive.compute.local.logcap import LogCap
from overdrive.compute.local.memory import OomCounter
from overdrive.compute.local.order import ENDED
from overdrive.compute.local.order import STARTED
from overdrive.compute.local.order import Order
from overdrive.compute.local.order import receive
from overdrive.compute.local.order import tell
from overdrive.compute.local.script import spawn
from overdrive.compute.local.signals import is_stop_waiting
from overdrive.compute.local.signals import wait_for
from overdrive.compute.local.tree import Tree
from overdrive.compute.local.work import Copies
from overdrive.compute.local.work import prepare
from overdrive.compute.local.work import tidy
from overdrive.host.files import disk_is_full
from overdrive.host.files import has_room
from overdrive.host.files import is_barred
from overdrive.host.locks import lock_now
from overdrive.host.machine import boot_id
from overdrive.host.processes import is_shortage
from overdrive.host.processes import start_ticks
from overdrive.host.processes import ticks_now

__all__ = ["serve"]

#: Seconds between two tries while the disk is full.
_FULL_S = 0.5
#: Seconds for which the machine may be too short of something to start a script.
_SHORT_S = 60.0


def serve(channel: socket.socket, oom: OomCounter) -> None:
    """The shim's life: one order after the other. Every signal is blocked."""
    become_subreaper()
    name_process(SHIM_NAME)
    chores = Chores()
    goes_on = True
    while goes_on:
        channel.settimeout(chores.wait_s())
        try:
            message = receive(channel)
        except TimeoutError:
            chores.idle()
            continue
        if message is None:
            break
        goes_on = Attempt(channel, *message, oom, chores).run()
    chores.tidy()
    chores.sync()


class _Stopped(Exception):
    """Asked to stop before the script was started."""


class Attempt:
    """One attempt of one trial, from the order to the exit record."""

    def __init__(
        self, channel: socket.socket, order: Order, slot_fds: list[int], oom: OomCounter, chores: Chores
    ) -> None:
        self.files = AttemptFiles(order.folder, order.attempt)
        self._channel = channel
        self._order = order
        self._slot_fds = slot_fds
        self._oom = oom
        self._chores = chores
        self._log: LogCap | None = None
        self._copies: Copies | None = None
        self._is_claimed = False
        #: What the engine that lives now was not told yet.
        self._untold = ""
        #: Closed at the end: the lock on `alive`, the output.
        self._fds: list[int] = []
        self._begun = time.monotonic()

    def run(self) -> bool:
        """Returns whether this shim may take another order."""
        try:
            self._is_claimed = self._claim()
            return self._is_claimed and self._run_claimed()
        finally:
            self._close_slot()
            self._chores.add(self._tidy, self.files, None if self._order.keeps_work else self._copies)

    # Starting

    def _claim(self) -> bool:
        """Takes the lock and the token; False when another shim has them: an attempt starts once.

        Waits as long as the disk is full; False, too, when the engine is gone meanwhile: nothing was begun yet.
        """
        alive: int | None = None
        while True:
            try:
                if alive is None:
                    alive = self._open(self.files.alive, os.O_RDWR | os.O_CREAT)
                return self._lock_and_take(alive)
            except OSError as error:
                if not disk_is_full(error):
                    raise
            if select.select([self._channel], [], [], _FULL_S)[0]:
                return False

    def _lock_and_take(self, alive: int) -> bool:
        files = self.files
        while not lock_now(alive):
            if files.has_token():
                return False
            time.sleep(0.001)  # another shim is just about to make the token
        os.pwrite(alive, f"{{{_identity()}, {_server()}}}".ljust(200).encode(), 0)
        return make_token(files)

    def _run_claimed(self) -> bool:
        oom_kills = self._oom.read()
        try:
            script, output = self._start()
        except _Stopped:
            self._end('"cause": "stopped"')
            return False  # it was signalled
        except (OSError, ValueError) as error:
            return self._end(f'"cause": "unstartable", "message": {json.dumps(_words(error))}')
        self._chores.busy()
        self._log = LogCap(self.files, output, self._order.log_cap_bytes)
        tree = Tree(script, self._order.grace_s, self._order.limit_s, self._log, self._tell_start)
        tree.supervise()
        is_recorded = self._end(self._how(tree, oom_kills))
        return is_recorded and tree.cause != "stopped" and not is_stop_waiting()

    def _start(self) -> tuple[int, int]:
        """Prepares the folder and starts the script: its pid and its output. Waits as long as the disk is full."""
        order, files = self._order, self.files
        while True:
            if is_stop_waiting():
                raise _Stopped
            try:
                take_room(files.exit)
                self._copies = prepare(order.snapshot, files.work, self._chores.copies)
                output = self._open(files.output, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
                break
            except OSError as error:
                if not disk_is_full(error):
                    raise
            time.sleep(_FULL_S)
        self._begun = time.monotonic()
        before = ticks_now()
        script = self._spawn(output)
        # /proc answers when the script's exec is over, and burns processor time until then: it is asked only where the
        # clock went on to the next tick meanwhile.
        ticks = before if before == ticks_now() else start_ticks(script)
        self._announce(script, ticks or 0)
        return script, output

    def _spawn(self, output: int) -> int:
        """Starts the script, again and again for a minute where the machine is short of processes or memory."""
        order = self._order
        while True:
            try:
                return spawn(order.argv, order.environment, self.files.work, output)
            except OSError as error:
                if not is_shortage(error) or time.monotonic() > self._begun + _SHORT_S:
                    raise
            if wait_for(frozenset((signal.SIGTERM, signal.SIGUSR1)), _FULL_S):
                raise _Stopped

    def _open(self, path: str, flags: int) -> int:
        fd = os.open(path, flags | os.O_CLOEXEC, 0o600)
        self._fds.append(fd)
        return fd

    def _announce(self, script: int, ticks: int) -> None:
        """Writes down what runs. The engine is told in a moment, or with the end: that wakes it once for a short trial.

        On a full disk nothing is written down, and only the engine that lives now is told.
        """
        text = f'{{"pid": {script}, "ticks": {ticks}, {_identity()}, "at": {time.time():.6f}}}'
        try:
            write_small(self.files.started, text)
        except OSError as error:
            if not disk_is_full(error):
                raise
        self._untold = f"{STARTED}{text}\n"

    def _tell_start(self) -> None:
        tell(self._channel, self._untold)
        self._untold = ""

    # Ending

    def _how(self, tree: Tree, oom_kills: int) -> str:
        """The members of the exit record about a tree that is gone."""
        status = tree.status or 0
        number = os.WTERMSIG(status) if os.WIFSIGNALED(status) else None
        cause = tree.cause or ("exit" if number is None else "signal")
        if cause == "signal" and number == signal.SIGKILL and self._oom.read() > oom_kills:
            cause = "oom"
        how = f'"code": {os.WEXITSTATUS(status)}' if number is None else f'"signal": {number}'
        if status and cause in ("exit", "signal") and not has_room(self.files.folder):
            how += ', "disk_full": true'
        return f'"cause": "{cause}", {how}, "peak_rss_bytes": {tree.peak_rss_bytes}, "cpu_s": {tree.cpu_s:.6f}'

    def _end(self, how: str) -> bool:
        """Writes the record, and tells: from then on the engine goes on, and takes this shim for one that waits.

        A record that cannot be written, since the script removed or barred its own folder, is told only: the engine
        that lives now has the true end, and the next one calls the attempt lost. Returns whether there is one.
        """
        text = f'{{{how}, "wall_s": {time.monotonic() - self._begun:.6f}, "ended_at": {time.time():.6f}}}'
        self._free_slot()
        is_recorded = is_told = False
        try:
            is_recorded = is_told = self._record(text)
        except OSError as error:
            if not (is_barred(error) or error.errno == errno.ENOENT):
                raise
            is_told = True
        if is_told:
            tell(self._channel, f"{self._untold}{ENDED}{text}\n")
        return is_recorded

    def _record(self, text: str) -> bool:
        """Writes the exit record, however long the disk is full; False where somebody wants this shim gone at once."""
        while True:
            try:
                write_small(self.files.exit, text)
                return True
            except OSError as error:
                if not disk_is_full(error):
                    raise
            if wait_for(frozenset((signal.SIGUSR1,)), _FULL_S):
                return False

    def _free_slot(self) -> None:
        """Nothing of the tree is left: the slot is free at once, though the engine has copies of the descriptors."""
        for fd in self._slot_fds:
            fcntl.flock(fd, fcntl.LOCK_UN)
        self._close_slot()

    def _close_slot(self) -> None:
        """Without a record the slot is still the engine's, which may give the order again."""
        for fd in self._slot_fds:
            os.close(fd)
        self._slot_fds = []

    def _tidy(self) -> None:
        """What can take its time. Until it is done the lock on `alive` is held."""
        os.chdir("/")
        try:
            if self._log is not None:
                self._log.cut()
                self._log.close()
            if self._is_claimed and not self._order.keeps_work:
                tidy(self.files.work)
        finally:
            for fd in self._fds:
                os.close(fd)


@cache
def _identity() -> str:
    """The members of a JSON object that say which process this is."""
    me = os.getpid()
    return f'"shim": {me}, "shim_ticks": {start_ticks(me) or 0}, "boot_id": "{boot_id()}"'


@cache
def _server() -> str:
    """The members of a JSON object that say who gets this process's orphans."""
    server = os.getppid()
    return f'"server": {server}, "server_ticks": {start_ticks(server) or 0}'


def _words(error: OSError | ValueError) -> str:
    """'ENOENT: No such file or directory: /no/such/program'."""
    if not isinstance(error, OSError) or error.errno is None:
        return str(error)
    name = errno.errorcode.get(error.errno, str(error.errno))
    where = f": {error.filename}" if error.filename else ""
    return f"{name}: {error.strerror}{where}"
