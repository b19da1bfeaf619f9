"""`choice`: one of the given values."""

from dataclasses import dataclass
from dataclasses import field
from typing import ClassVar

from overdrive.errors import SpecError
from overdrive.space.arguments import refusal
from overdrive.space.expression import Expression
from overdrive.space.expression import Scale
from overdrive.space.values import json_text
from overdrive.space.values import plain

#: Values in one choice, at most: beyond it, somebody meant a range of integers.
MAX_OPTIONS = 100_000


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class Choice(Expression):
    """One of `options`, which keep the type given.

    Equal options (same type, same JSON text: 1 and 1.0 differ) are one value: a grid visits it once, and a random draw
    takes it as many times more often as it is listed. The values are numbered by first appearance.
    """

    name: ClassVar[str] = "choice"

    #: Plain JSON values, at least one.
    options: tuple
    #: JSON text → number k, of the distinct values.
    _index: dict[str, int] = field(init=False, default_factory=dict)
    #: The options, equal ones brought together, in order of k: a unit picks from these.
    _drawn: tuple = field(init=False, default=())
    #: For each k the position of its first entry in `_drawn`; one more at the end.
    _starts: tuple[int, ...] = field(init=False, default=())

    def __post_init__(self) -> None:
        if not self.options:
            raise refusal(self.name, "options", [], "at least one value")
        if len(self.options) > MAX_OPTIONS:
            raise too_many(len(self.options))
        options = tuple(map(self._option, self.options))
        groups: dict[str, list] = {}
        for option in options:
            groups.setdefault(json_text(option), []).append(option)
        starts = [0]
        for group in groups.values():
            starts.append(starts[-1] + len(group))
        object.__setattr__(self, "options", options)
        object.__setattr__(self, "_index", {text: k for k, text in enumerate(groups)})
        object.__setattr__(self, "_drawn", tuple(option for group in groups.values() for option in group))
        object.__setattr__(self, "_starts", tuple(starts))

    def _option(self, option: object) -> object:
        try:
            value = plain(option)
        except SpecError as error:
            raise refusal(self.name, "options", option, error.allowed or "plain values") from error
        if isinstance(value, str) and "\0" in value:
            raise refusal(self.name, "options", option, "text without NUL, which no program argument can hold")
        return value

    @property
    def arguments(self) -> tuple:
        return ([_fresh(option) for option in self.options],)

    @property
    def count(self) -> int:
        return len(self._index)

    @property
    def scale(self) -> Scale:
        """'ordered' where all values are numbers and there are two or more, else 'choice'."""
        numeric = all(isinstance(o, (int, float)) and not isinstance(o, bool) for o in self.options)
        return "ordered" if numeric and self.count > 1 else "choice"

    def from_unit(self, u: float) -> object:
        return _fresh(self._drawn[int(self._check_unit(u) * len(self._drawn))])

    def to_unit(self, value: object) -> float:
        k = self.index_of(value)
        return (self._starts[k] + self._starts[k + 1]) / 2 / len(self._drawn)

    def contains(self, value: object) -> bool:
        return self._find(value) is not None

    def value_at(self, k: int) -> object:
        return _fresh(self._drawn[self._starts[self._check_index(k)]])

    def index_of(self, value: object) -> int:
        k = self._find(value)
        if k is None:
            raise refusal(self.name, "value", value, f"what {self!r} can give")
        return k

    def probability_at(self, k: int) -> float:
        k = self._check_index(k)
        return (self._starts[k + 1] - self._starts[k]) / len(self._drawn)

    def _find(self, value: object) -> int | None:
        try:
            return self._index.get(json_text(plain(value)))
        except SpecError:
            return None

    def __repr__(self) -> str:
        # Lists among the options would read as the list of options, so they are written within one.
        listed = any(isinstance(option, list) for option in self.options)
        text = ", ".join(map(repr, self.options))
        return f"choice([{text}])" if listed else f"choice({text})"

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Choice):
            return NotImplemented
        return json_text(self.options) == json_text(other.options)

    def __hash__(self) -> int:
        return hash(json_text(self.options))


def too_many(given: int) -> SpecError:
    """The error for more options than a choice takes."""
    allowed = f"at most {MAX_OPTIONS} values"
    return SpecError(f"choice got {given} values, but takes {allowed}", field="options", value=given, allowed=allowed)


def _fresh(value: object) -> object:
    """A copy of a container, so that a caller who changes it does not change the expression."""
    return plain(value) if isinstance(value, (list, dict)) else value
