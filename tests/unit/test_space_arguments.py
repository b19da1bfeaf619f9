"""Which arguments the expressions take, and what they say of the others."""

import enum
import math
import sys

import numpy
import pytest
from hypothesis import given
from hypothesis import strategies as st

from overdrive.errors import SpecError
from overdrive.space import Expression
from overdrive.space import check_strict
from overdrive.space import choice
from overdrive.space import expression_from_json
from overdrive.space import lognormal
from overdrive.space import loguniform
from overdrive.space import normal
from overdrive.space import qlognormal
from overdrive.space import qloguniform
from overdrive.space import qnormal
from overdrive.space import quniform
from overdrive.space import randint
from overdrive.space import uniform


class Colour(str, enum.Enum):
    RED = "red"


@pytest.mark.parametrize(
    ("expression", "data"),
    [
        (choice(16, 32), ["choice", [[16, 32]]]),
        (choice([16, 32]), ["choice", [[16, 32]]]),
        (choice(range(1, 5)), ["choice", [[1, 2, 3, 4]]]),
        (choice((1, 2)), ["choice", [[[1, 2]]]]),
        (choice("a", 1, 1.0, True, None, {"b": (1,)}), ["choice", [["a", 1, 1.0, True, None, {"b": [1]}]]]),
        (randint(5), ["randint", [5]]),
        (uniform(0, 1.5), ["uniform", [0, 1.5]]),
        (quniform(1, 36, 1), ["quniform", [1, 36, 1]]),
        (loguniform(-6, -2), ["loguniform", [-6, -2]]),
        (loguniform(-2, -2), ["loguniform", [-2, -2]]),
        (qloguniform(0, 3, 0.5), ["qloguniform", [0, 3, 0.5]]),
        (normal(0, 0), ["normal", [0, 0]]),
        (qnormal(10, 3, 2), ["qnormal", [10, 3, 2]]),
        (lognormal(0, 1), ["lognormal", [0, 1]]),
        (qlognormal(0, 1, 1.0), ["qlognormal", [0, 1, 1.0]]),
    ],
)
def test_hyperdrives_lists(expression: Expression, data: list) -> None:
    assert repr(expression.to_json()) == repr(data)
    assert expression_from_json(data) == expression


@pytest.mark.parametrize(
    ("make", "arguments", "field", "value"),
    [
        (choice, (), "options", []),
        (choice, ([],), "options", []),
        (choice, (range(0),), "options", []),
        (choice, (1, [2]), "options", [1, [2]]),
        (choice, ([1], [2]), "options", [[1], [2]]),
        (choice, (range(3), 4), "options", [range(3), 4]),
        (choice, (range(10**12),), "options", 10**12),
        (choice, ([0] * 100_001,), "options", 100_001),
        (choice, (math.inf,), "options", math.inf),
        (choice, (object,), "options", object),
        (choice, ({1: 2},), "options", {1: 2}),
        (choice, ("a\0b",), "options", "a\0b"),
        (choice, ("\ud800",), "options", "\ud800"),
        (choice, (1 << 2000,), "options", 1 << 2000),
        (randint, (0,), "upper", 0),
        (randint, (-1,), "upper", -1),
        (randint, (2.0,), "upper", 2.0),
        (randint, ("3",), "upper", "3"),
        (randint, (2**60,), "upper", 2**60),
        (uniform, (1, 1), "min_value", 1),
        (uniform, (2, 1), "min_value", 2),
        (uniform, ("0", 1), "min_value", "0"),
        (uniform, (0, math.inf), "max_value", math.inf),
        (uniform, (0, 10**400), "max_value", 10**400),
        (uniform, (-1e308, 1e308), "max_value", 1e308),
        (quniform, (1, 1, 1), "min_value", 1),
        (quniform, (0, 1, 0), "q", 0),
        (quniform, (0, 1, -1), "q", -1),
        (quniform, (0, 1, None), "q", None),
        (quniform, (0, 1e20, 1), "q", 1),
        (loguniform, (1, 0), "min_value", 1),
        (loguniform, (0, 1000), "max_value", 1000),
        (loguniform, (-1000, 0), "min_value", -1000),
        (qloguniform, (1, 0, 1), "min_value", 1),
        (qloguniform, (0, 1, 0), "q", 0),
        (normal, (0, -1), "sigma", -1),
        (normal, (None, 1), "mu", None),
        (qnormal, (0, -1, 1), "sigma", -1),
        (qnormal, (1e300, 1, 1), "q", 1),
        (lognormal, (0, -0.1), "sigma", -0.1),
        (lognormal, (800, 1), "mu", 800),
        (qlognormal, (0, 1, -2), "q", -2),
    ],
)
def test_refused(make, arguments: tuple, field: str, value: object) -> None:
    with pytest.raises(SpecError) as caught:
        make(*arguments)
    assert (caught.value.field, caught.value.value) == (field, value)
    assert caught.value.allowed
    assert make.__name__ in caught.value.message
    assert "\n" not in caught.value.message


def test_self_containing_values_are_refused() -> None:
    endless: list = []
    endless.append(endless)
    with pytest.raises(SpecError):
        choice([endless])


def test_numbers_and_values_of_other_libraries() -> None:
    """NumPy's scalars and subclasses of str become Python's own; Azure's client takes bools as numbers."""
    assert uniform(numpy.float32(0.5), numpy.int64(2)).to_json() == ["uniform", [0.5, 2]]
    assert randint(numpy.int64(3)).to_json() == ["randint", [3]]
    assert repr(uniform(False, True)) == "uniform(0, 1)"
    mixed = choice(numpy.float64(0.5), numpy.int64(3), numpy.bool_(True), numpy.str_("a"), Colour.RED)
    assert repr(mixed) == "choice(0.5, 3, True, 'a', 'red')"
    assert [type(option) for option in mixed.options] == [float, int, bool, str, str]
    with pytest.raises(SpecError):
        choice(numpy.array([1, 2]))


def test_values_are_the_same_by_type_and_text() -> None:
    assert choice(1, 1.0, True, "1").count == 4
    assert choice(1, 2, 1).values() == (1, 2)
    assert choice(1) != choice(1.0)
    assert choice(1) != choice(True)
    assert choice(1, 2) != choice(2, 1)
    assert uniform(0, 1) == uniform(0.0, 1.0)
    assert uniform(0, 1) != loguniform(0, 1)
    assert choice(1.0).contains(1.0)
    assert not choice(1.0).contains(1)


def test_a_value_listed_twice_is_drawn_twice_as_often() -> None:
    expression = choice("a", "b", "a", "a")
    assert expression.values() == ("a", "b")
    assert expression.probabilities() == (0.75, 0.25)
    assert [expression.from_unit(u) for u in (0, 0.7, 0.75, 0.99)] == ["a", "a", "b", "b"]
    assert expression.to_json() == ["choice", [["a", "b", "a", "a"]]]


def test_nobody_changes_an_expression_from_outside() -> None:
    given = [{"a": [1]}]
    expression = choice(given)
    text = repr(expression)
    given[0]["a"].append(2)
    for copy in (expression.from_unit(0), expression.value_at(0), expression.to_json()[1][0][0]):
        copy["a"].append(3)  # type: ignore[index]
    assert repr(expression) == text
    with pytest.raises(AttributeError):
        expression.options = ()  # type: ignore[misc]


def test_scales() -> None:
    assert choice(1, 2.5).scale == "ordered"
    assert choice(1).scale == choice(1, True).scale == choice("a", "b").scale == "choice"
    assert randint(3).scale == uniform(0, 1).scale == quniform(0, 9, 1).scale == normal(0, 1).scale == "linear"
    assert loguniform(0, 1).scale == qloguniform(0, 1, 1).scale == lognormal(0, 1).scale == "log"


def test_cells_of_probability_zero_do_not_count() -> None:
    """0.5 and 3.5 lie on the edges of the cells of 0 and 4, which nothing else rounds to."""
    assert quniform(0.5, 3.5, 1).values() == (1.0, 2.0, 3.0)
    assert quniform(1, 5, 1).probabilities() == (0.125, 0.25, 0.25, 0.25, 0.125)
    assert quniform(0, 1, 0.25).values() == (0.0, 0.25, 0.5, 0.75, 1.0)
    assert quniform(0, 0.5, 0.1).values() == (0.0, 0.1, 0.2, 0.3, 0.4, 0.5)
    assert quniform(7, 18, 5).values() == (5.0, 10.0, 15.0, 20.0)
    assert quniform(11, 12, 5).values() == (10.0,)
    assert qloguniform(0, 1, 1).values() == (1.0, 2.0, 3.0)
    assert qnormal(2.5, 0, 1).values() == (2.0,)


def test_azures_rule_on_q() -> None:
    for fine in (quniform(0, 1, 1), qnormal(0, 1, 2.0), uniform(0, 1), choice(0.5)):
        check_strict(fine)
    with pytest.raises(SpecError) as caught:
        check_strict(quniform(0, 1, 0.1), "--lr")
    assert (caught.value.field, caught.value.value) == ("parameter_space['--lr']", 0.1)


@pytest.mark.parametrize("u", [-0.1, 1.1, math.nan, "0.5", None, True])
def test_units_out_of_range(u: float) -> None:
    for expression in (choice(1, 2), randint(2), uniform(0, 1), quniform(0, 5, 1), normal(0, 1)):
        with pytest.raises(SpecError):
            expression.from_unit(u)


def test_values_that_an_expression_cannot_take() -> None:
    for expression in (choice(1, 2), randint(3), uniform(0, 1), quniform(0, 1, 0.5), loguniform(0, 1)):
        for value in (7, "a", None, True, math.nan, [1]):
            assert not expression.contains(value)
            with pytest.raises(SpecError):
                expression.to_unit(value)


def test_noise_of_floats_is_forgiven() -> None:
    expression = quniform(0, 1, 0.1)
    assert expression.contains(0.1 * 3)
    assert expression.index_of(0.1 * 3) == 3
    assert not expression.contains(0.31)


def test_lists_of_values_that_do_not_exist() -> None:
    assert uniform(0, 1).values() is None
    assert qnormal(0, 1, 1).probabilities() is None
    for expression, k in ((uniform(0, 1), 0), (choice(1, 2), 2), (choice(1, 2), -1), (quniform(0, 3, 1), 4)):
        with pytest.raises(SpecError):
            expression.value_at(k)


_WIDE = st.floats(allow_nan=False, allow_infinity=False)


@given(
    st.sampled_from([uniform, loguniform, normal, lognormal]),
    st.sampled_from([quniform, qloguniform, qnormal, qlognormal]),
    _WIDE,
    _WIDE,
    _WIDE,
    st.floats(0, 1),
)
def test_extreme_arguments_are_refused_or_work(plain, quantised, a: float, b: float, q: float, u: float) -> None:
    for make, arguments in ((plain, (a, b)), (quantised, (a, b, q))):
        try:
            expression = make(*arguments)
        except SpecError:
            continue
        value = expression.from_unit(u)
        assert abs(value) <= sys.float_info.max
        assert expression.contains(value)
        assert 0 <= expression.to_unit(value) < 1
