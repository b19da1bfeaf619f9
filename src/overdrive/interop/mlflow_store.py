"""MLflow's tracking store inside a trial: what is logged through MLflow is the trial's own, with no server.

`MLFLOW_TRACKING_URI` is `overdrive://trial` there and `MLFLOW_RUN_ID` the trial's id, so that `mlflow.log_metric`,
`mlflow.start_run()` and autologging mean the trial. MLflow's own file store keeps what scripts read back.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import Any
from urllib.parse import unquote
from urllib.parse import urlparse

from mlflow.store.tracking.file_store import FileStore

from overdrive.interop.mlflow_folder import EXPERIMENT_ID
from overdrive.interop.mlflow_folder import make_folder
from overdrive.interop.mlflow_folder import place_model
from overdrive.report import get_context

__all__ = ["TrialStore", "trial_folder"]

#: The tag by which MLflow marks a run below another one.
_PARENT = "mlflow.parentRunId"
#: Tags that MLflow sets for itself.
_OWN_TAGS = "mlflow."


def trial_folder() -> str:
    """The folder of the trial that this process belongs to. Raises RuntimeError outside of trials."""
    path = os.environ.get("OVERDRIVE_TRIAL")
    if not path:
        raise RuntimeError("MLFLOW_TRACKING_URI names a trial of Overdrive, and this process is none")
    return os.path.dirname(os.path.abspath(path))


class TrialStore(FileStore):
    """A FileStore in the trial's folder that tells the trial's run of all metrics, parameters and tags.

    Runs that a script starts without a parent are the trial, too. Those below another run (`nested=True`, the
    candidates of a search) are kept by MLflow alone: their values are no intervals of the trial.
    """

    def __init__(self, store_uri: str | None = None, artifact_uri: str | None = None) -> None:
        folder = trial_folder()
        run: Any = get_context()
        root = os.path.join(folder, "mlflow")
        make_folder(root, experiment=run.experiment.name, run_id=run.id, files=os.path.join(folder, "files"))
        os.environ.setdefault("MLFLOW_ALLOW_FILE_STORE", "true")  # MLflow 3 keeps its file store behind this word
        self._files = os.path.realpath(os.path.join(folder, "files"))
        super().__init__(root, os.path.join(folder, "files"))
        self._run = run
        #: Run id → whether what is logged to it is the trial's.
        self._is_own: dict[str, bool] = {run.id: True}
        #: Names that were logged with step 0, which is also what MLflow says where a script gave none.
        self._began: set[str] = set()

    # One experiment, whatever it is called

    def get_experiment_by_name(self, experiment_name: str) -> Any:
        return self.get_experiment(EXPERIMENT_ID)

    def create_experiment(self, name: str, artifact_location: str | None = None, tags: Any = None) -> str:
        return EXPERIMENT_ID

    def create_run(
        self, experiment_id: str, user_id: str, start_time: int, tags: Any, run_name: str | None = None, **more: Any
    ) -> Any:
        run = super().create_run(experiment_id, user_id, start_time, tags, run_name, **more)
        self._is_own[run.info.run_id] = _PARENT not in run.data.tags
        return run

    def create_logged_model(self, experiment_id: str = EXPERIMENT_ID, *args: Any, **kwargs: Any) -> Any:
        """MLflow 3 keeps models apart from runs: those of the trial are among its files by their name, too."""
        model = super().create_logged_model(experiment_id, *args, **kwargs)
        if model.source_run_id and self._is_trials(model.source_run_id):
            place_model(self._files, unquote(urlparse(model.artifact_location).path), model.name)
        return model

    # What is told on

    def log_metric(self, run_id: str, metric: Any) -> None:
        super().log_metric(run_id, metric)
        self._tell(run_id, metrics=[metric])

    def log_param(self, run_id: str, param: Any) -> Any:
        value = super().log_param(run_id, param)
        self._tell(run_id, params=[param])
        return value

    def set_tag(self, run_id: str, tag: Any) -> None:
        super().set_tag(run_id, tag)
        if run_id in self._is_own:  # while a run is made its parent is not known yet
            self._tell(run_id, tags=[tag])

    def log_batch(self, run_id: str, metrics: Any, params: Any, tags: Any) -> None:
        """The single calls are not used by the base class: each value is told on once.

        With each model that a script keeps, MLflow 3 logs what the run has at that step once more, for the model.
        """
        metrics = [metric for metric in metrics if not self._is_repeated(run_id, metric)]
        super().log_batch(run_id, metrics, params, tags)
        self._tell(run_id, metrics, params, tags)

    def _tell(
        self, run_id: str, metrics: Sequence[Any] = (), params: Sequence[Any] = (), tags: Sequence[Any] = ()
    ) -> None:
        if not self._is_trials(run_id):
            return
        for metric in metrics:
            self._run.log(metric.key, metric.value, step=self._step(metric))
        if params:
            self._run.add_properties({param.key: param.value for param in params})
        for tag in tags:
            if not tag.key.startswith(_OWN_TAGS):
                self._run.tag(tag.key, tag.value)

    def _is_repeated(self, run_id: str, metric: Any) -> bool:
        """Whether it is a copy of what the run has: only copies name a run and a model."""
        if getattr(metric, "model_id", None) is None or getattr(metric, "run_id", None) is None:
            return False
        history = self.get_metric_history(run_id, metric.key)
        return any(_facts(each) == _facts(metric) for each in history)

    def _step(self, metric: Any) -> int | None:
        is_default = metric.step == 0 and metric.key in self._began
        self._began.add(metric.key)
        return None if is_default else metric.step

    def _is_trials(self, run_id: str) -> bool:
        known = self._is_own.get(run_id)
        if known is None:
            known = self._is_own[run_id] = _PARENT not in self.get_run(run_id).data.tags
        return known


def _facts(metric: Any) -> tuple[int, int, str]:
    """What makes a logged value itself: text, since NaN is not equal to itself."""
    return metric.timestamp, metric.step, repr(float(metric.value))
