"""`overdrive export`."""

import click

from overdrive.cli.lazy import Command
from overdrive.cli.state import State
from overdrive.cli.state import pass_state
from overdrive.cli.target import complete_run


@click.command(cls=Command)
@click.argument("run", metavar="RUN", default="latest", shell_complete=complete_run)
@click.option(
    "--format", "form", type=click.Choice(["csv", "json", "html"]), default="csv", show_default=True, help="Form."
)
@click.option("--points", is_flag=True, help="Every logged number instead of one row a trial.")
@click.option("--no-model", is_flag=True, help="HTML without what a model says: what matters, and the best believed.")
@click.option(
    "--output",
    "-o",
    type=click.Path(dir_okay=False),
    metavar="FILE",
    help="File [default: standard output; of html RUN_ID.html].",
)
@pass_state
def command(state: State, run: str, form: str, points: bool, no_model: bool, output: str | None) -> None:
    """Write a sweep's trials as CSV or JSON, or all of it as a page.

    One row a trial: hyperparameters as param_NAME, best and last value of the primary metric, times in UTC. JSON is
    strict: non-finite numbers are the texts "nan", "inf" and "-inf".

    HTML is one file with the data, the table and all charts of Studio, to mail or attach: it needs no server and asks
    for nothing. It holds no folder of this machine and no value of an environment variable. A model of the trials is
    made first, which takes some seconds for thousands of them, unless --no-model is given.

    Example: overdrive export latest --format html -o sweep.html
    """
    from overdrive.cli.exporting import export
    from overdrive.cli.target import open_target

    export(open_target(state, run, recover=False).view, form, points, not no_model, output)
