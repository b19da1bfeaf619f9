"""What is taken from SciPy: functions of the normal distribution, BLAS and LAPACK for triangular matrices."""

from typing import Any
from typing import cast

import numpy as np
from scipy.linalg import blas  # pyright: ignore[reportMissingTypeStubs]
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
    "times_lower",
    "times_transposed",
]

Array = np.ndarray

LOG_ROOT_2PI = 0.5 * np.log(2.0 * np.pi)

_blas, _lapack = cast(Any, blas), cast(Any, lapack)


def cholesky(matrix: Array) -> Array | None:
    """[n, n] lower factor L of a symmetric matrix L Lᵀ; None where it is not positive definite."""
    factor, failed = _lapack.dpotrf(matrix, lower=1, clean=1)
    return None if failed else factor


def solved(factor: Array, right: Array) -> Array:
    """(L Lᵀ)⁻¹ right."""
    return _lapack.dpotrs(factor, right, lower=1)[0]


def inverse_of_product(factor: Array) -> Array:
    """(L Lᵀ)⁻¹."""
    # Above the diagonal is what `cholesky` has cleared.
    lower = _lapack.dpotri(factor, lower=1)[0]
    whole = lower + lower.T
    whole.flat[:: len(whole) + 1] *= 0.5
    return whole


def inverse_of_factor(factor: Array) -> Array:
    """L⁻¹."""
    return np.tril(_lapack.dtrtri(factor, lower=1)[0])


def times_lower(rows: Array, lower: Array) -> Array:
    """rows [m, b, n] times lower [m, n, n], triangular: in half the time of a product of whole matrices."""
    return _times(rows, lower, transposed=0)


def times_transposed(rows: Array, lower: Array) -> Array:
    """rows [m, b, n] times the transposed of lower [m, n, n]."""
    return _times(rows, lower, transposed=1)


def _times(rows: Array, lower: Array, transposed: int) -> Array:
    # As Fortran sees them, rows and columns are the other way round.
    found = np.empty_like(rows)
    for one, factor, into in zip(rows, lower, found, strict=True):
        into[:] = _blas.dtrmm(1.0, factor.T, one.T, side=0, lower=0, trans_a=transposed).T
    return found
