"""Tags, properties and names that a run is given later; what is copied out of it."""

from pathlib import Path

import pytest

from overdrive.client.files import copy_many
from overdrive.client.files import copy_one
from overdrive.client.files import files_of_trial
from overdrive.client.files import logs_of_trial
from overdrive.client.marks import Marks
from overdrive.errors import NotFoundError
from overdrive.errors import SpecError


@pytest.fixture
def marks(tmp_path: Path) -> Marks:
    return Marks(tmp_path / "marks.json", {"given": "1", "kept": "2"})


def test_tags(marks: Marks) -> None:
    assert marks.tags() == {"given": "1", "kept": "2"}
    marks.set_tags({"given": 3, "new": None, "ü": "x"})
    marks.remove_tags(["kept", "never"])
    assert marks.tags() == {"given": "3", "new": "None", "ü": "x"}
    marks.remove_tags("new")
    assert marks.tags() == {"given": "3", "ü": "x"}
    for wrong in ("", 3):
        with pytest.raises(SpecError):
            marks.set_tags({wrong: "x"})  # type: ignore[dict-item]


def test_properties_stay(marks: Marks) -> None:
    marks.add_properties({"a": 1})
    marks.add_properties({"a": "1", "b": 2.5})
    with pytest.raises(SpecError) as caught:
        marks.add_properties({"a": 2})
    assert caught.value.field == "properties['a']"
    assert marks.properties() == {"a": "1", "b": "2.5"}


def test_display_name(marks: Marks) -> None:
    assert marks.display_name is None
    marks.display_name = "mine"
    marks.set_tags({"a": 1})
    assert marks.display_name == "mine"


@pytest.fixture
def trial(tmp_path: Path) -> Path:
    for name in (
        "work/outputs/model.pkl",
        "work/outputs/sub/x",
        "work/logs/a.log",
        "work/train.py",
        "files/images/i.png",
    ):
        path = tmp_path / "trial" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name)
    (tmp_path / "trial" / "files" / "half.part").write_text("")
    return tmp_path / "trial"


def test_files(trial: Path, tmp_path: Path) -> None:
    output = tmp_path / "output.1.txt"
    assert list(files_of_trial(trial)) == ["images/i.png", "logs/a.log", "outputs/model.pkl", "outputs/sub/x"]
    assert list(logs_of_trial(trial, output)) == ["logs/a.log"]
    output.write_text("printed")
    assert list(logs_of_trial(trial, output)) == ["azureml-logs/70_driver_log.txt", "logs/a.log"]


def test_copy_one(trial: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files = files_of_trial(trial)
    monkeypatch.chdir(tmp_path)
    assert copy_one(files, "outputs/model.pkl", None, "run") == Path("model.pkl")
    assert copy_one(files, "outputs/model.pkl", "./new/", "run") == Path("new/model.pkl")
    assert copy_one(files, "outputs/model.pkl", "new", "run") == Path("new/model.pkl")
    assert copy_one(files, "outputs/model.pkl", "deep/er/m", "run").read_text() == "work/outputs/model.pkl"
    for name in ("model.pkl", "../trial.json", "/etc/passwd", ""):
        with pytest.raises(NotFoundError):
            copy_one(files, name, None, "run")


@pytest.mark.parametrize(
    ("prefix", "append_prefix", "names"),
    [
        (None, True, ["images/i.png", "logs/a.log", "outputs/model.pkl", "outputs/sub/x"]),
        ("outputs", True, ["outputs/model.pkl", "outputs/sub/x"]),
        ("outputs/", False, ["model.pkl", "sub/x"]),
        ("outputs/model.pkl", False, ["model.pkl"]),
        ("nothing", True, []),
    ],
)
def test_copy_many(trial: Path, tmp_path: Path, prefix: str | None, append_prefix: bool, names: list[str]) -> None:
    copied = copy_many(files_of_trial(trial), prefix, tmp_path / "to", append_prefix)
    assert [path.relative_to(tmp_path / "to").as_posix() for path in copied] == names
    assert all(path.is_file() for path in copied)
