"""Azure's Pipeline: steps that are submitted together."""

import os
from collections.abc import Mapping
from typing import Any

from overdrive.client.pipeline import pipeline_spec
from overdrive.client.pipeline import submit_pipeline
from overdrive.compat.azureml.azure_only import answer
from overdrive.compat.azureml.exceptions import UserErrorException
from overdrive.compat.azureml.exceptions import raising
from overdrive.compat.azureml.experiment import Experiment
from overdrive.compat.azureml.experiment import Submittable
from overdrive.compat.azureml.missing import warn_of_unknown
from overdrive.compat.azureml.pipelines.planning import in_order
from overdrive.compat.azureml.pipelines.planning import make_plan
from overdrive.compat.azureml.pipelines.planning import parameters_of
from overdrive.compat.azureml.pipelines.runs import PipelineRun
from overdrive.compat.azureml.pipelines.steps import flat_steps

__all__ = ["Pipeline"]

#: Options of Azure's that change nothing here: every step runs, as a run of its own.
_KEPT = {"credential_passthrough", "parent_run_id", "regenerate_outputs"}


class Pipeline(Submittable):
    """Steps, with those that they need: one after another on this machine, each behind what it reads.

    steps: a list of steps, also lists of them and StepSequences. default_source_directory: of steps that name none.
    Others, which Azure takes, warn and are left out. Raises UserErrorException where steps wait for each other, and for
    data that no step writes.
    """

    def __init__(
        self,
        workspace: Any,
        steps: Any,
        description: str | None = None,
        default_datastore: object = None,
        default_source_directory: "str | os.PathLike[str] | None" = None,
        resolve_closure: bool = True,
        **unknown: object,
    ) -> None:
        warn_of_unknown("Pipeline", unknown)
        self.workspace = workspace
        self.description = description
        self.default_source_directory = default_source_directory
        self.steps = in_order(flat_steps(steps))

    def validate(self) -> "list[str]":
        """What is wrong with it: always nothing, since it could not be made otherwise."""
        return []

    def submit(
        self,
        experiment_name: str,
        pipeline_parameters: Mapping[str, Any] | None = None,
        continue_on_step_failure: bool = False,
        regenerate_outputs: bool = False,
        parent_run_id: str | None = None,
        **how: Any,
    ) -> PipelineRun:
        """As `Experiment(workspace, experiment_name).submit(pipeline, …)`."""
        return Experiment(self.workspace, experiment_name).submit(
            self, pipeline_parameters=pipeline_parameters, continue_on_step_failure=continue_on_step_failure, **how
        )

    def submit_to(
        self,
        experiment: Experiment,
        tags: Mapping[str, object] | None,
        pipeline_parameters: Mapping[str, Any] | None = None,
        continue_on_step_failure: bool = False,
        pipeline_params: Mapping[str, Any] | None = None,
        **how: object,
    ) -> PipelineRun:
        """Starts it; returns at once. It goes on when this process ends.

        pipeline_params: the old name of pipeline_parameters. Raises UserErrorException for parameters that it does not
        have, for options that there are not, and for steps that cannot run.
        """
        for name in how.keys() - _KEPT:
            allowed = "pipeline_parameters, continue_on_step_failure"
            raise UserErrorException(field="an option of a pipeline's submit", value=name, allowed=allowed)
        values = {**(pipeline_params or {}), **(pipeline_parameters or {})}
        known = parameters_of(self.steps)
        for name in values:
            if name not in known:
                allowed = f"parameters of the pipeline: {', '.join(known) or 'it has none'}"
                raise UserErrorException(field="pipeline_parameters", value=name, allowed=allowed)
        with raising(UserErrorException):
            spec = pipeline_spec(experiment.name, tags)
            source = self.default_source_directory
            plan = make_plan(experiment, spec, self.steps, values, source, continue_on_step_failure)
            submit_pipeline(experiment.workspace, spec, plan)
        run = PipelineRun(experiment, spec.id)
        if self.description:
            run.description = self.description
        return run  # type: ignore[return-value]  (the id's class)

    publish = answer("Pipeline.publish")
    service_endpoint = answer("Pipeline.service_endpoint")

    def __repr__(self) -> str:
        return f"Pipeline({', '.join(step.name for step in self.steps)})"
