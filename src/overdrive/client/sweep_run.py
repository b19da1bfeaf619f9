"""A sweep as scripts hold it: its trials, the best of them, what it was told."""

import json
from collections.abc import Iterator
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from overdrive.client import details
from overdrive.client import files
from overdrive.client.children import submitted_below
from overdrive.client.find import locate
from overdrive.client.folder import ENGINE_LOG
from overdrive.client.marks import Marks
from overdrive.client.requests import ask
from overdrive.client.run import Run
from overdrive.client.show import SweepLines
from overdrive.client.wait import wait_for_engine
from overdrive.client.wait import wait_for_sweep
from overdrive.errors import OverdriveError
from overdrive.errors import SpecError
from overdrive.errors import SweepFailedError
from overdrive.records import SweepStatus
from overdrive.views import TrialRow
from overdrive.views import open_sweep
from overdrive.views.marks import marks_file


class HyperDriveRun(Run):
    """A sweep: the parent of its trials.

    experiment: the Experiment that it belongs to.
    run_id: its id, `HD_<uuid>`.

    Raises NotFoundError when the experiment has no such sweep, SpecError for the id of something else.
    """

    RUN_TYPE = "hyperdrive"

    def _number(self) -> int:
        if self._id != self.spec.id or self.spec.kind != "sweep":
            raise SpecError(
                field="run_id", value=self._id, allowed="the id of a sweep; this is a single run or a trial: Run"
            )
        return int(self._view.created_at or 0)

    @property
    def parent(self) -> Run | None:
        """The run below which it was submitted, or None: a sweep stands for itself."""
        return self._outer_parent()

    # What it is doing

    @property
    def sweep_status(self) -> SweepStatus:
        """Where it is in its life."""
        return self._view.status

    def get_status(self) -> str:
        """Azure's word: Running, CancelRequested, Completed, Canceled or Failed."""
        return self._view.azure_status

    @property
    def outcome(self) -> str | None:
        """'completed', 'cancelled' or 'failed'; None while it has not ended."""
        status = self.sweep_status
        return None if status is SweepStatus.RUNNING else status.name.lower()

    @property
    def reason(self) -> str:
        """One sentence: why it ended as it did, what it waits for, or what it does."""
        return self._view.reason

    @property
    def has_ended(self) -> bool:
        """Whether it is over."""
        return self._view.is_over

    def get_details(self) -> dict[str, Any]:
        """What Azure's `get_details()` says of a sweep; it has no `runDefinition`: its trials have."""
        return details.of_sweep(self._view, properties=self.properties, log_files=self._log_files())

    # Its trials

    def get_children(
        self,
        recursive: bool = False,
        tags: "Mapping[str, str] | str | None" = None,
        properties: "Mapping[str, str] | str | None" = None,
        type: str | None = None,
        status: str | None = None,
        _rehydrate_runs: bool = True,
    ) -> Iterator[Run]:
        """The trials, the last one first.

        tags: only those with this tag, or these tags and values. properties: the same. status: only those with this
        word.
        type: only runs of this type. recursive: also the runs below those. After the trials, runs that were submitted
        below the sweep.
        """
        wanted = {"tags": tags, "properties": properties, "type": type, "status": status}
        for run in (*map(self._trial, reversed(self._view.trials())), *submitted_below(self)):
            if run.matches(**wanted):
                yield run
            if recursive:
                yield from run.get_children(True, **wanted)

    def get_best_run_by_primary_metric(
        self, include_failed: bool = True, include_canceled: bool = True, include_resume_from_runs: bool = True
    ) -> Run | None:
        """The trial with the best value of the primary metric, or None where none has one.

        Every trial counts with the best finite value that it logged, running ones too. include_failed,
        include_canceled: whether failed and cancelled (also early stopped) trials count. include_resume_from_runs:
        whether those of the sweeps in `resume_from` count, as far as they are still in the workspace.
        """
        best, metric = None, self.spec.metric
        for sweep in (self, *(self._earlier_sweeps() if include_resume_from_runs else ())):
            row = sweep.view.best(include_failed=include_failed, include_cancelled=include_canceled)
            if row and metric and row.best is not None and (best is None or metric.is_better(row.best, best[0])):
                best = row.best, sweep._trial(row)
        return best[1] if best else None

    def _earlier_sweeps(self) -> Iterator["HyperDriveRun"]:
        """The sweeps of `resume_from` that are still there."""
        for run_id in self.spec.resume_from:
            try:
                view = open_sweep(locate(self.experiment.workspace, run_id).folder)
            except OverdriveError:  # deleted, or damaged: what this sweep needs of it was copied
                continue
            experiment = type(self.experiment)(self.experiment.workspace, view.spec.experiment)
            yield self.experiment.sweep_class(experiment, run_id, _view=view)

    def get_children_sorted_by_primary_metric(
        self, top: int = 0, reverse: bool = False, discard_no_metric: bool = False
    ) -> list[dict[str, Any]]:
        """[{'run_id', 'hyperparameters' (JSON text), 'best_primary_metric', 'status'}], the best trial first.

        Trials without a value come last whatever the order. top: only so many (0: all). reverse: the worst first.
        discard_no_metric: leave out trials without a value. Raises SpecError for arguments of other types.
        """
        if isinstance(top, bool) or not isinstance(top, int) or top < 0:
            raise SpecError(field="top", value=top, allowed="a whole number, 0 or more")
        for field, value in (("reverse", reverse), ("discard_no_metric", discard_no_metric)):
            if not isinstance(value, bool):
                raise SpecError(field=field, value=value, allowed="True or False")
        rows = self._view.ranked()
        valued, rest = [row for row in rows if row.best is not None], [row for row in rows if row.best is None]
        ordered = (valued[::-1] if reverse else valued) + ([] if discard_no_metric else rest)
        return [
            {
                "run_id": row.run_id,
                "hyperparameters": json.dumps(row.configuration),
                "best_primary_metric": row.best,
                "status": row.azure_status,
            }
            for row in (ordered[:top] if top else ordered)
        ]

    def get_hyperparameters(self) -> dict[str, str]:
        """Trial's run id → its configuration as JSON text."""
        return {row.run_id: json.dumps(row.configuration) for row in self._view.trials()}

    @property
    def hyperparameters(self) -> dict[str, object]:
        """Hyperparameter → `[distribution, arguments]`: the space."""
        return dict(self.spec.space)

    def get_metrics(
        self, name: str | None = None, recursive: bool = False, run_type: str | None = None, populate: bool = False
    ) -> dict[str, Any]:
        """Trial's run id → {name → what was logged under it}; trials that logged nothing are absent.

        name: only this metric. recursive, run_type, populate: ignored.
        """
        found = {row.run_id: self._view.metrics(row.number) for row in self._view.trials()}
        if name is not None:
            found = {run_id: {name: each[name]} for run_id, each in found.items() if name in each}
        return {run_id: metrics for run_id, metrics in found.items() if metrics}

    # What may be asked of it

    def cancel(self) -> bool:
        """Asks the engine to cancel what runs, politely, and to end.

        Returns at once; False when it has ended already.
        """
        if self.has_ended:
            return False
        ask(self._view, kind="cancel", by="HyperDriveRun.cancel()")
        return True

    def wait_for_completion(
        self, show_output: bool = False, wait_post_processing: bool = False, raise_on_error: bool = True
    ) -> dict[str, Any]:
        """Waits until the sweep has ended; returns `get_details()`.

        show_output: print a line for each trial that ends.
        wait_post_processing: wait for the end of its engine, too.
        raise_on_error: raise SweepFailedError when the sweep failed (failed trials do not fail a sweep).

        Ctrl-C leaves the sweep alone; twice within 2 s cancels it, three times ends its trials at once; then
        KeyboardInterrupt is raised.
        """
        shown = SweepLines(self._view) if show_output else None
        wait_for_sweep(self._view, shown.look if shown else None)
        if wait_post_processing:
            wait_for_engine(self._view)
        if raise_on_error and self.sweep_status is SweepStatus.FAILED:
            raise SweepFailedError(f"{self.id} failed: {self.reason}", hint=f"look at it: overdrive show {self.id}")
        return self.get_details()

    # Words and labels on it

    @property
    def properties(self) -> dict[str, str]:
        """What is recorded of the sweep as text, by Azure's names; the best trial's once it is over."""
        return {**details.properties_of_sweep(self._view), **self._marks.properties()}

    def get_portal_url(self) -> str:
        """Where the sweep can be looked at: its folder, as a file URL."""
        return self.folder.as_uri()

    @property
    def _marks(self) -> Marks:
        said = self._view.said()
        return Marks(marks_file(self.folder), said["tag"], said.get("property", {}))

    def _trial(self, row: TrialRow) -> Run:
        return self.experiment.run_class(self.experiment, row.run_id, _view=self._view)

    @property
    def _trial_folder(self) -> Path:
        return self.folder / "own"

    @property
    def _said(self) -> str:
        return "said.jsonl"

    def _logs(self) -> dict[str, Path]:
        log = self.folder / ENGINE_LOG
        return {files.SWEEP_LOG_NAME: log} if log.is_file() else {}

    def _files(self) -> dict[str, Path]:
        return {**self._logs(), **files.files_of_trial(self._trial_folder)}
