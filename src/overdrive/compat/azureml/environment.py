"""What scripts say of software and machines: kept as it is said. Trials run on this machine, in the Python at hand."""

import copy
import warnings
from collections.abc import Mapping
from collections.abc import Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from overdrive.compat.azureml.exceptions import UserErrorException

__all__ = ["CondaDependencies", "DockerConfiguration", "Environment", "MpiConfiguration", "RunConfiguration"]


class CondaDependencies:
    """Packages that a script asks for. Nothing is installed: they must be there already."""

    def __init__(self, conda_dependencies_file_path: object = None) -> None:
        #: Names as given to conda and to pip.
        self.conda_packages: list[str] = []
        self.pip_packages: list[str] = []

    @classmethod
    def create(
        cls,
        pip_indexurl: str | None = None,
        pip_packages: Sequence[str] | None = None,
        conda_packages: Sequence[str] | None = None,
        python_version: str | None = None,
        pin_sdk_version: bool = True,
        **_: object,
    ) -> "CondaDependencies":
        """With these packages."""
        made = cls()
        made.pip_packages, made.conda_packages = list(pip_packages or []), list(conda_packages or [])
        return made

    def add_pip_package(self, pip_package: str) -> None:
        """One more package of pip."""
        self.pip_packages.append(pip_package)

    def add_conda_package(self, conda_package: str) -> None:
        """One more package of conda."""
        self.conda_packages.append(conda_package)

    def add_channel(self, channel: str) -> None:
        """Nothing: no packages are fetched."""


class Environment:
    """A named environment, kept as a name.

    Trials run in the Python that submits them, unless `python.user_managed_dependencies` is set and
    `python.interpreter_path` names another. `environment_variables` reach the trials.

    name: any text. Raises UserErrorException for anything else.
    """

    def __init__(self, name: str, **_: object) -> None:
        if not isinstance(name, str) or not name:
            raise UserErrorException(field="name", value=name, allowed="text that is not empty")
        self.name = name
        self.version: str | None = None
        #: Name → value, set for every trial.
        self.environment_variables: dict[str, str] = {}
        #: What says which Python: see the class.
        self.python = SimpleNamespace(
            user_managed_dependencies=False, interpreter_path="python", conda_dependencies=CondaDependencies()
        )
        #: Kept; trials run in no container.
        self.docker = SimpleNamespace(
            enabled=False,
            base_image=None,
            base_dockerfile=None,
            base_image_registry=None,
            arguments=[],
            gpu_support=False,
        )
        self.spark = SimpleNamespace(packages=[], repositories=[])
        self.inferencing_stack_version: str | None = None

    @classmethod
    def get(cls, workspace: object, name: str, version: str | None = None, label: str | None = None) -> "Environment":
        """An environment of that name, whatever it is called: what is there is this machine's."""
        return cls(name)

    @classmethod
    def from_conda_specification(cls, name: str, file_path: str) -> "Environment":
        """From a conda file, which must exist. Raises UserErrorException where it does not."""
        return cls._from_file(name, file_path)

    @classmethod
    def from_pip_requirements(cls, name: str, file_path: str, pip_version: object = None) -> "Environment":
        """From a requirements file, which must exist. Raises UserErrorException where it does not."""
        return cls._from_file(name, file_path)

    @classmethod
    def from_existing_conda_environment(cls, name: str, conda_environment_name: str) -> "Environment":
        """Named only: give ScriptRunConfig(interpreter=…) to run in it."""
        return cls(name)

    @classmethod
    def _from_file(cls, name: str, file_path: str) -> "Environment":
        if not Path(file_path).is_file():
            raise UserErrorException(field="file_path", value=str(file_path), allowed="a file that exists")
        return cls(name)

    def clone(self, new_name: str) -> "Environment":
        """A copy under another name."""
        cloned = copy.deepcopy(self)
        cloned.name = new_name
        return cloned

    def register(self, workspace: object) -> "Environment":
        """Itself: there is no registry of environments here."""
        return self

    def __repr__(self) -> str:
        return f"Environment(name={self.name!r})"


class RunConfiguration:
    """What a run needs of its machine: kept, shown, and otherwise this machine's affair; see Environment."""

    def __init__(
        self,
        script: str | None = None,
        arguments: Sequence[object] | None = None,
        framework: str = "Python",
        communicator: str = "None",
        conda_dependencies: CondaDependencies | None = None,
        **_: object,
    ) -> None:
        self.script = script
        self.arguments = list(arguments or [])
        self.framework = framework
        self.communicator = communicator
        self.environment: Any = Environment("local")
        if conda_dependencies is not None:
            self.environment.python.conda_dependencies = conda_dependencies
        self.target: Any = "local"
        self.node_count = 1
        self.docker = SimpleNamespace(use_docker=False)
        self.mpi = MpiConfiguration()
        self.data: Mapping[str, object] = {}
        self.environment_variables: dict[str, str] = {}


class MpiConfiguration:
    """Processes of a distributed trial; more than one is refused at submit."""

    def __init__(self, process_count_per_node: int = 1, node_count: int = 1) -> None:
        self.process_count_per_node = process_count_per_node
        self.node_count = node_count


class DockerConfiguration:
    """Whether trials should run in a container; they never do, and asking for it warns."""

    def __init__(self, use_docker: bool = False, shared_volumes: bool = True, **_: object) -> None:
        if use_docker:
            warnings.warn("trials run on this machine as they are, in no container", UserWarning, stacklevel=2)
        self.use_docker = use_docker
