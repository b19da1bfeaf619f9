"""Any value → the child's argv → equal."""

import argparse
import json

import pytest
from hypothesis import assume
from hypothesis import given
from hypothesis import strategies as st

from overdrive.errors import SpecError
from overdrive.records import argument_text
from overdrive.records import flat_arguments
from overdrive.records import trial_arguments

finite = st.floats(allow_nan=False, allow_infinity=False)


@given(finite)
def test_a_float_reads_back_exactly(value: float) -> None:
    assert float(argument_text(value)) == value


@given(finite)
def test_argparse_takes_every_float(value: float) -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--lr", type=float)
    assert parser.parse_args(trial_arguments((), {"lr": value})).lr == value


@given(st.integers(min_value=-(10**15), max_value=10**15))
def test_an_integral_float_reads_as_int(value: int) -> None:
    assert int(argument_text(float(value))) == value


@given(st.text(st.characters(blacklist_characters="\0", blacklist_categories=("Cs",))))
def test_argparse_takes_every_string(value: str) -> None:
    assume(value != "--")  # which argparse itself drops, even from --name=--
    parser = argparse.ArgumentParser()
    parser.add_argument("--name")
    assert parser.parse_args(trial_arguments((), {"name": value})).name == value


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (33.0, "33"),
        (0.1, "0.1"),
        (-1e-05, "-0.00001"),
        (-1.5e-07, "-0.00000015"),
        (-2.5e17, "-250000000000000000"),
        (1e-05, "1e-05"),
        (1e300, "1e+300"),
        (True, "True"),
        (None, "None"),
        (32, "32"),
        ("adam", "adam"),
        ([1, "a"], '[1, "a"]'),
        ({"a": 1}, '{"a": 1}'),
    ],
)
def test_texts(value: object, text: str) -> None:
    assert argument_text(value) == text


def test_own_arguments_first_then_each_hyperparameter_in_declared_order() -> None:
    configuration = {"lr": 0.1, "--C": 2.0, "opt": "-x"}
    own = ("--epochs", "20", "--lr", "0.5")
    assert flat_arguments(own, configuration) == [*own, "--lr", "0.1", "--C", "2", "--opt", "-x"]
    assert trial_arguments(own, configuration) == [*own, "--lr", "0.1", "--C", "2", "--opt=-x"]


def test_lists_are_json() -> None:
    assert json.loads(argument_text([1.5, None, "é"])) == [1.5, None, "é"]


def test_nul_is_refused() -> None:
    with pytest.raises(SpecError, match="NUL"):
        argument_text("a\0b")
