"""What every expression can do.

An expression is a distribution over the values of one hyperparameter. It is frozen data; a sampler hands it a unit
(a number in [0, 1)) and gets a value: the inverse distribution function. `u` is a unit everywhere in this room, `k` the
number of a value in a finite expression (0 ≤ k < count).
"""

from abc import ABC
from abc import abstractmethod
from typing import ClassVar
from typing import Literal

from overdrive.errors import SpecError
from overdrive.space.arguments import is_number
from overdrive.space.arguments import refusal

#: The natural scale to model a hyperparameter on.
Scale = Literal["linear", "log", "choice", "ordered"]

#: The largest unit: one step of 2**-53 below 1.
LAST_UNIT = 1.0 - 2.0**-53


class Expression(ABC):
    """A distribution over the values of one hyperparameter; equal, and printed, by its arguments."""

    __slots__ = ()

    #: HyperDrive's name of the distribution, as in `["uniform", [0, 1]]`.
    name: ClassVar[str]
    _scale: ClassVar[Scale] = "linear"

    @property
    @abstractmethod
    def arguments(self) -> tuple:
        """The arguments in HyperDrive's order."""

    @property
    @abstractmethod
    def count(self) -> int | None:
        """How many distinct values it can take, or None when they cannot be listed."""

    @property
    def is_continuous(self) -> bool:
        """Whether values come from a continuum, so that two draws are never the same value."""
        return False

    @property
    def scale(self) -> Scale:
        """'linear', 'log', 'ordered' (listed numbers) or 'choice' (no order)."""
        return self._scale

    @abstractmethod
    def from_unit(self, u: float) -> object:
        """The value at `u` in [0, 1) by the inverse distribution function; 1 counts as just below 1.

        Raises SpecError for any other `u`.
        """

    @abstractmethod
    def to_unit(self, value: object) -> float:
        """The inverse of `from_unit`, in [0, 1); for a discrete expression the middle of the value's cell.

        Raises SpecError for a value that the expression cannot take.
        """

    @abstractmethod
    def contains(self, value: object) -> bool:
        """Whether the expression can take `value`; False, never an error, for anything else."""

    @abstractmethod
    def value_at(self, k: int) -> object:
        """Value number `k` of a finite expression, 0 ≤ k < count. Raises SpecError otherwise."""

    @abstractmethod
    def index_of(self, value: object) -> int:
        """The number of `value`: the inverse of `value_at`. Raises SpecError for a value it cannot take."""

    @abstractmethod
    def probability_at(self, k: int) -> float:
        """The probability of value number `k`. Raises SpecError as `value_at` does."""

    def values(self) -> tuple | None:
        """All distinct values in order, or None when they cannot be listed."""
        return None if self.count is None else tuple(self.value_at(k) for k in range(self.count))

    def probabilities(self) -> tuple[float, ...] | None:
        """The probability of each of `values()`, or None when they cannot be listed."""
        return None if self.count is None else tuple(self.probability_at(k) for k in range(self.count))

    def to_json(self) -> list:
        """HyperDrive's form: `[name, arguments]`."""
        return [self.name, list(self.arguments)]

    def __repr__(self) -> str:
        return f"{self.name}({', '.join(map(repr, self.arguments))})"

    def _check_unit(self, u: object) -> float:
        if is_number(u) and 0.0 <= u <= 1.0:  # type: ignore[operator]
            return min(float(u), LAST_UNIT)  # type: ignore[arg-type]
        raise refusal(self.name, "u", u, "a number in [0, 1)")

    def _check_value(self, value: object) -> None:
        if not self.contains(value):
            raise refusal(self.name, "value", value, f"what {self!r} can give")

    def _check_index(self, k: int) -> int:
        if self.count is None:
            raise SpecError(f"{self!r} has no list of values", field="k", value=k, allowed="finite expressions")
        if 0 <= k < self.count:
            return k
        raise refusal(self.name, "k", k, f"an integer from 0 to {self.count - 1}")
