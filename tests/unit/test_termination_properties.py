"""Policies against slow references written from the specification's sentences, on random journals."""

import math
import statistics
from functools import partial

import pytest
from hypothesis import example
from hypothesis import given
from hypothesis import settings
from hypothesis import strategies as st

from overdrive.records import PrimaryMetric
from overdrive.records import PrimaryMetricGoal
from overdrive.termination import BanditPolicy
from overdrive.termination import Curves
from overdrive.termination import MedianStoppingPolicy
from overdrive.termination import TruncationSelectionPolicy

NAN, INF = math.nan, math.inf
GOALS = {+1: PrimaryMetricGoal.MAXIMIZE, -1: PrimaryMetricGoal.MINIMIZE}

# ---- the references: plain lists of what each trial logged, everything computed anew, always maximising


def reached(journal_so_far, k):
    """First k values of each trial that has logged at least k, from what is in the journal by then."""
    return {trial: values[:k] for trial, values in journal_so_far.items() if len(values) >= k}


def best_of(values):
    finite = [value for value in values if math.isfinite(value)]
    return max(finite) if finite else -INF


def average_of(values):
    return statistics.mean(values) if all(math.isfinite(value) for value in values) else -INF


def bandit_factor(slack, prefixes, trial):
    best = max(best_of(values) for values in prefixes.values())
    own = best_of(prefixes[trial])
    return own < best / (1 + slack) if best >= 0 else own < best * (1 + slack)


def bandit_amount(slack, prefixes, trial):
    best = max(best_of(values) for values in prefixes.values())
    return best_of(prefixes[trial]) < best - slack


def median(prefixes, trial):
    return best_of(prefixes[trial]) < statistics.median([average_of(values) for values in prefixes.values()])


def truncation(percentage, prefixes, trial):
    own = best_of(prefixes[trial])
    below = [other for other, values in prefixes.items() if other != trial and best_of(values) <= own]
    return len(below) < math.floor(len(prefixes) * percentage / 100)


RULES = [
    (BanditPolicy(slack_factor=0.25), partial(bandit_factor, 0.25)),
    (BanditPolicy(slack_factor=0), partial(bandit_factor, 0)),
    (BanditPolicy(slack_amount=0.5), partial(bandit_amount, 0.5)),
    (MedianStoppingPolicy(), median),
    (TruncationSelectionPolicy(20), partial(truncation, 20)),
    (TruncationSelectionPolicy(50), partial(truncation, 50)),
    (TruncationSelectionPolicy(99), partial(truncation, 99)),
]

# ---- random journals: interleaved trials of different length, restarts, ties, non-finite values

VALUES = st.one_of(
    st.sampled_from([0.0, -0.0, 0.1, 0.5, 1, -1, 2, -0.25]),
    st.sampled_from([NAN, INF, -INF]),
    st.floats(-1e300, 1e300),
    st.integers(-(2**70), 2**70),
)
TRIALS = st.one_of(st.integers(0, 6), st.just("earlier_1"))
ENTRIES = st.one_of(
    st.tuples(st.just("log"), TRIALS, VALUES),
    st.tuples(st.just("log"), TRIALS, VALUES),
    st.tuples(st.just("log"), TRIALS, VALUES),
    st.tuples(st.just("restart"), TRIALS, st.integers(0, 3)),
)
JOURNALS = st.lists(ENTRIES, max_size=60)


def fold(journal, sign):
    """Yields (curves, the reference's lists, trial, k) after each logged value."""
    curves = Curves(PrimaryMetric(name="score", goal=GOALS[sign]))
    plain = {}
    for what, trial, value in journal:
        if what == "restart":
            curves.restart(trial, keep=value)
            if trial in plain:
                plain[trial] = plain[trial][:value]
            continue
        plain.setdefault(trial, []).append(float(sign * value))
        k = curves.append(trial, value)
        assert k == len(plain[trial])
        yield curves, plain, trial, k


def check_rule(policy, reference, journal, sign):
    for curves, plain, trial, k in fold(journal, sign):
        prefixes = reached(plain, k)
        bests = {other: best_of(values) for other, values in prefixes.items()}
        verdict = policy.judge(curves, trial, k)
        expected = reference(prefixes, trial) and bests[trial] != max(bests.values())
        assert verdict.stop == expected
        assert sign * verdict.own == bests[trial]
        assert verdict.compared == len(prefixes)
        assert bests[verdict.best_trial] == max(bests.values())


@pytest.mark.parametrize("sign", GOALS)
@pytest.mark.parametrize(("policy", "reference"), RULES, ids=lambda rule: repr(rule) if hasattr(rule, "RULE") else "")
@given(journal=JOURNALS)
@example(journal=[("log", t, v) for t, v in [(0, 0.9), (1, 0.1), (1, 0.1), (1, 0.1), (2, 0.1), (2, 0.1), (2, 0.1)]])
@settings(max_examples=60, deadline=None)
def test_verdicts_equal_the_reference(policy, reference, sign, journal):
    check_rule(policy, reference, journal, sign)


@pytest.mark.parametrize("sign", GOALS)
@given(journal=JOURNALS)
@settings(max_examples=100, deadline=None)
def test_curves_equal_the_lists(sign, journal):
    for curves, plain, _, _ in fold(journal, sign):
        for trial, values in plain.items():
            assert [sign * value for value in values] == pytest.approx(curves.values(trial), abs=0, rel=0, nan_ok=True)
            assert curves.length(trial) == len(values)
        for k in range(1, 1 + max(len(values) for values in plain.values())):
            prefixes = reached(plain, k)
            assert [sign * best for best in curves.bests(k)] == sorted(map(best_of, prefixes.values()))
            assert [sign * mean for mean in curves.averages(k)] == sorted(map(average_of, prefixes.values()))
            assert all(sign * curves.best(trial, k) == best_of(values) for trial, values in prefixes.items())
            first_seen = {trial: order for order, trial in enumerate(plain)}
            best = max(prefixes, key=lambda trial: (best_of(prefixes[trial]), -first_seen[trial]))
            assert curves.best_trial(k) == best


@given(journal=JOURNALS, interval=st.integers(1, 4), delay=st.integers(0, 6))
@settings(max_examples=50, deadline=None)
def test_a_policy_looks_at_the_multiples_from_the_delay_on(journal, interval, delay):
    grid = {"evaluation_interval": interval, "delay_evaluation": delay}
    every = MedianStoppingPolicy()
    some = MedianStoppingPolicy(**grid)
    looked_at = {k for k in range(1, 100) if k % interval == 0 and k >= delay}
    for curves, _, trial, k in fold(journal, +1):
        assert some.judge(curves, trial, k) == (every.judge(curves, trial, k) if k in looked_at else None)


# ---- the tests above can fail: a rule that is wrong in one place is found


def wrong_bandit(prefixes, trial):
    """B(1 - s) instead of B/(1 + s)."""
    best = max(best_of(values) for values in prefixes.values())
    return best_of(prefixes[trial]) < best * (1 - 0.25)


def wrong_bandit_negative(prefixes, trial):
    """B/(1 + s) for a negative B, too."""
    return best_of(prefixes[trial]) < max(best_of(values) for values in prefixes.values()) / 1.25


def wrong_median(prefixes, trial):
    """Without the trial itself."""
    others = [average_of(values) for other, values in prefixes.items() if other != trial]
    return bool(others) and best_of(prefixes[trial]) < statistics.median(others)


def wrong_average(prefixes, trial):
    """A rounded running sum."""
    means = [sum(values) / len(values) for values in prefixes.values()]
    return best_of(prefixes[trial]) < statistics.median(means)


def wrong_truncation(prefixes, trial):
    """One trial too many."""
    own = best_of(prefixes[trial])
    return sum(best_of(values) <= own for values in prefixes.values()) <= math.floor(len(prefixes) * 0.5) + 1


def wrong_ties(prefixes, trial):
    """Ties against the trial."""
    own = best_of(prefixes[trial])
    return sum(best_of(values) < own for values in prefixes.values()) < math.floor(len(prefixes) * 0.5)


def logs(*points):
    return [("log", trial, value) for trial, value in points]


@pytest.mark.parametrize(
    ("policy", "wrong", "journal"),
    [
        (BanditPolicy(slack_factor=0.25), wrong_bandit, logs((0, 0.8), (1, 0.62))),
        (BanditPolicy(slack_factor=0.25), wrong_bandit_negative, logs((0, -0.8), (1, -0.9))),
        (MedianStoppingPolicy(), wrong_median, logs((0, 1), (1, 0), (2, 0.4))),
        (MedianStoppingPolicy(), wrong_average, logs((0, 1), (0, 1), (0, 1), *[(1, 0.1)] * 3, *[(2, 0.1)] * 3)),
        (TruncationSelectionPolicy(50), wrong_truncation, logs((0, 1), (1, 2), (2, 4), (3, 3))),
        (TruncationSelectionPolicy(50), wrong_ties, logs((0, 2), (1, 1), (2, 1), (3, 1))),
    ],
    ids=lambda rule: getattr(rule, "__name__", ""),
)
def test_a_wrong_rule_is_found(policy, wrong, journal):
    right = next(reference for known, reference in RULES if known == policy)
    check_rule(policy, right, journal, +1)
    with pytest.raises(AssertionError):
        check_rule(policy, wrong, journal, +1)


def test_a_fold_that_forgets_to_forget_is_found():
    journal = [*logs((0, 5), (1, 1)), ("restart", 0, 0), *logs((0, 1))]
    check_rule(MedianStoppingPolicy(), median, journal, +1)
    without_restart = [entry for entry in journal if entry[0] == "log"]
    curves = [curves for curves, *_ in fold(without_restart, +1)][-1]
    assert list(curves.bests(1)) != [1, 1]
