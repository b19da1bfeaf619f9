"""`overdrive watch`."""

import click

from overdrive.cli.lazy import Command
from overdrive.cli.state import State
from overdrive.cli.state import pass_state
from overdrive.cli.target import complete_run


@click.command(cls=Command)
@click.argument("run", metavar="RUN", default="latest", shell_complete=complete_run)
@click.option("--json", "as_json", is_flag=True, help="Print nothing until it ends, then the sweep as JSON.")
@pass_state
def command(state: State, run: str, as_json: bool) -> int:
    """Watch a sweep until it ends.

    Ctrl-C leaves, and the sweep goes on (exit code 130). A second Ctrl-C within 2 s cancels the sweep, a third ends its
    trials at once. The exit code is 1 when the sweep failed.

    Example: overdrive watch latest
    """
    from overdrive.cli.target import open_target
    from overdrive.cli.watching import watch_to_end

    return watch_to_end(open_target(state, run).view, as_json, recover=not state.no_recover)
