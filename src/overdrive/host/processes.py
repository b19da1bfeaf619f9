"""Processes by identity: pid, start ticks and boot. A number alone is never trusted: the kernel gives it out again.

Shims load this file, too, so it needs little else. Where there is no /proc (macOS) start ticks are 0,
which means 'unknown', descendants are asked of `ps`, and tagged processes cannot be found.
"""

import errno
import os
import signal
import time
from collections.abc import Callable
from collections.abc import Collection

from overdrive.host.machine import boot_id

__all__ = [
    "ATTEMPT",
    "children",
    "descendants",
    "is_same",
    "is_shortage",
    "kill_all_tagged",
    "name_of",
    "open_pidfd",
    "send_signal",
    "start_ticks",
    "tagged",
    "ticks_now",
]

#: The variable whose value marks the processes of one attempt of one trial.
ATTEMPT = "OVERDRIVE_ATTEMPT"

_HAS_PROC = os.path.exists("/proc/self/stat")
#: What lists all processes with their parents where there is no /proc.
_PS = ("/bin/ps", "-A", "-o", "pid=,ppid=")
#: Linux may be built without these files (CONFIG_PROC_CHILDREN).
_HAS_CHILDREN = os.path.exists(f"/proc/self/task/{os.getpid()}/children")
_TICK_NS = 10**9 // os.sysconf("SC_CLK_TCK")
_DEAD = (b"Z", b"X")


def start_ticks(pid: int) -> int | None:
    """Clock ticks from boot to the start of `pid`, a zombie too; None when there is none; 0 where unknown."""
    if not _HAS_PROC:
        return 0 if _exists(pid) else None
    fields = _stat(pid)
    return int(fields[19]) if fields else None


def ticks_now() -> int:
    """What `start_ticks` of a process made at this very moment is; 0 where unknown (clock_gettime(2), proc(5))."""
    return time.clock_gettime_ns(time.CLOCK_BOOTTIME) // _TICK_NS if _HAS_PROC else 0


def name_of(pid: int) -> str | None:
    """What the process calls itself (the first 15 bytes); None for a zombie, when it is gone, and without /proc."""
    text = _read_stat(pid) if _HAS_PROC else None
    if text is None or text[text.rindex(b")") + 2 :][:1] in _DEAD:
        return None
    return os.fsdecode(text[text.index(b"(") + 1 : text.rindex(b")")])


def is_same(pid: int, ticks: int, boot: str) -> bool:
    """Whether the process that had this number, start and boot still lives; a zombie does not."""
    if boot != boot_id():
        return False
    if not _HAS_PROC:
        return _exists(pid)
    fields = _stat(pid)
    return fields is not None and int(fields[19]) == ticks and fields[0] not in _DEAD


def is_shortage(error: OSError) -> bool:
    """Whether the machine is short of what others may give back: processes, memory, descriptors."""
    return error.errno in (errno.EAGAIN, errno.ENOMEM, errno.EMFILE, errno.ENFILE)


def open_pidfd(pid: int, ticks: int, boot: str) -> int | None:
    """A descriptor of exactly that process, which becomes readable when it ends.

    None when it is gone, or where the system has none to give (macOS, Linux before 5.3, no descriptor left).
    """
    if not hasattr(os, "pidfd_open") or pid <= 0:
        return None
    try:
        fd = os.pidfd_open(pid)
    except OSError:
        return None
    if is_same(pid, ticks, boot):  # asked behind the opening: from here on the number cannot be given to another
        return fd
    os.close(fd)
    return None


def send_signal(pid: int, ticks: int, boot: str, number: int) -> bool:
    """Signals exactly that process; False when it is gone, or is not ours to signal."""
    fd = open_pidfd(pid, ticks, boot)
    try:
        if fd is not None:
            signal.pidfd_send_signal(fd, number)
        elif not is_same(pid, ticks, boot):
            return False
        else:
            os.kill(pid, number)
    except (ProcessLookupError, PermissionError):
        return False
    finally:
        if fd is not None:
            os.close(fd)
    return True


def children(pid: int) -> list[int]:
    """The processes whose parent is `pid`, zombies too; [] when it is gone."""
    if not _HAS_CHILDREN:
        return [child for child, parent in _parents() if parent == pid]
    found: list[int] = []
    try:
        for thread in os.listdir(f"/proc/{pid}/task"):
            with open(f"/proc/{pid}/task/{thread}/children", "rb") as file:
                found += map(int, file.read().split())
    except (FileNotFoundError, ProcessLookupError):  # it ended; its children now are somebody else's
        pass
    return found


def descendants(pid: int) -> list[int]:
    """All processes below `pid`, parents first. What is forked or ends meanwhile may be missing or too many."""
    if _HAS_CHILDREN:
        return _walk(pid, children)
    below: dict[int, list[int]] = {}
    for child, parent in _parents():
        below.setdefault(parent, []).append(child)
    return _walk(pid, lambda parent: below.get(parent, []))


def tagged(tags: Collection[str]) -> dict[str, list[tuple[int, int]]]:
    """For each of `tags` the (pid, ticks) of the processes that carry it as OVERDRIVE_ATTEMPT, this one left out.

    One pass over all processes whose environment may be read. Tags that nobody carries are missing from the answer.
    """
    found: dict[str, list[tuple[int, int]]] = {}
    for name in os.listdir("/proc") if _HAS_PROC and tags else ():
        if not name.isdecimal() or int(name) == os.getpid():
            continue
        ticks = start_ticks(int(name))
        tag = _tag_of(name)
        if ticks is not None and tag is not None and tag in tags:
            found.setdefault(tag, []).append((int(name), ticks))
    return found


def kill_all_tagged(tags: Collection[str]) -> set[str]:
    """KILLs every process that carries one of `tags`, and all below it. Returns the tags that somebody carried.

    A tag that is not in the answer is carried by nobody any more; call again, after a moment, until that is so.
    """
    found, boot = tagged(tags), boot_id()
    for processes in found.values():
        for pid, ticks in processes:
            below = [(child, start_ticks(child)) for child in descendants(pid)]
            send_signal(pid, ticks, boot, signal.SIGKILL)
            for child, child_ticks in below:
                if child_ticks is not None and child != os.getpid():
                    send_signal(child, child_ticks, boot, signal.SIGKILL)
    return set(found)


def _stat(pid: int) -> list[bytes] | None:
    """The fields of /proc/<pid>/stat from the third (state) on; the second, a name, may hold anything."""
    text = _read_stat(pid)
    return text[text.rindex(b")") + 2 :].split() if text else None


def _read_stat(pid: int) -> bytes | None:
    try:
        fd = os.open(f"/proc/{pid}/stat", os.O_RDONLY | os.O_CLOEXEC)
    except FileNotFoundError:
        return None
    try:
        return os.read(fd, 4096)
    except ProcessLookupError:
        return None
    finally:
        os.close(fd)


def _tag_of(name: str) -> str | None:
    """The value of OVERDRIVE_ATTEMPT with which the process was started."""
    try:
        with open(f"/proc/{name}/environ", "rb") as file:
            environment = b"\0" + file.read()
    except OSError:  # it ended, or is not ours
        return None
    start = environment.find(f"\0{ATTEMPT}=".encode())
    if start < 0:
        return None
    return os.fsdecode(environment[start:].split(b"\0", 2)[1].partition(b"=")[2])


def _exists(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _walk(pid: int, below: Callable[[int], list[int]]) -> list[int]:
    queue = [pid]
    for parent in queue:
        queue += below(parent)
    return queue[1:]


def _parents() -> list[tuple[int, int]]:
    """(pid, parent) of all processes."""
    if _HAS_PROC:
        pids = [int(name) for name in os.listdir("/proc") if name.isdecimal()]
        return [(pid, int(fields[1])) for pid in pids if (fields := _stat(pid))]
    reading, writing = os.pipe()
    pid = os.posix_spawn(_PS[0], _PS, {}, file_actions=[(os.POSIX_SPAWN_DUP2, writing, 1)])
    os.close(writing)
    with open(reading, "rb") as file:
        lines = file.read().splitlines()
    os.waitpid(pid, 0)
    return [(int(child), int(parent)) for child, parent in (line.split() for line in lines)]
