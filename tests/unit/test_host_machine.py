"""Which machine this is, and what it has."""

import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from overdrive.host import machine
from overdrive.host.cgroups import cpu_quota


def test_names_of_the_machine_are_stable() -> None:
    assert machine.hostname() == os.uname().nodename
    assert machine.boot_id()
    assert machine.boot_id() == machine.boot_id()
    assert len(machine.machine_id()) == 16
    assert int(machine.machine_id(), 16) >= 0


def test_the_machine_id_does_not_show_the_systems_own(monkeypatch: pytest.MonkeyPatch) -> None:
    secret = "0123456789abcdef0123456789abcdef"
    monkeypatch.setattr(machine, "_first_line", lambda path: secret if path == "/etc/machine-id" else "")
    named = machine.machine_id.__wrapped__()
    assert named not in secret
    monkeypatch.setattr(machine, "_first_line", lambda _: "")
    assert machine.machine_id.__wrapped__() != named
    assert machine.machine_id.__wrapped__() == machine.machine_id.__wrapped__()


def test_cores_are_at_least_one_and_within_the_affinity() -> None:
    assert 1 <= machine.usable_cores() <= len(os.sched_getaffinity(0))


@pytest.mark.parametrize(("quota", "cores"), [(None, 8), (0.5, 1), (1.5, 1), (2.0, 2), (16.0, 8)])
def test_the_quota_cuts_the_cores(monkeypatch: pytest.MonkeyPatch, quota: float | None, cores: int) -> None:
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: set(range(8)))
    monkeypatch.setattr(machine, "cpu_quota", lambda: quota)
    assert machine.usable_cores() == cores


def _system(root: Path, groups: str, mounts: str, values: dict[str, str]) -> str:
    for path, text in {"proc/self/cgroup": groups, "proc/self/mountinfo": mounts, **values}.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text)
    return str(root)


_V2 = "29 23 0:26 / /sys/fs/cgroup rw,nosuid shared:4 - cgroup2 cgroup2 rw,nsdelegate\n"
_V1 = "32 31 0:29 / /sys/fs/cgroup/cpu,cpuacct rw,relatime shared:9 - cgroup cgroup rw,cpu,cpuacct\n"


def test_quota_of_version_2_is_the_smallest_above_us(tmp_path: Path) -> None:
    top = "sys/fs/cgroup"
    root = _system(
        tmp_path,
        "0::/user.slice/my.scope\n",
        _V2,
        {
            f"{top}/user.slice/my.scope/cpu.max": "max 100000\n",
            f"{top}/user.slice/cpu.max": "250000 100000\n",
            f"{top}/other/cpu.max": "100 100000\n",
        },
    )
    assert cpu_quota(root) == 2.5


def test_quota_in_a_container_that_sees_only_its_own_group(tmp_path: Path) -> None:
    assert cpu_quota(_system(tmp_path, "0::/\n", _V2, {"sys/fs/cgroup/cpu.max": "150000 100000"})) == 1.5


def test_quota_in_a_container_that_sees_the_hosts_names(tmp_path: Path) -> None:
    mounts = _V1.replace(" / ", " /docker/0123 ", 1)
    values = {
        "sys/fs/cgroup/cpu,cpuacct/cpu.cfs_quota_us": "400000\n",
        "sys/fs/cgroup/cpu,cpuacct/cpu.cfs_period_us": "100000\n",
    }
    groups = "5:memory:/docker/0123\n4:cpu,cpuacct:/docker/0123\n0::/\n"
    assert cpu_quota(_system(tmp_path, groups, mounts, values)) == 4.0


@pytest.mark.parametrize(
    ("groups", "mounts", "values"),
    [
        ("0::/\n", _V2, {}),
        ("0::/\n", _V2, {"sys/fs/cgroup/cpu.max": "max 100000"}),
        ("0::/\n", _V2, {"sys/fs/cgroup/cpu.max": "nonsense"}),
        ("0::/\n", _V2, {"sys/fs/cgroup/cpu.max": ""}),
        ("0::/\n", "", {"sys/fs/cgroup/cpu.max": "100 100"}),
        (
            "4:cpu,cpuacct:/\n",
            _V1,
            {
                "sys/fs/cgroup/cpu,cpuacct/cpu.cfs_quota_us": "-1",
                "sys/fs/cgroup/cpu,cpuacct/cpu.cfs_period_us": "100000",
            },
        ),
    ],
)
def test_no_quota(tmp_path: Path, groups: str, mounts: str, values: dict[str, str]) -> None:
    assert cpu_quota(_system(tmp_path, groups, mounts, values)) is None


def test_no_proc_no_quota(tmp_path: Path) -> None:
    assert cpu_quota(str(tmp_path)) is None


@pytest.fixture
def no_gpus(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Path]:
    """A machine without GPUs, and an empty folder that is all of PATH."""
    for name in ("OVERDRIVE_GPUS", "CUDA_VISIBLE_DEVICES", "HIP_VISIBLE_DEVICES", "ROCR_VISIBLE_DEVICES"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(machine, "_amd_gpus", lambda: ())
    machine._nvidia_gpus.cache_clear()
    yield tmp_path
    machine._nvidia_gpus.cache_clear()


def _nvidia_smi(folder: Path, script: str) -> None:
    (folder / "nvidia-smi").write_text(f"#!/bin/sh\n{script}\n")
    (folder / "nvidia-smi").chmod(stat.S_IRWXU)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("0,1", ["0", "1"]),
        (" 3 , 1 ", ["3", "1"]),
        ("", []),
        ("-1", []),
        ("0,-1,1", ["0"]),
        ("1,1", ["1"]),
        ("GPU-8932f937,MIG-1", ["GPU-8932f937", "MIG-1"]),
        ("NoDevFiles", []),
    ],
)
@pytest.mark.parametrize(
    "name", ["OVERDRIVE_GPUS", "CUDA_VISIBLE_DEVICES", "HIP_VISIBLE_DEVICES", "ROCR_VISIBLE_DEVICES"]
)
def test_gpus_from_the_environment(
    no_gpus: Path, monkeypatch: pytest.MonkeyPatch, name: str, text: str, found: list[str]
) -> None:
    monkeypatch.setenv(name, text)
    assert machine.gpus() == found


def test_our_own_variable_goes_first(no_gpus: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _nvidia_smi(no_gpus, "echo 'GPU 7: A (UUID: GPU-a)'")
    monkeypatch.setenv("HIP_VISIBLE_DEVICES", "5")
    assert machine.gpus() == ["7"]
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "0,1,2")
    assert machine.gpus() == ["0", "1", "2"]
    monkeypatch.setenv("OVERDRIVE_GPUS", "2")
    assert machine.gpus() == ["2"]
    monkeypatch.setenv("OVERDRIVE_GPUS", "")
    assert machine.gpus() == []


def test_gpus_that_nvidia_smi_lists_are_asked_for_once(no_gpus: Path) -> None:
    _nvidia_smi(no_gpus, "echo 'GPU 0: NVIDIA A100 (UUID: GPU-aa)'; echo 'GPU 1: NVIDIA A100 (UUID: GPU-bb)'")
    assert machine.gpus() == ["0", "1"]
    _nvidia_smi(no_gpus, "exit 1")
    assert machine.gpus() == ["0", "1"]


def test_parts_of_a_gpu_stand_for_it(no_gpus: Path) -> None:
    _nvidia_smi(
        no_gpus,
        "echo 'GPU 0: NVIDIA A100 (UUID: GPU-aa)'\n"
        "echo '  MIG 3g.20gb     Device  0: (UUID: MIG-c7)'\n"
        "echo '  MIG 1g.5gb      Device  1: (UUID: MIG-GPU-aa/1/0)'\n"
        "echo 'GPU 1: NVIDIA A100 (UUID: GPU-bb)'",
    )
    assert machine.gpus() == ["MIG-c7", "MIG-GPU-aa/1/0", "1"]


@pytest.mark.parametrize(
    "script", ["exit 9", "echo 'NVIDIA-SMI has failed'; exit 0", "kill -9 $$", "printf '\\377\\n'"]
)
def test_a_broken_driver_means_no_gpus(no_gpus: Path, script: str) -> None:
    _nvidia_smi(no_gpus, script)
    assert machine.gpus() == []


def test_a_driver_that_hangs_means_no_gpus(no_gpus: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(machine, "_PATIENCE_S", 0.05)
    _nvidia_smi(no_gpus, "exec /bin/sleep 60")
    assert machine.gpus() == []


def test_no_driver_means_no_gpus(no_gpus: Path) -> None:
    assert machine.gpus() == []
    (no_gpus / "nvidia-smi").write_text("not a program")
    machine._nvidia_gpus.cache_clear()
    assert machine.gpus() == []
