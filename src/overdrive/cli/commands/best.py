"""`overdrive best`."""

import click

from overdrive.cli.lazy import Command
from overdrive.cli.state import State
from overdrive.cli.state import pass_state
from overdrive.cli.target import complete_run


@click.command(cls=Command)
@click.argument("run", metavar="RUN", default="latest", shell_complete=complete_run)
@click.option("--no-failed", is_flag=True, help="Leave out trials that failed.")
@click.option("--no-cancelled", is_flag=True, help="Leave out trials that were stopped early or cancelled.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@pass_state
def command(state: State, run: str, no_failed: bool, no_cancelled: bool, as_json: bool) -> None:
    """Print the best trial of a sweep.

    It is the trial with the best value of the primary metric that any trial logged; failed and stopped ones count,
    and of equals the earlier one.

    Example: overdrive best latest --json
    """
    from overdrive.cli.best_page import print_best
    from overdrive.cli.target import open_target

    target = open_target(state, run, recover=False)
    print_best(target.view, include_failed=not no_failed, include_cancelled=not no_cancelled, as_json=as_json)
