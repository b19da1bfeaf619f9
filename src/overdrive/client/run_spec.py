"""How a ScriptRunConfig becomes a RunSpec: files are looked at, the command line is made."""

import dataclasses
import difflib
import os
import shlex
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from overdrive.client.command_line import passes_on
from overdrive.client.command_line import template_words
from overdrive.client.distribution import read_distribution
from overdrive.client.script import ScriptRunConfig
from overdrive.client.script import check_variable
from overdrive.client.warn import warn
from overdrive.errors import SpecError
from overdrive.host.interpreters import OLDEST
from overdrive.host.interpreters import version_of
from overdrive.records import RunSpec
from overdrive.report import url_map
from overdrive.report.errors import UserErrorException
from overdrive.report.inputs import RunInput

#: Azure's name for where the checkpoint lies that a trial goes on with.
MODEL_LOCATION = "AZUREML_DATAREFERENCE_MODEL_LOCATION"
#: What a shell would act on, outside quotes; nothing here does.
_SHELL_SIGNS = set("|&;<>()")
_OPERATORS = frozenset(("|", "||", "&", "&&", ";", "<", ">", ">>"))


def build_run_spec(config: ScriptRunConfig) -> RunSpec:
    """The RunSpec of `config`.

    Raises SpecError naming the field.
    """
    config.check()
    folder = _source_folder(config)
    interpreter = _interpreter(config)
    if config.script is not None:
        script = _script_below(folder, Path(config.script))
        command = (interpreter, script)
    else:
        script = None
        command = _command_line(config, interpreter)
    is_shell = config.argument_style == "template" and command[0] != interpreter
    seconds = config.max_run_duration_seconds
    processes, distribution = read_distribution(config)
    resumed = _resumed_from(config)
    made = RunSpec(
        command=command,
        arguments=(*map(_text, config.arguments), *(("--resume-from", resumed) if resumed else ())),
        source_directory=str(folder),
        script=script,
        environment={
            **(_path_to(interpreter) if is_shell else {}),
            **({MODEL_LOCATION: resumed} if resumed else {}),
            **_variables(config),
        },
        argument_style=config.argument_style,
        bindings=config.bindings,
        outputs=config.outputs,
        interpreter=interpreter if is_shell else None,
        gpus=config.gpus,
        max_run_duration_s=None if seconds is None else float(seconds),
        inputs=_inputs(config),
        url_map=_url_map(config, folder),
        restore_numpy_names=_restores_numpy_names(config),
        processes=processes,
        distribution=distribution,
    )
    return passing_on(made) if resumed else made


def passing_on(run: RunSpec) -> RunSpec:
    """The run, so that `--resume-from` behind its arguments reaches its script. Warns where a shell's line hides that
    script."""
    if run.argument_style != "template":
        return run
    command = passes_on(run.command)
    if command[0] == "bash" and '"${@:' not in command[2]:
        text = "the command has no script that could be told --resume-from: the variable"
        warn(f"{text} {MODEL_LOCATION} says where the earlier outputs are")
    return dataclasses.replace(run, command=command)


def _source_folder(config: ScriptRunConfig) -> Path:
    folder = Path(config.source_directory).expanduser()
    field = "source_directory"
    if not folder.exists():
        raise SpecError(field=field, value=str(folder), allowed="a folder that exists")
    if not folder.is_dir():
        raise SpecError(field=field, value=str(folder), allowed="a folder, not a file")
    if not os.access(folder, os.R_OK | os.X_OK):
        raise SpecError(field=field, value=str(folder), allowed="a folder that you may read")
    return folder.resolve()


def _script_below(folder: Path, script: Path) -> str:
    """The script's path below the source folder, with /."""
    path = folder / script
    try:
        inside = Path(os.path.normpath(path)).relative_to(folder)
    except ValueError:
        allowed = f"a path below the source directory {str(folder)!r}"
        raise SpecError(field="script", value=str(script), allowed=allowed) from None
    if path.is_dir():
        raise SpecError(field="script", value=str(script), allowed="a file, not a folder")
    if not path.is_file():
        near = difflib.get_close_matches(script.name, sorted(os.listdir(path.parent)) if path.parent.is_dir() else [])
        raise SpecError(
            field="script",
            value=str(script),
            allowed=f"a file below {str(folder)!r}",
            hint=f"did you mean {near[0]}?" if near else None,
        )
    if not os.access(path, os.R_OK):
        raise SpecError(field="script", value=str(script), allowed="a file that you may read")
    return inside.as_posix()


def _command_line(config: ScriptRunConfig, interpreter: str) -> tuple[str, ...]:
    """The program and its arguments; the word python stands for the interpreter."""
    command = config.command or []
    if config.argument_style == "template":
        return template_words(str(command), interpreter)
    words = _split(command) if isinstance(command, str) else [_text(word) for word in command]
    if config.strict and not isinstance(command, str):
        _refuse_operators(words)
    if words[0] in ("python", "python3"):
        words[0] = interpreter
    return tuple(words)


def _path_to(interpreter: str) -> dict[str, str]:
    """A PATH on which `python`, said somewhere in a command line, is the interpreter."""
    return {"PATH": os.pathsep.join([os.path.dirname(interpreter), os.environ.get("PATH", os.defpath)])}


def _refuse_operators(words: list[str]) -> None:
    """Azure hands a list to a shell as one line; here each item is one argument."""
    found = [word for word in words if word in _OPERATORS]
    if found:
        raise _needs_shell(found[0])


def _split(command: str) -> list[str]:
    """A shell's words, without a shell: what only a shell could do is refused, with the way out."""
    lexer = shlex.shlex(command, posix=True, punctuation_chars=True)
    lexer.whitespace_split, lexer.commenters = True, ""
    try:
        words = list(lexer)
    except ValueError as error:
        raise SpecError(field="command", value=command, allowed=f"text whose quotes are closed ({error})") from None
    if any(sign in command.strip() for sign in "\n$`") or any(word and set(word) <= _SHELL_SIGNS for word in words):
        raise _needs_shell(command)
    return words


def _needs_shell(value: str) -> SpecError:
    return SpecError(
        field="command",
        value=value,
        allowed="a program and its arguments, without what only a shell understands",
        hint="where you want a shell, name it: command=['bash', '-c', '…']",
    )


def _interpreter(config: ScriptRunConfig) -> str:
    """The one given, else the one that the environment names for packages that the user manages, else this one.

    A path in the environment's container image, for which there is no such file here, is this one too.
    """
    environment = _environment(config)
    python = getattr(environment, "python", None)
    managed = getattr(python, "user_managed_dependencies", False)
    given = config.interpreter or (getattr(python, "interpreter_path", None) if managed else None)
    if not given or given == "python":
        return sys.executable
    path = Path(given).expanduser()
    if not config.interpreter and not path.exists() and _has_image(environment):
        warn(f"interpreter_path = {str(given)!r} is in the environment's image: trials run in {sys.executable}")
        return sys.executable
    if path.is_dir() or not os.access(path, os.X_OK):
        raise SpecError(field="interpreter", value=str(given), allowed="the path of a Python that you may run")
    _check_version(str(path.absolute()))
    return str(path.absolute())


def _has_image(environment: object) -> bool:
    docker = getattr(environment, "docker", None)
    return any(getattr(docker, name, None) for name in ("enabled", "base_image", "base_dockerfile"))


def _check_version(program: str) -> None:
    """Raises SpecError for a Python that is too old for scripts to log; what is no Python says so itself."""
    version = version_of(program) if program != sys.executable else None
    if version is not None and version[:2] < OLDEST:
        found, oldest = ".".join(map(str, version)), ".".join(map(str, OLDEST))
        raise SpecError(
            f"interpreter = {program!r} is Python {found}: trials take Python {oldest} or newer",
            field="interpreter",
            value=program,
            allowed=f"Python {oldest} or newer",
        )


def _environment(config: ScriptRunConfig) -> object:
    """The environment that counts: with a run configuration, its own, as in Azure."""
    return config.environment if config.run_config is None else getattr(config.run_config, "environment", None)


def _resumed_from(config: ScriptRunConfig) -> str | None:
    """Where the checkpoint lies that `resume_from` names: a DataPath, or a path. Raises SpecError where nothing is."""
    given: Any = config.resume_from
    if given is None:
        return None
    allowed = "a DataPath on a datastore, or the path of a folder or file, that exists"
    datastore = getattr(given, "datastore", None)
    try:
        path = datastore.local_path(given.path_on_datastore or "") if datastore is not None else os.fspath(given)
    except (TypeError, UserErrorException) as error:
        raise SpecError(field="resume_from", value=given, allowed=allowed) from error
    if not os.path.exists(path):
        raise SpecError(field="resume_from", value=str(path), allowed=allowed)
    return os.path.abspath(path)


def _variables(config: ScriptRunConfig) -> dict[str, str]:
    variables: dict[str, str] = {}
    for source in (_environment(config), config.run_config, config):
        given = getattr(source, "environment_variables", None)
        variables.update(given if isinstance(given, Mapping) else {})
    for name, value in variables.items():
        check_variable(name, value)
    return variables


def _inputs(config: ScriptRunConfig) -> dict[str, dict]:
    """Name → what the run is given under it. Raises SpecError for one name with two meanings."""
    found: dict[str, dict] = {}
    command = [] if config.command is None or isinstance(config.command, str) else config.command
    for item in [*command, *config.arguments, *config.inputs]:
        if isinstance(item, RunInput):
            made = item.to_input()
            if found.setdefault(item.name, made) != made:
                raise SpecError(field="inputs", value=item.name, allowed="one data set a name")
    return found


def _url_map(config: ScriptRunConfig, folder: Path) -> dict[str, str]:
    """What the configuration says, else this process's map, else the file in the source folder."""
    try:
        of_folder = url_map.read_map(str(folder / url_map.FILE))
        merged = {**of_folder, **url_map.current_map()}
    except UserErrorException as error:
        raise SpecError(error.message, field="url_map", value=url_map.FILE) from error
    return {**merged, **{url: os.path.abspath(file) for url, file in config.url_map.items()}}


def _restores_numpy_names(config: ScriptRunConfig) -> bool:
    given = config.restore_numpy_names
    return os.environ.get("OVERDRIVE_RESTORE_NUMPY_NAMES") == "1" if given is None else bool(given)


def _text(argument: object) -> str:
    if isinstance(argument, RunInput):
        return argument.placeholder
    return os.fspath(argument) if isinstance(argument, os.PathLike) else str(argument)
