"""`overdrive show`."""

import click

from overdrive.cli.lazy import Command
from overdrive.cli.state import State
from overdrive.cli.state import pass_state
from overdrive.cli.target import complete_run


@click.command(cls=Command)
@click.argument("run", metavar="RUN|TRIAL", default="latest", shell_complete=complete_run)
@click.option("--all", "everything", is_flag=True, help="List all trials, not the 40 best.")
@click.option("--by-number", is_flag=True, help="List trials by number instead of best first.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON, with all trials.")
@pass_state
def command(state: State, run: str, everything: bool, by_number: bool, as_json: bool) -> None:
    """Show a sweep with its trials, or one trial.

    Example: overdrive show latest_3
    """
    from overdrive.cli.console import print_json
    from overdrive.cli.sweep_page import LISTED
    from overdrive.cli.sweep_page import print_sweep
    from overdrive.cli.target import open_target
    from overdrive.cli.trial_page import print_trial
    from overdrive.views.export import sweep_json
    from overdrive.views.export import trial_json

    target = open_target(state, run)
    view = target.view
    if target.trial is not None and view.trial(target.trial) is not None:
        row = target.row()
        if as_json:
            print_json({**trial_json(row), "verdicts": [verdict.to_json() for verdict in view.verdicts(row.number)]})
        else:
            print_trial(view, row)
    elif as_json:
        print_json({**sweep_json(view), "trials": [trial_json(row) for row in view.trials()]})
    else:
        print_sweep(view, None if everything else LISTED, by_number)
