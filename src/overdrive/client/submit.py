"""Submitting: a folder that is complete or not there, then its engine."""

import contextlib
import dataclasses
import os
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from overdrive.client.engine import start_engine
from overdrive.client.environment.needed import prepare
from overdrive.client.folder import SPEC
from overdrive.client.inputs import lay_out
from overdrive.client.run_spec import passing_on
from overdrive.client.warn import warn
from overdrive.client.workspace import Workspace
from overdrive.errors import SpecError
from overdrive.errors import UnwritableError
from overdrive.host.files import copy_tree
from overdrive.host.files import make_private
from overdrive.host.files import remove_tree
from overdrive.host.files import sync_folder
from overdrive.host.files import write_json
from overdrive.host.git import Uncommitted
from overdrive.host.git import git_state
from overdrive.host.locks import check_workspace
from overdrive.host.randomness import new_id
from overdrive.host.slots import slot_count
from overdrive.host.snapshot import take_snapshot
from overdrive.records import SweepSpec


class Content(Protocol):
    """What a sweep's folder has besides: what it is given of earlier sweeps, or a pipeline's plan."""

    def put_into(self, folder: Path) -> None:
        """Writes it into the folder. Raises SpecError and OSError."""


#: Seconds that a submit waits for git when its copy is made: a huge repository holds nothing up.
_GIT_S = 0.1


def submit(
    workspace: Workspace,
    spec: SweepSpec,
    start: Callable[[Path], None] = start_engine,
    *,
    content: Content | None = None,
    snapshot: Path | None = None,
) -> Path:
    """Writes the sweep into the workspace and starts its engine; the sweep's folder.

    content: what else its folder has. snapshot: a folder to copy as it is, in place of the source directory.

    The folder is made under a name that begins with a dot and gets its own once it is whole, so that nobody ever meets
    half a sweep. Raises WorkspaceError and its kinds for a workspace that cannot be used, SpecError for a source
    directory that cannot be taken, an id that is taken, or more GPUs than there are, and what `environment.needed` and
    `start_engine` raise.
    """
    slot_count(spec.run.gpus)  # raises here what would otherwise end the engine
    check_workspace(str(workspace.path))
    parent = workspace.sweeps_folder if spec.kind == "sweep" else workspace.runs_folder
    folder, new = parent / spec.id, parent / f".new-{spec.id}-{new_id()[:8]}"
    if folder.exists():
        raise _is_taken(spec.id)
    if spec.resume_children:
        spec = dataclasses.replace(spec, run=passing_on(spec.run))
    spec = prepare(workspace.path, spec)
    try:
        make_private(str(new))
        _fill(workspace, new, spec, snapshot)
        if content is not None:
            content.put_into(new)
        os.rename(new, folder)
        sync_folder(str(parent))
    except OSError as error:
        remove_tree(str(new))
        if folder.exists():
            raise _is_taken(spec.id) from error
        raise UnwritableError(f"{parent} cannot be written: {error.strerror or error}") from error
    except BaseException:
        remove_tree(str(new))
        raise
    start(folder)
    return folder


def _fill(workspace: Workspace, new: Path, spec: SweepSpec, copied: Path | None) -> None:
    make_private(str(new / "mailbox"))
    make_private(str(new / "trials"))
    if copied is not None:
        copy_tree(str(copied), str(new / "snapshot"))
    else:
        spec = with_snapshot(workspace.path, new / "snapshot", spec)
    run = dataclasses.replace(spec.run, inputs=lay_out(spec.run.inputs, workspace.path, new))
    spec = dataclasses.replace(spec, run=run)
    write_json(str(new / SPEC), spec.to_json(), sync=True)


def with_snapshot(workspace: Path, folder: Path, spec: SweepSpec) -> SweepSpec:
    """Copies the source directory to a folder that is not there yet; the spec that says so.

    workspace: its folder, which is left out. Raises SpecError for a source directory that cannot be taken, OSError.
    """
    git = git_state(spec.run.source_directory)
    # git looks while the copy is made.
    with Uncommitted(spec.run.source_directory) if git else contextlib.nullcontext() as asked:
        snapshot = take_snapshot(
            spec.run.source_directory, str(folder), script=spec.run.script, leave_out=(str(workspace),)
        )
        dirty = asked.answer(_GIT_S) if asked else None
    for warning in snapshot.warnings:
        warn(warning)
    taken = {"digest": snapshot.digest, "files": snapshot.files, "size_bytes": snapshot.size_bytes}
    said = {"git": {**git, **({} if dirty is None else {"dirty": dirty})}} if git else {}
    return dataclasses.replace(spec, extra={**spec.extra, "snapshot": taken, **said})


def _is_taken(run_id: str) -> SpecError:
    text = f"a run with the id {run_id!r} is there already: give another one"
    return SpecError(text, field="custom_run_id", value=run_id, allowed="an id that no run has yet")
