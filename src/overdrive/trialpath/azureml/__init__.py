"""Azure ML's module names, served by Overdrive; nothing of Azure's own packages is needed or used.

The modules below this one are made from the table in `azureml._names` by the finder in `azureml._finder`. What a
training script needs (Run) comes from `overdrive.report` alone; all else from `overdrive.compat.azureml`, when it is
asked for.
"""

from azureml._finder import install

install()
