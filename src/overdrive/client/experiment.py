"""A named group of sweeps: what configurations are submitted to."""

import dataclasses
import os
import tempfile
from collections.abc import Iterator
from collections.abc import Mapping
from pathlib import Path

from overdrive.client.config import HyperDriveConfig
from overdrive.client.engine import start_engine
from overdrive.client.find import find
from overdrive.client.find import list_specs
from overdrive.client.interactive import Hold
from overdrive.client.run import Run
from overdrive.client.run_spec import build_run_spec
from overdrive.client.script import ScriptRunConfig
from overdrive.client.submit import submit
from overdrive.client.sweep_run import HyperDriveRun
from overdrive.client.sweep_spec import build_interactive_spec
from overdrive.client.sweep_spec import build_single_spec
from overdrive.client.sweep_spec import build_sweep_spec
from overdrive.client.sweep_spec import check_tags
from overdrive.client.workspace import Workspace
from overdrive.errors import NotFoundError
from overdrive.errors import SpecError
from overdrive.host import clock
from overdrive.records import SweepSpec
from overdrive.registry import change_entry
from overdrive.registry import read_entry
from overdrive.views import open_sweep
from overdrive.views.trials import trial_run_id

#: The kind of the registry that keeps experiments' own tags.
_KIND = "experiments"


class Experiment:
    """A name below which sweeps and single runs are submitted. It is there once something was submitted to it.

    workspace: where its sweeps live.
    name: not empty, at most 255 characters, without '/' and NUL.

    Raises SpecError for anything else.
    """

    #: What single runs and trials are handed out as; a compatibility layer has its own.
    run_class: type[Run] = Run
    #: What sweeps are handed out as.
    sweep_class: type[HyperDriveRun] = HyperDriveRun

    def __init__(self, workspace: Workspace, name: str) -> None:
        if not isinstance(workspace, Workspace):
            raise SpecError(field="workspace", value=workspace, allowed="a Workspace")
        self.check_name(name)
        self.workspace = workspace
        self.name = name

    @staticmethod
    def check_name(name: object) -> None:
        """Raises SpecError for what cannot be an experiment's name."""
        if not isinstance(name, str) or not name.strip() or len(name) > 255 or "/" in name or "\0" in name:
            allowed = "text of 1 to 255 characters without / and NUL"
            raise SpecError(field="name", value=name, allowed=allowed)

    def submit(
        self,
        config: "HyperDriveConfig | ScriptRunConfig",
        tags: Mapping[str, object] | None = None,
        *,
        parent: Run | None = None,
    ) -> Run:
        """Starts a sweep, or a single run; returns at once with its HyperDriveRun, or Run.

        parent: the run below which it is listed. The source directory is copied first: later edits change nothing. The
        sweep goes on when this process ends.
        Raises SpecError naming the field, UnsupportedError for what cannot be run yet, WorkspaceError for a workspace
        that cannot be used.
        """
        if isinstance(config, HyperDriveConfig):
            run = build_run_spec(config.script_run_config())
            spec = _below(parent, build_sweep_spec(config, self.name, tags, run))
            submit(self.workspace, spec, content=config.inheritance())
            return self.sweep_class(self, spec.id)
        if isinstance(config, ScriptRunConfig):
            spec = _below(parent, build_single_spec(config, self.name, tags, build_run_spec(config)))
            submit(self.workspace, spec)
            return self.run_class(self, spec.id)
        raise SpecError(field="config", value=config, allowed="a HyperDriveConfig or a ScriptRunConfig")

    def start_logging(
        self,
        display_name: str | None = None,
        snapshot_directory: "str | os.PathLike[str] | None" = None,
        tags: Mapping[str, object] | None = None,
        *,
        parent: Run | None = None,
    ) -> Run:
        """A run that no script makes: this process logs to it until `complete()`, `fail()` or its own end.

        It takes no slot. snapshot_directory: a folder to keep a copy of; default none. parent: the run below which it
        is listed. Raises SpecError naming the field, WorkspaceError for a workspace that cannot be used.
        """
        held: list[Hold] = []

        def start(folder: Path) -> None:
            held.append(Hold(folder))
            start_engine(folder)

        with tempfile.TemporaryDirectory() as empty:
            source = os.fspath(snapshot_directory or empty)
            spec = _below(parent, build_interactive_spec(self.name, tags, source))
            submit(self.workspace, spec, start)
        run = self.run_class(self, spec.id)
        run.open_by(held[0])
        if display_name is not None:
            run.display_name = display_name
        return run

    def get_run(self, run_id: str) -> Run:
        """The sweep, trial or single run with this id or beginning of one, also of another experiment.

        Raises NotFoundError.
        """
        return open_run(self.workspace, run_id, type(self))

    # What is kept of the experiment itself

    @property
    def tags(self) -> dict[str, str]:
        """Its own tags."""
        return dict(self._entry().get("tags") or {})

    def set_tags(self, tags: Mapping[str, object]) -> None:
        """Sets these tags; others stay. Values become text. Raises SpecError for a name that is no text."""
        texts = check_tags(tags)
        with change_entry(self.workspace.path, _KIND, self.name) as entry:
            entry["tags"] = {**(entry.get("tags") or {}), **texts}

    def tag(self, key: str, value: object = None) -> None:
        """Sets one tag."""
        self.set_tags({key: value})

    def remove_tags(self, tags: "list[str] | str") -> dict[str, str]:
        """Removes these tags; those that are left."""
        gone = [tags] if isinstance(tags, str) else tags
        with change_entry(self.workspace.path, _KIND, self.name) as entry:
            entry["tags"] = {name: text for name, text in (entry.get("tags") or {}).items() if name not in gone}
        return self.tags

    @property
    def archived_time(self) -> str | None:
        """When it was archived, ISO 8601, UTC; None when it is not."""
        return self._entry().get("archived_at")

    def archive(self) -> None:
        """Leaves it out of lists; nothing is removed."""
        with change_entry(self.workspace.path, _KIND, self.name) as entry:
            entry["archived_at"] = clock.utc_text()

    def reactivate(self) -> None:
        """Lists it again."""
        with change_entry(self.workspace.path, _KIND, self.name) as entry:
            entry.pop("archived_at", None)

    def _entry(self) -> dict:
        return read_entry(self.workspace.path, _KIND, self.name) or {}

    def get_portal_url(self) -> str:
        """Where its runs are: the workspace's folder, as a file URL."""
        return self.workspace.path.as_uri()

    def get_runs(
        self,
        type: str | None = None,
        tags: "Mapping[str, str] | str | None" = None,
        properties: "Mapping[str, str] | str | None" = None,
        include_children: bool = False,
    ) -> Iterator[Run]:
        """Its sweeps and single runs, the newest first.

        type: only runs of this type, such as 'hyperdrive'. tags, properties: only runs that have them.
        include_children: each sweep's trials too, behind it.
        """
        for _, spec in list_specs(self.workspace):
            if spec.experiment != self.name:
                continue
            sweep = spec.kind == "sweep"
            run = (self.sweep_class if sweep else self.run_class)(self, spec.id)
            if run.matches(type=type, tags=tags, properties=properties):
                yield run
            if sweep and include_children:
                yield from run.get_children(type=type, tags=tags, properties=properties)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Experiment) and (other.workspace, other.name) == (self.workspace, self.name)

    def __hash__(self) -> int:
        return hash((self.workspace, self.name))

    def __repr__(self) -> str:
        return f"Experiment(Name: {self.name}, Workspace: {self.workspace.name})"


def _below(parent: Run | None, spec: SweepSpec) -> SweepSpec:
    return spec if parent is None else dataclasses.replace(spec, extra={**spec.extra, "parent": parent.id})


def open_run(workspace: Workspace, text: str, kind: type[Experiment] = Experiment) -> Run:
    """The sweep (HyperDriveRun), trial or single run (Run) that `text` names, as `find` understands it.

    kind: the experiment class whose classes are handed out. Raises NotFoundError and SpecError as `find` does.
    """
    place = find(workspace, text)
    view = open_sweep(place.folder)
    experiment = kind(workspace, view.spec.experiment)
    if view.spec.kind == "run":
        if place.trial:
            raise NotFoundError(f"{view.id} is a single run: it has no trial {place.trial}")
        return experiment.run_class(experiment, view.id, _view=view)
    if place.trial is None:
        return experiment.sweep_class(experiment, view.id, _view=view)
    return experiment.run_class(experiment, trial_run_id(view.spec, place.trial), _view=view)
