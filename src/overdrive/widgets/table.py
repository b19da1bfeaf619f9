"""The table of a sweep's trials, as text in cells."""

from dataclasses import dataclass

from overdrive.records import show_number
from overdrive.views import SweepView
from overdrive.views import TrialRow
from overdrive.views.words import count_of
from overdrive.views.words import show_duration
from overdrive.views.words import show_time
from overdrive.views.words import show_value
from overdrive.views.words import visible


@dataclass(frozen=True, slots=True)
class Table:
    """Headings, rows of as many cells, and a line above and below."""

    title: str
    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    foot: str


def trial_table(view: SweepView, most: int) -> Table:
    """The trials, best first, at most `most` of them: hyperparameters, status, best metric, times."""
    metric = view.spec.metric
    names = list(view.spec.space)
    headings = (
        "trial",
        *map(visible, names),
        "status",
        f"best {visible(metric.name)}" if metric else "",
        "at",
        "started",
        "ran",
    )
    ranked = view.ranked()
    rows = tuple(_cells(row, names) for row in ranked[:most])
    hidden = len(ranked) - len(rows)
    foot = view.reason if view.is_over else view.counts().sentence()
    if hidden > 0:
        foot = f"and {count_of(hidden, 'more trial', 'more trials')}; {foot}"
    status = view.azure_status
    return Table(f"{view.id} ({visible(view.spec.experiment)}): {status}", headings, rows, foot)


def _cells(row: TrialRow, names: list[str]) -> tuple[str, ...]:
    values = (show_value(row.configuration[name]) if name in row.configuration else "" for name in names)
    best = "" if row.best is None else show_number(row.best)
    at = "" if row.best_interval is None else f"{row.best_interval}/{row.intervals}"
    return (
        str(row.number),
        *values,
        row.word,
        best,
        at,
        show_time(row.started_at)[11:],
        show_duration(row.duration_s),
    )


def plain_text(table: Table) -> str:
    """The table in columns of blanks."""
    widths = [max(map(len, column)) for column in zip(table.headings, *table.rows, strict=True)]
    lines = [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        for row in (table.headings, *table.rows)
    ]
    return "\n".join([table.title, *(line.rstrip() for line in lines), table.foot])
