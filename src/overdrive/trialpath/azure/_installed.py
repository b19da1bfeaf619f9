"""An installed package of the same name in place of ours: ours only answers where there is none."""

import importlib.util
import os
import sys


def take_installed(name):
    """Loads the installed package `name` (such as azure.identity) in place of the module of this name, if there is one.

    Whether there was one.
    """
    import azure  # noqa: PLC0415  (the namespace in which both stand)

    ours = os.path.dirname(os.path.abspath(__file__))
    last = name.rpartition(".")[2]
    for folder in azure.__path__:
        path = os.path.join(folder, last, "__init__.py")
        if os.path.abspath(folder) == ours or not os.path.isfile(path):
            continue
        spec = importlib.util.spec_from_file_location(name, path, submodule_search_locations=[os.path.dirname(path)])
        module = importlib.util.module_from_spec(spec)
        sys.modules[name] = module
        spec.loader.exec_module(module)
        return True
    return False
