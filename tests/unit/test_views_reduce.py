"""Reduced curves keep what can be seen."""

import math

from hypothesis import example
from hypothesis import given
from hypothesis import strategies as st

from overdrive.views.reduce import reduce_curve

VALUES = st.lists(st.floats(allow_nan=True, allow_infinity=True, width=32), max_size=400)


@given(VALUES, st.integers(1, 40))
@example([math.inf, -math.inf] * 20, 16)
@example([1e308] * 40, 16)
def test_extremes_of_each_stretch_stay(values: list[float], buckets: int) -> None:
    x, y = reduce_curve(range(1, len(values) + 1), values, buckets)
    assert [repr(values[at - 1]) for at in x] == [repr(value) for value in y], "each point is one of the curve's"
    assert list(x) == sorted(set(x)), "in its order, none twice"
    if len(values) <= 2 * buckets:
        assert len(y) == len(values)
        return
    assert len(y) <= 3 * buckets + 2
    assert (x[0], x[-1]) == (1, len(values))
    for bucket in range(buckets):
        first, last = bucket * len(values) // buckets, (bucket + 1) * len(values) // buckets
        kept = [value for at, value in zip(x, y, strict=True) if first < at <= last]
        for pick in (min, max):
            finite = [value for value in values[first:last] if math.isfinite(value)]
            assert not finite or pick(finite) == pick(value for value in kept if math.isfinite(value))
        odd = [value for value in values[first:last] if not math.isfinite(value)]
        assert bool(odd) == any(not math.isfinite(value) for value in kept)
