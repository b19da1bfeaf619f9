"""What the engine's side knows of an attempt that was started and has not ended."""

import contextlib
import os
import signal

from overdrive.compute.launch import Launch
from overdrive.compute.local.attempt_files import AttemptFiles
from overdrive.compute.local.attempt_files import read_object
from overdrive.compute.local.order import Order
from overdrive.compute.local.shims import Channel
from overdrive.compute.notices import Started
from overdrive.host.files import is_barred
from overdrive.host.locks import is_held
from overdrive.host.processes import ATTEMPT
from overdrive.records import Exit

__all__ = ["Live"]


class Live:
    """One attempt."""

    def __init__(self, launch: Launch, sweep_folder: str) -> None:
        self.launch = launch
        self.key = launch.key
        self.files = AttemptFiles(os.path.join(sweep_folder, launch.folder), launch.attempt)
        self._snapshot = os.path.join(sweep_folder, launch.snapshot)
        #: The shim, if it is one of ours; else its pidfd, where there is one.
        self.channel: Channel | None = None
        self.pidfd: int | None = None
        self.started: Started | None = None
        #: Whether something is known to be in the spool.
        self.has_grown = False
        #: A stop that is asked for: now (True), politely (False), or None.
        self.stop: bool | None = None
        self.is_stop_sent = False
        #: How often the order was given, and how often it could not be, for want of processes, memory or descriptors.
        self.tries = 0
        self.shortages = 0

    @property
    def signal_number(self) -> int:
        """What tells the shim to stop the attempt as it is asked for."""
        return signal.SIGUSR1 if self.stop else signal.SIGTERM

    def order(self) -> Order:
        launch = self.launch
        return Order(
            folder=self.files.folder,
            snapshot=self._snapshot,
            attempt=launch.attempt,
            argv=launch.argv,
            environment={**launch.environment, ATTEMPT: launch.tag},
            grace_s=launch.grace_s,
            log_cap_bytes=launch.log_cap_bytes,
            keeps_work=launch.keep_work,
            limit_s=launch.max_run_duration_s,
        )

    def read_started(self) -> Started | None:
        """What the shim wrote when the script ran, or None as long as it has not."""
        found = read_object(self.files.started)
        return Started(*self.key, **found) if found else None

    def make_spool(self) -> None:
        """So that it can be watched before the first line is written. On a full disk the script makes it later."""
        with contextlib.suppress(OSError):
            os.close(os.open(self.files.spool, os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC, 0o600))

    def has_logged(self) -> bool:
        """Whether there is something in the spool."""
        try:
            return os.stat(self.files.spool).st_size > 0
        except OSError:  # there is none yet, or the script spoilt it: whoever reads it says so
            return False

    def is_held(self) -> bool:
        """Whether a shim has the attempt; not, where its lock cannot be asked: its processes are looked for then."""
        try:
            return is_held(self.files.alive)
        except OSError as error:
            if not is_barred(error):
                raise
            return False

    def shim(self) -> tuple[int, int, str] | None:
        """The shim's pid, start ticks and boot, as soon as it has the lock."""
        found = read_object(self.files.alive)
        return (found["shim"], found["shim_ticks"], found["boot_id"]) if found else None

    def server(self) -> tuple[int, int, str] | None:
        """The same of the fork server that made the shim."""
        found = read_object(self.files.alive)
        return (found["server"], found["server_ticks"], found["boot_id"]) if found and "server" in found else None

    def script(self) -> tuple[int, int, str] | None:
        """The script's pid, start ticks and boot, if it was started."""
        started = self.started or self.read_started()
        return (started.pid, started.ticks, started.boot_id) if started else None

    def read_exit(self) -> Exit | None:
        """The exit record; None when there is none, or only a torn one."""
        found = read_object(self.files.exit)
        return Exit.from_json(found) if found else None
