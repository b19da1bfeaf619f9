"""Has a few modules changed when, and if, a script imports them (_overdrive_changes says how).

Each Python process of a trial runs this at its start: nothing is imported for it ahead of time.
"""

import os
import sys

#: Modules that write TensorBoard's event files: for PyTorch and Lightning, tensorboardX, TensorFlow and Keras.
_EVENT_WRITERS = (
    "tensorboard.summary.writer.event_file_writer",
    "tensorboardX.event_file_writer",
    "tensorflow",
)


def install():
    """Puts the finder in front of the import system's list, once; changes what was imported before."""
    if any(hasattr(finder, "of_overdrive") for finder in sys.meta_path):
        return
    changes = {"urllib.request": "change_urllib", "requests.adapters": "change_requests"}
    if "OVERDRIVE_METRICS" in os.environ:
        changes.update(dict.fromkeys(_EVENT_WRITERS, "follow_event_files"))
    if os.environ.get("OVERDRIVE_RESTORE_NUMPY_NAMES") == "1":
        changes["numpy"] = "change_numpy"
    sys.meta_path.insert(0, _Finder(changes))
    sys.meta_path.append(_Missing())
    for name, change in changes.items():
        if name in sys.modules:
            _change(sys.modules[name], change)


def _change(module, change):
    """Loads what most scripts never need, from beside this file: the script may have changed sys.path."""
    changes = sys.modules.get("_overdrive_changes")
    if changes is None:
        from importlib.util import module_from_spec  # noqa: PLC0415
        from importlib.util import spec_from_file_location  # noqa: PLC0415

        path = os.path.join(os.path.dirname(os.path.abspath(__file__)), "_overdrive_changes.py")
        spec = spec_from_file_location("_overdrive_changes", path)
        changes = module_from_spec(spec)
        sys.modules["_overdrive_changes"] = changes
        spec.loader.exec_module(changes)
    getattr(changes, change)(module)


class _Finder:
    """Finds the modules that are changed where the others find them."""

    #: Says whose it is: virtualenv's finder has the same name.
    of_overdrive = True

    def __init__(self, changes):
        self._changes = changes

    def find_spec(self, name, path=None, target=None):
        change = self._changes.get(name)
        if change is None:
            return None
        for finder in sys.meta_path:
            find = getattr(finder, "find_spec", None)
            spec = find(name, path, target) if find and finder is not self else None
            if spec is not None:
                if spec.loader is not None:
                    spec.loader = _Loader(spec.loader, change)
                return spec
        return None


class _Missing:
    """Asked when nothing else has the module: those of Azure ML beside `azureml` are refused with a sentence."""

    def find_spec(self, name, path=None, target=None):
        if name.startswith("azureml_") and "." not in name:
            from azureml._finder import not_here  # noqa: PLC0415  (only for such a module)

            raise not_here(name)


class _Loader:
    """A loader that has the module changed once it is loaded, and then leaves its place to the real one."""

    def __init__(self, loader, change):
        self._loader = loader
        self._change = change

    def __getattr__(self, name):
        return getattr(self._loader, name)

    def create_module(self, spec):
        return self._loader.create_module(spec)

    def exec_module(self, module):
        module.__spec__.loader = module.__loader__ = self._loader
        self._loader.exec_module(module)
        _change(module, self._change)
