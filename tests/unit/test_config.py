"""What the facade's configurations take and refuse, and in which order they look."""

import math
import warnings
from pathlib import Path

import pytest

from overdrive.client import HyperDriveConfig
from overdrive.client import ScriptRunConfig
from overdrive.errors import SpecError
from overdrive.errors import UnsupportedError
from overdrive.records import PrimaryMetricGoal
from overdrive.sampling import BayesianParameterSampling
from overdrive.sampling import GridParameterSampling
from overdrive.sampling import RandomParameterSampling
from overdrive.space import choice
from overdrive.space import uniform
from overdrive.termination import BanditPolicy
from overdrive.termination import NoTerminationPolicy

SPACE = {"lr": uniform(0, 1), "units": choice(16, 32)}


def configure(**changes: object) -> HyperDriveConfig:
    fields: dict = {
        "hyperparameter_sampling": RandomParameterSampling(SPACE),
        "primary_metric_name": "accuracy",
        "primary_metric_goal": PrimaryMetricGoal.MAXIMIZE,
        "max_total_runs": 4,
        "run_config": ScriptRunConfig(script="train.py"),
    }
    return HyperDriveConfig(**{**fields, **changes})


def refusal(**changes: object) -> SpecError:
    with pytest.raises(SpecError) as caught:
        configure(**changes)
    assert str(caught.value), "one sentence"
    assert "\n" not in str(caught.value)
    return caught.value


def test_defaults() -> None:
    config = configure()
    assert isinstance(config.policy, NoTerminationPolicy)
    assert config.max_concurrent_runs is None
    assert config.max_duration_minutes is None
    assert (config.resume_from, config.resume_child_runs) == ((), ())
    assert not config.strict
    assert config.source_directory == "."


def test_positional_order_is_azures() -> None:
    config = HyperDriveConfig(
        GridParameterSampling({"units": choice(1, 2)}),
        "loss",
        PrimaryMetricGoal.MINIMIZE,
        10,
        2,
        30,
        BanditPolicy(slack_factor=0.1),
        None,
        ScriptRunConfig(script="train.py"),
    )
    assert (config.max_total_runs, config.max_concurrent_runs, config.max_duration_minutes) == (10, 2, 30)
    assert config.primary_metric.to_json() == {"name": "loss", "goal": "minimize"}


@pytest.mark.parametrize("goal", ["maximize", "MAXIMIZE", "Maximize", PrimaryMetricGoal.MAXIMIZE])
def test_goal_as_text(goal: object) -> None:
    assert configure(primary_metric_goal=goal).primary_metric_goal is PrimaryMetricGoal.MAXIMIZE


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("hyperparameter_sampling", None),
        ("hyperparameter_sampling", SPACE),
        ("policy", "bandit"),
        ("primary_metric_name", ""),
        ("primary_metric_name", None),
        ("primary_metric_name", 3),
        ("primary_metric_name", "a\0b"),
        ("primary_metric_goal", "highest"),
        ("primary_metric_goal", None),
        ("primary_metric_goal", 1),
        ("max_total_runs", 0),
        ("max_total_runs", -1),
        ("max_total_runs", 1_000_001),
        ("max_total_runs", True),
        ("max_total_runs", 4.0),
        ("max_total_runs", "4"),
        ("max_total_runs", None),
        ("max_concurrent_runs", 0),
        ("max_concurrent_runs", 1_001),
        ("max_concurrent_runs", False),
        ("max_concurrent_runs", "2"),
        ("max_duration_minutes", 0),
        ("max_duration_minutes", -1),
        ("max_duration_minutes", math.nan),
        ("max_duration_minutes", math.inf),
        ("max_duration_minutes", "10"),
        ("max_duration_minutes", True),
        ("stop_after_failures", -1),
        ("stop_after_failures", "3"),
        ("max_attempts", 0),
        ("custom_run_id", "../x"),
        ("custom_run_id", ""),
        ("custom_run_id", "-x"),
        ("custom_run_id", "ü"),
        ("custom_run_id", "x" * 201),
        ("description", 3),
        ("run_config", "train.py"),
        ("run_config", None),
        ("resume_from", "HD_1"),
        ("resume_child_runs", ["HD_1_0"]),
    ],
)
def test_refused(field: str, value: object) -> None:
    error = refusal(**{field: value})
    assert error.field == field
    assert error.allowed
    assert error.exit_code == 2


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("max_total_runs", 1_000_000),
        ("max_concurrent_runs", 1_000),
        ("max_duration_minutes", 0.5),
        ("max_total_runs", 1),
    ],
)
def test_edges_are_taken(field: str, value: object) -> None:
    assert getattr(configure(**{field: value}), field) == value


@pytest.mark.parametrize(
    ("field", "value"), [("max_total_runs", 1_001), ("max_concurrent_runs", 101), ("primary_metric_goal", "maximize")]
)
def test_strict_is_narrower(field: str, value: object) -> None:
    configure(**{field: value})
    assert refusal(**{field: value}, strict=True).field == field


def test_strict_cuts_the_duration_at_a_week() -> None:
    with pytest.warns(UserWarning, match="max_duration_minutes = 20000"):
        assert configure(max_duration_minutes=20000, strict=True).max_duration_minutes == 10080
    assert configure(max_duration_minutes=20000).max_duration_minutes == 20000


def test_checks_come_in_azures_order() -> None:
    """With several faults at once, the first in Azure's order is named."""
    wrong: dict = {
        "run_config": None,
        "hyperparameter_sampling": None,
        "policy": 1,
        "primary_metric_name": "",
        "primary_metric_goal": 1,
        "max_total_runs": 0,
    }
    right = {"run_config": ScriptRunConfig(script="t.py"), "hyperparameter_sampling": RandomParameterSampling(SPACE)}
    right |= {"policy": None, "primary_metric_name": "m", "primary_metric_goal": PrimaryMetricGoal.MINIMIZE}
    seen = []
    while True:
        try:
            configure(**wrong)
        except SpecError as error:
            seen.append(error.field)
            wrong.pop(str(error.field))
            wrong |= {name: right[name] for name in seen if name in right}
            if error.field == "max_total_runs":
                break
    assert seen == [
        "run_config",
        "hyperparameter_sampling",
        "policy",
        "primary_metric_name",
        "primary_metric_goal",
        "max_total_runs",
    ]


def test_exactly_one_target() -> None:
    assert refusal(estimator=object()).field == "run_config"
    assert refusal(run_config=None, estimator=object()).field == "estimator"
    assert refusal(pipeline=object()).field == "pipeline"
    with pytest.raises(UnsupportedError):
        configure(run_config=None, pipeline=object())


def test_an_estimator_stands_for_a_script() -> None:
    class Estimator:
        def as_script_run_config(self, names: list[str]) -> ScriptRunConfig:
            return ScriptRunConfig(source_directory="src", script="train.py", arguments=names)

    config = configure(run_config=None, estimator=Estimator())
    assert config.script_run_config().arguments == ["lr", "units"]
    assert config.source_directory == "src"


def test_bayesian_advice_is_a_warning() -> None:
    sampling = BayesianParameterSampling(SPACE)
    with pytest.warns(UserWarning, match="40 or more trials"):
        configure(hyperparameter_sampling=sampling, max_total_runs=39)
    with pytest.warns(UserWarning, match="20 at once"):
        configure(hyperparameter_sampling=sampling, max_total_runs=40, max_concurrent_runs=21)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        configure(hyperparameter_sampling=sampling, max_total_runs=40, max_concurrent_runs=20)


def test_empty_resume_lists_are_nothing() -> None:
    assert configure(resume_from=[], resume_child_runs=[]).resume_child_runs == ()


def test_it_cannot_be_changed() -> None:
    with pytest.raises(AttributeError):
        configure().max_total_runs = 3  # type: ignore[misc]


@pytest.mark.parametrize(
    ("field", "given"),
    [
        ("source_directory", {"source_directory": ""}),
        ("source_directory", {"source_directory": 3}),
        ("source_directory", {"source_directory": "a\0"}),
        ("script", {"script": None}),
        ("script", {"script": ""}),
        ("script", {"script": ["train.py"]}),
        ("script", {"script": "a\0.py"}),
        ("command", {"command": ["true"]}),
        ("command", {"script": None, "command": []}),
        ("command", {"script": None, "command": ""}),
        ("command", {"script": None, "command": 3}),
        ("command", {"script": None, "command": [b"true"]}),
        ("arguments", {"arguments": "--epochs 3"}),
        ("arguments", {"arguments": {"--epochs": 3}}),
        ("arguments", {"arguments": ["a\0b"]}),
        ("arguments", {"arguments": [object()]}),
        ("arguments", {"arguments": [b"x"]}),
        ("interpreter", {"interpreter": 3}),
        ("gpus", {"gpus": -1}),
        ("gpus", {"gpus": True}),
        ("max_run_duration_seconds", {"max_run_duration_seconds": 0}),
        ("max_run_duration_seconds", {"max_run_duration_seconds": "1"}),
        ("environment_variables", {"environment_variables": {"A=B": "1"}}),
        ("environment_variables", {"environment_variables": {"": "1"}}),
        ("environment_variables['A']", {"environment_variables": {"A": "\0"}}),
        ("environment_variables['A']", {"environment_variables": {"A": 1}}),
    ],
)
def test_script_refused(field: str, given: dict) -> None:
    with pytest.raises(SpecError) as caught:
        ScriptRunConfig(**{"script": "train.py", **given})
    assert caught.value.field == field
    assert caught.value.allowed


def test_script_attributes() -> None:
    config = ScriptRunConfig("src", "train.py", ["--epochs", 10, 0.5, True, None, Path("x")])
    assert (config.source_directory, config.script, config.command) == ("src", "train.py", None)
    assert config.arguments[1] == 10
    assert ScriptRunConfig(script="t.py").source_directory == "."
    assert ScriptRunConfig(command=["true"]).arguments == []
