"""Curves and policies by example: worked cases, words, bad arguments, JSON."""

import math

import pytest

from overdrive.errors import InternalError
from overdrive.errors import SpecError
from overdrive.errors import UnsupportedError
from overdrive.records import PrimaryMetric
from overdrive.records import PrimaryMetricGoal
from overdrive.records import Verdict
from overdrive.termination import BanditPolicy
from overdrive.termination import Curves
from overdrive.termination import MedianStoppingPolicy
from overdrive.termination import NoTerminationPolicy
from overdrive.termination import TruncationSelectionPolicy
from overdrive.termination import build_policy

ACCURACY = PrimaryMetric(name="accuracy", goal=PrimaryMetricGoal.MAXIMIZE)
LOSS = PrimaryMetric(name="loss", goal=PrimaryMetricGoal.MINIMIZE)


def curves_of(metric, *curves):
    folded = Curves(metric)
    for trial, values in enumerate(curves):
        for value in values:
            folded.append(trial, value)
    return folded


def judge_last(policy, metric, *curves):
    """The verdict on the last curve's last point."""
    return policy.judge(curves_of(metric, *curves), len(curves) - 1, len(curves[-1]))


# ---- curves


def test_curves_show_the_metrics_own_direction_worst_first():
    curves = curves_of(LOSS, [0.9, 0.5, 0.7], [0.8, 0.6])
    assert curves.values(0) == [0.9, 0.5, 0.7]
    assert list(curves.bests(2)) == [0.6, 0.5]
    assert list(curves.averages(2)) == [0.7, 0.7]
    assert curves.bests(1)[:] == [0.9, 0.8]
    assert (curves.best(0, 3), curves.best(1, 1), curves.best_trial(2)) == (0.5, 0.8, 0)
    assert (curves.length(0), curves.length(1), curves.length(9), curves.values(9)) == (3, 2, 0, [])


def test_ranked_counts_what_is_worse():
    assert [curves_of(LOSS, [3], [1], [2]).bests(1).count_worse(value) for value in (4, 3, 1.5, 0)] == [0, 0, 2, 3]


def test_nothing_is_known_of_intervals_that_nobody_reached():
    curves = curves_of(ACCURACY, [0.1])
    assert (list(curves.bests(2)), list(curves.averages(0)), curves.best_trial(2)) == ([], [], None)
    with pytest.raises(InternalError, match="trial 0 has not reached interval 2"):
        curves.best(0, 2)
    with pytest.raises(InternalError):
        curves.best("HD_x_0", 1)


def test_a_restart_forgets_the_old_attempts_curve():
    curves = curves_of(ACCURACY, [0.9, 0.95, 0.99], [0.1, 0.2])
    curves.restart(0)
    assert (curves.values(0), list(curves.bests(2)), list(curves.bests(3)), curves.best_trial(1)) == ([], [0.2], [], 1)
    assert curves.trials() == [1]
    assert curves.append(0, 0.3) == 1
    assert (curves.best(0, 1), curves.best_trial(1)) == (0.3, 0)


def test_a_restart_may_keep_the_first_points():
    curves = curves_of(ACCURACY, [0.9, 0.3, 0.99], [0.1, 0.2])
    curves.restart(0, keep=1)
    assert curves.append(0, 0.5) == 2
    assert (curves.values(0), list(curves.bests(2)), list(curves.averages(2))) == (
        [0.9, 0.5],
        [0.2, 0.9],
        [0.1 + 0.05, 0.7],
    )
    curves.restart(0, keep=5)
    curves.restart("unknown")
    assert curves.length(0) == 2
    with pytest.raises(InternalError):
        curves.restart(0, keep=-1)


def test_of_equals_the_trial_first_seen_is_the_best():
    curves = curves_of(ACCURACY, [0.5], [0.7], [0.7])
    curves.append("HD_earlier_3", 0.7)
    assert curves.best_trial(1) == 1
    curves.restart(1)
    assert curves.best_trial(1) == 2
    curves.append(1, 0.7)
    assert curves.best_trial(1) == 1


@pytest.mark.parametrize(("metric", "worst"), [(ACCURACY, -math.inf), (LOSS, math.inf)])
@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf, 10**400, -(10**400)])
def test_non_finite_values_are_ignored_unless_there_is_no_other(metric, worst, value):
    curves = curves_of(metric, [value, 0.5, 0.4], [0.45, 0.45, 0.45])
    assert curves.best(0, 1) == worst
    assert curves.best(0, 2) == 0.5
    assert [curves.averages(k)[0] for k in (1, 2, 3)] == [worst] * 3
    assert curves.best_trial(1) == 1


def test_averages_are_exact_means():
    curves = curves_of(ACCURACY, [0.1] * 10, [1e308] * 10, [2**60, 1, -(2**60)], [5e-324] * 3)
    assert set(curves.averages(3)) == {0.1, 1e308, 1 / 3, 5e-324}
    assert list(curves.averages(10)) == [0.1, 1e308]


# ---- worked examples, in words

SENTENCES = [
    (
        BanditPolicy(slack_factor=0.2), ACCURACY, [[0.8], [0.61]],
        "stopped at interval 1: best accuracy 0.61 < 0.6667 = 0.8/1.2, best by trial 0",
    ),
    (
        BanditPolicy(slack_factor=0.2), ACCURACY, [[0.8], [0.67]],
        "went on at interval 1: best accuracy 0.67 ≥ 0.6667 = 0.8/1.2, best by trial 0",
    ),
    (
        BanditPolicy(slack_factor=0.2), LOSS, [[0.7, 0.5], [0.9, 1.1]],
        "stopped at interval 2: best loss 0.9 > 0.6 = 0.5·1.2, best by trial 0",
    ),
    (
        BanditPolicy(slack_factor=0.25), ACCURACY, [[-2], [-2.6]],
        "stopped at interval 1: best accuracy -2.6 < -2.5 = -2·1.25, best by trial 0",
    ),
    (
        BanditPolicy(slack_factor=0.25), LOSS, [[-2], [-1.5]],
        "stopped at interval 1: best loss -1.5 > -1.6 = -2/1.25, best by trial 0",
    ),
    (
        BanditPolicy(slack_amount=0.1), ACCURACY, [[0.8], [0.61]],
        "stopped at interval 1: best accuracy 0.61 < 0.7 = 0.8 - 0.1, best by trial 0",
    ),
    (
        BanditPolicy(slack_amount=2), LOSS, [[12], [13]],
        "went on at interval 1: best loss 13 ≤ 14 = 12 + 2, best by trial 0",
    ),
    (
        BanditPolicy(slack_factor=1e-6), ACCURACY, [[0.5], [0.4999]],
        "stopped at interval 1: best accuracy 0.4999 < 0.5 = 0.5/1.000001, best by trial 0",
    ),
    (
        MedianStoppingPolicy(), ACCURACY, [[0.6, 0.8], [0.5, 0.6], [0.3, 0.5]],
        "stopped at interval 2: best accuracy 0.5 < 0.55 = median of 3 running averages, best by trial 0",
    ),
    (
        MedianStoppingPolicy(), LOSS, [[0.4]],
        "went on at interval 1: best loss 0.4 ≤ 0.4 = median of 1 running average, best by trial 0",
    ),
    (
        TruncationSelectionPolicy(40), ACCURACY, [[0.9], [0.7], [0.8], [0.6], [0.5]],
        "stopped at interval 1: best accuracy 0.5 < 0.7 = 3rd worst of 5; the worst 40 % (2) end here, best by trial 0",
    ),
    (
        TruncationSelectionPolicy(20), LOSS, [[0.3], [0.4]],
        "went on at interval 1: 20 % of 2 trials is less than one",
    ),
    (
        MedianStoppingPolicy(), LOSS, [[0.3], [math.nan]],
        "went on at interval 1: no finite loss, not worse than inf = median of 2 running averages, best by trial 0",
    ),
    (
        BanditPolicy(slack_factor=0.2), LOSS, [[0.5], [math.inf]],
        "stopped at interval 1: no finite loss, worse than 0.6 = 0.5·1.2, best by trial 0",
    ),
    (
        BanditPolicy(slack_factor=0.2), ACCURACY, [[math.nan], [math.inf]],
        "went on at interval 1: no trial has a finite accuracy yet",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("policy", "metric", "curves", "sentence"), SENTENCES)
def test_worked_examples(policy, metric, curves, sentence):
    verdict = judge_last(policy, metric, *curves)
    assert verdict.sentence(metric) == sentence
    assert Verdict.from_json(verdict.to_json()) == verdict


def test_evidence_names_an_earlier_sweeps_trial():
    curves = Curves(ACCURACY)
    curves.append("HD_earlier_7", 0.9)
    curves.append(0, 0.5)
    verdict = BanditPolicy(slack_factor=0.1).judge(curves, 0, 1)
    assert verdict is not None
    assert (verdict.best_trial, verdict.compared, verdict.rule) == ("HD_earlier_7", 2, "bandit")
    assert verdict.sentence(ACCURACY).endswith("0.9/1.1, best by HD_earlier_7")


def test_later_intervals_of_others_do_not_count():
    verdict = judge_last(BanditPolicy(slack_amount=0), ACCURACY, [0.5, 0.9, 0.99], [0.5])
    assert (verdict.stop, verdict.compared) == (False, 2)


@pytest.mark.parametrize("percentage", [1, 50, 99])
def test_truncation_never_ends_a_field_of_equals(percentage):
    assert not judge_last(TruncationSelectionPolicy(percentage), ACCURACY, *[[0.5]] * 200).stop


def test_the_median_of_huge_numbers_is_finite():
    verdict = judge_last(MedianStoppingPolicy(), ACCURACY, [1.5e308], [1.7e308])
    assert (verdict.threshold, verdict.stop) == (1.6e308, False)


def test_no_policy_judges_nothing():
    assert judge_last(NoTerminationPolicy(), ACCURACY, [0.5], [0.1]) is None


def test_a_trial_that_is_not_there_cannot_be_judged():
    with pytest.raises(InternalError, match="trial 7"):
        MedianStoppingPolicy().judge(curves_of(ACCURACY, [0.5]), 7, 1)


# ---- arguments

BAD = [
    (MedianStoppingPolicy, {"evaluation_interval": 0}, "evaluation_interval"),
    (MedianStoppingPolicy, {"evaluation_interval": 1.0}, "evaluation_interval"),
    (MedianStoppingPolicy, {"evaluation_interval": True}, "evaluation_interval"),
    (MedianStoppingPolicy, {"delay_evaluation": -1}, "delay_evaluation"),
    (MedianStoppingPolicy, {"delay_evaluation": "5"}, "delay_evaluation"),
    (BanditPolicy, {}, "slack_factor"),
    (BanditPolicy, {"slack_factor": 0.1, "slack_amount": 0.1}, "slack_factor"),
    (BanditPolicy, {"slack_factor": 0, "slack_amount": 0.1}, "slack_factor"),
    (BanditPolicy, {"slack_factor": -0.1}, "slack_factor"),
    (BanditPolicy, {"slack_factor": math.nan}, "slack_factor"),
    (BanditPolicy, {"slack_factor": math.inf}, "slack_factor"),
    (BanditPolicy, {"slack_factor": "0.1"}, "slack_factor"),
    (BanditPolicy, {"slack_factor": True}, "slack_factor"),
    (BanditPolicy, {"slack_amount": -1}, "slack_amount"),
    (BanditPolicy, {"slack_amount": 0.1, "evaluation_interval": 0}, "evaluation_interval"),
    (BanditPolicy, {"slack_amount": 0.1, "delay_evaluation": -2}, "delay_evaluation"),
    (BanditPolicy, {"slack_factor": 0.1, "slack_amount": 0.1, "strict": True}, "slack_factor"),
    (BanditPolicy, {"evaluation_interval": 0.1}, "evaluation_interval"),
    (TruncationSelectionPolicy, {"truncation_percentage": 0}, "truncation_percentage"),
    (TruncationSelectionPolicy, {"truncation_percentage": 100}, "truncation_percentage"),
    (TruncationSelectionPolicy, {"truncation_percentage": 20.0}, "truncation_percentage"),
    (TruncationSelectionPolicy, {"truncation_percentage": 20, "evaluation_interval": -3}, "evaluation_interval"),
]


@pytest.mark.parametrize(("policy", "arguments", "field"), BAD)
def test_bad_arguments_are_named(policy, arguments, field):
    with pytest.raises(SpecError) as caught:
        policy(**arguments)
    assert caught.value.field == field
    assert field in caught.value.message


def test_a_slack_given_as_the_first_argument_is_explained():
    with pytest.raises(SpecError) as caught:
        BanditPolicy(0.1)  # type: ignore[arg-type]
    assert caught.value.hint == "the slack is given by name: BanditPolicy(slack_factor=0.1)"


def test_the_order_of_positional_arguments_is_hyperdrives():
    assert BanditPolicy(2, 0.1, None, 5) == BanditPolicy(evaluation_interval=2, slack_factor=0.1, delay_evaluation=5)
    assert MedianStoppingPolicy(2, 5) == MedianStoppingPolicy(evaluation_interval=2, delay_evaluation=5)
    assert TruncationSelectionPolicy(20, 2, 5) == TruncationSelectionPolicy(
        truncation_percentage=20, evaluation_interval=2, delay_evaluation=5
    )


def test_strict_reads_a_zero_beside_another_slack_as_azure_does():
    assert BanditPolicy(slack_factor=0, slack_amount=0.1, strict=True) == BanditPolicy(slack_amount=0.1)
    assert BanditPolicy(slack_factor=0.1, slack_amount=0, strict=True) == BanditPolicy(slack_factor=0.1)
    assert BanditPolicy(slack_factor=0, strict=True) == BanditPolicy(slack_factor=0)


# ---- JSON

JSON_FORMS = [
    (
        BanditPolicy(2, slack_factor=0.1, delay_evaluation=5),
        {"name": "Bandit", "properties": {"evaluation_interval": 2, "delay_evaluation": 5, "slack_factor": 0.1}},
    ),
    (
        BanditPolicy(slack_amount=3),
        {"name": "Bandit", "properties": {"evaluation_interval": 1, "delay_evaluation": 0, "slack_amount": 3}},
    ),
    (
        BanditPolicy(slack_factor=0),
        {"name": "Bandit", "properties": {"evaluation_interval": 1, "delay_evaluation": 0, "slack_factor": 0}},
    ),
    (
        MedianStoppingPolicy(delay_evaluation=5),
        {"name": "MedianStopping", "properties": {"evaluation_interval": 1, "delay_evaluation": 5}},
    ),
    (
        TruncationSelectionPolicy(20, delay_evaluation=5),
        {
            "name": "TruncationSelection",
            "properties": {
                "evaluation_interval": 1,
                "delay_evaluation": 5,
                "truncation_percentage": 20,
                "exclude_finished_jobs": False,
            },
        },
    ),
    (NoTerminationPolicy(), {"name": "Default"}),
]


@pytest.mark.parametrize(("policy", "data"), JSON_FORMS)
def test_json_forms_are_hyperdrives_and_come_back(policy, data):
    assert policy.to_json() == data
    assert build_policy(data) == policy
    assert build_policy({**data, "name": data["name"].upper()}) == policy
    assert eval(repr(policy)) == policy
    assert hash(build_policy(data)) == hash(policy)


def test_policies_differ_by_their_arguments_and_kind():
    policies = [policy for policy, _ in JSON_FORMS]
    assert len(set(policies)) == len(policies)
    assert MedianStoppingPolicy() != NoTerminationPolicy()


def test_azures_form_of_a_slack_factor_of_zero_is_read():
    properties = {"evaluation_interval": 1, "delay_evaluation": 0, "slack_amount": None}
    assert build_policy({"name": "Bandit", "properties": properties}) == BanditPolicy(slack_factor=0)


def test_leaving_finished_trials_out_is_not_supported():
    with pytest.raises(UnsupportedError):
        build_policy(
            {"name": "TruncationSelection", "properties": {"truncation_percentage": 20, "exclude_finished_jobs": True}}
        )
