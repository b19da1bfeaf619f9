"""The covariance function: Matérn-5/2 with one length scale an axis.

With r the distance after division by the length scales, k(r) = a (1 + √5 r + 5 r² / 3) exp(−√5 r). Unordered choices
are corners of a simplex (see `coordinates`), so that they share the formula.

Source: Rasmussen & Williams 2006, "Gaussian Processes for Machine Learning", eq. 4.17.
"""

import numpy as np

Array = np.ndarray


def matern(squares: Array) -> Array:
    """k by r² (any shape), for a = 1."""
    root = np.sqrt(5.0 * squares)
    shape = root / 3.0
    shape += 1.0
    shape *= root
    shape += 1.0
    shape *= np.exp(np.negative(root, out=root), out=root)
    return shape


def matern_and_slope(squares: Array) -> tuple[Array, Array]:
    """k, and s = 5/3 (1 + √5 r) exp(−√5 r), with which ∂k/∂x_j = −s (x_j − x'_j) / ℓ_j² and
    ∂k/∂log ℓ_j = s (x_j − x'_j)² / ℓ_j²."""
    root = np.sqrt(5.0 * squares)
    decay = np.exp(-root)
    slope = 1.0 + root
    slope *= decay
    root *= root
    root *= decay
    root /= 3.0
    root += slope
    slope *= 5.0 / 3.0
    return root, slope


def squares_between(one: Array, other: Array) -> Array:
    """[…, n, m] squared distances between the rows of one […, n, D] and other […, m, D]."""
    squares = one @ np.swapaxes(-2.0 * other, -1, -2)
    squares += np.square(one).sum(-1)[..., :, None]
    squares += np.square(other).sum(-1)[..., None, :]
    return np.maximum(squares, 0.0, out=squares)
