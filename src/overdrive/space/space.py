"""The search space: hyperparameters by name, in declared order."""

import math
from collections.abc import Iterable
from collections.abc import Iterator
from collections.abc import Mapping
from collections.abc import Sequence

from overdrive.errors import SpecError
from overdrive.records.arguments import option_name
from overdrive.space.expression import Expression
from overdrive.space.kinds import expression_from_json


class Space(Mapping[str, Expression]):
    """An unchangeable mapping from hyperparameter name to expression; equal to another with the same order.

    The order is the one declared: trials get their arguments in it, and grid cells are numbered by it. A configuration
    is a dict with one value for each name. An empty space (of a single run) has one, empty, configuration.
    """

    __slots__ = ("_expressions",)

    def __init__(self, expressions: Mapping[str, object]) -> None:
        """expressions: name → expression, or name → HyperDrive's list `[name, arguments]`.

        Raises SpecError for names that are empty, no text, only dashes, or have white space or control characters in
        them, for two that reach the script as one option (`lr` and `--lr`), and, with the field
        `parameter_space['lr']`, for values that are no expression.
        """
        if not isinstance(expressions, Mapping):
            allowed = "a dict from names to expressions"
            raise SpecError(field="parameter_space", value=expressions, allowed=allowed)
        self._expressions: dict[str, Expression] = {
            _checked_name(name): _checked_expression(name, value) for name, value in expressions.items()
        }
        _check_options(self._expressions)

    @property
    def names(self) -> tuple[str, ...]:
        """The hyperparameters in declared order."""
        return tuple(self._expressions)

    @property
    def count(self) -> int | None:
        """How many configurations there are, or None when they cannot be listed."""
        counts = [expression.count for expression in self._expressions.values()]
        known = [count for count in counts if count is not None]
        return math.prod(known) if len(known) == len(counts) else None

    @property
    def is_continuous(self) -> bool:
        """Whether a hyperparameter takes values from a continuum, so that no two draws are the same configuration."""
        return any(expression.is_continuous for expression in self._expressions.values())

    def from_units(self, units: Sequence[float]) -> dict[str, object]:
        """The configuration at `units`, one number in [0, 1) for each name in declared order.

        Raises SpecError for another number of units, or units out of range.
        """
        if len(units) != len(self._expressions):
            allowed = f"{len(self._expressions)} numbers, one for each name"
            raise SpecError(field="units", value=list(units), allowed=allowed)
        drawn = zip(self._expressions.items(), units, strict=True)
        return {name: expression.from_unit(unit) for (name, expression), unit in drawn}

    def to_units(self, configuration: Mapping[str, object]) -> list[float]:
        """The units of a configuration, in declared order: the inverse of `from_units`.

        Raises SpecError for a configuration that is not in the space.
        """
        values = self._values_of(configuration)
        return [expression.to_unit(value) for expression, value in zip(self._expressions.values(), values, strict=True)]

    def contains(self, configuration: object) -> bool:
        """Whether `configuration` has exactly the space's names, each with a value that its expression can take."""
        if not isinstance(configuration, Mapping) or configuration.keys() != self._expressions.keys():
            return False
        return all(expression.contains(configuration[name]) for name, expression in self._expressions.items())

    def cell(self, n: int) -> dict[str, object]:
        """Configuration number `n` of a finite space, 0 ≤ n < count: mixed radix, the last name varies fastest.

        Raises SpecError for other numbers, and for a space whose configurations cannot be listed.
        """
        count = self.count
        if count is None or not 0 <= n < count:
            allowed = "finite spaces only" if count is None else f"an integer from 0 to {count - 1}"
            raise SpecError(field="cell", value=n, allowed=allowed)
        values: list[object] = []
        for expression in reversed(self._expressions.values()):
            n, k = divmod(n, expression.count or 1)
            values.append(expression.value_at(k))
        return dict(zip(self._expressions, reversed(values), strict=True))

    def index_of(self, configuration: Mapping[str, object]) -> int:
        """The number of a configuration in a finite space: the inverse of `cell`. Raises SpecError as `cell` does."""
        n = 0
        for expression, value in zip(self._expressions.values(), self._values_of(configuration), strict=True):
            n = n * (expression.count or 1) + expression.index_of(value)
        return n

    def _values_of(self, configuration: Mapping[str, object]) -> list[object]:
        if configuration.keys() != self._expressions.keys():
            allowed = f"exactly the hyperparameters {', '.join(self._expressions)}"
            raise SpecError(field="configuration", value=dict(configuration), allowed=allowed)
        return [configuration[name] for name in self._expressions]

    def to_json(self) -> dict[str, list]:
        """HyperDrive's form: name → `[name, arguments]`."""
        return {name: expression.to_json() for name, expression in self._expressions.items()}

    @classmethod
    def from_json(cls, data: Mapping[str, object]) -> "Space":
        """The inverse of `to_json`. Raises SpecError as the constructor does."""
        return cls(data)

    def __getitem__(self, name: str) -> Expression:
        return self._expressions[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._expressions)

    def __len__(self) -> int:
        return len(self._expressions)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Space):
            return NotImplemented
        return tuple(self._expressions.items()) == tuple(other._expressions.items())

    def __hash__(self) -> int:
        return hash(tuple(self._expressions.items()))

    def __repr__(self) -> str:
        return f"Space({self._expressions!r})"


def _checked_name(name: object) -> str:
    if isinstance(name, str) and name.strip("-") and name.isprintable() and not any(map(str.isspace, name)):
        return name
    allowed = "names of printable characters without white space, and more than dashes"
    message = f"parameter_space has the name {name!r}, but takes {allowed}"
    raise SpecError(message, field="parameter_space", value=name, allowed=allowed)


def _check_options(names: Iterable[str]) -> None:
    options: dict[str, str] = {}
    for name in names:
        option = option_name(name)
        if option in options:
            allowed = f"one name for the option {option}"
            message = f"parameter_space has {options[option]!r} and {name!r}, but takes {allowed}"
            raise SpecError(message, field="parameter_space", value=name, allowed=allowed)
        options[option] = name


def _checked_expression(name: str, value: object) -> Expression:
    if isinstance(value, Expression):
        return value
    try:
        return expression_from_json(value)
    except SpecError as error:
        field = f"parameter_space[{name!r}]"
        message = f"{field}: {error.message}"
        raise SpecError(message, field=field, value=value, allowed=error.allowed, hint=error.hint) from error
