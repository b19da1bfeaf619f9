"""`overdrive metrics`."""

import click

from overdrive.cli.lazy import Command
from overdrive.cli.state import State
from overdrive.cli.state import pass_state
from overdrive.cli.target import complete_run


@click.command(cls=Command)
@click.argument("run", metavar="RUN|TRIAL", default="latest", shell_complete=complete_run)
@click.option("--name", "names", multiple=True, metavar="NAME", help="Only this metric; repeatable.")
@click.option("--json", "as_json", is_flag=True, help="Print all values as JSON.")
@pass_state
def command(state: State, run: str, names: tuple[str, ...], as_json: bool) -> None:
    """Print what trials logged.

    Of a trial: each metric with its number of values, the last, the lowest and the highest. Of a sweep: the last
    value of each metric, for each trial. With --json: every value.

    Example: overdrive metrics latest_3 --name accuracy --json
    """
    from overdrive.cli.metrics_page import print_sweep_metrics
    from overdrive.cli.metrics_page import print_trial_metrics
    from overdrive.cli.target import open_target

    target = open_target(state, run, recover=False)
    if target.trial is None:
        print_sweep_metrics(target.view, names, as_json)
    else:
        print_trial_metrics(target.view, target.row(), names, as_json)
