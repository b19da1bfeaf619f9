"""Numbers at the borders: non-finite values in JSON, and numbers as people read them."""

import math

#: From here on a number is shown with an exponent.
_MUCH = 1e9
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
    """A number as people read it, the same in every face (web/src/data/format.ts, too); anything else by str().

    `digits` significant digits, none of those before the point left out, no trailing zeros: 0.1235, 12346. Whole
    numbers stand in full. From a billion on, and below 0.0001, with an exponent: 1.235e12. Halves are rounded up.
    """
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return str(value)
    try:
        size = abs(float(value))
    except OverflowError:
        return str(value)
    if not math.isfinite(size):
        return str(value)
    return f"{'-' if value < 0 else ''}{_shown(size, digits)}"


def _shown(size: float, digits: int) -> str:
    # The next float makes a half round up; without it 0.78125 would be 0.7812, which nobody expects.
    above = math.nextafter(size, math.inf)
    if size == 0 or 1e-4 <= size < _MUCH:
        decimals = 0 if size.is_integer() else max(0, digits - 1 - math.floor(math.log10(size)))
        text = f"{above:.{decimals}f}"
        return text.rstrip("0").rstrip(".") if decimals else text
    mantissa, _, exponent = f"{size if math.isinf(above) else above:.{digits - 1}e}".partition("e")
    return f"{mantissa.rstrip('0').rstrip('.') if '.' in mantissa else mantissa}e{int(exponent)}"
