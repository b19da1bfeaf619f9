"""Tables that fit: on a terminal the columns that matter least give way first; into a pipe all of them, plain."""

from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import field

from overdrive.cli.console import is_terminal
from overdrive.cli.console import open_console
from overdrive.cli.console import say
from overdrive.cli.console import width
from overdrive.views.words import visible

#: Colours of the words for status and outcome: the terminal's own, so that they suit light and dark ones.
STYLES = {
    "running": "cyan",
    "starting": "cyan",
    "stopping": "cyan",
    "queued": "dim",
    "completed": "green",
    "completed without metric": "red",
    "stopped early": "yellow",
    "cancelled": "magenta",
    "failed": "red",
    "lost": "red",
    "Running": "cyan",
    "Completed": "green",
    "Canceled": "magenta",
    "Failed": "red",
}
_GAP = 2


@dataclass(slots=True)
class Column:
    """One column: a title and a cell for each row."""

    title: str
    cells: Sequence[str]
    #: The larger, the longer it stays on a narrow terminal.
    weight: int = 10
    is_number: bool = False
    #: May be broken over lines, down to this width; None: never broken.
    least: int | None = None
    #: Style of each cell, or empty.
    styles: Sequence[str] = field(default_factory=tuple)

    def __post_init__(self) -> None:
        """Control characters are made visible: names and values come from scripts."""
        self.title, self.cells = visible(self.title), [visible(cell) for cell in self.cells]

    @property
    def width(self) -> int:
        from rich.cells import cell_len

        return max([cell_len(self.title), *(cell_len(cell) for cell in self.cells)])


def print_table(columns: Sequence[Column]) -> None:
    """Prints the columns that fit."""
    if is_terminal():
        _print_rich(fitting(columns, width()))
    else:
        _print_plain(columns)


def fitting(columns: Sequence[Column], room: int) -> list[Column]:
    """The columns that are kept in `room` cells, in order: the lightest go first, one at least stays."""
    kept = list(columns)
    while len(kept) > 1 and _least_width(kept) > room:
        kept.remove(min(reversed(kept), key=lambda column: column.weight))
    return kept


def _least_width(columns: Sequence[Column]) -> int:
    widths = [column.width if column.least is None else min(column.width, column.least) for column in columns]
    return sum(widths) + _GAP * (len(widths) - 1)


def _print_rich(columns: Sequence[Column]) -> None:
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, pad_edge=False, padding=(0, _GAP, 0, 0), header_style="bold")
    for column in columns:
        justify = "right" if column.is_number else "left"
        if column.least is None:
            table.add_column(Text(column.title), justify=justify, no_wrap=True, overflow="ellipsis")
        else:
            table.add_column(
                Text(column.title), justify=justify, overflow="fold", min_width=min(column.least, column.width)
            )
    for at in range(len(columns[0].cells)):
        table.add_row(*(Text(c.cells[at], style=c.styles[at] if c.styles else "") for c in columns))
    open_console().print(table)


def _print_plain(columns: Sequence[Column]) -> None:
    widths = [column.width for column in columns]
    say(_plain_line([column.title for column in columns], columns, widths))
    for at in range(len(columns[0].cells)):
        say(_plain_line([column.cells[at] for column in columns], columns, widths))


def _plain_line(cells: Sequence[str], columns: Sequence[Column], widths: Sequence[int]) -> str:
    padded = [
        cell.rjust(size) if column.is_number else cell.ljust(size)
        for cell, column, size in zip(cells, columns, widths, strict=True)
    ]
    return (" " * _GAP).join(padded).rstrip()
