"""How many processes a trial has, as Azure's configurations say it."""

from pathlib import Path

import pytest

from overdrive.client.distribution import read_distribution
from overdrive.compat.azureml import MpiConfiguration
from overdrive.compat.azureml import PyTorchConfiguration
from overdrive.compat.azureml import ScriptRunConfig
from overdrive.compat.azureml import TensorFlow
from overdrive.compat.azureml import TensorflowConfiguration
from overdrive.compat.azureml import UserErrorException
from overdrive.errors import SpecError


def tensorflow() -> TensorflowConfiguration:
    configuration = TensorflowConfiguration()
    configuration.worker_count, configuration.parameter_server_count = 2, 1
    return configuration


def mpi() -> MpiConfiguration:
    configuration = MpiConfiguration()
    configuration.process_count_per_node = 3
    return configuration


@pytest.mark.parametrize(
    ("configuration", "wanted"),
    [
        (tensorflow(), (3, {"kind": "tensorflow", "parameter_servers": 1})),
        (mpi(), (3, {"kind": "mpi", "parameter_servers": 0})),
    ],
)
def test_an_estimators_training_of_several_processes(
    tmp_path: Path, configuration: object, wanted: tuple[int, dict]
) -> None:
    (tmp_path / "train.py").touch()
    estimator = TensorFlow(source_directory=str(tmp_path), entry_script="train.py", distributed_training=configuration)
    assert read_distribution(estimator.as_script_run_config()) == wanted


@pytest.mark.parametrize(
    ("configuration", "count", "words"),
    [
        (PyTorchConfiguration(process_count=1, node_count=2), 1, "the one process of"),
        (PyTorchConfiguration(node_count=2), 2, "all 2 processes of"),
        (MpiConfiguration(process_count_per_node=2, node_count=3), 6, "all 6 processes of"),
    ],
)
def test_nodes_beyond_one_are_said(tmp_path: Path, configuration: object, count: int, words: str) -> None:
    script = ScriptRunConfig(str(tmp_path), "train.py", distributed_job_config=configuration)
    with pytest.warns(UserWarning, match=words):
        assert read_distribution(script)[0] == count


@pytest.mark.parametrize(
    ("configuration", "field"),
    [
        ("mpi", ""),
        (MpiConfiguration(process_count_per_node=0), ".process_count_per_node"),
        (MpiConfiguration(node_count=0), ".node_count"),
        (PyTorchConfiguration(process_count="two"), ".process_count"),  # type: ignore[arg-type]
        (TensorflowConfiguration(worker_count=0), ".worker_count"),
        (TensorflowConfiguration(parameter_server_count=-1), ".parameter_server_count"),
    ],
)
def test_what_is_no_number_of_processes_is_refused(tmp_path: Path, configuration: object, field: str) -> None:
    script = ScriptRunConfig(str(tmp_path), "train.py", distributed_job_config=configuration)
    with pytest.raises(SpecError) as caught:
        read_distribution(script)
    assert caught.value.field == f"distributed_job_config{field}"


@pytest.mark.parametrize(
    ("field", "value"),
    [("distributed_training", "mpi"), ("process_count_per_node", "2"), ("process_count_per_node", 0)],
)
def test_an_estimator_refuses_what_is_none(tmp_path: Path, field: str, value: object) -> None:
    with pytest.raises(UserErrorException) as caught:
        TensorFlow(source_directory=str(tmp_path), entry_script="train.py", **{field: value})  # type: ignore[arg-type]
    assert caught.value.field == field
