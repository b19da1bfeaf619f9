"""The stand-in for `overdrive` inside trials whose interpreter cannot import the real package: the trial side only.

`overdrive.report` is the real package's, file for file; other names raise an ImportError that names the interpreter.
"""

import os
import sys

_REAL = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
__path__ = [_REAL]


class _ReportOnly:
    """Stands before the other finders, since the folder of `overdrive.report` holds the control side too."""

    @staticmethod
    def find_spec(name, path=None, target=None):
        if name.startswith("overdrive.") and name.split(".")[1] not in ("report", "interop"):
            raise _missing(name)
        return None


def __getattr__(name):
    if name.startswith("__"):
        raise AttributeError(f"module 'overdrive' has no attribute {name!r}")
    import overdrive.report  # noqa: PLC0415  (only when a name is asked for)

    if name in overdrive.report.__all__:
        return getattr(overdrive.report, name)
    raise _missing("overdrive." + name)


def _missing(wanted):
    from overdrive.report.errors import control_side_missing  # noqa: PLC0415

    return control_side_missing(wanted)


sys.meta_path.insert(0, _ReportOnly)
