"""Both watches see the same: what arrives in folders, what grows, and nothing that was forgotten."""

import os
import resource
import select
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from overdrive.host.watch import ARRIVALS
from overdrive.host.watch import GROWTH
from overdrive.host.watch import InotifyWatch
from overdrive.host.watch import PolledWatch
from overdrive.host.watch import Watch
from overdrive.host.watch import open_watch

WATCHES = [PolledWatch, *([InotifyWatch] if sys.platform == "linux" else [])]


@pytest.fixture(params=WATCHES)
def make(request: pytest.FixtureRequest) -> Iterator[type[Watch]]:
    made: list[Watch] = []

    def open_one(kind: int) -> Watch:
        made.append(request.param(kind))
        return made[-1]

    yield open_one  # type: ignore[misc]
    for watch in made:
        watch.close()


@pytest.fixture
def arrivals(make: type[Watch]) -> Watch:
    return make(ARRIVALS)


@pytest.fixture
def growth(make: type[Watch]) -> Watch:
    return make(GROWTH)


def put(folder: Path, name: str, text: str = "") -> None:
    (folder.parent / ".aside").write_text(text)
    (folder.parent / ".aside").rename(folder / name)


def test_what_arrives_is_seen_once(arrivals: Watch, tmp_path: Path) -> None:
    first, second = tmp_path / "a b", tmp_path / "ü\n"
    first.mkdir(), second.mkdir()
    put(first, "before")
    arrivals.add(str(first), 1)
    arrivals.add(str(second), "two")
    assert arrivals.read().seen == []
    put(first, "n ü")
    put(second, "m")
    assert set(arrivals.read().seen) == {(1, "n ü"), ("two", "m")}
    assert arrivals.read().seen == []


def test_a_replaced_file_arrives_again(arrivals: Watch, tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    put(folder, "n", "1")
    arrivals.add(str(folder), 1)
    put(folder, "n", "22")
    assert (1, "n") in arrivals.read().seen


def test_growth_is_seen(growth: Watch, tmp_path: Path) -> None:
    path = tmp_path / "spool"
    path.write_text("old")
    growth.add(str(path), (3, 1))
    assert growth.read().seen == []
    with path.open("a") as file:
        file.write("new")
        file.flush()
        assert set(growth.read().seen) == {((3, 1), "")}
        assert growth.read().seen == []
        file.write("newer")
    assert set(growth.read().seen) == {((3, 1), "")}


def test_a_file_that_comes_later_is_seen(growth: Watch, tmp_path: Path) -> None:
    """Its path could not be watched when it was added."""
    growth.add(str(tmp_path / "spool"), 1)
    assert growth.period_s is not None
    assert growth.read().seen == []
    (tmp_path / "spool").write_text("text")
    assert growth.read().seen == [(1, "")]


def test_what_is_removed_is_not_seen(arrivals: Watch, tmp_path: Path) -> None:
    folder, other = tmp_path / "folder", tmp_path / "other"
    folder.mkdir(), other.mkdir()
    arrivals.add(str(folder), 1)
    arrivals.add(str(other), 2)
    put(other, "n")
    arrivals.remove(1)
    arrivals.remove(1)
    arrivals.remove(99)
    put(folder, "n")
    assert arrivals.read().seen == [(2, "n")]


def test_a_folder_that_goes_away(arrivals: Watch, tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    arrivals.add(str(folder), 1)
    folder.rmdir()
    assert arrivals.read().seen == []
    folder.mkdir()
    arrivals.remove(1)
    arrivals.add(str(folder), 1)
    put(folder, "n")
    assert arrivals.read().seen == [(1, "n")]


@pytest.mark.skipif(sys.platform != "linux", reason="inotify")
class TestInotify:
    @pytest.fixture
    def watch(self) -> Iterator[InotifyWatch]:
        watch = InotifyWatch(ARRIVALS)
        yield watch
        watch.close()

    @staticmethod
    def is_ready(watch: Watch) -> bool:
        return bool(select.select([watch.fd], [], [], 0)[0])

    def test_it_wakes_for_what_counts(self, watch: InotifyWatch, tmp_path: Path) -> None:
        """Not for files that are written in place, and not for its own farewell."""
        folder = tmp_path / "folder"
        folder.mkdir()
        watch.add(str(folder), 1)
        (folder / "file").write_text("text")
        assert not self.is_ready(watch)
        put(folder, "n")
        assert self.is_ready(watch)
        watch.read()
        assert not self.is_ready(watch)
        assert watch.remove(1) is False
        assert not self.is_ready(watch)
        assert watch.period_s is None

    def test_it_says_what_it_took_along(self, watch: InotifyWatch, tmp_path: Path) -> None:
        """Events that waited when a watch was removed wake nobody any more: who removes is told to read."""
        for name in ("folder", "other"):
            (tmp_path / name).mkdir()
            watch.add(str(tmp_path / name), name)
        put(tmp_path / "other", "n")
        assert watch.remove("folder") is True
        assert watch.read().seen == [("other", "n")]

    def test_too_many_events(self, watch: InotifyWatch, tmp_path: Path) -> None:
        """The kernel drops what nobody reads, and says so."""
        folder = tmp_path / "folder"
        folder.mkdir()
        watch.add(str(folder), 1)
        limit = int(Path("/proc/sys/fs/inotify/max_queued_events").read_text())
        outside = str(tmp_path / "file")
        inside = [str(folder / "a"), str(folder / "b")]  # two names: the same event twice in a row counts once
        os.close(os.open(outside, os.O_CREAT))
        for n in range(limit + 10):
            os.rename(outside, inside[n % 2])
            os.rename(inside[n % 2], outside)
        changes = watch.read()
        assert changes.overflow
        assert len(changes.seen) == limit

    def test_without_an_instance_it_looks(self) -> None:
        """As where fs.inotify.max_user_instances (128 by default) is used up."""
        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        free = os.dup(0)
        os.close(free)
        resource.setrlimit(resource.RLIMIT_NOFILE, (free, hard))
        try:
            watch = open_watch(GROWTH)
        finally:
            resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
        assert isinstance(watch, PolledWatch)

    def test_a_folder_of_several_machines_is_looked_at_too(self, watch: InotifyWatch, tmp_path: Path) -> None:
        folder = tmp_path / "folder"
        folder.mkdir()
        watch.add(str(folder), 1, remote=True)
        assert watch.period_s is not None
        put(folder, "n")
        assert set(watch.read().seen) == {(1, "n")}
        watch.remove(1)
        assert watch.period_s is None
