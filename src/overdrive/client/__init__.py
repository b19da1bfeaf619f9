"""The public facade: what scripts submit, and the runs that they get back. It alone starts engines.

Lives here: Workspace, Experiment, the two configurations, runs, submit, requests, finding by id, waiting.
May import: views, sampling, termination, store, space, host, records, errors; the engine only as the program it starts.
Must not touch: a sweep's database, trials, anything that an engine writes.
Change together with: compat.azureml, cli, docs/python.md, docs/architecture.md (a sweep's folder).
"""

from overdrive.client.config import HyperDriveConfig
from overdrive.client.engine import ensure_engine
from overdrive.client.engine import start_engine
from overdrive.client.experiment import Experiment
from overdrive.client.experiment import open_run
from overdrive.client.find import Place
from overdrive.client.find import find
from overdrive.client.go_on import go_on_with
from overdrive.client.leaving import Leaving
from overdrive.client.models import Model
from overdrive.client.requests import ask
from overdrive.client.run import Run
from overdrive.client.script import ScriptRunConfig
from overdrive.client.sweep_run import HyperDriveRun
from overdrive.client.wait import Engines
from overdrive.client.wait import wait_for_sweep
from overdrive.client.wait import wait_for_trial
from overdrive.client.workspace import Workspace

__all__ = [
    "Engines",
    "Experiment",
    "HyperDriveConfig",
    "HyperDriveRun",
    "Leaving",
    "Model",
    "Place",
    "Run",
    "ScriptRunConfig",
    "Workspace",
    "ask",
    "ensure_engine",
    "find",
    "go_on_with",
    "open_run",
    "start_engine",
    "wait_for_sweep",
    "wait_for_trial",
]
