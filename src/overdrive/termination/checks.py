"""What the arguments of a policy may be."""

import math

from overdrive.errors import SpecError


def check_integer(field: str, value: object, low: int, high: int | None = None) -> None:
    """Raises SpecError unless `value` is an int (not a bool) from `low` to `high`, both included."""
    if type(value) is int and low <= value and (high is None or value <= high):
        return
    allowed = f"an integer from {low} on" if high is None else f"an integer from {low} to {high}"
    raise SpecError(field=field, value=value, allowed=allowed)


def check_slack(field: str, value: object) -> None:
    """Raises SpecError unless `value` is a finite number that is not negative."""
    if isinstance(value, (int, float)) and not isinstance(value, bool) and 0 <= value < math.inf:
        return
    raise SpecError(field=field, value=value, allowed="a finite number from 0 on")
