"""`name(arguments)` from a command line, read without running anything.

The text is parsed as a Python expression and each node is looked at: only literals, lists, dicts, bare words (taken as
text, since shells eat quotes) and range(…) pass. Policies and samplers are written in the same form.
"""

import ast
import warnings
from typing import NamedTuple
from typing import NoReturn

from overdrive.errors import SpecError

#: Characters that a text may have.
MAX_TEXT = 10_000

ALLOWED = "name(arguments), where an argument is a number, text, True, False, None, a list, a dict or range(…)"


class Call(NamedTuple):
    """A call as written: its name, its positional arguments and its keyword arguments."""

    name: str
    args: tuple
    kwargs: dict[str, object]


def parse_call(text: str, field: str = "expression") -> Call:
    """What `text` calls, with which arguments; a bare name is a call without arguments.

    Bare words are text: choice(adam, sgd) is choice('adam', 'sgd'). field: what the text is for, as errors name it.
    Raises SpecError, with the text, the position and what is allowed, for everything else: arithmetic, attributes,
    calls within the arguments other than range(…), unclosed brackets, texts of more than 10 000 characters.
    """
    reader = _Reader(text, field)
    body = reader.parsed()
    if isinstance(body, ast.Name):
        return Call(reader.word(body), (), {})
    if not isinstance(body, ast.Call) or not isinstance(body.func, ast.Name):
        reader.fail(body, "this is no call")
    kwargs: dict[str, object] = {}
    for keyword in body.keywords:
        if keyword.arg is None or keyword.arg in kwargs:
            reader.fail(keyword, "** is not allowed" if keyword.arg is None else f"{keyword.arg} is given twice")
        kwargs[keyword.arg] = reader.value(keyword.value)
    return Call(reader.word(body.func), tuple(reader.value(argument) for argument in body.args), kwargs)


class _Reader:
    """One text, and the values of its nodes."""

    def __init__(self, text: str, field: str) -> None:
        if not isinstance(text, str) or len(text) > MAX_TEXT:
            given = f"{len(text)} characters" if isinstance(text, str) else repr(text)
            allowed = f"text of at most {MAX_TEXT} characters"
            raise SpecError(f"{field}: {given} given, but it takes {allowed}", field=field, value=text, allowed=allowed)
        self._text = text.replace("\n", " ").replace("\r", " ").strip()
        self._field = field

    def parsed(self) -> ast.expr:
        try:
            with warnings.catch_warnings():
                # A text such as '\d' would warn about the escape in a file that does not exist.
                warnings.simplefilter("ignore")
                return ast.parse(self._text, mode="eval").body
        except SyntaxError as error:
            self._refuse(max((error.offset or 1) - 1, 0), "this cannot be read (text may need quotes)")
        except (ValueError, MemoryError, RecursionError):
            self._refuse(0, "this cannot be read")

    def value(self, node: ast.expr) -> object:
        match node:
            case ast.Constant(value=str() | bool() | int() | float() | None as value):
                return value
            case ast.Name():
                return self.word(node)
            case ast.UnaryOp(op=ast.USub() | ast.UAdd() as sign, operand=ast.Constant(value=int() | float() as number)):
                if not isinstance(number, bool):
                    return -number if isinstance(sign, ast.USub) else number
            case ast.List(elts=entries):
                return [self.value(entry) for entry in entries]
            case ast.Tuple(elts=entries):
                return tuple(self.value(entry) for entry in entries)
            case ast.Dict(keys=keys, values=values):
                return {self._key(node, key): self.value(entry) for key, entry in zip(keys, values, strict=True)}
            case ast.Call(func=ast.Name(id="range"), args=args, keywords=[]):
                return self._range(node, [self.value(argument) for argument in args])
        self.fail(node, _PROBLEMS.get(type(node), "this is not allowed"))

    def word(self, node: ast.Name) -> str:
        # As written: the parser would give some letters another form (NFKC).
        source = self._text.encode()
        return source[node.col_offset : node.end_col_offset].decode()

    def _key(self, parent: ast.expr, node: ast.expr | None) -> str:
        key = self.value(node) if node is not None else None
        if isinstance(key, str):
            return key
        self.fail(node or parent, "the keys of a dict are text")

    def _range(self, node: ast.expr, bounds: list) -> range:
        whole = all(isinstance(bound, int) and not isinstance(bound, bool) for bound in bounds)
        if whole and 1 <= len(bounds) <= 3 and bounds[2:] != [0]:
            return range(*bounds)
        self.fail(node, "range takes one to three integers, the third not 0")

    def fail(self, node: ast.AST, problem: str) -> NoReturn:
        # Columns count bytes of UTF-8.
        column: int = getattr(node, "col_offset", 0)
        self._refuse(len(self._text.encode()[:column].decode(errors="ignore")), problem)

    def _refuse(self, position: int, problem: str) -> NoReturn:
        shown = self._text if len(self._text) <= 100 else f"{self._text[:100]}…"
        message = f"{self._field} {shown!r}, character {position + 1}: {problem}; it takes {ALLOWED}"
        raise SpecError(message, field=self._field, value=self._text, allowed=ALLOWED)


_PROBLEMS: dict[type, str] = {
    ast.BinOp: "arithmetic is not allowed (text needs quotes: 'newton-cg')",
    ast.UnaryOp: "a sign stands before a number only (text needs quotes)",
    ast.Attribute: "a dot is not allowed (text needs quotes: 'a.b')",
    ast.Call: "only range(…) may be called here",
    ast.Starred: "a star is not allowed",
    ast.Constant: "this kind of literal is not allowed",
    ast.JoinedStr: "formatted text is not allowed",
}
