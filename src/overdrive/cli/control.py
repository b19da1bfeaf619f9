"""Runs a control script, a notebook or any command, with the trial side's `azureml` on its import path."""

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

from overdrive.cli.notebooks import run_notebook
from overdrive.cli.notebooks import with_this_python
from overdrive.cli.scripts import no_script
from overdrive.cli.state import State
from overdrive.cli.url_maps import remember
from overdrive.compat import running
from overdrive.errors import SpecError
from overdrive.report.paths import trial_path
from overdrive.report.url_map import VARIABLE

#: Signals that are passed on. Not SIGINT: the terminal sends Ctrl-C to the script itself, too.
_PASSED_ON = (signal.SIGTERM, signal.SIGHUP)


def run_control(
    state: State,
    control: str,
    arguments: Sequence[str],
    maps: Sequence[str] = (),
    switches: Sequence[str] = (),
    output: str | None = None,
) -> int:
    """The exit code of the script or notebook; 128 + n where signal n ended it.

    maps: `URL=FILE`, kept beside the script. switches: environment variables that are 1 for it.
    output: the executed copy of a notebook.
    Raises SpecError where there is no such file, and for what a script or notebook does not take.
    """
    if not Path(control).is_file():
        raise no_script("CONTROL", control, hint="give the path of a Python file or notebook")
    is_notebook = control.endswith(".ipynb")
    if arguments and is_notebook:
        hint = "options of Overdrive's own, such as --output, go before the notebook"
        allowed = "nothing, for a notebook has no arguments"
        raise SpecError(field="ARGS", value=" ".join(arguments), allowed=allowed, hint=hint)
    if output is not None and not is_notebook:
        raise SpecError(field="--output", value=output, allowed="the executed copy of a notebook: a script leaves none")
    environment = control_environment(state)
    environment[VARIABLE] = str(remember(maps, Path(control).absolute().parent))
    environment.update(dict.fromkeys(switches, "1"))
    if is_notebook:
        return run_notebook(Path(control), output, {**with_this_python(environment), "OVERDRIVE_UNATTENDED": "1"})
    return _wait_for([sys.executable, str(Path(running.__file__ or "").parent), control, *arguments], environment)


def _wait_for(command: Sequence[str], environment: dict[str, str]) -> int:
    before = {number: signal.getsignal(number) for number in (*_PASSED_ON, signal.SIGINT)}
    process = subprocess.Popen(command, env=environment)
    try:
        # Functions, not SIG_IGN, which the script would have inherited.
        signal.signal(signal.SIGINT, lambda *_: None)
        for number in _PASSED_ON:
            signal.signal(number, lambda number, _: process.send_signal(number))
        code = process.wait()
    finally:
        for number, action in before.items():
            signal.signal(number, action)
    return 128 - code if code < 0 else code


def become(state: State, program: str, arguments: Sequence[str]) -> NoReturn:
    """Turns this process into `program`. Raises SpecError where there is none."""
    environment = with_this_python(control_environment(state))
    environment[VARIABLE] = str(remember((), Path.cwd()))
    found = shutil.which(program, path=environment["PATH"])
    if found is None:
        raise SpecError(
            f"there is no program {program!r} to run",
            field="COMMAND",
            value=program,
            allowed="a program on the PATH, or its path",
            hint=f"{sys.executable} -m pip install {program}" if program.startswith("jupyter") else None,
        )
    sys.stdout.flush()
    os.execve(found, [program, *arguments], environment)


def control_environment(state: State) -> dict[str, str]:
    """The environment of this process, with our folders in front of PYTHONPATH and the workspace named."""
    ours = trial_path(standin=False)
    rest = [part for part in os.environ.get("PYTHONPATH", "").split(os.pathsep) if part and part not in ours]
    return {
        **os.environ,
        "PYTHONPATH": os.pathsep.join([*ours, *rest]),
        "OVERDRIVE_WORKSPACE": str(state.open_workspace().path),
    }
