"""Regret, and how sure means of it are."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from scipy.special import stdtrit  # pyright: ignore[reportMissingTypeStubs]  # SciPy ships none

from overdrive.bench.play import Told
from overdrive.bench.tasks import Task

Array = np.ndarray

#: Regret is at most this: a single lost run should not decide a mean.
MOST = 3.0
_DRAWS = 2000


class Estimate(NamedTuple):
    """A mean and the 95 % interval around it."""

    mean: float
    low: float
    high: float


def best_so_far(task: Task, told: Sequence[Told], budget: int) -> Array:
    """[budget] the true value of the best trial after each trial, to be made small; infinite before there is one.

    A run that ended early stays where it was.
    """
    values = [np.inf if one.best is None else task.sign * one.best for one in told[:budget]] or [np.inf]
    return np.array(values + [values[-1]] * (budget - len(values)))


def regrets(task: Task, runs: Array, reference: Array) -> Array:
    """[n, budget] regret of runs [n, budget] of `best_so_far`: 0 for the best known, 1 for the median of `reference`
    [r, budget], runs of random search, at the end; from 0 to 3.

    All 0 where random search finds the best: such a task tells nobody from anybody.
    """
    best = task.sign * task.best_known
    unit = float(np.median(reference[:, -1])) - best
    if not unit > 0:
        return np.zeros_like(runs)
    return np.clip((runs - best) / unit, 0.0, MOST)


def estimate(parts: Sequence[Array]) -> Estimate:
    """The mean over tasks of the mean over seeds; parts: for each task, [n] a value a seed."""
    mean, low, high = estimate_curve([part[:, None] for part in parts])
    return Estimate(float(mean[0]), float(low[0]), float(high[0]))


def estimate_curve(parts: Sequence[Array]) -> tuple[Array, Array, Array]:
    """Mean, lower and upper end of the interval [k]; parts: for each task, [n, k] a row a seed.

    The bootstrap draws tasks, then seeds within each of them, so that it holds for other tasks of the kind too; with
    one task, for other seeds.
    """
    rng, tasks = np.random.default_rng(0), len(parts)
    sums = np.zeros((_DRAWS, parts[0].shape[1]))
    for _ in range(tasks):
        chosen = rng.integers(tasks, size=_DRAWS)
        for t, part in enumerate(parts):
            rows = chosen == t
            counts = rng.multinomial(len(part), np.full(len(part), 1.0 / len(part)), size=int(rows.sum()))
            sums[rows] += counts @ part / len(part)
    low, high = np.percentile(sums / tasks, [2.5, 97.5], axis=0)
    return np.mean([part.mean(0) for part in parts], axis=0), low, high


def against(one: Array, other: Array) -> Estimate:
    """The mean of one [n] less that of other [m], whatever their seeds: on one task.

    Source: Welch 1947, with Satterthwaite's degrees of freedom; without an interval where either has only one value.
    """
    difference = float(one.mean() - other.mean())
    if min(len(one), len(other)) < 2:
        return Estimate(difference, -np.inf, np.inf)
    parts = np.array([one.var(ddof=1) / len(one), other.var(ddof=1) / len(other)])
    if not parts.any():
        return Estimate(difference, difference, difference)
    freedom = parts.sum() ** 2 / (parts**2 / (np.array([len(one), len(other)]) - 1)).sum()
    half = float(stdtrit(freedom, 0.975) * np.sqrt(parts.sum()))
    return Estimate(difference, difference - half, difference + half)
