"""What a logged Python value becomes in a line: JSON text, by hand, since `import json` costs a thousand log calls."""

from __future__ import annotations

try:
    from _json import encode_basestring_ascii as quote
except ImportError:  # an interpreter without the C part of json
    from json.encoder import encode_basestring_ascii as quote

__all__ = ["finite_text", "is_series", "number_text", "plain", "quote", "scalar_text"]

#: Whole numbers from here on become floats: no store holds them exactly.
_INT_LIMIT = 2**63
#: Lists inside lists, and so on, deeper than this become text.
_DEPTH = 32
_GENERATOR = type(_ for _ in ())


def is_series(value: object) -> bool:
    """Whether `value` is one of the things that `log` refuses, because `log_list` takes them."""
    return isinstance(value, (list, range, _GENERATOR))


def number_text(value: int | float) -> tuple[str, str | None]:
    """JSON text and kind of a number: non-finite ones become "nan", "inf", "-inf" of kind 'number'."""
    if isinstance(value, int):
        value = int(value)  # bool and other subclasses print as words
        if -_INT_LIMIT < value < _INT_LIMIT:
            return str(value), None
        value = _float(value)
    text = float.__repr__(value)
    return (f'"{text}"', "number") if text[-1] in "fn" else (text, None)


def scalar_text(value: object) -> tuple[str, str | None]:
    """JSON text and kind of one value: a number (also of NumPy, torch, …), text, None; others are text by `str`."""
    value = _unwrap(value)
    if value is None:
        return "null", None
    if isinstance(value, (int, float)):
        return number_text(value)
    return quote(str(value)), None


def finite_text(value: object) -> str | None:
    """JSON text of a finite number, also one of NumPy, torch, …; None for anything else."""
    value = _unwrap(value)
    if not isinstance(value, (int, float)):
        return None
    text, kind = number_text(value)
    return text if kind is None else None


def plain(value: object, depth: int = _DEPTH) -> object:
    """Strict JSON data: lists, dicts with text keys, numbers, text, bool, None. Non-finite numbers become words."""
    if isinstance(value, bool):
        return value
    if isinstance(value, dict) and depth:
        return {key if isinstance(key, str) else str(key): plain(item, depth - 1) for key, item in value.items()}
    value = _listed(value)
    if isinstance(value, list) and depth:
        return [plain(item, depth - 1) for item in value]
    value = _unwrap(value)
    if isinstance(value, bool):
        return value
    if isinstance(value, int):
        value = int(value)
        if -_INT_LIMIT < value < _INT_LIMIT:
            return value
        value = _float(value)
    if isinstance(value, float):
        text = float.__repr__(value)
        return text if text[-1] in "fn" else float(text)
    return value if value is None else str(value)


def _listed(value: object) -> object:
    """A list of the items, where `value` is a series of any kind (arrays and data frames' columns by `tolist`)."""
    if isinstance(value, (list, tuple, set, frozenset, range, _GENERATOR)):
        return list(value)
    tolist = getattr(value, "tolist", None)
    return tolist() if callable(tolist) else value


def _unwrap(value: object) -> object:
    """The Python number inside a scalar of NumPy, torch, TensorFlow, decimal, …; other values unchanged."""
    if value is None or isinstance(value, (str, int, float)):
        return value
    try:
        item = getattr(value, "item", None)
        inner = item() if callable(item) else value
        if inner is None or isinstance(inner, (str, int, float)):
            return inner
        return float(inner) if hasattr(inner, "__float__") else value  # type: ignore[arg-type]
    except (TypeError, ValueError, RuntimeError, OverflowError):
        return value  # an array of several numbers, a complex number, a dict of items: no single number


def _float(value: int) -> float:
    try:
        return float(value)
    except OverflowError:
        return float("inf") if value > 0 else float("-inf")
