"""What this machine can promise: the kernel features that Overdrive's promises rest on, tried and not assumed.

For `overdrive doctor`; loads ctypes and sqlite3, so nothing on the way to a trial may import it.
"""

import ctypes
import os
import select
import sqlite3
import sys
from typing import NamedTuple

from overdrive.errors import BrokenLocksError
from overdrive.host.copying import clone
from overdrive.host.filesystem import filesystem_of
from overdrive.host.locks import check_locks

__all__ = ["Guarantee", "guarantees"]

_PR_GET_CHILD_SUBREAPER = 37
#: The first SQLite without the WAL-reset bug.
_SQLITE_SAFE = (3, 51, 3)


class Guarantee(NamedTuple):
    """One feature: its short name, whether it is there, and a sentence about what that means."""

    name: str
    ok: bool
    sentence: str


def guarantees(folder: str) -> list[Guarantee]:
    """What the machine can promise with `folder`, which must be writable, as the workspace. Raises OSError."""
    return [
        _subreaper(),
        _pidfd(),
        _inotify(),
        _cgroup_kill(),
        _locks(folder),
        _network(folder),
        _reflink(folder),
        _sqlite(),
    ]


def _subreaper() -> Guarantee:
    answer = ctypes.c_int()
    libc = ctypes.CDLL(None, use_errno=True)
    ok = sys.platform == "linux" and libc.prctl(_PR_GET_CHILD_SUBREAPER, ctypes.byref(answer), 0, 0, 0) == 0
    yes = "every process that a trial starts is found and ended with it, daemons too"
    no = "processes that a trial detaches from itself may outlive it (this needs Linux)"
    return Guarantee("subreaper", ok, yes if ok else no)


def _pidfd() -> Guarantee:
    try:
        os.close(os.pidfd_open(os.getpid()))
        ok = True
    except (AttributeError, OSError):
        ok = False
    yes = "a signal never reaches a stranger who was given an old process's number"
    no = "process numbers are checked just before a signal is sent (pidfd needs Linux 5.3)"
    return Guarantee("pidfd", ok, yes if ok else no)


def _inotify() -> Guarantee:
    libc = ctypes.CDLL(None, use_errno=True)
    fd = libc.inotify_init1(os.O_CLOEXEC) if hasattr(libc, "inotify_init1") else -1
    if fd >= 0:
        os.close(fd)
        return Guarantee("inotify", True, "the engine sleeps until a trial logs something")
    if hasattr(select, "kqueue"):
        return Guarantee(
            "inotify", False, "the engine looks at the trials' files at intervals (there is no inotify here)"
        )
    return Guarantee(
        "inotify", False, "no inotify instance is left: the engine looks at the trials' files at intervals"
    )


def _cgroup_kill() -> Guarantee:
    """Whether our control group may have groups below it: a trial in its own could be ended by one write."""
    folder = _own_cgroup()
    ok = folder is not None and os.access(folder, os.W_OK) and os.path.exists(f"{folder}/cgroup.kill")
    yes = "control groups (version 2) may be made here: a trial's whole tree can be ended by one write"
    no = "no control group may be made here; a trial's processes are found by the subreaper instead"
    return Guarantee("cgroup kill", ok, yes if ok else no)


def _own_cgroup() -> str | None:
    try:
        with open("/proc/self/cgroup", encoding="utf-8") as file:
            lines = file.read().splitlines()
    except OSError:
        return None
    for line in lines:
        if line.startswith("0::"):
            for top in ("/sys/fs/cgroup", "/sys/fs/cgroup/unified"):
                if os.path.exists(f"{top}/cgroup.procs"):
                    return f"{top}{line[3:]}".rstrip("/")
    return None


def _locks(folder: str) -> Guarantee:
    try:
        check_locks(folder)
    except BrokenLocksError as error:
        return Guarantee("flock", False, error.message)
    return Guarantee("flock", True, f"locks in {folder} keep a second engine out")


def _network(folder: str) -> Guarantee:
    kind, is_network = filesystem_of(folder)
    yes = f"{folder} is on this machine's own disk ({kind})"
    no = f"{folder} is on a network's file system ({kind}): databases there are written without WAL, which is slower"
    return Guarantee("local disk", not is_network, no if is_network else yes)


def _reflink(folder: str) -> Guarantee:
    ok = _clones(folder)
    yes = "a trial's copy of the snapshot shares its blocks on the disk"
    no = f"{filesystem_of(folder)[0]} cannot share blocks: each trial gets its own copy of the snapshot's bytes"
    return Guarantee("reflink", ok, yes if ok else no)


def _clones(folder: str) -> bool:
    names = [f"{folder}/.tmp-clone-{os.urandom(8).hex()}" for _ in range(2)]
    fds = [os.open(name, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600) for name in names]
    try:
        os.write(fds[0], b"x" * 4096)
        return clone(fds[0], fds[1])
    finally:
        for fd, name in zip(fds, names, strict=True):
            os.close(fd)
            os.unlink(name)


def _sqlite() -> Guarantee:
    ok = sqlite3.sqlite_version_info >= _SQLITE_SAFE
    yes = f"SQLite {sqlite3.sqlite_version} is free of the WAL-reset bug"
    no = (
        f"SQLite {sqlite3.sqlite_version} has the WAL-reset bug (before 3.51.3), which needs two writers: "
        "each of Overdrive's databases has one, so it is not met"
    )
    return Guarantee("SQLite", ok, yes if ok else no)
