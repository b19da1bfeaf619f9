"""`azure.ai.ml`, served by Overdrive; `azure` and `azure.ai` are namespaces, in which installed packages stay."""

import sys

from azure.ai.ml._names import MODULES


class _Finder:
    """Finder and loader of the modules below azure.ai.ml, asked when no file answers."""

    def find_spec(self, name, path=None, target=None):
        if not name.startswith("azure.ai.ml."):
            return None
        if name not in MODULES:
            raise _not_here(name)
        return type(__spec__)(name, self, origin="azure/ai/ml/_names.py")

    def create_module(self, spec):
        return None

    def exec_module(self, module):
        _serve(module)


def _serve(module):
    """Gives a module its names: each is looked up when it is first asked for."""
    name = module.__name__
    names = MODULES[name].split()

    def find(wanted):
        if wanted.startswith("__") or (wanted.startswith("_") and wanted not in names):
            raise AttributeError(f"module {name!r} has no attribute {wanted!r}")
        below = f"{name}.{wanted}"
        if below in MODULES:
            __import__(below)
            return sys.modules[below]
        if wanted not in names:
            raise _not_here(below)
        value = getattr(_control_side(below), wanted)
        setattr(module, wanted, value)
        return value

    module.__getattr__ = find
    module.__dir__ = lambda: sorted(names)
    module.__all__ = names


def _control_side(wanted):
    try:
        from overdrive.compat import azure_ml  # noqa: PLC0415  (loads the whole client)
    except ImportError as error:
        raise ImportError(
            f"{wanted} is served by Overdrive, which {sys.executable} cannot import ({error})", name=wanted
        ) from error
    return azure_ml


def _not_here(wanted):
    """The error for a name of Azure's that is not here."""
    import overdrive.report  # noqa: PLC0415  (only when a name is missing)

    text = f"Overdrive has no {wanted}: of azure.ai.ml it has what commands, sweeps and their data need"
    return overdrive.report.NotHereError(text, name=wanted)


sys.meta_path.append(_Finder())
_serve(sys.modules[__name__])
