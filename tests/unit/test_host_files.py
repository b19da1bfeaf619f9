"""Files that are whole or absent, folder trees that are copied or gone."""

import contextlib
import errno
import json
import os
import socket
import sqlite3
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from overdrive.errors import WorkspaceError
from overdrive.host import copying
from overdrive.host import files
from overdrive.host.locks import is_held
from overdrive.host.locks import note_of

_NOBODY = 65534


def _mode(path: object) -> int:
    return stat.S_IMODE(os.stat(str(path), follow_symlinks=False).st_mode)


@pytest.fixture(params=[0o000, 0o022, 0o777], ids=oct)
def umask(request: pytest.FixtureRequest) -> Iterator[int]:
    """A umask that would make files too open or useless."""
    old = os.umask(request.param)
    yield request.param
    os.umask(old)


def test_a_file_is_written_whole_and_private(tmp_path: Path, umask: int) -> None:
    path = tmp_path / "é 'x\".json"
    for data in (b"\x00\xff", "grün", b""):
        files.write_atomically(str(path), data)
        assert path.read_bytes() == (data.encode() if isinstance(data, str) else data)
    files.write_atomically(str(path), "synced", sync=True)
    assert path.read_text() == "synced"
    assert _mode(path) == 0o600
    assert os.listdir(tmp_path) == [path.name]


def test_a_relative_path_is_written_where_we_are(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    files.write_atomically("here", "x", sync=True)
    assert (tmp_path / "here").read_text() == "x"


def test_a_write_that_fails_leaves_the_old_file_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "file"
    files.write_atomically(str(path), "old")

    def full(*_: object) -> int:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    for name in ("write", "fsync", "rename"):
        with monkeypatch.context() as patch:
            patch.setattr(os, name, full)
            with pytest.raises(OSError) as caught:
                files.write_atomically(str(path), "new", sync=True)
        assert files.disk_is_full(caught.value)
        assert os.listdir(tmp_path) == ["file"]
        assert path.read_text() == "old"


def test_a_write_that_takes_only_some_bytes_goes_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write = os.write
    monkeypatch.setattr(os, "write", lambda fd, data: write(fd, bytes(data)[:3]))
    files.write_atomically(str(tmp_path / "file"), "0123456789")
    assert (tmp_path / "file").read_text() == "0123456789"


def test_a_link_in_the_place_of_a_file_is_replaced_not_followed(tmp_path: Path) -> None:
    (tmp_path / "victim").write_text("mine")
    (tmp_path / "file").symlink_to("victim")
    files.write_atomically(str(tmp_path / "file"), "new")
    assert (tmp_path / "victim").read_text() == "mine"
    assert not (tmp_path / "file").is_symlink()


def test_json_comes_back(tmp_path: Path) -> None:
    path = str(tmp_path / "x.json")
    data = {"a": [1, 2.5, None, True], "ü": "\udcff", "nested": {"big": 2**60}}
    files.write_json(path, data)
    assert files.read_json(path) == data
    with pytest.raises(ValueError):
        files.write_json(path, {"a": float("nan")})
    assert files.read_json(path) == data


def test_missing_json_is_none_and_damaged_json_an_error(tmp_path: Path) -> None:
    path = tmp_path / "x.json"
    assert files.read_json(str(path)) is None
    for text in (b"", b'{"a": 1', b"\x00\x00", b"\xff\xfe{"):
        path.write_bytes(text)
        with pytest.raises(WorkspaceError, match=r"x\.json is damaged"):
            files.read_json(str(path))


def test_private_folders_are_private_whatever_the_umask(tmp_path: Path, umask: int) -> None:
    files.make_private(str(tmp_path / "a" / "b c" / "d"))
    files.make_private(str(tmp_path / "a" / "b c" / "d"))
    assert [_mode(tmp_path / name) for name in ("a", "a/b c", "a/b c/d")] == [0o700] * 3


def test_an_existing_folder_keeps_its_mode(tmp_path: Path) -> None:
    (tmp_path / "shared").mkdir()
    (tmp_path / "shared").chmod(0o755)
    files.make_private(str(tmp_path / "shared"))
    assert _mode(tmp_path / "shared") == 0o755


def test_a_folder_below_a_file_or_a_dead_link_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    (tmp_path / "dead").symlink_to("nowhere")
    for name in ("file", "file/below", "dead", "dead/below", "dead/below/further"):
        with pytest.raises(OSError):
            files.make_private(str(tmp_path / name))


def _make_tree(root: Path) -> None:
    (root / "sub folder" / "deeper").mkdir(parents=True)
    (root / "empty").mkdir()
    (root / "train.py").write_text("print('hello')\n")
    (root / "nothing").write_bytes(b"")
    (root / "large").write_bytes(os.urandom(3 * 1024 * 1024 + 7))
    (root / "run.sh").write_text("#!/bin/sh\n")
    (root / "run.sh").chmod(0o755)
    (root / "sub folder" / "read only").write_text("x")
    (root / "sub folder" / "read only").chmod(0o444)
    (root / os.fsdecode(b"bytes \xff\xfe")).write_text("odd name")
    (root / "sub folder" / "link").symlink_to("../train.py")
    (root / "dead").symlink_to("/no/such/place")
    os.utime(root / "train.py", ns=(10**18 + 123456789, 10**18 + 987654321))


def test_a_tree_is_copied_with_bytes_times_and_links(tmp_path: Path, umask: int) -> None:
    source, target = tmp_path / "source", tmp_path / "target"
    old = os.umask(0o022)
    _make_tree(source)
    os.mkfifo(source / "pipe")
    os.umask(old)
    files.copy_tree(str(source), str(target))
    os.umask(0o022)
    for path in source.rglob("*"):
        copy = target / path.relative_to(source)
        if path.name == "pipe":
            assert not copy.exists()
        elif path.is_symlink():
            assert os.readlink(copy) == os.readlink(path)
        elif path.is_dir():
            assert _mode(copy) == 0o700
        else:
            assert copy.read_bytes() == path.read_bytes()
            assert copy.stat().st_mtime_ns == path.stat().st_mtime_ns
            assert _mode(copy) == (0o700 if path.name == "run.sh" else 0o600)


def test_a_copy_replaces_what_is_there_and_writes_through_no_link(tmp_path: Path) -> None:
    source, target = tmp_path / "source", tmp_path / "target"
    source.mkdir()
    target.mkdir()
    for name in ("file", "link"):
        (target / name).symlink_to(tmp_path / "victim")
    (tmp_path / "victim").write_text("mine")
    (target / "other").write_text("stays")
    (source / "file").write_text("new")
    (source / "link").symlink_to("file")
    files.copy_tree(str(source), str(target))
    assert (target / "file").read_text() == "new"
    assert os.readlink(target / "link") == "file"
    assert (target / "other").read_text() == "stays"
    assert (tmp_path / "victim").read_text() == "mine"


def test_large_files_are_copied_where_the_kernel_does_not_help(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    data = os.urandom(2 * 1024 * 1024 + 1)
    (tmp_path / "a").write_bytes(data)

    def unsupported(*_: object) -> int:
        raise OSError(errno.EXDEV, os.strerror(errno.EXDEV))

    if hasattr(os, "copy_file_range"):
        monkeypatch.setattr(os, "copy_file_range", unsupported)
    copying.copy_file(str(tmp_path / "a"), str(tmp_path / "b"))
    assert (tmp_path / "b").read_bytes() == data


@pytest.mark.skipif(not os.path.exists("/proc/self/status"), reason="needs /proc")
def test_files_without_a_size_of_their_own_are_copied_whole(tmp_path: Path) -> None:
    copying.copy_file("/proc/self/mountinfo", str(tmp_path / "copy"))
    assert (tmp_path / "copy").read_bytes() == Path("/proc/self/mountinfo").read_bytes()


def test_a_tree_is_removed_and_links_are_not_followed(tmp_path: Path) -> None:
    kept, tree = tmp_path / "kept", tmp_path / "tree"
    _make_tree(tree)
    kept.mkdir()
    (kept / "precious").write_text("mine")
    (tree / "to folder").symlink_to(kept)
    (tree / "empty" / "up").symlink_to("..")
    os.mkfifo(tree / "pipe")
    files.remove_tree(str(tree))
    assert not tree.exists()
    assert (kept / "precious").read_text() == "mine"
    files.remove_tree(str(tree))


def test_a_link_to_a_folder_is_removed_itself(tmp_path: Path) -> None:
    (tmp_path / "kept").mkdir()
    (tmp_path / "link").symlink_to("kept")
    files.remove_tree(str(tmp_path / "link"))
    assert os.listdir(tmp_path) == ["kept"]


def test_a_very_deep_tree_is_removed_with_few_open_files(tmp_path: Path) -> None:
    (tmp_path / "tree").mkdir()
    fd = os.open(tmp_path / "tree", os.O_RDONLY)
    for level in range(700):
        os.mkdir("a" * 50, dir_fd=fd)
        os.close(os.open(f"file {level}", os.O_WRONLY | os.O_CREAT, 0o600, dir_fd=fd))
        below = os.open("a" * 50, os.O_RDONLY, dir_fd=fd)
        os.close(fd)
        fd = below
    os.close(fd)
    code = (
        "import resource, sys; resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64));"
        "from overdrive.host.files import remove_tree; remove_tree(sys.argv[1])"
    )
    subprocess.run([sys.executable, "-c", code, str(tmp_path / "tree")], check=True, timeout=60)
    assert os.listdir(tmp_path) == []


@pytest.fixture
def plain_folder(tmp_path: Path) -> Iterator[Path]:
    """A folder of a user whom permissions stop, as they do not stop root."""
    if os.geteuid() != 0:
        yield tmp_path
        return
    with tempfile.TemporaryDirectory(prefix="overdrive test ") as name:
        os.chown(name, _NOBODY, _NOBODY)
        yield Path(name)


def _run_plain(code: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Runs `code` as a user whom permissions stop; imports come first, since that user may not read the package."""
    start = (
        "import os, sys\nfrom overdrive.host.files import remove_tree\n"
        f"if os.geteuid() == 0: os.setgid({_NOBODY}); os.setuid({_NOBODY})\n"
    )
    return subprocess.run([sys.executable, "-c", start + code, *arguments], capture_output=True, text=True, timeout=60)


def test_folders_without_permissions_are_opened_up_and_removed(plain_folder: Path) -> None:
    code = """if True:
        top = sys.argv[1] + "/tree"
        os.makedirs(top + "/a/b")
        for path in ("/a/b/file", "/a/file", "/file"):
            open(top + path, "w").close()
        for path, mode in (("/a/b", 0o000), ("/a", 0o500), ("", 0o300)):
            os.chmod(top + path, mode)
        remove_tree(top)
        print(os.path.exists(top))
    """
    done = _run_plain(code, str(plain_folder))
    assert (done.stdout, done.stderr) == ("False\n", "")


def test_what_may_not_be_removed_is_an_error(tmp_path: Path, plain_folder: Path) -> None:
    code = """if True:
        top = sys.argv[1]
        os.makedirs(top + "/locked/tree")
        os.chmod(top + "/locked", 0o500)
        try:
            remove_tree(top + "/locked/tree")
        except PermissionError:
            print("refused")
        os.chmod(top + "/locked", 0o700)
    """
    done = _run_plain(code, str(plain_folder))
    assert (done.stdout, done.stderr) == ("refused\n", "")


def test_the_tail_of_a_file(tmp_path: Path) -> None:
    path = tmp_path / "log"
    assert files.read_tail(str(path), 10) == b""
    path.write_bytes(b"0123456789")
    assert files.read_tail(str(path), 3) == b"789"
    assert files.read_tail(str(path), 10) == b"0123456789"
    assert files.read_tail(str(path), 1000) == b"0123456789"
    assert files.read_tail(str(path), 0) == b""


def test_a_full_disk_is_told_from_other_errors() -> None:
    assert files.disk_is_full(OSError(errno.ENOSPC, "no space"))
    assert files.disk_is_full(OSError(errno.EDQUOT, "quota"))
    assert files.disk_is_full(sqlite3.OperationalError("database or disk is full"))
    wrapped = WorkspaceError("cannot be written")
    wrapped.__cause__ = OSError(errno.ENOSPC, "no space")
    assert files.disk_is_full(wrapped)
    assert not files.disk_is_full(OSError(errno.EACCES, "no"))
    assert not files.disk_is_full(sqlite3.OperationalError("database is locked"))
    assert not files.disk_is_full(None)


def test_sqlite_says_that_the_disk_is_full_in_the_words_we_know(tmp_path: Path) -> None:
    database = sqlite3.connect(tmp_path / "x.db")
    database.execute("PRAGMA max_page_count = 2")
    with pytest.raises(sqlite3.OperationalError) as caught:
        database.execute("CREATE TABLE t (x)")
        database.execute("INSERT INTO t VALUES (zeroblob(100000))")
    database.close()
    assert files.disk_is_full(caught.value)


def test_sockets_are_left_out_of_copies(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "source").mkdir()
    monkeypatch.chdir(tmp_path / "source")  # a socket's path is short
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind("socket")
        (tmp_path / "source" / "file").write_text(json.dumps(1))
        files.copy_tree(str(tmp_path / "source"), str(tmp_path / "target"))
    assert os.listdir(tmp_path / "target") == ["file"]


@pytest.mark.parametrize("words", ["a named pipe", "a folder", "a socket", "a device"])
def test_what_is_no_file_is_not_waited_for(tmp_path: Path, words: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)  # the names of sockets are short
    with contextlib.closing(socket.socket(socket.AF_UNIX)) as listener:
        makers = {"a named pipe": os.mkfifo, "a folder": os.mkdir, "a socket": listener.bind}
        makers.get(words, lambda name: os.symlink("/dev/zero", name))("x.json")
        with pytest.raises(files.NoFileError, match=f"it is {words} and no file"):
            files.read_regular("x.json")
        with pytest.raises(WorkspaceError, match=f"x.json is damaged: it is {words} and no file"):
            files.read_json("x.json")
        assert files.read_tail("x.json", 9) == b""
        assert not is_held("x.json") and note_of("x.json") is None
