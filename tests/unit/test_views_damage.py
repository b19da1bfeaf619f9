"""What is said of files that no engine wrote."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from journals import WrittenSweep

from overdrive.client.marks import Marks
from overdrive.errors import WorkspaceError
from overdrive.views import SweepView
from overdrive.views import open_sweep
from overdrive.views.browser import sweep_head
from overdrive.views.history import suggested_states
from overdrive.views.timeline import timeline


@pytest.fixture
def sweep(tmp_path: Path) -> WrittenSweep:
    """Events: created, engine started, then suggested (3), planned (4), started (5), …"""
    written = WrittenSweep(tmp_path / "sweep")
    written.run(0, 0.5)
    written.start(1)
    written.log(1, [1, 2], name="list", kind="list")
    return written


DAMAGES: dict[str, tuple[Callable[[SweepView], object], str]] = {
    "events SET body = '{' WHERE seq = 3": (suggested_states, "the body of event 3 (suggested) is no JSON"),
    "events SET body = '{' WHERE seq = 4": (lambda view: timeline(view.folder), "the body of event 4 (planned) is no"),
    "trials SET configuration = '{'": (lambda view: view.trials()[1].configuration, "the configuration of trial 1 is"),
    "trials SET configuration = '1'": (lambda view: view.trials()[1].configuration, "the configuration of trial 1 is"),
    "trials SET exit = '{'": (lambda view: view.trials()[0].exit, "the exit of trial 0 is no JSON"),
    "metrics SET value = '['": (lambda view: view.records(1), "record 0 of 'list' cannot be read"),
}


@pytest.mark.parametrize("change", DAMAGES)
def test_damage_is_said_by_its_place(sweep: WrittenSweep, change: str) -> None:
    sweep.close()
    with closing(sqlite3.connect(sweep.folder / "sweep.db")) as db, db:
        db.execute(f"UPDATE {change}")
    look, said = DAMAGES[change]
    with pytest.raises(WorkspaceError) as caught:
        look(open_sweep(sweep.folder))
    assert caught.value.message.startswith(f"{sweep.folder / 'sweep.db'} is damaged: {said}")


NO_MARKS = {
    '{"tags": {"a": ': "marks.json is damaged: ",
    "[1]": "marks.json is damaged: it holds no JSON object",
    '{"tags": ["a"]}': "marks.json is damaged: tags is not an object in it",
    '{"display_name": 5}': "marks.json is damaged: display_name is not a text in it",
    "[" * 100_000: "marks.json is damaged: ",
}


@pytest.mark.parametrize("text", NO_MARKS, ids=[text[:30] for text in NO_MARKS])
def test_a_sweep_is_shown_without_damaged_marks_and_says_so(sweep: WrittenSweep, text: str) -> None:
    for name in ("marks.json", "marks.1.json"):
        (sweep.folder / name).write_text(text)
    view = open_sweep(sweep.folder)
    head = sweep_head(view)
    said = "Tags, names and descriptions given since the submit are left out: "
    assert (head["tags"], head["display_name"]) == ({}, None)
    assert str(head["warnings"]).startswith(f"['{said}{NO_MARKS[text]}")
    marks, problem = view.marks_now(1)
    assert marks == {} and problem.startswith(said + NO_MARKS[text].replace("marks", "marks.1"))


def test_damaged_marks_are_not_written_over(sweep: WrittenSweep) -> None:
    path = sweep.folder / "marks.json"
    path.write_text('["kept"]')
    with pytest.raises(WorkspaceError, match="is damaged: it holds no JSON object"):
        Marks(path, {}).set_tags({"a": "b"})
    assert path.read_text() == '["kept"]'


HOLES = ('{"from": -5, "to": 3}', '{"from": 0, "to": 1e400}', '{"from": "0", "to": "3"}', "[" * 100_000, "[1, 2]")


@pytest.mark.parametrize("text", [*HOLES, f'{{"from": 1, "to": {2**63}}}'], ids=lambda text: text[:30])
def test_what_no_cap_left_out_is_shown(sweep: WrittenSweep, text: str) -> None:
    path = sweep.output(0, b"hello")
    path.with_name("output.1.hole.json").write_text(text)
    assert open_sweep(sweep.folder).output_tail(0) == "hello"
