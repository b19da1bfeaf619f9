"""The doorman starts what Studio's web server may only ask for."""

import json
import select
from dataclasses import asdict
from pathlib import Path

import pytest
from journals import WrittenSweep

from overdrive import Workspace
from overdrive.cli.main import main
from overdrive.client.doorman import Doorman
from overdrive.client.explaining import explain_sweep
from overdrive.host.randomness import new_id
from overdrive.store.door import Knock
from overdrive.store.door import door
from overdrive.store.door import keep_explanation
from overdrive.store.door import leave_knock
from overdrive.store.door import read_answer
from overdrive.store.door import read_explanation
from overdrive.store.door import read_knocks
from overdrive.views import list_sweeps
from overdrive.views import open_sweep

SCRIPT = """
import sys
from overdrive import Run
Run.get_context().log("accuracy", float(sys.argv[2]))
"""


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    (tmp_path / "source").mkdir()
    (tmp_path / "source" / "train.py").write_text(SCRIPT)
    options = ["--space", "x=choice(0.25, 0.75)", "--sampling", "grid", "--metric", "accuracy", "--goal", "maximize"]
    main(["tune", str(tmp_path / "source" / "train.py"), *options, "--json"], standalone_mode=False)
    return Workspace()


def test_runs_the_best_again(workspace: Workspace, tmp_path: Path) -> None:
    (first,) = list_sweeps(workspace.path)
    (tmp_path / "source" / "train.py").write_text("raise SystemExit('edited since')")
    doorman = Doorman(workspace)
    try:
        knock = Knock(id=new_id(), kind="again", sweep=first.id, trial=first.best_trial)
        leave_knock(workspace.path, knock)
        (said,) = doorman.attend()
    finally:
        doorman.close()
    answer = read_answer(workspace.path, knock.id)
    assert answer is not None
    assert (answer["error"], answer["run_id"] in said) == (None, True)
    assert read_knocks(workspace.path) == []
    main(["watch", answer["run_id"], "--json"], standalone_mode=False)
    again = open_sweep(workspace.sweeps_folder / answer["run_id"])
    (row,) = again.trials()
    assert (row.configuration, row.best) == ({"x": 0.75}, 0.75)
    assert again.spec.tags["again"] == f"{first.id}_{first.best_trial}"
    assert again.labels().display_name == f"{first.experiment}: trial {first.best_trial} again"


def test_has_a_model_explain_a_sweep(workspace: Workspace) -> None:
    (sweep,) = list_sweeps(workspace.path)
    knocks = [Knock(id=new_id(), kind="explain", sweep=sweep.id) for _ in range(2)]
    doorman = Doorman(workspace)
    try:
        for knock in knocks:
            leave_knock(workspace.path, knock)
        while doorman.attend() or any(read_answer(workspace.path, knock.id) is None for knock in knocks):
            select.select(doorman.fds, [], [], 60)
        found = read_explanation(workspace.path, sweep.id)
        assert found is not None
        assert [each["name"] for each in found["importances"]] == ["x"]
        assert [each["value"] for each in found["importances"][0]["marginal"]] == [0.25, 0.75]
        best = open_sweep(sweep.folder).best()  # the summary may lag behind the journal
        assert best is not None and found["believed"][0]["trial"] == best.number
        again = Knock(id=new_id(), kind="explain", sweep=sweep.id)
        leave_knock(workspace.path, again)
        doorman.attend()
        assert read_answer(workspace.path, again.id), "it is answered at once: the sweep has not gone on"
    finally:
        doorman.close()
    assert read_knocks(workspace.path) == []


def test_of_two_doormen_one_does_what_is_asked(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path / "workspace")
    first, second = Doorman(workspace), Doorman(workspace)
    try:
        assert (first.period_s, second.period_s) == (None, 2.0)
        leave_knock(workspace.path, ODD[1])
        assert (second.attend(), read_answer(workspace.path, ODD[1].id)) == ([], None)
        assert len(first.attend()) == 1
        leave_knock(workspace.path, ODD[1])
        first.close()
        assert len(second.attend()) == 1, "it takes the place of the one that ended"
    finally:
        second.close()


def test_what_cannot_be_answered_is_not_done_again(workspace: Workspace) -> None:
    (first,) = list_sweeps(workspace.path)
    doorman = Doorman(workspace)
    try:
        (workspace.path / "door" / "answers").rmdir()
        (workspace.path / "door" / "answers").write_text("in the way")
        knock = Knock(id=new_id(), kind="again", sweep=first.id, trial=first.best_trial)
        (workspace.path / "door" / f"00000000000000000001-{knock.id}.json").write_text(json.dumps(asdict(knock)))
        (said,) = doorman.attend()
        assert said.endswith("(Studio's page is not told: Not a directory)")
        assert doorman.attend() == []
    finally:
        doorman.close()
    main(["watch", "latest", "--json"], standalone_mode=False)
    assert len(list_sweeps(workspace.path)) == 2


def refusal_of(workspace: Workspace, knock: Knock) -> str:
    """Why what was asked for is not there, when a doorman has attended to it."""
    doorman = Doorman(workspace)
    try:
        leave_knock(workspace.path, knock)
        while doorman.attend() or not read_answer(workspace.path, knock.id):
            select.select(doorman.fds, [], [], 60)
    finally:
        doorman.close()
    answer = read_answer(workspace.path, knock.id)
    assert answer is not None
    return answer["error"]


def test_what_a_model_says_and_cannot_be_kept_is_told(workspace: Workspace) -> None:
    (sweep,) = list_sweeps(workspace.path)
    knock = Knock(id=new_id(), kind="explain", sweep=sweep.id)
    (door(workspace.path) / "explained").write_text("in the way")
    assert refusal_of(workspace, knock).startswith("what the model says cannot be kept: ")


@pytest.mark.parametrize("is_empty", [False, True])
def test_a_library_that_warns_spoils_nothing_of_what_a_model_says(
    workspace: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, is_empty: bool
) -> None:
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / "sitecustomize.py").write_text("import sys\nprint('a warning', file=sys.stderr)\n")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path / "site"))
    WrittenSweep(workspace.sweeps_folder / "HD_empty", id="HD_empty").close()
    found = explain_sweep(workspace.sweeps_folder / "HD_empty" if is_empty else list_sweeps(workspace.path)[0].folder)
    if is_empty:
        assert isinstance(found, str) and found.startswith("HD_empty cannot be explained yet")
    else:
        assert isinstance(found, dict) and found["trials"] == 2


def test_an_explanation_is_looked_for_in_its_folder_only(tmp_path: Path) -> None:
    keep_explanation(tmp_path, "HD_1", {"x": 1})
    assert read_explanation(tmp_path, "HD_1") == {"x": 1}
    assert read_explanation(tmp_path, "../explained/HD_1") is None


def test_says_why_a_sweep_cannot_be_explained(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path / "workspace")
    written = WrittenSweep(workspace.sweeps_folder / "HD_empty", id="HD_empty")
    written.close()
    knock = Knock(id=new_id(), kind="explain", sweep="HD_empty")
    assert refusal_of(workspace, knock).startswith("HD_empty cannot be explained yet")


ODD = [Knock(id=new_id(), kind="again", sweep="../..", trial=0), Knock(id=new_id(), kind="engine", sweep="HD_no")]


@pytest.mark.parametrize("knock", ODD, ids=lambda knock: knock.kind)
def test_refuses_in_a_sentence(knock: Knock, tmp_path: Path) -> None:
    workspace = Workspace(tmp_path / "workspace")
    doorman = Doorman(workspace)
    try:
        leave_knock(workspace.path, knock)
        (workspace.path / "door" / "0-nonsense.json").write_text("{")
        said = doorman.attend()
    finally:
        doorman.close()
    assert all(sentence.startswith("refused: ") for sentence in said)
    answer = read_answer(workspace.path, knock.id)
    assert answer is not None
    assert "no sweep" in answer["error"]
    assert read_answer(workspace.path, "../../etc/passwd") is None
