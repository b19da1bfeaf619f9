"""Reading the cells of notebooks."""

import ast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from overdrive.compat.checking.cell_code import assigned
from overdrive.compat.checking.cell_code import first_line
from overdrive.compat.checking.cell_code import python_of
from overdrive.compat.checking.cell_code import written_file


@pytest.mark.parametrize(
    ("source", "names"),
    [
        ("%matplotlib inline\nx = 1", {"x"}),
        ("files = !ls\ny = 2", {"y"}),
        ("if True:\n    !pip install a \\\n      b\nz, (u, v) = 1, (2, 3)", {"z", "u", "v"}),
        ("import a.b\nfrom c import d as e\ndef f(): pass\nclass G: pass", {"a", "e", "f", "G"}),
        ("pip install -U a==1\nx = 1", {"x"}),
        ("Workspace?\n?Run\nw = 1", {"w"}),
        ("%%time\nt = 1", {"t"}),
        ("%%writefile x.py\nt = 1", set()),
        ("%%bash\nt=1", set()),
        ("x = 10\nx %= 3\ny = x\\\n  % 2", {"x", "y"}),
        ("not python at all", set()),
    ],
)
def test_names_that_a_cell_binds(source: str, names: set[str]) -> None:
    assert assigned(source) == names


@given(st.lists(st.sampled_from(["a = 1", "%magic x", "!ls -l", "  # words", "", "b = !pwd", "f?"])))
def test_lines_keep_their_numbers(lines: list[str]) -> None:
    code = python_of("\n".join(lines))
    assert len(code.split("\n")) == max(len(lines), 1)
    bound = {node.lineno for node in ast.walk(ast.parse(code)) if isinstance(node, ast.Assign)}
    assert bound == {number for number, line in enumerate(lines, 1) if line == "a = 1"}


def test_what_writefile_writes() -> None:
    assert written_file("%%writefile $folder/train.py\nimport x\n") == ("$folder/train.py", "import x\n")
    assert written_file("%%writefile -a log.txt\nmore") == ("log.txt", "more")
    assert written_file("%%bash\nls") is None
    assert written_file("x = 1") is None


def test_the_first_line_of_code() -> None:
    assert first_line("\n# words\n  x = 1\ny") == "x = 1"
    assert first_line("# words") == "# words"
    assert first_line("x" * 100, 10) == "x" * 9 + "…"
