"""Numbers at the borders: non-finite values in JSON, and numbers as people read them."""

import math

_WORDS = {"nan": math.nan, "inf": math.inf, "-inf": -math.inf}


def as_json_number(value: float | None) -> float | str | None:
    """A number for strict JSON: finite ones as they are, the others as "nan", "inf" or "-inf"."""
    if value is None or math.isfinite(value):
        return value
    return "nan" if math.isnan(value) else ("inf" if value > 0 else "-inf")


def from_json_number(value: float | str | None) -> float | None:
    """The inverse of `as_json_number`. Raises KeyError for any other text."""
    return _WORDS[value] if isinstance(value, str) else value


def show_number(value: object, digits: int = 4) -> str:
    """A number as people read it: `digits` significant digits, no trailing zeros; anything else by str()."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return str(value)
    if isinstance(value, int) or not math.isfinite(value):
        return str(value)
    return f"{value:.{digits}g}"
