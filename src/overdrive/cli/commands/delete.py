"""`overdrive delete`."""

import click

from overdrive.cli.lazy import Command
from overdrive.cli.state import State
from overdrive.cli.state import pass_state
from overdrive.cli.target import complete_run


@click.command(cls=Command)
@click.argument("runs", metavar="RUN...", nargs=-1, required=True, shell_complete=complete_run)
@click.option("--yes", "-y", is_flag=True, help="Do not ask.")
@click.option("--force", is_flag=True, help="Even where it is unfinished but not running, or damaged.")
@pass_state
def command(state: State, runs: tuple[str, ...], yes: bool, force: bool) -> None:
    """Delete sweeps and all that belongs to them.

    Trials, outputs, logs and the copy of the source are removed. A running sweep must be cancelled first.

    Example: overdrive delete HD_3f2a HD_81c0 --yes
    """
    from overdrive.cli.acts import delete

    delete(state, runs, yes=yes, force=force)
