"""What docs/space.md and docs/sampling.md show is true."""

import doctest
import math
import re
from pathlib import Path

import pytest

import overdrive.space
from overdrive.records import Suggestion
from overdrive.sampling import History
from overdrive.sampling import Sampler
from overdrive.sampling import build_sampler
from overdrive.sampling import find_sampler
from overdrive.sampling.distinct import LAST_PATIENCE
from overdrive.sampling.distinct import MAX_LISTED
from overdrive.sampling.distinct import PATIENCE
from overdrive.space import EXPRESSIONS
from overdrive.space import Space
from overdrive.space import choice
from overdrive.space import loguniform
from overdrive.space import parse_expression
from overdrive.space import quniform
from overdrive.space.call import MAX_TEXT
from overdrive.space.kinds import argument_names
from overdrive.testing import SamplerContract

DOCS = Path(__file__).parents[2] / "docs"
SPACE = (DOCS / "space.md").read_text(encoding="utf-8")
SAMPLING = (DOCS / "sampling.md").read_text(encoding="utf-8")


def test_every_expression_is_listed() -> None:
    for name in EXPRESSIONS:
        signature = "choice(a, b, …)" if name == "choice" else f"{name}({', '.join(argument_names(name))})"
        assert f"| `{signature}`" in SPACE


def test_examples_of_expressions() -> None:
    blocks = "".join(re.findall(r"```python\n(>>>.*?)```", SPACE, re.DOTALL))
    test = doctest.DocTestParser().get_doctest(blocks, dict(vars(overdrive.space)), "space.md", None, None)
    assert test.examples
    assert doctest.DocTestRunner(verbose=False).run(test).failed == 0


def test_texts_of_the_command_line() -> None:
    (block,) = re.findall(r"```\n(choice\(.*?)\n```", SPACE, re.DOTALL)
    for text in re.split(r" {2,}", block):
        assert parse_expression(text)


def test_numbers_that_the_pages_name() -> None:
    low, high = loguniform(-7, -1).support
    assert (f"{low:.4f}", f"{high:.2f}") == ("0.0009", "0.37")
    assert [f"{x:.3f}" for x in loguniform(0.001, 0.1).support] == ["1.001", "1.105"]
    assert [f"{x:.3f}" for x in (math.log(0.001), math.log(0.1))] == ["-6.908", "-2.303"]
    assert quniform(7, 18, 5).values() == (5, 10, 15, 20)
    assert quniform(0.5, 5.5, 1).probabilities() == pytest.approx((0.2,) * 5)
    assert (PATIENCE, MAX_LISTED, LAST_PATIENCE, MAX_TEXT) == (200, 1_000_000, 10_000, 10_000)
    for number in ("200 draws", "1,000,000 configurations", "10,000 draws"):
        assert number in SAMPLING.replace("\n  ", " ")


def test_reasons_that_the_page_quotes() -> None:
    space = Space({"a": choice(1, 2, 3), "b": choice(16, 32)})
    third = build_sampler({"name": "GRID"}, space, 0).suggest(History(), 2)
    eighth = build_sampler({"name": "RANDOM"}, Space({"lr": loguniform(-7, -1)}), 42).suggest(History(), 7)
    assert isinstance(third, Suggestion)
    assert isinstance(eighth, Suggestion)
    assert f"*{third.reason}*" in SAMPLING
    assert f"*{eighth.reason}*" in SAMPLING
    assert find_sampler("RANDOM").uses_history is False


def _own_sampler() -> type[Sampler]:
    (block,) = re.findall(r"```python\n(from math.*?)```", SAMPLING, re.DOTALL)
    namespace: dict = {}
    exec(block, namespace)
    return namespace["StrideSampler"]


class TestSamplerOfThePage(SamplerContract):
    infinite_spaces = ()

    def make_sampler(self, space: Space, seed: int) -> Sampler:
        properties = {"stride": 11}
        _own_sampler().check(space, properties, strict=False)
        return _own_sampler()(space, seed, properties)
