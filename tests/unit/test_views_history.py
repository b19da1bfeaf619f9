"""What a model of a whole sweep is made from: the tables say the same as a fold of the journal."""

import math
from pathlib import Path

from journals import BANDIT
from journals import WrittenSweep

from overdrive.engine.history import history_of
from overdrive.engine.recovery import fold_journal
from overdrive.engine.scheduler import Scheduler
from overdrive.records import Kind
from overdrive.records import MetricRecord
from overdrive.records import Outcome
from overdrive.termination import build_policy
from overdrive.views import open_sweep
from overdrive.views.history import sweep_history


def folded(sweep: WrittenSweep):
    scheduler = Scheduler(sweep.spec, build_policy(sweep.spec.policy))
    fold_journal(sweep.folder, scheduler)
    return history_of(scheduler)


def same(sweep: WrittenSweep) -> bool:
    # NaN is not equal to itself, but its name is.
    return repr(sweep_history(open_sweep(sweep.folder))) == repr(folded(sweep))


def test_is_the_fold_of_the_journal(tmp_path: Path) -> None:
    sweep = WrittenSweep(tmp_path / "sweep", policy=BANDIT, concurrency=4)
    assert same(sweep), "nothing yet"
    sweep.run(0, 0.2, math.nan, 0.8)
    sweep.start(1)
    sweep.log(1, 0.1, 0.2, 0.3)
    assert sweep.scheduler.trials[1].verdict, "the policy wants it stopped"
    assert same(sweep), "before it was told"
    sweep.log(1, 0.9, 0.7)
    assert same(sweep), "it went on meanwhile"
    sweep.stop(1)
    sweep.end(1)
    assert same(sweep), "it ended by itself"
    assert sweep_history(open_sweep(sweep.folder)).trials[1].outcome is Outcome.STOPPED_EARLY
    assert sweep_history(open_sweep(sweep.folder)).trials[1].best == 0.3
    sweep.run(2, outcome=Outcome.FAILED, reason="exit code 1")
    sweep.run(3, math.inf)
    sweep.suggest(4)
    assert same(sweep)


def test_is_the_fold_where_a_trial_is_tried_again(tmp_path: Path) -> None:
    sweep = WrittenSweep(tmp_path / "sweep")
    sweep.start(0)
    sweep.log(0, 0.5, 0.6)
    sweep.end(0, Outcome.LOST, retry=True)
    assert same(sweep), "it waits"
    sweep.start(0, 2)
    assert same(sweep), "nothing logged yet"
    sweep.log(0, 0.1)
    sweep.log(0, 3.0, name="other")
    sweep.end(0)
    assert same(sweep)


def test_is_the_fold_where_a_trial_goes_on_with_an_earlier_one(tmp_path: Path) -> None:
    sweep = WrittenSweep(tmp_path / "sweep")
    earlier = [MetricRecord(k, "accuracy", 0.1 * k, None, float(k), 1000.0 + k) for k in range(4)]
    body = {"sweep": "HD_x", "trial": 3, "configuration": {"lr": 0.1, "units": 16}, "first": 0, "count": 4}
    sweep.add(Kind.INHERITED, 0, 0, body, earlier)
    sweep.suggest(0)
    assert same(sweep), "before it began"
    sweep.start(0)
    assert same(sweep), "before it logged"
    span = {"from": 0, "to": 2, "first": 0, "count": 2, "bad": 0}
    sweep.add(Kind.LOGGED, 0, 1, span, [MetricRecord(k, "accuracy", 0.7, None, 2.0 + k, 1010.0) for k in range(2)])
    assert same(sweep), "from the checkpoint at step 2"
    sweep.end(0)
    assert same(sweep)


def test_keeps_what_came_with_a_suggestion(tmp_path: Path) -> None:
    sweep = WrittenSweep(tmp_path / "sweep")
    body = {"configuration": {"lr": 0.1, "units": 16}, "reason": "r", "based_on": 0, "state": {"fitted": 3}}
    sweep.add(Kind.SUGGESTED, 0, body=body)
    assert same(sweep)
    assert sweep_history(open_sweep(sweep.folder)).trials[0].state == {"fitted": 3}
