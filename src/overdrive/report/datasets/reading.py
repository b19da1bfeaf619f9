"""Files of rows as pandas data frames. pandas is the trial's own, loaded when the first one is read."""

from __future__ import annotations

import importlib
import json
import sys

from overdrive.report.datasets import inference
from overdrive.report.datasets.columns import PromoteHeadersBehavior
from overdrive.report.errors import UserErrorException

#: Azure's names of encodings that Python does not know by these names. A byte-order mark is no part of the data.
_ENCODINGS = {
    "utf8": "utf-8-sig",
    "utf-8": "utf-8-sig",
    "utf8bom": "utf-8-sig",
    "iso88591": "iso8859-1",
    "windows1252": "cp1252",
}
#: How headers are said to be where each file has one.
_HEADED = (PromoteHeadersBehavior.ALL_FILES_HAVE_SAME_HEADERS, PromoteHeadersBehavior.COMBINE_ALL_FILES_HEADERS)
#: Each cell as it stands in the file.
_TEXT: dict = {"dtype": object, "keep_default_na": False, "na_filter": False}
#: Numbers, True and False as such, other columns as text; only an empty cell is no value.
_TYPED: dict = {"keep_default_na": False, "na_values": [""], "low_memory": False}


def load_pandas():
    """pandas. Raises ImportError that names the interpreter lacking it."""
    try:
        return importlib.import_module("pandas")
    except ImportError as error:
        raise ImportError(
            f"a dataset becomes a data frame by pandas, which {sys.executable} cannot import ({error}): "
            f"install it with '{sys.executable} -m pip install pandas'"
        ) from error


def read_frame(definition: dict, files: list[tuple[str, str]]):
    """The rows of all files, one below the other, with their types.

    Raises UserErrorException for what is no such file.
    """
    pandas, options = load_pandas(), definition["options"]
    if definition["format"] == "delimited":
        return _read_delimited(pandas, files, options)
    read = pandas.read_parquet if definition["format"] == "parquet" else _json_lines(pandas, options)
    frames = []
    for path, name in files:
        try:
            frame = read(path)
        except (ValueError, OSError) as error:
            raise UserErrorException(f"{path} cannot be read as {definition['format']}: {error}", error) from error
        frames.append(_with_path(frame, name, options))
    frame = pandas.concat(frames, ignore_index=True) if len(frames) > 1 else frames[0]
    return _retyped(frame, options, pandas)


def _json_lines(pandas, options: dict):
    def read(path: str):
        with open(path, encoding=_ENCODINGS.get(options["encoding"], options["encoding"])) as file:
            return pandas.DataFrame([json.loads(line) for line in file if line.strip()])

    return read


def _read_delimited(pandas, files: list[tuple[str, str]], options: dict):
    """Numbers as pandas reads them, which is ten times faster than text; text where files differ in their types."""
    frames = _frames(pandas, files, options, as_text=_wants_text(options))
    if len({tuple(frame.dtypes) for frame in frames}) > 1:
        frames = _frames(pandas, files, options, as_text=True)
    frame = pandas.concat(frames, ignore_index=True) if len(frames) > 1 else frames[0].reset_index(drop=True)
    return _retyped(frame, options, pandas)


def _wants_text(options: dict) -> bool:
    """Whether all cells are needed as they stand in the file."""
    plain = options["infer"] and not options["column_types"] and not options["empty_as_string"]
    return not plain or len(options["separator"]) != 1


def _frames(pandas, files: list[tuple[str, str]], options: dict, as_text: bool) -> list:
    """A data frame of each file, with the columns' names. as_text: None stands where a short row has no cell."""
    frames, header = [], options["header"]
    names: list[str] = []
    for number, (path, name) in enumerate(files):
        is_headed = header in _HEADED or (header == PromoteHeadersBehavior.ONLY_FIRST_FILE_HAS_HEADERS and not number)
        if is_headed:
            first = _read(pandas, path, options, header=None, nrows=1, **_TEXT)
            names = [str(cell) if cell else "" for cell in first.iloc[0]] if len(first) else []
        how = _TEXT if as_text else _typed(pandas)
        frame = _read(pandas, path, options, header=0 if is_headed else None, **how)
        if not isinstance(frame.index, pandas.RangeIndex):
            raise UserErrorException(
                f"{path} cannot be read as delimited text: its rows have more cells than the header"
            )
        if as_text:
            frame = frame.astype(object).where(frame.notna(), None)
        frame.columns = _fitted(names, frame.shape[1])
        frames.append(_with_path(frame, name, options))
    return frames


def _typed(pandas) -> dict:
    """Before version 3.1, pandas must be told to read floats exactly; after it, telling so is deprecated."""
    is_told = tuple(int(part) for part in pandas.__version__.split(".")[:2]) < (3, 1)
    return {**_TYPED, "float_precision": "round_trip"} if is_told else _TYPED


def _read(pandas, path: str, options: dict, **how: object):
    encoding, separator = options["encoding"], options["separator"]
    engine = "c" if len(separator) == 1 else "python"
    try:
        return pandas.read_csv(path, sep=separator, encoding=_ENCODINGS.get(encoding, encoding), engine=engine, **how)
    except pandas.errors.EmptyDataError:
        return pandas.DataFrame()
    except (ValueError, OSError, LookupError) as error:
        raise UserErrorException(f"{path} cannot be read as delimited text: {error}", error) from error


def _fitted(names: list[str], count: int) -> list[str]:
    """`count` names: a missing one is Column<n>, one that is taken gets a number."""
    fitted: list[str] = []
    for number in range(count):
        name = names[number] if number < len(names) and names[number] else f"Column{number + 1}"
        same = sum(1 for other in names[:number] if other == name)
        fitted.append(f"{name}_{same}" if same else name)
    return fitted


def _with_path(frame, name: str, options: dict):
    if options.get("include_path"):
        frame = frame.copy()
        frame.insert(0, "Path", "/" + name)
    return frame


def _retyped(frame, options: dict, pandas):
    """Types as the dataset says, else as inferred where the cells are text."""
    given, infers = options.get("column_types") or {}, options.get("infer", False)
    columns = {}
    for name in frame.columns:
        column = _settled(frame[name])
        if options.get("format_is_text") and not options.get("empty_as_string"):
            column = column.where(column != "", None)
        if name in given:
            column = _as_given(name, column, given[name], pandas)
        elif infers and column.dtype == object:
            column = inference.typed(column, pandas)
        columns[name] = column
    return pandas.DataFrame(columns, columns=list(frame.columns)) if columns else frame


def _settled(column):
    """Objects for text, booleans beside missing values and columns without any value, None where there is none."""
    if column.dtype.kind == "u":  # beyond 64 bits with a sign
        return column.astype("float64")
    if column.dtype.kind in "ib" or not (column.dtype.kind == "O" or column.isna().all()):
        return column
    return column.astype(object).where(column.notna(), None)


def _as_given(name: str, column, given: list, pandas):
    """What cannot be read as the type that was asked for becomes a missing value, as Azure's `on_error='null'`."""
    kind, formats = given
    if kind == "string":
        return column.map(lambda cell: cell if cell is None else str(cell)).astype(object)
    if kind == "bool":
        return inference.as_booleans(column.map(lambda cell: cell if cell is None else str(cell)).astype(object))
    if kind == "datetime":
        dates = None
        for one in formats or [None]:
            found = pandas.to_datetime(column, errors="coerce", format=one)
            dates = found if dates is None else dates.fillna(found)
        return dates.dt.tz_localize(None).astype("datetime64[ns]")  # type: ignore[union-attr]
    if kind == "float" and formats and formats[0] == ",":
        column = column.map(lambda cell: cell.replace(".", "").replace(",", ".") if isinstance(cell, str) else cell)
    numbers = pandas.to_numeric(column, errors="coerce")
    if kind == "long" and not numbers.isna().any():
        return numbers.astype("int64")
    return numbers.astype("float64")
