"""Pipelines: runs below one run, each submitted once those that it needs have completed."""

import dataclasses
import os
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from overdrive.client.engine import start_conductor
from overdrive.client.environment.needed import prepare
from overdrive.client.folder import PIPELINE
from overdrive.client.submit import submit
from overdrive.client.submit import with_snapshot
from overdrive.client.sweep_spec import build_interactive_spec
from overdrive.client.sweep_spec import new_run_id
from overdrive.client.workspace import Workspace
from overdrive.host.files import make_private
from overdrive.host.files import read_json
from overdrive.host.files import write_json
from overdrive.host.randomness import new_id
from overdrive.records import SweepSpec

#: Version of the plan's JSON form.
VERSION = 1
#: Starts that what holds a pipeline's run open may have: each restart of the machine takes one.
_ATTEMPTS = 100


@dataclass(frozen=True, kw_only=True, slots=True)
class Step:
    """One run of a pipeline, known whole at submit."""

    #: What the script calls it.
    name: str
    #: The sweep or single run that it is.
    spec: SweepSpec
    #: Ids of the steps' runs that must have completed before.
    after: tuple[str, ...] = ()
    #: Absolute paths that its script writes: the folders above them are made first.
    writes: tuple[str, ...] = ()
    #: What is made of it once it has completed: {"kind": "metrics" or "model", "path", "file"}, or {"kind": "dataset",
    #: "definition", "name", "description", "tags"}, which is registered.
    products: tuple[dict, ...] = ()
    #: What a compatibility layer wants to know of it later.
    extra: dict[str, Any] = dataclasses.field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        fields = {field.name: getattr(self, field.name) for field in dataclasses.fields(self)}
        return {**fields, "spec": self.spec.to_json()}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Step":
        lists = {name: tuple(data[name]) for name in ("after", "writes", "products")}
        return cls(**{**data, **lists, "spec": SweepSpec.from_json(data["spec"])})


@dataclass(frozen=True, kw_only=True, slots=True)
class Plan:
    """The steps of a pipeline, in the order in which they run."""

    steps: tuple[Step, ...]
    #: Whether steps that need nothing of a failed one run all the same.
    continues_on_failure: bool = False

    def put_into(self, folder: Path) -> None:
        """Writes the plan and a copy of each step's source into the pipeline's folder.

        Raises SpecError for a source directory that cannot be taken, OSError, and what `environment.needed` raises.
        """
        workspace, steps = folder.parent.parent, []
        for number, step in enumerate(self.steps):
            place = source_of(folder, number)
            make_private(str(place.parent))
            spec = with_snapshot(workspace, place, prepare(workspace, step.spec))
            steps.append(dataclasses.replace(step, spec=spec))
        data = {"version": VERSION, "continues_on_failure": self.continues_on_failure}
        write_json(str(folder / PIPELINE), {**data, "steps": [step.to_json() for step in steps]}, sync=True)


def read_plan(folder: Path) -> Plan:
    """The plan of a pipeline. Raises WorkspaceError where it is damaged, OSError where there is none."""
    data: Any = read_json(str(folder / PIPELINE))
    steps = tuple(Step.from_json(step) for step in data["steps"])
    return Plan(steps=steps, continues_on_failure=data["continues_on_failure"])


def source_of(folder: Path, number: int) -> Path:
    """Where the source of step `number` was copied at submit."""
    return folder / "steps" / str(number) / "snapshot"


def pipeline_spec(experiment: str, tags: Mapping[str, object] | None) -> SweepSpec:
    """The run below which the steps run. It holds no slot. Raises SpecError for tags that are none."""
    spec = build_interactive_spec(experiment, tags, os.curdir)
    return dataclasses.replace(spec, max_attempts=_ATTEMPTS, extra={**spec.extra, "pipeline": True})


def new_step_id(experiment: str, is_sweep: bool) -> str:
    """An id for a step's run, before it is there: where its files will be follows from it."""
    return f"HD_{new_id()}" if is_sweep else new_run_id(experiment)


def step_spec(spec: SweepSpec, pipeline: SweepSpec, step_id: str, name: str, kind: str) -> SweepSpec:
    """`spec` as a step of a pipeline, under its id. kind: what the layer above calls such a step."""
    extra = {**spec.extra, "parent": pipeline.id, "step": {"name": name, "kind": kind}}
    return dataclasses.replace(spec, id=step_id, extra=extra)


def submit_pipeline(workspace: Workspace, spec: SweepSpec, plan: Plan) -> None:
    """Starts the pipeline's run and the process that submits its steps; both outlive this process.

    spec: as `pipeline_spec` made it. Raises SpecError for a step's source directory that cannot be taken, and what
    `submit` raises.
    """

    with tempfile.TemporaryDirectory() as empty:
        submit(workspace, spec, start_conductor, content=plan, snapshot=Path(empty))
