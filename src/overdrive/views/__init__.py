"""What people look at: plain data of one sweep, of all sweeps, and the words for it. Every face reads it here.

Lives here: sweeps, trials, curves, metrics, output; the best trial; what waits and why; estimates; export; the
history that a model is made from.
May import: store (reading only), sampling (what a history is), space, host, records, errors.
Must not touch: engines, compute, processes; nothing here starts, stops or changes anything.
Change together with: cli, widgets, client, docs/cli.md, docs/glossary.md.
"""

from overdrive.views.best import best_trial
from overdrive.views.best import ranked
from overdrive.views.curves import CurvePoint
from overdrive.views.engines import EngineInfo
from overdrive.views.export import export_points
from overdrive.views.export import export_rows
from overdrive.views.journal import Note
from overdrive.views.listing import SweepSummary
from overdrive.views.listing import list_sweeps
from overdrive.views.metrics import merge_metrics
from overdrive.views.progress import Counts
from overdrive.views.sweep import SweepView
from overdrive.views.sweep import events_since
from overdrive.views.sweep import open_sweep
from overdrive.views.trials import TrialRow
from overdrive.views.words import iso_time

__all__ = [
    "Counts",
    "CurvePoint",
    "EngineInfo",
    "Note",
    "SweepSummary",
    "SweepView",
    "TrialRow",
    "best_trial",
    "events_since",
    "export_points",
    "export_rows",
    "iso_time",
    "list_sweeps",
    "merge_metrics",
    "open_sweep",
    "ranked",
]
