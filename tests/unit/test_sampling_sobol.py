"""Sobol points: evenness, the scrambling, what is beyond the table."""

from itertools import combinations

import pytest

from overdrive.sampling.directions import BITS
from overdrive.sampling.directions import DIMENSIONS
from overdrive.sampling.directions import direction_numbers
from overdrive.sampling.sobol import SobolPoints
from overdrive.space import Space
from overdrive.space import uniform


def _space(d: int) -> Space:
    return Space({f"x{k}": uniform(0, 1) for k in range(d)})


def test_direction_numbers() -> None:
    """The first points of the unscrambled sequence, by hand: x_n is the sum of the v of n's bits, without carrying."""
    first = [direction_numbers(k) for k in range(3)]
    points = []
    for n in range(4):
        coordinates = []
        for numbers in first:
            value = 0
            for bit in range(2):
                value ^= numbers[bit] if n >> bit & 1 else 0
            coordinates.append(value / 2**BITS)
        points.append(coordinates)
    assert points == [[0, 0, 0], [0.5, 0.5, 0.5], [0.25, 0.75, 0.75], [0.75, 0.25, 0.25]]


def test_each_dimension_is_of_full_rank() -> None:
    """m_k is odd and below 2^k, so that each 2^k points fill the 2^k equal parts."""
    for dimension in range(DIMENSIONS):
        for k, number in enumerate(direction_numbers(dimension)):
            m = number >> (BITS - 1 - k)
            assert m % 2 == 1
            assert m < 2 ** (k + 1)


@pytest.mark.parametrize("seed", [0, 1, 2**63 - 1])
def test_evenly_spread(seed: int) -> None:
    points = SobolPoints(_space(6), seed)
    for begin in (0, 64):
        units = [points.units(begin + n) for n in range(64)]
        assert all(0 <= u < 1 for unit in units for u in unit)
        for k in range(6):
            assert sorted(int(unit[k] * 64) for unit in units) == list(range(64))
    # The first two coordinates fill every box of 8 × 8 too.
    boxes = {(int(u * 8), int(v * 8)) for u, v, *_ in (points.units(n) for n in range(64))}
    assert len(boxes) == 64


def test_scrambled_by_the_seed_and_the_name() -> None:
    one, other = SobolPoints(_space(3), 1), SobolPoints(_space(3), 2)
    assert one.units(0) != other.units(0)
    assert one.units(7) == SobolPoints(_space(3), 1).units(7)
    assert all(a != b for a, b in combinations(one.units(5), 2))


def test_more_dimensions_than_the_table_has() -> None:
    units = SobolPoints(_space(DIMENSIONS + 2), 3).units(1)
    assert len(units) == DIMENSIONS + 2
    assert len(set(units)) == DIMENSIONS + 2
