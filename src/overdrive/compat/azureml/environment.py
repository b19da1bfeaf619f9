"""What scripts say of the software of a run: kept with it, compared and perhaps built when it is submitted."""

import copy
import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from overdrive import registry
from overdrive.compat.azureml.conda_dependencies import CondaDependencies
from overdrive.compat.azureml.conda_dependencies import read_requirements
from overdrive.compat.azureml.exceptions import UserErrorException
from overdrive.compat.azureml.missing import NamesMissing

__all__ = [
    "DEFAULT_CPU_IMAGE",
    "DEFAULT_GPU_IMAGE",
    "ContainerRegistry",
    "DockerSection",
    "Environment",
    "PythonSection",
    "SparkSection",
]

#: Where a script takes an image's name from; no image is used.
DEFAULT_CPU_IMAGE = DEFAULT_GPU_IMAGE = "local"
_KIND = "environments"
_FILE = "azureml_environment.json"


class ContainerRegistry:
    """Where an image would come from: kept, without a password."""

    def __init__(self) -> None:
        self.address: str | None = None
        self.username: str | None = None
        self.password: str | None = None


class DockerSection:
    """What is said of a container: kept; trials run in none."""

    def __init__(self) -> None:
        self.enabled = False
        self.base_image: str | None = None
        self.base_dockerfile: str | None = None
        self.base_image_registry = ContainerRegistry()
        self.arguments: list[str] = []
        self.gpu_support = False
        self.shared_volumes = True
        self.shm_size: str | None = None


class PythonSection:
    """Which Python, with which packages. An interpreter counts where the user manages its packages himself."""

    def __init__(self) -> None:
        self.user_managed_dependencies = False
        self.interpreter_path = "python"
        self.conda_dependencies = CondaDependencies()
        self.conda_dependencies_file: str | None = None
        self.base_conda_environment: str | None = None


class SparkSection:
    """What is said of Spark: kept."""

    def __init__(self) -> None:
        self.packages: list[object] = []
        self.repositories: list[str] = []
        self.precache_packages = True


class Environment(NamesMissing):
    """A named environment, kept with the run.

    Trials run in the Python that submits them, unless `python.user_managed_dependencies` is set and
    `python.interpreter_path` names another. What that Python lacks of the packages is a warning at submit, or the
    environment is built: see `ScriptRunConfig(build_environment=True)`. `environment_variables` reach the trials.

    name: any text. Raises UserErrorException for anything else.
    """

    def __init__(self, name: str | None = None, **_: object) -> None:
        if name is not None and (not isinstance(name, str) or not name):
            raise UserErrorException(field="name", value=name, allowed="text that is not empty")
        self.name = name
        self.version: str | None = None
        #: Name → value, set for every trial.
        self.environment_variables: dict[str, str] = {}
        #: What says which Python: see the class.
        self.python = PythonSection()
        #: Kept; trials run in no container.
        self.docker = DockerSection()
        self.spark = SparkSection()
        self.databricks = self.r = None
        self.inferencing_stack_version: str | None = None
        self.asset_id: str | None = None

    # Finding one

    @classmethod
    def get(cls, workspace: Any, name: str, version: str | None = None, label: str | None = None) -> "Environment":
        """The environment registered under that name, or else an empty one: a curated one is this machine's Python.

        Raises UserErrorException for a version of a registered one that is not there.
        """
        entry = registry.read_entry(workspace.path, _KIND, name) or {}
        versions = entry.get("versions") or []
        for found in reversed(versions):
            if version in (None, str(found["version"])):
                return cls.from_json(found["definition"])
        if versions and version is not None:
            known = ", ".join(str(each["version"]) for each in versions)
            raise UserErrorException(field="version", value=version, allowed=f"a version of {name!r}: {known}")
        made = cls(name)
        made.version = None if version is None else str(version)
        return made

    @staticmethod
    def list(workspace: Any) -> dict[str, "Environment"]:
        """Name → environment of all that are registered."""
        return {name: Environment.get(workspace, name) for name in registry.list_names(workspace.path, _KIND)}

    @classmethod
    def from_conda_specification(cls, name: str, file_path: "str | os.PathLike[str]") -> "Environment":
        """From a conda file. Raises UserErrorException where it cannot be read."""
        made = cls(name)
        made.python.conda_dependencies = CondaDependencies(file_path)
        return made

    @classmethod
    def from_pip_requirements(
        cls, name: str, file_path: "str | os.PathLike[str]", pip_version: object = None
    ) -> "Environment":
        """From a requirements file. Raises UserErrorException where it cannot be read."""
        made = cls(name)
        made.python.conda_dependencies.set_pip_requirements(read_requirements(file_path))
        return made

    @classmethod
    def from_existing_conda_environment(cls, name: str, conda_environment_name: str) -> "Environment":
        """Named only: give ScriptRunConfig(interpreter=…) to run in it."""
        made = cls(name)
        made.python.base_conda_environment = conda_environment_name
        return made

    @classmethod
    def from_docker_image(
        cls,
        name: str,
        image: str,
        container_registry: object = None,
        conda_specification: "str | os.PathLike[str] | None" = None,
        pip_requirements: "str | os.PathLike[str] | None" = None,
    ) -> "Environment":
        """With the image's name kept, and the packages of a file."""
        made = cls(name) if conda_specification is None else cls.from_conda_specification(name, conda_specification)
        if pip_requirements is not None:
            made.python.conda_dependencies.set_pip_requirements(read_requirements(pip_requirements))
        made.docker.base_image = image
        return made

    @classmethod
    def from_dockerfile(
        cls,
        name: str,
        dockerfile: "str | os.PathLike[str]",
        conda_specification: "str | os.PathLike[str] | None" = None,
        pip_requirements: "str | os.PathLike[str] | None" = None,
    ) -> "Environment":
        """With the Dockerfile (a path, or its text) kept, and the packages of a file."""
        made = cls.from_docker_image(name, "", None, conda_specification, pip_requirements)
        text = os.fspath(dockerfile)
        is_file = "\n" not in text and os.path.isfile(text)
        made.docker.base_image = None
        made.docker.base_dockerfile = Path(text).read_text(encoding="utf-8") if is_file else text
        return made

    # Keeping it

    def clone(self, new_name: str) -> "Environment":
        """A copy under another name, of no version yet."""
        cloned = copy.deepcopy(self)
        cloned.name, cloned.version = new_name, None
        return cloned

    def register(self, workspace: Any) -> "Environment":
        """Keeps it in the workspace under its name; the same definition again is the same version."""
        if self.name is None:
            raise UserErrorException(field="name", value=None, allowed="text that is not empty")
        definition = {**self.to_json(), "version": None}
        with registry.change_entry(workspace.path, _KIND, self.name) as entry:
            versions = entry.setdefault("versions", [])
            entry["name"] = self.name
            if not versions or {**versions[-1]["definition"], "version": None} != definition:
                version = 1 + max((each["version"] for each in versions), default=0)
                versions.append({"version": version, "definition": {**definition, "version": str(version)}})
            self.version = str(versions[-1]["version"])
        return self

    def build(self, workspace: object, image_build_compute: object = None) -> "Environment":
        """Itself: no image is built."""
        return self

    def build_local(self, workspace: object, platform: object = None, **_: object) -> None:
        """Nothing: no image is built."""

    def save_to_directory(self, path: "str | os.PathLike[str]", overwrite: bool = False) -> None:
        """Writes azureml_environment.json, and below it the conda file.

        Raises UserErrorException for a folder that is there already, unless `overwrite`.
        """
        folder = Path(path)
        if folder.exists() and not overwrite:
            raise UserErrorException(field="path", value=str(path), allowed="a folder that is new, or overwrite=True")
        folder.mkdir(parents=True, exist_ok=True)
        (folder / _FILE).write_text(json.dumps(self.to_json(), indent=4), encoding="utf-8")
        self.python.conda_dependencies.save(folder / "conda_dependencies.yml")

    @classmethod
    def load_from_directory(cls, path: "str | os.PathLike[str]") -> "Environment":
        """What `save_to_directory` wrote. Raises UserErrorException where it cannot be read."""
        try:
            return cls.from_json(json.loads(Path(path, _FILE).read_text(encoding="utf-8")))
        except (OSError, ValueError) as error:
            allowed = f"a folder with {_FILE}"
            raise UserErrorException(field="path", value=str(path), allowed=allowed) from error

    # Its form

    def to_json(self) -> dict[str, Any]:
        """Azure's form, as `get_details()['runDefinition']['environment']` has it; no password."""
        python, docker = self.python, self.docker
        return {
            "name": self.name,
            "version": self.version,
            "environmentVariables": dict(self.environment_variables),
            "python": {
                "userManagedDependencies": python.user_managed_dependencies,
                "interpreterPath": python.interpreter_path,
                "condaDependenciesFile": python.conda_dependencies_file,
                "baseCondaEnvironment": python.base_conda_environment,
                "condaDependencies": python.conda_dependencies.as_dict() if python.conda_dependencies else None,
            },
            "docker": {
                "enabled": docker.enabled,
                "baseImage": docker.base_image,
                "baseDockerfile": docker.base_dockerfile,
                "baseImageRegistry": {"address": docker.base_image_registry and docker.base_image_registry.address},
                "arguments": list(docker.arguments),
            },
            "inferencingStackVersion": self.inferencing_stack_version,
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Environment":
        """From that form."""
        made = cls(data.get("name") or None)
        made.version = data.get("version")
        made.environment_variables = dict(data.get("environmentVariables") or {})
        python, docker = data.get("python") or {}, data.get("docker") or {}
        made.python.user_managed_dependencies = bool(python.get("userManagedDependencies"))
        made.python.interpreter_path = python.get("interpreterPath") or "python"
        made.python.conda_dependencies_file = python.get("condaDependenciesFile")
        made.python.base_conda_environment = python.get("baseCondaEnvironment")
        made.python.conda_dependencies = CondaDependencies(_structure=python.get("condaDependencies"))
        made.docker.enabled = bool(docker.get("enabled"))
        made.docker.base_image = docker.get("baseImage")
        made.docker.base_dockerfile = docker.get("baseDockerfile")
        made.docker.arguments = list(docker.get("arguments") or [])
        made.docker.base_image_registry.address = (docker.get("baseImageRegistry") or {}).get("address")
        made.inferencing_stack_version = data.get("inferencingStackVersion")
        return made

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Environment) and other.to_json() == self.to_json()

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return f"Environment(name={self.name!r}, version={self.version!r})"
