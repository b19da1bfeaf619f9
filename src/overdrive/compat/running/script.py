"""A script, statement by statement: one that uses what only Azure has says so, and the next ones run all the same.

So a notebook's cells go on, and so a script does: a statement on the top level, also below an `if`, is a cell.
"""

import __future__

import ast
import builtins
import os
import sys
import types
from collections.abc import Sequence

from overdrive.compat.checking.cell_code import bound
from overdrive.compat.running.ending import AZURE_ONLY
from overdrive.compat.running.ending import say
from overdrive.compat.running.ending import show_error

__all__ = ["run"]


def run(words: Sequence[str]) -> None:
    """Runs the script `words[0]` as the main program, with the rest as its arguments.

    Leaves with exit code 1 where a statement was left in its middle (a function called something of Azure's: what
    follows it there did not run), and returns where all others did. An error of the script's own is shown as Python
    does, without our frames; a sweep that failed, by its sentence.
    """
    path = words[0]
    sys.argv = list(words)
    if not getattr(sys.flags, "safe_path", False):
        sys.path.insert(0, os.path.dirname(os.path.realpath(path)))
    sys.excepthook = show_error
    main = types.ModuleType("__main__")
    main.__file__, main.__cached__ = os.path.abspath(path), None  # type: ignore[attr-defined]
    main.__builtins__ = builtins  # type: ignore[attr-defined]
    sys.modules["__main__"] = main
    with open(path, "rb") as file:
        code = file.read()
    Script(path, code, main).run()


class Script:
    """One script and how far it came."""

    def __init__(self, path: str, code: bytes, main: types.ModuleType) -> None:
        self._shown = path
        self._path = os.path.abspath(path)
        self._names = vars(main)
        self._code = code
        self._flags = 0
        #: Name → line of the statement that was to make it.
        self._unmade: dict[str, int] = {}
        self._lines: list[int] = []
        self._was_cut = False

    def run(self) -> None:
        """Runs it. Raises what it raises, and SystemExit as `run` says."""
        compile(self._code, self._path, "exec", dont_inherit=True)  # all that Python refuses, before anything runs
        tree = ast.parse(self._code, self._path)
        self._names["__doc__"] = ast.get_docstring(tree, clean=False)
        self._run(tree.body)
        if not self._lines:
            return
        many = "s" * (len(self._lines) > 1)
        say(f"Done, but for what only Azure has: line{many} {', '.join(map(str, self._lines))} of {self._shown}")
        if self._was_cut:
            raise SystemExit(1)

    def _run(self, body: Sequence[ast.stmt]) -> None:
        for statement in body:
            if isinstance(statement, ast.ImportFrom) and statement.module == "__future__":
                for alias in statement.names:
                    self._flags |= getattr(__future__, alias.name).compiler_flag
            if isinstance(statement, ast.If):
                self._branch(statement)
            else:
                self._try(statement)

    def _branch(self, statement: ast.If) -> None:
        """An `if`: what is below it is run like the top level; neither way where its condition cannot be had."""
        test = statement.test
        kept = ast.copy_location(ast.Assign([ast.Name("__holds__", ast.Store())], test), test)
        if self._try(ast.fix_missing_locations(kept)):
            self._run(statement.body if self._names.pop("__holds__") else statement.orelse)
        else:
            self._unmade |= dict.fromkeys(bound(statement), test.lineno)

    def _try(self, statement: ast.stmt) -> bool:
        """Whether it was done."""
        code = compile(ast.Module([statement], []), self._path, "exec", flags=self._flags, dont_inherit=True)
        try:
            exec(code, self._names)  # noqa: S102  (the user's own script, which is what is to be run)
        except Exception as error:
            why = self._why(error)
            if why is None:
                raise
            self._skip(statement, error, why)
            return False
        return True

    def _why(self, error: BaseException) -> str | None:
        """Why the statement could not be done here, one sentence; None for an error of the script's own."""
        if type(error).__name__ in AZURE_ONLY:
            return " ".join(str(error).split())
        if isinstance(error, NameError) and error.name in self._unmade:
            return f"{error.name} is what line {self._unmade[error.name]} would have made"
        return None

    def _skip(self, statement: ast.stmt, error: BaseException, why: str) -> None:
        lines = self._lines_of(error)
        line = lines[-1] if lines else statement.lineno
        is_cut = len(lines) > 1 or _has_parts(statement)
        rest = "; what follows it there did not run" if is_cut else ""
        say(f"Not here: {why} ({self._shown}, line {line}{rest})")
        self._lines.append(line)
        self._was_cut |= is_cut
        self._unmade |= dict.fromkeys(bound(statement), line)

    def _lines_of(self, error: BaseException) -> list[int]:
        """The lines of the script on the way to the error, the outermost first."""
        found, trace = [], error.__traceback__
        while trace is not None:
            code = trace.tb_frame.f_code
            # A comprehension or lambda is a part of its line.
            if code.co_filename == self._path and (code.co_name[0] != "<" or not found):
                found.append(trace.tb_lineno)
            trace = trace.tb_next
        return found


def _has_parts(statement: ast.stmt) -> bool:
    """Whether other statements run as a part of it: a loop, a `with`, a `try`, a `match`, a class."""
    is_function = isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef))
    return hasattr(statement, "cases") or (hasattr(statement, "body") and not is_function)
