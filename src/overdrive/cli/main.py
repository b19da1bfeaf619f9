"""`overdrive`: the group of all commands."""

import atexit
import os
import signal
import sys

import click

import overdrive
from overdrive.cli.errors import LEFT
from overdrive.cli.errors import report
from overdrive.cli.lazy import LazyCommands
from overdrive.cli.lazy import LazyGroup
from overdrive.cli.state import State
from overdrive.cli.state import global_options

#: What each command is for, in the order of `overdrive --help`: equal to the first line of the command's own help.
COMMANDS = {
    "run": "Run a control script or notebook, such as one written for HyperDrive.",
    "exec": "Run any command with `import azureml` leading to Overdrive, such as Jupyter.",
    "check": "Read scripts written for Azure ML, without running them, and say what works here.",
    "tune": "Tune a training script: start a sweep and watch it.",
    "submit": "Submit a sweep file of Azure ML's command line (version 2).",
    "list": "List the sweeps of the workspace, the newest first.",
    "show": "Show a sweep with its trials, or one trial.",
    "watch": "Watch a sweep until it ends.",
    "studio": "Look at the workspace in a browser.",
    "best": "Print the best trial of a sweep.",
    "metrics": "Print what trials logged.",
    "explain": "Say what a sweep has taught: which hyperparameters matter, how, and why trials were suggested.",
    "bench": "Measure samplers on tasks whose best value is known.",
    "logs": "Print what a trial printed, or a sweep's engine wrote down.",
    "cancel": "Cancel a sweep or one of its trials.",
    "resume": "Go on with an unfinished, cancelled or failed sweep, or with some of its trials.",
    "export": "Write a sweep's trials as CSV or JSON, or all of it as a page.",
    "delete": "Delete sweeps and all that belongs to them.",
    "replay": "Check that a sweep's journal leads to the same decisions again.",
    "doctor": "Look over this machine and the workspace.",
    "log": "Log numbers from inside a trial, from any shell or language.",
    "completion": "Print the completion script for a shell.",
}


class Main(LazyGroup):
    """The group that turns every error into a line and an exit code. Called without anything it shows its help."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        return super().parse_args(ctx, args or ["--help"])

    def main(self, *args, standalone_mode: bool = True, **kwargs):
        if not standalone_mode:
            return super().main(*args, standalone_mode=False, **kwargs)
        state, stdout = State(), sys.stdout
        try:
            code = super().main(*args, standalone_mode=False, obj=state, **kwargs)
            sys.stdout.flush()
        except KeyboardInterrupt:
            code = LEFT
        except BrokenPipeError:
            code = _leave_pipe()
        except SystemExit:
            if sys.stdout is stdout:
                raise
            code = 0  # click met a closed pipe first: it has put a deaf stream there, and would make it 1
        except Exception as error:  # noqa: BLE001 - the last place: what nobody expected becomes one line
            code = report(error, state.debug)
        # All is said: a late Ctrl-C must not turn the exit code into a death by signal while the interpreter winds up.
        atexit.register(signal.signal, signal.SIGINT, signal.SIG_IGN)
        sys.exit(code if isinstance(code, int) else 0)


def _leave_pipe() -> int:
    """The reader of our output went away: nothing more can be said, and nothing is wrong."""
    # What is still buffered goes nowhere, or Python would complain at its end.
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 0


@click.group(
    cls=Main,
    name="overdrive",
    commands=LazyCommands("overdrive.cli.commands", COMMANDS),
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    params=global_options(),
    epilog="RUN is an id, a unique beginning of one, or `latest`; TRIAL is RUN_N, such as latest_3.",
    subcommand_metavar="COMMAND [ARGS]...",
)
@click.version_option(overdrive.__version__, prog_name="overdrive")
def main() -> None:
    """Tune hyperparameters of training scripts on your own machine, as HyperDrive does in the cloud.

    Example: overdrive tune train.py --space lr='loguniform(-7, -1)' --metric accuracy --goal maximize
    """
