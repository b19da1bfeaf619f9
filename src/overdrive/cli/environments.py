"""The environments that were built for trials: what `doctor` says of them, and `delete --environments`."""

import os
from pathlib import Path

import click

from overdrive.cli.console import say
from overdrive.cli.state import State
from overdrive.client.environment.building import built_environments
from overdrive.client.environment.building import environments_folder
from overdrive.client.environment.building import remove_environment
from overdrive.views import list_sweeps
from overdrive.views import open_sweep
from overdrive.views.words import count_of
from overdrive.views.words import show_size


def environments_words(workspace: Path) -> str | None:
    """How many there are, and how to be rid of them; None for none."""
    built = built_environments(workspace)
    if not built:
        return None
    size = show_size(sum(_size(folder) for folder, _ in built))
    return f"{len(built)} built, {size}; overdrive delete --environments removes those that nothing uses"


def delete_environments(state: State, *, yes: bool) -> None:
    """Removes all that no unfinished sweep runs in. They are built anew when they are asked for."""
    workspace = state.open_workspace().path
    used = _used(workspace)
    built = [(folder, facts) for folder, facts in built_environments(workspace) if str(folder) not in used]
    if not built:
        say(f"No environment to delete below {environments_folder(workspace)}")
        return
    if not yes:
        for folder, facts in built:
            say(f"  {folder.name}  {facts.get('name', '(not finished)')}  {show_size(_size(folder))}")
        click.confirm(f"Delete {count_of(len(built), 'environment')}?", abort=True)
    for folder, facts in built:
        remove_environment(folder)
        say(f"Deleted environment {folder.name} {facts.get('name', '(not finished)')}".rstrip())


def _used(workspace: Path) -> set[str]:
    unfinished = (summary.folder for summary in list_sweeps(workspace) if not summary.is_over)
    extras = (open_sweep(folder).spec.extra for folder in unfinished)
    return {extra["built_environment"]["folder"] for extra in extras if "built_environment" in extra}


def _size(folder: Path) -> int:
    """Bytes of its files; uv shares those that it has in its cache."""
    return sum(os.lstat(os.path.join(place, name)).st_size for place, _, names in os.walk(folder) for name in names)
