"""Random sampling: pure in (seed, n), never a configuration twice, and the draws themselves."""

import hashlib
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import settings
from hypothesis import strategies as st

from overdrive.sampling import History
from overdrive.sampling import Sampler
from overdrive.sampling import build_sampler
from overdrive.sampling.draws import draw_unit
from overdrive.space import Expression
from overdrive.space import Space
from overdrive.space import choice
from overdrive.space import json_text
from overdrive.space import lognormal
from overdrive.space import loguniform
from overdrive.space import normal
from overdrive.space import qnormal
from overdrive.space import quniform
from overdrive.space import randint
from overdrive.space import uniform

SEEDS = st.integers(0, 2**63 - 1)
#: Choices that list values more than once (skewed draws), integers, steps.
FINITE = st.one_of(
    st.lists(st.integers(0, 4), min_size=1, max_size=12).map(choice),
    st.integers(1, 6).map(randint),
    st.integers(1, 5).map(lambda n: quniform(0, n, 1)),
    st.just(loguniform(1, 1)),
)
FINITE_SPACES = st.lists(FINITE, max_size=3).map(lambda found: Space({f"x{i}": e for i, e in enumerate(found)}))


def _sampler(space: Space, seed: int) -> Sampler:
    return build_sampler({"name": "RANDOM"}, space, seed)


def _configurations(space: Space, seed: int, numbers: range) -> list[dict | None]:
    sampler = _sampler(space, seed)
    found = [sampler.suggest(History(), n) for n in numbers]
    return [None if suggestion is None else suggestion.configuration for suggestion in found]


def test_a_unit_is_53_bits_of_a_digest() -> None:
    """The recipe of docs/sampling.md, by hand: anybody can draw the same."""
    digest = int(hashlib.sha256(b"overdrive:42:7:lr").hexdigest(), 16)
    assert draw_unit(42, 7, "lr") == (digest >> (256 - 53)) / 2**53


def test_these_draws_never_change() -> None:
    """A seed that somebody noted down gives the same sweep in every version, on every machine."""
    space = Space({"lr": loguniform(-7, -1), "batch_size": choice(16, 32, 64), "units": quniform(10, 200, 10)})
    # exp() may differ in the last bit from one C library to another.
    assert _configurations(space, 42, range(3)) == [
        {"lr": pytest.approx(0.12834758576809238, rel=1e-15), "batch_size": 64, "units": 190.0},
        {"lr": pytest.approx(0.002226684604358077, rel=1e-15), "batch_size": 32, "units": 150.0},
        {"lr": pytest.approx(0.001123595511038241, rel=1e-15), "batch_size": 32, "units": 100.0},
    ]


@given(FINITE_SPACES, SEEDS)
def test_finite_spaces_are_covered_exactly(space: Space, seed: int) -> None:
    assert space.count is not None
    found = _configurations(space, seed, range(space.count + 2))
    assert found[-2:] == [None, None]
    assert {json_text(one) for one in found[:-2]} == {json_text(space.cell(n)) for n in range(space.count)}


@given(FINITE_SPACES, SEEDS, st.data())
def test_the_order_of_asking_does_not_matter(space: Space, seed: int, data: st.DataObject) -> None:
    expected = _configurations(space, seed, range((space.count or 0) + 2))
    sampler = _sampler(space, seed)
    for n in data.draw(st.lists(st.integers(0, len(expected) - 1), max_size=8)):
        suggestion = sampler.suggest(History(), n)
        assert (suggestion and suggestion.configuration) == expected[n]


@given(SEEDS, st.integers(0, 10**6))
def test_continuous_spaces_need_no_earlier_trials(seed: int, n: int) -> None:
    space = Space({"lr": loguniform(-7, -1), "kind": choice("a", "b")})
    suggestion = _sampler(space, seed).suggest(History(), n)
    assert suggestion is not None
    assert suggestion.configuration == {name: e.from_unit(draw_unit(seed, n, name)) for name, e in space.items()}
    assert suggestion.reason == f"random draw {n} of seed {seed}"


@given(SEEDS, st.permutations(["a", "b", "c"]))
def test_a_hyperparameter_does_not_depend_on_the_others(seed: int, order: list[str]) -> None:
    """Adding one, or another order, leaves the others' values as they were."""
    expressions: dict[str, Expression] = {"a": uniform(0, 1), "b": normal(0, 1), "c": choice(1, 2, 3)}
    first = _configurations(Space(expressions), seed, range(5))
    second = _configurations(
        Space({"new": uniform(0, 1), **{name: expressions[name] for name in order}}), seed, range(5)
    )
    for one, other in zip(first, second, strict=True):
        assert one is not None
        assert other is not None
        assert one == {name: other[name] for name in "abc"}


def test_what_draws_leave_out_is_listed() -> None:
    """0 is drawn a thousand times as often as all others together: once 200 draws bring nothing, a list does."""
    space = Space({"x": choice([0] * 30_000 + list(range(30)))})
    sampler = _sampler(space, 5)
    suggestions = [sampler.suggest(History(), n) for n in range(31)]
    reasons = [suggestion.reason for suggestion in suggestions if suggestion]
    assert len(reasons) == 30
    assert reasons[0] == "random draw 0 of seed 5"
    cells = [int(reason.split()[1]) for reason in reasons if reason.startswith("cell ")]
    assert reasons[-1] == f"cell {cells[-1]} of 30, one of those that 200 draws of seed 5 left out"
    assert len(cells) > 20
    assert cells != sorted(cells), "in an order drawn from the seed"
    other = _sampler(space, 6)
    assert [other.suggest(History(), n) for n in range(30)] != suggestions[:30]


def test_a_space_without_a_list_can_be_exhausted_too() -> None:
    """qnormal(0, 1, 2) has no end, but beyond ±8 nobody ever draws from it."""
    found = _configurations(Space({"x": qnormal(0, 1, 2)}), 0, range(12))
    values = [one["x"] for one in found if one is not None]
    assert len(values) == len(set(values))
    assert {-2.0, 0.0, 2.0} <= set(values) <= {-8.0, -6.0, -4.0, -2.0, 0.0, 2.0, 4.0, 6.0, 8.0}
    assert found[-1] is None
    # More cells than are ever listed: only drawing shows that nothing is left.
    huge = Space({"x": choice([0] * 99_999 + [1]), "y": choice([0] * 99_999 + [1]), "z": qnormal(0, 0.001, 1)})
    assert _configurations(huge, 1, range(2)) == [{"x": 0, "y": 0, "z": 0.0}, None]


def test_an_empty_space_has_one_trial() -> None:
    """A single run has no hyperparameters."""
    assert _configurations(Space({}), 0, range(3)) == [{}, None, None]


@settings(max_examples=5)
@given(st.integers(0, 3))
def test_draws_follow_the_distribution(seed: int) -> None:
    """Of 2000 draws each tenth of the units holds about 200, for every hyperparameter, and two are not related."""
    draws = [(draw_unit(seed, n, "a"), draw_unit(seed, n, "b")) for n in range(2000)]
    for pick in (lambda a, b: a, lambda a, b: b, lambda a, b: (a + b) % 1, lambda a, b: (a - b) % 1):
        tenths = Counter(int(pick(a, b) * 10) for a, b in draws)
        # Chi-squared with 9 degrees of freedom: above 33.7 once in ten thousand.
        assert sum((tenths[k] - 200) ** 2 / 200 for k in range(10)) < 33.7


def test_normal_draws_have_their_mean_and_deviation() -> None:
    space = Space({"x": normal(5, 2), "y": lognormal(0, 1)})
    found = [one for one in _configurations(space, 11, range(4000)) if one]
    values = [one["x"] for one in found]
    mean = sum(values) / len(values)
    assert abs(mean - 5) < 0.15
    assert abs((sum((x - mean) ** 2 for x in values) / len(values)) ** 0.5 - 2) < 0.12
    assert abs(sorted(one["y"] for one in found)[2000] - 1) < 0.1
