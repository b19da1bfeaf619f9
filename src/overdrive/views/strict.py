"""Strict JSON for whatever is shown: non-finite numbers as the words "nan", "inf", "-inf"."""

import json
import math

from overdrive.records import as_json_number


def as_strict(value: object) -> object:
    """The same value, as JSON can hold it: numbers of foreign types and anything else unknown by their text."""
    if value is None or isinstance(value, (bool, str)):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else as_json_number(value)
    if isinstance(value, int):
        return value
    if isinstance(value, (list, tuple)):
        return [as_strict(item) for item in value]
    if isinstance(value, dict):
        return {str(key): as_strict(item) for key, item in value.items()}
    return str(value)


def strict_json(value: object, indent: int | None = 2) -> str:
    """The text of `value`, which any strict JSON parser reads."""
    try:
        # What is strict already, nearly everything, is written three times as fast.
        return json.dumps(value, allow_nan=False, ensure_ascii=False, indent=indent)
    except (ValueError, TypeError):
        pass  # a number that is not finite, or of a foreign type
    return json.dumps(as_strict(value), allow_nan=False, ensure_ascii=False, indent=indent)
