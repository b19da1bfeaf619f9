"""Jobs in Python: `command(…)`, the node that it gives, and the sweep over it."""

import copy
import json
from pathlib import Path
from typing import Any

from overdrive.client import Run
from overdrive.compat.azure_ml.saying import Said
from overdrive.compat.azure_ml.saying import as_job
from overdrive.compat.azure_ml.sweep import Objective
from overdrive.compat.azure_ml.sweep import SweepDistribution
from overdrive.compat.azure_ml.sweep import SweepJobLimits
from overdrive.compat.sweep_yaml import Document
from overdrive.compat.sweep_yaml import read_document
from overdrive.compat.sweep_yaml import set_value
from overdrive.errors import SpecError

#: What of a job stands in the `trial` of a sweep.
_TRIAL = "command code environment environment_variables distribution resources"


class Job(Said):
    """A job: what a script configured and, once it was submitted, its run."""

    def __init__(self, *args: Any, **fields: Any) -> None:
        self._run: Run | None = None
        self._folder = Path.cwd()
        #: The document that it was read from, and what it said: its errors name lines while nobody changes the job.
        self._read: tuple[Document, dict[str, Any]] | None = None
        self._said_properties: dict[str, str] | None = None
        super().__init__(*args, **fields)

    def document(self) -> Document:
        """The job as a file would describe it."""
        said = self.to_job()
        return self._read[0] if self._read and self._read[1] == said else Document(said, None, self._folder)

    def submitted(self, run: Run) -> "Job":
        """The same job with its run: what `create_or_update` gives back."""
        job = copy.copy(self)
        job._run = run
        job.name = run.id
        job.experiment_name = run.experiment.name
        return job

    @property
    def _its_run(self) -> Run:
        if self._run is None:
            raise SpecError("the job was not submitted yet: ml_client.jobs.create_or_update(job) gives one that was")
        return self._run

    @property
    def status(self) -> str | None:
        """Azure's word for what it is doing; None before it was submitted."""
        return None if self._run is None else self._run.get_status()

    @property
    def studio_url(self) -> str | None:
        """Where it can be looked at: its folder; None before it was submitted."""
        return None if self._run is None else self._run.get_portal_url()

    @property
    def id(self) -> str | None:
        """As `name`."""
        return None if self._run is None else self._run.id

    @property
    def services(self) -> dict[str, Said]:
        """Azure's place for its address."""
        return {"Studio": Said(endpoint=self.studio_url, type="Studio")} if self._run else {}

    @property
    def properties(self) -> dict[str, str]:
        """What was said before the job was submitted; then the run's, of an ended sweep with `best_child_run_id`."""
        return dict(self._said_properties or {}) if self._run is None else dict(self._run.properties)

    @properties.setter
    def properties(self, properties: dict[str, str] | None) -> None:
        self._said_properties = properties

    def to_job(self) -> dict[str, Any]:
        """As a job file would write it."""
        said = super().to_job()
        return {**said, "properties": self._said_properties} if self._said_properties else said

    @property
    def log_files(self) -> dict[str, str]:
        """Name → address of its logs."""
        return self._its_run.get_details()["logFiles"]


class Command(Job):
    """A command, as `command(…)` gives it: called with values or distributions it gives another one."""

    TYPE = "command"
    FIELDS = (
        *("name", "description", "tags", "display_name", "experiment_name", "command", "code", "environment"),
        *("environment_variables", "distribution", "compute", "inputs", "outputs", "limits", "resources", "identity"),
        "queue_settings",
    )
    inputs: dict[str, Any]
    outputs: dict[str, Any]

    def __call__(self, **values: Any) -> "Command":
        """The same command with these inputs. Raises SpecError for an input that it has not."""
        for name in values:
            if self.inputs and name not in self.inputs:
                raise SpecError(field="inputs", value=name, allowed=f"inputs of the command: {', '.join(self.inputs)}")
        made = copy.copy(self)
        made.inputs = {**(self.inputs or {}), **values}
        return made

    def sweep(
        self,
        *,
        primary_metric: str,
        goal: str,
        sampling_algorithm: Any = "random",
        compute: str | None = None,
        max_concurrent_trials: int | None = None,
        max_total_trials: int | None = None,
        timeout: int | None = None,
        trial_timeout: int | None = None,
        early_termination_policy: Any = None,
        search_space: dict[str, Any] | None = None,
        **kept: Any,
    ) -> "SweepJob":
        """A sweep over the inputs that are distributions, and over `search_space`."""
        inputs = self.inputs or {}
        space = {name: value for name, value in inputs.items() if isinstance(value, SweepDistribution)}
        limits = SweepJobLimits(max_concurrent_trials, max_total_trials, timeout, trial_timeout)
        made = SweepJob(
            trial=self,
            inputs={name: value for name, value in inputs.items() if name not in space},
            outputs=self.outputs,
            search_space={**space, **(search_space or {})},
            objective=Objective(goal, primary_metric),
            sampling_algorithm=sampling_algorithm,
            early_termination=early_termination_policy,
            limits=limits,
            compute=compute or self.compute,
            display_name=self.display_name,
            experiment_name=self.experiment_name,
            description=self.description,
            tags=self.tags,
            queue_settings=kept.pop("queue_settings", None),
            identity=kept.pop("identity", None),
        )
        made._folder = self._folder
        return made

    def set_resources(self, **resources: Any) -> None:
        """Machines that Azure would use: kept, but for the processes of a trial."""
        self.resources = {**(as_job(self.resources) or {}), **_given(resources)}

    def set_limits(self, *, timeout: int | None = None, **_: Any) -> None:
        """Seconds that it may run."""
        self.limits = {"timeout": timeout}

    def document(self) -> Document:
        """The job as a file would describe it. Raises SpecError for one with inputs that are swept."""
        if any(isinstance(value, SweepDistribution) for value in (self.inputs or {}).values()):
            hint = "call .sweep(primary_metric=…, goal=…) on it"
            raise SpecError("the command has inputs that are swept: it takes a sweep", field="inputs", hint=hint)
        return super().document()


class SweepJob(Job):
    """A sweep over a command."""

    TYPE = "sweep"
    FIELDS = (
        *("name", "description", "tags", "display_name", "experiment_name", "identity", "inputs", "outputs"),
        *("sampling_algorithm", "compute", "limits", "objective", "trial", "search_space", "early_termination"),
        *("queue_settings", "resources"),
    )
    trial: Any

    def set_limits(
        self,
        *,
        max_concurrent_trials: int | None = None,
        max_total_trials: int | None = None,
        timeout: int | None = None,
        trial_timeout: int | None = None,
    ) -> None:
        """Trials at once and in all; seconds for the sweep and for a trial. What is not given stays."""
        limits = SweepJobLimits(max_concurrent_trials, max_total_trials, timeout, trial_timeout)
        self.limits = SweepJobLimits(**{**(as_job(self.limits) or {}), **limits.to_job()})

    def set_objective(self, *, goal: str | None = None, primary_metric: str | None = None) -> None:
        """The metric and its direction. What is not given stays."""
        said = Objective(goal, primary_metric).to_job()
        self.objective = Objective(**{**(as_job(self.objective) or {}), **said})

    def set_resources(self, **resources: Any) -> None:
        """As a command's."""
        self.resources = {**(as_job(self.resources) or {}), **_given(resources)}

    def to_job(self) -> dict[str, Any]:
        """As a job file would write it."""
        said = super().to_job()
        if isinstance(self.trial, Said):
            said["trial"] = {name: value for name, value in said["trial"].items() if name in _TRIAL.split()}
        swept = said.get("search_space") or {}
        said["inputs"] = {name: value for name, value in (said.get("inputs") or {}).items() if name not in swept}
        return said


def _given(fields: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if value is not None}


def command(
    *,
    instance_count: int | None = None,
    instance_type: str | None = None,
    shm_size: str | None = None,
    docker_args: str | None = None,
    timeout: int | None = None,
    **fields: Any,
) -> Command:
    """A command to run, with inputs that a call or a sweep may set. Raises SpecError for a field that it has not."""
    resources = {"instance_count": instance_count, "instance_type": instance_type}
    resources = _given({**resources, "shm_size": shm_size, "docker_args": docker_args})
    ignored = ("is_deterministic", "services", "locations", "job_tier", "priority", "parent_job_name", "version")
    known = {name: value for name, value in fields.items() if name not in ignored}
    for name in known:
        if name not in (*Command.FIELDS, "properties"):
            raise SpecError(field=name, value=known[name], allowed="nothing: command has no such field")
    made = Command(**known)
    made.inputs, made.outputs = dict(made.inputs or {}), dict(made.outputs or {})
    if resources:
        made.resources = resources
    if timeout is not None:
        made.set_limits(timeout=timeout)
    return made


def load_job(source: Any, *, relative_origin: str | None = None, params_override: Any = None, **_: Any) -> Job:
    """The job in a YAML file. params_override: a list of {"limits.timeout": value, …}.

    Raises SpecError: with file and line when it is submitted, and where there is no file.
    """
    document = read_document(source)
    for override in params_override or []:
        for key, value in override.items():
            set_value(document, f"{key}={json.dumps(value, default=str)}")
    if not isinstance(document.data, dict):
        raise document.error((), document.data, "a job")
    data = {name: value for name, value in document.data.items() if name not in ("type", "$schema", "services")}
    job: Job = (SweepJob if document.data.get("type") == "sweep" else Command)(**data)
    for name, kind in (("limits", SweepJobLimits), ("objective", Objective)):
        said = getattr(job, name, None)
        if isinstance(job, SweepJob) and isinstance(said, dict):  # what is no mapping is refused at submit
            setattr(job, name, kind(**{str(key): value for key, value in said.items()}))
    job._folder = document.folder
    job._read = (document, job.to_job())
    return job


def load_component(source: Any, **_: Any) -> Command:
    """The command component in a YAML file: called with inputs, it is a command. Raises as `load_job` does."""
    document = read_document(source)
    data = document.data
    if not isinstance(data, dict) or not data.get("command"):
        raise document.error(("command",), None, "a program and its arguments")
    inputs = {
        name: said.get("default", said) if isinstance(said, dict) else said
        for name, said in (data.get("inputs") or {}).items()
    }
    code = data.get("code")
    known = {name: data[name] for name in Command.FIELDS if name in data and name not in ("name", "inputs", "code")}
    made = Command(**known, code=None if code is None else str(document.folder / code))
    made.inputs, made.outputs = inputs, dict(made.outputs or {})
    return made
