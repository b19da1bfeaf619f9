"""Bayesian sampling as a whole: it learns, repeats itself bit for bit, keeps clear of failures, and says why."""

import json
import math
import sys
from collections.abc import Callable
from collections.abc import Mapping
from dataclasses import replace

import pytest

from overdrive.errors import SpecError
from overdrive.records import EarlierSweep
from overdrive.records import Outcome
from overdrive.records import PrimaryMetric
from overdrive.records import PrimaryMetricGoal
from overdrive.records import Suggestion
from overdrive.records import TrialStatus
from overdrive.records.earlier import EarlierTrial
from overdrive.sampling import AskTell
from overdrive.sampling import BayesianParameterSampling
from overdrive.sampling import History
from overdrive.sampling import RandomParameterSampling
from overdrive.sampling import TrialSoFar
from overdrive.sampling import build_sampler
from overdrive.sampling.bayesian import explain
from overdrive.sampling.bayesian.coordinates import Coordinates
from overdrive.sampling.bayesian.evidence import evidence_of
from overdrive.sampling.bayesian.explain import Explanation
from overdrive.sampling.bayesian.prior_trials import transfer
from overdrive.sampling.bayesian.proposal import design_size
from overdrive.space import Space
from overdrive.space import choice
from overdrive.space import json_text
from overdrive.space import loguniform
from overdrive.space import quniform
from overdrive.space import uniform

SPACE = Space({"lr": loguniform(-9, 0), "x": uniform(-2, 2), "n": quniform(1, 8, 1), "kind": choice("a", "b", "c")})
LOSS = PrimaryMetric(name="loss", goal=PrimaryMetricGoal.MINIMIZE)

Value = Callable[[Mapping], float | None]


def _loss(c: Mapping) -> float:
    """Best, 0, at lr = e⁻⁴, x = 0.5, n = 5, kind = b."""
    return (math.log(c["lr"]) + 4) ** 2 / 10 + (c["x"] - 0.5) ** 2 + abs(c["n"] - 5) / 8 + (c["kind"] != "b") * 0.5


def _trial(number: int, configuration: Mapping, *curve: float, **fields: object) -> TrialSoFar:
    fields = {"status": TrialStatus.ENDED, "outcome": Outcome.COMPLETED, **fields}
    finite = [value for value in curve if math.isfinite(value)]
    best = min(finite) if finite else None
    return TrialSoFar(number=number, configuration=configuration, curve=curve, best=best, **fields)  # type: ignore[arg-type]


def _history(*trials: TrialSoFar, **fields: object) -> History:
    return History(trials=trials, metric=LOSS, based_on=len(trials), **fields)  # type: ignore[arg-type]


def _sampler(space: Space = SPACE, seed: int = 1):
    return build_sampler({"name": "BayesianOptimization"}, space, seed)


def _played(count: int, value: Value = _loss, space: Space = SPACE, seed: int = 1, **fields: object) -> History:
    """A sweep of so many trials, one after the other."""
    sampler, trials = _sampler(space, seed), []
    for n in range(count):
        suggestion = sampler.suggest(_history(*trials, **fields), n)
        assert suggestion is not None
        found = value(suggestion.configuration)
        outcome = Outcome.COMPLETED if found is not None else Outcome.FAILED
        curve = () if found is None else (found,)
        trials.append(_trial(n, suggestion.configuration, *curve, outcome=outcome, state=suggestion.state))
    return _history(*trials, **fields)


def _next(history: History, space: Space = SPACE, seed: int = 1) -> Suggestion:
    suggestion = _sampler(space, seed).suggest(history, len(history.trials))
    assert suggestion is not None
    return suggestion


SWEEP = _played(22)


def test_it_learns() -> None:
    """After 22 trials it is where random sampling does not come in 200."""
    best = min(trial.best for trial in SWEEP.trials if trial.best is not None)
    loop = AskTell(RandomParameterSampling(SPACE), seed=1)
    drawn = [_loss(configuration) for _ in range(200) if (configuration := loop.ask())]
    assert best < 0.05 < min(drawn)


def test_the_same_again_after_a_journey_through_json() -> None:
    """A suggestion depends on what a journal holds: bit for bit the same from a history that was written and read."""
    for n in (6, 13, 21):
        read = [
            replace(trial, configuration=_through(trial.configuration), state=_through(trial.state))
            for trial in SWEEP.trials[:n]
        ]
        one, other = _next(_history(*SWEEP.trials[:n])), _next(_history(*read))
        assert json.dumps(one.to_body()) == json.dumps(other.to_body())
        assert one.configuration == SWEEP.trials[n].configuration
    assert _next(_history(*SWEEP.trials[:7]), seed=2).configuration != SWEEP.trials[7].configuration


def _through(value: Mapping) -> dict:
    return json.loads(json.dumps(dict(value), allow_nan=False))


def test_the_first_ones_are_spread_evenly() -> None:
    assert [design_size(d) for d in (1, 4, 5, 9, 30)] == [5, 5, 6, 10, 10]
    reasons = [_next(_history(*SWEEP.trials[:n])).reason for n in range(7)]
    assert [reason.startswith("Sobol point") for reason in reasons] == [True] * 5 + [False] * 2


def test_no_configuration_twice_even_by_different_histories() -> None:
    space = Space({"a": choice(1, 2, 3), "b": choice("x", "y")})
    history = _played(6, lambda c: float(c["a"]), space)
    assert len({json_text(trial.configuration) for trial in history.trials}) == 6
    assert _sampler(space).suggest(history, 6) is None
    large = Space({name: choice(range(12)) for name in "abcd"})
    history = _played(40, lambda c: float(sum(c.values())), large)
    assert len({json_text(trial.configuration) for trial in history.trials}) == 40


def test_trials_on_their_way_are_known() -> None:
    """Asked for at once they differ, and not by a hair: a trial on its way is as good as measured."""
    waiting = [_trial(22 + k, {}, status=TrialStatus.RUNNING, outcome=None) for k in range(4)]
    trials = list(SWEEP.trials)
    for trial in waiting:
        found = _sampler().suggest(_history(*trials), trial.number)
        assert found is not None
        trials.append(replace(trial, configuration=found.configuration))
    coordinates = Coordinates(SPACE)
    codes = coordinates.codes_of([trial.configuration for trial in trials[22:]])
    for k in range(4):
        for other in range(k):
            assert abs(codes[k] - codes[other]).max() > 1e-3


def test_failures_are_kept_clear_of() -> None:
    """Where x > 0 every trial fails; the values grow better towards there until shortly before."""
    history = _played(30, lambda c: None if c["x"] > 0 else (c["x"] + 0.5) ** 2)
    failed = [trial.outcome is Outcome.FAILED for trial in history.trials]
    assert sum(failed[:6]) > 0
    assert sum(failed[12:]) <= 3
    assert min(trial.best for trial in history.trials if trial.best is not None) < 0.01


def test_the_best_beside_a_border_of_failure_is_found_without_falling_off_it_each_time() -> None:
    """Where x > 0.7 every trial fails; the best is at 0.5."""
    history = _played(30, lambda c: None if c["x"] > 0.7 else _loss(c), seed=4)
    assert sum(trial.outcome is Outcome.FAILED for trial in history.trials) <= 7
    assert min(trial.best for trial in history.trials if trial.best is not None) < 0.02


def test_a_reason_says_how_likely_the_trial_is_to_run_where_some_have_failed() -> None:
    found = _next(_played(12, lambda c: None if c["x"] > 0 else _loss(c)))
    state = found.state["why"]
    assert isinstance(state, dict) and 0 < state["ok"] <= 1
    assert found.reason.endswith(f"; runs with probability {state['ok']:.2g}")
    assert "runs with" not in _next(SWEEP).reason


def test_nothing_but_failures() -> None:
    history = _played(12, lambda c: None)
    reasons = [_next(_history(*history.trials[:n])).reason for n in (3, 8)]
    assert "away from the trials that failed" in reasons[1]
    assert "away" not in reasons[0]


FIRST = [trial.configuration for trial in SWEEP.trials[:8]]


def test_what_trials_say() -> None:
    ends = [
        (Outcome.COMPLETED, (3.0, 1.0, math.nan)),
        (Outcome.COMPLETED, (math.nan, math.inf)),
        (Outcome.COMPLETED_WITHOUT_METRIC, ()),
        (Outcome.FAILED, (0.5,)),
        (Outcome.LOST, (0.4,)),
        (Outcome.CANCELLED, ()),
        (None, (9.0,)),
    ]
    trials = [
        _trial(n, FIRST[n], *curve, outcome=outcome, status=TrialStatus.ENDED if outcome else TrialStatus.RUNNING)
        for n, (outcome, curve) in enumerate(ends)
    ]
    evidence = evidence_of(trials, LOSS)
    assert [(one.number, one.value, one.doubt) for one in evidence.observed] == [(0, 1.0, 0.0)]
    assert evidence.failed == FIRST[1:4]
    assert evidence.pending == [FIRST[6]]
    maximised = evidence_of(trials[:1], PrimaryMetric(name="a", goal=PrimaryMetricGoal.MAXIMIZE))
    assert maximised.observed[0].value == -3.0


def test_stopped_trials_are_not_final() -> None:
    """Completed trials gained 1, 2 and 3 after interval 2: a stopped one is expected to gain as much, in doubt."""
    whole = [_trial(n, FIRST[n], 10.0, 8.0, 8.0 - gain) for n, gain in enumerate((1.0, 2.0, 3.0))]
    stopped = _trial(3, FIRST[3], 11.0, 9.0, outcome=Outcome.STOPPED_EARLY)
    guess = evidence_of([*whole, stopped], LOSS).observed[-1]
    assert guess.value == pytest.approx(7.0)
    assert guess.doubt == pytest.approx(math.hypot(math.sqrt(2 / 3), 1.0))
    alone = evidence_of([*whole[:2], stopped], LOSS).observed[-1]
    assert alone.value == 9.0
    assert alone.doubt > 0.5
    # And it informs: the next suggestion is another one than without it.
    trials = [replace(trial, state={}) for trial in SWEEP.trials[:9]]
    known = _history(*trials, _trial(9, SWEEP.trials[9].configuration, 0.001, outcome=Outcome.STOPPED_EARLY))
    unknown = _history(*trials, _trial(9, SWEEP.trials[9].configuration, 0.001, outcome=Outcome.LOST))
    assert _next(known).configuration != _next(unknown).configuration


def test_machine_failures_are_not_learned_from() -> None:
    """A lost trial leaves the model as it was, whatever it had logged."""
    trials = SWEEP.trials[:9]
    one = _history(*trials, _trial(9, SWEEP.trials[9].configuration, 1e9, outcome=Outcome.LOST))
    other = _history(*trials, _trial(9, SWEEP.trials[9].configuration, outcome=Outcome.LOST))
    assert _next(one) == _next(other)


def test_a_suggestion_says_why() -> None:
    state = SWEEP.trials[-1].state["why"]
    assert isinstance(state, dict)
    assert set(state) == {"mode", "mean", "deviation", "best", "weights"}
    assert state["mode"] in {"explore", "exploit"}
    assert state["deviation"] > 0
    assert all(0 <= int(number) < 21 for number, _ in state["weights"])
    reason = _next(SWEEP).reason
    assert reason.split(":")[0] in {"explore", "exploit"}
    assert "loss" in reason
    assert "by trials" in reason


def test_explanations() -> None:
    explanation = Explanation(SPACE, 1, SWEEP)
    believed = explanation.believed()
    assert {one.trial for one in believed} == set(range(22))
    assert [one.mean for one in believed] == sorted(one.mean for one in believed)
    assert believed[0].mean == pytest.approx(_loss(SWEEP.trials[believed[0].trial].configuration), abs=0.1)
    importances = {one.name: one for one in explanation.importances()}
    assert all(0 <= one.alone <= one.total + 0.1 <= 1.1 for one in importances.values())
    assert min(importances["lr"].total, importances["x"].total) > importances["n"].total
    curve = explanation.marginal("x")
    assert abs(min(curve, key=lambda point: point.mean).value - 0.5) < 0.6  # type: ignore[operator]
    assert [point.value for point in explanation.marginal("kind")] == ["a", "b", "c"]
    assert (explanation.trust.grade, explanation.did_not_vary) == ("good", [])
    with pytest.raises(SpecError):
        explanation.marginal("y")
    with pytest.raises(SpecError):
        Explanation(SPACE, 1, _history())


def _earlier(trials: int, value: Callable[[Mapping], float], space: Space = SPACE, name: str = "HD_1") -> EarlierSweep:
    loop = AskTell(RandomParameterSampling(space), seed=7)
    found = []
    for n in range(trials):
        configuration = loop.ask()
        assert configuration is not None
        found.append(
            EarlierTrial(
                number=n, configuration=configuration, outcome=Outcome.COMPLETED, curve=(value(configuration),)
            )
        )
    return EarlierSweep(id=name, space=space.to_json(), trials=tuple(found))


@pytest.mark.parametrize(
    "prior", [(), (_earlier(30, lambda c: 3 * _loss(c)),)], ids=["alone", "beside an earlier sweep"]
)
def test_very_many_trials_say_the_same_in_less_time(monkeypatch: pytest.MonkeyPatch, prior: tuple) -> None:
    loop = AskTell(RandomParameterSampling(SPACE), seed=3)
    configurations = [loop.ask() for _ in range(200)]
    trials = [_trial(k, c, _loss(c)) for k, c in enumerate(configurations) if c is not None]
    history = _history(*trials, prior=prior)
    exact = Explanation(SPACE, 1, history)
    monkeypatch.setattr(explain, "MOST_KNOWN", (199, 120))
    projected = Explanation(SPACE, 1, history)
    pairs = zip(exact.importances(), projected.importances(), strict=True)
    assert all(one.name == other.name and abs(one.total - other.total) < 0.02 for one, other in pairs)
    assert projected.importances() != exact.importances()
    for one, other in zip(exact.marginal("x"), projected.marginal("x"), strict=True):
        assert abs(one.mean - other.mean) < 0.5 * one.deviation
        assert 0.5 * one.deviation < other.deviation < 3.0 * one.deviation
    assert {one.trial for one in projected.believed()} == set(range(200))
    again = Explanation(SPACE, 1, history)
    assert (again.importances(), again.believed()) == (projected.importances(), projected.believed())


def test_earlier_sweeps_save_trials() -> None:
    """Another unit, another level, the same landscape: its first suggestion is already good."""
    prior = (_earlier(40, lambda c: 1000 * _loss(c) + 7),)
    warm = _played(6, prior=prior)
    cold = _played(6)
    assert _loss(warm.trials[0].configuration) < 0.5
    assert min(t.best for t in warm.trials if t.best is not None) < min(
        t.best for t in cold.trials if t.best is not None
    )
    reason = _next(_history(prior=prior)).reason
    assert "than the mean of earlier sweeps, by trials of HD_1" in reason, "its own metric has no scale yet"


def test_an_earlier_sweep_that_is_wrong_is_found_out() -> None:
    wrong = _played(26, prior=(_earlier(40, lambda c: -_loss(c)),))
    assert min(trial.best for trial in wrong.trials if trial.best is not None) < 0.3


def test_an_earlier_sweep_without_what_matters_does_not_mislead() -> None:
    """It never had lr, on which everything depends, and found the other end of x to be good."""
    old = Space({name: expression for name, expression in SPACE.items() if name != "lr"})
    earlier = _earlier(40, lambda c: (c["x"] + 1.5) ** 2, old)
    sweep = _played(26, prior=(earlier,))
    assert min(trial.best for trial in sweep.trials if trial.best is not None) < 0.1


def test_an_earlier_sweep_that_shares_nothing_is_not_used() -> None:
    earlier = _earlier(30, lambda c: c["other"], Space({"other": uniform(0, 1)}))
    transferred = transfer(Coordinates(SPACE), [earlier], LOSS)
    assert transferred.ids == () and len(transferred.outcomes) == 0
    assert any("shares no hyperparameter" in words for words in transferred.left_out)
    assert _next(_history(prior=(earlier,))).configuration == _next(_history()).configuration


def test_earlier_sweeps_of_other_spaces() -> None:
    old = Space({"lr": loguniform(-20, 0), "x": uniform(-1, 1), "gone": uniform(0, 1), "kind": choice("a", "z", 1)})
    earlier = _earlier(30, lambda c: c["x"] ** 2, old, "HD_old")
    small = replace(earlier, id="HD_small", trials=earlier.trials[:2])
    coordinates = Coordinates(SPACE)
    transferred = transfer(coordinates, [small, earlier], LOSS)
    assert transferred.ids == ("HD_old",)
    assert len(transferred.outcomes) == 30
    assert set(transferred.source) == {1}
    said = "\n".join(transferred.left_out)
    for words in (
        "HD_old: gone is not in this space",
        "HD_old: n is new",
        "options that this space",
        "HD_small: only 2",
    ):
        assert words in said
    history = _history(prior=(small, earlier))
    first = _next(history)
    assert SPACE.contains(first.configuration)
    assert first.state["left_out"] == list(transferred.left_out)
    later = _sampler().suggest(_history(_trial(0, first.configuration, 1.0, state=first.state), prior=(earlier,)), 2)
    assert later is not None
    assert "left_out" not in later.state


def test_a_trial_outside_the_space() -> None:
    """A trial that goes on with an earlier one may have what this space does not."""
    strange = [
        _trial(0, {**FIRST[0], "lr": 20.0, "kind": "z"}, 0.5),
        _trial(1, {"x": 1.0}, 0.4),
        _trial(2, {**FIRST[2], "x": "text"}, 0.3),
        _trial(3, {**FIRST[3], "x": 9.0}, outcome=Outcome.FAILED),
    ]
    later = [_trial(n, FIRST[n], 1.0 + n) for n in range(4, 8)]
    assert SPACE.contains(_next(_history(*strange, *later)).configuration)


def test_equal_values_everywhere() -> None:
    """A metric that says nothing is no error: the sweep goes on."""
    history = _played(12, lambda c: 1.0)
    assert len({json_text(trial.configuration) for trial in history.trials}) == 12


@pytest.mark.parametrize("extreme", [sys.float_info.max, -sys.float_info.max])
def test_values_whose_differences_no_float_holds(extreme: float) -> None:
    """As scripts log them for what went wrong: no warning of NumPy's, and all that comes out is a number."""
    space = Space({"x": uniform(-2, 2), "kind": choice("a", "b", "c")})
    history = _played(12, lambda c: c["x"] if c["kind"] == "b" else extreme, space)
    state = _next(history, space).state["why"]
    assert isinstance(state, dict)
    assert all(math.isfinite(state[key]) for key in ("mean", "deviation", "best"))
    assert all(math.isfinite(one.deviation) for one in Explanation(space, 1, history).believed())


def test_strict_sampling_checks_and_the_rest_runs() -> None:
    with pytest.raises(SpecError):
        BayesianParameterSampling(dict(SPACE), strict=True)
    loop = AskTell(BayesianParameterSampling({"x": uniform(0, 1)}, strict=True), "maximize", seed=3)
    found = []
    for _ in range(14):
        configuration = loop.ask()
        assert configuration is not None
        found.append(float(configuration["x"]))  # type: ignore[arg-type]
        loop.tell(configuration, -((found[-1] - 0.7) ** 2))
    assert min(abs(x - 0.7) for x in found) < 0.01
