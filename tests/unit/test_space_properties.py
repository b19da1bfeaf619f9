"""What holds for every expression: units and values, cells, JSON, printed form."""

import itertools
import json
import math
from decimal import Decimal

from hypothesis import assume
from hypothesis import example
from hypothesis import given
from hypothesis import strategies as st

from overdrive.space import Choice
from overdrive.space import Expression
from overdrive.space import Space
from overdrive.space import choice
from overdrive.space import expression_from_json
from overdrive.space import json_text
from overdrive.space import lognormal
from overdrive.space import loguniform
from overdrive.space import normal
from overdrive.space import parse_expression
from overdrive.space import qlognormal
from overdrive.space import qloguniform
from overdrive.space import qnormal
from overdrive.space import quniform
from overdrive.space import randint
from overdrive.space import uniform
from overdrive.space.multiples import multiple

UNITS = st.floats(0, 1, exclude_max=True)


def _numbers(low: float, high: float) -> st.SearchStrategy:
    return st.integers(math.ceil(low), math.floor(high)) | st.floats(low, high, allow_subnormal=False)


SCALARS = (
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=5)
)
NESTED = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=5,
)
VALUES = NESTED.filter(lambda value: not (isinstance(value, str) and "\0" in value))
CHOICES = st.lists(VALUES, min_size=1, max_size=6).map(choice) | st.lists(
    st.integers(-3, 3), min_size=1, max_size=8
).map(choice)
#: Bounds that are not so close together that floats cannot tell their parts from each other.
BOUNDS = st.tuples(_numbers(-1e4, 1e4), _numbers(1e-2, 1e4)).map(lambda pair: (pair[0], pair[0] + pair[1]))
EXPONENTS = st.tuples(_numbers(-20, 8), _numbers(1e-2, 5)).map(lambda pair: (pair[0], pair[0] + pair[1]))
STEPS = st.integers(1, 500) | st.sampled_from([0.1, 0.25, 1e-3, 0.05, 2.5, 1 / 3]) | st.floats(1e-3, 100)
MEANS, DEVIATIONS = _numbers(-100, 100), _numbers(0.01, 50)
LOG_MEANS, LOG_DEVIATIONS = _numbers(-10, 8), _numbers(0.01, 3)

CONTINUOUS = st.one_of(
    BOUNDS.map(lambda bounds: uniform(*bounds)),
    EXPONENTS.map(lambda bounds: loguniform(*bounds)),
    st.builds(normal, MEANS, DEVIATIONS),
    st.builds(lognormal, LOG_MEANS, LOG_DEVIATIONS),
)
QUANTISED = st.one_of(
    st.builds(lambda bounds, q: quniform(*bounds, q), BOUNDS, STEPS),
    st.builds(lambda bounds, q: qloguniform(*bounds, q), EXPONENTS, STEPS),
    st.builds(qnormal, MEANS, DEVIATIONS, STEPS),
    st.builds(qlognormal, LOG_MEANS, LOG_DEVIATIONS, STEPS),
)
POINTS = st.one_of(
    st.builds(lambda x: loguniform(x, x), LOG_MEANS),
    st.builds(lambda x, q: qloguniform(x, x, q), LOG_MEANS, STEPS),
    st.builds(lambda x: normal(x, 0), MEANS),
    st.builds(lambda x, q: qnormal(x, 0, q), MEANS, STEPS),
    st.builds(lambda x: lognormal(x, 0), LOG_MEANS),
    st.builds(lambda x, q: qlognormal(x, 0, q), LOG_MEANS, STEPS),
)
RANDINTS = st.integers(1, 2**50).map(randint)
FINITE = st.one_of(
    CHOICES,
    st.integers(1, 50).map(randint),
    POINTS,
    st.builds(lambda low, width, q: quniform(low, low + width, q), _numbers(-50, 50), _numbers(0.5, 50), STEPS),
).filter(lambda expression: (expression.count or 0) < 2000)
ANY = st.one_of(CHOICES, RANDINTS, CONTINUOUS, QUANTISED, POINTS)
NAMES = st.sampled_from(["--units", "lr", "n_layers", "größe", "-x.y", "日本"])
SPACES = st.dictionaries(NAMES, ANY, max_size=4).map(Space)


@given(ANY, UNITS)
def test_every_unit_gives_a_value_of_the_expression(expression: Expression, u: float) -> None:
    value = expression.from_unit(u)
    assert expression.contains(value)
    assert 0 <= expression.to_unit(value) < 1
    assert json.loads(json.dumps(value, allow_nan=False)) == value


@given(ANY)
def test_the_end_of_the_interval_counts_as_just_below(expression: Expression) -> None:
    assert expression.from_unit(1) == expression.from_unit(1 - 2**-53)


@given(CONTINUOUS, st.floats(1e-6, 1 - 1e-6))
def test_continuous_units_come_back(expression: Expression, u: float) -> None:
    assert math.isclose(expression.to_unit(expression.from_unit(u)), u, abs_tol=1e-7)


@given(st.one_of(CONTINUOUS, QUANTISED, RANDINTS, POINTS), UNITS, UNITS)
def test_numbers_rise_with_the_unit(expression: Expression, u: float, v: float) -> None:
    low, high = expression.from_unit(min(u, v)), expression.from_unit(max(u, v))
    assert isinstance(low, (int, float))
    assert isinstance(high, (int, float))
    assert low <= high


@given(st.one_of(FINITE, QUANTISED), UNITS)
def test_discrete_values_come_back(expression: Expression, u: float) -> None:
    value = expression.from_unit(u)
    if expression.count is None:
        # Far in the tails of an unbounded law the middle of a cell is nearer to 1 than units are.
        assume(1e-9 < u < 1 - 1e-9)
    else:
        assume(expression.probability_at(expression.index_of(value)) > 1e-9)
    assert expression.from_unit(expression.to_unit(value)) == value


@given(FINITE)
def test_finite_expressions_list_their_values(expression: Expression) -> None:
    values, probabilities = expression.values(), expression.probabilities()
    assert values is not None
    assert probabilities is not None
    assert len({json_text(value) for value in values}) == len(values) == len(probabilities) == expression.count
    assert all(expression.contains(value) for value in values)
    assert [expression.index_of(value) for value in values] == list(range(len(values)))
    assert math.isclose(sum(probabilities), 1, abs_tol=1e-9)
    assert not expression.is_continuous


@given(FINITE, UNITS)
def test_finite_expressions_give_no_other_values(expression: Expression, u: float) -> None:
    values = expression.values()
    assert values is not None
    assert json_text(expression.from_unit(u)) in {json_text(value) for value in values}


@given(QUANTISED, UNITS)
@example(quniform(0, 1, 0.1), 0.3)
@example(quniform(0.5, 3.5, 1), 0.0)
def test_quantised_values_are_the_formula(expression: Expression, u: float) -> None:
    q = expression.arguments[-1]
    value, law = expression.from_unit(u), expression.quantile(u)  # type: ignore[attr-defined]
    assert type(value) is float
    assert abs(value - law) <= q / 2 * (1 + 1e-9) + abs(law) * 1e-12
    assert value == multiple(round(value / q), q)


@given(
    st.integers(-(10**6), 10**6),
    st.decimals(min_value="0.00001", max_value=1000, places=5).map(lambda q: q.normalize()),
)
def test_multiples_are_free_of_noise(k: int, q: Decimal) -> None:
    assert multiple(k, float(q)) == float(k * q)


@given(ANY)
def test_json_comes_back(expression: Expression) -> None:
    data = json.loads(json.dumps(expression.to_json(), allow_nan=False))
    again = expression_from_json(data)
    assert (again, hash(again), repr(again)) == (expression, hash(expression), repr(expression))
    assert json_text(again.to_json()) == json_text(expression.to_json())


@given(ANY)
def test_the_printed_form_is_the_expression(expression: Expression) -> None:
    text = repr(expression)
    assume(len(text) <= 10_000)
    again = parse_expression(text)
    assert again == expression
    assert json_text(again.to_json()) == json_text(expression.to_json())


@given(ANY, NESTED)
def test_contains_never_raises(expression: Expression, value: object) -> None:
    assert expression.contains(value) in (True, False)


@given(CHOICES, st.data())
def test_choices_keep_the_type(expression: Choice, data: st.DataObject) -> None:
    option = data.draw(st.sampled_from(expression.options))
    k = expression.index_of(option)
    value = expression.value_at(k)
    assert type(value) is type(option)
    assert value == option
    listed = [json_text(other) for other in expression.options].count(json_text(option))
    assert expression.probability_at(k) == listed / len(expression.options)


@given(SPACES, st.data())
def test_spaces_map_units_to_configurations(space: Space, data: st.DataObject) -> None:
    units = data.draw(st.lists(UNITS, min_size=len(space), max_size=len(space)))
    configuration = space.from_units(units)
    assert tuple(configuration) == space.names
    assert space.contains(configuration)
    assert len(space.to_units(configuration)) == len(space)
    assert not space.contains({**configuration, "one more": 1})


@given(SPACES)
def test_spaces_come_back_from_json(space: Space) -> None:
    again = Space.from_json(json.loads(json.dumps(space.to_json(), allow_nan=False)))
    assert (again, again.names, hash(again)) == (space, space.names, hash(space))
    assert repr(again) == repr(space)


@given(
    st.dictionaries(
        NAMES, st.lists(SCALARS.filter(lambda s: not isinstance(s, str)), min_size=1, max_size=4), max_size=4
    )
)
def test_cells_cover_the_space_exactly(options: dict[str, list]) -> None:
    space = Space({name: choice(values) for name, values in options.items()})
    assert space.count is not None
    cells = [space.cell(n) for n in range(space.count)]
    expected = itertools.product(*(expression.values() or () for expression in space.values()))
    assert [json_text(list(cell.values())) for cell in cells] == [json_text(list(cell)) for cell in expected]
    assert len({json_text(cell) for cell in cells}) == space.count
    assert [space.index_of(cell) for cell in cells] == list(range(space.count))
