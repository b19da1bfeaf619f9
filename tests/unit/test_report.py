"""The run of a training script: what its calls leave in the spool, and what it is outside a sweep."""

import decimal
import fractions
import io
import json
import math
from pathlib import Path

import pytest

from overdrive import report
from overdrive.errors import NotFoundError
from overdrive.records import MetricRecord
from overdrive.report import Run
from overdrive.report.ranks import read_rank
from overdrive.store.spool import SpoolReader


@pytest.fixture
def trial(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A trial's folder, with the environment that the engine gives and the working directory entered."""
    for name in ("outputs", "logs"):
        (tmp_path / "work" / name).mkdir(parents=True)
    facts = {
        "sweep": "HD_1",
        "trial": 3,
        "run_id": "HD_1_3",
        "attempt": 1,
        "experiment": "digits",
        "workspace": "/somewhere/space",
        "configuration": {"lr": 0.1},
        "metric": {"name": "accuracy", "goal": "maximize"},
        "arguments": ["--lr", 0.1],
        "snapshot": "/somewhere/snapshot",
    }
    (tmp_path / "trial.json").write_text(json.dumps(facts))
    monkeypatch.setenv("OVERDRIVE_METRICS", str(tmp_path / "spool.1.jsonl"))
    monkeypatch.setenv("OVERDRIVE_TRIAL", str(tmp_path / "trial.json"))
    monkeypatch.setenv("OVERDRIVE_RUN_ID", "HD_1_3")
    monkeypatch.chdir(tmp_path / "work")
    return tmp_path


def _records(trial: Path) -> list[MetricRecord]:
    batch = SpoolReader(trial / "spool.1.jsonl").read(final=True)
    assert batch.bad == 0
    return batch.records


def _values(trial: Path) -> list[tuple]:
    return [(record.kind, record.name, record.value) for record in _records(trial)]


def test_the_run_is_one_object(trial: Path) -> None:
    run = Run.get_context()
    assert run is report.get_context(allow_offline=False)
    assert isinstance(run, Run)
    assert run.id == "HD_1_3"


def test_log(trial: Path) -> None:
    run = Run.get_context()
    run.log("accuracy", 0.91)
    run.log("accuracy", 1, description="the number of it", step=4)
    run.log("Max iterations:", None)
    run.log("report", "precision\nrecall")
    run.log("done", True)
    run.log("loss", math.inf)
    records = _records(trial)
    assert [(record.name, record.value, record.kind, record.step) for record in records] == [
        ("accuracy", 0.91, None, None),
        ("accuracy", 1, None, 4),
        ("Max iterations:", None, "none", None),
        ("report", "precision\nrecall", "text", None),
        ("done", 1, None, None),
        ("loss", math.inf, None, None),
    ]
    assert [record.n for record in records] == list(range(6))
    assert all(record.at and record.rank == 0 for record in records)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (decimal.Decimal("0.5"), 0.5),
        (fractions.Fraction(1, 4), 0.25),
        ((1, 2), "(1, 2)"),
        ({"a": 1}, "{'a': 1}"),
        (1 + 2j, "(1+2j)"),
        (b"x", "b'x'"),
    ],
)
def test_log_of_other_types(trial: Path, value: object, expected: object) -> None:
    Run.get_context().log("value", value)
    assert _records(trial)[0].value == expected


def test_log_of_numpy(trial: Path) -> None:
    numpy = pytest.importorskip("numpy")
    run = Run.get_context()
    halves = [kind(0.5) for kind in (numpy.float64, numpy.float32, numpy.longdouble)]
    for value in (*halves, numpy.array([0.5]), numpy.float32("nan")):
        run.log("value", value, step=numpy.int64(2))
    run.log("count", numpy.int64(7))
    run.log("array", numpy.array([1.0, 2.0]))
    run.log_list("array", numpy.array([1.0, numpy.nan]))
    run.log_row("row", loss=numpy.float32(0.5), count=numpy.int8(1))
    run.log_table("table", {"a": numpy.arange(2)})
    values = [record.value for record in _records(trial)]
    assert values[:4] == [0.5] * 4
    assert math.isnan(values[4])
    assert values[5:] == [7, "[1. 2.]", [1.0, "nan"], {"loss": 0.5, "count": 1}, {"a": [0, 1]}]
    assert type(values[5]) is int


@pytest.mark.parametrize("value", [[1, 2], range(3), (number for number in ())])
def test_log_refuses_lists(trial: Path, value: object) -> None:
    with pytest.raises(report.UserErrorException, match="log_list"):
        Run.get_context().log("accuracy", value)


def test_log_refuses_no_name(trial: Path) -> None:
    with pytest.raises(report.UserErrorException, match="name"):
        Run.get_context().log("", 1.0)
    with pytest.raises(report.UserErrorException, match="name"):
        Run.get_context().log_list("", [1.0])


def test_an_odd_step_is_said_once(trial: Path, capsys: pytest.CaptureFixture) -> None:
    run = Run.get_context()
    for step in ("epoch 1", math.nan, None):
        run.log("accuracy", 0.5, step=step)  # type: ignore[arg-type]
    assert [record.step for record in _records(trial)] == [None] * 3
    assert capsys.readouterr().err.count("step='epoch 1'") == 1


def test_data_of_every_kind(trial: Path) -> None:
    run = Run.get_context()
    matrix = {"schema_type": "confusion_matrix", "schema_version": "1.0.0", "data": {"matrix": [[1, 0], [0, 1]]}}
    run.log_list("list", (number / 2 for number in range(3)))
    run.log_row("row", description="one of many", x=1, y="two")
    run.log_table("table", {"x": [1, 2], "y": 3})
    run.log_confusion_matrix("matrix", matrix)
    run.log_confusion_matrix("matrix", json.dumps(matrix))
    for log in (run.log_accuracy_table, run.log_residuals, run.log_predictions):
        log("data", {"data": {"bin_edges": [0.0, math.nan]}})
    data = {"data": {"bin_edges": [0.0, "nan"]}}
    assert _values(trial) == [
        ("list", "list", [0.0, 0.5, 1.0]),
        ("row", "row", {"x": 1, "y": "two"}),
        ("table", "table", {"x": [1, 2], "y": [3]}),
        ("confusion_matrix", "matrix", matrix),
        ("confusion_matrix", "matrix", matrix),
        ("accuracy_table", "data", data),
        ("residuals", "data", data),
        ("predictions", "data", data),
    ]


def test_data_of_the_wrong_form_is_refused(trial: Path) -> None:
    run = Run.get_context()
    for call in (
        lambda: run.log_list("a", 5),
        lambda: run.log_list("a", "text"),
        lambda: run.log_table("a", [1]),
        lambda: run.log_residuals("a", "{torn"),
        lambda: run.log_residuals("a", "[1]"),
        lambda: run.log_image("a"),
        lambda: run.log_image("a", path="x.png", plot=object()),
        lambda: run.log_image("a", plot=object()),
    ):
        with pytest.raises(report.UserErrorException):
            call()
    assert not (trial / "spool.1.jsonl").exists()


def test_tags_and_properties(trial: Path) -> None:
    run = Run.get_context()
    run.tag("best")
    run.set_tags({"epochs": 5})
    run.remove_tags(["epochs", "unknown"])
    run.add_properties({"loss": 0.5})
    assert run.get_tags() == run.tags == {"best": "None"}
    assert run.get_properties() == run.properties == {"loss": "0.5"}
    assert _values(trial) == [
        ("tag", "best", "None"),
        ("tag", "epochs", "5"),
        ("tag", "epochs", None),
        ("property", "loss", "0.5"),
    ]


def test_files(trial: Path) -> None:
    run = Run.get_context()
    Path("outputs/model.bin").write_bytes(b"model")
    Path("logs/train.txt").write_bytes(b"log")
    Path("plots").mkdir()
    Path("plots/a.txt").write_bytes(b"a")
    run.upload_file("outputs/model.bin", "outputs/model.bin")
    run.upload_file("./deep//stream.bin", io.BytesIO(b"stream"))
    run.upload_files(["one", "text"], ["plots/a.txt", io.StringIO("ü")])
    run.upload_folder("all", "plots")
    run.upload_file("one", "outputs/model.bin")
    assert (trial / "files" / "deep" / "stream.bin").read_bytes() == b"stream"
    assert (trial / "files" / "one").read_bytes() == b"model"
    assert (trial / "files" / "one").stat().st_mode & 0o777 == 0o600
    names = ["all/a.txt", "deep/stream.bin", "logs/train.txt", "one", "outputs/model.bin", "text"]
    assert run.get_file_names() == names
    assert _values(trial)[:2] == [("file", names[4], {"bytes": 5}), ("file", names[1], {"bytes": 6})]


@pytest.mark.parametrize("name", ["", ".", "..", "../x", "a/../../x", "/x", "a\0b", "..\\x", "C:\\x"])
def test_files_stay_below_the_run(trial: Path, name: str) -> None:
    with pytest.raises(report.UserErrorException):
        Run.get_context().upload_file(name, io.BytesIO(b"x"))
    assert not (trial / "files").exists()


def test_missing_files_are_refused(trial: Path) -> None:
    run = Run.get_context()
    for call in (
        lambda: run.upload_file("a", "missing"),
        lambda: run.upload_file("a", "outputs"),
        lambda: run.upload_folder("a", "missing"),
        lambda: run.register_model("a", "missing"),
    ):
        with pytest.raises(report.UserErrorException):
            call()
    with pytest.raises(TypeError):
        run.upload_files(["a"], [])


def test_a_stream_that_breaks_leaves_nothing(trial: Path) -> None:
    class Broken:
        def read(self, size: int) -> bytes:
            raise OSError("the line is cut")

    run = Run.get_context()
    with pytest.raises(OSError, match="cut"):
        run.upload_file("a", Broken())
    assert run.get_file_names() == []
    assert not (trial / "spool.1.jsonl").exists()


def test_images(trial: Path) -> None:
    class Plot:
        def savefig(self, file: io.BytesIO, format: str) -> None:
            file.write(format.encode())

    run = Run.get_context()
    Path("odd.jpg").write_bytes(b"jpg")
    run.log_image("../loss: ü", plot=Plot())
    run.log_image("../loss: ü", plot=Plot())
    run.log_image("photo", path="odd.jpg")
    names = ["images/_loss_ _.png", "images/_loss_ __2.png", "images/photo.jpg"]
    assert _values(trial) == [("image", "../loss: ü", name) for name in names[:2]] + [("image", "photo", names[2])]
    assert run.get_file_names() == names
    assert (trial / "files" / names[0]).read_bytes() == b"png"


def test_register_model(trial: Path) -> None:
    run = Run.get_context()
    Path("outputs/model.bin").write_bytes(b"model")
    Path("other.bin").write_bytes(b"other")
    model = run.register_model("digits", "outputs/model.bin", tags={"accuracy": 0.9}, description="small")
    assert (model.name, model.version, model.tags, model.run_id) == ("digits", None, {"accuracy": "0.9"}, run.id)
    run.register_model("other", "other.bin")
    assert (trial / "files" / "other.bin").read_bytes() == b"other"
    assert _values(trial) == [
        (
            "model",
            "digits",
            {"path": "outputs/model.bin", "tags": {"accuracy": "0.9"}, "properties": {}, "description": "small"},
        ),
        ("file", "other.bin", {"bytes": 5}),
        ("model", "other", {"path": "other.bin", "tags": {}, "properties": {}}),
    ]


def test_what_the_trial_knows_of_itself(trial: Path) -> None:
    run = Run.get_context()
    assert (run.experiment.name, run.experiment.workspace.name) == ("digits", "space")
    assert run.parent.id == "HD_1"
    assert run.parent.experiment.name == "digits"
    assert (run.number, run.configuration, run.input_datasets) == (3, {"lr": 0.1}, {})
    details = run.get_details()
    assert details["runId"] == "HD_1_3"
    assert details["runDefinition"]["arguments"] == details["runDefinition"]["Arguments"] == ["--lr", 0.1]
    with pytest.raises(NotFoundError):
        Run(run.experiment, "HD_1_2")


def test_without_its_description_a_trial_goes_on(
    trial: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture
) -> None:
    (trial / "trial.json").write_text("{torn")
    monkeypatch.setenv("AZUREML_EXPERIMENT_NAME", "from the environment")
    run = Run.get_context()
    assert run.experiment.name == "from the environment"
    assert (run.parent, run.number) == (None, None)
    assert capsys.readouterr().err.count("trial.json") == 1


def test_children_and_parent_are_kept_apart(trial: Path) -> None:
    run = Run.get_context()
    with run.child_run("fold 1") as child:
        child.log("accuracy", 0.5, step=2)
        child.upload_file("a.txt", io.BytesIO(b"a"))
    run.parent.log("accuracy", 0.9)
    records = _records(trial)
    assert {record.kind for record in records} == {"child"}
    assert [record.value for record in records] == [
        {"parent": run.id, "label": "fold 1"},
        {"name": "accuracy", "value": 0.5, "step": 2},
        {"name": "a.txt", "value": {"bytes": 1}, "kind": "file"},
        {"name": "complete", "value": None, "kind": "status"},
        {"name": "accuracy", "value": 0.9},
    ]
    assert [record.name for record in records] == [child.id] * 4 + ["HD_1"]
    assert run.get_file_names() == [f"children/{child.id}/a.txt"]


def test_status_is_recorded_and_decides_nothing(trial: Path) -> None:
    run = Run.get_context()
    with run:
        run.cancel()
    run.fail("no data", error_code=7)
    with pytest.raises(ZeroDivisionError), run:
        raise ZeroDivisionError("by zero")
    assert _values(trial) == [
        ("status", "cancel", None),
        ("status", "complete", None),
        ("status", "fail", {"error_details": "no data", "error_code": "7"}),
        ("status", "fail", {"error_details": "ZeroDivisionError: by zero"}),
    ]
    assert run.get_status() == "Running"


def test_get_metrics(trial: Path) -> None:
    run = Run.get_context()
    assert run.get_metrics() == {}
    for value in (0.5, 0.6):
        run.log("accuracy", value)
    run.log("loss", math.inf)
    run.log("note", "text")
    run.log_list("one", [1])
    run.log_row("rows", a=1)
    run.log_row("rows", b=2)
    run.log_row("row", a=1)
    run.log_table("table", {"a": [1, 2]})
    run.log_residuals("data", {"data": {}})
    run.log("rows", 3)  # of another family: left out
    run.log("data", 3)
    run.log_row("accuracy", a=1)
    run.tag("accuracy", "0.7")
    with (trial / "spool.1.jsonl").open("ab") as file:
        file.write(b"odd\n[1]\n")
    assert run.get_metrics() == {
        "accuracy": [0.5, 0.6],
        "loss": math.inf,
        "note": "text",
        "one": 1,
        "rows": {"a": [1, None], "b": [None, 2]},
        "row": {"a": 1},
        "table": {"a": [1, 2]},
        "data": {"data": {}},
    }
    assert run.get_metrics("accuracy") == {"accuracy": [0.5, 0.6]}


def test_offline(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    run = Run.get_context()
    assert run is Run.get_context()
    assert isinstance(run, report._OfflineRun) and not isinstance(run, Run)
    assert run.id.startswith("OfflineRun_") and len(run.id) == len("OfflineRun_") + 36
    absent = ("experiment", "parent", "input_datasets", "get_metrics", "get_details")
    assert not any(hasattr(run, name) for name in absent)
    with run:
        run.log("accuracy", 0.9)
        run.log_list("list", [1])
        run.log_row("row", a=1)
        run.log_table("table", {"a": [1]})
        run.log_image("image", path="missing.png")
        run.log_confusion_matrix("matrix", {})
        run.tag("a")
        run.set_tags({"a": 1})
        run.add_properties({"a": 1})
        run.upload_file("a", "missing")
        run.upload_files(["a"], ["missing"])
        run.upload_folder("a", "missing")
        run.child_run("child").log("loss", 0.1, step=3)
        run.cancel()
        run.fail("why")
        run.flush()
    shown = capsys.readouterr()
    assert "accuracy = 0.9" in shown.out and "loss = 0.1 at step 3" in shown.out
    assert not shown.err
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(report.UserErrorException):
        run.log("accuracy", [1])
    with pytest.raises(report.RunEnvironmentException):
        Run.get_context(allow_offline=False)


def test_append(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(report.NotInTrialError, match="OVERDRIVE_METRICS"):
        report.append("accuracy", 0.9)
    monkeypatch.setenv("OVERDRIVE_METRICS", str(tmp_path / "spool.1.jsonl"))
    report.append("accuracy", 0.9, step=2)
    report.append("note", "0.9")
    report.append("loss", math.nan, path=str(tmp_path / "spool.1.jsonl"))
    with pytest.raises(report.UserErrorException, match="name"):
        report.append("", 1)
    with pytest.raises(report.UserErrorException, match="step"):
        report.append("loss", 1, step=math.inf)
    with pytest.raises(FileNotFoundError):
        report.append("loss", 1, path=str(tmp_path / "missing" / "spool.1.jsonl"))
    records = _records(tmp_path)
    assert [(record.name, record.step) for record in records] == [("accuracy", 2), ("note", None), ("loss", None)]
    assert (records[0].value, records[1].value) == (0.9, "0.9")
    assert math.isnan(records[2].value)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("environment", "rank"),
    [
        ({}, 0),
        ({"RANK": "3", "WORLD_SIZE": "4"}, 3),
        ({"RANK": "3", "WORLD_SIZE": "1"}, 0),
        ({"RANK": "3"}, 0),
        ({"RANK": "three", "WORLD_SIZE": "4"}, 0),
        ({"RANK": "0", "WORLD_SIZE": "1", "SLURM_PROCID": "2", "SLURM_NTASKS": "8"}, 2),
        ({"OMPI_COMM_WORLD_RANK": "1", "OMPI_COMM_WORLD_SIZE": "2"}, 1),
        ({"PMI_RANK": "1", "PMI_SIZE": "2"}, 1),
    ],
)
def test_rank(environment: dict[str, str], rank: int) -> None:
    assert read_rank(environment) == rank


def test_other_ranks_are_marked(trial: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RANK", "3")
    monkeypatch.setenv("WORLD_SIZE", "4")
    run = Run.get_context()
    run.log("accuracy", 0.5)
    assert _records(trial)[0].rank == 3
    assert run.get_metrics() == {}
