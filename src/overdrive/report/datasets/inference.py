"""Which type a column of text has, by the rules of Azure's data preparation.

Observed in sweeps that Azure recorded: a column that holds only Yes and No, Y and N (capitalised) or True and False is
boolean, lower-case yes and no stay text, numbers and dates are what they look like, an empty cell is no value.
"""

from __future__ import annotations

import re

#: Word → value, for columns that hold no other word.
_BOOLEANS = (
    {"True": True, "False": False, "true": True, "false": False, "TRUE": True, "FALSE": False},
    {"Yes": True, "No": False},
    {"Y": True, "N": False},
)
_NUMBER = re.compile(r"\s*[+-]?(\d|\.\d|nan\b|inf)", re.IGNORECASE)
#: Cells that a column of numbers has in the place of one.
_NOT_A_NUMBER = ("NaN", "nan", "NAN")
_ISO = re.compile(
    r"\d{4}-\d{1,2}-\d{1,2}([T ]\d{1,2}:\d{2}(:\d{2}(\.\d{1,9})?)?\s?(Z|[+-]\d{2}:?\d{2})?)?$", re.IGNORECASE
)
_SLASHES = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})( \d{1,2}:\d{2}(:\d{2})?( [AP]M)?)?$", re.IGNORECASE)


def typed(column, pandas):
    """A column of texts, None where there is no value, as the column that it stands for.

    bool, int64, float64 (numbers with a fraction, or beside missing ones), datetime64[ns], or else objects: text, and
    for booleans beside missing values True, False and None.
    """
    present = column.dropna()
    if not len(present):
        return column
    first = present.iloc[0]
    if not isinstance(first, str):  # booleans beside missing values
        return column
    if len(first) < 6 and any(first in words for words in _BOOLEANS):
        words = set(present.unique())
        for known in _BOOLEANS:
            if words <= set(known):
                return as_booleans(column, known)
    if _NUMBER.match(first):
        numbers = as_numbers(column, pandas)
        if numbers is not None:
            return numbers
    dates = as_dates(column, present, pandas)
    return column if dates is None else dates


def as_booleans(column, words=None):
    """True and False for the words of one of the pairs; what is none of them becomes None."""
    known = words or {word: value for pair in _BOOLEANS for word, value in pair.items()}
    values = [known.get(cell) for cell in column]
    made = column.copy()
    made[:] = values
    return made.astype(bool) if None not in values else made


def as_numbers(column, pandas):
    """int64 where all are whole and none is missing, else float64; None where a cell is no number."""
    missing = column.isin(_NOT_A_NUMBER)
    if missing.any():
        column = column.mask(missing, None)
    try:
        numbers = pandas.to_numeric(column, errors="raise")
    except (ValueError, TypeError):
        numbers = column  # whole numbers beyond 64 bits, or no numbers
    if numbers.dtype == "int64":
        return numbers
    if numbers.dtype == object and column.str.contains("_", regex=False, na=False).any():
        return None  # Python would read 1_000
    try:
        return column.astype("float64")  # each cell by Python's own reading, which is exact
    except (ValueError, TypeError):
        return None


def as_dates(column, present, pandas):
    """datetime64[ns] (UTC where zones are given) where all are dates of one kind; None otherwise.

    Dates with slashes count where a number above 12 tells day and month apart.
    """
    if _ISO.match(present.iloc[0]) and present.str.match(_ISO).all():
        zoned = bool(present.str.contains(r"(?:Z|[+-]\d{2}:?\d{2})$", case=False).any()) and ":" in present.iloc[0]
        return _converted(column, pandas, utc=zoned)
    if not _SLASHES.match(present.iloc[0]) or not present.str.match(_SLASHES).all():
        return None
    parts = present.str.extract(_SLASHES)
    first, second = parts[0].astype(int).max(), parts[1].astype(int).max()
    if (first > 12) == (second > 12):
        return None
    return _converted(column, pandas, dayfirst=bool(first > 12))


def _converted(column, pandas, **how):
    if "dayfirst" not in how and int(pandas.__version__.split(".")[0]) >= 2:
        how["format"] = "ISO8601"
    try:
        dates = pandas.to_datetime(column, errors="raise", **how)
    except ValueError:  # the 31st of February, or beyond what 64 bits of nanoseconds hold
        return None
    if dates.dt.tz is not None:
        dates = dates.dt.tz_convert(None)
    return dates.astype("datetime64[ns]")
