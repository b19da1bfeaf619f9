"""`overdrive check`."""

import click

from overdrive.cli.lazy import Command
from overdrive.cli.state import State
from overdrive.cli.state import pass_state


@click.command(cls=Command)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.argument("paths", metavar="FILE|FOLDER...", nargs=-1, required=True)
@pass_state
def command(state: State, paths: tuple[str, ...], as_json: bool) -> int:
    """Read scripts written for Azure ML, without running them, and say what works here.

    Control scripts, notebooks, sweep files or folders, with the training scripts that they name: which names of azureml
    and azure.ai.ml work, work differently or are not here, and what is lacking: modules that this Python does not have,
    names that NumPy took away, URLs that may need a local file. Exit code 1 where something is not here or lacking.

    Example: overdrive check control.py
    """
    from overdrive.cli.checking import check_files

    return check_files(paths, as_json)
