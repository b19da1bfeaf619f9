"""Other programs' names over the public facade: scripts written for them run unchanged.

Lives here: compat.azureml (Azure ML's Python SDK, version 1), compat.sweep_yaml (job files of
    version 2), compat.azure_ml (azure.ai.ml, version 2), compat.checking (what of them a script uses).
May import: client, widgets by its lazy name, and the public names of the rooms below.
Must not touch: the store, processes, anything that the public facade does not offer.
Change together with: trialpath/ (which maps module names to compat.azureml), docs/azureml.md.
"""

# Layers are imported by their own names: overdrive.compat.azureml.
__all__ = ()
