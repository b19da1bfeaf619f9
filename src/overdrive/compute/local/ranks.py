"""Starts the processes of one distributed trial and ends with them. Standard library only, and run as a file.

It is the trial's program, below the shim, which stays as it is: what the shim tells the tree (TERM, KILL) reaches every
process of it, so a signal is not passed on here, and no process gets it twice. The first process that fails decides:
the others get TERM, and KILL when the grace is over, and this one ends as that one did.
"""

import contextlib
import json
import os
import resource
import signal
import socket
import subprocess
import sys
import time

__all__ = ["environments", "wrap"]

_HOST = "127.0.0.1"
_SIGNALS = frozenset((signal.SIGTERM, signal.SIGINT, signal.SIGCHLD))


def wrap(python: str, plan: dict, argv: list[str]) -> list[str]:
    """The command that runs `argv` in the plan's processes.

    python: an interpreter. plan: {"processes", "kind": 'pytorch', 'mpi' or 'tensorflow', "parameter_servers",
    "grace_s"}.
    """
    # Isolated: the trial's PYTHONPATH is for the trial.
    return [python, "-I", "-S", os.path.abspath(__file__), json.dumps(plan), *argv]


def environments(plan: dict, ports: list[int]) -> list[dict[str, str]]:
    """What each process is told, by rank. All run on this machine, so the local rank is the rank.

    ports: one that is free for each process; the first is MASTER_PORT.
    """
    count = plan["processes"]
    size = str(count)
    told = []
    for rank in range(count):
        mine = {"RANK": str(rank), "LOCAL_RANK": str(rank), "WORLD_SIZE": size, "LOCAL_WORLD_SIZE": size}
        mine.update({"NODE_RANK": "0", "MASTER_ADDR": _HOST, "MASTER_PORT": str(ports[0])})
        if plan["kind"] == "mpi":
            mine.update({"OMPI_COMM_WORLD_RANK": str(rank), "OMPI_COMM_WORLD_LOCAL_RANK": str(rank)})
            mine.update({"OMPI_COMM_WORLD_SIZE": size, "OMPI_COMM_WORLD_LOCAL_SIZE": size})
            mine["OMPI_COMM_WORLD_NODE_RANK"] = str(rank)
        if plan["kind"] == "tensorflow":
            mine["TF_CONFIG"] = json.dumps(_tensorflow(plan, ports, rank))
        told.append(mine)
    return told


def _tensorflow(plan: dict, ports: list[int], rank: int) -> dict:
    """TF_CONFIG: the workers first, the parameter servers behind them."""
    workers = plan["processes"] - plan["parameter_servers"]
    places = [f"{_HOST}:{port}" for port in ports]
    cluster = {"worker": places[:workers], "ps": places[workers:]}
    kind, index = ("worker", rank) if rank < workers else ("ps", rank - workers)
    known = {name: members for name, members in cluster.items() if members}
    return {"cluster": known, "task": {"type": kind, "index": index}, "environment": "cloud"}


def _free_ports(count: int) -> list[int]:
    """Ports that nobody listens on now; all are held until all are found, so that they differ."""
    with contextlib.ExitStack() as stack:
        sockets = [stack.enter_context(socket.socket()) for _ in range(count)]
        for each in sockets:
            each.bind((_HOST, 0))
        return [each.getsockname()[1] for each in sockets]


class _Ranks:
    """The processes of one trial."""

    def __init__(self, plan: dict) -> None:
        self._plan = plan
        #: Those that must end by themselves; parameter servers wait for ever, and are ended behind them.
        self._workers = plan["processes"] - plan["parameter_servers"]
        self._running: dict[int, subprocess.Popen] = {}
        self._kill_at: float | None = None
        #: As `Popen.returncode`: of the first that failed.
        self.status = 0

    def start(self, argv: list[str]) -> None:
        """Raises OSError where the program cannot be started."""
        plan = self._plan
        for rank, mine in enumerate(environments(plan, _free_ports(plan["processes"]))):
            if signal.SIGTERM in signal.sigpending():
                break  # the shim's TERM may have come before the next process was there
            self._running[rank] = subprocess.Popen(
                argv, env={**os.environ, **mine}, preexec_fn=_with_all_signals, close_fds=True
            )

    def end(self) -> None:
        """TERM to those that run, and KILL when the grace is over."""
        if self._kill_at is None:
            self._kill_at = time.monotonic() + self._plan["grace_s"]
            for process in self._running.values():
                process.terminate()

    def supervise(self) -> None:
        """Returns when all have ended."""
        while self._reap():
            left = None if self._kill_at is None else self._kill_at - time.monotonic()
            if left is not None and left <= 0:
                for process in self._running.values():
                    process.kill()
                signal.sigwait({signal.SIGCHLD})
            elif left is None:
                signal.sigwait(_SIGNALS)
            else:
                signal.sigtimedwait(_SIGNALS, left)

    def _reap(self) -> bool:
        """Takes in who ended; whether somebody is left."""
        for rank, process in list(self._running.items()):
            status = process.poll()
            if status is None:
                continue
            del self._running[rank]
            if status and self._kill_at is None:
                self.status = status
                self._say(rank, status)
                self.end()
        if self._running and all(rank >= self._workers for rank in self._running):
            self.end()
        return bool(self._running)

    def _say(self, rank: int, status: int) -> None:
        how = f"exit code {status}" if status > 0 else f"signal {-status}"
        count = self._plan["processes"]
        print(f"overdrive: process {rank} of {count} (rank {rank}) ended with {how}; the others are ended too")
        sys.stdout.flush()


def _with_all_signals() -> None:
    signal.pthread_sigmask(signal.SIG_SETMASK, ())


def _end_as(status: int) -> None:
    """Ends this process as that one ended."""
    if status >= 0:
        os._exit(status)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with contextlib.suppress(OSError):  # KILL and STOP have no other way
        signal.signal(-status, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_SETMASK, ())
    os.kill(os.getpid(), -status)
    os._exit(128 - status)


def _main() -> None:
    signal.pthread_sigmask(signal.SIG_BLOCK, _SIGNALS)
    plan, argv = json.loads(sys.argv[1]), sys.argv[2:]
    ranks = _Ranks(plan)
    try:
        ranks.start(argv)
    except OSError as error:
        print(f"overdrive: {argv[0]} cannot be started: {error.strerror}", flush=True)
        ranks.status = 127
        ranks.end()
    else:
        if signal.SIGTERM in signal.sigpending():
            ranks.end()
    ranks.supervise()
    _end_as(ranks.status)


if __name__ == "__main__":
    _main()
