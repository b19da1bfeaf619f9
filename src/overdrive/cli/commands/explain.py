"""`overdrive explain`."""

import click

from overdrive.cli.lazy import Command
from overdrive.cli.state import State
from overdrive.cli.state import pass_state
from overdrive.cli.target import complete_run


@click.command(cls=Command)
@click.argument("run", metavar="RUN", default="latest", shell_complete=complete_run)
@click.option("--marginal", metavar="NAME", help="Print the metric along this hyperparameter, value by value.")
@click.option("--all", "every", is_flag=True, help="Print every suggestion, not the last ten.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@pass_state
def command(state: State, run: str, marginal: str | None, every: bool, as_json: bool) -> None:
    """Say what a sweep has taught: which hyperparameters matter, how, and why trials were suggested.

    It is told by a Gaussian process over the sweep's trials, whatever their sampling. RUN_N says why one trial was
    suggested. With Bayesian sampling each suggestion has its prediction and the trials that weighed most.

    Example: overdrive explain latest --marginal learning_rate
    """
    from overdrive.cli.explain_page import print_marginal
    from overdrive.cli.explain_page import print_sweep
    from overdrive.cli.explain_page import print_trial
    from overdrive.cli.target import open_target

    target = open_target(state, run, recover=False)
    if target.trial is not None:
        print_trial(target.view, target.row(), as_json)
    elif marginal is not None:
        print_marginal(target.view, marginal, as_json)
    else:
        print_sweep(target.view, every, as_json)
