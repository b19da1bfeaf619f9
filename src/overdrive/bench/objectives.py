"""What a trial of a task gives: tables of real training runs, kernel regression done on the spot, functions.

An objective has two sides: `observe` is what a trial would log, with its noise; `truth` is what that configuration is
really worth, which is what samplers are judged by. None stands for a trial that fails.
"""

import importlib.util
from collections.abc import Callable
from collections.abc import Mapping
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

import numpy as np

from overdrive.bench.functions import FUNCTIONS
from overdrive.errors import SpecError

Configuration = Mapping[str, object]


class Objective(Protocol):
    """The two sides of a task."""

    def truth(self, configuration: Configuration) -> float | None:
        """The value without noise; None where the trial fails."""
        ...

    def observe(self, configuration: Configuration, rng: np.random.Generator) -> float | None:
        """What a trial logs."""
        ...


class Table:
    """Results on a grid, between its points interpolated linearly along each axis.

    values: [axis 1, …, axis k, repetition]. A trial sees one repetition (training seed, fold), drawn anew, or with
    `average` the truth itself: the mean of all (`median`: their median).
    axes: for each axis the hyperparameter, its grid, and how to go between: 'cat' (not at all), 'linear', 'log'.
    """

    def __init__(self, values: np.ndarray, axes: Sequence[tuple], *, median: bool, average: bool) -> None:
        self._values = values.astype(float)
        self._truth = np.median(self._values, -1) if median else self._values.mean(-1)
        self._average = average
        self._axes = [(name, how, list(grid), _positions(grid, how)) for name, grid, how in axes]

    def truth(self, configuration: Configuration) -> float:
        """Of the grid's mean or median."""
        return float(self._at(self._truth, configuration))

    def observe(self, configuration: Configuration, rng: np.random.Generator) -> float:
        """Of one repetition's grid."""
        if self._average:
            return self.truth(configuration)
        return float(self._at(self._values[..., rng.integers(self._values.shape[-1])], configuration))

    def _at(self, values: np.ndarray, configuration: Configuration) -> np.ndarray:
        """Takes one axis after the other away, from the first."""
        for name, how, grid, positions in self._axes:
            value = configuration[name]
            if positions is None:
                values = values[grid.index(value)]
                continue
            x = float(value)  # type: ignore[arg-type]
            x = np.log(max(x, 1e-300)) if how == "log" else x
            place = float(np.interp(x, positions, np.arange(len(positions))))
            below = int(place)
            part = place - below
            values = values[below] if part < 1e-9 else (1 - part) * values[below] + part * values[below + 1]
        return values


def _positions(grid: Sequence, how: str) -> np.ndarray | None:
    if how == "cat":
        return None
    numbers = np.array(grid, dtype=float)
    return np.log(numbers) if how == "log" else numbers


class KernelRidge:
    """Leave-one-out error of kernel ridge regression with a length scale for each feature, relative to the variance.

    names: the hyperparameters of the length scales, then of the ridge. as_log10: they are decimal logarithms.
    Source: Rasmussen & Williams 2006, eq. 5.12 (the errors without refitting).
    """

    def __init__(self, x: np.ndarray, y: np.ndarray, names: Sequence[str], *, as_log10: bool, noise: float) -> None:
        self._x, self._y, self._names, self._as_log10, self._noise = x, y, tuple(names), as_log10, noise

    def truth(self, configuration: Configuration) -> float:
        """At most 10."""
        numbers = np.array([float(configuration[name]) for name in self._names])  # type: ignore[arg-type]
        *scales, ridge = 10.0**numbers if self._as_log10 else numbers
        scaled = self._x / np.array(scales)
        squares = np.square(scaled).sum(1)
        distances = np.maximum(squares[:, None] + squares[None, :] - 2 * scaled @ scaled.T, 0)
        inverse = np.linalg.inv(np.exp(-distances / 2) + (ridge + 1e-9) * np.eye(len(scaled)))
        errors = (inverse @ self._y) / np.diag(inverse)[:, None]
        return float(min(np.square(errors).mean() / self._y.var(0).mean(), 10.0))

    def observe(self, configuration: Configuration, rng: np.random.Generator) -> float:
        """With Gaussian noise."""
        return self.truth(configuration) + self._noise * float(rng.standard_normal())


class Function:
    """A Python function of the configuration, with Gaussian noise."""

    def __init__(self, function: Callable[[Configuration], float | None], noise: float) -> None:
        self._function, self._noise = function, noise

    def truth(self, configuration: Configuration) -> float | None:
        """The function's value."""
        return self._function(configuration)

    def observe(self, configuration: Configuration, rng: np.random.Generator) -> float | None:
        """With Gaussian noise."""
        value, noise = self._function(configuration), self._noise * float(rng.standard_normal())
        return None if value is None else value + noise


def build_objective(task: Mapping, folder: Path) -> Objective:
    """The objective of one entry of a folder's tasks.json. Raises SpecError for an unknown kind or function."""
    kind = task.get("objective")
    if kind == "table":
        with np.load(folder / "data" / task["data"]) as data:
            values = data["vals"]
        is_median = task.get("agg") == "median"
        return Table(values, task["axes"], median=is_median, average=bool(task.get("average")))
    if kind == "krr":
        with np.load(folder / "data" / task["data"]) as data:
            x, y = data["X"].astype(float), data["Y"].astype(float)
        return KernelRidge(x, y, task["params"], as_log10=bool(task.get("as_log10")), noise=task.get("noise", 0.0))
    if kind == "func":
        return Function(_function(task["func"], folder), task.get("noise", 0.0))
    raise SpecError(field="objective", value=kind, allowed="table, krr, func")


def _function(name: str, folder: Path) -> Callable[[Configuration], float | None]:
    """From the folder's own funcs.py, where there is one, or one of ours."""
    place = folder / "funcs.py"
    found = None
    if place.exists():
        spec = importlib.util.spec_from_file_location("overdrive_bench_funcs", place)
        if spec is not None and spec.loader is not None:
            module = importlib.util.module_from_spec(spec)
            spec.loader.exec_module(module)
            found = getattr(module, name, None)
    found = found or FUNCTIONS.get(name)
    if found is None:
        raise SpecError(field="func", value=name, allowed=f"a function of {place}, or {', '.join(FUNCTIONS)}")
    return found
