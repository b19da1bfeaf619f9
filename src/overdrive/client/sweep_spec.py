"""From what the user configured to the frozen SweepSpec."""

import dataclasses
import os
from collections.abc import Mapping
from typing import Any

from overdrive import __version__
from overdrive.client.config import HyperDriveConfig
from overdrive.client.environment.needed import BUILD_VARIABLE
from overdrive.client.interactive import interactive_run
from overdrive.client.marks import check_name
from overdrive.client.script import ScriptRunConfig
from overdrive.errors import SpecError
from overdrive.host import clock
from overdrive.host import machine
from overdrive.host.randomness import new_id
from overdrive.host.randomness import new_seed
from overdrive.records import RunSpec
from overdrive.records import SweepSpec
from overdrive.termination import NoTerminationPolicy
from overdrive.views.marks import as_text


def build_sweep_spec(
    config: HyperDriveConfig, experiment: str, tags: Mapping[str, object] | None, run: RunSpec
) -> SweepSpec:
    """The sweep that `config` describes, with a new id and seed where none are given.

    Raises SpecError for tags that are none.
    """
    sampling = config.hyperparameter_sampling
    policy = config.policy or NoTerminationPolicy()
    return SweepSpec(
        id=config.custom_run_id or f"HD_{new_id()}",
        experiment=experiment,
        created_at=clock.utc_text(),
        machine=_machine(),
        program=__version__,
        run=run,
        space=sampling.space.to_json(),
        sampling={"name": sampling.name, "properties": sampling.properties},
        seed=new_seed() if sampling.seed is None else sampling.seed,
        policy=policy.to_json(),
        metric=config.primary_metric,
        max_total_runs=config.max_total_runs,
        max_concurrent_runs=config.max_concurrent_runs,
        max_duration_minutes=config.max_duration_minutes,
        stop_after_failures=config.stop_after_failures,
        max_attempts=config.max_attempts,
        strict=config.strict,
        resume_from=tuple(sweep.id for sweep in config.resume_from),
        resume_children=tuple({"sweep": run.spec.id, "trial": run.number} for run in config.resume_child_runs),
        tags=check_tags(tags),
        description=config.description,
        extra=_names(config.script_run_config()),
    )


def build_single_spec(
    config: ScriptRunConfig, experiment: str, tags: Mapping[str, object] | None, run: RunSpec
) -> SweepSpec:
    """A single run as a sweep of one trial over an empty space."""
    return dataclasses.replace(_single(experiment, tags, run), strict=config.strict, extra=_names(config))


def _single(experiment: str, tags: Mapping[str, object] | None, run: RunSpec) -> SweepSpec:
    return SweepSpec(
        id=new_run_id(experiment),
        experiment=experiment,
        kind="run",
        created_at=clock.utc_text(),
        machine=_machine(),
        program=__version__,
        run=run,
        space={},
        sampling={"name": "RANDOM", "properties": {}},
        seed=new_seed(),
        policy=NoTerminationPolicy().to_json(),
        metric=None,
        max_total_runs=1,
        max_concurrent_runs=1,
        tags=check_tags(tags),
    )


def new_run_id(experiment: str) -> str:
    """The id of a new single run."""
    return f"{_folder_name(experiment)}_{int(clock.wall())}_{new_id()[:8]}"


def build_interactive_spec(experiment: str, tags: Mapping[str, object] | None, source_directory: str) -> SweepSpec:
    """A run that is logged to from outside: see `overdrive.client.interactive`."""
    run = interactive_run(source_directory)
    return dataclasses.replace(_single(experiment, tags, run), max_attempts=1, extra={"interactive": True})


def check_tags(tags: Mapping[str, object] | None) -> dict[str, str]:
    """The tags as text. Raises SpecError unless they are a dict from names to anything."""
    if tags is None:
        return {}
    if not isinstance(tags, Mapping):
        raise SpecError(field="tags", value=tags, allowed="a dict from names to text")
    return {check_name("tags", name): as_text(value) for name, value in tags.items()}


def _machine() -> dict[str, str]:
    return {"host": machine.hostname(), "id": machine.machine_id()}


def _names(config: ScriptRunConfig) -> dict[str, Any]:
    """The names of what Azure would have run it on, and what its environment says, kept to show."""
    target = getattr(config.run_config, "target", None) or config.compute_target
    environment: Any = getattr(config.run_config, "environment", None) or config.environment
    named = {"environment": environment, "compute_target": target}
    names = {field: value if isinstance(value, str) else getattr(value, "name", None) for field, value in named.items()}
    definition = {"environment_definition": environment.to_json()} if hasattr(environment, "to_json") else {}
    builds = os.environ.get(BUILD_VARIABLE) == "1" if config.build_environment is None else config.build_environment
    building = {"build_environment": True} if builds else {}
    return {**{field: name for field, name in names.items() if isinstance(name, str)}, **definition, **building}


def _folder_name(experiment: str) -> str:
    """The experiment's name as the beginning of a folder's name."""
    text = "".join(char if char.isascii() and (char.isalnum() or char in "-_") else "-" for char in experiment)
    return text[:100] if text[0].isalnum() else f"run{text[:97]}"
