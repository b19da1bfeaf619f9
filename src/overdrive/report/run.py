"""The run that a training script asks for: `Run.get_context()`."""

from __future__ import annotations

import os

from overdrive.report.errors import RunEnvironmentException
from overdrive.report.errors import UserErrorException
from overdrive.report.offline import _OfflineRun
from overdrive.report.recorder import Recorder
from overdrive.report.related import RelatedRun
from overdrive.report.related import make_child
from overdrive.report.trial_only import TrialOnly
from overdrive.report.workspace import Experiment
from overdrive.report.workspace import Workspace
from overdrive.report.writer import METRICS
from overdrive.report.writer import warn
from overdrive.report.writer import writer_of

TYPE_CHECKING = False  # as typing's, which costs every trial ten modules
if TYPE_CHECKING:
    from typing import Any

_current: dict[str, Run | _OfflineRun] = {}


def get_context(
    allow_offline: bool = True, used_for_context_manager: bool = False, **kwargs: object
) -> Run | _OfflineRun:
    """The run of this process, always the same object: a trial's own, or outside of trials an offline run that prints.

    Raises RunEnvironmentException outside a trial when allow_offline is False.
    """
    path = os.environ.get(METRICS, "")
    if not path and not allow_offline:
        raise RunEnvironmentException("this process is no trial of a sweep (OVERDRIVE_METRICS is not set)")
    run = _current.get(path)
    if run is None:
        run = _current.setdefault(path, _SubmittedRun(path) if path else _OfflineRun())
    return run


class Run(Recorder, TrialOnly):
    """The trial, as its own script sees it."""

    _kind = "Run"

    def __new__(cls, experiment: Any = None, run_id: str | None = None, **kwargs: object) -> Any:
        """`Run(experiment, run_id)`: that run as control scripts have it; a trial's own is `Run.get_context()`.

        Raises AttributeError where this Python has no control side, and else as `Workspace.get_run` there.
        """
        return object.__new__(cls) if cls is not Run else experiment.workspace.get_run(run_id)

    @staticmethod
    def get(workspace: Any, run_id: str) -> Any:
        """The run with this id, of whatever experiment, as `Run(experiment, run_id)`."""
        return workspace.get_run(run_id)

    @staticmethod
    def list(experiment: Any, *args: Any, **kwargs: Any) -> Any:
        """The experiment's runs, the newest first, as control scripts have them."""
        return experiment.get_runs(*args, **kwargs)

    def whole(self) -> Any:
        """This run as control scripts have it. Raises ImportError where this Python has no control side."""
        return self.experiment.workspace.whole().get_run(self.id)  # type: ignore[attr-defined]

    get_context = staticmethod(get_context)


class _SubmittedRun(Run):
    """A trial of a sweep (or a single run). Its ids and configuration come from the environment and trial.json."""

    #: Azure's word for what kind of run it is.
    type = "azureml.scriptrun"
    status = "Running"

    def __init__(self, path: str) -> None:
        Recorder.__init__(self)
        environment = os.environ
        self._writer = writer_of(path)
        self._trial_file = environment.get("OVERDRIVE_TRIAL", "")
        folder = os.path.dirname(os.path.abspath(self._trial_file or path))
        self._files = os.path.join(folder, "files")
        work = os.path.join(folder, "work")
        self._work = work if os.path.isdir(work) else os.getcwd()
        self._trial: dict | None = None
        self._children: list[RelatedRun] = []
        self.id = environment.get("OVERDRIVE_RUN_ID") or environment.get("AZUREML_RUN_ID") or os.path.basename(folder)
        self.name = self.id
        self._words: dict[str, str] = {}

    @property
    def display_name(self) -> str:
        """The name that is shown for the run: its id, unless the script says another one."""
        return self._words.get("display_name", self.id)

    @display_name.setter
    def display_name(self, name: object) -> None:
        self._say("display_name", name)

    @property
    def description(self) -> str | None:
        """What the script says that the run is; None until it does."""
        return self._words.get("description")

    @description.setter
    def description(self, text: object) -> None:
        self._say("description", text)

    def _say(self, name: str, text: object) -> None:
        self._words[name] = str(text)
        self._put_json("status", name, str(text))

    @property
    def number(self) -> int | None:
        """The trial's number, from 0; None where trial.json is missing."""
        return self._facts().get("trial")

    @property
    def configuration(self) -> dict:
        """The trial's hyperparameters: name → value."""
        return dict(self._facts().get("configuration") or {})

    @property
    def experiment(self) -> Experiment:
        facts = self._facts()
        name = facts.get("experiment") or os.environ.get("AZUREML_EXPERIMENT_NAME", "")
        return Experiment(Workspace(_path=facts.get("workspace")), name)

    @property
    def input_datasets(self) -> dict:
        """Name → dataset, or the path of its folder where the run was given one (`as_mount`, `as_download`)."""
        return {name: self._input(item) for name, item in self._inputs() if item["kind"] in ("tabular", "file")}

    @property
    def output_datasets(self) -> dict:
        """Name → the folder to write."""
        return {name: item["path"] for name, item in self._inputs() if item["kind"] == "output"}

    def _inputs(self):
        return (self._facts().get("inputs") or {}).items()

    def _input(self, item: dict) -> object:
        if "path" in item:
            return item["path"]
        from overdrive.report.datasets.factory import from_definition  # noqa: PLC0415  (few trials have data sets)

        return from_definition(item["definition"], self.experiment.workspace.path, item)

    @property
    def parent(self) -> RelatedRun | None:
        """The sweep (`.id`), or of a single run the one below which it was submitted (a pipeline's); else None.

        What is logged there is kept apart from the trial's own metrics.
        """
        facts = self._facts()
        above = facts.get("sweep") or os.environ.get("OVERDRIVE_SWEEP_ID")
        if not above or above == self.id:
            above = facts.get("parent")
        return RelatedRun(above, self, os.path.join(self._files, "parent")) if above else None

    def get_status(self) -> str:
        return self.status

    def get_details(self) -> dict:
        """What Azure's `get_details` says of a running run, as far as the trial knows it."""
        arguments = list(self._facts().get("arguments") or [])
        return {
            "runId": self.id,
            "target": "local",
            "status": self.status,
            "properties": self.get_properties(),
            "tags": self.get_tags(),
            "inputDatasets": [],
            "outputDatasets": [],
            "runDefinition": {"arguments": arguments, "Arguments": arguments},
            "logFiles": {},
        }

    def get_file_names(self) -> list[str]:
        """The run's files, sorted: those uploaded, and what is in logs/ and outputs/ now."""
        from overdrive.report import files  # noqa: PLC0415  (most trials do not ask)

        return files.kept_names(self._files, self._work)

    def download_file(self, name: str, output_file_path: str | None = None, _validate_checksum: bool = False) -> None:
        """Copies one of the run's files to a path; into it, where that is a folder or ends with /; or to here.

        Raises UserErrorException where the run has no such file.
        """
        from overdrive.report import files  # noqa: PLC0415

        files.copy_kept(self._files, self._work, name, output_file_path)

    def download_files(
        self,
        prefix: str | None = None,
        output_directory: str | None = None,
        output_paths: object = None,
        batch_size: int = 100,
        append_prefix: bool = True,
        timeout_seconds: float | None = None,
    ) -> None:
        """Copies the run's files whose names begin with `prefix` below a folder, by default the current one."""
        for name in self.get_file_names():
            if name.startswith(prefix or ""):
                below = name if append_prefix or not prefix else name[len(prefix) :].lstrip("/")
                self.download_file(name, os.path.join(output_directory or ".", below or os.path.basename(name)))

    def get_metrics(self, name: str | None = None, recursive: bool = False, **kwargs: object) -> dict:
        """What was logged so far: one value, or the list of values where a name was logged several times.

        name: only that metric. recursive: run id → the same, with the children that the script made.
        """
        from overdrive.report import recall  # noqa: PLC0415  (most trials do not ask)

        own = recall.logged(self._writer.path, name)
        if not recursive:
            return own
        children = {child.id: child.get_metrics(name) for child in self.get_children()}
        return {self.id: own, **{run_id: metrics for run_id, metrics in children.items() if metrics}}

    def get_children(self, recursive: bool = False, **kwargs: object):
        """The runs below this one that its script made in this process, the newest first."""
        return iter(self._children[::-1])

    def create_children(self, count: int | None = None, tag_key: str | None = None, tag_values: object = None) -> list:
        """Several runs below this one: so many, or one for each value of a tag."""
        values = list(tag_values or [])  # type: ignore[call-overload]
        if not values and (not isinstance(count, int) or count < 1):
            raise UserErrorException(
                f"count = {count!r} is not allowed: it takes a whole number above 0, or tag_values"
            )
        children = [self.child_run() for _ in values or range(count or 0)]
        for number, value in enumerate(values):
            children[number].tag(str(tag_key), value)
        return children

    def child_run(self, name: str | None = None, run_id: str | None = None, outputs: str | None = None) -> RelatedRun:
        """A run below this one, with metrics, tags and files of its own."""
        child = make_child(self, self._files, name, run_id)
        self._children.append(child)
        return child

    def get_child_metrics(self, child: str, name: str | None = None) -> dict:
        """What was logged so far on a run below this one, or above it."""
        from overdrive.report import recall  # noqa: PLC0415  (most trials do not ask)

        return recall.logged(self._writer.path, name, child)

    def flush(self, timeout_seconds: float = 300) -> None:
        """Tries again to write what the disk refused before; nothing else ever waits."""
        self._writer.flush()

    def __repr__(self) -> str:
        return f"<run {self.id}>"

    def _put(self, name: str, value: str, kind: str | None = None, step: str | None = None) -> None:
        self._writer.put(name, value, kind, step)

    def _facts(self) -> dict:
        """trial.json, read once; empty with a warning where it cannot be read."""
        if self._trial is None:
            from overdrive.report import data  # noqa: PLC0415  (json is heavy)

            self._trial = {}
            try:
                with open(self._trial_file, encoding="utf-8") as file:
                    facts = data.load(file.read())
                self._trial = facts if isinstance(facts, dict) else {}
            except (OSError, ValueError) as error:
                warn(f"the trial's description {self._trial_file!r} cannot be read ({error})")
        return self._trial
