"""The steps of a pipeline: what each runs, what it reads and writes."""

import copy
import dataclasses
import os
from collections.abc import Iterator
from collections.abc import Mapping
from collections.abc import Sequence
from typing import Any

from overdrive.client.warn import warn
from overdrive.compat.azureml.estimators import Estimator
from overdrive.compat.azureml.exceptions import UserErrorException
from overdrive.compat.azureml.missing import NamesMissing
from overdrive.compat.azureml.pipelines.data import PipelineData
from overdrive.compat.azureml.pipelines.data import TrainingOutput
from overdrive.compat.azureml.run_configuration import RunConfiguration
from overdrive.compat.azureml.runconfig import HyperDriveConfig
from overdrive.compat.azureml.runconfig import ScriptRunConfig
from overdrive.report.datasets.outputs import OutputFileDatasetConfig
from overdrive.report.datasets.outputs import OutputUse

__all__ = ["CommandStep", "EstimatorStep", "HyperDriveStep", "PipelineStep", "PythonScriptStep", "StepSequence"]


class PipelineStep(NamesMissing):
    """One run of a pipeline. inputs, outputs: PipelineData and other data, besides those among the arguments."""

    #: Azure's name of the type of step.
    step_type = ""

    def __init__(self, name: str, arguments: object, inputs: object, outputs: object) -> None:
        if not isinstance(name, str) or not name.strip():
            raise UserErrorException(field="name", value=name, allowed="text that is not empty")
        self.name = name
        self.arguments = _as_list("arguments", arguments)
        self.inputs = _as_list("inputs", inputs)
        self.outputs = _as_list("outputs", outputs)
        #: Steps that must have completed before it, though it reads nothing of theirs.
        self.earlier: list[PipelineStep] = []
        for item in self.written():
            item.written_by = self

    def run_after(self, step: "PipelineStep") -> "PipelineStep":
        """Makes it wait for another step; that step. Raises UserErrorException for what is no step."""
        if not isinstance(step, PipelineStep):
            raise UserErrorException(field="step", value=step, allowed="a step")
        self.earlier.append(step)
        return step

    def written(self) -> "list[Any]":
        """What it writes: what it lists as outputs, and configured outputs among its arguments."""
        listed = [_output_of(item) for item in self.outputs]
        configured = [item for item in self.arguments if isinstance(item, OutputFileDatasetConfig)]
        return list(dict.fromkeys(item for item in (*listed, *configured) if item is not None))

    def named_outputs(self) -> "list[Any]":
        """The outputs, its own and others', that its arguments and inputs name."""
        named = (_output_of(item) for item in (*self.arguments, *self.inputs))
        return list(dict.fromkeys(item for item in named if item is not None))

    def configuration(self, arguments: "list[Any]", inputs: "list[Any]", source: object) -> Any:
        """What is submitted: a ScriptRunConfig or HyperDriveConfig with these arguments and inputs.

        source: the pipeline's default source directory, or None. Raises UserErrorException.
        """
        raise NotImplementedError

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.name!r})"


class PythonScriptStep(PipelineStep):
    """A step that runs a Python script once. The arguments are Azure's; version, hash_paths, allow_reuse are kept.

    Every step runs: outputs of an earlier pipeline are never taken in its place. Raises UserErrorException.
    """

    step_type = "PythonScriptStep"

    def __init__(
        self,
        script_name: str,
        name: str | None = None,
        arguments: Sequence[object] | None = None,
        compute_target: object = None,
        runconfig: RunConfiguration | None = None,
        runconfig_pipeline_params: object = None,
        inputs: Sequence[object] | None = None,
        outputs: Sequence[object] | None = None,
        params: Mapping[str, object] | None = None,
        source_directory: "str | os.PathLike[str] | None" = None,
        allow_reuse: bool = True,
        version: str | None = None,
        hash_paths: object = None,
    ) -> None:
        super().__init__(name or str(script_name), arguments, inputs, outputs)
        self.script_name = script_name
        self.source_directory = source_directory
        self.params = dict(params or {})
        self.compute_target = compute_target
        self.runconfig = runconfig
        self.allow_reuse = allow_reuse
        self.version = version

    def configuration(self, arguments: "list[Any]", inputs: "list[Any]", source: object) -> ScriptRunConfig:
        return self._script(source, arguments=arguments, inputs=inputs, script=self.script_name)

    def _script(self, source: Any, **what: Any) -> ScriptRunConfig:
        """A target beside a run configuration counts, as Azure's steps have it."""
        run_config = RunConfiguration() if self.runconfig is None else copy.copy(self.runconfig)
        run_config.target = self.compute_target or run_config.target
        variables = {f"AML_PARAMETER_{name}": str(value) for name, value in self.params.items()}
        folder = self.source_directory or source
        return ScriptRunConfig(folder, run_config=run_config, environment_variables=variables, **what)


class CommandStep(PythonScriptStep):
    """A step that runs a command: a list of a program and its arguments, or text."""

    step_type = "CommandStep"

    def __init__(
        self,
        command: object = None,
        name: str | None = None,
        compute_target: object = None,
        runconfig: Any = None,
        runconfig_pipeline_params: object = None,
        inputs: Sequence[object] | None = None,
        outputs: Sequence[object] | None = None,
        params: Mapping[str, object] | None = None,
        source_directory: "str | os.PathLike[str] | None" = None,
        allow_reuse: bool = True,
        version: str | None = None,
    ) -> None:
        script = runconfig if isinstance(runconfig, ScriptRunConfig) else None
        kept: Any = script.run_config if script else runconfig
        command = command or getattr(runconfig, "command", None)
        if not command:
            raise UserErrorException(field="command", value=command, allowed="a program and its arguments")
        super().__init__(
            "",
            name or "command",
            [command] if isinstance(command, str) else list(command),  # type: ignore[call-overload]
            compute_target,
            kept,
            None,
            inputs,
            outputs,
            params,
            source_directory or (script.source_directory if script else None),
            allow_reuse,
            version,
        )
        self._is_text = isinstance(command, str)

    def configuration(self, arguments: "list[Any]", inputs: "list[Any]", source: object) -> ScriptRunConfig:
        return self._script(source, command=arguments[0] if self._is_text else arguments, inputs=inputs)


class EstimatorStep(PipelineStep):
    """A step that runs an Estimator's script once.

    estimator_entry_script_arguments: the script's arguments; they stand here, not in the estimator.
    Raises UserErrorException.
    """

    step_type = "EstimatorStep"

    def __init__(
        self,
        name: str | None = None,
        estimator: Estimator | None = None,
        estimator_entry_script_arguments: Sequence[object] | None = None,
        runconfig_pipeline_params: object = None,
        inputs: Sequence[object] | None = None,
        outputs: Sequence[object] | None = None,
        compute_target: object = None,
        allow_reuse: bool = True,
        version: str | None = None,
    ) -> None:
        if not isinstance(estimator, Estimator):
            raise UserErrorException(field="estimator", value=estimator, allowed="an Estimator")
        own = _arguments_of_estimator(estimator, estimator_entry_script_arguments)
        super().__init__(name or str(estimator.entry_script), own, inputs, outputs)
        self.estimator = estimator
        self.compute_target = compute_target

    def configuration(self, arguments: "list[Any]", inputs: "list[Any]", source: object) -> ScriptRunConfig:
        script = self.estimator.as_script_run_config()
        script.arguments, script.inputs = arguments, [*script.inputs, *inputs]
        return script


class HyperDriveStep(PipelineStep):
    """A step that is a sweep.

    hyperdrive_config: with a run_config, whose arguments are the script's unless they are given here; or with an
    estimator, whose arguments are given here. metrics_output: the PipelineData that gets all trials' metrics; others
    among `outputs` have a training_output; one that has none, and that no argument names, warns. allow_reuse, version:
    kept. Raises UserErrorException, a ValueError.
    """

    step_type = "HyperDriveStep"

    def __init__(
        self,
        name: str,
        hyperdrive_config: HyperDriveConfig,
        estimator_entry_script_arguments: Sequence[object] | None = None,
        inputs: Sequence[object] | None = None,
        outputs: Sequence[object] | None = None,
        metrics_output: Any = None,
        allow_reuse: bool = True,
        version: str | None = None,
    ) -> None:
        if not isinstance(hyperdrive_config, HyperDriveConfig):
            raise UserErrorException(field="hyperdrive_config", value=hyperdrive_config, allowed="a HyperDriveConfig")
        given = estimator_entry_script_arguments
        script = hyperdrive_config.run_config
        if script is None:
            own = _arguments_of_estimator(hyperdrive_config.estimator, given)
        elif given and script.arguments:
            allowed = "the arguments here or those of the ScriptRunConfig, not both"
            raise UserErrorException(field="estimator_entry_script_arguments", value=given, allowed=allowed)
        else:
            own = given or script.arguments
        metrics = [] if metrics_output is None else [metrics_output]
        super().__init__(name, own, inputs, [*(outputs or []), *metrics])
        if metrics_output is not None and not isinstance(metrics_output, PipelineData):
            raise UserErrorException(field="metrics_output", value=metrics_output, allowed="a PipelineData")
        if metrics_output is not None and metrics_output.training_output is None:
            metrics_output.training_output = TrainingOutput("Metrics")
        self.hyperdrive_config = hyperdrive_config
        self.metrics_output = metrics_output
        self._warn_of_outputs_that_nothing_writes()

    def _warn_of_outputs_that_nothing_writes(self) -> None:
        named = self.named_outputs()
        for item in self.written():
            if isinstance(item, PipelineData) and item.training_output is None and item not in named:
                text = f"output {item.name!r} of step {self.name!r} has no training_output, and no argument names it: "
                text += "only what the trials write at its path by themselves is there"
                warn(text)

    def configuration(self, arguments: "list[Any]", inputs: "list[Any]", source: object) -> HyperDriveConfig:
        config = self.hyperdrive_config
        script = copy.copy(config.script_run_config())
        script.arguments, script.inputs = arguments, [*script.inputs, *inputs]
        return dataclasses.replace(config, estimator=None, run_config=script)


class StepSequence:
    """Steps, each of which waits for the one before it; groups wait for groups."""

    def __init__(self, steps: Sequence[object] | None = None) -> None:
        self.steps: list[Any] = list(steps or [])
        before: list[PipelineStep] = []
        for step in self.steps:
            group = flat_steps(step)
            for each in group:
                for earlier in before:
                    each.run_after(earlier)
            before = group

    def __iter__(self) -> "Iterator[Any]":
        return iter(self.steps)


def flat_steps(steps: object) -> list[PipelineStep]:
    """The steps in lists of steps and sequences. Raises UserErrorException for anything else."""
    if isinstance(steps, PipelineStep):
        return [steps]
    if isinstance(steps, (list, tuple, StepSequence)):
        return [step for item in steps for step in flat_steps(item)]
    raise UserErrorException(field="steps", value=steps, allowed="steps, and lists of them")


def _arguments_of_estimator(estimator: Estimator, given: Sequence[object] | None) -> Sequence[object]:
    """Those that the step is given. Raises UserErrorException where the estimator has some, or none are given."""
    if estimator.script_params:
        raise UserErrorException(
            field="script_params",
            value=estimator.script_params,
            allowed="nothing in a step: give estimator_entry_script_arguments to the step",
        )
    if given is None:
        allowed = "the script's arguments, [] where it has none"
        raise UserErrorException(field="estimator_entry_script_arguments", value=None, allowed=allowed)
    return given


def _output_of(item: Any) -> Any:
    """The output that an argument, input or output is about, or None."""
    if isinstance(item, OutputUse):
        return item.source
    return item if isinstance(item, (PipelineData, OutputFileDatasetConfig)) else None


def _as_list(field: str, value: object) -> list[Any]:
    if value is None:
        return []
    if not isinstance(value, (list, tuple)):
        raise UserErrorException(field=field, value=value, allowed="a list")
    return list(value)
