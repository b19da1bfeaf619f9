"""What is loaded only when somebody needs it, because it costs milliseconds that every command would pay."""

import functools
from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from statistics import NormalDist


@functools.cache
def standard_normal() -> "NormalDist":
    """The standard normal distribution (`statistics`: about 9 ms, needed by four of the ten expressions)."""
    from statistics import NormalDist  # noqa: PLC0415

    return NormalDist()


def closest(word: str, words: Iterable[str]) -> str | None:
    """The one of `words` that `word` is most like, whatever its case, or None (`difflib`: only for error messages)."""
    from difflib import get_close_matches  # noqa: PLC0415

    spelling = {known.lower(): known for known in words}
    matches = get_close_matches(word.lower(), spelling, n=1, cutoff=0.6)
    return spelling[matches[0]] if matches else None
