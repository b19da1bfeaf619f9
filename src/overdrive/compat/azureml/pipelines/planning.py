"""From a pipeline's steps to a plan: their order, the paths that they hand on, what each will run."""

import os
from collections.abc import Mapping
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from overdrive import client
from overdrive.client.pipeline import Plan
from overdrive.client.pipeline import Step
from overdrive.client.pipeline import new_step_id
from overdrive.client.pipeline import step_spec
from overdrive.client.run_spec import build_run_spec
from overdrive.client.sweep_spec import build_single_spec
from overdrive.client.sweep_spec import build_sweep_spec
from overdrive.compat.azureml.exceptions import UserErrorException
from overdrive.compat.azureml.pipelines.data import PipelineData
from overdrive.compat.azureml.pipelines.data import PipelineParameter
from overdrive.compat.azureml.pipelines.steps import HyperDriveStep
from overdrive.compat.azureml.pipelines.steps import PipelineStep
from overdrive.records import SweepSpec
from overdrive.report.datasets.consumption import DatasetConsumptionConfig
from overdrive.report.datasets.datastore import DataPath
from overdrive.report.datasets.datastore import DataReference
from overdrive.report.datasets.datastore import Datastore
from overdrive.report.datasets.factory import FileDatasetFactory
from overdrive.report.datasets.factory import TabularDatasetFactory
from overdrive.report.datasets.factory import from_definition
from overdrive.report.datasets.outputs import OutputFileDatasetConfig
from overdrive.report.datasets.outputs import OutputUse
from overdrive.report.inputs import RunInput

__all__ = ["SEMICOLONS", "in_order", "make_plan", "parameters_of"]

#: Variable that is 1 where scripts rely on a fault of Azure's pipelines: a step got `;` in an argument as `\;`.
SEMICOLONS = "OVERDRIVE_AZURE_SEMICOLONS"


def in_order(steps: Sequence[PipelineStep]) -> list[PipelineStep]:
    """The steps and those that they need, each behind what it needs, else as given.

    Raises UserErrorException where steps wait for each other, and for data that no step writes.
    """
    ordered: list[PipelineStep] = []
    waiting: list[PipelineStep] = []

    def add(step: PipelineStep) -> None:
        if step in ordered:
            return
        if step in waiting:
            names = " → ".join(each.name for each in [*waiting[waiting.index(step) :], step])
            raise UserErrorException(f"steps wait for each other: {names}", field="steps", value=step.name)
        waiting.append(step)
        for earlier in needs(step):
            add(earlier)
        waiting.remove(step)
        ordered.append(step)

    known = _writers(steps)

    def needs(step: PipelineStep) -> list[PipelineStep]:
        found = [*step.earlier]
        for source in step.named_outputs():
            if source not in step.written():
                writer = known.get(source) or source.written_by
                if writer is None:
                    raise UserErrorException(
                        f"step {step.name!r} reads {source.name!r}, which no step of the pipeline writes",
                        field="inputs",
                        value=source.name,
                    )
                found.append(writer)
        return found

    for step in steps:
        add(step)
    return ordered


def parameters_of(steps: Sequence[PipelineStep]) -> dict[str, Any]:
    """Name → default value of the parameters among the steps' arguments and inputs."""
    found = {}
    for step in steps:
        for item in (*step.arguments, *step.inputs):
            for each in item if isinstance(item, tuple) else (getattr(item, "dataset", item),):
                if isinstance(each, PipelineParameter):
                    found[each.name] = each.default_value
    return found


def make_plan(
    experiment: client.Experiment,
    pipeline: SweepSpec,
    steps: Sequence[PipelineStep],
    values: Mapping[str, Any],
    source: object,
    continues_on_failure: bool,
) -> Plan:
    """The plan of ordered steps, each checked as a submit of its own would.

    values: parameter → value. source: the default source directory. Raises UserErrorException and what building a
    sweep's or run's specification raises.
    """
    ids = {step: new_step_id(experiment.name, is_sweep=isinstance(step, HyperDriveStep)) for step in steps}
    planner = _Planner(experiment.workspace, ids, values)
    made = [planner.step(step, experiment.name, pipeline, source) for step in steps]
    return Plan(steps=tuple(made), continues_on_failure=continues_on_failure)


class _Planner:
    """Knows where everything will be, since the ids of all runs are made first."""

    def __init__(self, workspace: Any, ids: Mapping[PipelineStep, str], values: Mapping[str, Any]) -> None:
        self._workspace = workspace
        self._ids = ids
        self._values = values
        self._writers = _writers(list(ids))

    def step(self, step: PipelineStep, experiment: str, pipeline: SweepSpec, source: object) -> Step:
        arguments = [self._bound(item, step) for item in step.arguments]
        inputs = [self._bound(item, step) for item in (*step.inputs, *step.outputs)]
        config = step.configuration(arguments, _check_inputs(step, inputs), source)
        if isinstance(config, client.HyperDriveConfig):
            spec = build_sweep_spec(config, experiment, None, build_run_spec(config.script_run_config()))
        else:
            spec = build_single_spec(config, experiment, None, build_run_spec(config))
        written = step.written()
        needed = [self._writers[each] for each in step.named_outputs() if each not in written]
        return Step(
            name=step.name,
            spec=step_spec(spec, pipeline, self._ids[step], step.name, step.step_type),
            after=tuple(dict.fromkeys(self._ids[each] for each in (*step.earlier, *needed))),
            writes=tuple(str(self._path(item)) for item in written if isinstance(item, PipelineData)),
            products=tuple(product for item in written for product in self._products(item)),
            extra={"outputs": [self._described(item) for item in written]},
        )

    def _bound(self, item: Any, step: PipelineStep) -> Any:
        """What a run can be given, in place of what a pipeline's script names."""
        if isinstance(item, str) and os.environ.get(SEMICOLONS) == "1":
            return item.replace(";", "\\;")
        if isinstance(item, tuple) and len(item) == 2:  # a DataPath, or a parameter that is one, and how to give it
            return self._bound(item[0], step)
        if isinstance(item, PipelineParameter):
            value = self._values.get(item.name, item.default_value)
            return _reference(value, item.name) if isinstance(value, DataPath) else self._bound(value, step)
        if isinstance(item, DataPath):
            return _reference(item, item.name)
        if isinstance(item, Datastore):
            return item.as_mount()
        if isinstance(item, DatasetConsumptionConfig) and isinstance(item.dataset, PipelineParameter):
            value = self._values.get(item.dataset.name, item.dataset.default_value)
            return DatasetConsumptionConfig(item.name, value, item.mode)
        if isinstance(item, PipelineData):
            return _Located(item.name, item.placeholder, str(self._path(item)))
        if isinstance(item, OutputUse):
            return self._used(item, step)
        if isinstance(item, OutputFileDatasetConfig) and self._is_located(item):
            return _Located(item.name, item.placeholder, str(self._path(item)), kind="output")
        return item

    def _used(self, use: OutputUse, step: PipelineStep) -> RunInput:
        """An output that is read; where the step itself is the one that writes it, the path to write."""
        path = str(self._path(use.source))
        if use.source in step.written():
            return _Located(use.name, use.source.placeholder, path)
        if not use.calls and use.mode == "mount":  # a folder or a file, as it was written
            return _Located(use.name, use.placeholder, path, kind="file", mode="direct")
        (factory, args, kwargs), calls = _reading(use)
        make = getattr(TabularDatasetFactory if use.is_rows else FileDatasetFactory, factory)
        made = make(path, *args, **{**kwargs, "validate": False})
        dataset: Any = from_definition(made.to_definition(), str(self._workspace.path))
        for method, method_args, method_kwargs in calls:
            dataset = getattr(dataset, method)(*method_args, **method_kwargs)
        return DatasetConsumptionConfig(use.name, dataset, "direct" if use.is_rows else use.mode)

    def _is_located(self, item: Any) -> bool:
        """Whether its path is known: a sweep's trials each write a configured output of their own."""
        return isinstance(item, PipelineData) or not isinstance(self._writers.get(item), HyperDriveStep)

    def _path(self, item: Any) -> Path:
        """Where what a step writes will be."""
        store, below = self._place(item)
        return Path(store.local_path(below))

    def _place(self, item: Any) -> tuple[Datastore, str]:
        step = self._writers[item]
        default = Datastore(self._workspace)
        if isinstance(item, PipelineData):
            store = item.datastore or default
            return store, f"azureml/{self._ids[step]}/{item.output_name}"
        if not self._is_located(item):
            raise UserErrorException(
                f"{item.name!r} is written by each trial of {step.name!r}: a PipelineData with training_output hands "
                "on the best one's",
                field="inputs",
                value=item.name,
            )
        store, below = item.destination if isinstance(item.destination, tuple) else (item.destination, None)
        path = below or "dataset/{run-id}/{output-name}"
        return store or default, path.replace("{run-id}", self._ids[step]).replace("{output-name}", item.name)

    def _described(self, item: Any) -> dict[str, Any]:
        """What `StepRun.get_output_data` and its kin want to know."""
        if not self._is_located(item):
            return {"name": item.name, "output": None, "datastore": None, "path": None}
        store, below = self._place(item)
        name = getattr(item, "pipeline_output_name", None)
        return {"name": item.name, "output": name, "datastore": store.name, "path": below}

    def _products(self, item: Any) -> list[dict[str, Any]]:
        """What is made of it when the step has completed."""
        if getattr(item, "registered", None):
            made = FileDatasetFactory.from_files(str(self._path(item)), validate=False)
            return [{"kind": "dataset", "definition": made.to_definition(), **item.registered}]
        training, step = getattr(item, "training_output", None), self._writers[item]
        if training is None:
            return []
        if not isinstance(step, HyperDriveStep):
            text = f"{item.name!r} of step {step.name!r} has a training_output, which only a HyperDriveStep's data has"
            raise UserErrorException(text, field="training_output", value=item.name)
        return [{"kind": training.type.lower(), "path": str(self._path(item)), "file": training.model_file}]


class _Located(RunInput):
    """A path that is known. kind: 'file' where `run.input_datasets` gives it as well."""

    def __init__(self, name: str, placeholder: str, path: str, kind: str = "path", mode: str = "mount") -> None:
        self.name = name
        self._placeholder = placeholder
        self._input = {"kind": kind, "mode": mode, "placeholder": placeholder, "path": path}

    @property
    def placeholder(self) -> str:
        return self._placeholder

    def to_input(self) -> dict:
        return dict(self._input)


def _reading(use: OutputUse) -> tuple[tuple, tuple]:
    """How a dataset is made of a path: the factory's method, its arguments and keywords; and what follows."""
    if use.is_rows:
        return use.calls[0], use.calls[1:]
    return ("from_files", (), {}), use.calls


def _reference(path: DataPath, name: str | None) -> DataReference:
    return DataReference(path.datastore, name, path.path_on_datastore)


def _writers(steps: Sequence[PipelineStep]) -> dict[Any, PipelineStep]:
    """Output → the step that writes it. Raises UserErrorException for one that two of them write."""
    found: dict[Any, PipelineStep] = {}
    for step in steps:
        for item in step.written():
            if found.setdefault(item, step) is not step:
                raise UserErrorException(
                    f"{item.name!r} is written by two steps, {found[item].name!r} and {step.name!r}",
                    field="outputs",
                    value=item.name,
                )
    return found


def _check_inputs(step: PipelineStep, inputs: list[Any]) -> list[Any]:
    """Raises UserErrorException for what no run can be given."""
    for item in inputs:
        if not isinstance(item, RunInput):
            allowed = "PipelineData, data references, and data sets with a name: dataset.as_named_input('x')"
            raise UserErrorException(field=f"inputs of step {step.name!r}", value=item, allowed=allowed)
    return inputs
