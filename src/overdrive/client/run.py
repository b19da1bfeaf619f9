"""A run as scripts hold it: one trial of a sweep, or a single run."""

import os
from collections.abc import Iterator
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING
from typing import Any

from overdrive.client import details
from overdrive.client import files
from overdrive.client.children import has_all
from overdrive.client.children import made_by_script
from overdrive.client.children import submitted_below
from overdrive.client.find import locate
from overdrive.client.interactive import Hold
from overdrive.client.limits import check_whole
from overdrive.client.marks import Marks
from overdrive.client.recording import Recording
from overdrive.client.requests import ask
from overdrive.client.show import OutputLines
from overdrive.client.wait import wait_for_engine
from overdrive.client.wait import wait_for_trial
from overdrive.errors import NotFoundError
from overdrive.errors import SpecError
from overdrive.errors import SweepFailedError
from overdrive.records import SweepSpec
from overdrive.report import get_context
from overdrive.views import SweepView
from overdrive.views import TrialRow
from overdrive.views import open_sweep
from overdrive.views.marks import marks_file

if TYPE_CHECKING:
    from overdrive.client.experiment import Experiment


class Run(Recording):
    """One trial of a sweep, or a single run.

    experiment: the Experiment that it belongs to.
    run_id: its id: `HD_<uuid>_<n>` for a trial.

    Everything is read from the sweep's folder when it is asked for. Statuses are Azure's words (`Queued`, `Running`,
    `Completed`, `Canceled`, `Failed`); `outcome` and `reason` say it more exactly.

    Raises NotFoundError when the experiment has no such run, SpecError when `run_id` is no text.
    """

    #: Azure's name of the type of run.
    RUN_TYPE = "azureml.scriptrun"
    #: For a process that is no trial: a run that prints what it is told. (In a trial, `overdrive.Run` is the trial's.)
    get_context = staticmethod(get_context)

    def __init__(self, experiment: "Experiment", run_id: str, *, _view: SweepView | None = None, **_: object) -> None:
        if not isinstance(run_id, str):
            raise SpecError(field="run_id", value=run_id, allowed="the id of a run, as text")
        #: The Experiment that it belongs to.
        self.experiment = experiment
        self._id = run_id
        self._view = _view or open_sweep(locate(experiment.workspace, run_id).folder)
        #: The sweep, or single run, as it was submitted.
        self.spec: SweepSpec = self._view.spec
        if self.spec.experiment != experiment.name:
            raise NotFoundError(f"{run_id} is in the experiment {self.spec.experiment!r}, not in {experiment.name!r}")
        #: The trial's number, from 0.
        self.number: int = self._number()

    def _number(self) -> int:
        if self.spec.id == self._id:
            if self.spec.kind == "sweep":
                allowed = "a trial or a single run; this is a sweep: HyperDriveRun"
                raise SpecError(field="run_id", value=self._id, allowed=allowed)
            return 0
        number = self._id.rpartition("_")[2]
        row = self._view.trial(int(number)) if number.isdecimal() else None
        if row is None:
            raise NotFoundError(f"{self.spec.id} has no trial {number}")
        return row.number

    @property
    def id(self) -> str:
        """`HD_<uuid>_<n>`, or a single run's `<experiment>_<seconds>_<hex>`."""
        return self._id

    @property
    def folder(self) -> Path:
        """The sweep's folder in the workspace."""
        return self._view.folder

    @property
    def view(self) -> SweepView:
        """What is known of the sweep, or single run, that it belongs to."""
        return self._view

    @property
    def type(self) -> str:
        """Azure's name of the type of run."""
        return self.RUN_TYPE

    @property
    def parent(self) -> "Run | None":
        """The sweep; of a single run the one below which it was submitted, or None."""
        if self.spec.kind == "run":
            return self._outer_parent()
        return self.experiment.sweep_class(self.experiment, self.spec.id, _view=self._view)

    def _outer_parent(self) -> "Run | None":
        """The run below which this whole sweep, or single run, was submitted."""
        parent = self.spec.extra.get("parent")
        return self.experiment.get_run(parent) if parent else None

    # What it is doing

    def get_status(self) -> str:
        """Azure's word: Queued, Starting, Running, CancelRequested, Completed, Canceled or Failed."""
        if self.spec.kind == "run":
            return self._view.azure_status
        row = self._row()
        return row.azure_status if row else "Queued"

    @property
    def status(self) -> str:
        """As `get_status()`."""
        return self.get_status()

    @property
    def outcome(self) -> str | None:
        """How it ended, exactly: 'completed', 'stopped_early', 'failed', …; None while it has not."""
        row = self._row()
        return row.outcome.value if row and row.outcome else None

    @property
    def reason(self) -> str:
        """One sentence: why it waits, was stopped or ended as it did; '' while it simply runs."""
        row = self._row()
        return row.why if row else self._view.reason

    @property
    def has_ended(self) -> bool:
        """Whether it is over."""
        row = self._row()
        return (row is not None and row.is_ended) or self._view.is_over

    def get_detailed_status(self) -> dict[str, str]:
        """{'status': Azure's word, 'details': the sentence of `reason`}."""
        return {"status": self.get_status(), "details": self.reason}

    def get_details(self) -> dict[str, Any]:
        """What Azure's `get_details()` says of a child run.

        In its `runDefinition`, `Arguments` and `arguments` are the same flat list: the script's own arguments, then
        name and value of each hyperparameter.
        """
        return details.of_trial(
            self.spec, self._row(), self.id, self.get_status(), properties=self.properties, log_files=self._log_files()
        )

    def get_details_with_logs(self) -> dict[str, Any]:
        """`get_details()` with the text of each log in place of its path."""
        found = self.get_details()
        found["logFiles"] = {name: path.read_text("utf-8", "replace") for name, path in self._logs().items()}
        return found

    @property
    def resumed_from(self) -> str | None:
        """The id of the earlier run that it goes on with, or None."""
        row = self._row()
        return row.resumed_from if row else None

    # What it logged and left

    @property
    def hyperparameters(self) -> dict[str, object]:
        """Hyperparameter → value, in declared order; empty for a single run."""
        row = self._row()
        return row.configuration if row else {}

    def get_metrics(
        self, name: str | None = None, recursive: bool = False, run_type: str | None = None, populate: bool = False
    ) -> dict[str, Any]:
        """Name → what was logged under it: a value logged once, a list of values logged several times.

        name: only this metric. recursive: {run id: the same}. run_type, populate: ignored.
        """
        metrics = {**(self._view.metrics(self.number) if self._row() else {}), **self._said_metrics()}
        if name is not None:
            metrics = {key: value for key, value in metrics.items() if key == name}
        return {self.id: metrics} if recursive else metrics

    def get_file_names(self) -> list[str]:
        """Names of all files of the run, sorted: its logs, then what is in outputs/."""
        return sorted(self._files())

    def download_file(
        self, name: str, output_file_path: "str | os.PathLike[str] | None" = None, _validate_checksum: bool = False
    ) -> None:
        """Copies the file `name` to a path; into it, where that is a folder or ends with /; or into the current folder.

        Raises NotFoundError when the run has no such file.
        """
        files.copy_one(self._files(), name, output_file_path, self.id)

    def download_files(
        self,
        prefix: str | None = None,
        output_directory: "str | os.PathLike[str] | None" = None,
        output_paths: object = None,
        batch_size: int = 100,
        append_prefix: bool = True,
        timeout_seconds: float | None = None,
    ) -> None:
        """Copies the files whose names begin with `prefix`, with their names as paths, below a folder.

        output_directory: the folder; default the current one. append_prefix=False: names are taken relative to the
        prefix. output_paths: refused; the rest is ignored.
        """
        if output_paths is not None:
            raise SpecError(field="output_paths", value=output_paths, allowed="None: give output_directory")
        files.copy_many(self._files(), prefix, output_directory, append_prefix)

    def get_all_logs(self, destination: "str | os.PathLike[str] | None" = None) -> list[str]:
        """Copies all logs below a folder (default: one named as the run in the current folder); their paths."""
        return [str(path) for path in files.copy_many(self._logs(), None, destination or self.id, True)]

    # Words and labels on it

    @property
    def tags(self) -> dict[str, str]:
        """The run's tags."""
        return self._marks.tags()

    def get_tags(self) -> dict[str, str]:
        """As `tags`."""
        return self.tags

    def tag(self, key: str, value: object = None) -> None:
        """Sets one tag. Values become text."""
        self._marks.set_tags({key: value})

    def set_tags(self, tags: dict[str, object]) -> None:
        """Sets the given tags; others stay."""
        self._marks.set_tags(tags)

    def remove_tags(self, tags: list[str]) -> dict[str, str]:
        """Removes the given tags; those that are left."""
        self._marks.remove_tags(tags)
        return self.tags

    @property
    def properties(self) -> dict[str, str]:
        """What is recorded of the run as text; unlike tags they are only added to."""
        return {**details.properties_of_trial(self.spec, self.number), **self._marks.properties()}

    def get_properties(self) -> dict[str, str]:
        """As `properties`."""
        return self.properties

    def add_properties(self, properties: dict[str, object]) -> None:
        """Adds properties. Raises SpecError for one that is there already with another value."""
        self._marks.add_properties(properties)

    @property
    def display_name(self) -> str:
        """The name shown: the id, unless one was set here or by the script."""
        return self._marks.display_name or self._says_itself("display_name") or self.id

    @display_name.setter
    def display_name(self, name: str) -> None:
        self._marks.display_name = name

    @property
    def name(self) -> str:
        """As `display_name`."""
        return self.display_name

    @property
    def description(self) -> str | None:
        """The description set here, else by the script, else given at submit, or None."""
        return self._marks.description or self._says_itself("description") or self.spec.description

    @description.setter
    def description(self, text: str) -> None:
        self._marks.description = text

    def get_portal_url(self) -> str:
        """Where the run can be looked at: its folder, as a file URL."""
        return self._trial_folder.as_uri()

    # What may be asked of it

    def cancel(self) -> bool:
        """Asks the engine to end it politely. Returns at once; False when it has ended already."""
        if self.has_ended:
            return False
        if self.spec.kind == "run":
            ask(self._view, kind="cancel", by="Run.cancel()")
        else:
            ask(self._view, kind="cancel_trial", trial=self.number, by="Run.cancel()")
        return True

    def wait_for_completion(
        self, show_output: bool = False, wait_post_processing: bool = False, raise_on_error: bool = True
    ) -> dict[str, Any]:
        """Waits until the run has ended; returns `get_details()`.

        show_output: print what it prints.
        wait_post_processing: wait for the end of the engine, too.
        raise_on_error: raise SweepFailedError when it failed.

        Ctrl-C leaves the run alone; twice within 2 s cancels it, three times ends it at once; then KeyboardInterrupt is
        raised.
        """
        shown = OutputLines(self._view, self.number, self.id) if show_output else None
        wait_for_trial(self._view, self.number, shown.look if shown else None)
        if wait_post_processing and self._view.is_over:
            wait_for_engine(self._view)
        if raise_on_error and self.get_status() == "Failed":
            raise SweepFailedError(f"{self.id} {self.reason}", hint=f"what it printed: overdrive logs {self.id}")
        return self.get_details()

    def get_children(
        self,
        recursive: bool = False,
        tags: "Mapping[str, str] | str | None" = None,
        properties: "Mapping[str, str] | str | None" = None,
        type: str | None = None,
        status: str | None = None,
        _rehydrate_runs: bool = True,
    ) -> Iterator["Run"]:
        """The runs that were submitted below this one, the newest first, then those that its script made.

        tags, properties, type, status: only runs that have these. recursive: also the runs below those.
        """
        wanted = {"tags": tags, "properties": properties, "type": type, "status": status}
        for child in (*submitted_below(self), *made_by_script(self)):
            if child.matches(**wanted):
                yield child
            if recursive:
                yield from child.get_children(True, **wanted)

    def child_run(self, name: str | None = None, run_id: str | None = None, outputs: str | None = None) -> "Run":
        """A run below this one that this process logs to: see `Experiment.start_logging`. run_id, outputs: ignored."""
        return self.experiment.start_logging(display_name=name, parent=self)

    def create_children(
        self, count: int | None = None, tag_key: str | None = None, tag_values: "list[object] | None" = None
    ) -> "list[Run]":
        """Several such runs: `count`, or one for each value of a tag. At most 100. Raises SpecError."""
        values = list(tag_values or [])
        if (count is None) == (not values) or (values and not tag_key):
            raise SpecError(field="count", value=count, allowed="a number, or else tag_key with tag_values")
        made = check_whole("count", len(values) if count is None else count, 1, 100)
        tags: list[dict | None] = [{tag_key: value} for value in values] or [None] * made
        return [self.experiment.start_logging(tags=each, parent=self) for each in tags]

    def submit_child(self, config: Any, tags: Mapping[str, object] | None = None) -> "Run":
        """Submits a configuration to its experiment, as a run below this one."""
        return self.experiment.submit(config, tags, parent=self)

    # The source

    def get_snapshot_id(self) -> str | None:
        """Names the source as it was copied at submit: equal ids mean equal folders. None where nothing was copied."""
        return (self.spec.extra.get("snapshot") or {}).get("digest")

    def restore_snapshot(self, snapshot_id: str | None = None, path: "str | os.PathLike[str] | None" = None) -> str:
        """Writes the source as it was copied at submit into a zip file `<id>.zip` below a folder; the file's path.

        snapshot_id: only the run's own. path: the folder; default the current one. Raises NotFoundError.
        """
        own = self.get_snapshot_id()
        if own is None or snapshot_id not in (None, own):
            raise NotFoundError(f"{self.id} has no snapshot {snapshot_id or ''}".rstrip())
        return files.zip_folder(self.folder / "snapshot", Path(path or ".", f"{self.id}.zip"))

    # Inside

    def open_by(self, hold: Hold) -> None:
        """Makes this object the one that logs to an interactive run, until it ends it."""
        self._hold = hold

    def _await_end(self) -> None:
        wait_for_trial(self._view, self.number)

    def matches(
        self,
        *,
        type: str | None = None,
        tags: "Mapping[str, str] | str | None" = None,
        properties: "Mapping[str, str] | str | None" = None,
        status: str | None = None,
    ) -> bool:
        """Whether it has this type, status, tags and properties (a name, or names with their values); None: any."""
        if type not in (None, self.type) or (status is not None and status != self.get_status()):
            return False
        return has_all(self.tags, tags) and has_all(self.properties, properties)

    def _row(self) -> TrialRow | None:
        """The trial as it stands; None for a single run that no engine has taken up yet."""
        return self._view.trial(self.number)

    @property
    def _trial_folder(self) -> Path:
        return self.folder / "trials" / str(self.number)

    @property
    def _said(self) -> str:
        return "said.jsonl" if self.spec.kind == "run" else f"said.{self.number}.jsonl"

    @property
    def _marks(self) -> Marks:
        single = self.spec.kind == "run"
        said = self._view.said() if single else self._view.marks(self.number)
        path = marks_file(self.folder, None if single else self.number)
        return Marks(path, said.get("tag", {}), said.get("property", {}))

    def _says_itself(self, name: str) -> str | None:
        """A word that the script said of its run, or None."""
        said = self._view.marks(self.number).get("status", {}).get(name) if self._row() else None
        return said if isinstance(said, str) else None

    def _logs(self) -> dict[str, Path]:
        row = self._row()
        output = self._view.output_path(self.number) if row and row.attempt else None
        return files.logs_of_trial(self._trial_folder, output)

    def _log_files(self) -> dict[str, str]:
        return {name: path.as_uri() for name, path in self._logs().items()}

    def _files(self) -> dict[str, Path]:
        return {**self._logs(), **files.files_of_trial(self._trial_folder)}

    def __eq__(self, other: object) -> bool:
        return (
            isinstance(other, Run) and other.id == self.id and other.experiment.workspace == self.experiment.workspace
        )

    def __hash__(self) -> int:
        return hash(self.id)

    def __repr__(self) -> str:
        name = type(self).__name__
        return f"{name}(Experiment: {self.experiment.name}, Id: {self.id}, Type: {self.type}, Status: {self.status})"
