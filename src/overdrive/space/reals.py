"""What the eight real-valued expressions share: a law, read either as it is or rounded to multiples of q.

Each family (uniform, loguniform, normal, lognormal) gives its law: `quantile`, `cumulative` and `support`. `Continuous`
returns the quantile itself; `Quantised` returns round(quantile / q) * q, HyperDrive's formula.
"""

import math
from abc import abstractmethod
from dataclasses import fields

from overdrive.space.arguments import is_number
from overdrive.space.arguments import number
from overdrive.space.arguments import refusal
from overdrive.space.expression import LAST_UNIT
from overdrive.space.expression import Expression
from overdrive.space.multiples import MAX_MULTIPLE
from overdrive.space.multiples import first_cell
from overdrive.space.multiples import is_multiple
from overdrive.space.multiples import last_cell
from overdrive.space.multiples import multiple
from overdrive.space.multiples import rounded


class Real(Expression):
    """A dataclass of numbers, in HyperDrive's order, which has a law."""

    __slots__ = ()

    def __post_init__(self) -> None:
        for field in fields(self):  # type: ignore[arg-type]  # every subclass is a dataclass
            value = number(self.name, field.name, getattr(self, field.name))
            object.__setattr__(self, field.name, value)
        self._check_law()

    @abstractmethod
    def _check_law(self) -> None:
        """Raises SpecError for arguments that make no distribution."""

    @abstractmethod
    def quantile(self, u: float) -> float:
        """The law's inverse distribution function at u in [0, 1): finite and within the support."""

    @abstractmethod
    def cumulative(self, x: float) -> float:
        """The law's distribution function, in [0, 1]; 0.5 everywhere for a law of a single value."""

    @property
    @abstractmethod
    def support(self) -> tuple[float, float]:
        """The lowest and the highest value of the law, infinite where it has none."""

    @property
    def median(self) -> float:
        """The law's median, without loading what only drawing needs."""
        return self.quantile(0.5)

    @property
    def arguments(self) -> tuple:
        return tuple(getattr(self, field.name) for field in fields(self))  # type: ignore[arg-type]


class Continuous(Real):
    """The law itself."""

    __slots__ = ()

    @property
    def count(self) -> int | None:
        """1 for a law of a single value (sigma = 0, or equal bounds), else None."""
        return None if self.is_continuous else 1

    @property
    def is_continuous(self) -> bool:
        low, high = self.support
        return low < high

    def from_unit(self, u: float) -> float:
        return self.quantile(self._check_unit(u))

    def to_unit(self, value: object) -> float:
        self._check_value(value)
        return min(self.cumulative(float(value)), LAST_UNIT)  # type: ignore[arg-type]

    def contains(self, value: object) -> bool:
        low, high = self.support
        return is_number(value) and low <= value <= high  # type: ignore[operator]

    def value_at(self, k: int) -> float:
        self._check_index(k)
        return self.median

    def index_of(self, value: object) -> int:
        self._check_value(value)
        return self._check_index(0)

    def probability_at(self, k: int) -> float:
        self._check_index(k)
        return 1.0


class Quantised(Real):
    """The law rounded to multiples of q: floats, free of noise (0.3, not 0.30000000000000004).

    A cell is the part of the law that rounds to one multiple. Cells of probability zero (a bound that lies on the edge
    between two) do not count. Values may lie outside the bounds by up to q/2, as HyperDrive's formula has it.
    """

    __slots__ = ()
    #: The step, above 0.
    q: float

    def __post_init__(self) -> None:
        Real.__post_init__(self)
        if self.q <= 0:
            raise refusal(self.name, "q", self.q, "a number above 0")
        largest = max(abs(x) for x in (*self.support, self.median) if math.isfinite(x))
        if largest / self.q > MAX_MULTIPLE:
            allowed = f"a step of which at most 10**15 make up the largest value ({largest!r})"
            raise refusal(self.name, "q", self.q, allowed)

    @property
    def cells(self) -> tuple[float, float]:
        """The first and the last multiple (ints), infinite where the law has no bound."""
        low, high = self.support
        first, last = first_cell(low, self.q), last_cell(high, self.q)
        if first <= last:
            return first, last
        only = round(low / self.q)
        return only, only

    @property
    def count(self) -> int | None:
        first, last = self.cells
        return int(last - first) + 1 if math.isfinite(last - first) else None

    def from_unit(self, u: float) -> float:
        return rounded(self.quantile(self._check_unit(u)), self.q, *self.cells)

    def to_unit(self, value: object) -> float:
        self._check_value(value)
        k = float(value) / self.q  # type: ignore[arg-type]
        if abs(k) <= MAX_MULTIPLE:
            k = round(k)
        middle = (self.cumulative((k - 0.5) * self.q) + self.cumulative((k + 0.5) * self.q)) / 2
        return min(middle, LAST_UNIT)

    def contains(self, value: object) -> bool:
        first, last = self.cells
        return is_number(value) and is_multiple(value, self.q, first, last)  # type: ignore[arg-type]

    def value_at(self, k: int) -> float:
        return multiple(int(self.cells[0]) + self._check_index(k), self.q)

    def index_of(self, value: object) -> int:
        self._check_value(value)
        return self._check_index(round(float(value) / self.q) - int(self.cells[0]))  # type: ignore[arg-type]

    def probability_at(self, k: int) -> float:
        if self.count == 1:
            self._check_index(k)
            return 1.0
        middle = int(self.cells[0]) + self._check_index(k)
        return self.cumulative((middle + 0.5) * self.q) - self.cumulative((middle - 0.5) * self.q)
