"""How much processor time the control groups above this process leave it (cgroups(7), version 1 and 2)."""

import os

__all__ = ["cpu_quota"]


def cpu_quota(root: str = "") -> float | None:
    """Cores' worth of processor time that this process may use, such as 1.5; None where nothing limits it.

    The smallest quota of its control group and of those above it counts. `root`: where to look for /proc and /sys.
    """
    try:
        groups = _lines(f"{root}/proc/self/cgroup")
        mounts = _mounts(_lines(f"{root}/proc/self/mountinfo"))
    except OSError:  # no Linux, or no /proc
        return None
    quotas: list[float] = []
    for line in groups:
        _, controllers, path = line.split(":", 2)
        version = 2 if controllers == "" else 1
        if version in mounts and (version == 2 or "cpu" in controllers.split(",")):
            top, point = mounts[version]
            below = path.removeprefix(top.rstrip("/")) if f"{path}/".startswith(f"{top.rstrip('/')}/") else ""
            quotas.extend(_quotas(f"{root}{point}", below.strip("/"), version))
    return min(quotas, default=None)


def _lines(path: str) -> list[str]:
    with open(path, encoding="utf-8", errors="surrogateescape") as file:
        return file.read().splitlines()


def _mounts(lines: list[str]) -> dict[int, tuple[str, str]]:
    """Version → (the group at the top of the mount, the mount point) of what holds the files about processor time."""
    found: dict[int, tuple[str, str]] = {}
    for line in lines:
        place, _, about = line.partition(" - ")
        kind, _, options = about.partition(" ")
        if kind == "cgroup2":
            found[2] = (place.split()[3], place.split()[4])
        elif kind == "cgroup" and "cpu" in options.split()[-1].split(","):
            found[1] = (place.split()[3], place.split()[4])
    return found


def _quotas(point: str, below: str, version: int) -> list[float]:
    """The quotas of the group `below` and of all above it, up to the mount point."""
    quotas = []
    while True:
        quota = _quota(f"{point}/{below}" if below else point, version)
        if quota is not None:
            quotas.append(quota)
        if not below:
            return quotas
        below = os.path.dirname(below)


def _quota(folder: str, version: int) -> float | None:
    try:
        if version == 2:
            allowed, period = _lines(f"{folder}/cpu.max")[0].split()
        else:
            allowed, period = (_lines(f"{folder}/cpu.cfs_{name}_us")[0] for name in ("quota", "period"))
    except (OSError, IndexError, ValueError):  # the top group has no such file; neither has one without the controller
        return None
    if allowed in ("max", "-1") or not allowed.isdecimal() or not period.isdecimal() or int(period) == 0:
        return None
    return int(allowed) / int(period)
