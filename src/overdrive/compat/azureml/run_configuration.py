"""What a run needs of its machine: kept, shown, and otherwise this machine's affair."""

from collections.abc import Mapping
from collections.abc import Sequence
from typing import Any

from overdrive.client.warn import warn
from overdrive.compat.azureml.azure_only import answer
from overdrive.compat.azureml.conda_dependencies import CondaDependencies
from overdrive.compat.azureml.environment import DockerSection
from overdrive.compat.azureml.environment import Environment
from overdrive.compat.azureml.environment import PythonSection

__all__ = [
    "DockerConfiguration",
    "EnvironmentDefinition",
    "MpiConfiguration",
    "PyTorchConfiguration",
    "ResourceConfiguration",
    "RunConfiguration",
    "TensorflowConfiguration",
]


class RunConfiguration:
    """What a run needs of its machine; see Environment. Attributes are kept as they are set."""

    def __init__(
        self,
        script: str | None = None,
        arguments: Sequence[object] | None = None,
        framework: str = "Python",
        communicator: str = "None",
        conda_dependencies: CondaDependencies | None = None,
        _history_enabled: object = None,
        _path: object = None,
        _name: str | None = None,
        command: object = None,
    ) -> None:
        self.script = script
        self.arguments = list(arguments or [])
        self.command = command
        self.framework = framework
        self.communicator = communicator
        self.environment: Any = Environment("local")
        if conda_dependencies is not None:
            self.environment.python.conda_dependencies = conda_dependencies
        self.target: Any = "local"
        self.node_count = 1
        self.docker = DockerConfiguration()
        self.mpi = MpiConfiguration()
        self.max_run_duration_seconds: float | None = None
        self.data: Mapping[str, object] = {}
        self.data_references: dict[str, object] = {}
        self.output_data: dict[str, object] = {}
        self.environment_variables: dict[str, str] = {}
        self.history = self.tensorflow = self.spark = self.amlcompute = None
        self.auto_prepare_environment = True

    load = staticmethod(answer("RunConfiguration.load"))
    save = answer("RunConfiguration.save")

    def __repr__(self) -> str:
        return f"RunConfiguration(target={self.target!r}, environment={self.environment!r})"


class MpiConfiguration:
    """Processes of a distributed trial, told by Open MPI's variables and torchrun's; all run on this machine."""

    def __init__(self, process_count_per_node: int = 1, node_count: int = 1) -> None:
        self.process_count_per_node = process_count_per_node
        self.node_count = node_count


class PyTorchConfiguration:
    """Processes of a distributed trial, told by torchrun's variables; all run on this machine.

    process_count: of all nodes together; default one a node. communication_backend: kept.
    """

    def __init__(
        self, communication_backend: str = "Nccl", process_count: int | None = None, node_count: int = 1
    ) -> None:
        self.communication_backend = communication_backend
        self.process_count = node_count if process_count is None else process_count
        self.node_count = node_count


class TensorflowConfiguration:
    """Workers and parameter servers of a distributed trial, told by TF_CONFIG; all run on this machine."""

    def __init__(self, worker_count: int = 1, parameter_server_count: int = 1) -> None:
        self.worker_count = worker_count
        self.parameter_server_count = parameter_server_count


class DockerConfiguration:
    """Whether trials should run in a container; they never do, and asking for it warns."""

    def __init__(
        self,
        use_docker: bool = False,
        shared_volumes: bool = True,
        arguments: Sequence[str] | None = None,
        shm_size: str | None = None,
    ) -> None:
        if use_docker:
            warn("trials run on this machine as they are, in no container")
        self.use_docker = use_docker
        self.shared_volumes = shared_volumes
        self.arguments = list(arguments or [])
        self.shm_size = shm_size


class EnvironmentDefinition(Environment):
    """The old name of Environment, without a name of its own."""

    def __init__(self, **_: object) -> None:
        super().__init__()
        self.docker: DockerSection = self.docker
        self.python: PythonSection = self.python


class ResourceConfiguration:
    """What a registered model would need where it serves: kept with it."""

    def __init__(self, cpu: float | None = None, memory_in_gb: float | None = None, gpu: int | None = None) -> None:
        self.cpu = cpu
        self.memory_in_gb = memory_in_gb
        self.gpu = gpu

    def serialize(self) -> dict[str, object]:
        """As Azure writes it."""
        return {"cpu": self.cpu, "memoryInGB": self.memory_in_gb, "gpu": self.gpu}
