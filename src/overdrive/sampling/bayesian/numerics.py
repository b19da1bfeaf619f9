"""What is taken from SciPy: functions of the normal distribution, and LAPACK's routines for triangular matrices."""

from typing import Any
from typing import cast

import numpy as np
from scipy.linalg import lapack  # pyright: ignore[reportMissingTypeStubs]  # SciPy ships none
from scipy.special import erfcx  # pyright: ignore[reportMissingTypeStubs]
from scipy.special import log_ndtr  # pyright: ignore[reportMissingTypeStubs]
from scipy.special import ndtri  # pyright: ignore[reportMissingTypeStubs]

__all__ = [
    "LOG_ROOT_2PI",
    "cholesky",
    "erfcx",
    "inverse_of_factor",
    "inverse_of_product",
    "log_ndtr",
    "ndtri",
    "solved",
]

Array = np.ndarray

LOG_ROOT_2PI = 0.5 * np.log(2.0 * np.pi)

_lapack = cast(Any, lapack)


def cholesky(matrix: Array) -> Array | None:
    """[n, n] lower factor L of a symmetric matrix L Lᵀ; None where it is not positive definite."""
    factor, failed = _lapack.dpotrf(matrix, lower=1, clean=1)
    return None if failed else factor


def solved(factor: Array, right: Array) -> Array:
    """(L Lᵀ)⁻¹ right."""
    return _lapack.dpotrs(factor, right, lower=1)[0]


def inverse_of_product(factor: Array) -> Array:
    """(L Lᵀ)⁻¹."""
    lower = _lapack.dpotri(factor, lower=1)[0]
    return np.tril(lower) + np.tril(lower, -1).T


def inverse_of_factor(factor: Array) -> Array:
    """L⁻¹."""
    return np.tril(_lapack.dtrtri(factor, lower=1)[0])
