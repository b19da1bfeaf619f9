"""Sobol sampling: trial n is point n of a scrambled low-discrepancy sequence."""

from collections.abc import Mapping
from typing import ClassVar

from overdrive.records import Suggestion
from overdrive.sampling.directions import BITS
from overdrive.sampling.directions import DIMENSIONS
from overdrive.sampling.directions import direction_numbers
from overdrive.sampling.distinct import DistinctDraws
from overdrive.sampling.draws import draw_unit
from overdrive.sampling.history import History
from overdrive.sampling.properties import check_properties
from overdrive.sampling.sampler import Sampler
from overdrive.space import Space
from overdrive.space import check_strict


class SobolPoints(DistinctDraws):
    """The distinct configurations at the points 0, 1, 2, … of a scrambled Sobol sequence in the space's units.

    Each coordinate is scrambled by a random lower-triangular matrix and a random shift, so that every point is uniform
    and 2^k points in a row, from a multiple of 2^k on, are spread evenly in each coordinate. The sequence has 64
    coordinates; hyperparameters beyond them are drawn independently.

    Source: Matoušek 1998, "On the L2-discrepancy for anchored boxes", section 4 (random linear scrambling).
    """

    KIND = "Sobol point"

    def __init__(self, space: Space, seed: int) -> None:
        super().__init__(space, seed)
        self._columns = [_scrambled(seed, k, name) for k, name in enumerate(space.names[:DIMENSIONS])]
        self._shifts = [_bits(seed, 0, name) for name in space.names[:DIMENSIONS]]

    def units(self, draw: int) -> list[float]:
        """Point `draw` (below 2**53), a unit for each name."""
        units = []
        for columns, shift in zip(self._columns, self._shifts, strict=True):
            value, rest = shift, draw
            for column in columns:
                if not rest:
                    break
                if rest & 1:
                    value ^= column
                rest >>= 1
            units.append(value * 2.0**-BITS)
        return units + [draw_unit(self._seed, draw, name) for name in self._space.names[DIMENSIONS:]]


def _scrambled(seed: int, dimension: int, name: str) -> list[int]:
    """The direction numbers of a dimension, times a random lower-triangular matrix of bits, ones on its diagonal."""
    rows = []
    for row in range(BITS):
        # Row r takes the bits above it and its own; bit BITS - 1 of a number is its first binary digit.
        own = 1 << (BITS - 1 - row)
        above = _bits(seed, 1 + row, name) & -(own << 1)
        rows.append(above & ((1 << BITS) - 1) | own)
    return [
        sum(((number & mask).bit_count() & 1) << (BITS - 1 - row) for row, mask in enumerate(rows))
        for number in direction_numbers(dimension)
    ]


def _bits(seed: int, n: int, name: str) -> int:
    return int(draw_unit(seed, n, f"sobol:{name}") * 2.0**BITS)


class SobolSampler(Sampler):
    """Points that cover the space more evenly than independent draws, each configuration at most once.

    Repeats are left out and finite spaces are covered completely, as random sampling does it.
    """

    SAMPLING_NAME: ClassVar[str] = "SOBOL"
    uses_history: ClassVar[bool] = False

    def __init__(self, space: Space, seed: int, properties: Mapping[str, object]) -> None:
        self._points = SobolPoints(space, seed)

    @classmethod
    def check(cls, space: Space, properties: Mapping[str, object], strict: bool) -> None:
        """Any expression (strict: q integral). Properties: seed."""
        check_properties(properties, ("seed",))
        if strict:
            for name, expression in space.items():
                check_strict(expression, name)

    def suggest(self, history: History, n: int) -> Suggestion | None:
        """The n-th distinct point; None when there are no more. `history` is not looked at."""
        found = self._points.at(n)
        return None if found is None else Suggestion(trial=n, configuration=found[0], reason=found[1])
