"""MLflow's model registry inside a trial: models go to the workspace's own registry, as `run.register_model` has it."""

from __future__ import annotations

import os
from typing import Any
from urllib.parse import unquote
from urllib.parse import urlparse

from mlflow.store.model_registry.file_store import FileStore

from overdrive.interop.mlflow_store import trial_folder
from overdrive.report import get_context

__all__ = ["TrialModels"]


class TrialModels(FileStore):
    """MLflow's file registry in the trial's folder, which also records each version as a model of the trial's run."""

    def __init__(self, store_uri: str | None = None, **_: Any) -> None:
        os.environ.setdefault("MLFLOW_ALLOW_FILE_STORE", "true")
        self._files = os.path.realpath(os.path.join(trial_folder(), "files"))
        super().__init__(os.path.join(trial_folder(), "mlflow-models"))

    def create_model_version(self, name: str, source: str, *args: Any, **kwargs: Any) -> Any:
        version = super().create_model_version(name, source, *args, **kwargs)
        path = self._kept(kwargs.get("storage_location") or source)
        if path is not None:
            run: Any = get_context()
            run.register_model(name, path)
        return version

    def _kept(self, source: str) -> str | None:
        """The source's name among the trial's kept files; None where it is not one."""
        place = unquote(urlparse(source).path) if source.startswith("file:") else source
        if source.startswith("models:/"):  # MLflow 3's own name of a model that a script has just kept
            place = os.path.join(self._files, "models", source[len("models:/") :], "artifacts")
        path = os.path.relpath(os.path.realpath(place), self._files)
        return None if path.startswith("..") or not os.path.exists(place) else path.replace(os.sep, "/")
