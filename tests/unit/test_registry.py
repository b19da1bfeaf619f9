"""The workspace's registries, and the models that the engine puts there for trials."""

import threading
from pathlib import Path

import pytest

from overdrive.engine.registering import Registering
from overdrive.records import MetricRecord
from overdrive.registry import add_model
from overdrive.registry import change_entry
from overdrive.registry import list_names
from overdrive.registry import read_entry
from overdrive.report import Model
from overdrive.report import UserErrorException
from overdrive.report import registry as trial_side
from overdrive.report.workspace import Workspace


def test_both_sides_read_the_same_files(tmp_path: Path) -> None:
    name = "a/b c.json"
    with change_entry(tmp_path, "datasets", name) as entry:
        entry["versions"] = [{"version": 1}]
    assert trial_side.read(str(tmp_path), "datasets", name) == {"versions": [{"version": 1}]}
    trial_side.write(str(tmp_path), "datasets", "other", {"x": 1})
    assert list_names(tmp_path, "datasets") == trial_side.names(str(tmp_path), "datasets") == [name, "other"]
    assert read_entry(tmp_path, "datasets", "other") == {"x": 1}
    assert list_names(tmp_path, "models") == [] and read_entry(tmp_path, "models", "x") is None


def test_an_error_inside_changes_nothing(tmp_path: Path) -> None:
    with pytest.raises(KeyError), change_entry(tmp_path, "models", "x") as entry:
        entry["versions"] = []
        raise KeyError
    assert read_entry(tmp_path, "models", "x") is None


def test_changes_wait_for_each_other(tmp_path: Path) -> None:
    def add(number: int) -> None:
        for _ in range(10):
            with change_entry(tmp_path, "models", "x") as entry:
                entry["count"] = entry.get("count", 0) + 1
            with trial_side.locked(str(tmp_path), "models"):
                found = trial_side.read(str(tmp_path), "models", "x") or {}
                trial_side.write(str(tmp_path), "models", "x", {**found, "count": found["count"] + 1})

    threads = [threading.Thread(target=add, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert read_entry(tmp_path, "models", "x") == {"count": 80}


def test_models_have_versions_and_files(tmp_path: Path) -> None:
    (tmp_path / "m.bin").write_bytes(b"one")
    workspace = tmp_path / "space"
    assert add_model(workspace, "my model", tmp_path / "m.bin", {"run_id": "r"}, source="r/1/0")["version"] == 1
    assert add_model(workspace, "my model", tmp_path / "m.bin", {"run_id": "r"}, source="r/1/0")["version"] == 1
    (tmp_path / "folder" / "deep").mkdir(parents=True)
    (tmp_path / "folder" / "deep" / "w").write_text("w")
    assert add_model(workspace, "my model", tmp_path / "folder", {"run_id": "s", "tags": {"a": "1"}})["version"] == 2
    with pytest.raises(FileNotFoundError):
        add_model(workspace, "my model", tmp_path / "missing", {})
    seen = Workspace(_path=str(workspace))
    newest, first = Model.list(seen)
    assert (newest.version, newest.run_id, first.id) == (2, "s", "my model:1")
    assert Path(first.local_path).read_bytes() == b"one"
    assert (Path(Model(seen, "my model").local_path) / "deep" / "w").read_text() == "w"
    assert Model(seen, id="my model:1").version == Model(seen, "my model", version=1).version == 1
    assert [model.version for model in Model.list(seen, tags=[["a", "1"]])] == [2]
    assert list(seen.models) == ["my model"] and seen.models["my model"].version == 2
    assert Path(first.download(str(tmp_path / "got"))).read_bytes() == b"one"
    with pytest.raises(UserErrorException, match="exist_ok"):
        first.download(str(tmp_path / "got"))
    with pytest.raises(UserErrorException, match="'other'"):
        Model(seen, "other")


def _spec():
    from overdrive.records import RunSpec
    from overdrive.records import SweepSpec

    return SweepSpec(
        id="HD_1",
        experiment="e",
        created_at="",
        machine={},
        program="0",
        run=RunSpec(command=("true",)),
        space={},
        sampling={},
        seed=1,
        policy={},
        metric=None,
        max_total_runs=1,
    )


def test_a_record_is_registered_once(tmp_path: Path) -> None:
    folder = tmp_path / "space" / "sweeps" / "HD_1"
    (folder / "trials" / "3" / "work" / "outputs").mkdir(parents=True)
    (folder / "trials" / "3" / "work" / "outputs" / "m").write_text("m")
    registering = Registering(_spec(), folder)
    records = [
        MetricRecord(0, "accuracy", 0.5),
        MetricRecord(1, "digits", {"path": "outputs/m", "tags": {"a": "1"}, "description": "d"}, "model"),
        MetricRecord(2, "lost", {"path": "outputs/gone"}, "model"),
        MetricRecord(3, "sly", {"path": "../../../spec.json"}, "model"),
        MetricRecord(4, "rank", {"path": "outputs/m"}, "model", rank=1),
    ]
    for _ in range(2):  # as after a crash
        said = registering.register(3, 1, records)
        assert [("lost" in text, "sly" in text) for text in said] == [(True, False), (False, True)]
    assert list_names(tmp_path / "space", "models") == ["digits"]
    (version,) = (read_entry(tmp_path / "space", "models", "digits") or {})["versions"]
    assert (version["run_id"], version["tags"], version["description"]) == ("HD_1_3", {"a": "1"}, "d")
