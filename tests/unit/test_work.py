"""Working directories: each has the snapshot's files as they are there, whatever the trial before did to its own."""

import mmap
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from overdrive.compute.local import work
from overdrive.compute.local.work import prepare


@pytest.fixture
def snapshot(tmp_path: Path) -> Path:
    folder = tmp_path / "snapshot"
    for name in ("train.py", "package/data.txt", "outputs/start.bin"):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"what {name} holds", encoding="utf-8")
    return folder


def _contents(folder: Path) -> dict[str, str]:
    return {str(path.relative_to(folder)): path.read_text(encoding="utf-8") for path in folder.rglob("*.*")}


def _number(path: Path) -> int:
    return path.stat().st_ino


def test_unchanged_files_are_moved(snapshot: Path, tmp_path: Path) -> None:
    copies, numbers = None, []
    for trial in range(3):
        folder = tmp_path / str(trial)
        copies = prepare(str(snapshot), str(folder), copies)
        assert _contents(folder) == _contents(snapshot)
        numbers.append([_number(folder / "train.py"), _number(folder / "package/data.txt")])
    assert numbers[0] == numbers[1] == numbers[2]
    stayed = {"outputs/start.bin": "what outputs/start.bin holds"}
    assert _contents(tmp_path / "0") == _contents(tmp_path / "1") == stayed


def _write_and_set_back(path: Path) -> None:
    before = path.stat()
    path.write_text("w" * before.st_size, encoding="utf-8")
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))


def _write_through_memory(path: Path) -> None:
    with path.open("r+b") as file, mmap.mmap(file.fileno(), 0) as memory:
        memory[:1] = b"W"
        memory.flush()


def _replace(path: Path) -> None:
    path.unlink()
    path.write_text("another", encoding="utf-8")


def _put_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


@pytest.mark.parametrize(
    "change",
    [
        _write_and_set_back,
        _write_through_memory,
        _replace,
        _put_folder,
        Path.unlink,
        lambda path: path.chmod(0o755),
        lambda path: os.link(path, f"{path}.link"),
        lambda path: path.rename(f"{path}.moved"),
    ],
)
def test_changed_files_are_not(snapshot: Path, tmp_path: Path, change: Callable[[Path], None]) -> None:
    copies = prepare(str(snapshot), str(tmp_path / "0"))
    number = _number(tmp_path / "0/train.py")
    held = (tmp_path / "0/train.py").open("rb")  # so that no other file gets its number
    change(tmp_path / "0/train.py")
    copies = prepare(str(snapshot), str(tmp_path / "1"), copies)
    assert _contents(tmp_path / "1") == _contents(snapshot)
    assert _number(tmp_path / "1/train.py") != number
    assert (tmp_path / "1/train.py").stat().st_mode == (snapshot / "train.py").stat().st_mode & ~0o077
    held.close()
    prepare(str(snapshot), str(tmp_path / "2"), copies)
    assert _contents(tmp_path / "2") == _contents(snapshot)


def test_a_tidied_folder_gives_nothing(snapshot: Path, tmp_path: Path) -> None:
    copies = prepare(str(snapshot), str(tmp_path / "0"))
    work.tidy(str(tmp_path / "0"))
    prepare(str(snapshot), str(tmp_path / "1"), copies)
    assert _contents(tmp_path / "1") == _contents(snapshot)


def test_another_snapshot(snapshot: Path, tmp_path: Path) -> None:
    copies = prepare(str(snapshot), str(tmp_path / "0"))
    other = tmp_path / "other"
    other.mkdir()
    (other / "train.py").write_text("another", encoding="utf-8")
    prepare(str(other), str(tmp_path / "1"), copies)
    assert _contents(tmp_path / "1") == {"train.py": "another"}


def test_of_many_files_some_are_moved(snapshot: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(work, "_MOST_COPIES", 1)
    copies = prepare(str(snapshot), str(tmp_path / "0"))
    prepare(str(snapshot), str(tmp_path / "1"), copies)
    assert _contents(tmp_path / "1") == _contents(snapshot)
    left = _contents(tmp_path / "0").keys() & {"train.py", "package/data.txt"}
    assert len(left) == 1
