"""`import overdrive.azureml`: from here on `import azureml.core` and its kin find Overdrive's.

In this process and in those that it starts. Nothing is installed under the name azureml: a folder of the package is put
in front of the import path.
"""

import os
import sys

from overdrive.report.paths import trial_path

__all__ = ["install"]


def install() -> None:
    """Puts the folder in front of `sys.path` and of the environment's PYTHONPATH, once.

    URLs for which a map names a local file are read from it from here on (docs/data.md).
    """
    (folder,) = trial_path(standin=False)
    sys.path[:] = [folder, *(path for path in sys.path if path != folder)]
    others = [path for path in os.environ.get("PYTHONPATH", "").split(os.pathsep) if path and path != folder]
    os.environ["PYTHONPATH"] = os.pathsep.join([folder, *others])
    __import__("_overdrive_hooks").install()


install()
