"""What every early-termination policy keeps: subclass `PolicyContract` in your tests and give it your policy."""
# ruff: noqa: S101

import json
import math
import random
from collections.abc import Iterator

from overdrive.records import PrimaryMetric
from overdrive.records import PrimaryMetricGoal
from overdrive.records import Verdict
from overdrive.termination import Curves
from overdrive.termination import EarlyTerminationPolicy

#: What was logged, in journal order: (trial, value).
Journal = list[tuple[int, float]]

METRICS = {
    sign: PrimaryMetric(name="score", goal=goal)
    for sign, goal in [(+1, PrimaryMetricGoal.MAXIMIZE), (-1, PrimaryMetricGoal.MINIMIZE)]
}


class PolicyContract:
    """Tests that a policy must pass, on reproducible random sweeps with ties, gaps and non-finite values.

        class TestFloorPolicy(PolicyContract):
            def make(self, evaluation_interval=1, delay_evaluation=0):
                return FloorPolicy(0.5, evaluation_interval, delay_evaluation)

    Any test runner that calls the `test_…` methods will do; the suite itself imports none.
    """

    #: How many random sweeps each test looks at.
    sweeps: int = 30

    def make(self, evaluation_interval: int = 1, delay_evaluation: int = 0) -> EarlyTerminationPolicy:
        """The policy under test, new, with arguments of your choice for the rest. To be overridden."""
        raise NotImplementedError

    def test_judging_changes_nothing(self) -> None:
        """Judging twice gives the same verdict and leaves curves and policy as they were."""
        policy = self.make()
        for curves, trial, k in self._points():
            before = _contents(curves), repr(policy)
            first = policy.judge(curves, trial, k)
            assert policy.judge(curves, trial, k) == first, "a second look gives another verdict"
            assert (_contents(curves), repr(policy)) == before, "judging has changed the curves or the policy"

    def test_verdicts_follow_from_the_curves(self) -> None:
        """A new policy that meets the same curves only at the end of the journal gives the same verdict."""
        watcher = self.make()
        for journal in self._journals():
            *_, verdict = [watcher.judge(*point) for point in _fold(journal, +1)]
            *_, last = _fold(journal, +1)
            assert self.make().judge(*last) == verdict, "the policy remembers something"

    def test_json_comes_back(self) -> None:
        """The JSON form is strict JSON and rebuilds an equal policy."""
        policy = self.make(evaluation_interval=2, delay_evaluation=3)
        data = json.loads(json.dumps(policy.to_json(), allow_nan=False))
        assert data["name"] == policy.POLICY_NAME
        again = type(policy).from_properties(data.get("properties", {}))
        assert (again, hash(again)) == (policy, hash(policy)), f"{again!r} is not {policy!r}"

    def test_a_verdict_has_its_evidence(self) -> None:
        """A verdict says who was judged where, by what rule, against how many, and why, in one line."""
        policy = self.make()
        for curves, trial, k in self._points():
            verdict = policy.judge(curves, trial, k)
            if verdict is None:
                continue
            assert (verdict.trial, verdict.interval) == (trial, k)
            assert verdict.own == curves.best(trial, k)
            assert verdict.compared == len(curves.bests(k))
            assert verdict.rule.strip(), "a verdict needs a rule"
            assert verdict.formula.strip(), "a verdict needs a formula"
            if verdict.threshold is not None:
                assert not math.isnan(verdict.threshold), "a threshold is never NaN"
                assert not verdict.stop or _score(curves, verdict.own) < _score(curves, verdict.threshold)
            assert verdict.best_trial is None or curves.best(verdict.best_trial, k) == curves.bests(k)[-1]
            assert "\n" not in verdict.sentence(curves.metric)
            assert Verdict.from_json(json.loads(json.dumps(verdict.to_json(), allow_nan=False))) == verdict

    def test_the_best_goes_on(self) -> None:
        """A trial that has the best value at its interval, or shares it, is never stopped."""
        policy = self.make()
        for curves, trial, k in self._points():
            verdict = policy.judge(curves, trial, k)
            is_best = curves.best(trial, k) == curves.bests(k)[-1]
            assert not (is_best and verdict and verdict.stop), f"the best trial was stopped: {verdict}"

    def test_both_goals_mirror_each_other(self) -> None:
        """Minimising is maximising the negated metric."""
        policy = self.make()
        for journal in self._journals():
            negated = [(trial, -value) for trial, value in journal]
            for up, down in zip(_fold(journal, +1), _fold(negated, -1), strict=True):
                high, low = policy.judge(*up), policy.judge(*down)
                assert (high is None) == (low is None)
                if high is None or low is None:
                    continue
                assert (high.stop, high.own, high.best_trial) == (low.stop, -low.own, low.best_trial)
                mirrored = None if low.threshold is None else -low.threshold
                assert high.threshold == mirrored, f"{high.threshold} when maximising, {low.threshold} when minimising"

    def test_nan_never_stops_a_better_one(self) -> None:
        """One more trial that logs nothing but NaN ends no trial that would have gone on without it."""
        policy, broken = self.make(), 10_000
        for journal in self._journals():
            with_nan = Curves(METRICS[+1])
            for _ in journal:
                with_nan.append(broken, math.nan)
            for curves, trial, k in _fold(journal, +1):
                with_nan.append(trial, curves.values(trial)[-1])
                verdict, alone = policy.judge(with_nan, trial, k), policy.judge(curves, trial, k)
                assert not (verdict and verdict.stop) or (alone and alone.stop), f"stopped because of NaN: {verdict}"

    def test_it_looks_only_at_its_intervals(self) -> None:
        """None at intervals that are no multiple of evaluation_interval or come before delay_evaluation."""
        every, some = self.make(), self.make(evaluation_interval=2, delay_evaluation=3)
        for curves, trial, k in self._points():
            looks = k % 2 == 0 and k >= 3
            expected = every.judge(curves, trial, k) if looks else None
            assert some.judge(curves, trial, k) == expected, f"evaluation_interval=2, delay_evaluation=3, interval {k}"

    def test_a_lone_trial_goes_on(self) -> None:
        """Without others to compare with, nothing is stopped."""
        policy = self.make()
        for value in (0.5, -0.5, 0.0, math.nan, math.inf, -math.inf):
            for curves, trial, k in _fold([(0, value)] * 5, -1):
                verdict = policy.judge(curves, trial, k)
                assert not (verdict and verdict.stop), f"a lone trial was stopped: {verdict}"

    def test_later_intervals_of_others_do_not_count(self) -> None:
        """What others logged after interval k changes no verdict at k: trials are compared at the same interval."""
        policy = self.make()
        for journal in self._journals():
            *_, (curves, trial, k) = _fold(journal, +1)
            before = policy.judge(curves, trial, k)
            for other in curves.trials():
                if curves.length(other) >= k:
                    curves.append(other, -1e6 if other == trial else 1e6)
            assert policy.judge(curves, trial, k) == before, "a later interval has changed the verdict"

    def test_earlier_sweeps_trials_count_alike(self) -> None:
        """Trials of an earlier sweep have a run id instead of a number; nothing else is different."""
        policy = self.make()
        for journal in self._journals():
            judged = journal[-1][0]
            curves, renamed = Curves(METRICS[+1]), Curves(METRICS[+1])
            for trial, value in journal:
                curves.append(trial, value)
                renamed.append(trial if trial == judged else f"HD_earlier_{trial}", value)
            k = curves.length(judged)
            here, there = policy.judge(curves, judged, k), policy.judge(renamed, judged, k)
            assert (here and here.stop, here and here.threshold) == (there and there.stop, there and there.threshold)

    def _journals(self) -> Iterator[Journal]:
        return (_make_journal(random.Random(seed)) for seed in range(self.sweeps))

    def _points(self) -> Iterator[tuple[Curves, int, int]]:
        """Each point of each sweep, both goals in turn."""
        for number, journal in enumerate(self._journals()):
            yield from _fold(journal, +1 if number % 2 else -1)


def _make_journal(rng: random.Random) -> Journal:
    """Some trials in turn, of different length; rounded values, so that there are ties; some NaN and infinities."""
    trials = rng.randint(2, 12)
    lengths = {trial: rng.randint(1, 8) for trial in range(trials)}
    order = [trial for trial, length in lengths.items() for _ in range(length)]
    rng.shuffle(order)
    shift, level = rng.choice([0.0, -1.0, 2.0]), {trial: rng.random() for trial in lengths}
    odd = {trial: rng.choice([None, None, None, math.nan, math.inf, -math.inf]) for trial in lengths}
    journal = []
    for trial in order:
        strange, value = odd[trial], round(shift + level[trial] + rng.gauss(0, 0.2), 1)
        journal.append((trial, strange if strange is not None and rng.random() < 0.5 else value))
    return journal


def _fold(journal: Journal, sign: int) -> Iterator[tuple[Curves, int, int]]:
    """(curves so far, trial, interval) after each entry of the journal."""
    curves = Curves(METRICS[sign])
    for trial, value in journal:
        yield curves, trial, curves.append(trial, value)


def _contents(curves: Curves) -> str:
    """All that curves show, as text: NaN equals itself there."""
    trials = {trial: curves.values(trial) for trial in curves.trials()}
    depth = max(map(curves.length, trials), default=0)
    return repr((trials, [(curves.bests(k), curves.averages(k), curves.best_trial(k)) for k in range(1, depth + 1)]))


def _score(curves: Curves, value: float) -> float:
    return curves.metric.sign * value
