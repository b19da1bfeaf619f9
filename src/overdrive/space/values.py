"""The values that a hyperparameter may take: plain JSON, and the text that tells two of them apart."""

import json

from overdrive.errors import SpecError

#: Containers within containers, at most.
MAX_DEPTH = 32
#: Integers of more bits are no numbers that a training script could want, and Python refuses to print far larger ones.
MAX_BITS = 1024

_ALLOWED = "finite numbers, text, True, False, None, and lists and dicts (with text as keys) of these"

_to_text = json.JSONEncoder(allow_nan=False).encode


def json_text(value: object) -> str:
    """The JSON text of a plain value; two values are the same one exactly when their texts are (1 is not 1.0)."""
    return _to_text(value)


def plain(value: object, depth: int = 0) -> object:
    """`value` as plain JSON data, copied: tuples become lists, NumPy scalars (anything with `.item()`) Python's own.

    Raises SpecError for anything else: NaN and infinities, other objects, keys that are no text, text that is not
    valid Unicode, containers nested more than 32 deep.
    """
    if depth > MAX_DEPTH:
        raise _refusal(value, f"lists and dicts nested at most {MAX_DEPTH} deep")
    if isinstance(value, (list, tuple)):
        return [plain(entry, depth + 1) for entry in value]
    if isinstance(value, dict):
        return {_key(key): plain(entry, depth + 1) for key, entry in value.items()}
    return _scalar(value)


def _key(key: object) -> str:
    if not isinstance(key, str):
        raise _refusal(key, "text as keys of a dict")
    return _text(key)


def _scalar(value: object) -> object:
    if isinstance(value, str):
        return _text(value)
    number = unwrapped(value)
    if number is None or isinstance(number, bool):
        return number
    if isinstance(number, str):
        return _text(number)
    if isinstance(number, int) and number.bit_length() <= MAX_BITS:
        return int(number)
    if isinstance(number, float) and abs(number) <= 1.7976931348623157e308:
        return float(number)
    raise _refusal(value, _ALLOWED)


def unwrapped(value: object) -> object:
    """A NumPy or torch scalar as Python's own number; everything else as it is."""
    item = None if isinstance(value, type) else getattr(value, "item", None)
    if not callable(item):
        return value
    try:
        return item()
    except (TypeError, ValueError, RuntimeError):
        # An array of several values: left as it is, so that the refusal shows what was given.
        return value


def _text(value: str) -> str:
    try:
        value.encode()
    except UnicodeEncodeError:
        raise _refusal(value, "text that is valid Unicode") from None
    # A subclass (an Enum, NumPy's str_) becomes plain text.
    return value if type(value) is str else str.__str__(value)


def _refusal(value: object, allowed: str) -> SpecError:
    return SpecError(f"{value!r} is not a value for a hyperparameter: it takes {allowed}", value=value, allowed=allowed)
