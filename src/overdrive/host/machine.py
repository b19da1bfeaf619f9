"""Which machine this is, and what it has: cores and GPUs."""

import os
from functools import lru_cache

from overdrive.host.cgroups import cpu_quota

try:
    from _blake2 import blake2b  # the same function as hashlib's, which would load OpenSSL, too: 4 ms
except ImportError:
    from hashlib import blake2b

__all__ = ["boot_id", "gpus", "hostname", "machine_id", "usable_cores"]

#: Seconds that nvidia-smi may take; it hangs where the driver does.
_PATIENCE_S = 10.0


def hostname() -> str:
    """The machine's name, to show."""
    return os.uname().nodename


@lru_cache(maxsize=1)
def boot_id() -> str:
    """Text that differs between boots and machines: what was written about processes under another one is void."""
    text = _first_line("/proc/sys/kernel/random/boot_id")
    return text or _answer_of("/usr/sbin/sysctl", "-n", "kern.bootsessionuuid").strip() or f"unknown-{hostname()}"


@lru_cache(maxsize=1)
def machine_id() -> str:
    """16 hexadecimal digits that stay the same for this machine: a hash of /etc/machine-id, which is to be kept secret.

    Where there is none: a hash of the host name.
    """
    text = _first_line("/etc/machine-id") or _first_line("/var/lib/dbus/machine-id") or hostname()
    return blake2b(text.encode(), digest_size=8, person=b"overdrive").hexdigest()


def usable_cores() -> int:
    """Cores that this process may use, at least 1: its affinity, cut to the whole part of the control groups' quota."""
    if hasattr(os, "sched_getaffinity"):
        cores = len(os.sched_getaffinity(0))
    else:
        cores = os.cpu_count() or 1
    quota = cpu_quota()
    return max(1, cores if quota is None else min(cores, int(quota)))


def gpus() -> list[str]:
    """The GPUs that trials may use: names for CUDA_VISIBLE_DEVICES, which ROCm reads, too. Never raises.

    The first of these that says something: OVERDRIVE_GPUS, CUDA_VISIBLE_DEVICES, what `nvidia-smi -L` lists,
    HIP_VISIBLE_DEVICES, ROCR_VISIBLE_DEVICES, the kernel's list of AMD GPUs. A variable that is set but empty says
    'none'. Programs are asked once. Plain numbers count in the order of the PCI bus: who starts trials sets
    CUDA_DEVICE_ORDER=PCI_BUS_ID.
    """
    for name in ("OVERDRIVE_GPUS", "CUDA_VISIBLE_DEVICES"):
        if name in os.environ:
            return _listed(os.environ[name])
    if found := _nvidia_gpus():
        return list(found)
    for name in ("HIP_VISIBLE_DEVICES", "ROCR_VISIBLE_DEVICES"):
        if name in os.environ:
            return _listed(os.environ[name])
    return list(_amd_gpus())


def _listed(text: str) -> list[str]:
    """The devices in a list with commas, each once; as in CUDA, what follows an invalid one (-1) does not count."""
    found: list[str] = []
    for part in text.split(","):
        device = part.strip()
        if not device or device.startswith("-") or device.lower() in ("none", "void", "nodevfiles"):
            break
        if device not in found:
            found.append(device)
    return found


@lru_cache(maxsize=1)
def _nvidia_gpus() -> tuple[str, ...]:
    """Indices of NVIDIA's GPUs; where one is cut into parts (MIG), the names of its parts instead."""
    found: list[list[str]] = []
    for line in _answer_of("nvidia-smi", "-L").splitlines():
        if line.startswith("GPU "):
            found.append([line[4:].split(":", 1)[0]])
        elif found and "MIG" in line and "UUID: " in line:
            found[-1].append(line.split("UUID: ", 1)[1].rstrip(") "))
    return tuple(name for gpu in found for name in gpu[1:] or gpu)


def _amd_gpus() -> tuple[str, ...]:
    """Indices of the GPUs that the kernel's driver for AMD lists; processors are in its list, too, with the id 0."""
    nodes = "/sys/class/kfd/kfd/topology/nodes"
    try:
        ids = [_first_line(f"{nodes}/{name}/gpu_id") for name in os.listdir(nodes)]
    except OSError:  # no such driver
        return ()
    return tuple(str(index) for index in range(sum(text not in ("", "0") for text in ids)))


def _first_line(path: str) -> str:
    """The first line of a small file without blanks around it; '' where it cannot be read."""
    try:
        with open(path, encoding="utf-8", errors="replace") as file:
            return file.readline().strip()
    except OSError:
        return ""


def _answer_of(program: str, *arguments: str) -> str:
    """What a program prints; '' where it is missing, fails, or takes longer than `_PATIENCE_S`."""
    folders = os.environ.get("PATH", os.defpath).split(os.pathsep)
    if not any(os.access(os.path.join(folder, program), os.X_OK) for folder in folders):
        return ""
    import subprocess  # noqa: PLC0415 - 11 ms, and only where there is such a program

    try:
        answer = subprocess.run(
            (program, *arguments), stdin=subprocess.DEVNULL, capture_output=True, timeout=_PATIENCE_S, check=True
        )
    except (OSError, subprocess.SubprocessError):
        return ""
    return answer.stdout.decode(errors="replace")
