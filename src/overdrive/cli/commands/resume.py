"""`overdrive resume`."""

import click

from overdrive.cli.lazy import Command
from overdrive.cli.state import State
from overdrive.cli.state import pass_state
from overdrive.cli.target import complete_run


@click.command(cls=Command)
@click.argument("run", metavar="RUN", shell_complete=complete_run)
@pass_state
def command(state: State, run: str) -> None:
    """Go on with an unfinished, cancelled or failed sweep.

    Ended trials stay as they are; those that were never started follow. A cancel that is not over is taken back, though
    not for trials that were told to end. A sweep whose folder was copied from another machine goes on here.

    Example: overdrive resume HD_3f2a
    """
    from overdrive.cli.acts import resume
    from overdrive.cli.target import open_target

    resume(open_target(state, run, recover=False).view)
