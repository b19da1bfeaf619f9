"""The fork server: a small process that makes shims by fork, and stands in for those that die.

Run as `python -I -S forkserver.py` with a socket as standard input: each byte that comes brings one descriptor, the end
of a new shim's own socket. It has no threads, opens nothing, and loads the standard library and a few small files of
ours, so a fork of it is safe and small. When its engine is gone it stays as long as its shims do.
"""

import contextlib
import errno
import fcntl
import gc
import os
import signal
import socket
import sys


def _bare_packages() -> None:
    """Lets this process import single files of the package without running any __init__, which would load all of it."""
    root = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
    for name in ("overdrive", "overdrive.compute", "overdrive.compute.local", "overdrive.host"):
        package = type(sys)(name)
        package.__path__ = [os.path.join(root, *name.split(".")[1:])]
        sys.modules[name] = package


if __name__ == "__main__":
    _bare_packages()

from overdrive.compute.local.attempt_files import SERVER_NAME  # noqa: E402 - behind the bare packages
from overdrive.compute.local.kernel import become_subreaper  # noqa: E402
from overdrive.compute.local.kernel import name_process  # noqa: E402
from overdrive.compute.local.memory import OomCounter  # noqa: E402
from overdrive.compute.local.order import REFUSED  # noqa: E402
from overdrive.compute.local.order import receive_fds  # noqa: E402
from overdrive.compute.local.order import tell  # noqa: E402
from overdrive.compute.local.shim import serve  # noqa: E402
from overdrive.compute.local.signals import default_all  # noqa: E402
from overdrive.host.machine import boot_id  # noqa: E402
from overdrive.host.processes import children  # noqa: E402
from overdrive.host.processes import descendants  # noqa: E402
from overdrive.host.processes import send_signal  # noqa: E402
from overdrive.host.processes import start_ticks  # noqa: E402


class ForkServer:
    """Shims are its children. Any other child is an orphan that a dead shim left, and is killed."""

    def __init__(self, requests: socket.socket) -> None:
        self._requests = requests
        self._is_open = True
        self._shims: set[int] = set()
        self._oom = OomCounter()

    def run(self) -> None:
        """Until the engine is gone and so is the last shim."""
        self._ask_for_signal()
        while self._is_open or self._shims:
            self._reap()
            while self._is_open and self._take():
                pass
            if self._is_open or self._shims:
                signal.sigwait((signal.SIGCHLD, signal.SIGIO))
        self._reap()

    def _ask_for_signal(self) -> None:
        """SIGIO comes with every request, so that one wait is enough for requests and children."""
        fcntl.fcntl(self._requests, fcntl.F_SETOWN, os.getpid())
        flags = fcntl.fcntl(self._requests, fcntl.F_GETFL)
        fcntl.fcntl(self._requests, fcntl.F_SETFL, flags | os.O_ASYNC | os.O_NONBLOCK)

    def _take(self) -> bool:
        """Takes one request, if one waits."""
        try:
            data, fds = receive_fds(self._requests, 1)
        except BlockingIOError:
            return False
        if not data:
            self._is_open = False
            return False
        for fd in fds:
            self._fork(socket.socket(fileno=fd))
        return True

    def _fork(self, channel: socket.socket) -> None:
        """A new shim. Where the system refuses one, its socket says why before it closes."""
        with channel:
            try:
                pid = os.fork()
            except OSError as error:
                tell(channel, f"{REFUSED}{errno.errorcode.get(error.errno or 0, '')}: {error.strerror}\n")
                return
            if pid:
                self._shims.add(pid)
                return
            self._requests.close()
            serve(channel, self._oom)
            os._exit(0)

    def _reap(self) -> None:
        """Takes in who ended. What a dead shim left behind is this process's now, and ends with it."""
        while True:
            try:
                pid, _ = os.waitpid(-1, os.WNOHANG)
            except ChildProcessError:
                self._shims.clear()
                return
            if pid == 0:
                return
            self._shims.discard(pid)
            for orphan in children(os.getpid()):
                if orphan not in self._shims:
                    _kill([orphan, *descendants(orphan)])


def _kill(pids: list[int]) -> None:
    for pid in pids:
        ticks = start_ticks(pid)
        if ticks is not None:
            send_signal(pid, ticks, boot_id(), signal.SIGKILL)


def main() -> None:
    for name in os.listdir("/dev/fd"):  # what the engine was given by whoever started it is none of a script's business
        if int(name) > 2:
            with contextlib.suppress(OSError):  # the listing itself
                os.close(int(name))
    requests = socket.socket(fileno=os.dup(0))
    os.dup2(os.open(os.devnull, os.O_RDWR), 0)
    default_all()
    become_subreaper()
    name_process(SERVER_NAME)
    boot_id()  # read once for all shims
    gc.collect()
    gc.freeze()
    ForkServer(requests).run()


if __name__ == "__main__":
    main()
