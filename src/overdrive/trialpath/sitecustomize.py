"""Python runs this when it starts with our folder on its path: the user's own sitecustomize first, then our hooks."""

import os
import sys


def _run_own():
    """Runs the sitecustomize that Python would have found without ours."""
    from _frozen_importlib import module_from_spec  # noqa: PLC0415  (loaded by every Python, unlike importlib)
    from _frozen_importlib_external import PathFinder  # noqa: PLC0415

    here = os.path.dirname(os.path.abspath(__file__))
    spec = PathFinder.find_spec("sitecustomize", [path for path in sys.path if os.path.abspath(path) != here])
    if spec is not None and spec.loader is not None:
        module = module_from_spec(spec)
        sys.modules["sitecustomize"] = module
        spec.loader.exec_module(module)


try:
    _run_own()
finally:
    import _overdrive_hooks

    _overdrive_hooks.install()
