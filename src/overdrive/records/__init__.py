"""What a sweep, a trial, a metric point, an event and a verdict are: frozen data, states and legal transitions.

Lives here: values that every room above shares, their JSON forms, the words of a verdict.
May import: errors.
Must not touch: clock, files, processes, the store, randomness.
Change together with: store (columns), docs/architecture.md, docs/glossary.md.
"""

from overdrive.records.arguments import argument_text
from overdrive.records.arguments import flat_arguments
from overdrive.records.arguments import script_arguments
from overdrive.records.arguments import trial_arguments
from overdrive.records.best import best_of
from overdrive.records.earlier import Earlier
from overdrive.records.earlier import EarlierRun
from overdrive.records.earlier import EarlierSweep
from overdrive.records.earlier import EarlierTrial
from overdrive.records.earlier import kept_points
from overdrive.records.event import Event
from overdrive.records.event import Kind
from overdrive.records.exits import Exit
from overdrive.records.metric import MetricRecord
from overdrive.records.metric import PrimaryMetric
from overdrive.records.metric import PrimaryMetricGoal
from overdrive.records.names import nearest_names
from overdrive.records.numbers import as_json_number
from overdrive.records.numbers import from_json_number
from overdrive.records.numbers import show_number
from overdrive.records.request import Request
from overdrive.records.saving import saved_intervals
from overdrive.records.spec import RunSpec
from overdrive.records.spec import SweepSpec
from overdrive.records.status import AZURE_STATUS
from overdrive.records.status import Outcome
from overdrive.records.status import SweepStatus
from overdrive.records.status import TrialStatus
from overdrive.records.status import advance
from overdrive.records.suggestion import Suggestion
from overdrive.records.template import fill_template
from overdrive.records.template import placeholders
from overdrive.records.verdict import Verdict

__all__ = [
    "AZURE_STATUS",
    "Earlier",
    "EarlierRun",
    "EarlierSweep",
    "EarlierTrial",
    "Event",
    "Exit",
    "Kind",
    "MetricRecord",
    "Outcome",
    "PrimaryMetric",
    "PrimaryMetricGoal",
    "Request",
    "RunSpec",
    "Suggestion",
    "SweepSpec",
    "SweepStatus",
    "TrialStatus",
    "Verdict",
    "advance",
    "argument_text",
    "as_json_number",
    "best_of",
    "fill_template",
    "flat_arguments",
    "from_json_number",
    "kept_points",
    "nearest_names",
    "placeholders",
    "saved_intervals",
    "script_arguments",
    "show_number",
    "trial_arguments",
]
