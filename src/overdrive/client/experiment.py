"""A named group of sweeps: what configurations are submitted to."""

from collections.abc import Iterator
from collections.abc import Mapping

from overdrive.client.config import HyperDriveConfig
from overdrive.client.find import find
from overdrive.client.find import list_specs
from overdrive.client.run import Run
from overdrive.client.run_spec import build_run_spec
from overdrive.client.script import ScriptRunConfig
from overdrive.client.submit import submit
from overdrive.client.sweep_run import HyperDriveRun
from overdrive.client.sweep_spec import build_single_spec
from overdrive.client.sweep_spec import build_sweep_spec
from overdrive.client.workspace import Workspace
from overdrive.errors import NotFoundError
from overdrive.errors import SpecError
from overdrive.views import open_sweep
from overdrive.views.trials import trial_run_id


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

    def submit(self, config: "HyperDriveConfig | ScriptRunConfig", tags: Mapping[str, object] | None = None) -> Run:
        """Starts a sweep, or a single run; returns at once with its HyperDriveRun, or Run.

        The source directory is copied first: later edits change nothing. The sweep goes on when this process ends.
        Raises SpecError naming the field, UnsupportedError for what cannot be run yet, WorkspaceError for a workspace
        that cannot be used.
        """
        if isinstance(config, HyperDriveConfig):
            run = build_run_spec(config.script_run_config())
            spec = build_sweep_spec(config, self.name, tags, run)
            submit(self.workspace, spec, inheritance=config.inheritance())
            return self.sweep_class(self, spec.id)
        if isinstance(config, ScriptRunConfig):
            spec = build_single_spec(config, self.name, tags, build_run_spec(config))
            submit(self.workspace, spec)
            return self.run_class(self, spec.id)
        raise SpecError(field="config", value=config, allowed="a HyperDriveConfig or a ScriptRunConfig")

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
        return f"{type(self).__name__}(Name: {self.name}, Workspace: {self.workspace.name})"


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
