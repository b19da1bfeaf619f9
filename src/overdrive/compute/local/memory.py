"""Whether the kernel killed for want of memory. Standard library only."""

import os

__all__ = ["OomCounter"]


class OomCounter:
    """How many processes the kernel killed for want of memory, in this process's cgroup or in the whole machine."""

    def __init__(self) -> None:
        #: Held open, and inherited by forks: reading it once a trial costs a tenth of opening it.
        self._fd = _find()

    def read(self) -> int:
        """The count; 0 where nobody counts."""
        if self._fd is None:
            return 0
        try:
            return _count(self._fd) or 0
        except OSError:  # the cgroup is gone
            return 0


def _find() -> int | None:
    for path in [*_of_cgroups(), "/proc/vmstat"]:
        try:
            fd = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
        except OSError:
            continue
        if _count(fd) is not None:
            return fd
        os.close(fd)
    return None


def _of_cgroups() -> list[str]:
    """Where the counter may be: cgroup v2, then v1 (there the folder may be mounted at the top, in a container)."""
    try:
        with open("/proc/self/cgroup", encoding="utf-8", errors="surrogateescape") as file:
            lines = [line.rstrip("\n").split(":", 2) for line in file]
    except OSError:
        return []
    found: list[str] = []
    for _, controllers, path in lines:
        if controllers == "":
            found.append(f"/sys/fs/cgroup{path.rstrip('/')}/memory.events")
        elif controllers == "memory":
            found += [f"/sys/fs/cgroup/memory{below.rstrip('/')}/memory.oom_control" for below in (path, "")]
    return found


def _count(fd: int) -> int | None:
    _, found, rest = (b"\n" + os.pread(fd, 64 * 1024, 0)).partition(b"\noom_kill ")
    return int(rest.split(None, 1)[0]) if found else None
