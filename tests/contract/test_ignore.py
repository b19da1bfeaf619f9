"""Our reading of ignore files against git's own."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import hypothesis
import hypothesis.strategies as st
import pytest

from overdrive.host.selection import Selection

pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="needs git")

_NAMES = ["a", "b", "ab", "a.b", "b.a", "-a", "]b", "#a", "!b", "a b", "ba"]
_PARTS = [
    "a",
    "b",
    ".",
    "*",
    "**",
    "?",
    "/",
    "[ab]",
    "[!a]",
    "[a-b]",
    "[]b]",
    "[^-]",
    "\\a",
    "\\*",
    " ",
    "\\ ",
    "-",
    "]",
    "[",
]


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A tree in which each folder holds a file of each name, three levels deep."""
    root = tmp_path_factory.mktemp("repository")
    _git(root, "init", "-q")
    folders = ["", "d", "d/a", "d/b", "d.b", "d/a/ab", "ab.d", "ab.d/d"]
    for folder in folders:
        (root / folder).mkdir(exist_ok=True)
    for folder in folders:
        for name in _NAMES:
            if not (root / folder / name).exists():
                (root / folder / name).write_text("")
    yield root


def _git(root: Path, *arguments: str) -> bytes:
    environment = {"PATH": os.environ["PATH"], "HOME": str(root), "GIT_CONFIG_NOSYSTEM": "1"}
    done = subprocess.run(["git", *arguments], cwd=root, env=environment, capture_output=True, check=True, timeout=60)
    return done.stdout


def _taken_by_git(root: Path) -> set[str]:
    listed = _git(root, "ls-files", "--others", "--exclude-per-directory=.gitignore", "-z")
    return {os.fsdecode(name) for name in listed.split(b"\0") if name}


def _taken_by_us(root: Path) -> set[str]:
    return {entry.path for entry in Selection(str(root)).entries if entry.kind != "folder"}


def _spans_after_text(line: str) -> bool:
    """`ab**/c`: older versions of git take these stars for the spanning kind, against their own documentation."""
    pattern = line.removeprefix("!").removeprefix("/")
    at = min((pattern.find(char) for char in "*?[\\" if char in pattern), default=-1)
    return at > 0 and pattern.startswith("**", at) and pattern[at - 1] != "/"


@hypothesis.settings(max_examples=150)
@hypothesis.given(
    lines=st.lists(
        st.builds(
            lambda negation, parts, end: negation + "".join(parts) + end,
            st.sampled_from(["", "", "", "!"]),
            st.lists(st.sampled_from([*_PARTS, "d", "d/", "/a", "**/"]), min_size=1, max_size=5),
            st.sampled_from(["", "", "/", " ", "\r"]),
        ).filter(lambda line: not _spans_after_text(line)),
        min_size=1,
        max_size=4,
    )
)
def test_git_takes_the_same_files(repository: Path, lines: list[str]) -> None:
    (repository / ".gitignore").write_text("\n".join(lines) + "\n", newline="")
    assert _taken_by_us(repository) == _taken_by_git(repository)


def test_a_usual_ignore_file(tmp_path: Path) -> None:
    _git(tmp_path, "init", "-q")
    (tmp_path / ".gitignore").write_text(
        "# Byte-compiled\n__pycache__/\n*.py[cod]\n*$py.class\n*.so\n/build/\ndist/\n*.egg-info/\n.env\n"
        "logs/**/*.log\n!logs/keep/important.log\ndata/*\n!data/small.csv\n**/tmp\nwandb/\n*.ckpt\n"
    )
    for name in [
        "train.py", "train.pyc", "lib.so", "build/x", "src/build/x", "dist/x", "my.egg-info/x", ".env", "logs/a.log",
        "logs/keep/important.log", "logs/keep/other.log", "data/big.csv", "data/small.csv", "data/sub/x.csv", "a/tmp/x",
        "tmp", "wandb/run/x", "models/m.ckpt", "models/m.py",
    ]:  # fmt: skip
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("")
    assert _taken_by_us(tmp_path) == _taken_by_git(tmp_path)
    assert "logs/keep/important.log" in _taken_by_us(tmp_path)
