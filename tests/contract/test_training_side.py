"""What Azure ML's names do in a training script, row by row; facts from azureml-core 1.61.

Types, fields and values are tested, never the wording. `tests/e2e/test_trial_side.py` runs scripts under other Pythons.
"""

import inspect
import json
import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from overdrive import report
from overdrive.report import Run
from overdrive.report import UserErrorException
from overdrive.report import _OfflineRun
from overdrive.report import _SubmittedRun
from overdrive.store.spool import SpoolReader
from overdrive.views.metrics import merge_metrics


@pytest.fixture
def trial(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A trial's folder, with its working directory entered."""
    for name in ("outputs", "logs"):
        (tmp_path / "work" / name).mkdir(parents=True)
    (tmp_path / "trial.json").write_text(json.dumps({"sweep": "HD_1", "trial": 3, "experiment": "digits"}))
    monkeypatch.setenv("OVERDRIVE_METRICS", str(tmp_path / "spool.1.jsonl"))
    monkeypatch.setenv("OVERDRIVE_TRIAL", str(tmp_path / "trial.json"))
    monkeypatch.setenv("OVERDRIVE_RUN_ID", "HD_1_3")
    monkeypatch.chdir(tmp_path / "work")
    return tmp_path


_MATRIX = {
    "schema_type": "confusion_matrix",
    "schema_version": "1.0.0",
    "data": {"class_labels": ["a"], "matrix": [[1]]},
}

#: What a script calls → what get_metrics says under "m".
MERGES: list[tuple[str, Callable[[Any], object], object]] = [
    ("one scalar", lambda run: run.log("m", 0.5), 0.5),
    ("several scalars", lambda run: [run.log("m", n) for n in (1, 2, 3)], [1, 2, 3]),
    ("None", lambda run: run.log("m", None), None),
    ("text", lambda run: run.log("m", "precision\nrecall"), "precision\nrecall"),
    ("text that looks like a number", lambda run: run.log("m", "1"), "1"),
    ("scalars of many types", lambda run: [run.log("m", v) for v in (1, "a", None, True)], [1, "a", None, 1]),
    ("a list", lambda run: run.log_list("m", [1, 2]), [1, 2]),
    ("a list of one", lambda run: run.log_list("m", [7]), 7),
    ("a range", lambda run: run.log_list("m", range(3)), [0, 1, 2]),
    ("a list and a scalar", lambda run: [run.log_list("m", [1, 2]), run.log("m", 3)], [1, 2, 3]),
    ("one row", lambda run: run.log_row("m", x=1, y="a"), {"x": 1, "y": "a"}),
    ("several rows", lambda run: [run.log_row("m", x=n) for n in (1, 2)], {"x": [1, 2]}),
    ("a missing cell", lambda run: [run.log_row("m", x=1), run.log_row("m", y=2)], {"x": [1, None], "y": [None, 2]}),
    ("a table", lambda run: run.log_table("m", {"x": [1, 2], "y": [3, 4]}), {"x": [1, 2], "y": [3, 4]}),
    ("a table of one row", lambda run: run.log_table("m", {"x": [1], "y": [3]}), {"x": 1, "y": 3}),
    ("a table and a row", lambda run: [run.log_table("m", {"x": [1, 2]}), run.log_row("m", x=3)], {"x": [1, 2, 3]}),
    ("a scalar, then a row", lambda run: [run.log("m", 1), run.log_row("m", x=2)], 1),
    ("a row, then a scalar", lambda run: [run.log_row("m", x=2), run.log("m", 1)], {"x": 2}),
    ("a confusion matrix", lambda run: run.log_confusion_matrix("m", _MATRIX), _MATRIX),
    ("the same as JSON", lambda run: run.log_confusion_matrix("m", json.dumps(_MATRIX)), _MATRIX),
    ("residuals", lambda run: run.log_residuals("m", {"data": {"bin_edges": [0, 1]}}), {"data": {"bin_edges": [0, 1]}}),
    ("predictions", lambda run: run.log_predictions("m", {"data": {"bin_counts": [1]}}), {"data": {"bin_counts": [1]}}),
    (
        "accuracy table",
        lambda run: run.log_accuracy_table("m", {"data": {"class_labels": [1]}}),
        {"data": {"class_labels": [1]}},
    ),
]


@pytest.mark.parametrize(("calls", "expected"), [row[1:] for row in MERGES], ids=[row[0] for row in MERGES])
def test_what_is_logged_is_merged_alike_inside_and_outside(
    calls: Callable[[Any], object], expected: object, trial: Path
) -> None:
    run = Run.get_context()
    calls(run)
    inside = run.get_metrics()
    outside, _ = merge_metrics(SpoolReader(trial / "spool.1.jsonl").read(final=True).records)
    assert inside == outside == {"m": expected}
    assert run.get_metrics("m") == inside and run.get_metrics("other") == {}
    assert run.get_metrics(recursive=True) == {run.id: inside}


@pytest.mark.parametrize("name", ["accuracy", "Max iterations:", "Regularization Strength:", "ä/ö", "a\nb", "'\"", "0"])
def test_any_name_can_be_logged(name: str, trial: Path) -> None:
    Run.get_context().log(name, 1.5)
    assert Run.get_context().get_metrics() == {name: 1.5}


@pytest.mark.parametrize(
    ("made", "expected"),
    [
        (lambda np: np.float32(0.5), 0.5),
        (lambda np: np.int64(3), 3),
        (lambda np: np.bool_(True), 1),
        (lambda np: np.array(0.25), 0.25),
        (lambda np: np.array([[0.75]]), 0.75),
        (lambda np: np.str_("text"), "text"),
    ],
)
def test_scalars_of_numpy(made: Callable, expected: object, trial: Path) -> None:
    numpy = pytest.importorskip("numpy")
    Run.get_context().log("m", made(numpy))
    assert Run.get_context().get_metrics() == {"m": expected}


def test_non_finite_values(trial: Path) -> None:
    for value in (math.nan, math.inf):
        Run.get_context().log("m", value)
    found = Run.get_context().get_metrics()["m"]
    assert math.isnan(found[0]) and found[1] == math.inf


@pytest.mark.parametrize("kind", [_SubmittedRun, _OfflineRun])
@pytest.mark.parametrize(
    ("name", "parameters"),
    [
        ("log", "name value description step"),
        ("log_list", "name value description"),
        ("log_row", "name description columns"),
        ("log_table", "name value description"),
        ("log_image", "name path plot description"),
        ("log_confusion_matrix", "name value description"),
        ("log_accuracy_table", "name value description"),
        ("log_residuals", "name value description"),
        ("log_predictions", "name value description"),
        ("upload_file", "name path_or_stream datastore_name"),
        ("upload_folder", "name path datastore_name"),
        ("tag", "key value"),
        ("set_tags", "tags"),
        ("add_properties", "properties"),
        ("child_run", "name run_id outputs"),
        ("flush", "timeout_seconds"),
        ("complete", "_set_status"),
        ("fail", "error_details error_code _set_status"),
        ("cancel", ""),
    ],
)
def test_signatures_of_both_runs(kind: type, name: str, parameters: str) -> None:
    assert list(inspect.signature(getattr(kind, name)).parameters)[1:] == parameters.split()


@pytest.mark.parametrize(
    ("name", "parameters"),
    [
        ("upload_files", "names paths return_artifacts timeout_seconds datastore_name"),
        ("download_file", "name output_file_path _validate_checksum"),
        ("download_files", "prefix output_directory output_paths batch_size append_prefix timeout_seconds"),
        ("create_children", "count tag_key tag_values"),
        ("remove_tags", "tags"),
        ("get_tags", ""),
        ("get_properties", ""),
        ("get_file_names", ""),
        ("get_status", ""),
        ("get_details", ""),
    ],
)
def test_signatures_of_a_submitted_run(name: str, parameters: str) -> None:
    assert list(inspect.signature(getattr(_SubmittedRun, name)).parameters)[1:] == parameters.split()


def test_an_offline_run_has_these_members_and_no_other() -> None:
    run = _OfflineRun()
    assert {name for name in dir(run) if not name.startswith("_")} == set(
        """
        id add_properties set_tags tag complete fail cancel log log_list log_table log_row log_image log_residuals
        log_predictions log_accuracy_table log_confusion_matrix upload_folder upload_files upload_file child_run flush
        """.split()
    )
    assert run.id.startswith("OfflineRun_") and len(run.id) == len("OfflineRun_") + 36
    assert not isinstance(run, Run)
    with run as same:
        assert same is run


@pytest.mark.parametrize(
    "name", ["experiment", "parent", "input_datasets", "get_metrics", "register_model", "get_details"]
)
def test_scripts_find_out_that_a_run_is_offline(name: str) -> None:
    assert not hasattr(Run.get_context(), name)


def test_outside_a_run_it_can_be_asked_for() -> None:
    with pytest.raises(report.RunEnvironmentException):
        Run.get_context(allow_offline=False)
    assert Run.get_context() is Run.get_context()


@pytest.mark.parametrize(
    ("call", "error"),
    [
        (lambda run: run.log("m", [1]), UserErrorException),
        (lambda run: run.log("m", range(2)), UserErrorException),
        (lambda run: run.log("m", (n for n in ())), UserErrorException),
        (lambda run: run.upload_files(["a"], []), TypeError),
        (lambda run: run.upload_file("a", "missing"), UserErrorException),
        (lambda run: run.upload_file("../a", __file__), UserErrorException),
        (lambda run: run.upload_folder("a", "missing"), UserErrorException),
        (lambda run: run.download_file("missing"), UserErrorException),
        (lambda run: run.log_image("m"), UserErrorException),
        (lambda run: run.register_model("m", "missing"), UserErrorException),
        (lambda run: run.create_children(0), UserErrorException),
        (lambda run: run.nonsense, AttributeError),
        (lambda run: run.submit_child(None), AttributeError),
        (lambda run: run.child_run().nonsense, AttributeError),
    ],
)
def test_what_a_run_refuses(call: Callable[[Any], object], error: type[Exception], trial: Path) -> None:
    with pytest.raises(error) as caught:
        call(Run.get_context())
    assert "\n" not in str(caught.value)


def test_files_of_a_run(trial: Path) -> None:
    run = Run.get_context()
    Path("outputs", "model.pkl").write_text("m")
    Path("local.txt").write_text("l")
    run.upload_file("kept/local.txt", "local.txt")
    run.upload_files(["a", "b"], ["local.txt", "local.txt"])
    run.upload_folder("folder", "outputs")
    assert run.get_file_names() == ["a", "b", "folder/model.pkl", "kept/local.txt", "outputs/model.pkl"]
    assert run.get_file_names()[-1].startswith("outputs/")
    run.download_file("outputs/model.pkl", "there/")
    assert Path("there", "model.pkl").read_text() == "m"
    run.download_file("kept/local.txt", "other.txt")
    assert Path("other.txt").read_text() == "l"
    run.download_file("folder/model.pkl")
    assert Path("model.pkl").is_file()
    run.download_files("kept/", "all")
    run.download_files("kept/", "bare", append_prefix=False)
    assert Path("all/kept/local.txt").is_file() and Path("bare/local.txt").is_file()


def test_images(trial: Path) -> None:
    class Figure:
        """As matplotlib's and pyplot's."""

        def savefig(self, stream: Any, format: str) -> None:
            stream.write(format.encode())

    run = Run.get_context()
    Path("picture.jpg").write_bytes(b"jpg")
    run.log_image("a picture", path="picture.jpg")
    run.log_image("a plot", plot=Figure())
    found = run.get_metrics()
    assert found == {"a picture": "images/a picture.jpg", "a plot": "images/a plot.png"}
    run.download_file(found["a plot"], "plot.png")
    assert Path("plot.png").read_bytes() == b"png"


def test_tags_and_properties_become_text(trial: Path) -> None:
    run = Run.get_context()
    run.tag("bare")
    run.set_tags({"accuracy": 0.5, 1: None})
    run.add_properties({"n": 3})
    assert run.tags == run.get_tags() == {"bare": "None", "accuracy": "0.5", "1": "None"}
    assert run.properties == run.get_properties() == {"n": "3"}
    run.remove_tags(["bare", "never there"])
    assert "bare" not in run.tags


def test_what_a_script_calls_its_run(trial: Path) -> None:
    run = Run.get_context()
    assert (run.display_name, run.description) == (run.id, None)
    run.display_name, run.description = "mine", 3
    assert (run.display_name, run.description) == ("mine", "3")


def test_children_keep_metrics_of_their_own(trial: Path) -> None:
    run = Run.get_context()
    child = run.child_run("one")
    child.log("m", 1)
    child.child_run().log("m", 2)
    run.log("m", 3)
    run.parent.log("best", 4)
    assert child.get_metrics() == {"m": 1} and run.get_metrics() == {"m": 3}
    assert run.parent.get_metrics() == {"best": 4}
    assert run.get_metrics(recursive=True) == {run.id: {"m": 3}, child.id: {"m": 1}}
    assert [made.id for made in run.get_children()] == [child.id]
    tagged = run.create_children(tag_key="fold", tag_values=[1, 2])
    assert [made.tags for made in tagged] == [{"fold": "1"}, {"fold": "2"}]
    assert len(run.create_children(3)) == 3
    assert len({made.id for made in run.get_children()}) == 6


def test_status_words_are_recorded_and_set_nothing(trial: Path) -> None:
    with Run.get_context() as run:
        run.fail("it broke", error_code=3)
        run.cancel()
    assert run.get_status() == run.status == "Running"
    records = SpoolReader(trial / "spool.1.jsonl").read(final=True).records
    assert [(record.kind, record.name) for record in records] == [
        ("status", "fail"),
        ("status", "cancel"),
        ("status", "complete"),
    ]
