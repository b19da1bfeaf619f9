"""The source directory, taken once."""

import os
import socket
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from overdrive.errors import SpecError
from overdrive.errors import UnwritableError
from overdrive.host import snapshot as snapshots
from overdrive.host.filesystem import MARKER
from overdrive.host.snapshot import Snapshot
from overdrive.host.snapshot import take_snapshot


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """A source directory with a script, a package and some data."""
    root = tmp_path / "source"
    (root / "package").mkdir(parents=True)
    (root / "empty").mkdir()
    (root / "train.py").write_text("import package\n")
    (root / "package" / "__init__.py").write_text("")
    (root / "data.bin").write_bytes(os.urandom(2_500_000))
    (root / "run.sh").write_text("#!/bin/sh\n")
    (root / "run.sh").chmod(0o775)
    return root


def _names(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*")}


def _take(source: Path, **options: object) -> tuple[Snapshot, Path]:
    target = source.parent / f"snapshot {len(os.listdir(source.parent))}"
    return take_snapshot(str(source), str(target), **options), target  # type: ignore[arg-type]


def test_everything_is_copied_private(source: Path) -> None:
    old = os.umask(0o777)
    try:
        taken, target = _take(source)
    finally:
        os.umask(old)
    assert _names(target) == _names(source)
    assert (target / "data.bin").read_bytes() == (source / "data.bin").read_bytes()
    assert (taken.files, taken.size_bytes, taken.warnings) == (4, 2_500_000 + 15 + 10, ())
    modes = {str(path.relative_to(target)): stat.S_IMODE(path.stat().st_mode) for path in [target, *target.rglob("*")]}
    assert modes == {
        ".": 0o700,
        "empty": 0o700,
        "package": 0o700,
        "package/__init__.py": 0o600,
        "train.py": 0o600,
        "data.bin": 0o600,
        "run.sh": 0o700,
    }
    assert (target / "train.py").stat().st_mtime_ns == (source / "train.py").stat().st_mtime_ns


def test_equal_trees_have_equal_digests(source: Path) -> None:
    first = _take(source)[0].digest
    (source / "train.py").touch()
    (source / "train.py").chmod(0o640)
    assert _take(source)[0].digest == first
    assert len(first) == 64


@pytest.mark.parametrize(
    "change",
    [
        lambda root: (root / "data.bin").write_bytes(b"other"),
        lambda root: (root / "train.py").write_text("import package "),
        lambda root: (root / "train.py").rename(root / "train2.py"),
        lambda root: (root / "train.py").chmod(0o755),
        lambda root: (root / "empty").rmdir(),
        lambda root: (root / "package" / "new").mkdir(),
        lambda root: (root / "link").symlink_to("train.py"),
    ],
    ids=["bytes", "same length", "name", "mode", "folder gone", "folder new", "link"],
)
def test_any_change_changes_the_digest(source: Path, change: "object") -> None:
    first = _take(source)[0].digest
    change(source)  # type: ignore[operator]
    assert _take(source)[0].digest != first


def test_edits_after_the_snapshot_change_nothing(source: Path) -> None:
    _, target = _take(source)
    (source / "train.py").write_text("other")
    with (source / "data.bin").open("r+b") as file:
        file.write(b"other")
    assert (target / "train.py").read_text() == "import package\n"
    assert not (target / "data.bin").read_bytes().startswith(b"other")


def test_what_is_never_taken(source: Path) -> None:
    before = _names(source)
    for name in (".git/config", "package/__pycache__/a.pyc", ".ipynb_checkpoints/x", ".overdrive/sweeps/x", "sub/.git"):
        (source / name).parent.mkdir(parents=True, exist_ok=True)
        (source / name).write_text("")
    for name in (".venv", "package/environment"):
        (source / name / "bin").mkdir(parents=True)
        (source / name / "pyvenv.cfg").write_text("")
        (source / name / "bin" / "python").symlink_to(sys.executable)
    (source / "venv").mkdir()
    (source / "venv" / "notes.txt").write_text("no virtual environment")
    os.mkfifo(source / "pipe")
    _, target = _take(source)
    assert _names(target) == before | {"sub", "venv", "venv/notes.txt"}


def test_sockets_are_skipped(source: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(source)
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind("socket")
        _, target = _take(source)
    assert not (target / "socket").exists()


def test_amlignore_goes_before_gitignore(source: Path) -> None:
    (source / ".gitignore").write_text("*.bin\n")
    _, target = _take(source)
    assert not (target / "data.bin").exists()
    assert (target / ".gitignore").exists()
    (source / ".amlignore").write_text("empty/\n")
    _, target = _take(source)
    assert (target / "data.bin").exists()
    assert not (target / "empty").exists()


def test_ignore_files_in_subfolders_are_not_read(source: Path) -> None:
    (source / "package" / ".gitignore").write_text("*\n")
    _, target = _take(source)
    assert (target / "package" / "__init__.py").exists()


def test_links_inside_stay_links(source: Path) -> None:
    (source / "same").symlink_to("train.py")
    (source / "package" / "up").symlink_to("../train.py")
    (source / "whole").symlink_to(source / "package" / "__init__.py")
    (source / "roundabout").symlink_to("../source/package")
    (source / "package" / "through").symlink_to("../roundabout/../train.py")
    (source / "self").symlink_to(".")
    (source / "dead").symlink_to("not there")
    (source / "loop").symlink_to("loop")
    taken, target = _take(source)
    links = {name: os.readlink(target / name) for name in _names(target) if (target / name).is_symlink()}
    assert links == {
        "same": "train.py",
        "package/up": "../train.py",
        "whole": "package/__init__.py",
        "roundabout": "package",
        "package/through": "../train.py",
        "self": ".",
        "dead": "not there",
        "loop": "loop",
    }
    assert taken.warnings == ()


@pytest.mark.parametrize("text", ["/etc/passwd", "../outside", "package/../../outside", "..", "chain"])
def test_links_that_lead_out_are_refused(source: Path, text: str) -> None:
    (source / ".amlignore").write_text("/chain\n")
    (source / "chain").symlink_to("../outside")
    (source / "package" / "link").symlink_to(text if text.startswith("/") else f"../{text}")
    target = source.parent / "target"
    with pytest.raises(SpecError, match=r"the link 'package/link' .* leads out of it") as caught:
        take_snapshot(str(source), str(target))
    assert caught.value.field == "source_directory"
    assert text in caught.value.message
    assert not target.exists()


def test_ignored_links_may_lead_anywhere(source: Path) -> None:
    (source / "data").symlink_to("/")
    (source / ".amlignore").write_text("/data\n")
    _, target = _take(source)
    assert not (target / "data").is_symlink()


def test_a_link_to_what_is_left_out_is_a_warning(source: Path) -> None:
    (source / ".amlignore").write_text("*.bin\n")
    (source / "link").symlink_to("data.bin")
    taken, _ = _take(source)
    assert taken.warnings == ("the link 'link' leads to 'data.bin', which is left out of the snapshot",)


@pytest.mark.parametrize("name", ["not there", "train.py", "nul\0"])
def test_what_is_no_source_directory(source: Path, name: str) -> None:
    with pytest.raises(SpecError, match="source_directory") as caught:
        take_snapshot(f"{source}/{name}", str(source.parent / "target"))
    assert caught.value.field == "source_directory"
    assert not (source.parent / "target").exists()


@pytest.mark.parametrize("path", ["secret", "package", ".amlignore"])
def test_what_cannot_be_read_is_named(source: Path, path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    (source / "secret").write_text("")
    (source / ".amlignore").write_text("")
    target = source.parent / "target"
    (source / path).chmod(0o000)
    if os.geteuid() == 0:
        _refuse(monkeypatch, f"{source}/{path}")
    with pytest.raises(SpecError, match=r"cannot be read: Permission denied") as caught:
        take_snapshot(str(source), str(target))
    assert path in caught.value.message
    assert caught.value.field == "source_directory"
    assert not target.exists()


def _refuse(monkeypatch: pytest.MonkeyPatch, path: str) -> None:
    """Does to root what permissions do to others."""

    def refusing(call: "object", name: "object", *arguments: "object", **options: "object") -> "object":
        if os.fspath(name).rstrip("/") == path:  # type: ignore[arg-type]
            raise PermissionError(13, "Permission denied", name)
        return call(name, *arguments, **options)  # type: ignore[operator]

    for module, name in ((os, "open"), (os, "scandir"), (sys.modules["builtins"], "open")):
        call = getattr(module, name)
        monkeypatch.setattr(module, name, lambda *a, _call=call, **o: refusing(_call, *a, **o))


def test_a_workspace_inside_is_left_out(source: Path) -> None:
    before = _names(source)
    workspace = source / "my" / "workspace"
    (workspace / "sweeps").mkdir(parents=True)
    (workspace / "sweeps" / "old").write_text("")
    target = workspace / "sweeps" / ".new" / "snapshot"
    take_snapshot(str(source), str(target), leave_out=(str(workspace),))
    assert _names(target) == before | {"my"}


def test_any_workspace_inside_is_left_out(source: Path) -> None:
    before = _names(source)
    (source / "another").mkdir()
    (source / "another" / MARKER).write_text("{}")
    _, target = _take(source)
    assert _names(target) == before


def test_a_snapshot_does_not_hold_itself(source: Path) -> None:
    before = _names(source)
    target = source / "below" / "snapshot"
    take_snapshot(str(source), str(target))
    assert _names(target) <= before | {"below"}


def test_a_source_directory_that_is_the_workspace(source: Path) -> None:
    before = _names(source)
    (source / MARKER).write_text("{}")
    target = source / "sweeps" / ".new" / "snapshot"
    take_snapshot(str(source), str(target), leave_out=(str(source),))
    assert _names(target) == before


def test_too_many_files_are_a_warning(source: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(snapshots, "FILES_LIMIT", 3)
    taken, _ = _take(source)
    assert len(taken.warnings) == 1
    assert "holds 4 files, 2 MB, and every trial gets a copy" in taken.warnings[0]
    assert ".amlignore" in taken.warnings[0]


def test_too_many_bytes_are_a_warning(source: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(snapshots, "SIZE_LIMIT_BYTES", 2_000_000)
    assert len(_take(source)[0].warnings) == 1


@pytest.mark.parametrize("script", ["train.py", "./train.py", "package/__init__.py", "package/../train.py", "link.py"])
def test_the_script_is_there(source: Path, script: str) -> None:
    (source / "link.py").symlink_to("train.py")
    taken, target = _take(source, script=script)
    assert (target / script).is_file()
    assert taken.files == 5


@pytest.mark.parametrize(
    ("script", "words", "hint"),
    [
        ("trian.py", "does not exist there", "it holds train.py, package/__init__.py"),
        ("../train.py", "does not lie in it", "name the script relative to source_directory"),
        ("/etc/passwd", "does not lie in it", "name the script relative to source_directory"),
        ("package", "is not a file", None),
        ("data.bin", "is left out by .amlignore, line 2: *.bin", "change that line"),
        ("lib/tool.py", "is left out by .amlignore, line 3: lib/", "change that line"),
        (".git/hook.py", "is left out", "move it to another folder"),
    ],
)
def test_the_script_is_not_there(source: Path, script: str, words: str, hint: str | None) -> None:
    (source / ".amlignore").write_text("# big\n*.bin\nlib/\n")
    for name in ("lib/tool.py", ".git/hook.py"):
        (source / name).parent.mkdir()
        (source / name).write_text("")
    target = source.parent / "target"
    with pytest.raises(SpecError) as caught:
        take_snapshot(str(source), str(target), script=script)
    assert caught.value.message == f"script {script!r} in source_directory {str(source)!r} {words}"
    assert (caught.value.field, caught.value.value, caught.value.hint) == ("script", script, hint)
    assert not target.exists()


def test_a_full_disk_leaves_nothing(source: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = source.parent / "target"

    def full(*_: object) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "write", full)
    with pytest.raises(UnwritableError, match="No space left on device"):
        take_snapshot(str(source), str(target))
    assert not target.exists()


def test_a_disk_without_room_is_seen_before_copying(source: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    about = os.statvfs(source)

    class Small:
        f_bavail, f_frsize, f_blocks = 100, 4096, about.f_blocks

    monkeypatch.setattr(os, "statvfs", lambda _: Small)
    target = source.parent / "target"
    with pytest.raises(UnwritableError, match=r"takes 2 MB, and 0 MB are free at"):
        take_snapshot(str(source), str(target))
    assert not target.exists()


def test_a_target_that_exists_is_refused_and_kept(source: Path) -> None:
    target = source.parent / "target"
    target.mkdir()
    (target / "mine").write_text("")
    with pytest.raises(UnwritableError):
        take_snapshot(str(source), str(target))
    assert (target / "mine").exists()


def test_any_name_is_taken(source: Path) -> None:
    names = ["a b'ü\"$(x)", "-rf", "new\nline", "*", "~", os.fsdecode(b"\xff\xfe"), "x" * 255]
    for name in names:
        (source / name).write_text(name, errors="surrogateescape")
    _, target = _take(source)
    assert set(names) < set(os.listdir(target))


def test_the_snapshot_runs(source: Path) -> None:
    _, target = _take(source, script="train.py")
    subprocess.run([sys.executable, "train.py"], cwd=target, check=True, timeout=60)
