"""What one line of a spool says: its checksum, its JSON, its kind."""

import json
import math
import zlib

from overdrive.records import MetricRecord
from overdrive.records import as_json_number

#: How our own writer ends a line: `, "crc": "` + 8 digits + `"}`; the checksum is that of all bytes before.
_CRC_KEY = b', "crc": "'
_CRC_BYTES = 20
#: How every line of our own writer begins.
_HEAD = b'{"name": '
#: Whole numbers outside [-2^63, 2^63) become floats: the store's columns have 64 bits.
_INT_LIMIT = 2**63
#: JSON nested deeper than this is no metric.
_DEPTH = 64
#: How many beginnings of a line are tried inside a damaged one.
_TRIES = 16
_WORDS = {"nan": math.nan, "inf": math.inf, "-inf": -math.inf}
#: What the values of each kind of metric are. A line whose value is something else is taken by its value.
_FORMS: dict[str, type] = {
    "text": str,
    "none": type(None),
    "list": list,
    "row": dict,
    "table": dict,
    "image": str,
    "confusion_matrix": dict,
    "residuals": dict,
    "predictions": dict,
    "accuracy_table": dict,
}


def _big_int(digits: str) -> int | float:
    """A whole number of any length: Python refuses to read thousands of digits."""
    return int(digits) if len(digits) < 400 else -math.inf if digits.startswith("-") else math.inf


_decode = json.JSONDecoder().raw_decode
#: Slower, since it calls back for each whole number.
_decode_any = json.JSONDecoder(parse_int=_big_int).raw_decode


def parse_line(line: bytes, n: int) -> MetricRecord | None:
    """Record number n, or None where the line is none. Raises nothing: trials may write anything."""
    if line[-_CRC_BYTES:-10] == _CRC_KEY:
        return _record(_parse(line), n) if _is_sound(line) else None
    data = _parse(line.removeprefix(b"\xef\xbb\xbf").strip(b" \t\r"))
    # A checksum that does not stand where our writer puts it cannot be verified.
    return None if data is None or "crc" in data else _record(data, n)


def salvage_line(line: bytes, n: int) -> list[MetricRecord]:
    """The records, numbered from n, of a line that is none: where a whole line of our own writer hangs on another.

    One where the other is a piece that was never completed, two where it lacks but its newline.
    """
    if line[-_CRC_BYTES:-10] != _CRC_KEY:
        return []
    start = len(line)
    for _ in range(_TRIES):
        start = line.rfind(_HEAD, 1, start + len(_HEAD) - 1)
        if start < 0:
            return []
        if _is_sound(line[start:]):
            first = parse_line(line[:start], n)
            found = [] if first is None else [first]
            last = _record(_parse(line[start:]), n + len(found))
            return found if last is None else [*found, last]
    return []


def _is_sound(line: bytes) -> bool:
    return b"%08x" % zlib.crc32(line[:-_CRC_BYTES]) == line[-10:-2]


def _parse(line: bytes) -> dict | None:
    """The JSON object of a line. Bare NaN and Infinity are taken: many programs write them."""
    try:
        text = line.decode()
        try:
            data, end = _decode(text)
        except ValueError:
            data, end = _decode_any(text)
    except (ValueError, RecursionError):
        return None
    return data if end == len(text) and type(data) is dict else None


def _record(data: dict | None, n: int) -> MetricRecord | None:
    if data is None or "value" not in data:
        return None
    name, value, kind = data.get("name"), data["value"], data.get("kind")
    if type(name) is not str or not name:
        return None
    if kind is not None or type(value) is not float:
        try:
            value, kind = _typed(value, kind)
        except ValueError:
            return None
    step, at, rank = data.get("step"), data.get("at"), data.get("rank")
    # What nearly every line says is looked at here: a call for each of it would cost a fifth of taking a line in.
    return MetricRecord(
        n,
        name if name.isascii() else _storable(name),
        value,
        kind,
        None if step is None else _finite(step),
        at if type(at) is float and math.isfinite(at) else _finite(at),
        0 if rank is None else _rank(rank),
    )


def _typed(value: object, kind: object) -> tuple[object, str | None]:
    """Value and kind as records have them. Raises ValueError for a value nested too deep."""
    if isinstance(kind, str) and kind:
        if kind == "number" and isinstance(value, str) and value in _WORDS:
            return _WORDS[value], None
        if kind != "number" and isinstance(value, _FORMS.get(kind, object)):
            return _strict(value, _DEPTH), _storable(kind)
    if isinstance(value, (int, float)):
        return _number(value), None
    by_value = "none" if value is None else {str: "text", list: "list"}.get(type(value), "row")
    return _strict(value, _DEPTH), by_value


def _number(value: int | float) -> int | float:
    """bool as 1 or 0, whole numbers beyond 64 bits as floats."""
    if isinstance(value, float):
        return value
    if -_INT_LIMIT <= value < _INT_LIMIT:
        return int(value)
    try:
        return float(value)
    except OverflowError:
        return math.inf if value > 0 else -math.inf


def _strict(value: object, depth: int) -> object:
    """Strict JSON data: non-finite numbers as words, text that any encoding takes."""
    if isinstance(value, str):
        return _storable(value)
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, (int, float)):
        return as_json_number(_number(value))
    if not depth:
        raise ValueError("nested too deep")
    if isinstance(value, list):
        return [_strict(item, depth - 1) for item in value]
    if isinstance(value, dict):
        return {_storable(key): _strict(item, depth - 1) for key, item in value.items()}
    raise TypeError(f"no JSON value: {value!r}")


def _storable(text: str) -> str:
    """Text without half surrogate pairs, which no database and no file takes."""
    if text.isascii():
        return text
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def _finite(value: object) -> float | None:
    """A finite number, or None for anything else."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return None
    value = _number(value)
    return value if math.isfinite(value) else None


def _rank(value: object) -> int:
    """A rank, as number or digits; 0 for anything that is none."""
    if isinstance(value, str) and value.isdecimal() and len(value) < 10:
        value = int(value)
    return value if type(value) is int and 0 <= value < _INT_LIMIT else 0
