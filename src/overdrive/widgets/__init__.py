"""What notebooks and scripts show of a run: `RunDetails(run).show()`.

Lives here: the live table of a sweep's trials, as text; the same as data.
May import: client, views, host (the clock), records, errors; rich, when a table is drawn in a terminal.
Must not touch: engines, compute, the store.
Change together with: compat.azureml (which reaches it by its lazy name), docs/python.md.
"""

from overdrive.widgets.run_details import RunDetails

__all__ = ["RunDetails"]
