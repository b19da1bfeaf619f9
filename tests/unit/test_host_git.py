"""The commit of a working tree, from git's own files."""

import subprocess
from pathlib import Path

from overdrive.host.git import Uncommitted
from overdrive.host.git import git_state


def git(folder: Path, *arguments: str) -> str:
    told = ["git", "-C", str(folder), "-c", "user.name=a", "-c", "user.email=a@b", *arguments]
    return subprocess.run(told, check=True, capture_output=True, text=True).stdout.strip()


def test_says_commit_and_branch(tmp_path: Path) -> None:
    assert git_state(str(tmp_path / "nowhere")) is None
    git(tmp_path, "init", "-q", "-b", "topic/one")
    assert git_state(str(tmp_path)) is None, "there is no commit yet"
    (tmp_path / "src").mkdir()
    git(tmp_path, "commit", "-q", "--allow-empty", "-m", "first")
    commit = git(tmp_path, "rev-parse", "HEAD")
    assert git_state(str(tmp_path / "src")) == {"commit": commit, "branch": "topic/one"}
    git(tmp_path, "pack-refs", "--all")
    assert git_state(str(tmp_path)) == {"commit": commit, "branch": "topic/one"}
    git(tmp_path, "worktree", "add", "-q", "-b", "two", str(tmp_path / "two"))
    assert git_state(str(tmp_path / "two")) == {"commit": commit, "branch": "two"}
    git(tmp_path, "checkout", "-q", "--detach")
    assert git_state(str(tmp_path)) == {"commit": commit}


def test_damage_says_nothing(tmp_path: Path) -> None:
    (tmp_path / ".git").write_text("nonsense")
    assert git_state(str(tmp_path)) is None


def test_git_says_whether_files_differ_from_the_commit(tmp_path: Path) -> None:
    def differ() -> bool | None:
        with Uncommitted(str(tmp_path)) as asked:
            return asked.answer(30)

    assert differ() is None, "it is no working tree"
    git(tmp_path, "init", "-q")
    script = tmp_path / "train.py"
    script.write_text("a")
    git(tmp_path, "add", "train.py")
    git(tmp_path, "commit", "-q", "-m", "first")
    (tmp_path / "notes.txt").write_text("not git's")
    assert differ() is False
    script.write_text("b")
    assert differ() is True
