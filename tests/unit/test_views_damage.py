"""What is said of files that no engine wrote."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from journals import WrittenSweep

from overdrive.errors import WorkspaceError
from overdrive.views import SweepView
from overdrive.views import open_sweep
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
