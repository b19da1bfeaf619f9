"""A small disk of a test's own, that can be filled."""

import errno
import os
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

_IN_NAMESPACE = ["unshare", "-Urm"]
_PAGE = 4096


class SmallDisk:
    """A file system of 24 MB (tmpfs) below `path`."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._ballast = path / "ballast"

    @property
    def free_bytes(self) -> int:
        disk = os.statvfs(self.path)
        return disk.f_bavail * disk.f_frsize

    def fill(self, leave_pages: int = 0) -> None:
        """Takes all room but so many pages of 4 KB; more at each call, if there is more."""
        fd = os.open(self._ballast, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        try:
            while self.free_bytes > leave_pages * _PAGE:
                os.write(fd, bytes(max(_PAGE, min(1 << 20, self.free_bytes - leave_pages * _PAGE))))
        except OSError as error:
            if error.errno != errno.ENOSPC:
                raise
        finally:
            os.close(fd)

    def free(self) -> None:
        self._ballast.unlink(missing_ok=True)


def _mount(path: Path) -> bool:
    path.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=24m", "none", path]
    return subprocess.run(command, stderr=subprocess.DEVNULL).returncode == 0


@cache
def _may_unshare() -> bool:
    try:
        return subprocess.run([*_IN_NAMESPACE, "true"], stderr=subprocess.DEVNULL).returncode == 0
    except FileNotFoundError:
        return False


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[SmallDisk | None]:
    """A small disk; None where the test's body runs in a namespace of its own (see below), where it may mount one."""
    path = tmp_path / "disk"
    if sys.platform == "linux" and _mount(path):
        try:
            yield SmallDisk(path)
        finally:
            subprocess.run(["umount", "-l", path], check=True)
    elif sys.platform == "linux" and _may_unshare():
        yield None
    else:
        pytest.skip("neither mount nor a user namespace is permitted here")


@pytest.hookimpl(tryfirst=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> bool | None:
    """A test with a disk that cannot be mounted here runs again in a namespace where it can."""
    if pyfuncitem.funcargs.get("disk", pyfuncitem) is not None:
        return None
    name = f"{pyfuncitem.path}::{pyfuncitem.nodeid.partition('::')[2]}"
    command = [sys.executable, "-m", "pytest", "-q", "-n", "0", "-p", "no:cacheprovider", "-p", "no:randomly", name]
    done = subprocess.run([*_IN_NAMESPACE, *command], cwd=pyfuncitem.config.rootpath, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return True
