"""Configurations to be copied: a sweep's as what would start it again, a trial's as what its script was given.

A sweep may come from elsewhere, and what is copied is run: whatever it says is a value there, never a piece of code.
"""

import shlex
import textwrap
from collections.abc import Callable
from collections.abc import Mapping

from overdrive.records import SweepSpec
from overdrive.records import fill_template
from overdrive.records import trial_arguments
from overdrive.views.strict import strict_json
from overdrive.views.trials import TrialRow

#: HyperDrive's class for each policy's name in JSON.
_POLICIES = {
    "Bandit": "BanditPolicy",
    "MedianStopping": "MedianStoppingPolicy",
    "TruncationSelection": "TruncationSelectionPolicy",
}
#: The command line's words for them.
_SHORT_POLICIES = {"Bandit": "bandit", "MedianStopping": "median", "TruncationSelection": "truncation"}
#: HyperDrive's class for each sampler's name in JSON; what has none is named to the base of all.
_SAMPLINGS = {
    "RANDOM": "RandomParameterSampling",
    "GRID": "GridParameterSampling",
    "BayesianOptimization": "BayesianParameterSampling",
}


def as_command_line(spec: SweepSpec) -> str:
    """A call of `overdrive tune` over several lines, quoted for a shell. A single run is its own command line."""
    run = spec.run
    if spec.kind == "run":
        return shlex.join([*run.command, *run.arguments])
    metric = spec.metric
    options = [("--experiment", spec.experiment), ("--source", run.source_directory)]
    options += [("--space", f"{name}={_expression(value, _quoted)}") for name, value in spec.space.items()]
    options += [("--metric", metric.name), ("--goal", metric.goal.name.lower())] if metric else []
    options += [("--sampling", _call(_short_sampling(str(spec.sampling["name"])), _properties(spec.sampling, "seed")))]
    if spec.policy.get("name") in _POLICIES:
        options += [("--policy", _call(_SHORT_POLICIES[str(spec.policy["name"])], _properties(spec.policy)))]
    options += [("--max-total-runs", str(spec.max_total_runs))]
    options += [("--max-concurrent-runs", str(spec.max_concurrent_runs))] if spec.max_concurrent_runs else []
    options += [("--max-duration-minutes", f"{spec.max_duration_minutes:g}")] if spec.max_duration_minutes else []
    options += [("--env", f"{name}={value}") for name, value in run.environment.items()]
    options += [("--gpus", str(run.gpus))] if run.gpus else []
    options += [("--seed", str(spec.seed))]
    lines = [f"{name} {shlex.quote(value)}" for name, value in options]
    before = ["overdrive tune", *([shlex.quote(run.script)] if run.script else [])]
    rest = [*([] if run.script else run.command), *run.arguments]
    behind = [f"-- {shlex.join(rest)}"] if rest else []
    return " \\\n    ".join([" ".join(before), *lines, *behind])


def as_python(spec: SweepSpec) -> str:
    """A control script, which draws what the sweep drew. A single run is submitted as one."""
    run = spec.run
    program = f"script={run.script!r}, arguments={list(run.arguments)!r}"
    if not run.script:
        program = f"command={[*run.command, *run.arguments]!r}"
    program += f", environment_variables={dict(run.environment)!r}" if run.environment else ""
    program += f", gpus={run.gpus!r}" if run.gpus else ""
    config = f"ScriptRunConfig(source_directory={run.source_directory!r}, {program})"
    experiment = f"Experiment(Workspace(), {spec.experiment!r})"
    if spec.kind == "run":
        head = "from overdrive import Experiment, ScriptRunConfig, Workspace"
        return f"{head}\n\nrun = {experiment}.submit({config})\n"
    sampling = _sampling_call(spec)
    policy = _POLICIES.get(str(spec.policy.get("name")))
    functions = {name for value in spec.space.values() if (name := str(value[0])).isidentifier()}
    classes = ["Experiment", "HyperDriveConfig", "PrimaryMetricGoal", "ScriptRunConfig", "Workspace"]
    names: set[str] = {*classes, sampling.partition("(")[0], *functions, *([policy] if policy else [])}
    lines = [f"from overdrive import {some.rstrip(',')}" for some in textwrap.wrap(", ".join(sorted(names)), 90)]
    lines += ["", "space = {", *(f"    {name!r}: {_expression(value)}," for name, value in spec.space.items()), "}"]
    lines += ["config = HyperDriveConfig(", f"    run_config={config},", f"    hyperparameter_sampling={sampling},"]
    if policy:
        lines.append(f"    policy={_call(policy, _properties(spec.policy))},")
    if spec.metric:
        lines.append(f"    primary_metric_name={spec.metric.name!r},")
        lines.append(f"    primary_metric_goal=PrimaryMetricGoal.{spec.metric.goal.name},")
    lines.append(f"    max_total_runs={spec.max_total_runs!r},")
    if spec.max_concurrent_runs:
        lines.append(f"    max_concurrent_runs={spec.max_concurrent_runs!r},")
    if spec.max_duration_minutes:
        lines.append(f"    max_duration_minutes={spec.max_duration_minutes!r},")
    return "\n".join(
        [*lines, ")", f"run = {experiment}.submit(config)", "run.wait_for_completion(show_output=True)", ""]
    )


def sweep_code(spec: SweepSpec, best: TrialRow | None) -> dict[str, object]:
    """The sweep as a command line, as a Python script and as JSON, and the best trial's `trial_code` (None: none)."""
    return {
        "command_line": as_command_line(spec),
        "python": as_python(spec),
        "json_text": strict_json(spec.to_json()),
        "best": trial_code(spec, best) if best else None,
    }


def trial_code(spec: SweepSpec, row: TrialRow) -> dict[str, object]:
    """A trial's configuration, all digits of it: the command line that runs its script once, with these values; a
    Python dict; JSON.
    """
    configuration = row.configuration
    return {
        "trial": row.number,
        "command_line": trial_command_line(spec, row),
        "python": _dict_text(configuration),
        "json_text": strict_json(configuration),
    }


def trial_command_line(spec: SweepSpec, row: TrialRow) -> str:
    """What ran as the trial, quoted for a shell: to be run where the script is."""
    words = (*spec.run.command, *row.own_arguments)
    if spec.run.argument_style == "template":
        return shlex.join(fill_template(words, row.configuration, spec.run.bindings))
    return shlex.join(trial_arguments(words, row.configuration))


def _dict_text(values: Mapping[str, object]) -> str:
    lines = [f"    {name!r}: {value!r}," for name, value in values.items()]
    return "\n".join(["{", *lines, "}"]) if lines else "{}"


def _sampling_call(spec: SweepSpec) -> str:
    """'RandomParameterSampling(space, {'seed': 42})': the seed is the one that the sweep drew where none was given."""
    name, properties = str(spec.sampling["name"]), _properties(spec.sampling)
    properties |= {} if name == "GRID" else {"seed": spec.seed}
    rest = f", {properties!r}" if properties else ""
    named = _SAMPLINGS.get(name)
    return f"{named}(space{rest})" if named else f"HyperParameterSampling({name!r}, space{rest})"


def _expression(value: list, quote: Callable[[object], str] = repr) -> str:
    """'loguniform(-7, -1)', 'choice(16, 32)'."""
    name, arguments = str(value[0]), value[1]
    given = arguments[0] if name == "choice" else arguments
    called = name if name.isidentifier() else repr(name)
    return f"{called}({', '.join(quote(each) for each in given)})"


def _quoted(value: object) -> str:
    """As Python spells it, texts in double quotes where they hold none, since a shell's are single."""
    text = repr(value)
    return f'"{text[1:-1]}"' if isinstance(value, str) and text.startswith("'") and '"' not in text else text


def _call(name: str, properties: Mapping[str, object]) -> str:
    given = ", ".join(f"{key}={value!r}" for key, value in properties.items())
    if not all(key.isidentifier() for key in properties):
        given = f"**{dict(properties)!r}"
    return f"{name}({given})" if given else name if name.islower() else f"{name}()"


def _properties(config: Mapping, *without: str) -> dict[str, object]:
    return {key: value for key, value in (config.get("properties") or {}).items() if key not in without}


def _short_sampling(name: str) -> str:
    return {"BayesianOptimization": "bayesian"}.get(name, name.lower())
