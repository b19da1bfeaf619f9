"""Azure's Model over the facade's: a folder below the workspace."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from overdrive import client
from overdrive.compat.azureml.azure_only import answer
from overdrive.compat.azureml.exceptions import ModelNotFoundException
from overdrive.compat.azureml.exceptions import UserErrorException
from overdrive.compat.azureml.exceptions import raising
from overdrive.compat.azureml.missing import NamesMissing
from overdrive.report import UserErrorException as TrialUserErrorException

__all__ = ["Model"]


class Framework:
    """Names of what a model was made with."""

    SCIKITLEARN = "ScikitLearn"
    TENSORFLOW = "TensorFlow"
    ONNX = "Onnx"
    KERAS = "Keras"
    PYTORCH = "PyTorch"
    CUSTOM = "Custom"
    MULTI = "Multi"
    TFKERAS = "TfKeras"
    FASTAI = "FastAi"
    XGBOOST = "XGBoost"
    LIGHTGBM = "LightGBM"

    @classmethod
    def values(cls) -> list[str]:
        """All of them."""
        return [value for name, value in vars(cls).items() if name.isupper()]


class Model(client.Model, NamesMissing):
    """A registered model. As the facade's, with Azure's names.

    Raises ModelNotFoundException for one that is not registered.
    """

    Framework = Framework
    mime_type = "application/octet-stream"
    created_by = None
    unpack = False

    def __init__(
        self,
        workspace: Any,
        name: str | None = None,
        id: str | None = None,
        tags: object = None,
        properties: object = None,
        version: int | None = None,
        run_id: str | None = None,
        model_framework: str | None = None,
        **_: object,
    ) -> None:
        if name is None and id is None:
            raise UserErrorException(field="name", value=None, allowed="the name of a registered model, or its id")
        number = int(version) if isinstance(version, str) and version.isdecimal() else version
        try:
            super().__init__(workspace, name, id, tags, properties, number, run_id)
        except TrialUserErrorException as error:
            raise ModelNotFoundException(error.message, error) from error
        self.workspace = workspace

    @classmethod
    def register(
        cls,
        workspace: Any,
        model_path: "str | os.PathLike[str]",
        model_name: str,
        tags: Mapping[str, object] | None = None,
        properties: Mapping[str, object] | None = None,
        description: str | None = None,
        datasets: Any = None,
        model_framework: str | None = None,
        model_framework_version: str | None = None,
        child_paths: Any = None,
        sample_input_dataset: object = None,
        sample_output_dataset: object = None,
        resource_configuration: Any = None,
        **kept: object,
    ) -> "Model":
        """Copies a file or folder into the workspace, as the next version of that name.

        child_paths: refused but for None: give a folder. kept: what else is kept with it. Raises UserErrorException for
        what cannot be used.
        """
        if child_paths is not None:
            raise UserErrorException(
                field="child_paths", value=child_paths, allowed="None: give a folder as model_path"
            )
        facts = {**kept, **facts_of(model_framework, model_framework_version, resource_configuration, datasets)}
        with raising(UserErrorException):
            return super().register(  # type: ignore[return-value]
                workspace, model_path, model_name, tags, properties, description, **facts
            )

    @classmethod
    def list(cls, workspace: Any, *args: Any, **kwargs: Any) -> "list[Model]":
        """The registered models, each version, the newest first; arguments as the facade's."""
        found = super().list(workspace, *args, **kwargs)
        for model in found:
            model.workspace = workspace
        return found

    @staticmethod
    def get_model_path(model_name: str, version: int | None = None, _workspace: Any = None) -> str:
        """The path of a registered model, or of ./<model_name> where one lies there.

        Raises ModelNotFoundException for one that is in neither place.
        """
        local = Path(model_name)
        if version is None and local.exists():
            return str(local)
        return Model(_workspace, model_name, version=version).local_path

    @staticmethod
    def _get_model_path_remote(model_name: str, version: int | None, workspace: Any) -> str:
        return Model(workspace, model_name, version=version).local_path

    # What is kept with it

    @property
    def model_framework(self) -> str | None:
        """What it was made with, as it was said."""
        return self.facts.get("model_framework")

    @property
    def model_framework_version(self) -> str | None:
        """The version of that, as it was said."""
        return self.facts.get("model_framework_version")

    @property
    def experiment_name(self) -> str | None:
        """The experiment of the run that it came from, or None."""
        return self.facts.get("experiment")

    @property
    def run(self) -> client.Run | None:
        """The run that it came from, or None. Raises NotFoundError where that is no longer there."""
        return client.open_run(self.workspace, self.run_id) if self.run_id else None

    @property
    def url(self) -> str:
        """Its path, as a file URL."""
        return Path(self.local_path).as_uri()

    # Changing it

    def update(self, tags: Mapping[str, object] | None = None, description: str | None = None, **_: object) -> None:
        """Gives it these tags instead of those that it has, and another description."""
        with raising(UserErrorException):
            if tags is not None:
                self.remove_tags(list(self.tags))
                self.set_tags(tags)
            if description is not None:
                self.describe(description)

    def add_tags(self, tags: Mapping[str, object]) -> None:
        """Sets these tags; others stay."""
        with raising(UserErrorException):
            self.set_tags(tags)

    def add_properties(self, properties: Mapping[str, object]) -> None:
        """Sets these properties; others stay."""
        with raising(UserErrorException):
            self.set_properties(properties)

    def update_tags_properties(
        self,
        add_tags: Mapping[str, object] | None = None,
        remove_tags: "list[str] | None" = None,
        add_properties: Mapping[str, object] | None = None,
        **_: object,
    ) -> None:
        """Adds and removes tags, adds properties."""
        self.add_tags(add_tags or {})
        self.remove_tags(remove_tags or [])
        self.add_properties(add_properties or {})

    def serialize(self) -> dict[str, Any]:
        """What is known of it."""
        return {
            "name": self.name,
            "id": self.id,
            "version": self.version,
            "createdTime": self.created_time,
            "description": self.description,
            "tags": self.tags,
            "properties": self.properties,
            "framework": self.model_framework,
            "frameworkVersion": self.model_framework_version,
            "runId": self.run_id,
            "experimentName": self.experiment_name,
            "url": self.url,
        }

    # What only Azure does with it

    deploy = staticmethod(answer("Model.deploy"))
    package = staticmethod(answer("Model.package"))
    profile = staticmethod(answer("Model.profile"))
    print_configuration = answer("Model.print_configuration")


def facts_of(
    framework: object = None, version: object = None, resources: Any = None, datasets: Any = None
) -> dict[str, object]:
    """What Azure's registering calls say besides: kept as it is said."""
    said = {
        "model_framework": framework,
        "model_framework_version": version,
        "resource_configuration": resources.serialize() if hasattr(resources, "serialize") else None,
        "datasets": [[str(use), getattr(dataset, "name", None)] for use, dataset in datasets or ()],
    }
    return {name: value for name, value in said.items() if value}
