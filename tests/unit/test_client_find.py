"""Sweeps, trials and single runs by id, by the beginning of an id, and `latest`."""

import dataclasses
from pathlib import Path

import pytest

from overdrive.client import Place
from overdrive.client import Workspace
from overdrive.client import find
from overdrive.client.find import list_specs
from overdrive.client.find import locate
from overdrive.errors import NotFoundError
from overdrive.errors import SpecError
from overdrive.host.files import make_private
from overdrive.host.files import write_json
from overdrive.records import RunSpec
from overdrive.records import SweepSpec

SPEC = SweepSpec(
    id="HD_x",
    experiment="e",
    created_at="2026-01-01T00:00:00.000Z",
    machine={"host": "h", "id": "m"},
    program="0",
    run=RunSpec(command=("true",)),
    space={"lr": ["uniform", [0, 1]]},
    sampling={"name": "RANDOM", "properties": {}},
    seed=1,
    policy={"name": "Default"},
    metric=None,
    max_total_runs=1,
)


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    found = Workspace(tmp_path / "ws")
    ids = ["sweeps/HD_aaaa-1", "sweeps/HD_aabb-2", "sweeps/HD_cccc-3", "runs/digits_1700000000_12345678"]
    for day, name in enumerate(ids, 1):
        folder = found.path / name
        make_private(str(folder))
        kind = "run" if name.startswith("runs") else "sweep"
        spec = dataclasses.replace(SPEC, id=folder.name, kind=kind, created_at=f"2026-01-0{day}T00:00:00.000Z")
        write_json(str(folder / "spec.json"), spec.to_json())
    make_private(str(found.sweeps_folder / ".new-HD_dddd"))
    make_private(str(found.sweeps_folder / "HD_eeee"))
    return found


def test_a_bare_number_is_no_beginning_of_an_id(workspace: Workspace) -> None:
    make_private(str(workspace.sweeps_folder / "HD_7777-4"))
    with pytest.raises(NotFoundError) as caught:
        find(workspace, "7")
    assert "latest_7 is trial 7" in str(caught.value.hint)
    assert find(workspace, "7777") == Place(workspace.sweeps_folder / "HD_7777-4", None)


@pytest.mark.parametrize(
    ("text", "folder", "trial"),
    [
        ("HD_aaaa-1", "sweeps/HD_aaaa-1", None),
        ("HD_aaaa-1_3", "sweeps/HD_aaaa-1", 3),
        ("HD_aaa", "sweeps/HD_aaaa-1", None),
        ("aaa", "sweeps/HD_aaaa-1", None),
        ("c", "sweeps/HD_cccc-3", None),
        ("aab_12", "sweeps/HD_aabb-2", 12),
        ("digits_1700000000_12345678", "runs/digits_1700000000_12345678", None),
        ("digits_1700000000", "runs/digits_1700000000_12345678", None),
        ("dig", "runs/digits_1700000000_12345678", None),
        ("latest", "runs/digits_1700000000_12345678", None),
        ("latest_0", "runs/digits_1700000000_12345678", 0),
    ],
)
def test_find(workspace: Workspace, text: str, folder: str, trial: int | None) -> None:
    assert find(workspace, text) == Place(workspace.path / folder, trial)


def test_ambiguous(workspace: Workspace) -> None:
    with pytest.raises(SpecError) as caught:
        find(workspace, "aa")
    assert "HD_aaaa-1" in str(caught.value)
    assert "HD_aabb-2" in str(caught.value)


@pytest.mark.parametrize("text", ["HD_aaaa-2", "zzz", "", "..", "HD_cccc-4_1", "latest_x", "a/b", ".new-HD_dddd", "*"])
def test_not_found(workspace: Workspace, text: str) -> None:
    with pytest.raises(NotFoundError) as caught:
        find(workspace, text)
    assert caught.value.hint
    assert caught.value.exit_code == 3


def test_near_ids_are_named(workspace: Workspace) -> None:
    with pytest.raises(NotFoundError) as caught:
        find(workspace, "HD_aaaa-2")
    assert "HD_aaaa-1" in (caught.value.hint or "")


def test_empty_workspace(tmp_path: Path) -> None:
    with pytest.raises(NotFoundError):
        find(Workspace(tmp_path / "nowhere"), "latest")


def test_locate_takes_whole_ids_only(workspace: Workspace) -> None:
    assert locate(workspace, "HD_cccc-3_2") == Place(workspace.sweeps_folder / "HD_cccc-3", 2)
    for text in ("HD_cccc", "latest", "cccc-3", "../sweeps/HD_cccc-3", "HD_cccc-3/", ""):
        with pytest.raises(NotFoundError):
            locate(workspace, text)


def test_list_is_newest_first_and_skips_what_it_cannot_read(workspace: Workspace) -> None:
    ids = [spec.id for _, spec in list_specs(workspace)]
    assert ids == ["digits_1700000000_12345678", "HD_cccc-3", "HD_aabb-2", "HD_aaaa-1"]


def test_workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OVERDRIVE_WORKSPACE", str(tmp_path / ".here"))
    assert Workspace().path == tmp_path / ".here"
    assert Workspace.from_config().name == "here"
    assert not (tmp_path / ".here").exists(), "made when something is submitted"
    monkeypatch.delenv("OVERDRIVE_WORKSPACE")
    monkeypatch.setenv("HOME", str(tmp_path))
    assert Workspace().path == tmp_path / ".overdrive"
    monkeypatch.chdir(tmp_path)
    assert Workspace("a/../b").path == tmp_path / "b"
    for wrong in (3, "", "a\0b"):
        with pytest.raises(SpecError):
            Workspace(wrong)  # type: ignore[arg-type]
