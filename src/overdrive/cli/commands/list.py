"""`overdrive list`."""

import click

from overdrive.cli.lazy import Command
from overdrive.cli.state import State
from overdrive.cli.state import pass_state


@click.command(cls=Command)
@click.option("--experiment", metavar="NAME", help="Only the sweeps of this experiment.")
@click.option("--running", is_flag=True, help="Only what has not ended.")
@click.option("--limit", type=click.IntRange(min=1), metavar="N", help="The N newest [default: all].")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@pass_state
def command(state: State, experiment: str | None, running: bool, limit: int | None, as_json: bool) -> None:
    """List the sweeps of the workspace, the newest first.

    Example: overdrive list --running
    """
    from overdrive.cli.listing import print_list
    from overdrive.cli.target import recover_all

    recover_all(state)
    print_list(state, experiment=experiment, running=running, limit=limit, as_json=as_json)
