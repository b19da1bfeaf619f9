"""How many processes a trial has, and what they are told: from the facade's words, or Azure's objects."""

from collections.abc import Mapping
from typing import Any

from overdrive.client.limits import check_whole
from overdrive.client.warn import warn
from overdrive.errors import SpecError

__all__ = ["check_distribution", "read_distribution"]

#: What processes may be told: by torchrun's variables, Open MPI's too, or TF_CONFIG too.
KINDS = ("pytorch", "mpi", "tensorflow")
_MOST = 1024
#: What Azure's configurations count, one or the other.
_COUNTS = ("process_count_per_node", "process_count", "worker_count")
#: Azure's communicators of a run configuration.
_COMMUNICATORS = {"nccl": "pytorch", "gloo": "pytorch", "parameterserver": "tensorflow"}


def check_distribution(processes: object, distribution: object) -> None:
    """Raises SpecError unless so many processes can be told that."""
    count = check_whole("processes", processes, 1, _MOST)
    if distribution is None:
        return
    if not isinstance(distribution, Mapping) or not distribution.keys() <= {"kind", "parameter_servers"}:
        raise SpecError(field="distribution", value=distribution, allowed="a dict such as {'kind': 'pytorch'}")
    kind = distribution.get("kind", "pytorch")
    if kind not in KINDS:
        raise SpecError(field="distribution['kind']", value=kind, allowed=" or ".join(map(repr, KINDS)))
    most = count - 1 if kind == "tensorflow" else 0
    check_whole("distribution['parameter_servers']", distribution.get("parameter_servers", 0), 0, most)


def read_distribution(config: Any) -> tuple[int, dict | None]:
    """Processes of a trial and RunSpec.distribution, as a ScriptRunConfig asks for them.

    Its own words count first, then `distributed_job_config`, then the run configuration's. More nodes than one are
    processes here too, and a warning says so. Raises SpecError for what is no number of processes, or no kind.
    """
    if config.processes > 1 or config.distribution is not None:
        return _checked(config.processes, dict(config.distribution or {}))
    job = config.distributed_job_config
    if job is not None:
        if not any(hasattr(job, name) for name in _COUNTS):
            allowed = "an MpiConfiguration, PyTorchConfiguration or TensorflowConfiguration"
            raise SpecError(field="distributed_job_config", value=job, allowed=allowed)
        return _of_job(job, "distributed_job_config", 1)
    settings = config.run_config
    kind = str(getattr(settings, "communicator", None) or "none").lower()
    nodes = getattr(settings, "node_count", 1)
    if kind in ("nccl", "gloo") and getattr(settings, "pytorch", None) is not None:
        return _of_job(settings.pytorch, "run_config.pytorch", nodes)
    if kind == "parameterserver" and getattr(settings, "tensorflow", None) is not None:
        return _of_job(settings.tensorflow, "run_config.tensorflow", nodes)
    job = getattr(settings, "mpi", None)
    if getattr(job, "worker_count", None) is not None:  # an estimator's distributed_training, whatever its kind
        return _of_job(job, "distributed_training", nodes)
    return _of_job(job, "run_config.mpi", nodes, _COMMUNICATORS.get(kind, "mpi"))


def _of_job(job: object, field: str, nodes: int, kind: str | None = None) -> tuple[int, dict | None]:
    """From an object with Azure's attributes."""
    workers = getattr(job, "worker_count", None)
    kind = kind or getattr(job, "kind", None) or _kind_of(job, workers)
    nodes = max(check_whole("run_config.node_count", nodes, 1, _MOST), _number(job, field, "node_count"))
    if kind == "tensorflow" and workers is not None:
        servers = check_whole(
            f"{field}.parameter_server_count", getattr(job, "parameter_server_count", 0) or 0, 0, _MOST
        )
        count = check_whole(f"{field}.worker_count", workers, 1, _MOST) + servers
        return _checked(count, {"kind": kind, "parameter_servers": servers})
    if getattr(job, "process_count", None) is None:
        count = _number(job, field, "process_count_per_node") * nodes
    else:
        count = _number(job, field, "process_count")
    if nodes > 1:
        what = "the one process of each trial" if count == 1 else f"all {count} processes of each trial"
        text = f"{field}.node_count = {nodes}: this machine is all nodes, and runs {what}"
        warn(text)
    return _checked(count, {"kind": kind})


def _number(job: object, field: str, name: str) -> int:
    """What it says under this name, 1 where it says nothing. Raises SpecError."""
    value = getattr(job, name, None)
    return 1 if value is None else check_whole(f"{field}.{name}", value, 1, _MOST)


def _kind_of(job: object, workers: object) -> str:
    if workers is not None:
        return "tensorflow"
    return "pytorch" if hasattr(job, "communication_backend") or hasattr(job, "process_count") else "mpi"


def _checked(count: int, distribution: dict) -> tuple[int, dict | None]:
    check_distribution(count, distribution)
    if count == 1:
        return 1, None
    return count, {"kind": "pytorch", "parameter_servers": 0, **distribution}
