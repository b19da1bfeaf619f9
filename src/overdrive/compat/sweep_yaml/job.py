"""A job of Azure ML's command line (version 2), checked whole, as what Overdrive submits."""

import dataclasses
import re
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from overdrive.client import HyperDriveConfig
from overdrive.client import Run
from overdrive.client import ScriptRunConfig
from overdrive.client import Workspace
from overdrive.client import open_run
from overdrive.client.config import check_run_id
from overdrive.client.experiment import Experiment
from overdrive.client.run_spec import build_run_spec
from overdrive.client.submit import submit
from overdrive.client.sweep_spec import build_single_spec
from overdrive.client.sweep_spec import build_sweep_spec
from overdrive.client.sweep_spec import check_tags
from overdrive.client.warn import warn
from overdrive.compat.sweep_yaml.deciding import read_policy
from overdrive.compat.sweep_yaml.deciding import read_sampling
from overdrive.compat.sweep_yaml.deciding import read_space
from overdrive.compat.sweep_yaml.document import Document
from overdrive.compat.sweep_yaml.document import read_document
from overdrive.compat.sweep_yaml.environment import read_environment
from overdrive.compat.sweep_yaml.section import Section
from overdrive.compat.sweep_yaml.wiring import Sources
from overdrive.compat.sweep_yaml.wiring import read_command
from overdrive.compat.sweep_yaml.wiring import read_wiring
from overdrive.errors import UnsupportedError
from overdrive.records import SweepSpec
from overdrive.records import placeholders

_COMMON = (
    "$schema type name display_name experiment_name description tags properties compute inputs outputs identity "
    "queue_settings resources limits services job_tier priority"
)
_COMMAND = "command code environment environment_variables distribution"
_SWEEP = "trial sampling_algorithm search_space objective early_termination"
_COMPONENT = (
    f"$schema type name version display_name description tags is_deterministic inputs outputs {_COMMAND} resources"
)
#: What is kept as it was said, and changes nothing on this machine.
_KEPT = "compute identity queue_settings resources services environment display_name properties"
_INSTALLS = re.compile(r"\b(pip3?|conda|mamba|uv pip)\s+install\b")


@dataclass(frozen=True)
class Options:
    """What the command line and Python add to a job."""

    sources: Sources = dataclasses.field(default_factory=Sources)
    experiment: str | None = None
    interpreter: str | None = None
    keep_work: bool = False
    build_environment: bool | None = None
    restore_numpy_names: bool | None = None


@dataclass(frozen=True)
class Job:
    """A job that can be submitted: all of it was checked."""

    config: HyperDriveConfig | ScriptRunConfig
    experiment: str
    #: Its own name, or None.
    name: str | None
    display_name: str | None
    tags: dict[str, str]
    description: str | None
    #: What is kept of the file beside it.
    extra: dict[str, Any]
    #: Without code, trials begin in an empty folder.
    has_code: bool = True
    keep_work: bool = False


def read_job(document: Document, options: Options | None = None) -> Job:
    """The job that a document describes: a sweep, or a single command.

    Raises SpecError naming file, line and field, UnsupportedError for kinds of jobs that do not run here.
    """
    options = options or Options()
    job = Section(document, (), document.data, "a job: a mapping with type, and what it runs")
    if job.has("name"):
        with document.at(("name",)):
            check_run_id("name", job.text("name"))
    kind = job.data.get("type")
    if kind is None and str(job.data.get("$schema", "")).endswith(("commandJob.schema.json", "sweepJob.schema.json")):
        kind = "sweep" if "sweepJob" in job.data["$schema"] else "command"
    if kind is None and job.has("command"):
        kind = "command"
    if kind == "sweep":
        return _sweep(job, options)
    if kind == "command":
        return _single(job, options)
    hint = None
    if kind == "pipeline":
        hint = "write its sweep step to a file of its own, of type: sweep, and submit that"
    what = "type is missing" if kind is None else f"type = {kind!r} does not run here"
    text = f"{document.place(('type',))}{what}: it takes sweep or command"
    raise UnsupportedError(text, field="type", value=kind, allowed="sweep or command", hint=hint)


def submit_job(workspace: Workspace, job: Job, kind: type[Experiment] = Experiment) -> Run:
    """Starts it; returns at once with its run. Raises as `Experiment.submit` does."""
    with tempfile.TemporaryDirectory(prefix="overdrive-") as empty:
        spec = build_spec(job, empty)
        submit(workspace, spec)
    run = open_run(workspace, spec.id, kind)
    if job.display_name:
        run.display_name = job.display_name
    return run


def build_spec(job: Job, empty: str) -> SweepSpec:
    """The frozen spec. empty: an empty folder, which is the code of a job that has none."""
    config = job.config
    script = config.script_run_config() if isinstance(config, HyperDriveConfig) else config
    if not job.has_code:
        script.source_directory = empty
    run = dataclasses.replace(build_run_spec(script), keep_work=job.keep_work)
    if isinstance(config, HyperDriveConfig):
        spec = build_sweep_spec(config, job.experiment, job.tags, run)
    else:
        spec = build_single_spec(config, job.experiment, job.tags, run)
        spec = dataclasses.replace(spec, description=job.description, id=job.name or spec.id)
    return dataclasses.replace(spec, extra={**spec.extra, "job": job.extra})


def _sweep(job: Section, options: Options) -> Job:
    job.check_names(f"{_COMMON} {_SWEEP}")
    space = read_space(job)
    sampling = read_sampling(job, space)
    policy = read_policy(job)
    objective = job.section("objective")
    objective.check_names("goal primary_metric")
    goal, metric = objective.word("goal", "minimize maximize"), objective.text("primary_metric")
    if goal is None:
        raise objective.missing("goal", "minimize or maximize")
    if metric is None:
        raise objective.missing("primary_metric", "the name that the command logs")
    limits = job.section("limits")
    limits.check_names("max_total_trials max_concurrent_trials timeout trial_timeout")
    total = limits.whole("max_total_trials", 1)
    if total is None:
        raise limits.missing("max_total_trials", "a whole number, 1 or more")
    timeout = limits.whole("timeout", 1)
    script = _script(job, _trial(job), options, space, limits.whole("trial_timeout", 1))
    at_once, name, description = limits.whole("max_concurrent_trials", 1), job.text("name"), job.text("description")
    with job.document.at(("limits",)):
        config = HyperDriveConfig(
            hyperparameter_sampling=sampling,
            primary_metric_name=metric,
            primary_metric_goal=goal,  # type: ignore[arg-type]
            max_total_runs=total,
            max_concurrent_runs=at_once,
            max_duration_minutes=None if timeout is None else timeout / 60,
            policy=policy,
            run_config=script,
            custom_run_id=name,
            description=description,
        )
    return _described(job, config, script, options)


def _single(job: Section, options: Options) -> Job:
    job.check_names(f"{_COMMON} {_COMMAND} component is_deterministic version parent")
    limits = job.section("limits")
    limits.check_names("timeout")
    owner = _component(job, "component") if job.has("component") else job
    script = _script(job, owner, options, {}, limits.whole("timeout", 1))
    return _described(job, script, script, options)


def _described(
    job: Section, config: HyperDriveConfig | ScriptRunConfig, script: ScriptRunConfig, options: Options
) -> Job:
    experiment = options.experiment or job.text("experiment_name") or job.document.folder.name or "submit"
    with job.document.at(("experiment_name",)):
        Experiment.check_name(experiment)
    with job.document.at(("tags",)):
        tags = check_tags(job.data.get("tags"))
    return Job(
        config=config,
        experiment=experiment,
        name=job.text("name"),
        display_name=job.text("display_name"),
        tags=tags,
        description=job.text("description"),
        extra={"file": job.document.source, **{name: job.data[name] for name in _KEPT.split() if job.has(name)}},
        has_code=script.source_directory != ".",
        keep_work=options.keep_work,
    )


def _trial(job: Section) -> Section:
    """What each trial runs: the mapping itself, or the command component in the file that it names."""
    if not job.has("trial"):
        raise job.missing("trial", "what each trial runs: a mapping with a command, or the file of a command component")
    if isinstance(job.data["trial"], str):
        return _component(job, "trial")
    trial = job.section("trial", "a mapping with a command, or the file of a command component")
    trial.check_names(f"{_COMMAND} resources services type component")
    return trial


def _component(job: Section, name: str) -> Section:
    given = job.text(name) or ""
    if re.match(r"azureml:|[a-z]+://", given):
        place = job.document.place((*job.path, name))
        text = f"{place}{name} = {given!r} is a component of an Azure workspace, which is not here: give its file"
        raise UnsupportedError(text, field=name, value=given, allowed="the path of a file")
    file = job.document.folder / given.removeprefix("file:")
    if not file.is_file():
        raise job.error(name, f"the path of a file that exists ({file} is none)")
    document = read_document(file)
    component = Section(document, (), document.data, "a command component: a mapping with command and inputs")
    if component.data.get("type", "command") != "command":
        raise component.error("type", "command")
    component.check_names(_COMPONENT)
    return component


def _script(
    job: Section, trial: Section, options: Options, space: Mapping[str, object], seconds: int | None
) -> ScriptRunConfig:
    component = trial if trial.document is not job.document else None
    sources = options.sources.of_folder(job.document.folder)
    wiring = read_wiring(job, component, sources, space)
    command = read_command(trial, wiring, space)
    _advise(trial, command, space)
    variables = {
        **{f"AZURE_ML_INPUT_{name}": path for name, path in wiring.paths.items()},
        **_variables(trial),
    }
    code, distribution = _code(trial), _distribution(job, trial)
    with trial.document.at((*trial.path, "command")):
        return ScriptRunConfig(
            source_directory=code,
            command=command,
            argument_style="template",
            bindings=wiring.bindings,
            url_map=sources.maps,
            outputs=wiring.outputs,
            environment=read_environment(trial, sources.place),
            environment_variables=variables,
            distributed_job_config=distribution,
            max_run_duration_seconds=seconds,
            interpreter=options.interpreter,
            build_environment=options.build_environment,
            restore_numpy_names=options.restore_numpy_names,
        )


def _code(trial: Section) -> str | None:
    """The folder of the code, absolute; None: there is none, and trials begin in an empty folder."""
    code = trial.text("code", "the path of a folder")
    if code is None:
        return None
    if re.match(r"azureml:|git\+|[a-z]+://", code):
        place = trial.document.place((*trial.path, "code"))
        text = f"{place}code = {code!r} is not on this machine: give the path of a folder"
        raise UnsupportedError(text, field="code", value=code, allowed="the path of a folder")
    path = (trial.document.folder / Path(code).expanduser()).resolve()
    if not path.is_dir():
        raise trial.error("code", f"the path of a folder ({path} is none)")
    return str(path)


def _variables(trial: Section) -> dict[str, str]:
    section = trial.section("environment_variables")
    return {name: section.text(name, "text") or "" for name in section.data}


def _distribution(job: Section, trial: Section) -> object:
    """Processes and nodes as `ScriptRunConfig` asks for them; None for one process."""
    distribution = trial.section("distribution")
    distribution.check_names("type process_count_per_instance worker_count parameter_server_count port dashboard_port")
    per_node = distribution.whole("process_count_per_instance", 1) or 1
    workers = distribution.whole("worker_count", 1) or 1
    nodes = [section.section("resources").whole("instance_count", 1) or 1 for section in (job, trial)]
    kind = distribution.word("type", "mpi pytorch tensorflow ray") or "mpi"
    if kind == "tensorflow":
        servers = distribution.whole("parameter_server_count", 0) or 0
        return SimpleNamespace(kind=kind, worker_count=workers, parameter_server_count=servers)
    if max(per_node, *nodes) == 1:
        return None
    return SimpleNamespace(kind=kind, process_count_per_node=per_node, node_count=max(nodes))


def _advise(trial: Section, command: str, space: Mapping[str, object]) -> None:
    """Sentences for what is allowed and probably not meant."""
    place = trial.document.place((*trial.path, "command"))
    used = {name for kind, name in placeholders(command) if kind == "search_space"}
    for name in space:
        if name not in used:
            text = f"{place}the command does not use search_space.{name}: each trial runs the same with another value"
            warn(text)
    if _INSTALLS.search(command):
        text = "the command installs packages: here into the Python that runs it, in each trial"
        warn(f"{place}{text}")
