"""What a trial runs: the script or command, its own arguments, and what it needs."""

import os
from collections.abc import Mapping
from collections.abc import Sequence
from numbers import Number

from overdrive.client.distribution import check_distribution
from overdrive.client.limits import check_positive
from overdrive.client.limits import check_text
from overdrive.client.limits import check_whole
from overdrive.errors import SpecError
from overdrive.report.inputs import RunInput


class ScriptRunConfig:
    """The training script and the resources of one trial.

    source_directory: folder with the script and what it imports; copied once at submit; default the current folder.
    script: path of the script below `source_directory`.
    arguments: the script's own arguments, a list; each becomes one argv entry by `str()`; hyperparameters follow them.
    command: instead of a script, a program and its arguments: a list, or text split like a shell's words (no shell runs
        it); `python` as its first word is `interpreter`.
    interpreter: the Python that runs the script; default this one.
    environment_variables: name → value, added to the trial's environment.
    gpus: GPUs that each trial holds for itself; default none.
    max_run_duration_seconds: a trial that runs longer is ended as failed; default no limit.
    run_config, compute_target, environment, docker_runtime_config: taken for scripts written for Azure; trials run on
        this machine. `environment.environment_variables` and an interpreter named there count. With a `run_config`,
        what `compute_target` and `environment` say is ignored, as Azure does.
    distributed_job_config: Azure's way to say `processes` and `distribution`.
    resume_from: a checkpoint to begin with: a DataPath, or the path of a folder or file. Trials get its path behind
        their own arguments as `--resume-from`, and in AZUREML_DATAREFERENCE_MODEL_LOCATION.
    argument_style: 'azure', `--name value` behind the rest, or 'template': the text of `command` says by
        `${{search_space.name}}` where each value goes; where it needs a shell, bash runs it, and gets values as
        arguments.
    bindings: for a template, `inputs.name` → the text that stands for `${{inputs.name}}`.
    outputs: for a template, name → 'folder' or 'file': `${{outputs.name}}` is that path below the trial's outputs/.
    processes: processes of one trial, all on this machine; default one. See docs/distributed.md.
    distribution: {"kind": 'pytorch' (the default), 'mpi' or 'tensorflow'}: what each of them is told; for TensorFlow,
        "parameter_servers": how many of the processes are these.
    strict: Azure's rules where they are narrower than ours.
    inputs: data sets by name (`dataset.as_named_input("x")`) that are no arguments; those among `arguments` count, too.
    url_map: URL, or beginning of one → the local file or folder that stands for it in the trials; those of the file
        overdrive-map.json in `source_directory`, and of `overdrive run --map`, count, too.
    restore_numpy_names: give the trials back the names that NumPy 1.24 and 2.0 took away, such as `np.float`; default:
        as the variable OVERDRIVE_RESTORE_NUMPY_NAMES says (1: yes).
    build_environment: run the trials in an environment with what `environment` names, built with uv and kept in the
        workspace; default: as the variable OVERDRIVE_BUILD_ENVIRONMENT says (1: yes). Without it, what their Python
        lacks is a warning at submit.

    Raises SpecError naming the field. Files are looked at when the run is submitted.
    """

    def __init__(
        self,
        source_directory: "str | os.PathLike[str] | None" = None,
        script: "str | os.PathLike[str] | None" = None,
        arguments: Sequence[object] | None = None,
        run_config: object = None,
        _telemetry_values: object = None,
        compute_target: object = None,
        environment: object = None,
        distributed_job_config: object = None,
        resume_from: object = None,
        max_run_duration_seconds: float | None = None,
        command: Sequence[object] | str | None = None,
        docker_runtime_config: object = None,
        *,
        interpreter: "str | os.PathLike[str] | None" = None,
        environment_variables: Mapping[str, str] | None = None,
        gpus: int = 0,
        strict: bool = False,
        inputs: Sequence[RunInput] = (),
        url_map: Mapping[str, str] | None = None,
        restore_numpy_names: bool | None = None,
        build_environment: bool | None = None,
        argument_style: str = "azure",
        bindings: Mapping[str, str] | None = None,
        outputs: Mapping[str, str] | None = None,
        processes: int = 1,
        distribution: Mapping[str, object] | None = None,
    ) -> None:
        self.source_directory = "." if source_directory is None else source_directory
        self.script = script
        self.arguments = [] if arguments is None else arguments
        self.command = command
        self.run_config = run_config
        self.compute_target = compute_target
        self.environment = environment
        self.distributed_job_config = distributed_job_config
        self.docker_runtime_config = docker_runtime_config
        self.resume_from = resume_from
        self.max_run_duration_seconds = max_run_duration_seconds
        self.interpreter = interpreter
        self.environment_variables = dict(environment_variables or {})
        self.gpus = gpus
        self.strict = strict
        self.inputs = list(inputs)
        self.url_map = dict(url_map or {})
        self.restore_numpy_names = restore_numpy_names
        self.build_environment = build_environment
        self.argument_style = argument_style
        self.bindings = dict(bindings or {})
        self.outputs = dict(outputs or {})
        self.processes = processes
        self.distribution = distribution
        self.check()

    def check(self) -> None:
        """Looks at types and combinations, not at files. Called again at submit, since the attributes may be changed.

        Raises SpecError naming the field.
        """
        _check_path("source_directory", self.source_directory)
        if self.script is None and self.command is None:
            raise SpecError(field="script", value=None, allowed="the path of a script (or give a command instead)")
        if self.script is not None and self.command is not None:
            raise SpecError(field="command", value=self.command, allowed="nothing beside a script: give one of the two")
        if self.script is not None:
            _check_path("script", self.script)
        else:
            _check_command(self.command)
        if self.argument_style not in ("azure", "template"):
            raise SpecError(field="argument_style", value=self.argument_style, allowed="'azure' or 'template'")
        if self.argument_style == "template" and not isinstance(self.command, str):
            raise SpecError(field="command", value=self.command, allowed="text, with argument_style='template'")
        check_arguments("arguments", self.arguments)
        if self.interpreter is not None:
            _check_path("interpreter", self.interpreter)
        for name, value in self.environment_variables.items():
            check_variable(name, value)
        for item in self.inputs:
            check_input("inputs", item)
        self.gpus = check_whole("gpus", self.gpus, 0, 1024)
        check_distribution(self.processes, self.distribution)
        if self.max_run_duration_seconds is not None:
            check_positive("max_run_duration_seconds", self.max_run_duration_seconds, "seconds")

    def __repr__(self) -> str:
        what = f"script={self.script!r}" if self.script is not None else f"command={self.command!r}"
        return f"ScriptRunConfig(source_directory={self.source_directory!r}, {what}, arguments={self.arguments!r})"


def check_arguments(field: str, arguments: object) -> None:
    """Raises SpecError unless `arguments` is a list or tuple of text, numbers, bools, None and paths without NUL."""
    if not isinstance(arguments, (list, tuple)):
        raise SpecError(field=field, value=arguments, allowed="a list, such as ['--epochs', 10]")
    for argument in arguments:
        if isinstance(argument, RunInput):
            continue
        if hasattr(argument, "as_named_input"):
            check_input(field, argument)
        if isinstance(argument, bytes) or not isinstance(argument, (str, Number, os.PathLike, type(None))):
            raise SpecError(field=field, value=argument, allowed="text, numbers, bools, None and paths as its items")
        if "\0" in str(argument):
            raise SpecError(field=field, value=argument, allowed="text without NUL characters")


def check_input(field: str, item: object) -> None:
    """Raises SpecError unless `item` is data that a run can be given."""
    if not isinstance(item, RunInput):
        allowed = "data sets with a name: dataset.as_named_input('x')"
        raise SpecError(field=field, value=item, allowed=allowed)


def check_variable(name: object, value: object) -> None:
    """Raises SpecError unless an environment variable may have this name and value."""
    field = "environment_variables"
    if not isinstance(name, str) or not name or "=" in name or "\0" in name:
        raise SpecError(field=field, value=name, allowed="names that are text, not empty, without = and NUL")
    if not isinstance(value, str) or "\0" in value:
        raise SpecError(field=f"{field}[{name!r}]", value=value, allowed="text without NUL characters")


def _check_path(field: str, value: object) -> None:
    if not isinstance(value, (str, os.PathLike)):
        raise SpecError(field=field, value=value, allowed="a path, as text or a path object")
    check_text(field, os.fspath(value), "a path that is not empty, without NUL characters")


def _check_command(command: object) -> None:
    if isinstance(command, str):
        check_text("command", command.strip(), "a program and its arguments")
        return
    check_arguments("command", command)
    if not command or not str(command[0]):  # type: ignore[index]
        raise SpecError(field="command", value=command, allowed="a program and its arguments")
