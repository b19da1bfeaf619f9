"""Lists of sweeps from their summaries, and sweeps as data for other programs."""

import csv
import io
import json
import math
from pathlib import Path

import pytest
from journals import WrittenSweep
from journals import sweep_spec

from overdrive.client.marks import Marks
from overdrive.host.locks import FileLock
from overdrive.records import Outcome
from overdrive.views import export_points
from overdrive.views import export_rows
from overdrive.views import list_sweeps
from overdrive.views import open_sweep
from overdrive.views.engines import LOCK
from overdrive.views.export import row_columns
from overdrive.views.export import summary_json
from overdrive.views.export import sweep_json
from overdrive.views.listing import Listing
from overdrive.views.marks import marks_file
from overdrive.views.strict import strict_json


def spec_only(workspace: Path, name: str, **changes: object) -> Path:
    folder = workspace / "sweeps" / name
    folder.mkdir(parents=True)
    (folder / "spec.json").write_text(json.dumps(sweep_spec(id=name, **changes).to_json()))
    return folder


def test_an_empty_workspace(tmp_path: Path) -> None:
    assert list_sweeps(tmp_path / "nowhere") == []
    (tmp_path / "sweeps").mkdir()
    assert list_sweeps(tmp_path) == []


def test_the_newest_comes_first_and_unfinished_folders_not_at_all(tmp_path: Path) -> None:
    for day in (2, 3, 1):
        spec_only(tmp_path, f"HD_{day}", created_at=f"2026-01-0{day}T00:00:00Z")
    (tmp_path / "sweeps" / ".new-HD_4").mkdir()
    assert [summary.id for summary in list_sweeps(tmp_path)] == ["HD_3", "HD_2", "HD_1"]


def test_a_summary_by_its_engine(tmp_path: Path) -> None:
    sweep = WrittenSweep(tmp_path / "sweeps" / "HD_1", id="HD_1", tags={"team": "a"})
    sweep.run(0, 0.5)
    sweep.run(1, 0.9, outcome=Outcome.STOPPED_EARLY)
    sweep.start(2)
    sweep.summarize()
    (running,) = list_sweeps(tmp_path)
    assert (running.status, running.is_over, running.reason) == ("Running", False, "no engine has taken it up yet")
    assert (running.counts.total, running.counts.done, running.counts.running) == (10, 2, 1)
    assert (running.metric, running.goal, running.best_trial, running.best) == ("accuracy", "maximize", 1, 0.9)
    sweep.end(2)
    sweep.finish()
    (ended,) = list_sweeps(tmp_path)
    assert (ended.status, ended.is_over, ended.reason) == ("Completed", True, "all trials ended")
    assert (ended.counts.done, ended.counts.total) == (3, 10) and ended.ended_at is not None
    assert (ended.intervals, ended.saved) == (2, 0)
    assert summary_json(ended)["tags"] == {"team": "a"}
    sweep.close()


def test_what_a_sweep_is_called_later(tmp_path: Path) -> None:
    """By `run.tag` and `run.display_name` of a control script: nothing of the engine's changes."""
    sweep = WrittenSweep(tmp_path / "sweeps" / "HD_1", id="HD_1", tags={"team": "a", "gone": "1"})
    sweep.summarize()
    sweep.close()
    listing = Listing(tmp_path)
    version, (before,) = listing.read()
    assert (before.display_name, before.tags) == (None, {"team": "a", "gone": "1"})
    marks = Marks(marks_file(sweep.folder), {})
    marks.set_tags({"stage": "final"})
    marks.remove_tags("gone")
    marks.display_name = "the one to keep"
    changed, (after,) = listing.read()
    assert changed != version
    assert (after.display_name, after.tags) == ("the one to keep", {"team": "a", "stage": "final"})
    assert list_sweeps(tmp_path) == [after]
    labels = open_sweep(sweep.folder).labels()
    assert (labels.display_name, labels.tags) == (after.display_name, after.tags)


def test_single_runs_are_listed_too(tmp_path: Path) -> None:
    sweep = WrittenSweep(
        tmp_path / "runs" / "exp_1_ab", id="exp_1_ab", kind="run", space={}, metric=None, max_total_runs=1
    )
    sweep.summarize()
    (run,) = list_sweeps(tmp_path)
    assert (run.kind, run.metric, run.best) == ("run", None, None)
    sweep.close()


def test_a_duration_grows_as_long_as_an_engine_runs(tmp_path: Path) -> None:
    sweep = WrittenSweep(tmp_path / "sweeps" / "HD_a", id="HD_a")
    sweep.summarize()
    with FileLock(str(sweep.folder / LOCK)):
        (running,) = list_sweeps(tmp_path)
        assert running.grows_from
        assert running.ran_by(running.grows_from + 100) == running.ran_s + 100
    (standing,) = list_sweeps(tmp_path)
    assert (standing.grows_from, standing.ran_by(1e10)) == (None, standing.ran_s)
    sweep.finish()
    with FileLock(str(sweep.folder / LOCK)):
        (over,) = list_sweeps(tmp_path)
    assert over.grows_from is None
    sweep.close()


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", '{"id": 1}', '{"id": "a", "status": "Running", "counts": [1]}', "\xff"]
)
def test_a_damaged_summary_falls_back_to_the_spec(tmp_path: Path, text: str) -> None:
    folder = spec_only(tmp_path, "HD_1")
    (folder / "summary.json").write_text(text, "latin-1")
    (summary,) = list_sweeps(tmp_path)
    assert (summary.id, summary.experiment, summary.counts.total) == ("HD_1", "digits", 10)


@pytest.mark.parametrize(
    "changes",
    [
        {"tags": ["a"]},
        {"best": {"trial": 0, "value": "much"}},
        {"best": {"trial": "first", "value": 1}},
        {"ran_s": "long"},
        {"intervals_saved": "many"},
        {"intervals": 1, "intervals_saved": -1},
        {"total": "ten"},
        {"total": 10**400},
        {"counts": {"completed": 10**400}},
        {"counts": {"completed": 0.5}},
        {"best": {"trial": 0, "value": math.nan}},
        {"status": ["Completed"]},
        {"reason": 1},
        {"metric": "accuracy"},
    ],
)
def test_a_summary_that_no_engine_wrote_falls_back_to_the_spec(tmp_path: Path, changes: dict) -> None:
    folder = spec_only(tmp_path, "HD_1")
    written = {"id": "HD_1", "status": "Completed", "experiment": "elsewhere"}
    (folder / "summary.json").write_text(json.dumps({**written, **changes}))
    (summary,) = list_sweeps(tmp_path)
    assert (summary.experiment, summary.status) == ("digits", "Running")


@pytest.mark.parametrize(
    "text", ["[" * 200_000, '{"id": "HD_1", "metric": "acc"}', '{"id": "HD_1", "max_total_runs": "ten"}', '{"id": [1]}']
)
def test_one_damaged_folder_does_not_spoil_the_list(tmp_path: Path, text: str) -> None:
    spec_only(tmp_path, "HD_1")
    damaged = spec_only(tmp_path, "HD_2")
    (damaged / "spec.json").write_text(text)
    (damaged / "marks.json").write_text('{"tags": ["a"], "display_name": 1}')
    summaries = {summary.id: summary for summary in list_sweeps(tmp_path)}
    assert "damaged" in summaries["HD_2"].reason and summaries["HD_1"].experiment == "digits"


def test_a_folder_that_is_no_sweep_says_so(tmp_path: Path) -> None:
    (tmp_path / "sweeps" / "HD_1").mkdir(parents=True)
    (summary,) = list_sweeps(tmp_path)
    assert summary.id == "HD_1" and "damaged" in summary.reason


@pytest.fixture
def sweep(tmp_path: Path):
    sweep = WrittenSweep(tmp_path / "s", space={"--lr": ["uniform", [0, 1]], "a,b\n": ["choice", [["x"]]]})
    for number, value in enumerate((0.5, math.nan)):
        sweep.start(number, **{"--lr": 0.1, "a,b\n": 'say "x"'})
        sweep.log(number, value)
        sweep.log(number, 1, 2, name="epoch")
        sweep.end(number)
    sweep.suggest(2, **{"--lr": 0.2})
    yield sweep
    sweep.close()


def test_rows_are_flat_and_alike(sweep: WrittenSweep) -> None:
    rows = export_rows(open_sweep(sweep.folder))
    assert {tuple(row) for row in rows} == {tuple(row_columns(open_sweep(sweep.folder)))}
    assert rows[0]["param_--lr"] == 0.1 and rows[0]["param_a,b\n"] == 'say "x"' and rows[2]["param_a,b\n"] is None
    assert (rows[0]["best"], rows[1]["best"], rows[1]["intervals"]) == (0.5, None, 1)
    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    back = list(csv.DictReader(io.StringIO(text.getvalue(), newline="")))
    assert [row["param_a,b\n"] for row in back] == ['say "x"', 'say "x"', ""]


def test_points_are_all_numbers(sweep: WrittenSweep) -> None:
    points = list(export_points(open_sweep(sweep.folder)))
    assert [(p["trial"], p["metric"], p["interval"]) for p in points] == [
        (0, "accuracy", 1),
        (1, "accuracy", 1),
        (0, "epoch", 1),
        (0, "epoch", 2),
        (1, "epoch", 1),
        (1, "epoch", 2),
    ]


def test_a_sweep_as_strict_json(sweep: WrittenSweep) -> None:
    data = json.loads(strict_json(sweep_json(open_sweep(sweep.folder))), parse_constant=pytest.fail)
    assert data["best"]["trial"] == 0 and data["counts"]["done"] == 2 and data["status"] == "Running"
