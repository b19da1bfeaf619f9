"""`overdrive submit`."""

import click

from overdrive.cli.lazy import Command
from overdrive.cli.state import State
from overdrive.cli.state import pass_state


@click.command(cls=Command)
@click.argument("file", metavar="FILE.yml")
@click.option("--set", "settings", multiple=True, metavar="KEY=VALUE", help="Another value for a field; repeatable.")
@click.option("--map", "maps", multiple=True, metavar="URL=FILE", help="A local file for an input's URL; repeatable.")
@click.option("--experiment", "--name", metavar="NAME", help="Experiment [default: experiment_name, else the folder].")
@click.option("--interpreter", metavar="PYTHON", help="The command's python [default: this one].")
@click.option(
    "--restore-numpy-names", is_flag=True, help="Give trials back the names that NumPy took away, such as np.float."
)
@click.option(
    "--build-environment", is_flag=True, help="Run trials in what the job's conda file names, built with uv and kept."
)
@click.option("--keep-work", is_flag=True, help="Keep working directories whole, not only outputs/ and logs/.")
@click.option("--watch", "-w", is_flag=True, help="Watch it to its end.")
@click.option("--json", "as_json", is_flag=True, help="Print the sweep as JSON: its id at once or, watched, its end.")
@pass_state
def command(state: State, file: str, watch: bool, as_json: bool, **options) -> int:
    """Submit a sweep file of Azure ML's command line (version 2).

    FILE is a job of type sweep, or command (a single run). Its fields: docs/sweep-yaml.md. VALUE is YAML.

    Example: overdrive submit sweep.yml --set limits.max_total_trials=8 --watch
    """
    from overdrive.cli.submitting import submit_file
    from overdrive.cli.target import recover_all

    recover_all(state)
    return submit_file(state, file, watch=watch, as_json=as_json, **options)
