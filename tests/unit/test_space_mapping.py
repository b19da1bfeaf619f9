"""The search space as a mapping: names, order, what is taken and what is refused."""

import math
from typing import Any

import pytest

from overdrive.errors import SpecError
from overdrive.space import Space
from overdrive.space import choice
from overdrive.space import loguniform
from overdrive.space import normal
from overdrive.space import qnormal
from overdrive.space import quniform
from overdrive.space import randint
from overdrive.space import uniform

SPACE = {"--lr": loguniform(-7, -1), "batch_size": choice(16, 32), "n": ["quniform", [1, 5, 1]]}


def test_keeps_the_declared_order() -> None:
    space = Space(SPACE)
    assert space.names == tuple(space) == ("--lr", "batch_size", "n")
    assert space["n"] == quniform(1, 5, 1)
    assert repr(space) == "Space({'--lr': loguniform(-7, -1), 'batch_size': choice(16, 32), 'n': quniform(1, 5, 1)})"
    assert list(space.to_json()) == list(SPACE)
    assert space.to_json()["n"] == ["quniform", [1, 5, 1]]
    assert Space(space) == space
    assert Space(dict(reversed(SPACE.items()))) != space


def test_counts() -> None:
    assert Space({"a": choice(1, 2, 1), "b": randint(5), "c": quniform(0, 2, 1)}).count == 2 * 5 * 3
    assert Space({"a": choice(1, 2), "b": uniform(0, 1)}).count is None
    assert Space({"a": normal(0, 0), "b": loguniform(1, 1)}).count == 1
    assert Space({"a": qnormal(0, 1, 1)}).count is None
    assert not Space({"a": qnormal(0, 1, 1), "b": choice(1)}).is_continuous
    assert Space({"a": qnormal(0, 1, 1), "b": normal(0, 1)}).is_continuous


def test_the_last_name_varies_fastest() -> None:
    space = Space({"a": choice(1, 2, 3), "b": choice(16, 32)})
    assert [tuple(space.cell(n).values()) for n in range(6)] == [(1, 16), (1, 32), (2, 16), (2, 32), (3, 16), (3, 32)]
    assert space.index_of({"b": 32, "a": 2}) == 3


def test_an_empty_space_has_one_configuration() -> None:
    space = Space({})
    assert (space.count, space.cell(0), space.from_units([]), space.names) == (1, {}, {}, ())
    assert space.contains({})


@pytest.mark.parametrize("name", ["", " ", "--", "a b", "a\nb", "a\tb", "a\0b", "\x1b[1m", "a\u2028b", 3, None, ("a",)])
def test_names_that_are_refused(name: Any) -> None:
    with pytest.raises(SpecError) as caught:
        Space({name: choice(1)})
    assert (caught.value.field, caught.value.value) == ("parameter_space", name)


def test_two_names_for_one_option_are_refused() -> None:
    assert Space({"-n": choice(1), "n": choice(1), "N": choice(1)}).names == ("-n", "n", "N")
    with pytest.raises(SpecError, match="'lr' and '--lr'") as caught:
        Space({"lr": choice(1), "--lr": choice(2)})
    assert (caught.value.field, caught.value.value) == ("parameter_space", "--lr")


@pytest.mark.parametrize("name", ["--C", "lr", "größe", "a.b/c", "x" * 300, "日本", "-n", "$(x)", "🙂", "CON"])
def test_names_that_are_taken(name: str) -> None:
    assert Space({name: choice(1)}).names == (name,)


@pytest.mark.parametrize(
    ("given", "hint"),
    [
        (0.1, "write choice(0.1)"),
        ([1, 2, 3], "write choice([1, 2, 3])"),
        (["uniform", 0, 1], "write choice(['uniform', 0, 1])"),
        ("adam", "write choice('adam')"),
        (None, None),
        ({}, None),
        (["unifrm", [0, 1]], "did you mean uniform?"),
        (["uniform", [0]], None),
        (["uniform", [0, 1, 2]], None),
        (["uniform", [1, 0]], None),
        (["choice", [1, 2]], None),
        (["choice", [[]]], None),
        (["randint", []], None),
        (["quniform", [0, 1, math.nan]], None),
    ],
)
def test_values_that_are_no_expression(given: object, hint: str | None) -> None:
    with pytest.raises(SpecError) as caught:
        Space({"ok": choice(1), "lr": given})
    assert caught.value.field == "parameter_space['lr']"
    assert caught.value.value == given
    assert caught.value.message.startswith("parameter_space['lr']: ")
    assert caught.value.allowed
    assert caught.value.hint == hint


@pytest.mark.parametrize("given", [None, [("a", choice(1))], "a"])
def test_only_mappings(given: Any) -> None:
    with pytest.raises(SpecError) as caught:
        Space(given)
    assert caught.value.field == "parameter_space"


def test_configurations() -> None:
    space = Space(SPACE)
    configuration = space.from_units([0.5, 0.5, 0.5])
    assert configuration == {"--lr": math.exp(-4), "batch_size": 32, "n": 3.0}
    assert space.contains(dict(reversed(configuration.items())))
    assert not space.contains({**configuration, "batch_size": 64})
    assert not space.contains([])
    for wrong in ({}, {**configuration, "other": 1}):
        assert not space.contains(wrong)
        with pytest.raises(SpecError):
            space.to_units(wrong)
    with pytest.raises(SpecError):
        space.from_units([0.5])


def test_cells_that_do_not_exist() -> None:
    for space, n in ((Space(SPACE), 0), (Space({"a": choice(1, 2)}), 2), (Space({"a": choice(1, 2)}), -1)):
        with pytest.raises(SpecError):
            space.cell(n)
