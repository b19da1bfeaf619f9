"""The code of a notebook's cells, read without running it."""

import ast
import re
from collections.abc import Iterator

#: A line that IPython reads, not Python: a magic, a command of the shell, a question.
_MAGIC = re.compile(r"^(\s*)(?:[\w, .]+=\s*)?[%!].*$|^(\s*)\??\?[\w.]+$|^(\s*)[\w.]+\?\??$|^(pip|conda) \w")
#: Cell magics whose cell holds Python all the same.
_PYTHON_CELLS = ("%%time", "%%timeit", "%%capture", "%%prun")


def python_of(source: str) -> str:
    """A cell's code with `pass` in the place of each magic, which keeps lines' numbers; '' for another language."""
    if source.lstrip().startswith("%%"):
        head, _, rest = source.lstrip().partition("\n")
        if head.split()[0] not in _PYTHON_CELLS:
            return ""
        source = "\n" * (len(source) - len(source.lstrip())) + "\n" + rest
    try:
        ast.parse(source)
    except SyntaxError:
        return "\n".join(_stripped(source))
    return source  # a line of plain Python may begin with % too


def _stripped(source: str) -> Iterator[str]:
    continues = False
    for line in source.split("\n"):
        found = _MAGIC.match(line)
        if continues:
            yield ""
        elif found:
            yield f"{line[: len(line) - len(line.lstrip())]}pass"
        else:
            yield line
            continue
        continues = line.endswith("\\")


def written_file(source: str) -> tuple[str, str] | None:
    """(name, text) of what a `%%writefile` cell writes, or None."""
    head, _, rest = source.lstrip().partition("\n")
    words = head.split()
    if not words or words[0] not in ("%%writefile", "%%file") or len(words) < 2:
        return None
    return words[-1].strip("'\""), rest


def assigned(source: str) -> set[str]:
    """The names that the code binds on its top level."""
    try:
        return bound(ast.parse(python_of(source)))
    except SyntaxError:
        return set()


def bound(tree: ast.AST) -> set[str]:
    """The names that the code of a syntax tree binds."""
    names = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
    for node in ast.walk(tree):
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            names |= {(alias.asname or alias.name).partition(".")[0] for alias in node.names}
        elif isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            names.add(node.name)
    return names


def first_line(source: str, width: int = 60) -> str:
    """The first line of code that is no comment, cut to `width` characters."""
    lines = [line.strip() for line in source.splitlines() if line.strip()]
    line = next((line for line in lines if not line.startswith("#")), lines[0] if lines else "")
    return line if len(line) <= width else f"{line[: width - 1]}…"
