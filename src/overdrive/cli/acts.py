"""What `cancel`, `resume` and `delete` do."""

import os
from collections.abc import Callable
from collections.abc import Sequence
from pathlib import Path

import click

from overdrive.cli.console import print_json
from overdrive.cli.console import say
from overdrive.cli.console import say_aside
from overdrive.cli.state import State
from overdrive.cli.target import Target
from overdrive.client import ask
from overdrive.client import ensure_engine
from overdrive.client import find
from overdrive.client import go_on_with
from overdrive.client.environment.needed import prepare
from overdrive.client.find import short_id
from overdrive.errors import LockedError
from overdrive.errors import OverdriveError
from overdrive.errors import SpecError
from overdrive.errors import WorkspaceError
from overdrive.host import clock
from overdrive.host.files import remove_tree
from overdrive.host.locks import is_held
from overdrive.records import Outcome
from overdrive.store import read_mailbox
from overdrive.views import SweepView
from overdrive.views import open_sweep
from overdrive.views.situation import is_elsewhere
from overdrive.views.words import count_of

#: Who asks, in the sweep's journal.
BY = "overdrive cancel"
#: Seconds in which a new engine takes in what was asked of it.
_PATIENCE_S = 20.0
#: Trials named in a hint.
_SHOWN = 5


def cancel(target: Target, now: bool) -> None:
    """Leaves the request; says so where there is nothing left to cancel."""
    view = target.view
    if target.trial is None or view.spec.kind == "run":
        if view.is_over:
            say(f"{view.id} has ended already: {view.reason}")
            return
        ask(view, kind="cancel", now=now, by=BY)
        say(f"{view.id} is being cancelled. Watch it: overdrive watch {short_id(view)}")
        return
    row = target.row()
    if row.is_ended:
        say(f"{row.run_id} has ended already: {row.why}")
        return
    ask(view, kind="cancel_trial", trial=row.number, now=now, by=BY)
    say(f"{row.run_id} is being cancelled.")


def resume(view: SweepView, as_json: bool = False) -> None:
    """Sees to it that the sweep goes on. Raises SpecError for one whose trials or time are over, UnwritableError, …"""
    tell = say_aside if as_json else say
    if "built_environment" in view.spec.extra:
        prepare(view.folder.parent.parent, view.spec)  # it may have been deleted since
    _go_on(view, tell)
    if as_json:
        print_json({"id": view.id, "folder": str(view.folder)})


def resume_trials(state: State, view: SweepView, trials: Sequence[int], source: str | None, as_json: bool) -> None:
    """Starts a sweep that goes on with these trials. Raises what `go_on_with` does."""
    folder = go_on_with(state.open_workspace(), view, trials, source)
    for at, number in enumerate(trials):
        if not os.listdir(folder / "trials" / str(at) / "work" / "outputs"):
            say_aside(f"Trial {number} left nothing in outputs/: its script begins anew.")
    if as_json:
        print_json({"id": folder.name, "folder": str(folder)})
        return
    named = ", ".join(str(number) for number in trials)
    say(f"Started {folder.name}, which goes on with trial{'s' if len(trials) > 1 else ''} {named} of {view.id}")
    say(f"Watch it: overdrive watch {short_id(open_sweep(folder))}")


def _go_on(view: SweepView, tell: Callable[[str], None]) -> None:
    short = short_id(view)
    if view.is_over:
        if spent := view.spent_sentence:
            raise SpecError(
                f"{view.id} has nothing left to do: {spent}, and ended trials, cancelled ones too, are not run again",
                hint=_cut_short(view) or "start a new sweep with overdrive tune",
            )
        _ask_to_go_on(view)
    elif view.is_cancelling:
        _ask_to_go_on(view)  # which takes the rest of the cancel back
    elif view.engine().alive:
        tell(f"{view.id} is running already.")
        return
    elif host := is_elsewhere(view):
        tell(f"{view.id} was begun on {host}; it goes on here now.")
        ensure_engine(view, even_if_elsewhere=True)
    else:
        ensure_engine(view)
    tell(f"{view.id} goes on with {count_of(view.left_to_do, 'trial')}. Watch it: overdrive watch {short}")
    if hint := _cut_short(view):
        tell(f"Cancelled trials stay as they are. To {hint}")


def _cut_short(view: SweepView) -> str:
    """How to go on with the trials that were cancelled midway; '' without any."""
    numbers = [row.number for row in view.trials() if row.outcome is Outcome.CANCELLED and row.started_at]
    if not numbers:
        return ""
    options = " ".join(f"--trial {number}" for number in numbers[:_SHOWN])
    more = " …" if len(numbers) > _SHOWN else ""
    return f"go on with the cancelled ones where they were: overdrive resume {short_id(view)} {options}{more}"


def _ask_to_go_on(view: SweepView) -> None:
    """Asks, and waits until the engine has taken it in: whoever looks next is to see the sweep running."""
    request = ask(view, kind="resume", by="overdrive resume")
    deadline = clock.monotonic() + _PATIENCE_S
    while any(waiting and waiting.id == request.id for _, waiting in read_mailbox(view.folder)):
        if clock.monotonic() > deadline:
            raise WorkspaceError(
                f"the engine of {view.id} has not answered for {_PATIENCE_S:g} s",
                hint=f"see {view.folder / 'engine.log'}",
            )
        clock.sleep(0.02)


def delete(state: State, runs: Sequence[str], *, yes: bool, force: bool) -> None:
    """Deletes all of them, or none where one may not be deleted. Raises LockedError for one that still lives."""
    workspace = state.open_workspace()
    folders: dict[Path, str] = {}
    for text in runs:
        place = find(workspace, text)
        if place.trial is not None:
            raise SpecError(
                f"{text} is a trial: only whole sweeps can be deleted", hint=f"its sweep: {place.folder.name}"
            )
        _check_deletable(place.folder, force)
        folders[place.folder] = place.folder.name
    if not yes:
        for name in folders.values():
            say(f"  {name}")
        many = "this sweep" if len(folders) == 1 else f"these {len(folders)} sweeps"
        click.confirm(f"Delete {many} with all trials, outputs and logs?", abort=True)
    for folder, name in folders.items():
        # It vanishes at once and whole, whatever happens while its files are removed.
        gone = folder.with_name(f".deleted-{name}")
        os.rename(folder, gone)
        remove_tree(str(gone))
        say(f"Deleted {name}")


def _check_deletable(folder: Path, force: bool) -> None:
    living = [path.parent.name for path in folder.glob("trials/*/alive.*") if is_held(str(path))]
    if is_held(str(folder / "engine.lock")) or living:
        raise LockedError(f"{folder.name} is running", hint=f"first cancel it: overdrive cancel {folder.name}")
    if force:
        return
    try:
        view = open_sweep(folder)
        # A sweep that was cancelled on a full disk is not written down as over: its cancel waits for room.
        is_over = view.is_over or view.is_cancelling
    except OverdriveError as error:
        raise SpecError(f"{folder.name} is damaged: {error.message}", hint="--force deletes it nevertheless") from error
    if not is_over:
        raise LockedError(f"{folder.name} is unfinished", hint=f"cancel it: overdrive cancel {folder.name}; or --force")
