"""The runs of a pipeline and of its steps."""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from overdrive import client
from overdrive.client.find import locate
from overdrive.client.folder import PIPELINE_LOG
from overdrive.client.pipeline import Step
from overdrive.client.pipeline import read_plan
from overdrive.compat.azureml.azure_only import answer
from overdrive.compat.azureml.exceptions import UserErrorException
from overdrive.compat.azureml.experiment import LenientExperiment
from overdrive.compat.azureml.missing import NamesMissing
from overdrive.compat.azureml.run import KINDS
from overdrive.compat.azureml.run import HyperDriveRun
from overdrive.compat.azureml.run import Run
from overdrive.errors import NotFoundError
from overdrive.report.datasets.datastore import DataReference
from overdrive.report.datasets.datastore import Datastore

__all__ = ["HyperDriveStepRun", "PipelineRun", "PortDataReference", "StepRun", "StepRunOutput"]

#: What pipelines and steps say instead of 'Completed'; their details say 'Completed'.
_FINISHED = "Finished"
#: The name under which a pipeline's log is listed.
_LOG_NAME = "logs/azureml/executionlogs.txt"


class PortDataReference(DataReference, NamesMissing):
    """What a step wrote: a folder or file of a datastore. path_on_datastore: `azureml/<step's run id>/<name>`."""

    def __init__(self, datastore: Datastore, path: str, name: str) -> None:
        super().__init__(datastore, name, path)
        self.datastore_name = datastore.name
        self._path_on_datastore = path

    def download(
        self, local_path: str, overwrite: bool | None = None, show_progress: bool | None = None, **_: object
    ) -> int:
        """Copies it below a folder, under its path on the datastore; how many files."""
        return self.datastore.download(local_path, self._path_on_datastore, bool(overwrite), bool(show_progress))

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.datastore_name!r}, {self._path_on_datastore!r})"


class StepRunOutput(NamesMissing):
    """An output of a step's run."""

    def __init__(self, name: str, reference: PortDataReference) -> None:
        self.name = name
        self._reference = reference

    def get_port_data_reference(self) -> PortDataReference:
        """Where it is."""
        return self._reference


class _Finishing(Run):
    """What runs of pipelines and steps have in common: their word for having completed, and what waiting prints."""

    def get_status(self) -> str:
        """As for other runs, but 'Finished' for a completed one."""
        status = super().get_status()
        return _FINISHED if status == "Completed" else status

    def get_details(self) -> dict[str, Any]:
        """As for other runs; a completed one has the status 'Completed' here."""
        found = super().get_details()
        return {**found, "status": "Completed" if found["status"] == _FINISHED else found["status"]}

    def wait_for_completion(  # type: ignore[override]  (Azure's, which gives a word)
        self,
        show_output: bool = False,
        timeout_seconds: float = sys.maxsize,
        raise_on_error: bool = True,
        **_: object,
    ) -> str:
        """Waits until it has ended; returns its status. timeout_seconds: ignored.

        Raises ActivityFailedException when it failed.
        """
        super().wait_for_completion(show_output, raise_on_error=raise_on_error)
        return self.get_status()


class PipelineRun(_Finishing):
    """A pipeline that was submitted. experiment, run_id: as for other runs. Raises as Run does."""

    RUN_TYPE = "azureml.PipelineRun"

    def __init__(self, experiment: Any, run_id: str, **kwargs: Any) -> None:
        super().__init__(_of_control(experiment), run_id, **kwargs)
        if not self.spec.extra.get("pipeline"):
            raise UserErrorException(field="run_id", value=run_id, allowed="the id of a pipeline's run")

    def wait_for_completion(
        self,
        show_output: bool = True,
        timeout_seconds: float = sys.maxsize,
        raise_on_error: bool = True,
        **_: object,
    ) -> str:
        """As for a step. show_output: print which step runs."""
        if show_output:
            print(f"{type(self).__name__} {self.id}\n{self.get_portal_url()}")
            client.wait_for_trial(self.view, self.number, _Lines(self.folder / PIPELINE_LOG).look)
        status = super().wait_for_completion(False, timeout_seconds, raise_on_error)
        if show_output:
            print(f"{type(self).__name__} {self.id}: {status}")
        return status

    @staticmethod
    def get(workspace: Any, run_id: str, **_: object) -> "PipelineRun":
        """The pipeline's run with this id, of whatever experiment. Raises NotFoundError."""
        run = workspace.get_run(run_id)
        return PipelineRun(run.experiment, run.id)  # type: ignore[return-value]

    @staticmethod
    def get_pipeline_runs(workspace: Any, pipeline_id: str | None = None, **_: object) -> "list[PipelineRun]":
        """All pipelines of the workspace, the newest first."""
        runs = (
            run for experiment in workspace.experiments.values() for run in experiment.get_runs(PipelineRun.RUN_TYPE)
        )
        return sorted(runs, key=lambda run: run.spec.created_at, reverse=True)

    def get_steps(self) -> "Iterator[StepRun]":
        """The runs of the steps that have been started, the newest first."""
        for step in reversed(read_plan(self.folder).steps):
            found = self._step_run(step)
            if found is not None:
                yield found

    def find_step_run(self, name: str) -> "list[StepRun]":
        """The runs of the steps of this name that have been started."""
        return [run for run in self.get_steps() if run.name == name]

    def get_children(self, recursive: bool = False, *_: Any, **wanted: Any) -> "Iterator[client.Run]":
        """The runs of its steps, the newest first. recursive: with the sweeps' trials."""
        for run in self.get_steps():
            if run.matches(**{name: value for name, value in wanted.items() if not name.startswith("_")}):
                yield run
            if recursive:
                yield from run.get_children(True)

    def get_pipeline_output(self, pipeline_output_name: str) -> PortDataReference:
        """What was made under that `pipeline_output_name`. Raises UserErrorException where nothing is called so."""
        names = []
        for step in read_plan(self.folder).steps:
            for output in step.extra["outputs"]:
                names.append(output["output"])
                if output["output"] == pipeline_output_name:
                    return _reference(self.experiment.workspace, output)
        known = ", ".join(repr(name) for name in names if name) or "it has none"
        raise UserErrorException(
            field="pipeline_output_name", value=pipeline_output_name, allowed=f"an output of the pipeline: {known}"
        )

    def get_metrics(self, name: str | None = None, recursive: bool = False, **kwargs: Any) -> dict[str, Any]:  # type: ignore[override]
        """What was logged to the pipeline itself. recursive: {run id: …} with its steps'."""
        own = super().get_metrics(name, recursive)
        if recursive:
            for run in self.get_steps():
                own |= run.get_metrics(name, recursive)
        return own

    publish_pipeline = answer("PipelineRun.publish_pipeline")

    def _step_run(self, step: Step) -> "StepRun | None":
        try:
            locate(self.experiment.workspace, step.spec.id)
        except NotFoundError:
            return None
        return StepRun(self.experiment, step.spec.id)

    def _logs(self) -> dict[str, Path]:
        log = self.folder / PIPELINE_LOG
        return {_LOG_NAME: log} if log.is_file() else {}


class _Lines:
    """Prints what is added to a log. path: the log's."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._seen = 0

    def look(self, _: object) -> None:
        """Prints the whole lines that are new."""
        data = self._path.read_bytes() if self._path.is_file() else b""
        new = data[self._seen : data.rfind(b"\n") + 1]
        self._seen += len(new)
        sys.stdout.write(new.decode("utf-8", "replace"))
        sys.stdout.flush()


class StepRun(_Finishing):
    """The run of a step. experiment, run_id: as for other runs. A HyperDriveStep's is a sweep, too."""

    RUN_TYPE = "azureml.StepRun"

    def __new__(cls, experiment: Any = None, run_id: Any = None, *_: object, **__: object) -> "StepRun":
        """For the id of a sweep, one that is a sweep as well."""
        is_sweep = cls is StepRun and isinstance(run_id, str) and run_id.startswith("HD_")
        return object.__new__(_SweepStepRun if is_sweep else cls)

    @property
    def name(self) -> str:
        """The step's name."""
        return self._step_facts["name"]

    @property
    def pipeline_run_id(self) -> str:
        """The id of the pipeline's run."""
        return self.spec.extra["parent"]

    @property
    def parent(self) -> client.Run:
        """The pipeline's run."""
        return PipelineRun(self.experiment, self.pipeline_run_id)

    @property
    def properties(self) -> dict[str, str]:
        """As for other runs, with Azure's names for what step it is."""
        told = {"StepType": self._step_facts["kind"], "azureml.pipelinerunid": self.pipeline_run_id}
        return {**super().properties, **told, "azureml.runsource": "azureml.StepRun"}

    def get_outputs(self) -> dict[str, StepRunOutput]:
        """Name → what it writes."""
        place = self.experiment.workspace
        return {
            output["name"]: StepRunOutput(output["name"], _reference(place, output))
            for output in self._outputs()
            if output["path"] is not None
        }

    def get_output(self, name: str) -> StepRunOutput:
        """What it writes under this name. Raises UserErrorException where there is nothing of that name."""
        found = self.get_outputs()
        if name not in found:
            allowed = f"an output of the step: {', '.join(map(repr, found)) or 'it has none'}"
            raise UserErrorException(field="name", value=name, allowed=allowed)
        return found[name]

    def get_output_data(self, name: str) -> PortDataReference:
        """Where that is."""
        return self.get_output(name).get_port_data_reference()

    def get_job_log(self) -> str:
        """What its script printed so far; of a sweep, its log."""
        return "".join(path.read_text("utf-8", "replace") for path in self._logs().values())

    get_stdout_log = get_job_log

    def get_stderr_log(self) -> str:
        """'': both streams are in one file, in the order in which they were written."""
        return ""

    @property
    def _step_facts(self) -> dict[str, str]:
        return self.spec.extra["step"]

    def _outputs(self) -> list[dict[str, Any]]:
        folder = locate(self.experiment.workspace, self.pipeline_run_id).folder
        return next(step.extra["outputs"] for step in read_plan(folder).steps if step.spec.id == self.spec.id)


class _SweepStepRun(StepRun, HyperDriveRun):  # type: ignore[misc]  (waiting for a step gives a word)
    """The run of a HyperDriveStep: at once the sweep."""

    def __init__(self, experiment: Any, run_id: str, **kwargs: Any) -> None:
        HyperDriveRun.__init__(self, experiment, run_id, **kwargs)

    def get_children(self, *args: Any, **kwargs: Any) -> "Iterator[client.Run]":
        """The sweep, as Azure has it below the step."""
        yield HyperDriveRun(self.experiment, self.id)


class HyperDriveStepRun(HyperDriveRun):
    """The sweep that a step was.

    step_run: the step's run, as `PipelineRun.find_step_run` gives it. Raises UserErrorException, a ValueError, for a
    step that is no sweep.
    """

    def __new__(cls, step_run: Any = None, *_: object, **__: object) -> "HyperDriveStepRun":
        """A run like another."""
        return object.__new__(cls)

    def __init__(self, step_run: Any) -> None:
        if not isinstance(step_run, _SweepStepRun):
            raise UserErrorException(field="step_run", value=step_run, allowed="the run of a HyperDriveStep")
        super().__init__(step_run.experiment, step_run.id)


KINDS.update({"pipeline": PipelineRun, "step": StepRun})


def _of_control(experiment: Any) -> client.Experiment:
    """The experiment as control scripts have it: in a trial there is another one."""
    if isinstance(experiment, client.Experiment):
        return experiment
    return LenientExperiment(client.Workspace(experiment.workspace.path), experiment.name)


def _reference(workspace: Any, output: dict[str, Any]) -> PortDataReference:
    return PortDataReference(Datastore(workspace, output["datastore"]), output["path"], output["name"])
