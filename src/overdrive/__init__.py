"""Overdrive: hyperparameter tuning of training scripts, on your own machines.

The public names load lazily (PEP 562), so that `import overdrive` costs next to nothing.
"""

import os as _os
import sys as _sys

__version__ = "0.1.0"

#: As typing's, which costs every trial ten modules: type checkers take it for true by its name.
TYPE_CHECKING = False

if TYPE_CHECKING:
    from overdrive.client import Experiment
    from overdrive.client import HyperDriveConfig
    from overdrive.client import HyperDriveRun
    from overdrive.client import Run
    from overdrive.client import ScriptRunConfig
    from overdrive.client import Workspace
    from overdrive.errors import NotFoundError
    from overdrive.errors import OverdriveError
    from overdrive.errors import SpecError
    from overdrive.errors import SweepFailedError
    from overdrive.errors import UnsupportedError
    from overdrive.errors import WorkspaceError
    from overdrive.records import PrimaryMetricGoal
    from overdrive.sampling import BayesianParameterSampling
    from overdrive.sampling import GridParameterSampling
    from overdrive.sampling import HyperParameterSampling
    from overdrive.sampling import RandomParameterSampling
    from overdrive.space import choice
    from overdrive.space import lognormal
    from overdrive.space import loguniform
    from overdrive.space import normal
    from overdrive.space import qlognormal
    from overdrive.space import qloguniform
    from overdrive.space import qnormal
    from overdrive.space import quniform
    from overdrive.space import randint
    from overdrive.space import uniform
    from overdrive.termination import BanditPolicy
    from overdrive.termination import EarlyTerminationPolicy
    from overdrive.termination import MedianStoppingPolicy
    from overdrive.termination import NoTerminationPolicy
    from overdrive.termination import TruncationSelectionPolicy
    from overdrive.widgets import RunDetails

__all__ = [
    "BanditPolicy",
    "BayesianParameterSampling",
    "EarlyTerminationPolicy",
    "Experiment",
    "GridParameterSampling",
    "HyperDriveConfig",
    "HyperDriveRun",
    "HyperParameterSampling",
    "MedianStoppingPolicy",
    "NoTerminationPolicy",
    "NotFoundError",
    "OverdriveError",
    "PrimaryMetricGoal",
    "RandomParameterSampling",
    "Run",
    "RunDetails",
    "ScriptRunConfig",
    "SpecError",
    "SweepFailedError",
    "TruncationSelectionPolicy",
    "UnsupportedError",
    "Workspace",
    "WorkspaceError",
    "choice",
    "lognormal",
    "loguniform",
    "normal",
    "qlognormal",
    "qloguniform",
    "qnormal",
    "quniform",
    "randint",
    "uniform",
]

#: Room → the public names that it holds.
_ROOMS = {
    "client": "Experiment HyperDriveConfig HyperDriveRun ScriptRunConfig Workspace",
    "errors": "NotFoundError OverdriveError SpecError SweepFailedError UnsupportedError WorkspaceError",
    "records": "PrimaryMetricGoal",
    "sampling": ("BayesianParameterSampling GridParameterSampling HyperParameterSampling RandomParameterSampling"),
    "space": "choice lognormal loguniform normal qlognormal qloguniform qnormal quniform randint uniform",
    "termination": (
        "BanditPolicy EarlyTerminationPolicy MedianStoppingPolicy NoTerminationPolicy TruncationSelectionPolicy"
    ),
    "widgets": "RunDetails",
}
_ROOM_OF = {name: room for room, names in _ROOMS.items() for name in names.split()}


def __getattr__(name: str) -> object:
    """The public name, from its room. Inside a trial `Run` is the trial side's, which loads nothing else."""
    if name == "Run":
        room = "report" if _os.environ.get("OVERDRIVE_METRICS") else "client"
    elif name in _ROOM_OF:
        room = _ROOM_OF[name]
    else:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    module = f"{__name__}.{room}"
    __import__(module)  # importlib.import_module would load importlib, warnings and typing into every trial
    value = getattr(_sys.modules[module], name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
