"""What every test gets: temp folders whose path is nasty, an environment of its own, and no process left behind."""

import os
import re
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import hypothesis
import pytest

#: The whole suite runs below a folder whose name breaks what is quoted carelessly.
NASTY = "a b'ü\"$(x)"
#: Seconds that processes of a test may take to notice that it is over.
PATIENCE_S = 10.0

hypothesis.settings.register_profile("overdrive", deadline=None, print_blob=True)
hypothesis.settings.load_profile("overdrive")


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    """Put the temp folders below a nasty path; a process of pytest-xdist gets its own below its parent's."""
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    # Before NumPy loads: BLAS threads that spin make tests beside each other many times slower.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    if config.option.basetemp is None and not hasattr(config, "workerinput"):
        top = Path(tempfile.mkdtemp(prefix="od-")).resolve()
        config.option.basetemp = str(top / NASTY)
        config.add_cleanup(lambda: shutil.rmtree(top, ignore_errors=True))


@pytest.fixture(autouse=True)
def _own_environment(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A home, a workspace and a runtime folder of the test's own, two slots, and nothing of the user's environment."""
    for name in list(os.environ):
        if name.startswith(("OVERDRIVE_", "AZUREML_", "XDG_")) and name != "OVERDRIVE_CRASH_KILLS":
            monkeypatch.delenv(name)
    home = tmp_path_factory.mktemp("home-" + re.sub(r"\W+", "_", request.node.name)[:40])
    for name in ("HOME", "OVERDRIVE_WORKSPACE", "OVERDRIVE_RUNTIME"):
        folder = home / name.rpartition("_")[2].lower()
        monkeypatch.setenv(name, str(folder))
    (home / "home").mkdir()
    monkeypatch.setenv("OVERDRIVE_SLOTS", "2")


@pytest.fixture(scope="session", autouse=True)
def _no_orphans(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """At the end of the session, fail if a process that a test started still lives (and end it)."""
    yield
    if not sys.platform.startswith("linux"):
        return
    mark = os.fsencode(tmp_path_factory.getbasetemp())
    deadline = time.monotonic() + PATIENCE_S
    while (left := _processes_with(mark)) and time.monotonic() < deadline:
        time.sleep(0.05)
    for pid in left:
        _end(pid, mark)
    lines = [f"  {pid}: {words}" for pid, words in left.items()]
    if lines:
        pytest.fail("processes outlived the tests that started them:\n" + "\n".join(lines), pytrace=False)


def _processes_with(mark: bytes) -> dict[int, str]:
    """The living processes, this one aside, whose environment or command line names the temp folder: pid to words."""
    found = {}
    for entry in os.scandir("/proc"):
        if entry.name.isdecimal() and int(entry.name) != os.getpid() and (words := _words(entry.path, mark)):
            found[int(entry.name)] = words
    return found


def _words(folder: str, mark: bytes) -> str | None:
    """The command line and home of the process with this /proc folder, if it is marked and no zombie."""
    try:
        line = Path(folder, "cmdline").read_bytes()
        environment = Path(folder, "environ").read_bytes()
    except OSError:  # it ended meanwhile, or is another user's
        return None
    if not line or mark not in line + environment:
        return None
    home = re.search(rb"(?:^|\0)HOME=([^\0]*)", environment)
    shown = [line.replace(b"\0", b" ").strip(), b"HOME=" + home.group(1) if home else b""]
    return " ".join(os.fsdecode(part) for part in shown)


def _end(pid: int, mark: bytes) -> None:
    """KILL the process if it still is the marked one."""
    try:
        handle = os.pidfd_open(pid)
    except OSError:
        return
    try:
        if _words(f"/proc/{pid}", mark):
            signal.pidfd_send_signal(handle, signal.SIGKILL)
    except ProcessLookupError:
        return
    finally:
        os.close(handle)
