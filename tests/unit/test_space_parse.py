"""Expressions and calls as the command line writes them."""

import subprocess
import sys
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from overdrive.errors import SpecError
from overdrive.space import Expression
from overdrive.space import choice
from overdrive.space import lognormal
from overdrive.space import loguniform
from overdrive.space import parse_call
from overdrive.space import parse_expression
from overdrive.space import quniform
from overdrive.space import randint
from overdrive.space import uniform


@pytest.mark.parametrize(
    ("text", "expression"),
    [
        ("choice(32, 64, 'a', 0.1, True, None)", choice(32, 64, "a", 0.1, True, None)),
        ("choice(range(1, 5))", choice(1, 2, 3, 4)),
        ("choice([1,2])", choice(1, 2)),
        ("choice([[1,2], [3]])", choice([[1, 2], [3]])),
        ("choice((1,2))", choice((1, 2))),
        ("choice({'a': 1, 'b': [x]})", choice({"a": 1, "b": ["x"]})),
        ("choice(adam, sgd)", choice("adam", "sgd")),
        ("choice(adam, 'l-bfgs', true)", choice("adam", "l-bfgs", "true")),
        ("choice(größe, 'ﬁ', ﬁ)", choice("größe", "ﬁ", "ﬁ")),
        (r"choice('\d')", choice(r"\d")),
        (" loguniform( -7,\n -1 ) ", loguniform(-7, -1)),
        ("loguniform(-7, +1e-3)", loguniform(-7, 0.001)),
        ("uniform(low=0, high=1)", uniform(0, 1)),
        ("uniform(0, max_value=1)", uniform(0, 1)),
        ("quniform(high=5, low=1, q=2)", quniform(1, 5, 2)),
        ("lognormal(sigma=1, mu=0)", lognormal(0, 1)),
        ("randint(upper=5)", randint(5)),
    ],
)
def test_reads(text: str, expression: Expression) -> None:
    assert parse_expression(text) == expression


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("choice(newton-cg)", "character 8: arithmetic is not allowed"),
        ("choice('é', newton-cg)", "character 13: arithmetic is not allowed"),
        ("uniform(0, 2*3)", "character 12: arithmetic"),
        ("uniform(log(2), 3)", "character 9: only range(…) may be called"),
        ("uniform(-inf, 0)", "character 9: a sign stands before a number only"),
        ("choice(-True)", "character 8: a sign stands before a number only"),
        ("choice(a.b)", "character 8: a dot"),
        ("choice(*[1])", "character 8: a star"),
        ("choice(f'{x}')", "character 8: formatted text"),
        ("choice(b'x')", "character 8: this kind of literal"),
        ("choice(1j)", "character 8: this kind of literal"),
        ("choice({1, 2})", "character 8: this is not allowed"),
        ("choice({1: 2})", "character 9: the keys of a dict are text"),
        ("choice({**a})", "character 8: the keys of a dict are text"),
        ("choice(lambda)", "this cannot be read"),
        ("choice(range(1.5))", "range takes"),
        ("choice(range(1, 2, 0))", "range takes"),
        ("choice(range())", "range takes"),
        ("uniform(0, 1", "this cannot be read"),
        ("uniform(0, 1))", "character 14: this cannot be read"),
        ("", "character 1: this cannot be read"),
        ("0.1", "character 1: this is no call"),
        ("[1, 2]", "character 1: this is no call"),
        ("uniform(0, 1)(2)", "character 1: this is no call"),
        ("x = 1", "this cannot be read"),
        ("a\0b", "this cannot be read"),
        ("__import__('os').system('x')", "no call"),
        ("uniform(min_value=1, min_value=2)", "character 22: min_value is given twice"),
        ("uniform(**x)", "** is not allowed"),
    ],
)
def test_refuses_with_the_position(text: str, said: str) -> None:
    with pytest.raises(SpecError) as caught:
        parse_expression(text)
    assert said in caught.value.message
    assert caught.value.field == "expression"
    assert caught.value.value == text.strip()
    assert "\n" not in caught.value.message


@pytest.mark.parametrize(
    ("text", "said", "hint"),
    [
        ("unifrom(0, 1)", "there is no expression 'unifrom'", "did you mean uniform?"),
        ("LogUniform(0, 1)", "there is no expression 'LogUniform'", "did you mean loguniform?"),
        ("log(2)", "there is no expression 'log'", None),
        ("uniform", "uniform lacks min_value and max_value", None),
        ("uniform(1)", "uniform lacks max_value", None),
        ("uniform(1, 2, 3)", "uniform got 3 arguments", None),
        ("uniform(0, low=1)", "uniform got min_value twice", None),
        ("uniform(hihg=1, low=0)", "uniform has no argument 'hihg'", "did you mean high?"),
        ("normal(0, std=1)", "normal has no argument 'std'", None),
        ("choice(values=[1])", "choice takes values without names", None),
        ("uniform(a, 1)", "min_value = 'a'", None),
        ("uniform(5, 1)", "min_value = 5", None),
        (
            "choice(1, [2])",
            "stands among other values",
            "to choose among lists, give them within one list: choice([[1, 2], [3, 4]])",
        ),
        ("choice(range(1000000000))", "at most 100000 values", None),
        ("uniform(0, 1e400)", "max_value = inf", None),
    ],
)
def test_refuses_what_does_not_fit(text: str, said: str, hint: str | None) -> None:
    with pytest.raises(SpecError) as caught:
        parse_expression(text)
    assert said in caught.value.message
    assert caught.value.hint == hint
    assert caught.value.allowed


@pytest.mark.parametrize("text", ["-" * 9_999 + "1", "[" * 9_999, "choice(" * 1_000, "choice(" + "1," * 6_000])
def test_texts_made_to_hurt(text: str) -> None:
    with pytest.raises(SpecError) as caught:
        parse_expression(text)
    assert len(caught.value.message) < 400


def test_only_text() -> None:
    given: Any = b"uniform(0, 1)"
    with pytest.raises(SpecError):
        parse_call(given)


def test_calls_of_any_name() -> None:
    assert parse_call("median") == ("median", (), {})
    assert parse_call("random(seed=3)") == ("random", (), {"seed": 3})
    call = parse_call("bandit(2, slack_factor=0.1, about={'a': [None, -1]}, rest=range(3))", "policy")
    assert call.name == "bandit"
    assert call.args == (2,)
    assert call.kwargs == {"slack_factor": 0.1, "about": {"a": [None, -1]}, "rest": range(3)}
    with pytest.raises(SpecError) as caught:
        parse_call("bandit(", "policy")
    assert caught.value.field == "policy"


@given(st.text(max_size=60))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        name, args, kwargs = parse_call(text)
    except SpecError as error:
        assert "\n" not in error.message
    else:
        assert isinstance(name, str)
        assert isinstance(args, tuple)
        assert isinstance(kwargs, dict)


_WATCHED = """
import sys
from overdrive.errors import SpecError
from overdrive.space import parse_call, parse_expression

def watch(event, arguments):
    if watching and event in {"exec", "import", "open", "os.system", "subprocess.Popen"}:
        raise SystemExit(f"{text!r} caused {event} {arguments}")

texts = sys.stdin.read().split("\\0")
watching = False
sys.addaudithook(watch)
for text in texts:
    for parse in (parse_call, parse_expression):
        watching = True
        try:
            parse(text)
        except SpecError:
            pass
        finally:
            watching = False
print(len(texts))
"""


def test_nothing_runs() -> None:
    """Whatever is written, nothing is run, imported or opened by it (a known name: a guess would load difflib)."""
    inside = [
        "__import__('os').system('true')",
        "open('/dev/null')",
        "(lambda: 1)()",
        "[x for x in range(9)]",
        "().__class__.__base__.__subclasses__()",
        "exec('1')",
        "f'{open(1)}'",
        "range(3) if 1 else 2",
        "x := 1",
        "'a' 'b'",
        "breakpoint()",
    ]
    texts = [f"choice({text})" for text in inside] + [f"uniform({text}, max_value=1)" for text in inside]
    done = subprocess.run(
        [sys.executable, "-c", _WATCHED], input="\0".join(texts), capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout.strip(), done.stderr) == (0, str(len(texts)), "")
