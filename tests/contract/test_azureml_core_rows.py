"""azureml-core's Run, ScriptRunConfig, Experiment, Workspace: defaults on both sides, what a configuration keeps.

Facts from azureml-core 1.61, as tables. Types, fields and values are tested, never the wording.
"""

import inspect
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from overdrive.client.run_spec import build_run_spec
from overdrive.compat import azureml
from overdrive.compat.azureml import Experiment
from overdrive.compat.azureml import ScriptRunConfig
from overdrive.compat.azureml import Workspace
from overdrive.report import _OfflineRun
from overdrive.report import _SubmittedRun
from overdrive.report.datasets import DataPath
from overdrive.report.datasets import Dataset
from overdrive.report.datasets import Datastore

REQUIRED = inspect.Parameter.empty

#: Method of a run → defaults of its parameters; of those that log, on the control side, in trials and offline.
LOGGING: dict[str, dict[str, object]] = {
    "log": {"name": REQUIRED, "value": REQUIRED, "description": "", "step": None},
    "log_list": {"name": REQUIRED, "value": REQUIRED, "description": ""},
    "log_row": {"name": REQUIRED, "description": None},
    "log_table": {"name": REQUIRED, "value": REQUIRED, "description": ""},
    "log_image": {"name": REQUIRED, "path": None, "plot": None, "description": ""},
    "log_confusion_matrix": {"name": REQUIRED, "value": REQUIRED, "description": ""},
    "log_accuracy_table": {"name": REQUIRED, "value": REQUIRED, "description": ""},
    "log_residuals": {"name": REQUIRED, "value": REQUIRED, "description": ""},
    "log_predictions": {"name": REQUIRED, "value": REQUIRED, "description": ""},
    "upload_file": {"name": REQUIRED, "path_or_stream": REQUIRED, "datastore_name": None},
    "upload_folder": {"name": REQUIRED, "path": REQUIRED, "datastore_name": None},
    "tag": {"key": REQUIRED, "value": None},
    "set_tags": {"tags": REQUIRED},
    "add_properties": {"properties": REQUIRED},
    "child_run": {"name": None, "run_id": None, "outputs": None},
    "flush": {"timeout_seconds": 300},
    "fail": {"error_details": None, "error_code": None},
}
#: On the control side and in trials.
FILES: dict[str, dict[str, object]] = {
    "download_file": {"name": REQUIRED, "output_file_path": None},
    "download_files": {
        **dict.fromkeys(("prefix", "output_directory", "output_paths"), None),
        **{"batch_size": 100, "append_prefix": True, "timeout_seconds": None},
    },
    "create_children": {"count": None, "tag_key": None, "tag_values": None},
    "remove_tags": {"tags": REQUIRED},
}
#: On the control side alone.
CONTROL: dict[str, dict[str, object]] = {
    "wait_for_completion": {"show_output": False, "wait_post_processing": False, "raise_on_error": True},
    "get_metrics": {"name": None, "recursive": False, "run_type": None, "populate": False},
    "get_children": {"recursive": False, "tags": None, "properties": None, "type": None, "status": None},
    "get_all_logs": {"destination": None},
    "submit_child": {"config": REQUIRED, "tags": None},
    "register_model": {
        "model_name": REQUIRED,
        **dict.fromkeys(("model_path", "tags", "properties", "model_framework", "model_framework_version"), None),
        **dict.fromkeys(("description", "datasets", "resource_configuration"), None),
    },
}
ROWS = [
    *((kind, name, LOGGING[name]) for name in LOGGING for kind in (azureml.Run, _SubmittedRun, _OfflineRun)),
    *((kind, name, FILES[name]) for name in FILES for kind in (azureml.Run, _SubmittedRun)),
    *((azureml.Run, name, CONTROL[name]) for name in CONTROL),
    (Experiment, "submit", {"config": REQUIRED, "tags": None}),
    (Experiment, "get_runs", {"type": None, "tags": None, "properties": None, "include_children": False}),
    (Experiment, "tag", {"key": REQUIRED, "value": None}),
    (Workspace, "write_config", {"path": None, "file_name": None}),
    (Workspace, "from_config", {"path": None, "auth": None}),
    (Workspace, "get_run", {"run_id": REQUIRED}),
]


@pytest.mark.parametrize(("kind", "name", "expected"), ROWS, ids=lambda row: getattr(row, "__name__", None))
def test_defaults(kind: type, name: str, expected: dict[str, object]) -> None:
    found = {each.name: each.default for each in inspect.signature(getattr(kind, name)).parameters.values()}
    assert {parameter: found[parameter] for parameter in expected} == expected


# ScriptRunConfig


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    monkeypatch.chdir(tmp_path)
    for name in ("train.py", "data.csv"):
        Path(name).write_text("")
    return Workspace()


def settings(**changes: object) -> azureml.RunConfiguration:
    made = azureml.RunConfiguration()
    for name, value in changes.items():
        setattr(made, name, value)
    return made


#: What is given → (a question to the configuration, its answer).
KEPT: list[tuple[dict[str, Any], Callable[[ScriptRunConfig], object], object]] = [
    ({}, lambda config: config.arguments, []),
    ({}, lambda config: config.run_config.target, "local"),
    ({}, lambda config: config.command, None),
    ({"arguments": ["--a", 1, "--b"]}, lambda config: config.arguments, ["--a", 1, "--b"]),
    ({"compute_target": "cpu-cluster"}, lambda config: config.run_config.target, "cpu-cluster"),
    ({"environment": azureml.Environment("e")}, lambda config: config.run_config.environment.name, "e"),
    (
        {"run_config": settings(target="mine"), "compute_target": "other"},
        lambda config: config.run_config.target,
        "mine",
    ),
    ({}, lambda config: build_run_spec(config).max_run_duration_s, 2592000.0),
    ({"max_run_duration_seconds": 5}, lambda config: build_run_spec(config).max_run_duration_s, 5.0),
    ({"arguments": [1, 0.5, True, None, Path("a")]}, lambda config: build_run_spec(config).arguments[:2], ("1", "0.5")),
    (
        {"arguments": [1, 0.5, True, None, Path("a")]},
        lambda config: build_run_spec(config).arguments[2:],
        ("True", "None", "a"),
    ),
    (
        {"script": None, "command": ["python", "train.py", "--a", 1]},
        lambda config: build_run_spec(config).command[1:],
        ("train.py", "--a", "1"),
    ),
    (
        {"script": None, "command": "python train.py --a 'b c'"},
        lambda config: build_run_spec(config).command[1:],
        ("train.py", "--a", "b c"),
    ),
    ({"distributed_job_config": azureml.MpiConfiguration(2)}, lambda config: build_run_spec(config).processes, 2),
    (
        {"run_config": settings(environment_variables={"A": "1"})},
        lambda config: build_run_spec(config).environment["A"],
        "1",
    ),
]


@pytest.mark.parametrize(("given", "question", "answer"), KEPT)
def test_what_a_script_configuration_keeps(
    given: dict, question: Callable, answer: object, workspace: Workspace
) -> None:
    assert question(ScriptRunConfig(".", **{"script": "train.py", **given})) == answer


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"script": None}, "script"),
        ({"command": ["ls"]}, "command"),
        ({"arguments": "--a 1"}, "arguments"),
        ({"arguments": [b"x"]}, "arguments"),
        ({"arguments": ["a\0b"]}, "arguments"),
        ({"max_run_duration_seconds": 0}, "max_run_duration_seconds"),
        ({"script": 3}, "script"),
    ],
)
def test_what_a_script_configuration_refuses(given: dict, field: str) -> None:
    with pytest.raises(azureml.UserErrorException) as caught:
        ScriptRunConfig(**{"source_directory": ".", "script": "train.py", **given})
    assert caught.value.field == field


def test_data_among_the_arguments(workspace: Workspace) -> None:
    data = Dataset.File.from_files("data.csv")
    with pytest.raises(azureml.UserErrorException) as caught:
        ScriptRunConfig(".", "train.py", ["--data", data])
    assert caught.value.field == "arguments"
    config = ScriptRunConfig(".", "train.py", ["--data", data.as_named_input("x").as_mount()])
    assert build_run_spec(config).arguments == ("--data", "DatasetConsumptionConfig:x")


def test_a_checkpoint_is_told_behind_the_arguments(workspace: Workspace) -> None:
    store = Datastore.get_default(workspace)
    store.upload_files(["data.csv"], target_path="ckpt")
    config = ScriptRunConfig(".", "train.py", ["--a", 1], resume_from=DataPath(store, "ckpt", "c"))
    arguments = build_run_spec(config).arguments
    assert arguments[:3] == ("--a", "1", "--resume-from")
    assert Path(arguments[3], "data.csv").is_file()


# Experiment and Workspace


@pytest.mark.parametrize("config", [None, "train.py", azureml.RunConfiguration(), {"script": "train.py"}, object()])
def test_what_nobody_can_submit(config: Any, workspace: Workspace) -> None:
    with pytest.raises(azureml.UserErrorException) as caught:
        Experiment(workspace, "e").submit(config)
    assert caught.value.field == "config"


@pytest.mark.parametrize(
    ("place", "start"),
    [
        ("config.json", "."),
        (".azureml/config.json", "."),
        ("aml_config/config.json", "."),
        ("config.json", "deep/er"),
        (".azureml/config.json", "deep"),
        ("aml_config/config.json", "deep"),
    ],
)
def test_where_a_workspace_is_read_from(place: str, start: str, tmp_path: Path, monkeypatch: Any) -> None:
    (tmp_path / place).parent.mkdir(exist_ok=True)
    names = {"subscription_id": "s", "resource_group": "r", "workspace_name": "w"}
    (tmp_path / place).write_text(json.dumps(names))
    (tmp_path / start).mkdir(parents=True, exist_ok=True)
    monkeypatch.chdir(tmp_path / start)
    found = Workspace.from_config()
    assert (found.name, found.resource_group, found.subscription_id) == ("w", "r", "s")


@pytest.mark.parametrize(
    "name",
    """
    name subscription_id resource_group location compute_targets datastores datasets experiments environments models
    webservices images tags get_default_datastore get_default_compute_target get_run get_details set_default_datastore
    get_mlflow_tracking_uri write_config
    """.split(),
)
def test_members_of_a_workspace(name: str, workspace: Workspace) -> None:
    assert hasattr(workspace, name)
    for mapping in ("compute_targets", "datastores", "datasets", "experiments", "models", "webservices"):
        assert list(getattr(workspace, mapping).keys()) == sorted(getattr(workspace, mapping))
