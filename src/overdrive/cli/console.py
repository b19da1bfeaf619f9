"""Where words go: the terminal with colours, a pipe without, strict JSON for programs."""

import os
import shutil
import sys
from typing import TYPE_CHECKING

import click

from overdrive.cli.state import has_color

if TYPE_CHECKING:
    from rich.console import Console

#: Narrowest layout; narrower terminals wrap.
NARROWEST = 40


def is_terminal() -> bool:
    """Whether standard output is a terminal."""
    return sys.stdout.isatty()


def can_redraw() -> bool:
    """Whether standard output is a terminal on which lines can be drawn again."""
    return is_terminal() and os.environ.get("TERM", "dumb") not in ("dumb", "unknown")


def width() -> int:
    """Columns of the terminal, at least 40; for a pipe as wide as needed."""
    return max(NARROWEST, shutil.get_terminal_size().columns) if is_terminal() else 10_000


def open_console() -> "Console":
    """A rich console on standard output: nothing in a text is markup, no number is coloured by itself."""
    from rich.console import Console

    return Console(
        highlight=False,
        markup=False,
        emoji=False,
        no_color=not has_color(is_terminal()),
        width=None if is_terminal() else width(),
        legacy_windows=False,
    )


def say(text: str = "") -> None:
    """One line on standard output; characters that its encoding lacks are escaped."""
    try:
        click.echo(text)
    except UnicodeEncodeError:
        encoding = sys.stdout.encoding or "ascii"
        click.echo(text.encode(encoding, "backslashreplace").decode(encoding))


def say_aside(text: str) -> None:
    """One line on standard error: not part of what was asked for."""
    click.echo(text, err=True)


def print_json(value: object) -> None:
    """Strict JSON: non-finite numbers as "nan", "inf" and "-inf"."""
    from overdrive.views.strict import strict_json

    say(strict_json(value))
