"""Makes the modules of `azureml._names`, and finds each name where it lives when it is first asked for."""

import os
import sys

from azureml._names import BOTH_NAMES
from azureml._names import MODULES
from azureml._names import TRIAL_NAMES
from azureml._names import VERSION


def install():
    """Puts the finder at the end of the import system's list: it is asked when no file answers."""
    if not any(isinstance(finder, _Finder) for finder in sys.meta_path):
        sys.meta_path.append(_Finder())


class _Finder:
    """Finder and loader of the modules below azureml."""

    def find_spec(self, name, path=None, target=None):
        if not name.startswith("azureml."):
            return None
        if name not in MODULES:
            raise not_here(name)
        is_package = any(module.startswith(name + ".") for module in MODULES)
        return type(__spec__)(name, self, origin="azureml/_names.py", is_package=is_package)

    def create_module(self, spec):
        return None

    def exec_module(self, module):
        def find(name):
            value = _find(module.__name__, name)
            setattr(module, name, value)  # so that it is found only once
            return value

        names = MODULES[module.__name__].split()
        module.__doc__ = f"{module.__name__} of Azure ML, served by Overdrive."
        module.__getattr__ = find
        module.__dir__ = lambda: sorted(names)
        module.__all__ = [name for name in names if not name.startswith("_")]
        if module.__name__ == "azureml.core":
            module.VERSION = module.__version__ = VERSION


def _find(module, name):
    """What `from <module> import <name>` wants. Raises AttributeError for private names, ImportError for others."""
    wanted = f"{module}.{name}"
    if wanted in MODULES:
        __import__(wanted)
        return sys.modules[wanted]
    if name not in MODULES[module].split():
        if name.startswith("_"):
            raise AttributeError(f"module {module!r} has no attribute {name!r}")
        raise not_here(wanted)
    report = _report(wanted)
    if name in TRIAL_NAMES or (name in BOTH_NAMES and os.environ.get("OVERDRIVE_METRICS")):
        return getattr(report, name)
    try:
        return _from_control_side(name, wanted)
    except (report.ControlSideMissingError, report.NotHereError):
        if name not in BOTH_NAMES:
            raise
        return getattr(report, name)  # a training script that is tried outside a sweep


def _from_control_side(name, wanted):
    report = _report(wanted)
    try:
        from overdrive.compat import azureml as control  # noqa: PLC0415  (loads the whole client)
    except report.ControlSideMissingError:
        raise report.errors.control_side_missing(wanted) from None
    except (ImportError, SyntaxError) as error:
        raise report.errors.control_side_missing(wanted, error) from error
    try:
        return getattr(control, name)
    except AttributeError:
        raise not_here(wanted) from None


def _report(wanted):
    """`overdrive.report`; without it the import path of this process is not a trial's."""
    try:
        import overdrive.report  # noqa: PLC0415  (only when a name is asked for)
    except ImportError as error:
        raise ImportError(
            f"{wanted} is served by Overdrive, which {sys.executable} cannot import ({error})", name=wanted
        ) from error
    return overdrive.report


def not_here(wanted):
    """The error for a name of Azure ML that Overdrive does not have, with what to do instead where that is known."""
    report = _report(wanted)
    try:
        from overdrive.compat.azureml.coverage import sentence_of  # noqa: PLC0415  (loads the whole client)

        words = sentence_of(wanted)
    except (ImportError, SyntaxError):  # a trial's Python, which need not have the control side
        words = f"{wanted} is not in Overdrive: leave it out, or catch ImportError"
    return report.NotHereError(words, name=wanted)
