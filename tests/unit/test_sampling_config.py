"""What users write to choose a sampling: checks, JSON, equality, the command line's form."""

import json
from typing import Any

import pytest

from overdrive.errors import SpecError
from overdrive.sampling import BayesianParameterSampling
from overdrive.sampling import GridParameterSampling
from overdrive.sampling import History
from overdrive.sampling import HyperParameterSampling
from overdrive.sampling import RandomParameterSampling
from overdrive.sampling import build_sampler
from overdrive.sampling import parse_sampling
from overdrive.sampling import sampling_from_json
from overdrive.space import Expression
from overdrive.space import Space
from overdrive.space import choice
from overdrive.space import loguniform
from overdrive.space import normal
from overdrive.space import quniform
from overdrive.space import randint
from overdrive.space import uniform

CHOICES = {"--C": choice(0.1, 1.0), "--max_iter": choice(50, 100)}
CLASSES = [RandomParameterSampling, GridParameterSampling, BayesianParameterSampling]
NAMES = ["RANDOM", "GRID", "BayesianOptimization"]


@pytest.mark.parametrize(("kind", "name"), list(zip(CLASSES, NAMES, strict=True)))
def test_json(kind: type, name: str) -> None:
    sampling = kind(CHOICES)
    data = {
        "name": name,
        "parameter_space": {"--C": ["choice", [[0.1, 1.0]]], "--max_iter": ["choice", [[50, 100]]]},
    }
    assert sampling.to_json() == data
    assert list(sampling.to_json()["parameter_space"]) == ["--C", "--max_iter"]
    for spelling in (name, name.lower(), name.upper()):
        again = sampling_from_json({**json.loads(json.dumps(data)), "name": spelling, "properties": None})
        assert type(again) is kind
        assert (again, hash(again), repr(again)) == (sampling, hash(sampling), repr(sampling))
    assert (sampling.name, sampling.space, sampling.properties, sampling.seed) == (name, Space(CHOICES), {}, None)


def test_equality() -> None:
    space = {"lr": uniform(0, 1)}
    sampling = RandomParameterSampling(space)
    assert sampling == RandomParameterSampling({"lr": ["uniform", [0, 1]]})
    assert sampling != RandomParameterSampling({"lr": uniform(0, 2)})
    assert sampling != RandomParameterSampling(space, seed=3)
    assert sampling != BayesianParameterSampling(space)
    assert sampling == HyperParameterSampling("random", space)
    assert sampling != "RANDOM"


@pytest.mark.parametrize("kind", [RandomParameterSampling, BayesianParameterSampling])
def test_seeds(kind: Any) -> None:
    for sampling in (kind(CHOICES, seed=7), kind(CHOICES, {"seed": 7}), kind(CHOICES, {"seed": 7}, seed=7)):
        assert sampling.seed == 7
        assert sampling.to_json()["properties"] == {"seed": 7}
        assert sampling_from_json(sampling.to_json()) == sampling
    for wrong in (-1, 1.5, "7", True, 2**63):
        with pytest.raises(SpecError) as caught:
            kind(CHOICES, seed=wrong)
        assert (caught.value.field, caught.value.value) == ("seed", wrong)
        with pytest.raises(SpecError) as caught:
            kind(CHOICES, {"seed": wrong})
        assert (caught.value.field, caught.value.value) == ("properties['seed']", wrong)
    with pytest.raises(SpecError):
        kind(CHOICES, {"seed": 7}, seed=8)


@pytest.mark.parametrize("kind", CLASSES)
@pytest.mark.parametrize("space", [None, {}, Space({})])
def test_an_empty_space(kind: Any, space: Any) -> None:
    with pytest.raises(SpecError) as caught:
        kind(space)
    assert caught.value.message == "parameter_space must not be empty"
    assert caught.value.field == "parameter_space"


@pytest.mark.parametrize("kind", CLASSES)
def test_what_is_no_space(kind: Any) -> None:
    for wrong, field in (([1], "parameter_space"), ({"lr": 0.1}, "parameter_space['lr']"), ({"a b": choice(1)}, None)):
        with pytest.raises(SpecError) as caught:
            kind(wrong)
        assert caught.value.field == (field or "parameter_space")


@pytest.mark.parametrize("kind", CLASSES)
def test_properties(kind: Any) -> None:
    with pytest.raises(SpecError) as caught:
        kind(CHOICES, {"sede": 7})
    assert (caught.value.field, caught.value.value) == ("properties", "sede")
    assert caught.value.hint == "did you mean seed?"
    for wrong in ([1], "seed"):
        with pytest.raises(SpecError):
            kind(CHOICES, wrong)
    sampling = kind(CHOICES, {"seed": 1})
    sampling.properties["seed"] = 2
    sampling.to_json()["properties"]["seed"] = 2
    assert sampling.seed == 1


def test_azures_rule_of_random_sampling() -> None:
    assert RandomParameterSampling(CHOICES, {"rule": "random"}).properties == {"rule": "random"}
    sobol = RandomParameterSampling(CHOICES, {"rule": "Sobol"}, seed=1)
    first = build_sampler(sobol.to_json(), sobol.space, 1).suggest(History(), 0)
    assert first == build_sampler({"name": "SOBOL"}, sobol.space, 1).suggest(History(), 0)
    with pytest.raises(SpecError) as caught:
        RandomParameterSampling(CHOICES, {"rule": "latin"})
    assert (caught.value.field, caught.value.allowed) == ("properties['rule']", "'random' or 'sobol'")


@pytest.mark.parametrize("expression", [uniform(0, 1), randint(3), quniform(0, 3, 1), normal(0, 1)])
def test_grids_take_only_choice(expression: Expression) -> None:
    with pytest.raises(SpecError) as caught:
        GridParameterSampling({"ok": choice(1), "lr": expression})
    assert (caught.value.field, caught.value.value) == ("parameter_space['lr']", expression)
    assert repr(expression) in caught.value.message
    assert "only choice" in caught.value.message
    with pytest.raises(SpecError):
        build_sampler({"name": "GRID"}, Space({"lr": expression}), 0)


BAYESIAN_TAKES = [
    choice("a", "b"),
    choice(1, 2.5, 3),
    uniform(0, 1.5),
    quniform(1, 100, 2),
    quniform(0, 100_000, 1),
]
BAYESIAN_REFUSES = [
    choice("a", 1),
    choice(True, False),
    choice(1, None),
    choice([[1], [2]]),
    quniform(0, 10.0, 1),
    quniform(0, 100_001, 1),
    loguniform(-5, -1),
    randint(3),
    normal(0, 1),
]


def test_bayesian_limits_hold_in_strict_mode() -> None:
    for expression in BAYESIAN_TAKES:
        assert BayesianParameterSampling({"x": expression}, strict=True).strict
    for expression in BAYESIAN_REFUSES:
        assert not BayesianParameterSampling({"x": expression}).strict
        with pytest.raises(SpecError) as caught:
            BayesianParameterSampling({"ok": choice(1), "x": expression}, strict=True)
        assert (caught.value.field, caught.value.value) == ("parameter_space['x']", expression)


def test_random_sampling_in_strict_mode() -> None:
    RandomParameterSampling({"x": quniform(0, 1, 0.1)})
    RandomParameterSampling({"x": quniform(0, 10, 2.0), "y": randint(3)}, strict=True)
    with pytest.raises(SpecError) as caught:
        RandomParameterSampling({"x": quniform(0, 1, 0.1)}, strict=True)
    assert caught.value.field == "parameter_space['x']"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("random", RandomParameterSampling(CHOICES)),
        ("Random()", RandomParameterSampling(CHOICES)),
        ("random(seed=3)", RandomParameterSampling(CHOICES, seed=3)),
        ("grid", GridParameterSampling(CHOICES)),
        ("sobol(seed=3)", HyperParameterSampling("SOBOL", CHOICES, {"seed": 3})),
        ("bayesian", BayesianParameterSampling(CHOICES)),
        ("BAYESIANOPTIMIZATION(seed=1)", BayesianParameterSampling(CHOICES, seed=1)),
    ],
)
def test_command_line(text: str, expected: HyperParameterSampling) -> None:
    sampling = parse_sampling(text, CHOICES)
    assert type(sampling) is type(expected)
    assert sampling == expected


@pytest.mark.parametrize(
    ("text", "field"),
    [
        ("randm", "sampling"),
        ("random(3)", "sampling"),
        ("random(", "sampling"),
        ("", "sampling"),
        ("random(sed=3)", "properties"),
        ("random(seed=x)", "properties['seed']"),
        ("latin", "sampling"),
    ],
)
def test_command_line_refuses(text: str, field: str) -> None:
    with pytest.raises(SpecError) as caught:
        parse_sampling(text, CHOICES)
    assert caught.value.field == field


@pytest.mark.parametrize(
    "data",
    [None, [], {}, {"name": 3}, {"name": "RANDOM"}, {"name": "RANDOM", "parameter_space": []}, {"name": "X"}],
)
def test_json_of_another_shape(data: object) -> None:
    with pytest.raises(SpecError):
        sampling_from_json(data)
