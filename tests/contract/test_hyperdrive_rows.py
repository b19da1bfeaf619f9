"""HyperDrive's client interface, the rows beside test_hyperdrive_api.py: defaults, odd numbers, JSON, order of checks.

Facts from azureml-train-core 1.62, as tables. Types, fields and values are tested, never the wording.
"""

import inspect
import json
import subprocess
import sys
import warnings
from collections.abc import Callable
from typing import Any

import numpy
import pytest
from hypothesis import assume
from hypothesis import given
from hypothesis import strategies as st

from overdrive.compat import azureml
from overdrive.compat.azureml import HyperDriveConfig
from overdrive.compat.azureml import HyperDriveConfigException
from overdrive.compat.azureml import PrimaryMetricGoal
from overdrive.compat.azureml import RandomParameterSampling
from overdrive.compat.azureml import ScriptRunConfig
from overdrive.compat.azureml import choice
from overdrive.compat.azureml import exceptions
from overdrive.compat.azureml import uniform
from overdrive.errors import NotFoundError
from overdrive.errors import SpecError
from overdrive.errors import SweepFailedError
from overdrive.errors import UnsupportedError
from overdrive.errors import UnwritableError
from overdrive.errors import WorkspaceError
from overdrive.space import expression_from_json

SPACE = {"lr": uniform(0, 1), "units": choice(16, 32)}
REQUIRED = inspect.Parameter.empty

# Defaults of 1.1 to 1.6

DEFAULTS: list[tuple[str, dict[str, object]]] = [
    ("randint", {"upper": REQUIRED}),
    ("uniform", {"min_value": REQUIRED, "max_value": REQUIRED}),
    ("quniform", {"q": REQUIRED}),
    ("normal", {"mu": REQUIRED, "sigma": REQUIRED}),
    ("HyperParameterSampling", {"sampling_method_name": REQUIRED, "parameter_space": REQUIRED, "properties": None}),
    ("RandomParameterSampling", {"parameter_space": REQUIRED, "properties": None}),
    ("GridParameterSampling", {"parameter_space": REQUIRED, "properties": None}),
    ("BayesianParameterSampling", {"parameter_space": REQUIRED, "properties": None}),
    ("BanditPolicy", {"evaluation_interval": 1, "slack_factor": None, "slack_amount": None, "delay_evaluation": 0}),
    ("MedianStoppingPolicy", {"evaluation_interval": 1, "delay_evaluation": 0}),
    (
        "TruncationSelectionPolicy",
        {"truncation_percentage": REQUIRED, "evaluation_interval": 1, "delay_evaluation": 0},
    ),
    (
        "HyperDriveConfig",
        {
            **dict.fromkeys(("hyperparameter_sampling", "primary_metric_name", "primary_metric_goal"), REQUIRED),
            **{"max_total_runs": REQUIRED, "max_concurrent_runs": None, "max_duration_minutes": 10080},
            **dict.fromkeys(("policy", "estimator", "run_config", "resume_from", "resume_child_runs"), None),
            **dict.fromkeys(("pipeline", "debug_flag", "custom_run_id"), None),
        },
    ),
    ("HyperDriveRunConfig", {"max_concurrent_runs": None, "max_duration_minutes": 10080, "policy": None}),
    ("HyperDriveRun", {"experiment": REQUIRED, "run_id": REQUIRED, "hyperdrive_config": None}),
    (
        "ScriptRunConfig",
        {
            **dict.fromkeys(("script", "arguments", "run_config", "compute_target", "environment"), None),
            **dict.fromkeys(("distributed_job_config", "resume_from", "command", "docker_runtime_config"), None),
            "max_run_duration_seconds": 2592000,
        },
    ),
    ("MpiConfiguration", {"process_count_per_node": 1, "node_count": 1}),
    ("PyTorchConfiguration", {"communication_backend": "Nccl", "process_count": None, "node_count": 1}),
    ("TensorflowConfiguration", {"worker_count": 1, "parameter_server_count": 1}),
    ("HyperDriveRun.get_children_sorted_by_primary_metric", {"top": 0, "reverse": False, "discard_no_metric": False}),
    (
        "HyperDriveRun.get_best_run_by_primary_metric",
        {"include_failed": True, "include_canceled": True, "include_resume_from_runs": True},
    ),
    (
        "HyperDriveStep",
        {
            **{"name": REQUIRED, "hyperdrive_config": REQUIRED, "estimator_entry_script_arguments": None},
            **{"inputs": None, "outputs": None, "metrics_output": None, "allow_reuse": True, "version": None},
        },
    ),
]


@pytest.mark.parametrize(("name", "expected"), DEFAULTS, ids=[row[0] for row in DEFAULTS])
def test_defaults(name: str, expected: dict[str, object]) -> None:
    target: Any = azureml
    for part in name.split("."):
        target = getattr(target, part)
    found = {each.name: each.default for each in inspect.signature(target).parameters.values()}
    assert {parameter: found[parameter] for parameter in expected} == expected


# 1.1 Which numbers count


@pytest.mark.parametrize(
    ("call", "is_taken"),
    [
        (lambda: uniform(False, True), True),
        (lambda: azureml.randint(True), True),
        (lambda: azureml.randint(False), False),
        (lambda: uniform(numpy.float64(0), numpy.float64(1)), True),
        (lambda: uniform(numpy.float32(0), 1), False),
        (lambda: uniform(0, numpy.int64(1)), False),
        (lambda: azureml.randint(numpy.int64(3)), False),
        (lambda: azureml.quniform(1, 10, True), True),
        (lambda: azureml.loguniform(numpy.float32(-1), 0), False),
        (lambda: azureml.normal(0, True), True),
    ],
)
def test_numbers_that_count(call: Callable[[], list], is_taken: bool) -> None:
    if is_taken:
        assert json.loads(json.dumps(call())) == call()
    else:
        with pytest.raises(HyperDriveConfigException):
            call()


@pytest.mark.parametrize(
    ("options", "count"),
    [
        (((1, 2),), 1),
        (((1, 2), (3, 4)), 2),
        ((numpy.array([1, 2]),), 1),
        ((range(3),), 3),
        (([1, 2, 3],), 3),
        (([[1, 2], [3]],), 2),
        (({"a": 1},), 1),
        (("abc",), 1),
    ],
)
def test_only_one_list_or_range_is_unpacked(options: tuple, count: int) -> None:
    name, (values,) = choice(*options)
    assert (name, len(values)) == ("choice", count)


_number = st.floats(-1e6, 1e6) | st.integers(-(10**6), 10**6)
_step = st.integers(1, 10) | st.integers(1, 10).map(float)
_option = st.none() | st.booleans() | _number | st.text(max_size=5).filter(lambda text: "\0" not in text)
_ORDERED = {"uniform": 1e6, "quniform": 1e6, "loguniform": 50, "qloguniform": 10}
_GAUSSIAN = {"normal": 1e6, "qnormal": 1e6, "lognormal": 5, "qlognormal": 5}


@st.composite
def expressions(draw: st.DrawFn) -> list:
    """What any of the functions gives for arguments that it takes."""
    kind = draw(st.sampled_from(["choice", "randint", *_ORDERED, *_GAUSSIAN]))
    make = getattr(azureml, kind)
    if kind == "choice":
        return make(*draw(st.lists(_option, min_size=1, max_size=5)))
    if kind == "randint":
        return make(draw(st.integers(1, 10**6)))
    if kind in _ORDERED:
        low, high = sorted(draw(st.tuples(*[st.floats(-1, 1)] * 2)))
        arguments = [low * _ORDERED[kind], high * _ORDERED[kind]]
        assume(arguments[0] < arguments[1])
    else:
        arguments = [draw(st.floats(-1, 1)) * _GAUSSIAN[kind], draw(st.floats(0, 1)) * _GAUSSIAN[kind]]
    return make(*arguments, *([draw(_step)] if kind.startswith("q") else []))


@given(expressions())
def test_an_expression_is_json_and_comes_back(expression: list) -> None:
    """Through JSON, a sampling and the space's own objects: the same list, of the same types."""
    again = json.loads(json.dumps(expression))
    assert repr(again) == repr(expression)
    kept = RandomParameterSampling({"x": again}).to_json()["parameter_space"]["x"]
    assert repr(kept) == repr(expression)
    assert repr(expression_from_json(again).to_json()) == repr(expression)


# 1.2 Samplings


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        (azureml.RandomParameterSampling, "RANDOM"),
        (azureml.GridParameterSampling, "GRID"),
        (azureml.BayesianParameterSampling, "BayesianOptimization"),
    ],
)
def test_names_of_samplings(kind: Any, name: str) -> None:
    made = kind({"a": choice(1, 2)})
    assert (kind.SAMPLING_NAME, made.to_json()["name"]) == (name, name)
    assert isinstance(made, azureml.HyperParameterSampling)
    assert "properties" not in kind({"a": choice(1, 2)}, properties={}).to_json()
    json.dumps(made.to_json())


@pytest.mark.parametrize("name", ["RANDOM", "random", "Grid", "BAYESIANOPTIMIZATION", "bayesianoptimization"])
def test_a_sampling_is_found_by_its_name_in_any_case(name: str) -> None:
    from overdrive.sampling import sampling_from_json

    made = sampling_from_json({"name": name, "parameter_space": {"a": ["choice", [[1, 2]]]}})
    assert made.to_json()["name"].lower() == name.lower()


@pytest.mark.parametrize(
    ("one", "other", "equal"),
    [
        (lambda: RandomParameterSampling(SPACE), lambda: RandomParameterSampling(SPACE), True),
        (lambda: RandomParameterSampling(SPACE), lambda: RandomParameterSampling(SPACE, {"seed": 1}), False),
        (
            lambda: RandomParameterSampling({"a": choice(1)}),
            lambda: azureml.GridParameterSampling({"a": choice(1)}),
            False,
        ),
        (azureml.NoTerminationPolicy, azureml.NoTerminationPolicy, True),
        (azureml.MedianStoppingPolicy, lambda: azureml.MedianStoppingPolicy(2), False),
        (lambda: azureml.TruncationSelectionPolicy(9), lambda: azureml.TruncationSelectionPolicy(9), True),
    ],
)
def test_equality(one: Callable, other: Callable, equal: bool) -> None:
    assert (one() == other()) is equal


# 1.3 Policies


@pytest.mark.parametrize(
    ("kind", "given_", "name"),
    [
        (azureml.BanditPolicy, {"slack_factor": 0.1}, "Bandit"),
        (azureml.MedianStoppingPolicy, {}, "MedianStopping"),
        (azureml.TruncationSelectionPolicy, {"truncation_percentage": 20}, "TruncationSelection"),
        (azureml.NoTerminationPolicy, {}, "Default"),
    ],
)
def test_names_of_policies(kind: Any, given_: dict, name: str) -> None:
    made = kind(**given_)
    assert (kind.POLICY_NAME, made.to_json()["name"]) == (name, name)
    for field, value in given_.items():
        assert getattr(made, field) == value


def test_a_bandits_interval_comes_first_and_a_slack_of_0_is_one() -> None:
    made = azureml.BanditPolicy(2, 0.1)
    assert (made.evaluation_interval, made.slack_factor, made.delay_evaluation) == (2, 0.1, 0)
    assert azureml.BanditPolicy(slack_factor=0).to_json()["name"] == "Bandit"


# 1.5 HyperDriveConfig


def fields(**changes: object) -> dict[str, Any]:
    return {
        "hyperparameter_sampling": RandomParameterSampling(SPACE),
        "primary_metric_name": "accuracy",
        "primary_metric_goal": PrimaryMetricGoal.MAXIMIZE,
        "max_total_runs": 20,
        "run_config": ScriptRunConfig(source_directory=".", script="train.py"),
        **changes,
    }


#: Two faults at once → the field of the one that is told.
ORDER = [
    ({"run_config": None, "hyperparameter_sampling": None}, "run_config"),
    ({"estimator": object(), "hyperparameter_sampling": None}, "run_config"),
    ({"run_config": "train.py", "hyperparameter_sampling": None}, "run_config"),
    ({"hyperparameter_sampling": None, "max_total_runs": 0}, "hyperparameter_sampling"),
    ({"hyperparameter_sampling": None, "primary_metric_goal": "x"}, "hyperparameter_sampling"),
    ({"primary_metric_goal": "x", "resume_from": "HD_1"}, "primary_metric_goal"),
    ({"resume_from": 3, "resume_child_runs": 3}, "resume_from"),
]


@pytest.mark.parametrize(("changes", "field"), ORDER)
def test_checks_come_in_azures_order(changes: dict, field: str) -> None:
    with pytest.raises(HyperDriveConfigException) as caught:
        HyperDriveConfig(**fields(**changes))
    assert caught.value.field == field


@pytest.mark.parametrize(
    ("changes", "attribute", "value"),
    [
        ({}, "estimator", None),
        ({}, "pipeline", None),
        ({}, "source_directory", "."),
        ({"run_config": ScriptRunConfig("src", "train.py")}, "source_directory", "src"),
        ({}, "_policy_config", {"name": "Default"}),
        ({"policy": azureml.NoTerminationPolicy()}, "_policy_config", {"name": "Default"}),
        ({}, "_max_total_runs", 20),
        ({}, "_max_concurrent_runs", 20),
        ({"max_concurrent_runs": 3}, "_max_concurrent_runs", 3),
        ({}, "_max_duration_minutes", 10080),
        ({"max_duration_minutes": 30}, "_max_duration_minutes", 30),
        (
            {"primary_metric_goal": PrimaryMetricGoal.MINIMIZE},
            "_primary_metric_config",
            {"name": "accuracy", "goal": "minimize"},
        ),
        ({"max_total_runs": 1000, "max_concurrent_runs": 100}, "_max_total_runs", 1000),
        ({"resume_from": []}, "resume_from", ()),
        ({"resume_child_runs": []}, "resume_child_runs", ()),
        ({"debug_flag": "x"}, "debug_flag", "x"),
        ({"custom_run_id": "mine"}, "custom_run_id", "mine"),
    ],
)
def test_what_a_config_keeps(changes: dict, attribute: str, value: object) -> None:
    found = getattr(HyperDriveConfig(**fields(**changes)), attribute)
    assert tuple(found) == value if isinstance(value, tuple) else found == value


def test_a_policy_beside_bayesian_sampling_is_taken() -> None:
    sampling = azureml.BayesianParameterSampling({"lr": uniform(0, 1)})
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        made = HyperDriveConfig(**fields(hyperparameter_sampling=sampling, policy=azureml.MedianStoppingPolicy()))
    assert made._policy_config["name"] == "MedianStopping"


def test_the_old_name_takes_the_estimator_first() -> None:
    estimator = azureml.Estimator(".", entry_script="train.py", script_params={"--lr": 1, "--epochs": 2})
    with pytest.warns((DeprecationWarning, UserWarning)):
        made = azureml.HyperDriveRunConfig(
            estimator, RandomParameterSampling(SPACE), "accuracy", PrimaryMetricGoal.MINIMIZE, 4, 2, 30
        )
    assert type(made) is HyperDriveConfig
    assert (made.estimator, made.run_config) == (estimator, None)
    assert (made._max_total_runs, made._max_concurrent_runs, made._max_duration_minutes) == (4, 2, 30)


def test_a_sweep_of_a_pipeline_is_answered_with_its_sentence() -> None:
    with pytest.raises(azureml.HyperDriveScenarioNotSupportedException) as caught:
        HyperDriveConfig(**fields(run_config=None, pipeline=object()))
    assert caught.value.field == "pipeline"
    assert "HyperDriveStep" in caught.value.message and "\n" not in caught.value.message
    from overdrive.compat.azureml import coverage

    assert coverage.find("HyperDriveConfig.pipeline").status is coverage.Status.NOT_HERE


# Arguments that nobody knows


@pytest.mark.parametrize(
    "call",
    [
        lambda: azureml.RunConfiguration(target="local"),
        lambda: azureml.DockerConfiguration(enabled=True),
        lambda: azureml.ResourceConfiguration(memory=1),
        lambda: azureml.BanditPolicy(slack=0.1),
        lambda: HyperDriveConfig(**fields(max_runs=3)),
        lambda: ScriptRunConfig(".", "train.py", argumants=[]),
        lambda: azureml.MpiConfiguration(processes=2),
    ],
)
def test_a_misspelt_argument_is_a_type_error(call: Callable) -> None:
    with pytest.raises(TypeError):
        call()


def test_where_azure_takes_any_argument_one_that_is_none_warns() -> None:
    experiment = azureml.Experiment(azureml.Workspace(), "e")
    with pytest.warns(UserWarning, match="pipeline_params"), pytest.raises(azureml.UserErrorException):
        experiment.submit(ScriptRunConfig(".", "nowhere.py"), pipeline_params={})
    step = azureml.PythonScriptStep("train.py", source_directory=".")
    with pytest.warns(UserWarning, match="default_source_dir") as caught:
        azureml.Pipeline(azureml.Workspace(), [step], default_source_dir=".")
    assert caught[0].filename == __file__, "a warning names the caller's line"


# 1.6 Exceptions

#: Module that scripts import from → exception → its nearest Azure base.
EXCEPTIONS = {
    "azureml.train.hyperdrive.exceptions": {
        "HyperDriveException": "AzureMLException",
        "HyperDriveServiceException": "HyperDriveException",
        "HyperDriveConfigException": "HyperDriveException",
        "HyperDriveScenarioNotSupportedException": "HyperDriveConfigException",
        "HyperDriveNotImplementedException": "HyperDriveScenarioNotSupportedException",
        "HyperDriveRehydrateException": "HyperDriveException",
    },
    "azureml.exceptions": {
        "UserErrorException": "AzureMLException",
        "TrainingException": "AzureMLException",
        "ActivityFailedException": "AzureMLException",
        "ComputeTargetException": "AzureMLException",
        "RunEnvironmentException": "AzureMLException",
        "ServiceException": "AzureMLException",
        "ProjectSystemException": "AzureMLException",
        "WebserviceException": "AzureMLException",
        "ModelNotFoundException": "WebserviceException",
        "SnapshotException": "AzureMLException",
    },
}


def test_exceptions_have_their_names_and_tree_where_scripts_import_them() -> None:
    lines = ["import overdrive.azureml", "from azureml.exceptions import AzureMLException"]
    for module, tree in EXCEPTIONS.items():
        for name, base in tree.items():
            lines += [f"from {module} import {name}", f"assert issubclass({name}, {base}), {name}"]
            lines += [f"assert issubclass({name}, AzureMLException) and {name}.__name__ == {name!r}"]
    done = subprocess.run([sys.executable, "-c", "\n".join(lines)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


#: What the facade raises → what the azureml side makes of it; each stays of the facade's class.
TRANSLATED = [
    (SpecError("s", field="f"), exceptions.UserErrorException, SpecError),
    (UnsupportedError("s"), exceptions.HyperDriveScenarioNotSupportedException, UnsupportedError),
    (NotFoundError("s"), exceptions.ServiceException, NotFoundError),
    (SweepFailedError("s"), exceptions.ActivityFailedException, SweepFailedError),
    (UnwritableError("s"), exceptions.ProjectSystemException, WorkspaceError),
]


@pytest.mark.parametrize(("error", "kind", "ours"), TRANSLATED)
def test_what_the_facade_raises_is_in_azures_tree(error: Exception, kind: type, ours: Any) -> None:
    with pytest.raises(exceptions.AzureMLException) as caught, exceptions.raising(exceptions.UserErrorException):
        raise error
    assert isinstance(caught.value, kind) and isinstance(caught.value, ours)
    assert (caught.value.message, caught.value.exit_code) == ("s", error.exit_code)  # type: ignore[attr-defined]


def test_an_azure_exception_passes_as_it_is() -> None:
    error = exceptions.ModelPathNotFoundException("m")
    with pytest.raises(AssertionError), exceptions.raising(exceptions.UserErrorException):
        raise AssertionError
    with (
        pytest.raises(exceptions.ModelPathNotFoundException) as caught,
        exceptions.raising(exceptions.UserErrorException),
    ):
        raise error
    assert caught.value is error


@pytest.mark.parametrize(
    "call",
    [
        lambda ws: azureml.Run.get(ws, "nope"),
        lambda ws: ws.get_run("nope"),
        lambda ws: azureml.Run(azureml.Experiment(ws, "e"), "nope"),
        lambda ws: azureml.HyperDriveRun(azureml.Experiment(ws, "e"), "HD_nope"),
        lambda ws: azureml.get_run(azureml.Experiment(ws, "e"), "nope"),
        lambda ws: azureml.Run(azureml.Experiment(ws, "e"), 3),
        lambda ws: azureml.HyperDriveRun(azureml.Experiment(ws, "e"), 3),
        lambda ws: azureml.Experiment(ws, "e").submit("train.py"),
        lambda ws: azureml.Experiment(ws, "e").set_tags({3: "x"}),
        lambda ws: azureml.Experiment(ws, "e e"),
        lambda ws: azureml.Model(ws, "nope"),
        lambda ws: azureml.ComputeTarget(ws, ""),
        lambda ws: azureml.Environment(""),
        lambda ws: ws.get_default_keyvault(),
        lambda ws: azureml.search("config", ws, "e"),
    ],
)
def test_whoever_catches_azures_root_catches_it(call: Callable) -> None:
    with pytest.raises(azureml.AzureMLException):
        call(azureml.Workspace())


def test_text_of_azures_exceptions() -> None:
    inner = ValueError("why")
    text = str(exceptions.TrainingException("it broke", inner))
    assert text.startswith("TrainingException:\n\tMessage: it broke\n\tInnerException why\n\tErrorResponse")
    response = json.loads(text.partition("ErrorResponse")[2])
    assert response["error"]["message"] == "it broke"
