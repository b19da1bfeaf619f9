"""Datasets of rows."""

from __future__ import annotations

import os

from overdrive.report import registry
from overdrive.report.datasets import reading
from overdrive.report.datasets import steps
from overdrive.report.datasets.columns import Condition
from overdrive.report.datasets.dataset import AbstractDataset
from overdrive.report.datasets.sources import files_of
from overdrive.report.errors import UserErrorException


class TabularDataset(AbstractDataset):
    """Rows of delimited text, Parquet or JSON lines, read when `to_pandas_dataframe()` is called.

    Steps (`take`, `keep_columns`, …) give new datasets; nothing is read for them.
    """

    def to_pandas_dataframe(self, on_error: str = "null", out_of_range_datetime: str = "null"):
        """All rows as a pandas data frame.

        Types of delimited text are inferred as Azure does: see docs/data.md. Text and missing values beside booleans
        are objects. Raises UserErrorException for files that are not there or cannot be read, ImportError without
        pandas.
        """
        definition = self._definition
        frame = reading.read_frame(definition, files_of(definition["sources"], self._place))
        return steps.apply(frame, definition["steps"])

    def keep_columns(self, columns: str | list[str], validate: bool = False) -> TabularDataset:
        """With these columns only, in this order."""
        return self._checked(self._then("keep", _names(columns)), validate)

    def drop_columns(self, columns: str | list[str]) -> TabularDataset:
        """Without these columns."""
        return self._then("drop", _names(columns))

    def filter(self, expression: Condition) -> TabularDataset:
        """The rows for which a condition holds, such as `(dataset["age"] > 30) & (dataset["city"] == "Ulm")`."""
        if not isinstance(expression, Condition):
            allowed = 'a condition such as dataset["age"] > 30'
            raise UserErrorException(f"expression = {expression!r} is not allowed: it takes {allowed}")
        return self._then("filter", expression.tree)

    def __getitem__(self, column: str) -> Condition:
        """The column, to make a condition of."""
        return Condition(["column", str(column)])

    def with_timestamp_columns(
        self, timestamp: str | None = None, partition_timestamp: str | None = None, validate: bool = False, **_: object
    ) -> TabularDataset:
        """The same rows; which columns hold the time is kept with the dataset."""
        changed = dict(self._definition["options"], timestamp=timestamp, partition_timestamp=partition_timestamp)
        return self._copy(dict(self._definition, options=changed))

    def to_csv_files(self, separator: str = ","):
        """A FileDataset of the rows as one delimited file."""
        return self._to_files("csv", lambda frame, path: frame.to_csv(path, sep=separator, index=False))

    def to_parquet_files(self):
        """A FileDataset of the rows as one Parquet file."""
        return self._to_files("parquet", lambda frame, path: frame.to_parquet(path, index=False))

    def _to_files(self, extension: str, write):
        from overdrive.report.datasets.files import FileDataset  # noqa: PLC0415  (it imports nothing of this module)

        path = self._own_path("converted", f"part-00000.{extension}")
        if not os.path.exists(path):
            registry.make_private(os.path.dirname(path))
            write(self.to_pandas_dataframe(), path)
        return FileDataset.of_sources([{"path": path}], self._place)

    def _checked(self, made: TabularDataset, validate: bool) -> TabularDataset:
        if validate:
            made.take(1).to_pandas_dataframe()
        return made


def _names(columns: str | list[str]) -> list[str]:
    names = [columns] if isinstance(columns, str) else list(columns)
    if not all(isinstance(name, str) for name in names):
        raise UserErrorException(f"columns = {columns!r} is not allowed: it takes a name or a list of names")
    return names
