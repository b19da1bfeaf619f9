"""What notebooks and scripts show of a run: `RunDetails(run).show()`.

Lives here: a run in a notebook, live, with the picture and table that it keeps; the table as text; the same as data.
May import: client, views, studio's built pages, space, host (the clock), records, errors; anywidget and rich when used.
Must not touch: engines, compute, the store.
Change together with: compat.azureml (which reaches it by its lazy name), docs/notebooks.md, web/src/widget.tsx.
"""

from overdrive.widgets.run_details import RunDetails

__all__ = ["RunDetails"]
