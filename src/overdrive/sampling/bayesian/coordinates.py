"""A configuration as numbers, one a hyperparameter, and as a point in the space in which the kernel measures distances.

Notation, for all of this folder (shapes in brackets):
    d       hyperparameters with more than one value: the axes
    codes   [n, d] what the search works on: the natural coordinate of a numeric axis (its logarithm where the scale is
            'log', its rank among the listed numbers where it is 'ordered'), shifted and scaled so that draws from the
            space have mean 0 and standard deviation SPREAD; the number of the option for an unordered choice. NaN on
            a numeric axis, -1 on a choice, is a value that is not known, or no option
    points  [n, D] numeric codes as they are, unordered choices as one column an option: what distances are taken of
"""

import functools
from collections.abc import Collection
from collections.abc import Mapping
from collections.abc import Sequence

import numpy as np

from overdrive.space import Choice
from overdrive.space import Expression
from overdrive.space import Space
from overdrive.space import json_text
from overdrive.space.multiples import multiple

Array = np.ndarray

#: Standard deviation of every axis.
SPREAD = 1.0
#: How far off its axis a value is that is not known. Two draws are √2 SPREADs from each other.
UNKNOWN = 2.0 * SPREAD
#: The midpoints of equal parts of [0, 1): the values there stand for the distribution.
_MIDDLES = (np.arange(256) + 0.5) / 256
#: Searches leave out this much of an unbounded distribution at each end.
_TAIL = 0.001
#: Axes whose neighbouring values are further apart (in SPREADs) are not smoothed over by gradients.
_COARSE = 0.4
#: Columns that one choice may take.
_MOST_COLUMNS = 64
#: Codes beyond it are of another world: the logarithm of a value that is not above 0, say.
_FARTHEST = 70.0


class NumericAxis:
    """A hyperparameter that has an order."""

    columns = 1

    def __init__(self, expression: Expression) -> None:
        self._expression = expression
        self._is_log = expression.scale == "log"
        self._q = float(getattr(expression, "q", 0.0))
        self._sorted: list = []
        if isinstance(expression, Choice):
            self._sorted = sorted(expression.values() or (), key=lambda value: (value, json_text(value)))
            self._rank = {json_text(value): k for k, value in enumerate(self._sorted)}
        drawn = np.array([self._at_unit(u) for u in _MIDDLES.tolist()])
        self._centre = float(drawn.mean())
        self._scale = float(drawn.std()) / SPREAD
        if not self._scale > 0:
            # One value takes all but a sliver of the distribution.
            self._scale = max(abs(self._centre), 1.0)
        # Numbers that are listed need not be listed in their order.
        ends = sorted([0.0, len(self._sorted) - 1.0] if self._sorted else map(self._at_unit, self._end_units()))
        #: Lowest and highest code.
        self.low, self.high = ((end - self._centre) / self._scale for end in ends)
        self._quantiles = np.sort(drawn - self._centre) / self._scale
        #: Whether gradients may move along it.
        self.is_smooth = expression.is_continuous or self._step() < _COARSE * SPREAD

    def _at_unit(self, u: float) -> float:
        return self._natural(self._expression.from_unit(u))

    def _end_units(self) -> tuple[float, float]:
        bounded = self._expression.count is not None or "uniform" in self._expression.name
        return (0.0, 1.0) if bounded else (_TAIL, 1.0 - _TAIL)

    def _step(self) -> float:
        """The mean distance between neighbouring codes."""
        count = self._expression.count
        if count is None:
            # Multiples without an end: measured at the middle of the distribution.
            middle = float(self._expression.from_unit(0.5))  # type: ignore[arg-type]
            return abs(self._natural(middle + self._q) - self._natural(middle)) / self._scale
        return (self.high - self.low) / max(count - 1, 1)

    def _natural(self, value: object) -> float:
        if self._sorted:
            rank = self._rank.get(json_text(value))
            if rank is not None:
                return float(rank)
            return float(np.interp(float(value), [float(one) for one in self._sorted], range(len(self._sorted))))  # type: ignore[arg-type]
        x = float(value)  # type: ignore[arg-type]
        if not self._is_log:
            return x
        # A multiple of q may be 0: it stands for what rounds to it.
        return float(np.log(max(x, self._q / 4 or np.finfo(float).tiny)))

    def code_of(self, value: object) -> float:
        """The code of a value; beyond the ends for a number that the expression cannot take."""
        return (self._natural(value) - self._centre) / self._scale

    def sample(self, units: Array) -> Array:
        """Codes of draws at `units`."""
        ends = [0.0, *_MIDDLES.tolist(), 1.0]
        return self.snap(np.interp(units, ends, [self.low, *self._quantiles, self.high]))

    def snap(self, codes: Array) -> Array:
        """The nearest codes that values have."""
        codes = np.clip(codes, self.low, self.high)
        if self._expression.is_continuous:
            return codes
        natural = codes * self._scale + self._centre
        if not self._q:
            return (np.rint(natural) - self._centre) / self._scale
        steps = np.rint((np.exp(natural) if self._is_log else natural) / self._q)
        return (self._of_steps(steps) - self._centre) / self._scale

    def _of_steps(self, steps: Array) -> Array:
        values = steps * self._q
        return np.log(np.maximum(values, self._q / 4)) if self._is_log else values

    def neighbours(self, code: float) -> list[float]:
        """The codes next to one, for coarse axes; none for others."""
        if self.is_smooth:
            return []
        natural = code * self._scale + self._centre
        if not self._q:
            around = np.array([natural - 1, natural + 1])
        else:
            step = np.rint((np.exp(natural) if self._is_log else natural) / self._q)
            around = self._of_steps(np.array([step - 1, step + 1]))
        return self.snap((around - self._centre) / self._scale).tolist()

    def value_of(self, code: float) -> object:
        """The value whose code is nearest."""
        natural = float(code * self._scale + self._centre)
        if self._sorted:
            return self._expression.value_at(self._expression.index_of(self._sorted[round(natural)]))
        if self._expression.is_continuous:
            low, high = self._expression.support  # type: ignore[attr-defined]
            return float(min(max(np.exp(natural) if self._is_log else natural, low), high))
        if not self._q:
            return int(min(max(round(natural), 0), self._expression.count - 1))  # type: ignore[operator]
        return self._multiple(round(float(np.exp(natural) if self._is_log else natural) / self._q))

    def _multiple(self, k: int) -> object:
        first, last = self._expression.cells  # type: ignore[attr-defined]
        return multiple(int(min(max(k, first), last)), self._q)

    def points(self, codes: Array) -> Array:
        """[n, 1]: the code itself; the middle for what is not known."""
        return np.nan_to_num(codes[:, None])


class ChoiceAxis:
    """A hyperparameter without an order: two options are as far apart as any other two."""

    is_smooth = False
    low, high = 0.0, 0.0

    def __init__(self, expression: Expression) -> None:
        self._expression = expression
        self._cumulative = np.cumsum(expression.probabilities() or ())
        count = expression.count or 1
        self.columns = min(count, _MOST_COLUMNS)
        self._count = count
        # Two draws lie as far apart, in the mean of the squares, as on a numeric axis: 2 SPREAD².
        differ = 1.0 - float(np.square(expression.probabilities() or ()).sum())
        side = SPREAD / differ**0.5
        # One row an option, and one of zeros for what is no option.
        if count <= _MOST_COLUMNS:
            self._corners, self._side = np.eye(count + 1, count, dtype=np.int8), side
        else:
            # Random signs are nearly as far from each other, in fewer columns.
            signs = np.random.default_rng(0).choice(np.array([-1, 1], dtype=np.int8), (count, self.columns))
            self._corners, self._side = np.vstack([signs, np.zeros_like(signs[:1])]), side / self.columns**0.5

    def code_of(self, value: object) -> float:
        """The option's number; -1 for what is no option, which is as far from any of them as from any other."""
        return float(self._expression.index_of(value)) if self._expression.contains(value) else -1.0

    def sample(self, units: Array) -> Array:
        """Codes of draws at `units`."""
        return np.minimum(np.searchsorted(self._cumulative, units, side="right"), self._count - 1).astype(float)

    def snap(self, codes: Array) -> Array:
        """The codes as they are: they are options already."""
        return codes

    def neighbours(self, code: float) -> list[float]:
        """All other options, or some of very many."""
        step = -(-self._count // _MOST_COLUMNS)
        return [float(k) for k in range(0, self._count, step) if k != code]

    def value_of(self, code: float) -> object:
        """The option of this number."""
        return self._expression.value_at(int(code))

    def points(self, codes: Array) -> Array:
        """[n, columns]: the option's corner of a regular simplex."""
        return self._side * self._corners[codes.astype(int)]


Axis = NumericAxis | ChoiceAxis


class Coordinates:
    """The axes of a space, and the way from configurations to codes, points and back."""

    def __init__(self, space: Space, unknown: Collection[str] = ()) -> None:
        """unknown: names without a value in some of the configurations that points are made of."""
        self.space = space
        #: The names that have an axis: those with more than one value.
        self.names = tuple(name for name, expression in space.items() if expression.count != 1)
        self.axes: tuple[Axis, ...] = tuple(_axis(space[name]) for name in self.names)
        # An unknown value is far from all values, in a column of its own beside the middle of the axis. How much that
        # matters depends on the length scale of the axis: nothing where the axis does not matter.
        self._doubtful = [
            k
            for k, (name, axis) in enumerate(zip(self.names, self.axes, strict=True))
            if name in unknown and isinstance(axis, NumericAxis)
        ]
        columns = np.repeat(np.arange(len(self.axes)), [axis.columns for axis in self.axes])
        #: [D] the axis of each column of points.
        self.axis_of_column = np.concatenate([columns, np.array(self._doubtful, dtype=int)])
        self.low = np.array([axis.low for axis in self.axes])
        self.high = np.array([axis.high for axis in self.axes])
        #: The axes along which gradients may move, and their columns.
        self.smooth = np.array([k for k, axis in enumerate(self.axes) if axis.is_smooth], dtype=int)
        self.smooth_columns = np.flatnonzero(np.isin(columns, self.smooth))

    @functools.cached_property
    def _fixed(self) -> dict[str, object]:
        return {name: expr.value_at(0) for name, expr in self.space.items() if expr.count == 1}

    @functools.cached_property
    def cells(self) -> Array:
        """[count, d] the codes of all configurations of a finite space, in the order of their numbers."""
        options = [
            [axis.code_of(value) for value in self.space[name].values() or ()]
            for name, axis in zip(self.names, self.axes, strict=True)
        ]
        grid = np.meshgrid(*options, indexing="ij")
        return np.column_stack([codes.ravel() for codes in grid])

    def codes_of(self, configurations: Sequence[Mapping[str, object]]) -> Array:
        """[n, d] the codes of configurations that are `placed`."""
        rows = [row for row in map(self.placed, configurations) if row is not None]
        return np.array(rows, dtype=float).reshape(len(rows), len(self.axes))

    def placed(self, configuration: Mapping[str, object]) -> list[float] | None:
        """The codes of a configuration of this space or of another one; None where a value has no place on its axis.

        Beyond the ends for numbers outside the space, -1 for what is no option; NaN, or -1, where a name is missing.
        """
        codes = []
        for name, axis in zip(self.names, self.axes, strict=True):
            if name not in configuration:
                codes.append(np.nan if isinstance(axis, NumericAxis) else -1.0)
                continue
            value = configuration[name]
            is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
            code = axis.code_of(value) if is_number or isinstance(axis, ChoiceAxis) else np.inf
            if not abs(code) <= _FARTHEST and isinstance(axis, NumericAxis):
                return None
            codes.append(code)
        return codes

    def configuration_of(self, codes: Array) -> dict[str, object]:
        """The configuration of one row of snapped codes, in the space's declared order."""
        values = {name: axis.value_of(code) for name, axis, code in zip(self.names, self.axes, codes, strict=True)}
        fixed = self._fixed
        return {name: fixed[name] if name in fixed else values[name] for name in self.space.names}

    def points_of(self, codes: Array) -> Array:
        """[n, D] the points of codes."""
        if not self.axes:
            return np.zeros((len(codes), 0))
        doubt = UNKNOWN * np.isnan(codes[:, self._doubtful])
        return np.hstack([*(axis.points(codes[:, k]) for k, axis in enumerate(self.axes)), doubt])

    def snap(self, codes: Array) -> Array:
        """[n, d] the nearest codes that values have."""
        return np.column_stack([axis.snap(codes[:, k]) for k, axis in enumerate(self.axes)])

    def sample(self, units: Array) -> Array:
        """[n, d] codes of draws from the space at `units` [n, d]."""
        return np.column_stack([axis.sample(units[:, k]) for k, axis in enumerate(self.axes)])


def _axis(expression: Expression) -> Axis:
    return ChoiceAxis(expression) if expression.scale == "choice" else NumericAxis(expression)
