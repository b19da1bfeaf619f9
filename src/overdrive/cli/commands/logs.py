"""`overdrive logs`."""

import click

from overdrive.cli.lazy import Command
from overdrive.cli.state import State
from overdrive.cli.state import pass_state
from overdrive.cli.target import complete_run


@click.command(cls=Command)
@click.argument("run", metavar="TRIAL|RUN", default="latest", shell_complete=complete_run)
@click.option("--follow", "-f", is_flag=True, help="Go on printing until the trial, or the sweep, ends.")
@click.option("--tail", type=click.IntRange(min=0), metavar="N", help="Begin with the last N lines.")
@pass_state
def command(state: State, run: str, follow: bool, tail: int | None) -> None:
    """Print what a trial printed, or a sweep's engine wrote down.

    Bytes are printed as they are. Where an output was longer than the cap, a line says how much was left out.

    Example: overdrive logs latest_3 -f
    """
    from overdrive.cli.logs_page import print_logs
    from overdrive.cli.target import open_target

    print_logs(open_target(state, run, recover=follow), follow=follow, tail=tail)
