"""From the options of `tune` to a submitted sweep."""

import dataclasses
import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from overdrive.cli.scripts import no_script
from overdrive.cli.state import State
from overdrive.cli.url_maps import remember
from overdrive.cli.warned import warnings_said
from overdrive.cli.watching import follow_start
from overdrive.client import Experiment
from overdrive.client import HyperDriveConfig
from overdrive.client import ScriptRunConfig
from overdrive.client import open_run
from overdrive.client.earlier import inherit
from overdrive.client.run_spec import build_run_spec
from overdrive.client.submit import submit
from overdrive.client.sweep_spec import build_sweep_spec
from overdrive.errors import SpecError
from overdrive.records import PrimaryMetricGoal
from overdrive.records import SweepSpec
from overdrive.sampling import GridParameterSampling
from overdrive.sampling import HyperParameterSampling
from overdrive.sampling import parse_sampling
from overdrive.space import parse_expression
from overdrive.termination import parse_policy
from overdrive.views import open_sweep

#: Trials where nobody says how many.
TRIALS = 20


def tune(state: State, rest: Sequence[str], *, detach: bool, as_json: bool, **options) -> int:
    """Submits the sweep and watches it, unless `detach`. Returns the exit code."""
    with warnings_said():
        workspace = state.open_workspace()
        earlier = [open_run(workspace, text) for text in options["resume_from"]]
        spec = sweep_spec(rest, **{**options, "resume_from": earlier})
        folder = submit(workspace, spec, content=inherit([run.view for run in earlier], []))
    return follow_start(open_sweep(folder), not detach, as_json)


def sweep_spec(rest: Sequence[str], *, keep_work: bool = False, **options) -> SweepSpec:
    """The sweep that the options describe. Raises SpecError naming the option at fault."""
    run_config = _run_config(rest, **options)
    sampling = _sampling(options["sampling"], options["space"])
    config = HyperDriveConfig(
        hyperparameter_sampling=sampling,
        primary_metric_name=_needed("--metric", options["metric"], "the name that the script logs, such as accuracy"),
        primary_metric_goal=PrimaryMetricGoal.from_str(_needed("--goal", options["goal"], "maximize or minimize")),
        max_total_runs=_total(options["max_total_runs"], sampling),
        max_concurrent_runs=options["max_concurrent_runs"],
        max_duration_minutes=options["max_duration_minutes"],
        policy=parse_policy(options["policy"]),
        run_config=run_config,
        stop_after_failures=_failures(options["stop_after_failures"]),
        resume_from=options["resume_from"],
    )
    run = dataclasses.replace(build_run_spec(run_config), keep_work=keep_work)
    given = options["experiment"]
    experiment = _experiment_name(options["script"], rest) if given is None else given
    Experiment.check_name(experiment)
    return _seeded(build_sweep_spec(config, experiment, None, run), options["seed"], sampling)


def _seeded(spec: SweepSpec, seed: int | None, sampling: HyperParameterSampling) -> SweepSpec:
    if seed is None:
        return spec
    if sampling.seed is not None:
        raise SpecError("the seed was given twice: by --seed and in --sampling", field="--seed", value=seed)
    return dataclasses.replace(spec, seed=seed)


def _run_config(rest: Sequence[str], *, script: str | None, source: str | None, **options) -> ScriptRunConfig:
    given: dict[str, Any] = {
        "interpreter": options["interpreter"],
        "environment_variables": dict(_pair("--env", text) for text in options["env"]),
        "gpus": options["gpus"],
        "restore_numpy_names": options["restore_numpy_names"] or None,
        "environment": _environment(options["environment"]),
        "build_environment": options["build_environment"] or None,
    }
    remember(options["maps"], Path(source or (Path(script).parent if script else ".")))
    if script is None:
        if not rest:
            raise SpecError("nothing to run was given", hint="give a SCRIPT, or a whole command behind --")
        return ScriptRunConfig(source_directory=source or ".", command=list(rest), **given)
    path = Path(script)
    if source is None:
        if not path.is_file():
            raise no_script("SCRIPT", script, hint="give its path; a command stands behind --")
        return ScriptRunConfig(source_directory=path.parent, script=path.name, arguments=list(rest), **given)
    inside = path.resolve().relative_to(Path(source).resolve()) if _is_below(path, Path(source)) else path
    return ScriptRunConfig(source_directory=source, script=inside, arguments=list(rest), **given)


def _environment(file: str | None) -> object:
    """What `--environment` names. Raises SpecError for a file that is neither."""
    if file is None:
        return None
    from overdrive.compat.azureml import Environment

    read = (
        Environment.from_conda_specification if file.endswith((".yml", ".yaml")) else Environment.from_pip_requirements
    )
    try:
        return read(Path(file).stem, file)
    except SpecError as error:
        raise SpecError(field="--environment", value=file, allowed=error.allowed) from error


def _is_below(script: Path, source: Path) -> bool:
    """Whether the script was named as seen from here, and not as seen from the source folder."""
    return script.is_file() and script.resolve().is_relative_to(source.resolve())


def _sampling(text: str, pairs: Sequence[str]) -> HyperParameterSampling:
    if not pairs:
        raise SpecError("--space was not given", field="space", hint="such as --space 'lr=loguniform(-7, -1)'")
    space: dict[str, object] = {}
    for pair in pairs:
        name, expression = _pair("--space", pair)
        if name in space:
            raise SpecError(f"--space names {name!r} twice", field="space", value=pair)
        try:
            space[name] = parse_expression(expression)
        except SpecError as error:
            raise SpecError(f"--space {name}: {error.message}", field="space", value=pair, hint=error.hint) from error
    return parse_sampling(text, space)


def _pair(option: str, text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals or not name.strip():
        raise SpecError(f"{option} {text!r} is not allowed: it takes NAME=VALUE", field=option, value=text)
    return name.strip(), value


def _needed(option: str, value: str | None, allowed: str) -> str:
    if value is None:
        raise SpecError(f"{option} was not given: it takes {allowed}", field=option)
    return value


def _total(given: int | None, sampling: HyperParameterSampling) -> int:
    """20 trials, or every cell of a grid."""
    if given is not None:
        return given
    count = sampling.space.count if isinstance(sampling, GridParameterSampling) else None
    return count if count is not None and math.isfinite(count) else TRIALS


def _failures(text: str | None) -> int | None:
    if text is None or text.isdecimal():
        return None if text is None else int(text)
    if text.lower() == "never":
        return 0
    raise SpecError(field="--stop-after-failures", value=text, allowed="a whole number, or never")


def _experiment_name(script: str | None, rest: Sequence[str]) -> str:
    name = Path(script).stem if script else Path(rest[0]).name
    return name.replace("/", "-") or "tune"
