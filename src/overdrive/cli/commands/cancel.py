"""`overdrive cancel`."""

import click

from overdrive.cli.lazy import Command
from overdrive.cli.state import State
from overdrive.cli.state import pass_state
from overdrive.cli.target import complete_run


@click.command(cls=Command)
@click.argument("run", metavar="RUN|TRIAL", shell_complete=complete_run)
@click.option("--now", is_flag=True, help="Kill at once, without the time that scripts get to end by themselves.")
@pass_state
def command(state: State, run: str, now: bool) -> None:
    """Cancel a sweep or one of its trials.

    Returns at once; trials get a TERM signal and some seconds to end by themselves.

    Example: overdrive cancel latest_3
    """
    from overdrive.cli.acts import cancel
    from overdrive.cli.target import open_target

    cancel(open_target(state, run, recover=False), now)
