"""Analytic tasks: functions of a configuration whose best value is known. All are to be made small."""

from collections.abc import Callable
from collections.abc import Mapping

import numpy as np

Configuration = Mapping[str, object]

_HARTMANN_A = np.array(
    [
        [10.0, 3.0, 17.0, 3.5, 1.7, 8.0],
        [0.05, 10.0, 17.0, 0.1, 8.0, 14.0],
        [3.0, 3.5, 1.7, 10.0, 17.0, 8.0],
        [17.0, 8.0, 0.05, 10.0, 0.1, 14.0],
    ]
)
_HARTMANN_P = 1e-4 * np.array(
    [
        [1312, 1696, 5569, 124, 8283, 5886],
        [2329, 4135, 8307, 3736, 1004, 9991],
        [2348, 1451, 3522, 2883, 3047, 6650],
        [4047, 8828, 8732, 5743, 1091, 381],
    ]
)
_HARTMANN_C = np.array([1.0, 1.2, 3.0, 3.2])


def _numbers(c: Configuration, names: str) -> np.ndarray:
    return np.array([float(c[name]) for name in names.split()])  # type: ignore[arg-type]


def branin(c: Configuration) -> float:
    """Three equal minima, 0.397887, in x from −5 to 10 and y from 0 to 15. Source: Dixon & Szegő 1978."""
    x, y = _numbers(c, "x y")
    bend = y - 5.1 * (x / (2 * np.pi)) ** 2 + 5 * x / np.pi - 6
    return float(bend * bend + 10 * (1 - 1 / (8 * np.pi)) * np.cos(x) + 10)


def hartmann(c: Configuration) -> float:
    """Six dimensions of the unit cube, smooth, minimum −3.32237. Source: Dixon & Szegő 1978."""
    x = _numbers(c, "x0 x1 x2 x3 x4 x5")
    return float(-_HARTMANN_C @ np.exp(-(_HARTMANN_A * np.square(x - _HARTMANN_P)).sum(1)))


def levy(c: Configuration) -> float:
    """Many local minima in eight dimensions, minimum 0 where all are 1. Source: Levy & Montalvo 1985."""
    w = 1 + (_numbers(c, "x0 x1 x2 x3 x4 x5 x6 x7") - 1) / 4
    inner = (w[:-1] - 1) ** 2 * (1 + 10 * np.sin(np.pi * w[:-1] + 1) ** 2)
    last = (w[-1] - 1) ** 2 * (1 + np.sin(2 * np.pi * w[-1]) ** 2)
    return float(np.sin(np.pi * w[0]) ** 2 + inner.sum() + last)


def rosenbrock_rates(c: Configuration) -> float:
    """log(1 + Rosenbrock's function) in the decimal logarithms of four rates; minimum 0. Source: Rosenbrock 1960."""
    logs = np.log10(_numbers(c, "lr wd eps clip"))
    z = 1 + logs + np.array([3.0, 4.0, 6.0, 0.0])
    valley = z[1:] - z[:-1] ** 2
    return float(np.log1p((100 * valley**2 + (1 - z[:-1]) ** 2).sum()))


def ackley_mixed(c: Configuration) -> float:
    """Five numbers, two choices of words and one of numbers that each add their distance; minimum 0. Source: Ackley
    1987, for the function of the eight distances."""
    words = {"low": 1.5, "mid": 0.0, "high": 0.7, "off": 1.0, "on": 0.0}
    numbers = _numbers(c, "x0 x1 x2 x3 x4") - (0.3 * np.arange(5) - 0.8)
    steps = abs(float(c["k"]) - 2) / 2  # type: ignore[arg-type]
    z = np.array([*numbers, words[str(c["a"])], words[str(c["b"])], steps])
    bowl, ripples = np.sqrt(np.mean(z * z)), np.mean(np.cos(2 * np.pi * z))
    return float(20 + np.e - 20 * np.exp(-0.2 * bowl) - np.exp(ripples))


def cliff(c: Configuration) -> float | None:
    """Better towards an edge beyond which trials fail (None), at a rate of 0.03 · width / 64; minimum about 0."""
    rate, width = _numbers(c, "rate width")
    edge = np.log(0.03 * width / 64)
    below = edge - np.log(rate)
    return None if below < 0 else float(below**2 / 10 + (np.log(width / 256)) ** 2 / 10)


#: By the names that tasks use.
FUNCTIONS: dict[str, Callable[[Configuration], float | None]] = {
    function.__name__: function for function in (ackley_mixed, branin, cliff, hartmann, levy, rosenbrock_rates)
}
