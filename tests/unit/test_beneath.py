"""Files beneath a folder: links lead nowhere."""

import errno
import os
from pathlib import Path

import pytest

from overdrive.errors import NotFoundError
from overdrive.host.beneath import list_beneath
from overdrive.host.beneath import open_beneath


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    top = tmp_path / "top"
    (top / "outputs" / "deep").mkdir(parents=True)
    (top / "outputs" / "b.txt").write_text("b")
    (top / "outputs" / "deep" / "a.txt").write_text("aa")
    (tmp_path / "secret").write_text("secret")
    (top / "outputs" / "link").symlink_to(tmp_path / "secret")
    (top / "outputs" / "away").symlink_to(tmp_path)
    os.mkfifo(top / "outputs" / "pipe")
    return top


def test_lists_regular_files_only(folder: Path) -> None:
    found = [(entry.parts, entry.size_bytes) for entry in list_beneath(str(folder), ["outputs"], 100)]
    assert found == [(("outputs", "b.txt"), 1), (("outputs", "deep", "a.txt"), 2)]
    assert len(list(list_beneath(str(folder), ["outputs"], 1))) == 1
    assert (
        list(list_beneath(str(folder), ["nothing"], 9)) == list(list_beneath(str(folder), ["outputs", "away"], 9)) == []
    )


def test_what_is_removed_meanwhile_hides_nothing_else(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = os.listdir
    monkeypatch.setattr(os, "listdir", lambda of: [*real(of), "a name that is gone"])
    assert len(list(list_beneath(str(folder), ["outputs"], 100))) == 2


def test_a_folder_that_may_be_read_and_not_entered_hides_nothing_else(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As the kernel answers others than root, whom no permission stops."""
    barred, real = (folder / "outputs" / "deep").stat(), os.stat

    def stat(path: str, dir_fd: int, follow_symlinks: bool) -> os.stat_result:
        if os.path.samestat(os.fstat(dir_fd), barred):
            raise PermissionError(errno.EACCES, "Permission denied")
        return real(path, dir_fd=dir_fd, follow_symlinks=follow_symlinks)

    with monkeypatch.context() as patched:
        patched.setattr(os, "stat", stat)
        named: list[tuple[str, ...]] = []
        found = [entry.parts for entry in list_beneath(str(folder), ["outputs"], 100, named.append)]
    assert (found, named) == ([("outputs", "b.txt")], [("outputs", "deep")])


def test_opens_what_is_there(folder: Path) -> None:
    fd = open_beneath(str(folder), ["outputs", "deep", "a.txt"])
    with os.fdopen(fd) as file:
        assert file.read() == "aa"


@pytest.mark.parametrize(
    "parts",
    [
        ["outputs", "link"],
        ["outputs", "away", "secret"],
        ["outputs", "pipe"],
        ["outputs"],
        ["outputs", "..", "..", "secret"],
        ["outputs/b.txt"],
        ["outputs", "b.txt\0"],
        ["outputs", ""],
        ["outputs", "."],
        ["outputs", "b.txt", "x"],
        ["outputs", "x" * 300],
    ],
    ids=repr,
)
def test_refuses_the_rest(folder: Path, parts: list[str]) -> None:
    with pytest.raises(NotFoundError):
        open_beneath(str(folder), parts)
