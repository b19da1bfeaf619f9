"""The ways to log: what a submitted run, a child run and an offline run have in common."""

from __future__ import annotations

from overdrive.report.errors import UserErrorException
from overdrive.report.values import finite_text
from overdrive.report.values import is_series
from overdrive.report.values import scalar_text
from overdrive.report.writer import warn


class MetricLog:
    """`log` and its relatives. Where the lines go is the subclass's business: `_put`, `_put_data`, `_put_image`.

    In all of them `description` is taken for Azure's sake and not kept.
    """

    _odd_step = False

    def log(self, name: str, value: object, description: str = "", step: float | None = None) -> None:
        """Logs one value: a number (Python's, NumPy's, torch's, …), text or None; anything else as text by `str`.

        name: the metric; the sweep's primary metric must be spelled exactly as in its configuration, and each call with
        that name and a number is one interval. step: the script's own count, a finite number.
        Raises UserErrorException for an empty name and for a list, range or generator (see `log_list`), nothing else:
        what the disk refuses waits in memory, is tried again, and is reported on standard error.
        """
        if type(value) is float and value - value == 0.0:
            text, kind = repr(value), None
        elif is_series(value):
            raise UserErrorException(f"log takes one value for {name!r}, not a list: log_list takes lists")
        else:
            text, kind = scalar_text(value)
        if not name:
            raise UserErrorException("a metric needs a name")
        self._put(str(name), text, kind, None if step is None else self._step(step))

    def log_list(self, name: str, value: object, description: str = "") -> None:
        """Logs a list of values (any series: list, tuple, range, array, …) as one record."""
        self._put_data("list", name, value)

    def log_row(self, name: str, description: str | None = None, **columns: object) -> None:
        """Logs one row of a table: a value for each column. Rows of one name make one table."""
        self._put_data("row", name, columns)

    def log_table(self, name: str, value: dict, description: str = "") -> None:
        """Logs a whole table: a dict from column to its values."""
        self._put_data("table", name, value)

    def log_confusion_matrix(self, name: str, value: dict | str, description: str = "") -> None:
        """Logs a confusion matrix: a dict, or its JSON, with data of class_labels and matrix."""
        self._put_data("confusion_matrix", name, value)

    def log_accuracy_table(self, name: str, value: dict | str, description: str = "") -> None:
        """Logs an accuracy table: a dict, or its JSON, of schema_type, schema_version and data."""
        self._put_data("accuracy_table", name, value)

    def log_residuals(self, name: str, value: dict | str, description: str = "") -> None:
        """Logs a histogram of residuals: a dict, or its JSON, with data of bin_edges and bin_counts."""
        self._put_data("residuals", name, value)

    def log_predictions(self, name: str, value: dict | str, description: str = "") -> None:
        """Logs binned predictions: a dict or its JSON, with data of bin_averages, bin_errors, bin_counts, bin_edges."""
        self._put_data("predictions", name, value)

    def log_image(self, name: str, path: str | None = None, plot: object = None, description: str = "") -> None:
        """Keeps an image with the run: either a file, or as `plot` a matplotlib figure (or pyplot itself)."""
        if (path is None) == (plot is None):
            raise UserErrorException(f"log_image takes either path or plot for {name!r}")
        self._put_image(name, path, plot)

    def _put(self, name: str, value: str, kind: str | None = None, step: str | None = None) -> None:
        """A record; value and step are JSON text."""
        raise NotImplementedError

    def _put_data(self, kind: str, name: str, value: object) -> None:
        """A record whose value is data of its kind (see `overdrive.report.data`)."""
        raise NotImplementedError

    def _put_image(self, name: str, path: str | None, plot: object) -> None:
        raise NotImplementedError

    def _step(self, step: object) -> str | None:
        text = finite_text(step)
        if text is None and not self._odd_step:
            self._odd_step = True
            warn(f"step={step!r} is no finite number and is left out (said once)")
        return text
