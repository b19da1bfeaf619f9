"""`overdrive replay`."""

import click

from overdrive.cli.lazy import Command
from overdrive.cli.state import State
from overdrive.cli.state import pass_state
from overdrive.cli.target import complete_run


@click.command(cls=Command)
@click.argument("run", metavar="RUN", default="latest", shell_complete=complete_run)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@pass_state
def command(state: State, run: str, as_json: bool) -> int:
    """Check that a sweep's journal leads to the same decisions again.

    Every suggestion and every verdict is derived anew from the journal and held against what was stored. Exit code 1
    where anything differs.

    Example: overdrive replay latest
    """
    from overdrive.cli.console import print_json
    from overdrive.cli.console import say
    from overdrive.cli.target import open_target
    from overdrive.engine.replay import replay

    view = open_target(state, run, recover=False).view
    differences = replay(view.folder)
    if as_json:
        print_json({"id": view.id, "same": not differences, "differences": differences})
    elif differences:
        for difference in differences:
            say(difference)
    else:
        say(f"{view.id}: every suggestion and verdict follows again from the journal.")
    return 1 if differences else 0
