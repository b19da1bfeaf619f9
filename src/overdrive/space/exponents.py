"""Natural logarithms as arguments: exp() of them must be a float above 0."""

import math
import sys

from overdrive.space.arguments import refusal

#: exp() of it is the smallest positive float.
LOWEST = -744.0
#: exp() of it is close to the largest float.
HIGHEST = 709.0

_SMALLEST_VALUE = math.ulp(0.0)


def check_exponent(expression: str, field: str, value: float) -> None:
    """Raises SpecError for a logarithm whose exp() is 0 or infinite."""
    if not LOWEST <= value <= HIGHEST:
        allowed = f"a natural logarithm from {LOWEST:.0f} to {HIGHEST:.0f} (the value itself is exp({field}))"
        raise refusal(expression, field, value, allowed)


def exp_within(x: float) -> float:
    """exp(x), kept between the smallest and the largest positive float."""
    return sys.float_info.max if x > HIGHEST else max(math.exp(x), _SMALLEST_VALUE)
