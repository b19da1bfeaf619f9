"""Minimising many functions at once: BFGS within bounds, a batch of starts, each with its own curvature."""

from collections.abc import Callable

import numpy as np

Array = np.ndarray

#: [m, p] points, and which of the batch they belong to [m] → values [m], gradients [m, p].
Function = Callable[[Array, Array], tuple[Array, Array]]

#: Armijo's constant: the part of the decrease that the slope promises which a step must bring.
_SUFFICIENT = 1e-4
_HALVINGS = 6


def minimise(
    function: Function, starts: Array, low: Array, high: Array, iterations: int, first: Array, least: float
) -> tuple[Array, Array]:
    """The best points found from each start, [m, p], and their values [m].

    starts: [m, p], within low and high [p]. first: [p] the length of the first step along each coordinate.
    A start ends when its slope promises a decrease of less than `least`, when no step brings enough, or after so many
    iterations. Values must be finite at the starts.

    Source: Nocedal & Wright 2006, "Numerical Optimization", algorithm 6.1; coordinates at a bound that the gradient
    pushes against are left out of the step.
    """
    x = np.clip(starts, low, high)
    m = len(x)
    value, gradient = function(x, np.arange(m))
    curvature = _first_curvature(gradient, first)
    alive = np.ones(m, dtype=bool)
    for _ in range(iterations):
        free = ~(((x <= low) & (gradient > 0)) | ((x >= high) & (gradient < 0)))
        slope = np.where(free, gradient, 0.0)
        step = -np.where(free, np.einsum("mij,mj->mi", curvature, slope), 0.0)
        promised = (step * slope).sum(-1)
        bad = promised >= 0
        if bad.any():
            curvature[bad] = _first_curvature(gradient[bad], first)
            step[bad] = -np.einsum("mij,mj->mi", curvature[bad], slope[bad]) * free[bad]
            promised[bad] = (step[bad] * slope[bad]).sum(-1)
        alive &= promised < -least
        taken = _search_lines(function, x, value, step, promised, alive, low, high)
        new_x, new_value, new_gradient, moved = taken
        alive &= moved
        if not alive.any():
            break
        _update(curvature, new_x - x, np.where(moved[:, None], new_gradient - gradient, 0.0), alive)
        x = np.where(moved[:, None], new_x, x)
        value = np.where(moved, new_value, value)
        gradient = np.where(moved[:, None], new_gradient, gradient)
    return x, value


def _first_curvature(gradient: Array, first: Array) -> Array:
    """[m, p, p] the inverse curvature with which the first step has length `first` or less on each coordinate."""
    scaled = np.abs(gradient * first).max(-1)
    size = 1.0 / np.maximum(scaled, 1.0)
    return size[:, None, None] * np.diag(first * first)


def _search_lines(
    function: Function, x: Array, value: Array, step: Array, promised: Array, alive: Array, low: Array, high: Array
) -> tuple[Array, Array, Array, Array]:
    """Halves each step until it brings enough: points, values, gradients, and which moved."""
    m = len(x)
    new_x, new_value, new_gradient = x.copy(), value.copy(), np.zeros_like(x)
    moved, size = np.zeros(m, dtype=bool), np.ones(m)
    waiting = np.flatnonzero(alive)
    for _ in range(_HALVINGS):
        if not len(waiting):
            break
        tried = np.clip(x[waiting] + size[waiting, None] * step[waiting], low, high)
        values, gradients = function(tried, waiting)
        enough = values <= value[waiting] + _SUFFICIENT * size[waiting] * promised[waiting]
        accepted = waiting[enough]
        new_x[accepted], new_value[accepted] = tried[enough], values[enough]
        new_gradient[accepted] = gradients[enough]
        moved[accepted] = True
        waiting = waiting[~enough]
        size[waiting] *= 0.35
    return new_x, new_value, new_gradient, moved


def _update(curvature: Array, s: Array, y: Array, alive: Array) -> None:
    """Nocedal & Wright's eq. 6.17, in place, where the curvature along the step is positive."""
    product = (s * y).sum(-1)
    good = alive & (product > 1e-10)
    if not good.any():
        return
    s, y, rho = s[good], y[good], 1.0 / product[good]
    h = curvature[good]
    hy = np.einsum("mij,mj->mi", h, y)
    yhy = (y * hy).sum(-1)
    outer = np.einsum("mi,mj->mij", s, hy)
    h = h - rho[:, None, None] * (outer + np.swapaxes(outer, -1, -2))
    curvature[good] = h + (rho * (1.0 + rho * yhy))[:, None, None] * np.einsum("mi,mj->mij", s, s)
