"""A loop of one's own: asks before tells, failures, what is refused, the page's example."""

import math
import re
from pathlib import Path

import pytest

from overdrive.errors import SpecError
from overdrive.records import Outcome
from overdrive.sampling import AskTell
from overdrive.sampling import BayesianParameterSampling
from overdrive.sampling import GridParameterSampling
from overdrive.sampling import HyperParameterSampling
from overdrive.sampling import RandomParameterSampling
from overdrive.space import choice
from overdrive.space import uniform

SPACE = {"x": uniform(-1, 1), "kind": choice("a", "b")}
PAGE = Path(__file__).parents[2] / "docs" / "sampling.md"


def test_every_sampling() -> None:
    for sampling in (RandomParameterSampling(SPACE), BayesianParameterSampling(SPACE)):
        loop, other = AskTell(sampling, "minimize", seed=1), AskTell(sampling, "minimize", seed=1)
        for _ in range(8):
            configuration = loop.ask()
            assert configuration is not None
            assert configuration == other.ask()
            for each in (loop, other):
                each.tell(configuration, float(configuration["x"]) ** 2)  # type: ignore[arg-type]
    sobol = HyperParameterSampling("SOBOL", SPACE, {"seed": 5})
    assert AskTell(sobol).ask() == AskTell(sobol, seed=5).ask() != AskTell(sobol, seed=6).ask()


def test_a_grid_ends() -> None:
    loop = AskTell(GridParameterSampling({"a": choice(1, 2), "b": choice(3, 4)}))
    asked = [loop.ask() for _ in range(5)]
    assert asked[:4] == [{"a": a, "b": b} for a in (1, 2) for b in (3, 4)]
    assert asked[4] is None


def test_tells_in_any_order_and_failures() -> None:
    loop = AskTell(RandomParameterSampling(SPACE), "maximize", seed=1)
    first, second, third = loop.ask(), loop.ask(), loop.ask()
    assert first and second and third
    loop.tell(second, 2)
    loop.tell(first, None)
    loop.tell(third, math.nan)
    outcomes = [trial.outcome for trial in loop.history.trials]
    assert outcomes == [Outcome.FAILED, Outcome.COMPLETED, Outcome.FAILED]
    assert [trial.best for trial in loop.history.trials] == [None, 2.0, None]


def test_what_is_refused() -> None:
    loop = AskTell(RandomParameterSampling(SPACE))
    configuration = loop.ask()
    assert configuration is not None
    loop.tell(configuration, 1.0)
    for wrong in (configuration, {}, {"x": object()}, None, [1]):
        with pytest.raises(SpecError) as caught:
            loop.tell(wrong, 1.0)  # type: ignore[arg-type]
        assert caught.value.field == "configuration"
    for arguments, field in (
        (("random",), "sampling"),
        ((RandomParameterSampling(SPACE), "up"), "goal"),
        ((RandomParameterSampling(SPACE), "minimize", "1"), "seed"),
    ):
        with pytest.raises(SpecError) as caught:
            AskTell(*arguments)  # type: ignore[arg-type]
        assert caught.value.field == field


@pytest.mark.parametrize("wrong", ["high", [1.0, 2.0], 1j, 10**400])
def test_a_configuration_waits_on_when_its_value_is_no_number(wrong: object) -> None:
    loop = AskTell(RandomParameterSampling(SPACE))
    configuration = loop.ask()
    assert configuration is not None
    with pytest.raises(SpecError, match=r"value = .* is not allowed: it takes a number, or None"):
        loop.tell(configuration, wrong)  # type: ignore[arg-type]
    loop.tell(configuration, 0.5)
    assert loop.history.trials[0].best == 0.5


def test_a_configuration_is_known_in_any_order_of_its_names() -> None:
    loop = AskTell(RandomParameterSampling(SPACE))
    configuration = loop.ask()
    assert configuration is not None
    loop.tell(dict(reversed(configuration.items())), 0.5)
    assert loop.history.trials[0].best == 0.5


def test_a_loop_goes_on_in_another_process_by_the_values_that_were_kept() -> None:
    loop, kept = AskTell(BayesianParameterSampling(SPACE), "minimize", seed=1), []
    for _ in range(9):
        configuration = loop.ask()
        assert configuration is not None
        kept.append(float(configuration["x"]) ** 2)  # type: ignore[arg-type]
        loop.tell(configuration, kept[-1])
    other = AskTell(BayesianParameterSampling(SPACE), "minimize", seed=1)
    for value in kept:
        other.tell(other.ask() or {}, value)
    assert other.ask() == loop.ask()


def test_the_loop_of_the_page() -> None:
    (block,) = re.findall(r"```python\n(from overdrive import Bayesian.*?)```", PAGE.read_text("utf-8"), re.DOTALL)
    namespace: dict = {"train": lambda lr, batch_size: -abs(math.log(lr) + 3) - batch_size / 100}
    exec(block, namespace)
    assert len(namespace["loop"].history.ended) == 30
