"""`overdrive exec`."""

import click

from overdrive.cli.lazy import Command
from overdrive.cli.state import State
from overdrive.cli.state import pass_state


@click.command(cls=Command, context_settings={"ignore_unknown_options": True, "allow_interspersed_args": False})
@click.argument("program", metavar="COMMAND")
@click.argument("arguments", metavar="[ARGS]...", nargs=-1, type=click.UNPROCESSED)
@pass_state
def command(state: State, program: str, arguments: tuple[str, ...]) -> int:
    """Run any command with `import azureml` leading to Overdrive, such as Jupyter.

    The command takes the place of this one, in the same folder. The programs that stand beside this Python are found
    first: its `python`, `pip`, `jupyter`. Python kernels that it starts find azureml, too.

    Example: overdrive exec -- jupyter lab
    """
    from overdrive.cli.control import become

    return become(state, program, arguments)
