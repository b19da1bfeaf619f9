"""`overdrive run`."""

import click

from overdrive.cli.lazy import Command
from overdrive.cli.state import State
from overdrive.cli.state import pass_state


@click.command(cls=Command, context_settings={"ignore_unknown_options": True, "allow_interspersed_args": False})
@click.option(
    "--map",
    "maps",
    multiple=True,
    metavar="URL=FILE",
    help="Read FILE in place of URL, here and in trials; kept in overdrive-map.json beside the script; repeatable.",
)
@click.option(
    "--restore-numpy-names", is_flag=True, help="Give scripts back the names that NumPy took away, such as np.float."
)
@click.option(
    "--build-environment", is_flag=True, help="Run trials in what their Environment names, built with uv and kept."
)
@click.option("--output", metavar="FILE", help="The executed copy of a notebook [default: NAME.executed.ipynb].")
@click.argument("control", metavar="CONTROL")
@click.argument("arguments", metavar="[ARGS]...", nargs=-1, type=click.UNPROCESSED)
@pass_state
def command(
    state: State,
    maps: tuple[str, ...],
    restore_numpy_names: bool,
    build_environment: bool,
    output: str | None,
    control: str,
    arguments: tuple[str, ...],
) -> int:
    """Run a control script or notebook, such as one written for HyperDrive.

    The script is run by this Python, with `import azureml` leading to Overdrive. Its exit code is passed on; where a
    signal ended it, that is 128 and the signal's number. Options stand before the script; what follows is its own.

    A notebook runs in its folder, cell by cell; each cell's output is printed in short and kept whole in the executed
    copy. A cell that fails ends it, with exit code 1. A cell, or a statement of a script, that uses what only Azure has
    says so in one sentence, and the others go on.

    Example: overdrive run control.py --runs 20
    """
    from overdrive.cli.control import run_control
    from overdrive.cli.target import recover_all

    recover_all(state)
    switches = {"OVERDRIVE_RESTORE_NUMPY_NAMES": restore_numpy_names, "OVERDRIVE_BUILD_ENVIRONMENT": build_environment}
    return run_control(state, control, arguments, maps, [name for name, is_on in switches.items() if is_on], output)
