"""What scripts say of columns: their types, how headers are read, and conditions such as `dataset["age"] > 30`."""

from __future__ import annotations

import operator

from overdrive.report.errors import UserErrorException

_BINARY = {
    "eq": operator.eq,
    "ne": operator.ne,
    "lt": operator.lt,
    "le": operator.le,
    "gt": operator.gt,
    "ge": operator.ge,
    "and": operator.and_,
    "or": operator.or_,
}


class PromoteHeadersBehavior:
    """Which files of a dataset have their columns' names in the first line."""

    NO_HEADERS = 0
    ONLY_FIRST_FILE_HAS_HEADERS = 1
    COMBINE_ALL_FILES_HEADERS = 2
    ALL_FILES_HAVE_SAME_HEADERS = 3


class DataType:
    """The type that a column is to have, for `set_column_types`."""

    def __init__(self, kind: str, formats: object = None) -> None:
        #: 'string', 'bool', 'long', 'float' or 'datetime'.
        self.kind = kind
        #: Formats of dates as `strptime` has them, tried in turn; None: as inferred.
        self.formats = [formats] if isinstance(formats, str) else formats

    @staticmethod
    def to_string() -> DataType:
        return DataType("string")

    @staticmethod
    def to_bool() -> DataType:
        return DataType("bool")

    @staticmethod
    def to_long() -> DataType:
        return DataType("long")

    @staticmethod
    def to_float(decimal_mark: str = ".") -> DataType:
        """decimal_mark: '.' or ','."""
        return DataType("float", decimal_mark)

    @staticmethod
    def to_datetime(formats: object = None) -> DataType:
        return DataType("datetime", formats)

    def to_json(self) -> list:
        return [self.kind, self.formats]


def column_types(types: dict | None) -> dict[str, list]:
    """JSON of `set_column_types`. Raises UserErrorException for a type that is none."""
    for name, kind in (types or {}).items():
        if not isinstance(kind, DataType):
            raise UserErrorException(f"set_column_types[{name!r}] = {kind!r} is not allowed: it takes a DataType")
    return {str(name): kind.to_json() for name, kind in (types or {}).items()}


class Condition:
    """A condition on rows, made of columns, constants and & | ~; JSON as nested lists."""

    def __init__(self, tree: object) -> None:
        self.tree = tree

    def _with(self, name: str, other: object) -> Condition:
        return Condition([name, self.tree, other.tree if isinstance(other, Condition) else ["value", _plain(other)]])

    def __eq__(self, other: object) -> Condition:  # type: ignore[override]
        return self._with("eq", other)

    def __ne__(self, other: object) -> Condition:  # type: ignore[override]
        return self._with("ne", other)

    def __lt__(self, other: object) -> Condition:
        return self._with("lt", other)

    def __le__(self, other: object) -> Condition:
        return self._with("le", other)

    def __gt__(self, other: object) -> Condition:
        return self._with("gt", other)

    def __ge__(self, other: object) -> Condition:
        return self._with("ge", other)

    def __and__(self, other: object) -> Condition:
        return self._with("and", other)

    def __or__(self, other: object) -> Condition:
        return self._with("or", other)

    def __invert__(self) -> Condition:
        return Condition(["not", self.tree])

    def __hash__(self) -> int:
        return id(self)

    def __bool__(self) -> bool:
        raise UserErrorException("a condition on a dataset is joined by &, | and ~, each side in parentheses")


def evaluate(tree: list, frame):
    """The condition's value for each row of a data frame. Raises UserErrorException for a column that is not there."""
    kind = tree[0]
    if kind == "value":
        return tree[1]
    if kind == "column":
        if tree[1] not in frame.columns:
            raise UserErrorException(f"there is no column {tree[1]!r}: the columns are {', '.join(frame.columns)}")
        return frame[tree[1]]
    if kind == "not":
        return ~evaluate(tree[1], frame)
    return _BINARY[kind](evaluate(tree[1], frame), evaluate(tree[2], frame))


def _plain(value: object) -> object:
    item = getattr(value, "item", None)
    value = item() if callable(item) else value
    if value is None or isinstance(value, (bool, int, float, str)):
        return value
    return str(value)
