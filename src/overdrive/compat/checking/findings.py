"""What is found in files: the names of Azure's that they use, and what the environment lacks."""

from collections.abc import Iterable
from dataclasses import dataclass
from dataclasses import field
from pathlib import Path

from overdrive.compat.azureml.coverage import Row
from overdrive.compat.azureml.coverage import Status
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

__all__ = ["Findings", "check"]


@dataclass(slots=True)
class Findings:
    """What is found in one file."""

    #: How the file is shown.
    name: str
    #: What is said of a name of Azure's → where it is used.
    names: dict[Row, list[str]] = field(default_factory=dict)
    #: Module that this Python does not have → where it is imported.
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
        return not (refused or self.missing or self.numpy or self.problems)


def check(paths: Iterable[Path]) -> list[Findings]:
    """Reads files and folders, the training scripts that they name, and the modules beside them; one entry a file.

    Raises NotFoundError where a path leads nowhere.
    """
    waiting = [read_source(file) for path in paths for file in find_files(path)]
    done: dict[str, Findings] = {}
    while waiting:
        source = waiting.pop(0)
        key = source.name if source.written_by_notebook else str(source.path.resolve())
        if key in done:
            continue
        done[key] = _look(source)
        waiting += scripts_of(source)
        waiting += [read_source(path) for path in local_modules(source)]
    return list(done.values())


def _look(source: Source) -> Findings:
    problems = list(source.problems)
    if source.path.suffix in (".yml", ".yaml"):
        try:
            read_job(read_document(source.path))
        except OverdriveError as error:
            problems.append(error.message)
    return Findings(
        source.name,
        find_names(source.pieces),
        missing_modules(source),
        removed_numpy_names(source),
        urls(source),
        problems,
    )
