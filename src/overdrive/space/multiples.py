"""Rounding to multiples of q, free of float noise."""

import functools
import math

#: Up to this many steps from 0, neighbouring multiples of q are different floats.
MAX_MULTIPLE = 10**15


@functools.lru_cache(maxsize=1024)
def decimals(q: float) -> int:
    """How many decimals q has when written: 1 for 0.1, 2 for 0.25, 3 for 1e-3, 0 for 5 or 2e10."""
    digits, _, exponent = repr(float(q)).partition("e")
    fraction = digits.partition(".")[2].rstrip("0")
    return max(0, len(fraction) - int(exponent or 0))


def multiple(k: int, q: float) -> float:
    """k * q to the decimals that q is written with: 3 * 0.1 is 0.3, where floats alone give 0.30000000000000004."""
    return round(k * float(q), decimals(q))


def rounded(x: float, q: float, first: float, last: float) -> float:
    """round(x / q) * q with the multiple kept in first … last; round() takes halves to the even neighbour.

    More than 10**15 steps from 0 (only the far tails of unbounded laws) floats are coarser than q, and x stays x.
    """
    steps = x / q
    if abs(steps) > MAX_MULTIPLE:
        return x
    return multiple(int(min(max(round(steps), first), last)), q)


def first_cell(low: float, q: float) -> float:
    """The lowest multiple (an int; -inf for an unbounded law) to which values above `low` round."""
    return math.floor(low / q + 0.5) if math.isfinite(low) else low


def last_cell(high: float, q: float) -> float:
    """The highest multiple (an int; inf for an unbounded law) to which values below `high` round."""
    return math.ceil(high / q - 0.5) if math.isfinite(high) else high


def is_multiple(value: float, q: float, first: float, last: float) -> bool:
    """Whether `value` is a multiple in first … last, to a billionth of q (so that k * q with noise counts too)."""
    steps = value / q
    if abs(steps) > MAX_MULTIPLE:
        return first <= steps <= last
    k = round(steps)
    return first <= k <= last and abs(value - multiple(k, q)) <= 1e-9 * q
