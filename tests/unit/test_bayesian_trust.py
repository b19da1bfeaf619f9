"""Explanations beside the truth: what does not vary, too few trials, noise, and trials that were stopped early."""

import math
import random
from collections.abc import Mapping

import pytest

from overdrive.errors import SpecError
from overdrive.records import Outcome
from overdrive.records import PrimaryMetric
from overdrive.records import TrialStatus
from overdrive.sampling.bayesian.explain import Explanation
from overdrive.sampling.history import History
from overdrive.sampling.history import TrialSoFar
from overdrive.space import Space
from overdrive.space import choice
from overdrive.space import uniform

ACCURACY = PrimaryMetric.from_json({"name": "accuracy", "goal": "maximize"})
SPACE = Space({"lr": uniform(0, 1), "width": uniform(0, 1), "kind": choice("a", "b")})


def _trial(number: int, configuration: Mapping, curve: list[float], outcome: Outcome = Outcome.COMPLETED) -> TrialSoFar:
    return TrialSoFar(
        number=number,
        configuration=configuration,
        status=TrialStatus.ENDED,
        outcome=outcome,
        curve=tuple(curve),
        best=max(curve, default=None),
    )


def _drawn(rng: random.Random) -> dict:
    return {"lr": rng.random(), "width": rng.random(), "kind": rng.choice("ab")}


def _end(configuration: Mapping) -> float:
    """Nearly all by lr; a little by kind."""
    return 0.9 - 2.0 * (configuration["lr"] - 0.4) ** 2 - 0.03 * (configuration["kind"] == "b")


def _history(*trials: TrialSoFar) -> History:
    return History(trials=trials, metric=ACCURACY)


def _stopped(count: int, speed: float, noise: float, points: int = 200) -> History:
    """One in fifteen completes, and any that is in the lead: the others are stopped after 8 of 200 intervals."""
    rng, lead, trials = random.Random(4), 0.0, []
    for n in range(count):
        configuration = _drawn(rng)
        rise = [1.0 - math.exp(-speed * k) for k in range(points)]
        curve = [0.1 + (_end(configuration) - 0.1) * part + rng.gauss(0, noise) for part in rise]
        goes_on = max(curve[:8]) > lead or n % 15 == 0
        lead = max(lead, *curve[:8])
        trials.append(
            _trial(n, configuration, curve) if goes_on else _trial(n, configuration, curve[:8], Outcome.STOPPED_EARLY)
        )
    return _history(*trials)


def test_what_did_not_vary_has_no_importance() -> None:
    rng = random.Random(1)
    configurations = [{**_drawn(rng), "kind": "a"} for _ in range(20)]
    explanation = Explanation(SPACE, 1, _history(*(_trial(n, c, [_end(c)]) for n, c in enumerate(configurations))))
    assert explanation.did_not_vary == ["kind"]
    assert [one.name for one in explanation.importances()] == ["lr", "width"]
    assert explanation.importances()[0].total > 0.9
    with pytest.raises(SpecError) as refused:
        explanation.marginal("kind")
    assert "lr, width" in str(refused.value)


def test_three_trials_do_not_say_what_matters() -> None:
    rng = random.Random(2)
    configurations = [{**_drawn(rng), "kind": "a"} for _ in range(3)]
    trust = Explanation(SPACE, 1, _history(*(_trial(n, c, [_end(c)]) for n, c in enumerate(configurations)))).trust
    assert (trust.grade, trust.r2) == ("none", None)
    assert trust.sentence == "3 trials cannot show what matters among 2 hyperparameters: it takes 4 or more"


@pytest.mark.parametrize("seed", range(3))
def test_noise_alone_is_not_explained(seed: int) -> None:
    rng = random.Random(seed)
    trust = Explanation(SPACE, 1, _history(*(_trial(n, _drawn(rng), [rng.gauss(0, 1)]) for n in range(40)))).trust
    assert trust.grade == "none" and trust.r2 is not None and trust.r2 < 0.24
    assert trust.sentence.endswith("which may be chance")


def test_what_is_believed_holds_as_often_as_it_says() -> None:
    """Two deviations on either side of what a noisy metric would be without noise, in nine of ten trials."""
    held, count = 0, 0
    for seed in range(3):
        rng = random.Random(seed)
        configurations = [_drawn(rng) for _ in range(40)]
        trials = [_trial(n, c, [_end(c) + rng.gauss(0, 0.05)]) for n, c in enumerate(configurations)]
        explanation = Explanation(SPACE, seed, _history(*trials))
        assert explanation.trust.grade == "good" and explanation.importances()[0].name == "lr"
        for one in explanation.believed():
            held += abs(one.mean - _end(configurations[one.trial])) <= 2.0 * one.deviation
            count += 1
    assert count == 120 and held >= 0.9 * count


def test_trials_that_were_stopped_at_once_are_compared_where_they_stopped() -> None:
    """Of final values nothing is said: the guesses are in more doubt than they differ."""
    history = _stopped(150, speed=0.01, noise=0.003)
    explanation = Explanation(SPACE, 1, history)
    assert (explanation.interval, explanation.trials, explanation.uncertain) == (8, 150, set())
    assert explanation.trust.grade != "none"
    assert explanation.importances()[0].name == "lr" and explanation.importances()[0].total > 0.5
    best = explanation.believed()[0]
    assert best.mean < 0.2 and best.seen == max(history.trials[best.trial].curve[:8])


def test_nothing_is_believed_of_the_end_of_a_curve_that_has_hardly_begun() -> None:
    """The guesses tell trials apart here, and the model uses them; what one of them would have come to is another
    matter."""
    rng, trials = random.Random(5), []
    for n in range(60):
        configuration = _drawn(rng)
        rise = [1.0 - math.exp(-0.15 * k) for k in range(60)]
        curve = [0.1 + (_end(configuration) - 0.1) * part for part in rise]
        is_cut = _end(configuration) < 0.85
        outcome = Outcome.STOPPED_EARLY if is_cut else Outcome.COMPLETED
        trials.append(_trial(n, configuration, curve[:6] if is_cut else curve, outcome))
    explanation = Explanation(SPACE, 1, _history(*trials))
    cut = {trial.number for trial in trials if trial.outcome is Outcome.STOPPED_EARLY}
    assert explanation.interval is None and explanation.uncertain == cut and len(cut) > 10
    assert {one.trial for one in explanation.believed()} == set(range(60)) - cut
    assert explanation.importances()[0].name == "lr"


def test_without_a_completed_trial_they_are_compared_by_what_they_reached() -> None:
    rng = random.Random(6)
    configurations = [_drawn(rng) for _ in range(20)]
    trials = [_trial(n, c, [0.1, _end(c), 2.0][: 2 + n % 2], Outcome.CANCELLED) for n, c in enumerate(configurations)]
    explanation = Explanation(SPACE, 1, _history(*trials))
    assert explanation.interval == 2
    assert explanation.importances()[0].name == "lr"
    assert all(one.seen < 1.0 for one in explanation.believed())
