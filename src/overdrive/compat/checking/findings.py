"""What is found in files: the names of Azure's that they use, and what the environment lacks."""

import sys
from collections.abc import Iterable
from dataclasses import dataclass
from dataclasses import field
from pathlib import Path
from typing import Any

from overdrive.client import HyperDriveConfig
from overdrive.client.environment.building import find_uv
from overdrive.client.environment.lacking import Lack
from overdrive.client.environment.lacking import find_lacks
from overdrive.client.environment.lacking import install_line
from overdrive.client.environment.needed import names_packages
from overdrive.client.environment.wanted import read_wanted
from overdrive.compat.azureml.coverage import Row
from overdrive.compat.azureml.coverage import Status
from overdrive.compat.checking.environments import find_environment
from overdrive.compat.checking.names import find_names
from overdrive.compat.checking.needs import local_modules
from overdrive.compat.checking.needs import missing_modules
from overdrive.compat.checking.needs import removed_numpy_names
from overdrive.compat.checking.needs import urls
from overdrive.compat.checking.sources import Source
from overdrive.compat.checking.sources import find_files
from overdrive.compat.checking.sources import read_source
from overdrive.compat.checking.sources import scripts_of
from overdrive.compat.sweep_yaml import read_document
from overdrive.compat.sweep_yaml import read_job
from overdrive.errors import OverdriveError
from overdrive.host import interpreters

__all__ = ["Findings", "check"]


@dataclass(slots=True)
class Findings:
    """What is found in one file."""

    #: How the file is shown.
    name: str
    #: What is said of a name of Azure's → where it is used.
    names: dict[Row, list[str]] = field(default_factory=dict)
    #: The Python that is compared: the one that the control script names, else this one.
    program: str = sys.executable
    #: What it lacks of the Environment that the file asks for.
    lacks: list[Lack] = field(default_factory=list)
    #: The line that installs that.
    install: str = ""
    #: Module that it does not have → where it is imported.
    missing: dict[str, str] = field(default_factory=dict)
    #: Name that NumPy took away → where it is used.
    numpy: dict[str, str] = field(default_factory=dict)
    #: URL → where it is named.
    urls: dict[str, str] = field(default_factory=dict)
    #: Sentences: what cannot be read or submitted.
    problems: list[str] = field(default_factory=list)

    @property
    def is_ready(self) -> bool:
        """Whether all of it works here and is there."""
        refused = any(row.status is Status.NOT_HERE for row in self.names)
        return not (refused or self.lacks or self.missing or self.numpy or self.problems)


def check(paths: Iterable[Path]) -> list[Findings]:
    """Reads files and folders, the training scripts that they name, and the modules beside them; one entry a file.

    Raises SpecError where a path leads nowhere.
    """
    waiting = [(read_source(file), sys.executable) for path in paths for file in find_files(path)]
    done: dict[str, Findings] = {}
    while waiting:
        source, program = waiting.pop(0)
        key = source.name if source.written_by_notebook else str(source.path.resolve())
        if key in done:
            continue
        done[key], named = _look(source, program)
        waiting += [(script, named) for script in scripts_of(source)]
        waiting += [(read_source(path), program) for path in local_modules(source)]
    return list(done.values())


def _look(source: Source, program: str) -> tuple[Findings, str]:
    """What is found, and the Python of the scripts that the file names. program: the one that runs the file itself."""
    found = Findings(source.name, program=program, problems=list(source.problems))
    found.names = find_names(source.pieces)
    asked = find_environment(source)
    definition, named = asked.definition(), program
    if asked.program is not None and Path(asked.program).expanduser().is_file():
        named = str(Path(asked.program).expanduser())
    if source.path.suffix in (".yml", ".yaml"):
        try:
            job = read_job(read_document(source.path))
            config = job.config.script_run_config() if isinstance(job.config, HyperDriveConfig) else job.config
            definition = config.environment.to_json() if config.environment else None  # type: ignore[attr-defined]
        except OverdriveError as error:
            found.problems.append(error.message)
    try:
        _compare(found, definition, named)
        found.missing = missing_modules(source, program)
    except OSError as error:
        found.problems.append(f"its Python cannot be asked: {error}")
    found.numpy = removed_numpy_names(source)
    found.urls = urls(source)
    return found, named


def _compare(found: Findings, definition: dict[str, Any] | None, program: str) -> None:
    if definition is None or not names_packages(definition):
        return
    wanted, python = read_wanted(definition), interpreters.ask(program)
    found.lacks = find_lacks(wanted, python)
    found.install = install_line(wanted, found.lacks, python, find_uv() is not None) if found.lacks else ""
