"""Configurations as coordinates: there and back, the same spread for all, order where there is one."""

import itertools
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import settings
from hypothesis import strategies as st

from overdrive.sampling.bayesian.coordinates import UNKNOWN
from overdrive.sampling.bayesian.coordinates import ChoiceAxis
from overdrive.sampling.bayesian.coordinates import Coordinates
from overdrive.sampling.bayesian.coordinates import NumericAxis
from overdrive.space import Space
from overdrive.space import choice
from overdrive.space import json_text
from overdrive.space import lognormal
from overdrive.space import loguniform
from overdrive.space import normal
from overdrive.space import qlognormal
from overdrive.space import qloguniform
from overdrive.space import qnormal
from overdrive.space import quniform
from overdrive.space import randint
from overdrive.space import uniform

SPACE = Space(
    {
        "uniform": uniform(-3, 5),
        "quniform": quniform(16, 1024, 8),
        "few": quniform(1, 3, 1),
        "loguniform": loguniform(-12, 0),
        "qloguniform": qloguniform(0, 5, 1),
        "normal": normal(2, 0.5),
        "qnormal": qnormal(300, 200, 10),
        "lognormal": lognormal(-5, 2),
        "qlognormal": qlognormal(1, 1, 0.5),
        "randint": randint(7),
        "ordered": choice(64, 16, 32, 0.5),
        "words": choice(["a", "b", "a", None, [1], True]),
        "many": choice([f"option {k}" for k in range(1000)]),
        "fixed": choice("only"),
        "still": normal(1, 0),
    }
)
COORDINATES = Coordinates(SPACE)


@given(st.lists(st.floats(0.002, 0.998), min_size=len(SPACE), max_size=len(SPACE)))
@settings(max_examples=150)
def test_there_and_back(units: list[float]) -> None:
    configuration = SPACE.from_units(units)
    (codes,) = COORDINATES.codes_of([configuration])
    back = COORDINATES.configuration_of(codes)
    assert tuple(back) == SPACE.names
    for name, value in configuration.items():
        if isinstance(value, float) and SPACE[name].is_continuous:
            assert back[name] == pytest.approx(value, rel=1e-9, abs=1e-9)
        else:
            assert json_text(back[name]) == json_text(value)


@given(st.integers(0, 2**32 - 1))
@settings(max_examples=60)
def test_snapped_codes_are_configurations(seed: int) -> None:
    rng = np.random.default_rng(seed)
    codes = COORDINATES.sample(rng.random((1, len(COORDINATES.axes))))
    numeric = np.array([isinstance(axis, NumericAxis) for axis in COORDINATES.axes])
    codes = COORDINATES.snap(codes + numeric * rng.normal(0, 2, codes.shape))
    configuration = COORDINATES.configuration_of(codes[0])
    assert SPACE.contains(configuration), configuration
    np.testing.assert_allclose(COORDINATES.codes_of([configuration]), codes, atol=1e-9)
    for k, axis in enumerate(COORDINATES.axes):
        for code in axis.neighbours(float(codes[0, k])):
            step = codes[0].copy()
            step[k] = code
            assert SPACE.contains(COORDINATES.configuration_of(step))


def test_the_same_spread_for_all() -> None:
    """Two draws lie 2 apart, in the mean of the squares, on every axis."""
    rng = np.random.default_rng(0)
    one, other = (COORDINATES.sample(rng.random((4000, len(COORDINATES.axes)))) for _ in range(2))
    squares = (COORDINATES.points_of(one) - COORDINATES.points_of(other)) ** 2
    for k, name in enumerate(COORDINATES.names):
        assert squares[:, COORDINATES.axis_of_column == k].sum(1).mean() == pytest.approx(2.0, rel=0.12), name


def test_order_where_there_is_one() -> None:
    axes = dict(zip(COORDINATES.names, COORDINATES.axes, strict=True))
    assert "fixed" not in axes
    assert "still" not in axes
    codes = [axes["ordered"].code_of(value) for value in (0.5, 16, 32, 64)]
    assert np.diff(codes) == pytest.approx([codes[1] - codes[0]] * 3)
    steps = np.diff([axes["loguniform"].code_of(math.exp(x)) for x in (-12, -8, -4, 0)])
    assert steps == pytest.approx([steps[0]] * 3)
    assert not axes["few"].is_smooth
    assert axes["quniform"].is_smooth


def test_options_are_equally_far_apart() -> None:
    axis = dict(zip(COORDINATES.names, COORDINATES.axes, strict=True))["words"]
    assert isinstance(axis, ChoiceAxis)
    points = axis.points(np.arange(-1.0, 5.0))
    between = [float(((a - b) ** 2).sum()) for a, b in itertools.combinations(points[1:], 2)]
    assert between == pytest.approx([between[0]] * len(between))
    strange = [float(((points[0] - point) ** 2).sum()) for point in points[1:]]
    assert strange == pytest.approx([strange[0]] * 5)
    assert axis.code_of("no option") == -1.0


def test_what_is_not_known_is_farther_than_another_draw() -> None:
    coordinates = Coordinates(Space({"x": uniform(0, 1), "lr": loguniform(-5, 0)}), unknown={"lr", "else"})
    assert coordinates.axis_of_column.tolist() == [0, 1, 1]
    assert coordinates.smooth_columns.tolist() == [0, 1]
    drawn = coordinates.points_of(coordinates.sample(np.random.default_rng(0).random((4000, 2))))
    unknown = coordinates.points_of(np.array([[0.3, np.nan], [0.3, np.nan]]))
    along = np.square(drawn - unknown[0])[:, coordinates.axis_of_column == 1].sum(1)
    between = np.square(drawn[:2000] - drawn[2000:])[:, coordinates.axis_of_column == 1].sum(1)
    assert between.mean() < UNKNOWN**2 <= along.min()
    assert (unknown[0] == unknown[1]).all()


def test_configurations_of_other_spaces() -> None:
    coordinates = Coordinates(Space({"x": uniform(0, 1), "lr": loguniform(-5, 0), "kind": choice("a", "b")}))
    beyond = coordinates.placed({"x": 2.0, "lr": 5.0, "kind": "c", "other": 1})
    assert beyond is not None
    assert beyond[0] > coordinates.high[0]
    assert beyond[2] == -1.0
    assert coordinates.placed({"kind": "a"}) == pytest.approx([np.nan, np.nan, 0.0], nan_ok=True)
    for wrong in ({"x": "text"}, {"x": True}, {"lr": -1.0}, {"x": 1e9}):
        assert coordinates.placed(wrong) is None
