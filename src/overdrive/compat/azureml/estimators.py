"""Azure's old way to say what a trial runs: thin converters to a ScriptRunConfig.

What they ask for in packages and images is kept as an Environment; trials run in the Python at hand.
"""

import os
from collections.abc import Iterable
from collections.abc import Mapping
from collections.abc import Sequence
from typing import Any

from overdrive.client.limits import check_whole
from overdrive.client.warn import warn
from overdrive.compat.azureml.conda_dependencies import CondaDependencies
from overdrive.compat.azureml.conda_dependencies import read_conda_file
from overdrive.compat.azureml.conda_dependencies import read_requirements
from overdrive.compat.azureml.environment import Environment
from overdrive.compat.azureml.exceptions import UserErrorException
from overdrive.compat.azureml.exceptions import raising
from overdrive.compat.azureml.missing import NamesMissing
from overdrive.compat.azureml.run_configuration import RunConfiguration
from overdrive.compat.azureml.runconfig import ScriptRunConfig
from overdrive.host import machine

__all__ = ["Chainer", "Estimator", "MMLBaseEstimator", "PyTorch", "SKLearn", "TensorFlow"]


class Estimator(NamesMissing):
    """A training script, its arguments as a dict, and what it needs.

    source_directory, compute_target: as in ScriptRunConfig; by default this folder and this machine.
    entry_script: the script below it. script_params: argument → value; '' or None: the argument alone, a flag.
    inputs: data sets with a name, which the run is given.
    environment_definition: an Environment; or packages, files of packages, variables for one that is made from them.
    use_gpu: each trial holds a GPU for itself, where this machine has any.
    node_count, process_count_per_node, distributed_training: processes of a trial, all on this machine.
    max_run_duration_seconds: a trial that runs longer is ended as failed.
    The rest is kept and has no meaning here. Raises UserErrorException for what cannot be used.
    """

    #: What the script needs besides: names of packages, for the environment that is made.
    _packages: tuple[str, ...] = ()

    def __init__(
        self,
        source_directory: "str | os.PathLike[str] | None" = None,
        *,
        compute_target: object = None,
        vm_size: str | None = None,
        vm_priority: str | None = None,
        entry_script: "str | os.PathLike[str] | None" = None,
        script_params: Mapping[str, object] | None = None,
        node_count: int = 1,
        process_count_per_node: int = 1,
        distributed_backend: str | None = None,
        distributed_training: Any = None,
        use_gpu: bool = False,
        use_docker: bool = True,
        custom_docker_image: str | None = None,
        conda_packages: Sequence[str] | None = None,
        pip_packages: Sequence[str] | None = None,
        conda_dependencies_file_path: "str | os.PathLike[str] | None" = None,
        conda_dependencies_file: "str | os.PathLike[str] | None" = None,
        pip_requirements_file_path: "str | os.PathLike[str] | None" = None,
        pip_requirements_file: "str | os.PathLike[str] | None" = None,
        environment_variables: Mapping[str, str] | None = None,
        environment_definition: Environment | None = None,
        inputs: Iterable[Any] | None = None,
        resume_from: object = None,
        max_run_duration_seconds: float | None = None,
        framework_version: str | None = None,
        **others: object,
    ) -> None:
        if entry_script is None:
            raise UserErrorException(field="entry_script", value=None, allowed="the path of a script")
        self.script_params = _check_params(script_params)
        self.source_directory = "." if source_directory is None else source_directory
        self.entry_script = entry_script
        self.compute_target = compute_target or "local"
        self.framework_version = framework_version
        self.inputs = list(inputs or [])
        self.use_gpu = use_gpu
        self.max_run_duration_seconds = max_run_duration_seconds
        self.resume_from = resume_from
        self.others = others
        config = RunConfiguration()
        config.target = self.compute_target
        config.node_count = node_count
        config.mpi = _check_distribution(distributed_training, process_count_per_node) or config.mpi
        config.mpi.process_count_per_node = max(
            process_count_per_node, getattr(config.mpi, "process_count_per_node", 1)
        )
        config.environment = environment_definition or self._environment(
            conda_packages,
            pip_packages,
            conda_dependencies_file or conda_dependencies_file_path,
            pip_requirements_file or pip_requirements_file_path,
            custom_docker_image,
        )
        config.environment.environment_variables.update(environment_variables or {})
        self._run_config = config
        self.as_script_run_config()

    def _environment(
        self,
        conda: Sequence[str] | None,
        pip: Sequence[str] | None,
        conda_file: "str | os.PathLike[str] | None",
        pip_file: "str | os.PathLike[str] | None",
        image: str | None,
    ) -> Environment:
        """The packages, in an environment without a name. Files are below the source directory, or here."""
        made = Environment()
        if conda_file is not None:
            structure = read_conda_file(self._below_source(conda_file))
            made.python.conda_dependencies = CondaDependencies(_structure=structure)
        packages = made.python.conda_dependencies
        for package in conda or ():
            packages.add_conda_package(package)
        listed = [] if pip_file is None else read_requirements(self._below_source(pip_file))
        for package in (*self._packages, *listed, *(pip or ())):
            packages.add_pip_package(package)
        made.docker.base_image = image
        return made

    def _below_source(self, file: "str | os.PathLike[str]") -> str:
        below = os.path.join(self.source_directory, file)
        return below if os.path.isfile(below) else os.fspath(file)

    @property
    def run_config(self) -> RunConfiguration:
        """What it needs of its machine."""
        return self._run_config

    @property
    def _estimator_config(self) -> RunConfiguration:
        return self._run_config

    @property
    def conda_dependencies(self) -> CondaDependencies:
        """The packages that it names."""
        return self._run_config.environment.python.conda_dependencies

    def as_script_run_config(self, names: Iterable[str] = ()) -> ScriptRunConfig:
        """The same as a ScriptRunConfig.

        names: the hyperparameters of a sweep. Arguments of their names (dashes aside) are left out, with a warning: the
        space counts. Raises UserErrorException.
        """
        swept = {name.lstrip("-") for name in names}
        kept = {name: value for name, value in self.script_params.items() if name.lstrip("-") not in swept}
        if len(kept) < len(self.script_params):
            left_out = ", ".join(name for name in self.script_params if name not in kept)
            warn(f"script_params: {left_out} is left out, since the search space has it")
        with raising(UserErrorException):
            return ScriptRunConfig(
                self.source_directory,
                self.entry_script,
                [word for name, value in kept.items() for word in _words(name, value)],
                self._run_config,
                resume_from=self.resume_from,
                max_run_duration_seconds=self.max_run_duration_seconds,
                gpus=int(bool(self.use_gpu and machine.gpus())),
                inputs=self.inputs,
            )

    def __repr__(self) -> str:
        return f"{type(self).__name__}(entry_script={self.entry_script!r}, script_params={self.script_params!r})"


#: What scripts test an estimator's class against.
MMLBaseEstimator = Estimator


class SKLearn(Estimator):
    """An Estimator whose script needs scikit-learn."""

    _packages = ("scikit-learn",)


class PyTorch(Estimator):
    """An Estimator whose script needs torch."""

    _packages = ("torch",)


class TensorFlow(Estimator):
    """An Estimator whose script needs TensorFlow."""

    _packages = ("tensorflow",)


class Chainer(Estimator):
    """An Estimator whose script needs Chainer."""

    _packages = ("chainer",)


def _check_params(params: object) -> dict[str, object]:
    """The script's arguments. Raises UserErrorException."""
    if params is None:
        return {}
    if not isinstance(params, Mapping):
        raise UserErrorException(field="script_params", value=params, allowed="a dict from argument to value")
    for name in params:
        if not isinstance(name, str) or not name:
            raise UserErrorException(field="script_params", value=name, allowed="names that are text and not empty")
    return dict(params)


def _check_distribution(training: Any, processes: object) -> Any:
    """`distributed_training` as it is. Raises UserErrorException for what is none, or no number of processes."""
    with raising(UserErrorException):
        check_whole("process_count_per_node", processes, 1)
    if training is not None and not hasattr(training, "__dict__"):
        allowed = "an MpiConfiguration, PyTorchConfiguration or TensorflowConfiguration"
        raise UserErrorException(field="distributed_training", value=training, allowed=allowed)
    return training


def _words(name: str, value: object) -> list[object]:
    return [name] if value is None or value == "" else [name, value]
