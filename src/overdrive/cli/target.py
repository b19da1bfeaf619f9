"""Which sweep or trial a command is about, and an engine for it where it lacks one."""

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

import click

from overdrive.cli.state import State

if TYPE_CHECKING:
    from pathlib import Path

    from overdrive.views import SweepView
    from overdrive.views import TrialRow


@dataclass(frozen=True, slots=True)
class Target:
    """What the user named."""

    view: "SweepView"
    #: Number of the trial that is meant (0 for a single run); None: the sweep.
    trial: int | None

    def row(self) -> "TrialRow":
        """The trial. Raises NotFoundError where there is none yet."""
        from overdrive.errors import NotFoundError

        row = self.view.trial(self.trial or 0)
        if row is None:
            count = len(self.view.trials())
            known = f"its trials are 0 to {count - 1}" if count else "it has no trial yet"
            raise NotFoundError(f"{self.view.id} has no trial {self.trial or 0}", hint=known)
        return row


def open_target(state: State, text: str, recover: bool = True) -> Target:
    """The sweep or trial that `text` names.

    recover: start an engine for an unfinished sweep that has none, unless --no-recover says otherwise.
    Raises NotFoundError and SpecError as `client.find` does.
    """
    from overdrive.client import find
    from overdrive.views import open_sweep

    place = find(state.open_workspace(), text)
    view = open_sweep(place.folder)
    if recover:
        recover_sweep(state, view)
    trial = 0 if view.spec.kind == "run" else place.trial
    target = Target(view, trial)
    if place.trial is not None:
        target.row()
    return target


def recover_sweep(state: State, view: "SweepView") -> None:
    """An engine for the sweep, if it is unfinished on this machine and has none."""
    from overdrive.client import ensure_engine

    if not state.no_recover:
        ensure_engine(view)


def recover_all(state: State) -> None:
    """The same for every sweep of the workspace. What is wrong with one is said, and does not concern the others."""
    import sqlite3

    from overdrive.cli.console import say_aside
    from overdrive.cli.errors import explain
    from overdrive.errors import OverdriveError
    from overdrive.views import list_sweeps
    from overdrive.views import open_sweep

    if state.no_recover:
        return
    for summary in list_sweeps(state.open_workspace().path):
        if summary.is_over or not (summary.folder / "spec.json").is_file():
            continue
        try:
            recover_sweep(state, open_sweep(summary.folder))
        except (OverdriveError, OSError, sqlite3.Error) as error:
            say_aside(f"Warning: {summary.id} does not go on: {explain(error)[0]}")


def complete_run(context: click.Context, parameter: click.Parameter, incomplete: str) -> list[str]:
    """Ids for the shell's completion: names of folders only."""
    state = context.find_root().ensure_object(State)
    workspace = state.open_workspace()
    names = ["latest", *_names(workspace.sweeps_folder), *_names(workspace.runs_folder)]
    return [name for name in names if name.startswith(incomplete)]


def _names(folder: "Path") -> list[str]:
    return sorted(entry.name for entry in os.scandir(folder) if entry.name[0] != ".") if folder.is_dir() else []
