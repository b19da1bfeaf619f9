"""Grid sampling: every combination once, in the order of the cells."""

import itertools

from hypothesis import given
from hypothesis import strategies as st

from overdrive.sampling import History
from overdrive.sampling import build_sampler
from overdrive.space import Space
from overdrive.space import choice
from overdrive.space import json_text

CHOICES = st.lists(st.integers(-2, 2) | st.booleans() | st.sampled_from(["a", None, 1.0]), min_size=1, max_size=5)


def test_documentations_example() -> None:
    """choice(1, 2, 3) times choice(16, 32) is six trials; the last declared varies fastest."""
    sampler = build_sampler({"name": "GRID"}, Space({"layers": choice(1, 2, 3), "batch": choice(16, 32)}), seed=0)
    suggestions = [sampler.suggest(History(), n) for n in range(8)]
    assert suggestions[6:] == [None, None]
    found = [suggestion for suggestion in suggestions if suggestion]
    values = [(one.configuration["layers"], one.configuration["batch"]) for one in found]
    assert values == [(1, 16), (1, 32), (2, 16), (2, 32), (3, 16), (3, 32)]
    assert [one.reason for one in found] == [f"grid cell {k} of 6" for k in range(1, 7)]


@given(st.lists(CHOICES, min_size=1, max_size=4))
def test_each_combination_once(options: list[list]) -> None:
    space = Space({f"x{i}": choice(values) for i, values in enumerate(options)})
    sampler = build_sampler({"name": "grid"}, space, seed=0)
    found = [sampler.suggest(History(), n) for n in range((space.count or 0) + 1)]
    assert found.pop() is None
    distinct = [list({json_text(value): value for value in values}.values()) for values in options]
    expected = [json_text(list(cell)) for cell in itertools.product(*distinct)]
    assert [json_text(list(one.configuration.values())) for one in found if one] == expected


def test_huge_grids_cost_nothing() -> None:
    space = Space({f"x{i}": choice(range(1000)) for i in range(6)})
    sampler = build_sampler({"name": "GRID"}, space, seed=0)
    last = sampler.suggest(History(), 10**18 - 1)
    assert last is not None
    assert set(last.configuration.values()) == {999}
    assert sampler.suggest(History(), 10**18) is None
