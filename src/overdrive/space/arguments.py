"""Checks of the arguments that expressions take."""

import math

from overdrive.errors import SpecError
from overdrive.space.values import unwrapped


def refusal(expression: str, field: str, value: object, allowed: str) -> SpecError:
    """The error for one argument, naming the expression, the argument, its value and what it takes."""
    message = f"{expression}: {field} = {value!r} is not allowed: it takes {allowed}"
    return SpecError(message, field=field, value=value, allowed=allowed)


def number(expression: str, field: str, value: object) -> int | float:
    """`value` as a finite int or float; ints stay ints, bools count as 0 and 1 (as they do in Azure's client).

    Raises SpecError for anything else.
    """
    plain = unwrapped(value)
    if isinstance(plain, (int, float)) and is_finite(plain):
        return int(plain) if isinstance(plain, int) else float(plain)
    raise refusal(expression, field, value, "a finite number")


def is_finite(value: int | float) -> bool:
    """Whether `value` is finite as a float; an int beyond a float's range is not."""
    try:
        return math.isfinite(value)
    except OverflowError:
        return False


def is_number(value: object) -> bool:
    """Whether `value` can be a drawn number: a finite int or float, and no bool."""
    return isinstance(value, (int, float)) and not isinstance(value, bool) and is_finite(value)
