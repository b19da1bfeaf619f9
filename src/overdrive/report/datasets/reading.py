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
    frames, header = [], options["header"]
    names: list[str] = []
    for number, (path, name) in enumerate(files):
        frame = _read_texts(pandas, path, options)
        is_headed = header == PromoteHeadersBehavior.ALL_FILES_HAVE_SAME_HEADERS or (
            header == PromoteHeadersBehavior.COMBINE_ALL_FILES_HEADERS
        )
        if is_headed or (header == PromoteHeadersBehavior.ONLY_FIRST_FILE_HAS_HEADERS and not number):
            names = _header_names(frame)
            frame = frame.iloc[1:]
        frame.columns = _fitted(names, frame.shape[1])
        frames.append(_with_path(frame, name, options))
    frame = pandas.concat(frames, ignore_index=True) if len(frames) > 1 else frames[0].reset_index(drop=True)
    return _retyped(frame, options, pandas)


def _read_texts(pandas, path: str, options: dict):
    """All cells as text, the header as a row among them; None for what a short row lacks."""
    encoding, separator = options["encoding"], options["separator"]
    try:
        frame = pandas.read_csv(
            path,
            sep=separator,
            header=None,
            dtype=object,
            keep_default_na=False,
            na_filter=False,
            encoding=_ENCODINGS.get(encoding, encoding),
            engine="c" if len(separator) == 1 else "python",
        )
    except pandas.errors.EmptyDataError:
        return pandas.DataFrame()
    except (ValueError, OSError, LookupError) as error:
        raise UserErrorException(f"{path} cannot be read as delimited text: {error}", error) from error
    return frame.astype(object).where(frame.notna(), None)


def _header_names(frame) -> list[str]:
    if not len(frame):
        return []
    return [str(cell) if cell else "" for cell in frame.iloc[0]]


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
        column = frame[name]
        if options.get("format_is_text") and not options.get("empty_as_string"):
            column = column.where(column != "", None)
        if name in given:
            column = _as_given(name, column, given[name], pandas)
        elif infers:
            column = inference.typed(column, pandas)
        elif str(column.dtype) in ("str", "string"):  # objects, as in Azure: scripts ask for that type
            column = column.astype(object).where(column.notna(), None)
        columns[name] = column
    return pandas.DataFrame(columns, columns=list(frame.columns)) if columns else frame


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
