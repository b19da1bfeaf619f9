"""`overdrive run`."""

import click

from overdrive.cli.lazy import Command
from overdrive.cli.state import State
from overdrive.cli.state import pass_state


@click.command(cls=Command, context_settings={"ignore_unknown_options": True, "allow_interspersed_args": False})
@click.argument("control", metavar="CONTROL.py")
@click.argument("arguments", metavar="[ARGS]...", nargs=-1, type=click.UNPROCESSED)
@pass_state
def command(state: State, control: str, arguments: tuple[str, ...]) -> int:
    """Run a control script, such as one written for HyperDrive.

    The script is run by this Python, with `import azureml` leading to Overdrive. Its exit code is passed on; where a
    signal ended it, that is 128 and the signal's number.

    Example: overdrive run control.py --runs 20
    """
    from overdrive.cli.control import run_control
    from overdrive.cli.target import recover_all

    recover_all(state)
    return run_control(state, control, arguments)
