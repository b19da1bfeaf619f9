"""What a sweep knows of earlier ones: as data, among the curves that policies see, and in what is suggested."""

import json
import math
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from journals import ACCURACY
from journals import sweep_spec

from overdrive.engine.earlier import earlier_events
from overdrive.engine.history import history_of
from overdrive.engine.scheduler import Scheduler
from overdrive.engine.simulator import Simulation
from overdrive.engine.simulator import Simulator
from overdrive.errors import SpecError
from overdrive.records import Earlier
from overdrive.records import EarlierRun
from overdrive.records import EarlierSweep
from overdrive.records import EarlierTrial
from overdrive.records import Event
from overdrive.records import Kind
from overdrive.records import MetricRecord
from overdrive.records import Outcome
from overdrive.records import SweepSpec
from overdrive.records import kept_points
from overdrive.sampling import NewFirst
from overdrive.sampling import build_sampler
from overdrive.space import Space
from overdrive.termination import BanditPolicy
from overdrive.termination import EarlyTerminationPolicy
from overdrive.termination import MedianStoppingPolicy
from overdrive.termination import NoTerminationPolicy
from overdrive.views.curves import CurvePoint
from overdrive.views.curves import join
from overdrive.views.metrics import join_records

GRID = {"a": ["choice", [[1, 2, 3]]]}


def grid_spec(**changes: object) -> SweepSpec:
    return sweep_spec(**{"space": GRID, "sampling": {"name": "GRID"}, "policy": {"name": "Default"}, **changes})


def earlier_trial(number: int, *curve: float, outcome: Outcome | None = Outcome.COMPLETED, **configuration: object):
    return EarlierTrial(number=number, configuration=configuration, outcome=outcome, curve=curve)


def earlier_sweep(*trials: EarlierTrial, id: str = "HD_old") -> EarlierSweep:
    return EarlierSweep(id=id, space=GRID, trials=trials)


def earlier_run(*points: tuple[float, float | None], trial: int = 0, **configuration: object) -> EarlierRun:
    records = [MetricRecord(n, ACCURACY.name, value, None, step) for n, (value, step) in enumerate(points)]
    return EarlierRun(sweep="HD_old", trial=trial, configuration=configuration, records=tuple(records))


def simulate(
    earlier: Earlier,
    curve_of: Callable[[int], list[float]],
    policy: EarlyTerminationPolicy | None = None,
    **changes: object,
) -> Simulation:
    spec = grid_spec(resume_children=tuple({"sweep": run.sweep, "trial": run.trial} for run in earlier.runs), **changes)
    sampler = build_sampler(spec.sampling, Space.from_json(spec.space), spec.seed)
    policy = policy or NoTerminationPolicy()
    return Simulator(spec, sampler, policy, lambda _, trial: curve_of(trial), earlier=earlier).run()


# As data


@given(
    st.lists(st.floats() | st.integers(-3, 3), max_size=5),
    st.sampled_from([None, *Outcome]),
    st.lists(st.tuples(st.floats(), st.none() | st.floats(allow_nan=False, allow_infinity=False)), max_size=5),
)
def test_what_is_written_is_read(curve: list[float], outcome: Outcome | None, points: list) -> None:
    earlier = Earlier(
        sweeps=(earlier_sweep(earlier_trial(3, *curve, outcome=outcome, a=1)),), runs=(earlier_run(*points, a=2),)
    )
    text = json.dumps(earlier.to_json(), allow_nan=False)
    assert repr(Earlier.from_json(json.loads(text))) == repr(earlier)  # NaN equals nothing


def test_a_newer_file_is_refused() -> None:
    with pytest.raises(SpecError, match="newer"):
        Earlier.from_json({"version": 99, "sweeps": [], "runs": []})


def test_there_may_be_nothing() -> None:
    assert not Earlier()
    assert list(earlier_events(Earlier())) == []


# Where a curve goes on


@pytest.mark.parametrize(
    ("steps", "step", "kept"),
    [
        ([1, 2, 3], None, 3),
        ([1, None, 3], 2, 3),
        ([1, 2, 3], 4, 3),
        ([1, 2, 3], 3, 2),
        ([1, 2, 3], 2.5, 2),
        ([1, 2, 3], 0, 0),
        ([0, 0, 0], 0, 3),
        ([3, 2, 1], 2, 3),
        ([], 1, 0),
    ],
)
def test_points_that_stay(steps: list, step: float | None, kept: int) -> None:
    assert kept_points(steps, step) == kept


@given(st.sets(st.integers(-50, 50)).map(sorted), st.integers(-60, 60))
def test_the_joined_steps_ascend(steps: list[int], step: int) -> None:
    kept = kept_points(steps, step)
    assert all(earlier < step for earlier in steps[:kept])
    assert all(earlier >= step for earlier in steps[kept:])


# What is suggested


def suggestions(taken: list[int], known: list[int], first: int = 0) -> list[int | None]:
    sampler = build_sampler({"name": "GRID"}, Space.from_json({"a": ["choice", [[0, 1, 2, 3, 4]]]}), 1)
    order = NewFirst(sampler, first, [{"a": a} for a in taken], [{"a": a} for a in known])
    found = [order.suggest(first + n) for n in range(6)]
    assert all(one is None or one.trial == first + n for n, one in enumerate(found))
    return [one and one.configuration["a"] for one in found]


def test_new_ones_come_first_and_known_ones_last() -> None:
    assert suggestions([], [0, 3]) == [1, 2, 4, 0, 3, None]


def test_what_is_gone_on_with_is_not_suggested_again() -> None:
    assert suggestions([1], [0], first=1) == [2, 3, 4, 0, None, None]


@given(st.lists(st.integers(0, 4)), st.lists(st.integers(0, 4)), st.integers(0, 3))
def test_every_other_configuration_comes_once(taken: list[int], known: list[int], first: int) -> None:
    found = [one for one in suggestions(taken, known, first) if one is not None]
    assert sorted(found) == sorted(set(range(5)) - set(taken))
    new = [one for one in found if one not in known]
    assert found[: len(new)] == new


def test_the_same_seed_draws_on() -> None:
    """A continuous space: what an earlier sweep with the same seed has drawn is left out."""
    space = Space.from_json({"x": ["uniform", [0, 1]]})
    plain = build_sampler({"name": "RANDOM"}, space, 3)
    drawn = [NewFirst(plain, 0, [], []).suggest(n) for n in range(6)]
    known = [one.configuration for one in drawn[:4] if one]
    later = NewFirst(plain, 0, [], known)
    assert [later.suggest(n).configuration for n in range(2)] == [one.configuration for one in drawn[4:] if one]


# In a sweep


def test_new_trials_are_judged_by_earlier_curves() -> None:
    earlier = Earlier(sweeps=(earlier_sweep(earlier_trial(0, 0.8, 0.9, a=1), earlier_trial(1, 0.2, a=2)),))
    result = simulate(earlier, lambda _: [0.3, 0.4, 0.5], BanditPolicy(slack_factor=0.2, delay_evaluation=2))
    assert {trial.outcome for trial in result.trials.values()} == {Outcome.STOPPED_EARLY}
    assert result.trials[0].why == "stopped at interval 2: best accuracy 0.4 < 0.75 = 0.9/1.2, best by HD_old_0"
    alone = simulate(Earlier(), lambda _: [0.3, 0.4, 0.5], BanditPolicy(slack_factor=0.2, delay_evaluation=2))
    assert {trial.outcome for trial in alone.trials.values()} == {Outcome.COMPLETED}


def test_known_configurations_come_last_unless_they_came_to_nothing() -> None:
    earlier = Earlier(
        sweeps=(earlier_sweep(earlier_trial(0, 0.8, a=1), earlier_trial(1, a=2, outcome=Outcome.CANCELLED)),)
    )
    result = simulate(earlier, lambda _: [0.3])
    assert [trial.configuration["a"] for trial in result.trials.values()] == [2, 3, 1]
    assert result.trials[2].reason.endswith("which an earlier sweep has tried")


def test_a_trial_goes_on_behind_the_earlier_one() -> None:
    earlier = Earlier(runs=(earlier_run((0.5, None), (0.9, None), trial=4, a=2),))
    result = simulate(earlier, lambda trial: [0.7, 0.6] if trial == 0 else [0.1])
    first = result.trials[0]
    assert (first.configuration, first.reason) == ({"a": 2}, "goes on with HD_old_4")
    assert (first.intervals, first.best, first.best_interval, first.last) == (4, 0.9, 2, 0.6)
    assert [trial.configuration["a"] for trial in result.trials.values()] == [2, 1, 3]
    assert result.intervals == 4, "what was logged earlier cost nothing now"


def test_the_end_of_a_space_counts_no_trials_where_some_share_a_configuration() -> None:
    earlier = Earlier(runs=(earlier_run((0.5, None), trial=0, a=2), earlier_run((0.6, None), trial=1, a=2)))
    result = simulate(earlier, lambda _: [0.7])
    assert [trial.configuration["a"] for trial in result.trials.values()] == [2, 2, 1, 3]
    assert result.reason.startswith("all configurations of the space were tried")


def test_a_trial_that_goes_on_and_logs_nothing_is_complete() -> None:
    earlier = Earlier(runs=(earlier_run((0.5, None), a=2),))
    assert simulate(earlier, lambda _: [], max_total_runs=1).trials[0].outcome is Outcome.COMPLETED


def test_trials_that_go_on_are_judged_at_their_joined_interval() -> None:
    earlier = Earlier(
        sweeps=(earlier_sweep(earlier_trial(0, 0.8, 0.8, 0.8, a=1)),),
        runs=(earlier_run((0.1, None), (0.2, None), a=2),),
    )
    result = simulate(earlier, lambda _: [0.3] * 5, MedianStoppingPolicy(delay_evaluation=3), max_total_runs=1)
    verdict = result.trials[0].why
    assert verdict.startswith("stopped at interval 3: best accuracy 0.3 < 0.5 = median of 2")


class Sweep:
    """A scheduler that is told by hand what happens."""

    def __init__(self, earlier: Earlier, **changes: object) -> None:
        self.scheduler = Scheduler(grid_spec(**changes), NoTerminationPolicy())
        self.seq = 0
        for kind, trial, attempt, body, records in earlier_events(earlier):
            self.add(kind, trial, attempt, body, records)

    def add(self, kind: Kind, trial: int | None, attempt: int | None, body: dict, records: tuple = ()) -> None:
        self.seq += 1
        self.scheduler.apply(Event(seq=self.seq, kind=kind, trial=trial, attempt=attempt, body=body), records)

    def begin(self, attempt: int = 1) -> None:
        if attempt == 1:
            self.add(Kind.SUGGESTED, 0, None, {"configuration": {"a": 1}, "reason": "r"})
        else:
            exit = {"cause": "lost"}
            self.add(
                Kind.ENDED,
                0,
                attempt - 1,
                {"outcome": "lost", "reason": "", "exit": exit, "retry": True, "likeness": ""},
            )
        self.add(Kind.PLANNED, 0, attempt, {})

    def log(self, *points: tuple[float, float | None]) -> None:
        records = tuple(MetricRecord(n, ACCURACY.name, value, None, step) for n, (value, step) in enumerate(points))
        body = {"from": 0, "to": 1, "first": 0, "count": len(records), "bad": 0}
        self.add(Kind.LOGGED, 0, self.scheduler.trials[0].attempt, body, records)

    @property
    def curve(self) -> list[float]:
        assert self.scheduler.curves is not None
        return self.scheduler.curves.values(0)


def test_steps_that_are_trained_again_count_once() -> None:
    sweep = Sweep(Earlier(runs=(earlier_run((0.1, 10), (0.2, 11), (0.9, 12)),)))
    assert sweep.curve == [0.1, 0.2, 0.9], "they count from the beginning on"
    sweep.begin()
    assert (sweep.scheduler.trials[0].intervals, sweep.scheduler.trials[0].best) == (3, 0.9)
    sweep.log((0.3, 12))
    trial = sweep.scheduler.trials[0]
    assert sweep.curve == [0.1, 0.2, 0.3]
    assert (trial.intervals, trial.best, trial.best_interval) == (3, 0.3, 3)
    sweep.log((0.4, 13))
    assert sweep.curve == [0.1, 0.2, 0.3, 0.4]


@pytest.mark.parametrize(
    ("step", "curve"), [(12, [0.1, 0.5, 0.7]), (11, [0.1, 0.7]), (1, [0.7]), (None, [0.1, 0.2, 0.7])]
)
def test_a_new_attempt_goes_on_where_its_first_step_says(step: float | None, curve: list[float]) -> None:
    """Behind the attempt before it; or behind the earlier trial; or it begins anew. Without steps nobody can tell."""
    sweep = Sweep(Earlier(runs=(earlier_run((0.1, 10), (0.2, 11)),)))
    sweep.begin()
    sweep.log((0.5, 11), (0.6, 12))
    sweep.begin(attempt=2)
    assert sweep.curve == [0.1, 0.2]
    assert sweep.scheduler.trials[0].intervals == 2
    sweep.log((0.7, step))
    assert sweep.curve == curve


STEPS = st.lists(st.none() | st.integers(0, 12), max_size=6) | st.integers(0, 8).flatmap(
    lambda first: st.integers(0, 6).map(lambda count: [*range(first, first + count)])
)


@given(STEPS, st.lists(STEPS, min_size=1, max_size=3))
def test_scheduler_and_views_join_alike(inherited: list, attempts: list[list]) -> None:
    """However an earlier trial and the attempts logged their steps. Each value says where it is from."""
    before = [(float(n), step) for n, step in enumerate(inherited)]
    sweep = Sweep(Earlier(runs=(earlier_run(*before),)))
    points = {0: [CurvePoint(n, value, step, None) for n, (value, step) in enumerate(before, 1)]}
    for attempt, steps in enumerate(attempts, 1):
        logged = [(100.0 * attempt + n, step) for n, step in enumerate(steps)]
        sweep.begin(attempt)
        if logged:
            sweep.log(*logged)
            points[attempt] = [CurvePoint(n, value, step, None) for n, (value, step) in enumerate(logged, 1)]
        joined = join({key: found for key, found in points.items() if found}, attempt)
        assert [point.value for point in joined] == sweep.curve
        assert [point.interval for point in joined] == list(range(1, len(joined) + 1))
        trial = sweep.scheduler.trials[0]
        assert (trial.intervals, trial.last) == (len(joined), joined[-1].value if joined else None)
        records = {key: [record_of(n, point) for n, point in enumerate(found)] for key, found in points.items()}
        if attempt in points:
            assert [record.value for record in join_records(records, attempt)] == sweep.curve


def record_of(n: int, point: CurvePoint) -> MetricRecord:
    return MetricRecord(n, ACCURACY.name, point.value, None, point.step)


def test_a_lost_attempt_is_gone_on_with_behind_its_checkpoint() -> None:
    sweep = Sweep(Earlier())
    sweep.begin()
    sweep.log((0.1, 1), (0.2, 2), (0.9, 3))
    sweep.begin(attempt=2)
    assert sweep.curve == [], "it may begin anew"
    sweep.log((0.3, 3))
    assert sweep.curve == [0.1, 0.2, 0.3]
    assert sweep.scheduler.trials[0].best == 0.3
    sweep.begin(attempt=3)
    sweep.log((0.5, 1))
    assert sweep.curve == [0.5], "it did"


def test_an_earlier_value_that_is_no_number_is_an_interval_and_never_the_best() -> None:
    curve = [(0.1, 1.0), (math.nan, 2.0)]
    sweep = Sweep(Earlier(runs=(earlier_run(*curve),)))
    sweep.begin()
    assert (sweep.scheduler.trials[0].best, sweep.scheduler.trials[0].intervals) == (0.1, 2)


def test_samplers_know_the_earlier_trials_with_their_source() -> None:
    prior = earlier_sweep(earlier_trial(0, 0.8, a=1), earlier_trial(2, a=9, outcome=Outcome.FAILED))
    sweep = Sweep(Earlier(sweeps=(prior,), runs=(earlier_run((0.5, None), a=2),)))
    sweep.begin()
    history = history_of(sweep.scheduler)
    assert history.prior == (prior,)
    assert [(trial.number, trial.curve, trial.best) for trial in history.trials] == [(0, (0.5,), 0.5)]
