"""Lines of a name and what it is: the form of `show`, `best` and the end of a sweep."""

import textwrap
from collections.abc import Sequence

import click

from overdrive.cli.console import is_terminal
from overdrive.cli.console import say
from overdrive.cli.console import width
from overdrive.cli.state import has_color
from overdrive.views.words import visible

#: A name and its text; a name that begins with a blank stands below the one before it.
Fact = tuple[str, str]


def print_heading(text: str) -> None:
    """A line above facts."""
    say(click.style(text, bold=True) if has_color(is_terminal()) else text)


def print_facts(facts: Sequence[Fact], indent: str = "  ") -> None:
    """One fact a line, names padded to the same width; on a terminal long texts continue below their beginning.

    Facts without a text are left out. Control characters are made visible.
    """
    shown = [(visible(name), visible(text)) for name, text in facts if text]
    pad = max((len(name) for name, _ in shown), default=0)
    color = has_color(is_terminal())
    for name, text in shown:
        head = f"{indent}{name.ljust(pad)}  "
        for line in _wrapped(text, len(head)):
            styled = click.style(head, dim=True) if color else head
            say(styled + line)
            head = " " * len(head)


def _wrapped(text: str, taken: int) -> list[str]:
    room = max(20, width() - taken)
    if not is_terminal() or len(text) <= room:
        return [text]
    return textwrap.wrap(text, room, break_on_hyphens=False) or [text]
