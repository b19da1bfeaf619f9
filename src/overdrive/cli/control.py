"""Runs a control script as a child, with the trial side's `azureml` on its import path."""

import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from overdrive.cli.scripts import no_script
from overdrive.cli.state import State
from overdrive.cli.url_maps import remember
from overdrive.report.paths import trial_path
from overdrive.report.url_map import VARIABLE

#: Signals that are passed on. Not SIGINT: the terminal sends Ctrl-C to the script itself, too.
_PASSED_ON = (signal.SIGTERM, signal.SIGHUP)


def run_control(
    state: State, control: str, arguments: Sequence[str], maps: Sequence[str] = (), restore_numpy_names: bool = False
) -> int:
    """The exit code of the script; 128 + n where signal n ended it.

    maps: `URL=FILE`, kept beside the script. Raises SpecError where there is no such file.
    """
    if not Path(control).is_file():
        raise no_script("CONTROL", control, hint="give the path of a Python file")
    before = {number: signal.getsignal(number) for number in (*_PASSED_ON, signal.SIGINT)}
    environment = control_environment(state)
    environment[VARIABLE] = str(remember(maps, Path(control).absolute().parent))
    if restore_numpy_names:
        environment["OVERDRIVE_RESTORE_NUMPY_NAMES"] = "1"
    process = subprocess.Popen([sys.executable, control, *arguments], env=environment)
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


def control_environment(state: State) -> dict[str, str]:
    """The environment of this process, with our folders in front of PYTHONPATH and the workspace named."""
    ours = trial_path(standin=False)
    rest = [part for part in os.environ.get("PYTHONPATH", "").split(os.pathsep) if part and part not in ours]
    return {
        **os.environ,
        "PYTHONPATH": os.pathsep.join([*ours, *rest]),
        "OVERDRIVE_WORKSPACE": str(state.open_workspace().path),
    }
