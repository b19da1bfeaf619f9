"""Writes a sweep: its rows as CSV or strict JSON, or all of it as one HTML file."""

import csv
import io
import os
from collections.abc import Iterable
from pathlib import Path

from overdrive.cli.console import say
from overdrive.cli.console import say_aside
from overdrive.errors import SpecError
from overdrive.errors import UnwritableError
from overdrive.host.files import write_atomically
from overdrive.views import SweepView
from overdrive.views import export_points
from overdrive.views import export_rows
from overdrive.views.export import row_columns
from overdrive.views.strict import as_strict
from overdrive.views.strict import strict_json
from overdrive.views.words import count_of
from overdrive.views.words import show_size
from overdrive.views.words import visible

#: Columns of the points, also where there are none.
_POINT_COLUMNS = ("trial", "metric", "interval", "value", "step", "at", "is_inherited")
#: Trials above which the model of a page takes so long that it is said.
_SAID_TRIALS = 100


def export(view: SweepView, form: str, points: bool, with_model: bool, output: str | None) -> None:
    """Writes them. Raises UnwritableError where the file cannot be written; then nothing is left behind."""
    if form != "html" and not with_model:
        raise SpecError(field="--no-model", value=True, allowed="html: csv and json have nothing of a model in them")
    if form == "html":
        if points:
            raise SpecError(field="--points", value=True, allowed="csv or json: html has all curves in it")
        export_page(view, f"{view.id}.html" if output is None else output, with_model)
        return
    rows: Iterable[dict[str, object]] = export_points(view) if points else export_rows(view)
    if form == "json":
        text = strict_json(list(rows)) + "\n"
    else:
        text = csv_text(list(rows), _POINT_COLUMNS if points else row_columns(view))
    if output is None or output == "-":
        say(text.rstrip("\n"))
        return
    _write(output, text)
    say_aside(f"Wrote {output}")


def export_page(view: SweepView, output: str, with_model: bool = True) -> None:
    """Writes the sweep as one HTML file, '-' for standard output. Raises UnwritableError as `export` does."""
    from overdrive.studio.alone import exported_page
    from overdrive.views.document import sweep_document
    from overdrive.widgets.still import still_html

    title = f"{visible(view.spec.experiment)}: {view.id}"
    explained = _explained(view) if with_model else None
    page = exported_page(sweep_document(view, explained=explained), title, still_html(view))
    if output == "-":
        say(page.rstrip("\n"))
        return
    _write(output, page)
    say_aside(f"Wrote {output}, {show_size(len(page.encode()))}")


def _explained(view: SweepView) -> dict[str, object] | str | None:
    """What a model says of the sweep, for its charts of importance and of the metric along each hyperparameter."""
    from overdrive.client.explaining import explain_sweep

    if not view.spec.space or view.spec.metric is None:
        return None
    count = len(view.trials())

    def say_begun() -> None:
        if count > _SAID_TRIALS:
            said = f"A model of {count_of(count, 'trial')} is being made, for the charts of what matters"
            say_aside(f"{said} (--no-model leaves it out) ...")

    try:
        return explain_sweep(view.folder, say_begun)
    except OSError as error:
        return f"no model can be made: {error.strerror or error}"
    except KeyboardInterrupt:
        say_aside("Nothing was written.")
        raise


def _write(output: str, text: str) -> None:
    """A file is whole or as it was; a device or pipe, such as /dev/stdout, is written to and stays what it is."""
    path = Path(output)
    try:
        if path.exists() and not path.is_file():
            path.write_text(text, encoding="utf-8")
        else:
            write_atomically(str(path.resolve()), text, mode=_mode_of(path))
    except OSError as error:
        raise UnwritableError(f"{output} cannot be written: {error.strerror or error}") from error


def _mode_of(path: Path) -> int:
    """Of the file that is there, or that of any new one: it is made to be given away."""
    if path.exists():
        return path.stat().st_mode & 0o777
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask


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
