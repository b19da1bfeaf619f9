"""What a single number or name of a configuration may be."""

import math
import operator

from overdrive.errors import SpecError

#: Azure's limits hold in strict mode; ours otherwise (most trials, most at once).
STRICT_LIMITS = (1_000, 100)
LIMITS = (1_000_000, 1_000)


def check_whole(field: str, value: object, low: int, high: int | None = None) -> int:
    """`value` as an int between `low` and `high`, both included. Raises SpecError for anything else, bools too."""
    allowed = f"a whole number from {low} to {high:,}" if high is not None else f"a whole number, {low} or more"
    if isinstance(value, bool):
        raise SpecError(field=field, value=value, allowed=allowed)
    try:
        number = operator.index(value)  # type: ignore[arg-type]
    except TypeError:
        raise SpecError(field=field, value=value, allowed=allowed) from None
    if number < low or (high is not None and number > high):
        raise SpecError(field=field, value=value, allowed=allowed)
    return number


def check_positive(field: str, value: object, unit: str) -> float:
    """`value` as a finite number above 0. Raises SpecError for anything else, bools and text too."""
    allowed = f"a number of {unit} above 0, or None for no limit"
    if isinstance(value, (bool, str, bytes)):
        raise SpecError(field=field, value=value, allowed=allowed)
    try:
        number = float(value)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        raise SpecError(field=field, value=value, allowed=allowed) from None
    if not math.isfinite(number) or number <= 0:
        raise SpecError(field=field, value=value, allowed=allowed)
    return value if isinstance(value, int) else number


def check_text(field: str, value: object, allowed: str = "text that is not empty") -> str:
    """`value` if it is text, not empty and without NUL. Raises SpecError otherwise."""
    if not isinstance(value, str) or not value or "\0" in value:
        raise SpecError(field=field, value=value, allowed=allowed)
    return value
