"""Which names of Azure's SDKs have a place here, and what becomes of each."""

import functools
import importlib
import runpy
from pathlib import Path

from overdrive import report
from overdrive.compat import azureml as control
from overdrive.compat.azureml import coverage
from overdrive.compat.azureml.coverage import Row
from overdrive.compat.azureml.coverage import Status
from overdrive.report.paths import trial_path

__all__ = ["SDKS", "is_module", "member_row", "modules", "name_row"]

#: Beginnings of module names that are Azure's SDK here.
SDKS = ("azureml", "azure.ai.ml")
_CLOUD = "{name} serves models in a cloud, which only Azure does: the model is a folder on this machine"


@functools.cache
def modules() -> dict[str, list[str]]:
    """Module → its names, of both SDKs."""
    (folder,) = trial_path(standin=False)
    first = _table(Path(folder, "azureml", "_names.py"))["MODULES"]
    second = _table(Path(folder, "azure", "ai", "ml", "_names.py"))["MODULES"]
    return {"azureml": [], **{name: names.split() for name, names in {**first, **second}.items()}}


def is_module(name: str) -> bool:
    """Whether it is a module of an SDK that can be imported here."""
    return name in modules()


def name_row(module: str, name: str) -> Row:
    """What becomes of `from module import name`, or of `import module` where name is ''."""
    full = f"{module}.{name}" if name else module
    if not is_module(module) or (name and name not in modules()[module] and not is_module(full)):
        return Row(full, Status.NOT_HERE, _sentence(full))
    if is_module(full):
        return Row(full, Status.WORKS)
    if module.startswith("azure.ai.ml"):
        kind = getattr(_second(), name, None)
        is_cloud = isinstance(kind, type) and issubclass(kind, _second().CloudOnly)
        return Row(name, Status.NOT_HERE, _CLOUD.format(name=name)) if is_cloud else Row(name, Status.WORKS)
    if name != "VERSION" and _class_of(name) is None:
        return Row(full, Status.NOT_HERE, _sentence(full))
    return coverage.find(name)


def member_row(owner: str, member: str, is_called: bool) -> Row | None:
    """What becomes of a member of a class; None where there is nothing to say beside what is said of the class."""
    name = f"{owner}.{member}"
    if name in coverage.NOT_HERE or name in coverage.DIFFERS:
        return coverage.find(name)
    kind = _class_of(owner)
    if not is_called or owner in coverage.NOT_HERE or not isinstance(kind, type) or hasattr(kind, member):
        return None
    return Row(name, Status.NOT_HERE, f"{owner} has no {member} here: it is Azure's alone or not in this version")


def _sentence(name: str) -> str:
    if name.startswith("azure.ai.ml"):
        return f"{name} is not in Overdrive: of azure.ai.ml it has what commands, sweeps and their data need"
    return coverage.sentence_of(name)


def _class_of(name: str) -> object:
    return getattr(control, name, None) or getattr(report, name, None)


def _second():
    return importlib.import_module("overdrive.compat.azure_ml")


def _table(path: Path) -> dict:
    return runpy.run_path(str(path))
