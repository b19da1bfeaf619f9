"""Azure ML's module names, served by Overdrive; nothing of Azure's own packages is needed or used.

The modules below this one are made from the table in `azureml._names` by the finder in `azureml._finder`. What a
training script needs (Run) comes from `overdrive.report` alone; all else from `overdrive.compat.azureml`, when it is
asked for.
"""

import urllib

from azureml._finder import install

install()


def _find_in_urllib(name):
    """`urllib.request` for scripts that only say `import urllib`: Azure's own packages had imported it for them."""
    if name not in ("error", "parse", "request", "response"):
        raise AttributeError(f"module 'urllib' has no attribute {name!r}")
    return __import__(f"urllib.{name}", fromlist=[name])


urllib.__getattr__ = _find_in_urllib  # found when it is asked for, since it takes 20 ms to load
