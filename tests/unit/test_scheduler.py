"""The scheduler as a pure object, driven by the simulator and by hand."""

import pytest

from overdrive.engine.actions import Finish
from overdrive.engine.actions import Launch
from overdrive.engine.actions import Stop
from overdrive.engine.actions import Suggest
from overdrive.engine.scheduler import Scheduler
from overdrive.engine.simulator import Simulation
from overdrive.engine.simulator import Simulator
from overdrive.engine.summary import summarize
from overdrive.errors import InternalError
from overdrive.records import Event
from overdrive.records import Exit
from overdrive.records import Kind
from overdrive.records import MetricRecord
from overdrive.records import Outcome
from overdrive.records import PrimaryMetric
from overdrive.records import PrimaryMetricGoal
from overdrive.records import RunSpec
from overdrive.records import SweepSpec
from overdrive.records import SweepStatus
from overdrive.records import TrialStatus
from overdrive.sampling import build_sampler
from overdrive.space import Space
from overdrive.termination import EarlyTerminationPolicy
from overdrive.termination import MedianStoppingPolicy
from overdrive.termination import NoTerminationPolicy

ACCURACY = PrimaryMetric(name="accuracy", goal=PrimaryMetricGoal.MAXIMIZE)
GRID = {"a": ["choice", [[1, 2, 3]]], "b": ["choice", [["x", "y"]]]}


def spec(**changes: object) -> SweepSpec:
    fields: dict = {
        "id": "HD_1",
        "experiment": "test",
        "created_at": "2026-01-01T00:00:00Z",
        "machine": {},
        "program": "0",
        "run": RunSpec(command=("python", "train.py")),
        "space": GRID,
        "sampling": {"name": "GRID"},
        "seed": 1,
        "policy": {"name": "Default"},
        "metric": ACCURACY,
        "max_total_runs": 100,
    }
    return SweepSpec(**{**fields, **changes})


def simulate(
    policy: EarlyTerminationPolicy, curves: dict[int, list[float]], concurrency: int = 1, **changes: object
) -> Simulation:
    sweep = spec(**changes)
    sampler = build_sampler(sweep.sampling, Space.from_json(sweep.space), sweep.seed)
    return Simulator(sweep, sampler, policy, lambda _, trial: curves[trial], concurrency=concurrency).run()


class Hand:
    """A scheduler and a short way to tell it things."""

    def __init__(self, concurrency: int = 2, policy: EarlyTerminationPolicy | None = None, **changes: object) -> None:
        self.scheduler = Scheduler(spec(**changes), policy or NoTerminationPolicy())
        self.seq = 0
        self.add(Kind.ENGINE_STARTED, body={"concurrency": concurrency})

    def add(self, kind: Kind, trial: int | None = None, body: dict | None = None, **more: object) -> None:
        self.seq += 1
        attempt = more.pop("attempt", 1 if trial is not None else None)
        records = more.pop("records", ())
        event = Event(seq=self.seq, kind=kind, trial=trial, attempt=attempt, body=body or {}, **more)  # type: ignore[arg-type]
        self.scheduler.apply(event, records)  # type: ignore[arg-type]

    def start(self, trial: int) -> None:
        if trial not in self.scheduler.trials:
            self.add(Kind.SUGGESTED, trial, {"configuration": {"a": trial}, "reason": "r"})
        self.add(Kind.PLANNED, trial)
        self.add(Kind.STARTED, trial, {"pid": 1})

    def log(self, trial: int, *values: float) -> None:
        first = self.scheduler.trials[trial].records
        records = [MetricRecord(first + n, ACCURACY.name, value) for n, value in enumerate(values)]
        body = {"from": first, "to": first + len(values), "first": first, "count": len(values), "bad": 0}
        self.add(Kind.LOGGED, trial, body, records=records)

    def end(self, trial: int, outcome: Outcome = Outcome.COMPLETED, likeness: str = "", **more: object) -> None:
        body = {
            "outcome": outcome.value,
            "reason": f"because {likeness}",
            "exit": Exit(cause="exit", code=1).to_json(),
            "retry": more.pop("retry", False),
            "likeness": likeness,
        }
        self.add(Kind.ENDED, trial, body, **more)


def test_a_grid_is_run_to_its_end_and_ends_early_as_completed() -> None:
    result = simulate(NoTerminationPolicy(), {n: [0.1, 0.2] for n in range(6)}, concurrency=4)
    assert [trial.outcome for trial in result.trials.values()] == [Outcome.COMPLETED] * 6
    assert "all 6 configurations" in result.reason
    assert result.seconds == 4.0


def test_max_total_runs_ends_the_sweep() -> None:
    result = simulate(NoTerminationPolicy(), {n: [0.1] for n in range(6)}, max_total_runs=4)
    assert len(result.trials) == 4


def test_a_policy_stops_a_trial_with_its_sentence() -> None:
    curves = {0: [0.5] * 5, 1: [0.6] * 5, 2: [0.1] * 5, 3: [0.7] * 5, 4: [0.7] * 5, 5: [0.7] * 5}
    result = simulate(MedianStoppingPolicy(delay_evaluation=3), curves)
    assert result.trials[2].outcome is Outcome.STOPPED_EARLY
    assert result.trials[2].intervals == 3
    assert result.trials[2].why.startswith("stopped at interval 3: best accuracy 0.1 < 0.5 = median of 3")


def test_a_trial_without_the_metric_is_an_outcome_of_its_own() -> None:
    result = simulate(NoTerminationPolicy(), {n: [] for n in range(6)})
    assert {trial.outcome for trial in result.trials.values()} == {Outcome.COMPLETED_WITHOUT_METRIC}


def test_deciding_twice_gives_the_same() -> None:
    hand = Hand()
    assert hand.scheduler.decide() == hand.scheduler.decide() == [Suggest(trial=0)]


def test_no_more_live_than_may() -> None:
    hand = Hand(concurrency=2)
    for trial in (0, 1):
        hand.start(trial)
    hand.add(Kind.SUGGESTED, 2, {"configuration": {}, "reason": "r"})
    assert hand.scheduler.decide() == []
    hand.end(0)
    assert hand.scheduler.decide() == [Launch(trial=2, attempt=1), Suggest(trial=3)]


def test_cancelling_ends_all_then_the_sweep() -> None:
    hand = Hand()
    hand.start(0)
    hand.add(Kind.REQUESTED, body={"id": "1", "kind": "cancel"})
    assert hand.scheduler.decide() == [Stop(trial=0, attempt=1, why="cancelled")]
    hand.add(Kind.STOP_REQUESTED, 0, {"why": "cancelled", "reason": "cancelled", "now": False})
    assert hand.scheduler.decide() == []
    hand.add(Kind.REQUESTED, body={"id": "2", "kind": "cancel", "now": True})
    assert hand.scheduler.decide() == [Stop(trial=0, attempt=1, why="cancelled", now=True)]
    hand.end(0, Outcome.CANCELLED)
    (finish,) = hand.scheduler.decide()
    assert isinstance(finish, Finish) and finish.status is SweepStatus.CANCELLED


def test_cancelling_one_trial_leaves_the_rest() -> None:
    hand = Hand()
    hand.start(0)
    hand.start(1)
    hand.add(Kind.REQUESTED, body={"id": "1", "kind": "cancel_trial", "trial": 1})
    stops = [action for action in hand.scheduler.decide() if isinstance(action, Stop)]
    assert [(stop.trial, stop.why) for stop in stops] == [(1, "cancelled")]


def test_a_cancelled_queued_trial_never_starts() -> None:
    hand = Hand()
    hand.add(Kind.SUGGESTED, 0, {"configuration": {}, "reason": "r"})
    hand.add(Kind.REQUESTED, body={"id": "1", "kind": "cancel_trial", "trial": 0})
    assert hand.scheduler.trials[0].outcome is Outcome.CANCELLED
    assert hand.scheduler.decide() == [Suggest(trial=1)]


def test_a_lost_trial_gets_a_new_attempt_that_starts_from_nothing() -> None:
    hand = Hand()
    hand.start(0)
    value = {"from": 0, "to": 9, "first": 0, "count": 1, "bad": 0}
    hand.add(Kind.LOGGED, 0, value, records=(MetricRecord(0, "accuracy", 0.9),))
    assert hand.scheduler.may_retry(hand.scheduler.trials[0])
    hand.end(0, Outcome.LOST, retry=True)
    assert Launch(trial=0, attempt=2) in hand.scheduler.decide()
    hand.add(Kind.PLANNED, 0, attempt=2)
    assert hand.scheduler.trials[0].intervals == 0
    assert hand.scheduler.curves is not None and hand.scheduler.curves.length(0) == 0
    assert not hand.scheduler.may_retry(hand.scheduler.trials[0])


def test_like_failures_from_the_start_end_the_sweep() -> None:
    hand = Hand(concurrency=2)
    for trial in range(3):
        hand.start(trial)
        hand.end(trial, Outcome.FAILED, "exit/1/None/ImportError: no module named x")
    (finish,) = hand.scheduler.decide()
    assert isinstance(finish, Finish) and finish.status is SweepStatus.FAILED and "ImportError" in finish.reason


@pytest.mark.parametrize("change", [{"stop_after_failures": 0}, {"stop_after_failures": 4}])
def test_the_number_of_like_failures_can_be_set(change: dict) -> None:
    hand = Hand(concurrency=2, **change)
    for trial in range(3):
        hand.start(trial)
        hand.end(trial, Outcome.FAILED, "alike")
    assert not any(isinstance(action, Finish) for action in hand.scheduler.decide())


def test_failures_of_different_kinds_or_after_a_success_do_not_end_the_sweep() -> None:
    different, later = Hand(), Hand()
    for trial in range(4):
        different.start(trial)
        different.end(trial, Outcome.FAILED, f"kind {trial}")
        later.start(trial)
        later.end(trial, Outcome.FAILED if trial else Outcome.COMPLETED, "alike")
    for hand in (different, later):
        assert not any(isinstance(action, Finish) for action in hand.scheduler.decide())


def ended_all(hand: Hand, *ends: tuple[Outcome, str]) -> Finish:
    """What the scheduler says when its trials have ended so."""
    for trial, (outcome, likeness) in enumerate(ends):
        hand.start(trial)
        hand.end(trial, outcome, likeness)
    (finish,) = hand.scheduler.decide()
    assert isinstance(finish, Finish)
    return finish


@pytest.mark.parametrize("change", [{}, {"stop_after_failures": 0}, {"stop_after_failures": 9}])
@pytest.mark.parametrize(
    ("ends", "status", "words"),
    [
        ([(Outcome.FAILED, "a")], SweepStatus.FAILED, "its only trial "),
        ([(Outcome.FAILED, "a")] * 2, SweepStatus.FAILED, "all 2 trials failed in the same way"),
        ([(Outcome.FAILED, "a"), (Outcome.FAILED, "b")], SweepStatus.FAILED, "all 2 trials failed; trial 1"),
        ([(Outcome.FAILED, "a"), (Outcome.LOST, "")], SweepStatus.FAILED, "all 2 trials failed; trial 1"),
        ([(Outcome.FAILED, "a"), (Outcome.COMPLETED, "")], SweepStatus.COMPLETED, "all 2 trials ended"),
        ([(Outcome.FAILED, "a"), (Outcome.CANCELLED, "")], SweepStatus.COMPLETED, "all 2 trials ended"),
    ],
)
def test_a_sweep_of_which_every_trial_failed_failed(
    ends: list[tuple[Outcome, str]], status: SweepStatus, words: str, change: dict
) -> None:
    finish = ended_all(Hand(max_total_runs=len(ends), **change), *ends)
    assert finish.status is status and words in finish.reason


def test_a_space_that_ends_before_three_failures_fails_too() -> None:
    hand = Hand()
    for trial in range(2):
        hand.start(trial)
        hand.end(trial, Outcome.FAILED, "alike")
    hand.add(Kind.EXHAUSTED, body={"n": 2})
    (finish,) = hand.scheduler.decide()
    assert isinstance(finish, Finish) and finish.status is SweepStatus.FAILED


def test_a_sweep_without_any_value_says_so() -> None:
    finish = ended_all(Hand(max_total_runs=2), (Outcome.COMPLETED_WITHOUT_METRIC, ""), (Outcome.FAILED, "a"))
    assert finish.status is SweepStatus.COMPLETED
    assert "none has a value of the primary metric: trial 0" in finish.reason


def test_a_resume_takes_a_cancel_back_that_still_winds_down() -> None:
    hand = Hand(concurrency=1, max_total_runs=2)
    hand.start(0)
    hand.add(Kind.REQUESTED, body={"id": "1", "kind": "cancel"})
    assert hand.scheduler.is_winding_down
    hand.add(Kind.STOP_REQUESTED, 0, {"why": "cancelled", "reason": "cancelled by ann", "now": False})
    hand.add(Kind.SWEEP_RESUMED)
    assert not hand.scheduler.is_winding_down
    assert hand.scheduler.stop_of(hand.scheduler.trials[0]) == ("cancelled", "cancelled by ann")
    hand.end(0, Outcome.CANCELLED)
    assert hand.scheduler.decide() == [Suggest(trial=1)]


def test_the_deadline_cancels_what_runs_and_completes_the_sweep() -> None:
    hand = Hand(max_duration_minutes=1)
    hand.start(0)
    assert hand.scheduler.deadline_s_at(50.0) == 10.0
    hand.add(Kind.TIME_PASSED, ran_s=60.0)
    assert hand.scheduler.decide() == [Stop(trial=0, attempt=1, why="deadline")]
    hand.end(0, Outcome.CANCELLED)
    (finish,) = hand.scheduler.decide()
    assert (
        isinstance(finish, Finish)
        and finish.status is SweepStatus.COMPLETED
        and "max_duration_minutes" in finish.reason
    )


def test_a_resumed_sweep_goes_on_up_to_its_budget() -> None:
    hand = Hand(max_total_runs=2)
    hand.start(0)
    hand.add(Kind.REQUESTED, body={"id": "1", "kind": "cancel"})
    hand.end(0, Outcome.CANCELLED)
    hand.add(Kind.SWEEP_ENDED, body={"status": "Canceled", "reason": "cancelled"})
    assert hand.scheduler.is_over and hand.scheduler.decide() == []
    hand.add(Kind.SWEEP_RESUMED)
    assert hand.scheduler.decide() == [Suggest(trial=1)]


def test_an_impossible_journal_is_refused() -> None:
    hand = Hand()
    with pytest.raises(InternalError):
        hand.add(Kind.STARTED, 7, {"pid": 1})
    with pytest.raises(InternalError):
        hand.add(Kind.SUGGESTED, 5, {"configuration": {}, "reason": "r"})


def test_values_of_other_ranks_and_kinds_are_no_intervals() -> None:
    hand = Hand()
    hand.start(0)
    records = (
        MetricRecord(0, "accuracy", 0.5, rank=1),
        MetricRecord(1, "accuracy", "high", "text"),
        MetricRecord(2, "loss", 0.5),
        MetricRecord(3, "accuracy", 0.4),
    )
    hand.add(Kind.LOGGED, 0, {"from": 0, "to": 9, "first": 0, "count": 4, "bad": 0}, records=records)
    trial = hand.scheduler.trials[0]
    assert (trial.intervals, trial.best, trial.status) == (1, 0.4, TrialStatus.RUNNING)


def test_what_comes_after_the_verdict_counts_for_the_trial_alone() -> None:
    """How much that is depends on how soon the trial was told, and so would the verdicts on others."""
    hand = Hand(policy=MedianStoppingPolicy())
    hand.start(0)
    hand.log(0, 0.5, 0.5, 0.5)
    hand.end(0)
    hand.start(1)
    hand.log(1, 0.1, 0.9)
    trial, curves = hand.scheduler.trials[1], hand.scheduler.curves
    assert trial.verdict and trial.verdict.interval == 1
    assert curves and curves.values(1) == [0.1]
    assert (trial.intervals, trial.best) == (2, 0.9)


def test_asked_to_end_by_its_sweep_or_by_itself() -> None:
    hand = Hand()
    hand.start(0)
    hand.start(1)
    trials = hand.scheduler.trials
    assert hand.scheduler.stop_of(trials[0]) is None
    hand.add(Kind.REQUESTED, body={"id": "1", "kind": "cancel_trial", "trial": 1, "by": "ann"})
    assert hand.scheduler.stop_of(trials[1]) == ("cancelled", "cancelled by ann")
    hand.add(Kind.REQUESTED, body={"id": "2", "kind": "cancel", "by": "bob"})
    assert hand.scheduler.stop_of(trials[0]) == ("cancelled", "cancelled by bob")
    assert hand.scheduler.stop_of(trials[1]) == ("cancelled", "cancelled by ann")


def test_one_trial_at_once_while_all_are_cancelled_politely() -> None:
    hand = Hand()
    hand.start(0)
    hand.start(1)
    hand.add(Kind.REQUESTED, body={"id": "1", "kind": "cancel"})
    for trial in (0, 1):
        hand.add(Kind.STOP_REQUESTED, trial, {"why": "cancelled", "reason": "cancelled", "now": False})
    assert hand.scheduler.decide() == []
    hand.add(Kind.REQUESTED, body={"id": "2", "kind": "cancel_trial", "trial": 1, "now": True})
    assert hand.scheduler.decide() == [Stop(trial=1, attempt=1, why="cancelled", now=True)]


def test_a_lost_trial_is_no_success() -> None:
    """The first trials that end by themselves all fail alike."""
    hand = Hand(concurrency=1)
    hand.start(0)
    hand.end(0, Outcome.LOST)
    for trial in (1, 2, 3):
        hand.start(trial)
        hand.end(trial, Outcome.FAILED, "exit/1")
    assert hand.scheduler.decide() == [
        Finish(status=SweepStatus.FAILED, reason="the first 3 trials all failed in the same way: because exit/1")
    ]


def test_politely_after_at_once_takes_nothing_back() -> None:
    hand = Hand()
    hand.start(0)
    for number, now in enumerate((False, True, False)):
        hand.add(Kind.REQUESTED, body={"id": str(number), "kind": "cancel", "now": now})
    assert hand.scheduler.decide() == [Stop(trial=0, attempt=1, why="cancelled", now=True)]


def test_a_question_is_open_until_it_is_answered() -> None:
    hand = Hand()
    assert hand.scheduler.decide() == [Suggest(trial=0)]
    hand.add(Kind.ASKED, body={"n": 0})
    assert hand.scheduler.asked == (0, hand.seq)
    assert hand.scheduler.decide() == []
    hand.add(Kind.SUGGESTED, 0, {"configuration": {"a": 0}, "reason": "r"})
    assert hand.scheduler.asked is None
    assert hand.scheduler.decide() == [Launch(trial=0, attempt=1), Suggest(trial=1)]


def test_a_sampler_that_fails_fails_the_sweep_and_a_resume_asks_again() -> None:
    hand = Hand()
    hand.start(0)
    hand.add(Kind.ASKED, body={"n": 1})
    hand.add(Kind.EXHAUSTED, body={"n": 1, "error": "cannot think"})
    assert hand.scheduler.decide() == [], "the trial that runs may end"
    hand.end(0)
    (finish,) = hand.scheduler.decide()
    assert isinstance(finish, Finish) and finish.status is SweepStatus.FAILED and "cannot think" in finish.reason
    hand.add(Kind.SWEEP_ENDED, body={"status": finish.status.value, "reason": finish.reason})
    hand.add(Kind.SWEEP_RESUMED)
    assert Suggest(trial=1) in hand.scheduler.decide()


def test_like_failures_are_counted_over_all_that_run_at_once() -> None:
    """With four at once a fourth may still succeed when three have failed; a resumed sweep counts anew."""
    hand = Hand(concurrency=4)
    for trial in range(4):
        hand.start(trial)
    for trial in range(3):
        hand.end(trial, Outcome.FAILED, "alike")
    assert not hand.scheduler.is_winding_down
    hand.end(3, Outcome.FAILED, "alike")
    assert hand.scheduler.is_winding_down
    hand.add(Kind.SWEEP_ENDED, body={"status": SweepStatus.FAILED.value, "reason": "alike"})
    hand.add(Kind.SWEEP_RESUMED)
    hand.start(4)
    hand.end(4, Outcome.FAILED, "alike")
    assert not hand.scheduler.is_winding_down


def test_who_is_told_to_end_is_judged_no_more_and_started_no_more() -> None:
    hand = Hand(policy=MedianStoppingPolicy())
    hand.start(0)
    hand.log(0, 0.5, 0.5)
    hand.start(1)
    hand.add(Kind.REQUESTED, body={"id": "1", "kind": "cancel_trial", "trial": 1})
    hand.add(Kind.STOP_REQUESTED, 1, {"why": "cancelled", "reason": "cancelled by ann", "now": False})
    hand.log(1, 0.1)
    assert hand.scheduler.verdicts == [] and hand.scheduler.trials[1].verdict is None
    assert not hand.scheduler.may_retry(hand.scheduler.trials[1])


def test_the_budget_is_what_the_space_has() -> None:
    hand = Hand(max_total_runs=10)
    hand.start(0)
    assert hand.scheduler.budget == 10
    hand.add(Kind.EXHAUSTED, body={"n": 1, "error": "it raised"})
    assert hand.scheduler.budget == 10
    hand.add(Kind.EXHAUSTED, body={"n": 1})
    assert hand.scheduler.budget == summarize(hand.scheduler)["total"] == 1
