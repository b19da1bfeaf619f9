"""Command lines with placeholders: any value reaches the program as one argument, with or without a shell."""

import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import settings
from hypothesis import strategies as st

from overdrive.client.command_line import passes_on
from overdrive.client.command_line import template_words
from overdrive.errors import SpecError
from overdrive.records import fill_template

PRINT = "import sys; sys.stdout.buffer.write('\\0'.join(sys.argv[1:]).encode('utf-8', 'surrogateescape'))"
VALUES = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=30)


def words(line: str) -> tuple[str, ...]:
    return template_words(line, "PY")


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("python main.py --lr ${{search_space.lr}}", ("PY", "main.py", "--lr", "${{search_space.lr}}")),
        ("python3 a.py\n", ("PY", "a.py")),
        ("./simulate 'two words' --x=${{ inputs.x }}/a", ("./simulate", "two words", "--x=${{inputs.x}}/a")),
        ("python a.py \\\n  --x 1", ("PY", "a.py", "--x", "1")),
        ("python -c 'print(1); x = a > b'", ("PY", "-c", "print(1); x = a > b")),
        ('echo "${{inputs.x}} it"', ("echo", "${{inputs.x}} it")),
        ("echo a#b a~ a=b", ("echo", "a#b", "a~", "a=b")),
    ],
)
def test_split_without_a_shell(line: str, expected: tuple[str, ...]) -> None:
    assert words(line) == expected


@pytest.mark.parametrize(
    "line",
    [
        "a && b",
        "a | b",
        "a > b",
        "a\nb",
        "echo $HOME",
        'echo "$HOME"',
        "echo `a`",
        "A=1 python x.py",
        "ls *.csv",
        "ls ~/x",
        "a # b",
        "echo {a,b}",
        "echo a\\ b",
    ],
)
def test_what_a_shell_would_act_on_gets_one(line: str) -> None:
    assert words(line) == ("bash", "-c", line, "bash")


def test_placeholders_become_arguments_of_the_shell() -> None:
    line = "echo ${{inputs.a}} \"x ${{inputs.b}}\" 'y ${{inputs.a}}' && true # don't ${{inputs.b}}"
    text = """echo "${1}" "x ${2}" 'y '"${3}"'' && true # don't "${4}\""""
    assert words(line) == (
        *("bash", "-c", text, "bash"),
        *("${{inputs.a}}", "${{inputs.b}}", "${{inputs.a}}", "${{inputs.b}}"),
    )


@pytest.mark.parametrize("line", ["", "  \n", "echo 'open"])
def test_lines_that_are_none(line: str) -> None:
    with pytest.raises(SpecError, match="command"):
        words(line)


@given(value=VALUES)
@settings(max_examples=30)
@pytest.mark.parametrize("before", ["", "true && "])
def test_any_value_arrives_whole(before: str, value: str) -> None:
    """Plain, in double quotes and in single quotes; without a shell and with one."""
    line = (
        f'{before}{sys.executable} -c "$code" ${{{{search_space.x}}}} "a ${{{{search_space.x}}}}" \'${{{{inputs.y}}}}\''
    )
    line = line.replace("$code", PRINT.replace("\\0", "\\\\0").replace('"', '\\"')) if before else line
    if not before:
        line = line.replace('"$code"', "'" + PRINT.replace("'", "'\"'\"'") + "'")
    argv = fill_template(template_words(line, sys.executable), {"x": value}, {"inputs.y": value})
    assert (argv[0] == "bash") is bool(before)
    out = subprocess.run(argv, capture_output=True, check=True).stdout.decode("utf-8", "surrogateescape")
    assert out.split("\0") == [value, f"a {value}", value]


def test_what_is_put_in_is_not_looked_at_again() -> None:
    assert fill_template(["${{inputs.a}}"], {"x": 1}, {"inputs.a": "${{search_space.x}}"}) == ["${{search_space.x}}"]


def test_values_are_printed_as_arguments() -> None:
    filled = fill_template(["--a=${{search_space.a}}", "${{search_space.b}}"], {"a": 4.0, "b": [1, "x"]}, {})
    assert filled == ["--a=4", '[1, "x"]']


@pytest.mark.parametrize(
    ("line", "reached"),
    [
        ("python a.py --x 1", "python a.py --x 1 REST"),
        ("A=1 python a.py --x 1", 'A=1 python a.py "${@:1}" --x 1'),
        ("python prepare.py && python a.py --x ${{search_space.x}}", 'python a.py "${@:2}" --x "${1}"'),
        ("python a.py --x ${{search_space.x}} && python done.py", 'python a.py "${@:2}" --x "${1}" && python done.py'),
        ("cd src; python -m pkg.train --x ${{search_space.x}}", '-m pkg.train "${@:2}" --x "${1}"'),
        ("echo 'a.py' | cat", None),
        ("./simulate > out", None),
    ],
)
def test_arguments_behind_a_command_reach_its_script(line: str, reached: str | None) -> None:
    found = passes_on(words(line))
    if words(line)[0] != "bash" or reached is None:
        assert found == words(line)
    else:
        assert reached in found[2]
    assert passes_on(found) == found


@settings(max_examples=20)
@given(VALUES.filter(lambda value: not value.startswith("-")))
def test_arguments_behind_a_shells_line_arrive_whole(value: str) -> None:
    line = f'true && "{sys.executable}" -c "{PRINT}" x.py ${{{{search_space.x}}}}'.replace("\\0", "\\\\0")
    command = passes_on(template_words(line, sys.executable))
    argv = fill_template([*command, "--resume-from", value], {"x": value}, {})
    told = subprocess.run(argv, capture_output=True, check=True).stdout
    assert told.split(b"\0") == [b"x.py", b"--resume-from", value.encode(), value.encode()]
