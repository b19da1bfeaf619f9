"""`overdrive studio`."""

import click

from overdrive.cli.lazy import Command
from overdrive.cli.state import State
from overdrive.cli.state import pass_state


@click.command(cls=Command)
@click.option("--open", "open_it", is_flag=True, help="Open it in this machine's browser.")
@click.option("--port", default=8765, show_default=True, type=click.IntRange(0, 65535), help="0: any that is free.")
@click.option(
    "--host",
    default="127.0.0.1",
    show_default=True,
    metavar="ADDRESS",
    help="Listen on this address; others than this machine's own need --let-others-in.",
)
@click.option("--let-others-in", is_flag=True, help="Allow an address that other machines can reach.")
@pass_state
def command(state: State, open_it: bool, port: int, host: str, let_others_in: bool) -> int:
    """Look at the workspace in a browser.

    Prints a link that works once: it logs the browser in. Enter prints another one, Ctrl-C ends it; sweeps go on.

    Example: overdrive studio --open
    """
    from overdrive.cli.studio_server import serve

    return serve(state, open_it=open_it, port=port, host=host, let_others_in=let_others_in)
