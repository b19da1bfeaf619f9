"""Before a sweep starts: what its Python lacks of its environment is said, or that environment is built."""

import dataclasses
import os
import shutil
from pathlib import Path

from overdrive.client.environment.building import build
from overdrive.client.environment.building import find_uv
from overdrive.client.environment.building import python_in
from overdrive.client.environment.lacking import OLDEST_TEXT
from overdrive.client.environment.lacking import Lack
from overdrive.client.environment.lacking import find_lacks
from overdrive.client.environment.lacking import has_python
from overdrive.client.environment.lacking import has_usable_python
from overdrive.client.environment.lacking import install_line
from overdrive.client.environment.wanted import Wanted
from overdrive.client.environment.wanted import read_wanted
from overdrive.client.warn import warn
from overdrive.errors import SpecError
from overdrive.host import interpreters
from overdrive.host.interpreters import Python
from overdrive.records import RunSpec
from overdrive.records import SweepSpec

__all__ = ["describe_lacks", "in_environment"]

#: Lines of a listing; the line that installs names all.
_MOST = 12


def in_environment(workspace: Path, spec: SweepSpec) -> SweepSpec:
    """The sweep as it is to run: in an environment that is built where `spec.extra` asks for one, else as it is.

    What its Python lacks is a warning. Raises SpecError for a Python that does not answer, and what `build` raises.
    """
    wanted = read_wanted(spec.extra["environment_definition"])
    built = spec.extra.get("built_environment")
    program = _interpreter(spec.run) if built is None else built["base"]
    if not spec.extra.get("build_environment"):
        _warn(wanted, program)
        return spec
    folder = build(workspace, wanted, _python_for(wanted, program))
    facts = {"folder": str(folder), "base": program}
    return dataclasses.replace(
        spec, run=_run_in(spec.run, program, folder), extra={**spec.extra, "built_environment": facts}
    )


def _interpreter(run: RunSpec) -> str:
    """The Python of the trials; for other programs, the one that they find on their PATH."""
    program = run.interpreter or run.command[0]
    if os.path.basename(program).startswith("python") and os.path.isabs(program):
        return program
    path = run.environment.get("PATH") or os.environ.get("PATH")
    return shutil.which("python", path=path) or shutil.which("python3", path=path) or program


def _warn(wanted: Wanted, program: str) -> None:
    try:
        python = interpreters.ask(program)
    except OSError as error:
        text = f"what {_called(wanted)} asks for was not compared: {error}"
        warn(text)
        return
    lacks = find_lacks(wanted, python)
    if lacks:
        text = describe_lacks(wanted, lacks, python)
        way = "or build it" if "\n  to install: " in text else "to build it"
        warn(f"{text}\n  {way} for the trials: {_BUILD}")


_BUILD = "--build-environment, or ScriptRunConfig(build_environment=True)"


def describe_lacks(wanted: Wanted, lacks: list[Lack], python: Python) -> str:
    """A line for what is lacking in all, one for each thing, and the line that installs them."""
    width = max(len(lack.wanted) for lack in lacks[:_MOST])
    lines = [f"{_called(wanted)} asks for what {python.program} (Python {python.version}) does not have:"]
    for lack in lacks[:_MOST]:
        is_python = lack.wanted.startswith("Python ")
        lines.append(f"  {lack.wanted:{width}}  {f'trials run in {lack.found}' if is_python else lack.words}")
    if len(lacks) > _MOST:
        lines.append(f"  … and {len(lacks) - _MOST} more")
    line = install_line(wanted, lacks, python, find_uv() is not None)
    if line:
        lines.append(f"  to install: {line}")
        if " venv " in line:
            lines.append("  and name the Python in it as the interpreter of the trials")
    return "\n".join(lines)


def _called(wanted: Wanted) -> str:
    return f"the environment {wanted.name!r}" if wanted.name else "the environment"


def _python_for(wanted: Wanted, program: str) -> str:
    """The Python to build with: the trials' own where its version will do, else the version for uv to find."""
    try:
        python = interpreters.ask(program)
    except OSError as error:
        raise SpecError(str(error), field="interpreter", value=program) from error
    if has_python(wanted, python):
        return program
    asked = wanted.python or ""
    versions = wanted.python_versions()
    if not has_usable_python(wanted):
        text = f"{_called(wanted)} asks for Python {asked}: it gets {OLDEST_TEXT}, the oldest that trials run in"
        warn(text)
        return OLDEST_TEXT
    return str(versions).replace("==", "").replace(".*", "") if versions and str(versions).startswith("==") else asked


def _run_in(run: RunSpec, base: str, folder: Path) -> RunSpec:
    """The run with the environment's Python in place of `base`, and its programs found first, as when activated."""
    python = python_in(folder)
    command = (python, *run.command[1:]) if run.command[0] == base else run.command
    path = run.environment.get("PATH") or os.environ.get("PATH") or os.defpath
    bin_folder = os.path.dirname(python)
    rest = [part for part in path.split(os.pathsep) if part != bin_folder]
    variables = {"PATH": os.pathsep.join([bin_folder, *rest]), "VIRTUAL_ENV": str(folder)}
    return dataclasses.replace(
        run,
        command=command,
        interpreter=python if run.interpreter == base else run.interpreter,
        environment={**run.environment, **variables},
    )
