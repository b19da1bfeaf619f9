"""`randint`: integers from 0 up to, but without, `upper`."""

from dataclasses import dataclass
from typing import ClassVar

from overdrive.space.arguments import refusal
from overdrive.space.expression import Expression
from overdrive.space.values import unwrapped

#: Beyond it, units are too coarse to tell neighbouring integers apart.
MAX_UPPER = 2**50


@dataclass(frozen=True, slots=True, repr=False)
class RandInt(Expression):
    """An integer in [0, upper), all equally likely."""

    name: ClassVar[str] = "randint"

    #: From 1 to 2**50.
    upper: int

    def __post_init__(self) -> None:
        upper = unwrapped(self.upper)
        if not isinstance(upper, int) or not 0 < upper <= MAX_UPPER:
            raise refusal(self.name, "upper", self.upper, "an integer from 1 to 2**50")
        object.__setattr__(self, "upper", int(upper))

    @property
    def arguments(self) -> tuple:
        return (self.upper,)

    @property
    def count(self) -> int:
        return self.upper

    def from_unit(self, u: float) -> int:
        return min(int(self._check_unit(u) * self.upper), self.upper - 1)

    def to_unit(self, value: object) -> float:
        return (self.index_of(value) + 0.5) / self.upper

    def contains(self, value: object) -> bool:
        return isinstance(value, int) and not isinstance(value, bool) and 0 <= value < self.upper

    def value_at(self, k: int) -> int:
        return self._check_index(k)

    def index_of(self, value: object) -> int:
        if isinstance(value, int) and self.contains(value):
            return value
        raise refusal(self.name, "value", value, f"what {self!r} can give")

    def probability_at(self, k: int) -> float:
        self._check_index(k)
        return 1 / self.upper
