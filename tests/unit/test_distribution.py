"""How many processes a trial has, as Azure's configurations say it."""

from pathlib import Path

import pytest

from overdrive.client.distribution import read_distribution
from overdrive.compat.azureml import MpiConfiguration
from overdrive.compat.azureml import TensorFlow
from overdrive.compat.azureml import TensorflowConfiguration


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
