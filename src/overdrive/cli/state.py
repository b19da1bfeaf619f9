"""What the global options say, for every command."""

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from overdrive.client import Workspace


@dataclass(slots=True)
class State:
    """The global options of this call."""

    #: Folder given by --workspace, or None: OVERDRIVE_WORKSPACE, else the default.
    workspace: str | None = None
    #: Show tracebacks.
    debug: bool = False
    #: Only look: start no engine for unfinished sweeps.
    no_recover: bool = False

    def open_workspace(self) -> "Workspace":
        """The workspace that is meant; it may not exist yet."""
        from overdrive.client import Workspace

        return Workspace(self.workspace)


pass_state = click.make_pass_decorator(State, ensure=True)


def _keep(context: click.Context, parameter: click.Parameter, value: object) -> None:
    if value:
        setattr(context.find_root().ensure_object(State), str(parameter.name), value)


def global_options() -> list[click.Option]:
    """The options that may stand before and after a command's name."""
    return [
        click.Option(
            ["--workspace"],
            metavar="PATH",
            expose_value=False,
            callback=_keep,
            type=click.Path(file_okay=False),
            help="Folder where sweeps live [default: OVERDRIVE_WORKSPACE, else ~/.overdrive].",
        ),
        click.Option(
            ["--no-recover"],
            is_flag=True,
            expose_value=False,
            callback=_keep,
            help="Only look: start no engine for an unfinished sweep that has none.",
        ),
        click.Option(
            ["--debug"], is_flag=True, expose_value=False, callback=_keep, help="Show the traceback of an error."
        ),
    ]


def has_color(stream_is_terminal: bool) -> bool:
    """Whether colours are wanted: on a terminal that has them, unless NO_COLOR is set."""
    return stream_is_terminal and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
