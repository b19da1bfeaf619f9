"""What `doctor` finds."""

import os
import platform
import sys
from dataclasses import dataclass
from pathlib import Path

import overdrive
from overdrive.cli.console import is_terminal
from overdrive.cli.console import print_json
from overdrive.cli.console import say
from overdrive.cli.environments import environments_words
from overdrive.cli.facts import Fact
from overdrive.cli.facts import print_facts
from overdrive.cli.state import State
from overdrive.errors import OverdriveError
from overdrive.errors import WorkspaceError
from overdrive.host.guarantees import Guarantee
from overdrive.host.guarantees import guarantees
from overdrive.host.locks import check_workspace
from overdrive.host.locks import is_held
from overdrive.host.machine import gpus
from overdrive.host.machine import hostname
from overdrive.host.machine import usable_cores
from overdrive.views import list_sweeps
from overdrive.views import open_sweep
from overdrive.views.slots import slot_use
from overdrive.views.words import count_of
from overdrive.views.words import show_size

_BEGINNINGS = (".new-", ".deleted-")


@dataclass(frozen=True, slots=True)
class Stale:
    """Something that lies about."""

    path: Path
    #: A sentence: what it is and what to do about it.
    sentence: str


def check_up(state: State, as_json: bool) -> int:
    """Prints the findings; 4 where the workspace cannot be used, else 0."""
    workspace = state.open_workspace().path
    problem, found = None, []
    try:
        check_workspace(str(workspace))
        found = guarantees(str(workspace))
    except WorkspaceError as error:
        problem = error
    stale = find_stale(workspace)
    if as_json:
        print_json(_as_json(workspace, found, stale, problem))
    else:
        _print(workspace, found, stale)
    if problem:
        raise problem
    return 0


def _machine() -> list[Fact]:
    use = slot_use()
    total = (
        "OVERDRIVE_SLOTS is unreadable" if use.total is None else f"{use.held} of {count_of(use.total, 'slot')} taken"
    )
    devices = gpus()
    return [
        ("overdrive", overdrive.__version__),
        ("python", f"{platform.python_version()} ({sys.executable})"),
        ("system", f"{platform.system()} {platform.release()} on {hostname()}"),
        ("cores", f"{usable_cores()} usable of {os.cpu_count()}"),
        ("GPUs", ", ".join(devices) if devices else "none"),
        ("slots", f"{total} (OVERDRIVE_SLOTS sets another number)"),
    ]


def _print(workspace: Path, found: list[Guarantee], stale: list[Stale]) -> None:
    sweeps = list_sweeps(workspace)
    running = sum(not summary.is_over for summary in sweeps)
    about = [
        ("workspace", str(workspace)),
        ("free", _room(workspace)),
        ("sweeps", f"{len(sweeps)}, {running} not ended"),
    ]
    built = environments_words(workspace)
    if built:
        about.append(("environments", built))
    print_facts([*_machine(), *about], indent="")
    if found:
        say("\nGuarantees on this machine:")
        print_facts([(f"{_mark(entry.ok)} {entry.name}", entry.sentence) for entry in found])
    if stale:
        say("\nLying about:")
        print_facts([(entry.path.name, entry.sentence) for entry in stale])


def _mark(ok: bool) -> str:
    return ("✓" if ok else "✗") if is_terminal() else ("yes" if ok else "no ")


def _room(workspace: Path) -> str:
    existing = next((path for path in (workspace, *workspace.parents) if path.exists()), Path("/"))
    disk = os.statvfs(existing)
    return f"{show_size(disk.f_bavail * disk.f_frsize)} on its disk"


def find_stale(workspace: Path) -> list[Stale]:
    """Half-made and half-deleted folders, damaged sweeps, unfinished sweeps without an engine."""
    stale = []
    for parent in (workspace / "sweeps", workspace / "runs"):
        if parent.is_dir():
            leftovers = (path for path in parent.iterdir() if path.name.startswith(_BEGINNINGS))
            stale += [
                Stale(path, f"a leftover of an interrupted command; remove it: rm -r '{path}'") for path in leftovers
            ]
    for summary in list_sweeps(workspace):
        if damage := _damage(summary.folder):
            stale.append(Stale(summary.folder, damage))
        elif not summary.is_over and not is_held(str(summary.folder / "engine.lock")):
            stale.append(Stale(summary.folder, f"{summary.reason}; `overdrive watch {summary.id}` goes on with it"))
    return stale


def _damage(folder: Path) -> str | None:
    """What is wrong with a sweep, or None where it can be read."""
    try:
        open_sweep(folder).facts()
    except OverdriveError as error:
        return error.message
    except OSError as error:
        return f"it cannot be read: {error.strerror or error}"
    return None


def _as_json(
    workspace: Path, found: list[Guarantee], stale: list[Stale], problem: WorkspaceError | None
) -> dict[str, object]:
    use = slot_use()
    return {
        "overdrive": overdrive.__version__,
        "python": platform.python_version(),
        "executable": sys.executable,
        "system": f"{platform.system()} {platform.release()}",
        "host": hostname(),
        "cores": usable_cores(),
        "gpus": gpus(),
        "slots": {"total": use.total, "held": use.held},
        "workspace": str(workspace),
        "usable": problem is None,
        "problem": problem.message if problem else None,
        "guarantees": [{"name": entry.name, "ok": entry.ok, "sentence": entry.sentence} for entry in found],
        "stale": [{"path": str(entry.path), "sentence": entry.sentence} for entry in stale],
    }
