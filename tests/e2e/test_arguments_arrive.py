"""Any hyperparameter's value → the sys.argv of a real child → what `Arguments` says, and equal to the value.

Values come in batches: one sweep of many trials each is a few processes for many values, since all of a batch are
hyperparameters of one trial.
"""

import argparse
import json
import math
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck
from hypothesis import given
from hypothesis import settings
from hypothesis import strategies as st

from overdrive import Experiment
from overdrive import GridParameterSampling
from overdrive import HyperDriveConfig
from overdrive import ScriptRunConfig
from overdrive import Workspace
from overdrive import choice

SCRIPT = """
import json, sys
from overdrive import Run

json.dump(sys.argv[1:], open("outputs/argv.json", "w"))
Run.get_context().log("score", 1)
"""

#: Values that some reader of command lines stumbles over.
ODD: list[object] = [
    *(
        0,
        -0.0,
        1.0,
        33.0,
        -7,
        -1e-05,
        1e-05,
        5e-324,
        -5e-324,
        1.7976931348623157e308,
        -2.5e17,
        1e22,
        2**53 + 1,
        -(2**63),
    ),
    *(0.1 + 0.2, 1 / 3, True, False, None, "", " ", "-", "--", "-x", "--lr=3", "-1e-05", "a b", "a\tb", "a\nb", "\r\n"),
    *(
        "'",
        '"',
        'it\'s "so"',
        "$HOME",
        "`id`",
        "$(id)",
        "*",
        "~",
        "\\",
        "\\n",
        "%s %(x)s",
        "{}",
        "[1]",
        "#",
        "a;b",
        "&",
        "@f",
    ),
    *("ü", "日本", "\U0001f600", "é", "\u200b", "None", "1e5", "=", "a=b", "/", "..", "x" * 10_000),
    *([], [1, 2.5, "a", None, True], [[1], []], {}, {"a": 1, "b c": [None]}, {"ü": "\n"}, [1e-05, -0.0, "-x"]),
]

_text = st.text(st.characters(blacklist_characters="\0", blacklist_categories=("Cs",)), max_size=30)
_dashed = st.builds("-{}".format, _text)
_number = st.floats(allow_nan=False, allow_infinity=False) | st.integers(-(2**63), 2**63)
_plain = st.none() | st.booleans() | _number | _text | _dashed
values = st.recursive(
    _plain, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_text, inner, max_size=3), max_leaves=5
)


@pytest.fixture(scope="module")
def experiment(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """One workspace for all batches, below the nasty path of all tests."""
    home = tmp_path_factory.mktemp("argv")
    (home / "source").mkdir()
    (home / "source" / "train.py").write_text(SCRIPT)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HOME", str(home))
        patch.setenv("OVERDRIVE_RUNTIME", str(home / "runtime"))
        patch.setenv("OVERDRIVE_SLOTS", "2")
        yield Experiment(Workspace(home / "ws"), "argv")


def argv_of(experiment: Experiment, configuration: dict[str, object], own: list[object]) -> tuple[list[str], list[str]]:
    """What the trial with this configuration got, and what its details say that it got."""
    config = HyperDriveConfig(
        hyperparameter_sampling=GridParameterSampling({name: choice([value]) for name, value in configuration.items()}),
        primary_metric_name="score",
        primary_metric_goal="maximize",  # type: ignore[arg-type]
        max_total_runs=1,
        run_config=ScriptRunConfig(experiment.workspace.path.parent / "source", "train.py", own),
    )
    sweep = experiment.submit(config)
    sweep.wait_for_completion()
    (trial,) = sweep.get_children()
    assert trial.hyperparameters == configuration
    assert trial.get_status() == "Completed", trial.reason
    said = trial.get_details()["runDefinition"]["Arguments"]
    return json.loads(Path(trial.folder, "trials/0/work/outputs/argv.json").read_text()), said


def check(argv: list[str], said: list[str], configuration: dict[str, object], own: list[str]) -> None:
    assert argv[: len(own)] == said[: len(own)] == own
    got = argv[len(own) :]
    for (name, value), shown in zip(
        configuration.items(), zip(*[iter(said[len(own) :])] * 2, strict=True), strict=True
    ):
        word = got.pop(0)
        assert shown[0] == f"--{name}"
        if isinstance(value, str) and value.startswith("-"):
            assert word == f"--{name}={value}"
            text = word.partition("=")[2]
        else:
            assert word == f"--{name}"
            text = got.pop(0)
        assert text == shown[1]
        assert is_same(text, value), (text, value)
        if text == "--":
            continue  # argparse itself drops it, even from --name=--
        parser = argparse.ArgumentParser()
        parser.add_argument(f"--{name}")
        assert getattr(parser.parse_args([word] if "=" in word else [word, text]), name) == text
    assert got == []


def is_same(text: str, value: object) -> bool:
    """Whether the text says the value, as scripts read it: by `float`, `int`, `str` or JSON."""
    if isinstance(value, (list, dict)):
        return json.loads(text) == value
    if value is None or isinstance(value, (bool, str)):
        return text == str(value)
    if isinstance(value, int):
        return int(text) == value
    return float(text) == value and ("." not in text.rstrip("0") or not float(value).is_integer() or "e" in text)


def named(batch: list[object]) -> dict[str, object]:
    return {f"p{number}": value for number, value in enumerate(batch)}


def test_odd_values_arrive(experiment: Experiment) -> None:
    own = ["--lr", "0.5", "-v", "--p0", "given twice", ""]
    argv, said = argv_of(experiment, named(ODD), own)  # type: ignore[arg-type]
    check(argv, said, named(ODD), own)
    assert argv.count("--p0") == 2, "the script's own come first, the hyperparameter last"


@settings(max_examples=5, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(batch=st.lists(values, min_size=20, max_size=120), own=st.lists(_text, max_size=5))
def test_any_value_arrives(experiment: Experiment, batch: list[object], own: list[str]) -> None:
    argv, said = argv_of(experiment, named(batch), own)  # type: ignore[arg-type]
    check(argv, said, named(batch), own)


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf, "a\0b", object(), 1j, b"x", {1: 2}, "\ud800"])
def test_what_no_command_line_can_say_is_refused(value: object) -> None:
    with pytest.raises(ValueError):
        choice([value])
