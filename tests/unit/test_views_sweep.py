"""The view of one sweep, on databases that the engine's own journal wrote."""

import math
import os
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from types import SimpleNamespace

import pytest
from journals import ACCURACY
from journals import BANDIT
from journals import LOSS
from journals import WrittenSweep
from journals import sweep_spec

from overdrive.client.show import SweepLines
from overdrive.errors import NotFoundError
from overdrive.errors import SpecError
from overdrive.errors import WorkspaceError
from overdrive.host.files import write_json
from overdrive.host.locks import FileLock
from overdrive.host.machine import hostname
from overdrive.host.slots import SlotPool
from overdrive.records import Kind
from overdrive.records import Outcome
from overdrive.records import Request
from overdrive.records import SweepStatus
from overdrive.records import TrialStatus
from overdrive.store import leave_request
from overdrive.store.queries import load_queries
from overdrive.views import events_since
from overdrive.views import open_sweep
from overdrive.views.browser import sweep_head
from overdrive.views.reading import Reading
from overdrive.views.situation import is_elsewhere


@pytest.fixture
def write(tmp_path: Path):
    made: list[WrittenSweep] = []

    def make(**changes: object) -> WrittenSweep:
        name = str(changes.get("id", sweep_spec().id))
        sweep = WrittenSweep(tmp_path / f"sweep {len(made)}" / name, **changes)  # type: ignore[arg-type]
        made.append(sweep)
        return sweep

    yield make
    for sweep in made:
        sweep.close()


Write = Callable[..., WrittenSweep]


def hold_lock(sweep: WrittenSweep) -> FileLock:
    lock = FileLock(str(sweep.folder / "engine.lock"), {"pid": 4711, "host": "here"})
    assert lock.try_acquire()
    return lock


def test_labels_that_trials_give_their_sweep_and_a_notebook_gives_a_trial(write: Write) -> None:
    sweep = write(tags={"team": "a"})
    for trial, value in ((0, "first"), (1, "second")):
        sweep.start(trial)
        line = {"name": "winner", "value": value, "kind": "tag"}
        sweep.log(trial, line, name=sweep.spec.id, kind="child")
    sweep.log(1, "x", name="own", kind="tag")
    view = open_sweep(sweep.folder)
    assert view.labels().tags == {"team": "a", "winner": "second"}
    assert view.marks_now(0)[0].keys() == {"child"}
    write_json(str(sweep.folder / "marks.1.json"), {"tags": {"own": None, "kept": "yes"}, "properties": {"p": "1"}})
    assert view.marks_now(1)[0].items() >= {"tag": {"kept": "yes"}, "property": {"p": "1"}}.items()
    write_json(str(sweep.folder / "marks.json"), {"tags": {"winner": None}, "description": "tried"})
    labels = view.labels()
    assert (labels.tags, labels.description, labels.display_name) == ({"team": "a"}, "tried", None)


def test_right_after_submit_there_is_no_database(tmp_path: Path) -> None:
    write_json(str(tmp_path / "spec.json"), sweep_spec().to_json())
    view = open_sweep(tmp_path)
    assert view.status is SweepStatus.RUNNING and view.azure_status == "Running"
    assert (view.trials(), view.best(), view.trial(0), view.metric_names()) == ([], None, None, [])
    assert (view.curve(0), view.curves(), view.metrics(0), view.output_tail(0)) == ([], {}, {}, "")
    assert (view.counts().total, view.counts().left, view.saved(), view.eta()) == (10, 10, 0, None)
    assert (view.started_at, view.ended_at, view.run_time_s) == (None, None, 0.0)
    assert view.created_at == 1_773_500_966.0
    assert view.reason.startswith("no engine has taken it up yet: it goes on with the next command")
    assert events_since(tmp_path, 0) == []


def test_no_sweep_and_a_newer_one(tmp_path: Path) -> None:
    with pytest.raises(NotFoundError, match=r"spec\.json"):
        open_sweep(tmp_path)
    write_json(str(tmp_path / "spec.json"), {**sweep_spec().to_json(), "version": 99})
    with pytest.raises(SpecError, match="newer"):
        open_sweep(tmp_path)


def test_a_completed_trial(write: Write) -> None:
    sweep = write()
    sweep.run(0, 0.5, 0.9, 0.7)
    row = open_sweep(sweep.folder).trial(0)
    assert row is not None
    assert (row.run_id, row.status, row.outcome) == (f"{sweep.spec.id}_0", TrialStatus.ENDED, Outcome.COMPLETED)
    assert (row.best, row.best_interval, row.last, row.intervals) == (0.9, 2, 0.7, 3)
    assert row.arguments == ["--epochs", "3", "--lr", "0.01", "--units", "16"]
    assert (row.azure_status, row.word, row.why) == ("Completed", "completed", "completed")
    assert (row.duration_s, row.threads, row.attempt) == (2.0, 1, 1)
    assert row.exit is not None and row.exit.code == 0


def test_a_stopped_trial_says_why_with_the_numbers(write: Write) -> None:
    sweep = write(policy=BANDIT)
    sweep.start(0)
    sweep.log(0, 0.7, 0.8)
    sweep.start(1)
    sweep.log(1, 0.5, 0.61)
    sweep.stop(1)
    view = open_sweep(sweep.folder)
    stopping = view.trial(1)
    assert stopping is not None and stopping.azure_status == "CancelRequested"
    sweep.end(1, Outcome.STOPPED_EARLY, cause="stopped", code=None, signal=15)
    row = view.trial(1)
    assert row is not None
    assert (row.outcome, row.azure_status, row.word) == (Outcome.STOPPED_EARLY, "Canceled", "stopped early")
    assert row.why == "stopped at interval 2: best accuracy 0.61 < 0.6667 = 0.8/1.2, best by trial 0"
    (verdict,) = view.verdicts(1)
    assert verdict.stop and verdict.sentence(ACCURACY) == row.why
    assert [v.stop for v in view.verdicts(0)] == [False]


def test_a_running_trial_that_logs_another_name_says_so(write: Write) -> None:
    sweep = write(metric=LOSS)
    sweep.start(0)
    view = open_sweep(sweep.folder)
    before = view.trial(0)
    assert before is not None and before.why == ""
    sweep.log(0, 1.0, name="val_loss")
    sweep.log(0, 1.0, name="epoch")
    row = view.trial(0)
    assert row is not None and row.why == "you log 'val_loss', 'epoch'; the sweep wants 'val/loss'"
    sweep.log(0, 0.5)
    row = view.trial(0)
    assert row is not None and row.why == ""


def test_the_last_attempt_counts(write: Write) -> None:
    sweep = write()
    sweep.start(0)
    sweep.log(0, 0.1, 0.2, 0.3)
    sweep.end(0, Outcome.LOST, "lost: the machine went away; it is started once more", retry=True, cause="lost")
    view = open_sweep(sweep.folder)
    queued = view.trial(0)
    assert queued is not None and queued.status is TrialStatus.QUEUED and queued.why.startswith("lost: ")
    assert [point.value for point in view.curve(0)] == [0.1, 0.2, 0.3]
    sweep.start(0, attempt=2)
    assert view.curve(0) == [] and view.curves() == {} and view.metrics(0) == {} and view.last_values() == {}
    sweep.log(0, 0.9)
    row = view.trial(0)
    assert row is not None and (row.attempt, row.best, row.intervals) == (2, 0.9, 1)
    assert [(point.interval, point.value) for point in view.curve(0)] == [(1, 0.9)]
    assert [point.value for point in view.curve(0, attempt=1)] == [0.1, 0.2, 0.3]
    assert view.metrics(0) == {"accuracy": 0.9}


def test_a_still_view_stays_as_it_is(write: Write) -> None:
    sweep = write()
    sweep.run(0, 0.5)
    view = open_sweep(sweep.folder)
    still = view.still()
    sweep.run(1, 0.9)
    best = view.best()
    assert best is not None and best.number == 1 and view.size == 2
    assert still.size == 1 and [row.number for row in still.trials()] == [0] and not still.refresh()
    assert still.facts().seq < view.facts().seq


def test_the_sweeps_own_events_are_found_without_reading_all(write: Write) -> None:
    """A million events of trials lie between them, and each first look at a sweep asks for them."""
    sweep = write()
    with closing(sqlite3.connect(sweep.folder / "sweep.db")) as db:
        plan = db.execute("EXPLAIN QUERY PLAN " + load_queries("reader.sql")["sweep_events"]).fetchall()
    assert "SEARCH events USING INDEX" in plan[0][3]


def test_curves_and_metrics(write: Write) -> None:
    sweep = write()
    sweep.start(0)
    sweep.log(0, 0.5, math.nan, math.inf)
    sweep.log(0, 9.0, rank=1)
    sweep.log(0, 3, name="epoch")
    sweep.log(0, "a note", name="note", kind="text")
    sweep.log(0, "v", name="label", kind="tag")
    sweep.start(1)
    view = open_sweep(sweep.folder)
    points = view.curves()[0]
    assert [point.interval for point in points] == [1, 2, 3]
    assert points[0].value == 0.5 and math.isnan(points[1].value) and points[2].value == math.inf
    assert (points[0].step, points[0].at) == (None, 1000.0)
    assert view.curves("epoch") == {0: view.curve(0, "epoch")}
    assert list(view.curves()) == [0]
    assert view.metric_names() == ["accuracy", "epoch"]
    assert view.last_values() == {0: math.inf} and view.last_values("epoch") == {0: 3}
    assert view.metrics(0)["note"] == "a note" and view.metrics(0)["epoch"] == 3
    assert view.metrics(1) == {}
    assert view.marks(0) == {"tag": {"label": "v"}}
    row = view.trial(0)
    assert row is not None and (row.best, row.last, row.intervals) == (0.5, math.inf, 3)


def test_a_view_follows_the_journal(write: Write) -> None:
    sweep = write()
    view = open_sweep(sweep.folder)
    assert view.refresh() and not view.refresh()
    for number in range(3):
        sweep.start(number)
        sweep.log(number, 0.1 * number)
        assert view.refresh() and not view.refresh()
        assert [row.number for row in view.trials()] == list(range(number + 1))
        row = view.trial(number)
        assert row is not None and row.last == 0.1 * number
    sweep.finish()
    assert view.is_over
    fresh = open_sweep(sweep.folder)
    shown = [(row.number, row.status, row.last) for row in view.trials()]
    assert shown == [(row.number, row.status, row.last) for row in fresh.trials()]


def test_events_since_a_cursor(write: Write) -> None:
    sweep = write()
    first = events_since(sweep.folder, 0)
    assert [event.kind for event in first] == [Kind.SWEEP_CREATED, Kind.ENGINE_STARTED]
    sweep.suggest(0)
    (event,) = events_since(sweep.folder, first[-1].seq)
    assert event.kind is Kind.SUGGESTED and event.trial == 0
    assert len(events_since(sweep.folder, 0, limit=1)) == 1


def test_counts_savings_and_time_left(write: Write) -> None:
    sweep = write(policy=BANDIT)
    view = open_sweep(sweep.folder)
    assert view.eta() is None
    sweep.run(0, *[0.9] * 10)
    sweep.run(1, *[0.8] * 6)
    sweep.start(2)
    sweep.log(2, 0.1, 0.1)
    sweep.stop(2)
    sweep.end(2, Outcome.STOPPED_EARLY)
    sweep.run(3, outcome=Outcome.COMPLETED_WITHOUT_METRIC)
    sweep.run(4, outcome=Outcome.FAILED, reason="failed with exit code 1: boom")
    sweep.start(5)
    sweep.suggest(6)
    counts = view.counts()
    assert (counts.total, counts.done, counts.running, counts.queued, counts.left) == (10, 5, 1, 1, 4)
    assert (counts.completed, counts.stopped_early, counts.failed, counts.without_metric) == (2, 1, 1, 1)
    assert counts.sentence() == "5 of 10 trials done (1 stopped early, 1 failed, 1 without metric), 1 running"
    assert view.saved() == 6  # the median of 10 and 6 is 8; the stopped one had 2
    assert view.intervals() == 18
    left = view.eta()
    # 4 trials to start and the rest of a running one, each 2 s, two at once.
    assert left is not None and 4.0 <= left <= 5.0


def test_the_deadline_bounds_the_time_left(write: Write) -> None:
    sweep = write(max_duration_minutes=0.05, max_total_runs=1000)
    sweep.run(0, 0.5)
    left = open_sweep(sweep.folder).eta()
    assert left is not None and left <= 3.0


def test_an_exhausted_space_has_fewer_trials(write: Write) -> None:
    sweep = write()
    sweep.run(0, 0.5)
    sweep.add(Kind.EXHAUSTED, body={"n": 1})
    view = open_sweep(sweep.folder)
    assert (view.counts().total, view.counts().left) == (1, 0)


def test_a_sampler_that_failed_may_go_on(write: Write) -> None:
    sweep = write()
    sweep.run(0, 0.5)
    sweep.add(Kind.EXHAUSTED, body={"n": 1, "error": "it raised"})
    view = open_sweep(sweep.folder)
    assert (view.counts().total, view.left_to_do, view.spent_sentence) == (10, 9, "")


def test_an_exhausted_space_is_spent(write: Write) -> None:
    sweep = write()
    sweep.run(0, 0.5)
    sweep.add(Kind.EXHAUSTED, body={"n": 1})
    assert open_sweep(sweep.folder).spent_sentence == "all of its trials have ended"


def test_a_sweep_whose_time_is_over_is_spent(write: Write) -> None:
    sweep = write(max_duration_minutes=1e-6)
    sweep.run(0, 0.5)
    view = open_sweep(sweep.folder)
    assert view.left_to_do == 9
    assert view.spent_sentence == "its time of 1e-6 minutes (max_duration_minutes) is over"


def test_an_ended_sweep_says_why(write: Write) -> None:
    sweep = write()
    sweep.run(0, 0.5)
    sweep.suggest(1)
    view = open_sweep(sweep.folder)
    assert view.trials()[1].why == "waits for its turn"
    sweep.finish("Failed", "the first 3 trials all failed in the same way: boom")
    assert view.trials()[1].why == "never started: the sweep ended before its turn came"
    assert view.trial(1) == view.trials()[1]
    assert (view.status, view.azure_status, view.is_over) == (SweepStatus.FAILED, "Failed", True)
    assert view.reason == "the first 3 trials all failed in the same way: boom"
    assert view.ended_at is not None and view.eta() is None
    sweep.add(Kind.SWEEP_RESUMED)
    assert view.status is SweepStatus.RUNNING and view.ended_at is None
    assert view.reason.startswith("no engine runs: ")


def test_notes_are_kept_in_order(write: Write) -> None:
    sweep = write()
    for text in ("one", "two"):
        sweep.add(Kind.NOTED, body={"about": "slots", "text": text})
    assert [(note.about, note.text) for note in open_sweep(sweep.folder).notes()] == [
        ("slots", "one"),
        ("slots", "two"),
    ]


def test_what_a_sweep_waits_for(write: Write) -> None:
    sweep = write()
    view = open_sweep(sweep.folder)
    assert not view.engine().alive and view.reason.startswith("no engine runs: ")
    lock = hold_lock(sweep)
    engine = view.engine()
    assert (engine.alive, engine.pid, engine.host) == (True, 4711, "here") and engine.since is not None
    assert view.reason == "0 of 10 trials done"
    sweep.suggest(0)
    assert view.reason == "0 of 10 trials done"
    other = SlotPool()
    slots = [other.take(), other.take()]
    assert view.reason == "waits for a slot: other sweeps hold both"
    said: list[str] = []
    shown = SweepLines(view, said.append)
    for _ in range(20):
        shown.look(view)
    assert said[2:] == ["waits for a slot: other sweeps hold both"]
    sweep.start(0)
    assert view.reason == "0 of 10 trials done, 1 running"
    leave_request(sweep.folder, Request(id="r", kind="cancel"))
    assert view.is_cancelling and view.azure_status == "CancelRequested"
    assert view.reason == "is being cancelled: 1 trial still to end"
    lock.release()
    assert view.reason.startswith("no engine runs: ")
    for slot in slots:
        assert slot is not None
        slot.release()
    other.close()


def test_a_full_disk_pauses(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    sweep = write()
    lock = hold_lock(sweep)
    full = SimpleNamespace(f_bavail=10, f_frsize=4096, f_files=100, f_favail=50)
    monkeypatch.setattr(os, "statvfs", lambda path: full)
    assert open_sweep(sweep.folder).reason.startswith("the disk is full: the sweep is paused")
    lock.release()


def test_a_sweep_of_another_machine(write: Write) -> None:
    sweep = write(machine={"host": "gpu-box", "id": "0123456789abcdef"})
    view = open_sweep(sweep.folder)
    assert is_elsewhere(view) == "here"  # the host of the helper's engine
    assert view.reason.startswith("unfinished on here: it goes on there, or here by")
    sweep.add(
        Kind.ENGINE_STARTED, body={"pid": 1, "host": hostname(), "boot_id": "b", "version": "0", "concurrency": 2}
    )
    assert is_elsewhere(view) is None and view.reason.startswith("no engine runs: ")


def test_a_sweep_of_another_machine_before_any_engine(tmp_path: Path) -> None:
    write_json(str(tmp_path / "spec.json"), sweep_spec(machine={"host": "gpu-box", "id": "0123"}).to_json())
    assert open_sweep(tmp_path).reason.startswith("unfinished on gpu-box: it goes on there, or here by")


def test_a_single_run(write: Write) -> None:
    sweep = write(id="exp_1_ab", kind="run", space={}, metric=None, max_total_runs=1)
    view = open_sweep(sweep.folder)
    assert view.azure_status == "Queued"
    sweep.start(0, lr=1)
    row = view.trial(0)
    assert row is not None and row.run_id == "exp_1_ab" and view.azure_status == "Running"
    sweep.log(0, 0.5, name="loss")
    assert view.best() is None and view.metrics(0) == {"loss": 0.5}


def test_a_view_serves_several_threads(write: Write) -> None:
    from concurrent.futures import ThreadPoolExecutor

    sweep = write()
    sweep.run(0, 0.5)
    view = open_sweep(sweep.folder)
    with ThreadPoolExecutor(4) as threads:
        found = list(threads.map(lambda _: view.best(), range(20)))
    assert {row.number for row in found if row} == {0}


def test_a_thread_that_goes_through_the_trials_is_not_disturbed_by_new_ones(write: Write) -> None:
    sweep = write()
    sweep.run(0, 0.5)
    reading = Reading(sweep.folder, sweep.spec)
    reading.refresh()
    going = iter(reading.rows)
    sweep.start(1)
    assert reading.refresh() and sorted(reading.rows) == [0, 1]
    assert list(going) == [0]


def test_what_could_not_be_read_is_read_at_the_next_look(write: Write) -> None:
    """A disk that failed for a moment: no trial stands as it was before for good."""
    sweep = write()
    sweep.start(0)
    view = open_sweep(sweep.folder)
    assert view.trials()[0].status is TrialStatus.RUNNING
    sweep.end(0)
    sweep.add(Kind.NOTED, body={"about": "slots", "text": "once"})
    with closing(sqlite3.connect(sweep.folder / "sweep.db")) as db:
        sound = db.execute("SELECT status FROM trials").fetchone()
        db.execute("UPDATE trials SET status = 'unheard of'")
        db.commit()
        with pytest.raises(WorkspaceError):
            view.trials()
        db.execute("UPDATE trials SET status = ?", sound)
        db.commit()
    assert view.trials()[0].status is TrialStatus.ENDED
    assert [note.text for note in view.notes()] == ["once"]


def test_a_page_gets_the_last_notes_and_how_many_there_were_before(write: Write) -> None:
    sweep = write()
    for number in range(25):
        sweep.add(Kind.NOTED, body={"text": f"note {number}", "about": "slots"})
    head = sweep_head(open_sweep(sweep.folder))
    assert [note["text"] for note in head["notes"]] == [f"note {number}" for number in range(5, 25)]  # type: ignore[attr-defined]
    assert head["notes_before"] == 5
