"""`Model` as training scripts use it: to read what is registered, and to register what they made."""

from __future__ import annotations

from overdrive.report.models import RegisteredModel
from overdrive.report.run import get_context


class Model(RegisteredModel):
    """A registered model, by name and version, by default the newest one.

    Raises UserErrorException for one that is not registered.
    """

    @staticmethod
    def register(
        workspace: object,
        model_path: str,
        model_name: str,
        tags: dict | None = None,
        properties: dict | None = None,
        **details: object,
    ) -> object:
        """Records that files of the trial are a model, as `run.register_model` does.

        Raises RunEnvironmentException outside a trial.
        """
        run = get_context(allow_offline=False)
        return run.register_model(model_name, model_path, tags, properties, **details)  # type: ignore[union-attr]
