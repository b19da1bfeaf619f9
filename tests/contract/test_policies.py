"""The shipped contract suite: every policy of ours passes it, and it finds policies that break a rule."""

from dataclasses import dataclass

import pytest

from overdrive.termination import BanditPolicy
from overdrive.termination import EarlyTerminationPolicy
from overdrive.termination import MedianStoppingPolicy
from overdrive.termination import NoTerminationPolicy
from overdrive.termination import TruncationSelectionPolicy
from overdrive.testing import PolicyContract


class TestBanditWithAFactor(PolicyContract):
    def make(self, evaluation_interval=1, delay_evaluation=0):
        return BanditPolicy(evaluation_interval, slack_factor=0.1, delay_evaluation=delay_evaluation)


class TestBanditWithAnAmount(PolicyContract):
    def make(self, evaluation_interval=1, delay_evaluation=0):
        return BanditPolicy(evaluation_interval, slack_amount=0.2, delay_evaluation=delay_evaluation)


class TestMedianStopping(PolicyContract):
    def make(self, evaluation_interval=1, delay_evaluation=0):
        return MedianStoppingPolicy(evaluation_interval, delay_evaluation)


class TestTruncationSelection(PolicyContract):
    def make(self, evaluation_interval=1, delay_evaluation=0):
        return TruncationSelectionPolicy(40, evaluation_interval, delay_evaluation)


class TestNoTermination(PolicyContract):
    def make(self, evaluation_interval=1, delay_evaluation=0):
        return NoTerminationPolicy()


@dataclass(frozen=True)
class MeanPolicy(EarlyTerminationPolicy):
    """A rule of the tests' own: worse than the mean of all bests ends."""

    POLICY_NAME = "Mean"
    RULE = "mean"

    evaluation_interval: int = 1
    delay_evaluation: int = 0

    def threshold(self, curves, trial, k):
        finite = [best for best in curves.bests(k) if abs(best) < float("inf")]
        return sum(finite) / len(finite), f"mean of {len(finite)}"


class TestAPlugIn(PolicyContract):
    def make(self, evaluation_interval=1, delay_evaluation=0):
        return MeanPolicy(evaluation_interval, delay_evaluation)


# ---- what the suite finds


class StopsAll(MeanPolicy):
    """Does not spare the best."""

    def judge(self, curves, trial, k):
        verdict = super().judge(curves, trial, k)
        return verdict and type(verdict)(**{**_fields(verdict), "stop": True, "threshold": None, "formula": "all"})


class KnowsOneGoal(MeanPolicy):
    """Takes the numbers of a loss for those of an accuracy."""

    def threshold(self, curves, trial, k):
        return max(curves.bests(k)) - 0.2, "highest - 0.2"


class Counts(MeanPolicy):
    """Remembers how often it was asked."""

    asked: int = 0

    def threshold(self, curves, trial, k):
        object.__setattr__(self, "asked", self.asked + 1)
        value, _ = super().threshold(curves, trial, k)
        return value, f"asked {self.asked} times"


class LooksAlways(MeanPolicy):
    """Has its own idea of intervals."""

    def applies(self, k):
        return True


class LooksAhead(MeanPolicy):
    """Compares with what others reached later."""

    def threshold(self, curves, trial, k):
        best = max((max(curves.values(other)) for other in curves.trials()), default=0.0)
        return best / 2, "half of the best"


class CountsTheBroken(MeanPolicy):
    """Grows stricter with the number of trials, also of those without a finite value."""

    def threshold(self, curves, trial, k):
        n = len(curves.bests(k))
        return curves.bests(k)[-1] - curves.metric.sign / n, f"within 1/{n} of the best"


class KnowsNumbersOnly(MeanPolicy):
    """Leaves an earlier sweep's trials out."""

    def threshold(self, curves, trial, k):
        numbers = [t for t in curves.trials() if isinstance(t, int) and curves.length(t) >= k]
        return max(curves.best(t, k) * curves.metric.sign for t in numbers) * curves.metric.sign, "the best number"


class SaysNothing(MeanPolicy):
    """Gives no reason."""

    def threshold(self, curves, trial, k):
        value, _ = super().threshold(curves, trial, k)
        return value, ""


class Forgets(MeanPolicy):
    """Loses an argument on its way through JSON."""

    def properties(self):
        return {"evaluation_interval": self.evaluation_interval}


def _fields(verdict):
    return {name: getattr(verdict, name) for name in verdict.__dataclass_fields__}


@pytest.mark.parametrize(
    ("broken", "test"),
    [
        (StopsAll, "test_the_best_goes_on"),
        (StopsAll, "test_a_lone_trial_goes_on"),
        (KnowsOneGoal, "test_both_goals_mirror_each_other"),
        (Counts, "test_judging_changes_nothing"),
        (Counts, "test_verdicts_follow_from_the_curves"),
        (LooksAlways, "test_it_looks_only_at_its_intervals"),
        (LooksAhead, "test_later_intervals_of_others_do_not_count"),
        (CountsTheBroken, "test_nan_never_stops_a_better_one"),
        (KnowsNumbersOnly, "test_earlier_sweeps_trials_count_alike"),
        (SaysNothing, "test_a_verdict_has_its_evidence"),
        (Forgets, "test_json_comes_back"),
    ],
)
def test_the_suite_finds_a_broken_policy(broken, test):
    class Suite(PolicyContract):
        def make(self, evaluation_interval=1, delay_evaluation=0):
            return broken(evaluation_interval, delay_evaluation)

    with pytest.raises(AssertionError):
        getattr(Suite(), test)()


def test_every_test_of_the_suite_has_a_broken_policy_that_it_finds():
    tested = {test for _, test in test_the_suite_finds_a_broken_policy.pytestmark[0].args[1]}
    assert tested == {name for name in dir(PolicyContract) if name.startswith("test_")}
