"""`overdrive delete`."""

import click

from overdrive.cli.lazy import Command
from overdrive.cli.state import State
from overdrive.cli.state import pass_state
from overdrive.cli.target import complete_run


@click.command(cls=Command)
@click.argument("runs", metavar="RUN...", nargs=-1, shell_complete=complete_run)
@click.option("--yes", "-y", is_flag=True, help="Do not ask.")
@click.option("--force", is_flag=True, help="Even where it is unfinished but not running, or damaged.")
@click.option("--environments", is_flag=True, help="The environments that were built for trials and are not in use.")
@pass_state
def command(state: State, runs: tuple[str, ...], yes: bool, force: bool, environments: bool) -> None:
    """Delete sweeps and all that belongs to them.

    Trials, outputs, logs and the copy of the source are removed. A running sweep must be cancelled first.
    Environments that were built for trials stay, unless --environments removes them.

    Example: overdrive delete HD_3f2a HD_81c0 --yes
    """
    from overdrive.cli.acts import delete

    if not runs and not environments:
        raise click.UsageError("Missing argument 'RUN...'.")
    if runs:
        delete(state, runs, yes=yes, force=force)
    if environments:
        from overdrive.cli.environments import delete_environments

        delete_environments(state, yes=yes)
