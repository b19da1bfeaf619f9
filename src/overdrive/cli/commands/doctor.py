"""`overdrive doctor`."""

import click

from overdrive.cli.lazy import Command
from overdrive.cli.state import State
from overdrive.cli.state import pass_state


@click.command(cls=Command)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@pass_state
def command(state: State, as_json: bool) -> int:
    """Look over this machine and the workspace.

    Versions, cores, GPUs and slots, the file system and its locks, what is guaranteed here and what is not, and what
    lies about: unfinished sweeps without an engine, damaged folders. Exit code 4 where the workspace cannot be used.

    Example: overdrive doctor
    """
    from overdrive.cli.checkup import check_up

    return check_up(state, as_json)
