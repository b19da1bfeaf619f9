"""Runs that a trial can write on besides its own: the sweep above it, the children that its script makes."""

from __future__ import annotations

import os

from overdrive.report.recorder import Recorder
from overdrive.report.trial_only import TrialOnly
from overdrive.report.values import quote
from overdrive.report.workspace import Experiment


class RelatedRun(Recorder, TrialOnly):
    """The sweep above a trial, or a child run that its script made.

    Its lines go to the trial's spool, as kind 'child' under its own id: they never count as the trial's metrics.
    """

    _kind = "related run"

    def __init__(self, run_id: str, through: Recorder, files: str, name: str | None = None) -> None:
        super().__init__()
        self.id = run_id
        self.name = name
        #: The run whose spool takes the lines.
        self._through = through
        self._files = files

    def child_run(self, name: str | None = None, run_id: str | None = None, outputs: str | None = None) -> RelatedRun:
        """A child of this run."""
        return make_child(self, self._files, name, run_id)

    @property
    def experiment(self) -> Experiment:
        return self._through.experiment  # type: ignore[attr-defined]

    def get_metrics(self, name: str | None = None, recursive: bool = False, **kwargs: object) -> dict:
        """What this trial logged on it so far."""
        return self._through.get_child_metrics(self.id, name)  # type: ignore[attr-defined]

    def get_child_metrics(self, child: str, name: str | None = None) -> dict:
        return self._through.get_child_metrics(child, name)  # type: ignore[attr-defined]

    def whole(self):
        """The same run as control scripts have it: its steps, trials, status. Raises ImportError without them."""
        return self.experiment.workspace.whole().get_run(self.id)

    def flush(self, timeout_seconds: float = 300) -> None:
        self._through.flush(timeout_seconds)

    def log_child(self, child: str, line: str) -> None:
        self._through.log_child(child, line)

    def __repr__(self) -> str:
        return f"<run {self.id}>"

    def _put(self, name: str, value: str, kind: str | None = None, step: str | None = None) -> None:
        kind_text = f', "kind": "{kind}"' if kind else ""
        step_text = f', "step": {step}' if step else ""
        self.log_child(self.id, f'{{"name": {quote(name)}, "value": {value}{kind_text}{step_text}}}')


def make_child(parent: Recorder, files: str, name: str | None, run_id: str | None) -> RelatedRun:
    """A child run, recorded as one; its files go to `children/<id>` among the run's own."""
    number = run_id or f"{parent.id}_{os.urandom(4).hex()}"
    child = RelatedRun(number, parent, os.path.join(files, "children", number.replace("/", "_")), name)
    parent.log_child(number, f'{{"parent": {quote(parent.id)}, "label": {quote(name) if name else "null"}}}')
    return child
