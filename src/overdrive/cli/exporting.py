"""Writes a sweep's rows: CSV or strict JSON, to standard output or into a whole file."""

import csv
import io
from collections.abc import Iterable

from overdrive.cli.console import say
from overdrive.cli.console import say_aside
from overdrive.host.files import write_atomically
from overdrive.views import SweepView
from overdrive.views import export_points
from overdrive.views import export_rows
from overdrive.views.export import row_columns
from overdrive.views.strict import as_strict
from overdrive.views.strict import strict_json

#: Columns of the points, also where there are none.
_POINT_COLUMNS = ("trial", "metric", "interval", "value", "step", "at", "is_inherited")


def export(view: SweepView, form: str, points: bool, output: str | None) -> None:
    """Writes them. Raises OSError where the file cannot be written; then nothing is left behind."""
    rows: Iterable[dict[str, object]] = export_points(view) if points else export_rows(view)
    if form == "json":
        text = strict_json(list(rows)) + "\n"
    else:
        text = csv_text(list(rows), _POINT_COLUMNS if points else row_columns(view))
    if output is None or output == "-":
        say(text.rstrip("\n"))
        return
    write_atomically(output, text)
    say_aside(f"Wrote {output}")


def csv_text(rows: list[dict[str, object]], columns: Iterable[str]) -> str:
    """CSV with a header; lists and dicts as JSON, missing values empty. The columns are those of the first row."""
    text = _UnixLines()
    writer = csv.DictWriter(text, list(rows[0]) if rows else list(columns), lineterminator="\r\n")
    writer.writeheader()
    for row in rows:
        writer.writerow({key: _cell(value) for key, value in row.items()})
    return text.getvalue()


class _UnixLines(io.StringIO):
    """Rows end with a newline alone; but the writer is told of both, or it would leave a carriage return in a cell
    bare.
    """

    def write(self, row: str) -> int:
        return super().write(row.removesuffix("\r\n") + "\n")


def _cell(value: object) -> object:
    return strict_json(value, indent=None) if isinstance(value, (list, dict)) else as_strict(value)
