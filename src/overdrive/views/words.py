"""Durations, sizes, times and values as people read them: the same words in every face."""

import json
from datetime import datetime

from overdrive.host.clock import utc_text
from overdrive.records import show_number

#: Below it every whole number is a float, here and in a browser.
_EXACT = 2**53
_SIZES = ("bytes", "kB", "MB", "GB", "TB")
_UNITS = ((86400, "d"), (3600, "h"), (60, "min"), (1, "s"))


def show_duration(seconds: float | None) -> str:
    """'0.4 s', '12 s', '3 min 20 s', '2 h 5 min', '3 d 4 h'; '' for None."""
    if seconds is None:
        return ""
    seconds = max(0.0, seconds)
    if seconds < 9.95:
        return f"{seconds:.1f} s"
    left = round(seconds)
    for at, (size, unit) in enumerate(_UNITS):
        if left >= size:
            whole, rest = divmod(left, size)
            if size == 1 or rest < _UNITS[at + 1][0]:
                return f"{whole} {unit}"
            finer, name = _UNITS[at + 1]
            return f"{whole} {unit} {rest // finer} {name}"
    return "0 s"


def show_size(size_bytes: int) -> str:
    """'512 bytes', '1.2 GB' (powers of 1000)."""
    size, unit = float(size_bytes), 0
    while size >= 999.5 and unit < len(_SIZES) - 1:
        size, unit = size / 1000, unit + 1
    text = f"{size:.0f}" if unit == 0 or size >= 99.5 else f"{size:.1f}".removesuffix(".0")
    return f"{text} {_SIZES[unit]}"


def show_time(at: float | None) -> str:
    """Local time, '2026-03-14 15:09:26'; '' for None."""
    return "" if at is None else datetime.fromtimestamp(at).astimezone().strftime("%Y-%m-%d %H:%M:%S")


def iso_time(at: float | None) -> str | None:
    """ISO 8601 in UTC with milliseconds, for data that programs read; None for None."""
    return None if at is None else utc_text(at)


def from_iso_time(text: str) -> float | None:
    """Seconds since 1970, or None where the text is no ISO 8601 time with a zone."""
    try:
        parsed = datetime.fromisoformat(text.replace("Z", "+00:00"))
    except ValueError:
        return None
    return parsed.timestamp() if parsed.tzinfo else None


def show_value(value: object) -> str:
    """A hyperparameter: whole numbers in full, others by `show_number`; text as it is; lists, dicts as JSON."""
    if isinstance(value, (list, tuple, dict)):
        return visible(json.dumps(value, ensure_ascii=False))
    if isinstance(value, (int, float)) and not isinstance(value, bool) and abs(value) < _EXACT and value == int(value):
        return str(int(value))
    return visible(show_number(value))


def visible(text: str) -> str:
    """`text` on one line, control characters (terminal escapes too) made visible, as in \\x1b or \\n."""
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode("ascii") for c in text)


def show_configuration(configuration: dict[str, object]) -> str:
    """'lr 0.01, units 64'."""
    return ", ".join(f"{visible(name)} {show_value(value)}" for name, value in configuration.items())


def count_of(count: int, one: str, many: str | None = None) -> str:
    """'1 trial', '3 trials', '1,200 trials'."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"
