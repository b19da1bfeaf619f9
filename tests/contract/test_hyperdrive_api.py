"""HyperDrive's client interface, row by row: names, signatures, what is returned, what is refused and as what.

Facts from azureml-train-core 1.62. Types, fields and values are tested, never the wording.
"""

import inspect
import subprocess
import sys
from pathlib import Path

import pytest

from overdrive.compat import azureml
from overdrive.compat.azureml import BanditPolicy
from overdrive.compat.azureml import BayesianParameterSampling
from overdrive.compat.azureml import GridParameterSampling
from overdrive.compat.azureml import HyperDriveConfig
from overdrive.compat.azureml import HyperDriveConfigException
from overdrive.compat.azureml import MedianStoppingPolicy
from overdrive.compat.azureml import NoTerminationPolicy
from overdrive.compat.azureml import PrimaryMetricGoal
from overdrive.compat.azureml import RandomParameterSampling
from overdrive.compat.azureml import ScriptRunConfig
from overdrive.compat.azureml import TruncationSelectionPolicy
from overdrive.compat.azureml import choice
from overdrive.compat.azureml import quniform
from overdrive.compat.azureml import uniform
from overdrive.errors import OverdriveError
from overdrive.errors import SpecError
from overdrive.errors import UnsupportedError

# 1. Names

MODULES = {
    "azureml.train.hyperdrive": """
        BanditPolicy BayesianParameterSampling EarlyTerminationPolicy GridParameterSampling HyperDriveConfig
        HyperDriveRun HyperDriveRunConfig HyperParameterSampling MedianStoppingPolicy NoTerminationPolicy
        PrimaryMetricGoal
        RandomParameterSampling TruncationSelectionPolicy choice lognormal loguniform normal randint qlognormal
        qloguniform qnormal quniform uniform search
    """,
    "azureml.train.hyperdrive.parameter_expressions": "choice uniform normal randint",
    "azureml.train.hyperdrive.sampling": "RandomParameterSampling GridParameterSampling BayesianParameterSampling",
    "azureml.train.hyperdrive.policy": "BanditPolicy MedianStoppingPolicy TruncationSelectionPolicy",
    "azureml.train.hyperdrive.run": "HyperDriveRun PrimaryMetricGoal",
    "azureml.train.hyperdrive.runconfig": "HyperDriveConfig HyperDriveRunConfig PrimaryMetricGoal",
    "azureml.train.hyperdrive.exceptions": """
        HyperDriveException HyperDriveServiceException HyperDriveConfigException HyperDriveRehydrateException
        HyperDriveScenarioNotSupportedException HyperDriveNotImplementedException
    """,
    "azureml.core": "Workspace Experiment ScriptRunConfig Environment Run",
    "azureml.core.run": "Run",
    "azureml.core.experiment": "Experiment",
    "azureml.core.workspace": "Workspace",
    "azureml.core.environment": "Environment",
    "azureml.core.script_run_config": "ScriptRunConfig",
    "azureml.core.compute": "ComputeTarget AmlCompute",
    "azureml.core.compute_target": "ComputeTargetException",
    "azureml.core.conda_dependencies": "CondaDependencies",
    "azureml.exceptions": "AzureMLException UserErrorException ActivityFailedException TrainingException",
    "azureml.widgets": "RunDetails",
}


def test_every_import_of_a_control_script() -> None:
    lines = ["import overdrive.azureml"]
    lines += [f"from {module} import {name}" for module, names in MODULES.items() for name in names.split()]
    lines += ["from azureml.train.hyperdrive import *", "choice, RandomParameterSampling, HyperDriveConfig"]
    done = subprocess.run([sys.executable, "-c", "\n".join(lines)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_flat_export_is_complete() -> None:
    wanted = {name for names in MODULES.values() for name in names.split()}
    assert wanted <= set(azureml.__all__)
    assert all(hasattr(azureml, name) for name in azureml.__all__)


SIGNATURES = {
    "choice": "options",
    "randint": "upper",
    "uniform": "min_value max_value",
    "quniform": "min_value max_value q",
    "loguniform": "min_value max_value",
    "qloguniform": "min_value max_value q",
    "normal": "mu sigma",
    "qnormal": "mu sigma q",
    "lognormal": "mu sigma",
    "qlognormal": "mu sigma q",
    "RandomParameterSampling": "parameter_space properties",
    "GridParameterSampling": "parameter_space properties",
    "BayesianParameterSampling": "parameter_space properties",
    "BanditPolicy": "evaluation_interval slack_factor slack_amount delay_evaluation",
    "MedianStoppingPolicy": "evaluation_interval delay_evaluation",
    "TruncationSelectionPolicy": "truncation_percentage evaluation_interval delay_evaluation",
    "NoTerminationPolicy": "",
    "HyperDriveConfig": """
        hyperparameter_sampling primary_metric_name primary_metric_goal max_total_runs max_concurrent_runs
        max_duration_minutes policy estimator run_config resume_from resume_child_runs pipeline debug_flag custom_run_id
    """,
    "HyperDriveRunConfig": """
        estimator hyperparameter_sampling primary_metric_name primary_metric_goal max_total_runs max_concurrent_runs
        max_duration_minutes policy
    """,
    "HyperDriveRun": "experiment run_id hyperdrive_config",
    "ScriptRunConfig": """
        source_directory script arguments run_config _telemetry_values compute_target environment distributed_job_config
        resume_from max_run_duration_seconds command docker_runtime_config
    """,
    "Experiment": "workspace name",
    "RunDetails": "run_instance",
}


@pytest.mark.parametrize("name", SIGNATURES)
def test_positional_parameters(name: str) -> None:
    parameters = inspect.signature(getattr(azureml, name)).parameters.values()
    kinds = (inspect.Parameter.POSITIONAL_OR_KEYWORD, inspect.Parameter.VAR_POSITIONAL)
    assert [each.name for each in parameters if each.kind in kinds] == SIGNATURES[name].split()


METHODS = {
    "get_best_run_by_primary_metric": "include_failed include_canceled include_resume_from_runs",
    "get_children_sorted_by_primary_metric": "top reverse discard_no_metric",
    "get_hyperparameters": "",
    "wait_for_completion": "show_output wait_post_processing raise_on_error",
    "get_children": "recursive tags properties type status _rehydrate_runs",
    "download_file": "name output_file_path _validate_checksum",
    "download_files": "prefix output_directory output_paths batch_size append_prefix timeout_seconds",
    "get_all_logs": "destination",
    "cancel": "",
    "get_status": "",
    "get_details": "",
    "get_file_names": "",
    "get_tags": "",
    "get_properties": "",
    "get_portal_url": "",
    "get_diagnostics": "",
}


@pytest.mark.parametrize("name", METHODS)
def test_methods_of_a_sweep(name: str) -> None:
    parameters = list(inspect.signature(getattr(azureml.HyperDriveRun, name)).parameters)
    assert parameters[1:] == METHODS[name].split()


# 1.1 Parameter expressions

EXPRESSIONS = [
    (choice, (1, 2, 3), ["choice", [[1, 2, 3]]]),
    (choice, (1,), ["choice", [[1]]]),
    (choice, (range(1, 5),), ["choice", [[1, 2, 3, 4]]]),
    (choice, ([16, 32],), ["choice", [[16, 32]]]),
    (choice, ((16, 32),), ["choice", [[(16, 32)]]]),
    (choice, ("a", None, True, 1.5), ["choice", [["a", None, True, 1.5]]]),
    (azureml.randint, (5,), ["randint", [5]]),
    (uniform, (0.05, 0.1), ["uniform", [0.05, 0.1]]),
    (uniform, (0, 1), ["uniform", [0, 1]]),
    (quniform, (1, 10, 2), ["quniform", [1, 10, 2]]),
    (quniform, (1, 10, 2.0), ["quniform", [1, 10, 2.0]]),
    (azureml.loguniform, (-6, -1), ["loguniform", [-6, -1]]),
    (azureml.loguniform, (-1, -1), ["loguniform", [-1, -1]]),
    (azureml.qloguniform, (0, 3, 1), ["qloguniform", [0, 3, 1]]),
    (azureml.normal, (10, 3), ["normal", [10, 3]]),
    (azureml.normal, (10, 0), ["normal", [10, 0]]),
    (azureml.qnormal, (10, 3, 1), ["qnormal", [10, 3, 1]]),
    (azureml.lognormal, (0, 1), ["lognormal", [0, 1]]),
    (azureml.qlognormal, (0, 1, 2), ["qlognormal", [0, 1, 2]]),
]


@pytest.mark.parametrize(("function", "arguments", "expected"), EXPRESSIONS)
def test_expression(function, arguments, expected) -> None:  # type: ignore[no-untyped-def]
    found = function(*arguments)
    assert found == expected
    assert [type(each) for each in found[1]] == [type(each) for each in expected[1]]


EXPRESSION_FAULTS = [
    (choice, (), "choice"),
    (choice, ([],), "choice"),
    (choice, (range(0),), "choice"),
    (choice, ([1], 2), "choice"),
    (choice, (1, range(3)), "choice"),
    (azureml.randint, (0,), "randint.upper"),
    (azureml.randint, (-1,), "randint.upper"),
    (azureml.randint, (1.5,), "randint.upper"),
    (azureml.randint, ("5",), "randint.upper"),
    (uniform, ("0", 1), "uniform.min_value"),
    (uniform, (0, None), "uniform.max_value"),
    (uniform, (1, 1), "uniform.min_value"),
    (uniform, (2, 1), "uniform.min_value"),
    (uniform, (float("nan"), 1), "uniform.min_value"),
    (quniform, (0, 1, 0.5), "quniform.q"),
    (quniform, (0, 1, "1"), "quniform.q"),
    (quniform, (0, 1, float("nan")), "quniform.q"),
    (quniform, (1, 1, 1), "quniform.min_value"),
    (azureml.loguniform, (1, 0), "loguniform.min_value"),
    (azureml.loguniform, ([0], 1), "loguniform.min_value"),
    (azureml.qloguniform, (0, 1, 0.1), "qloguniform.q"),
    (azureml.normal, (0, -1), "normal.sigma"),
    (azureml.normal, (None, 1), "normal.mu"),
    (azureml.qnormal, (0, 1, 0.5), "qnormal.q"),
    (azureml.lognormal, (0, -0.1), "lognormal.sigma"),
    (azureml.qlognormal, (0, 1, 1.5), "qlognormal.q"),
]


@pytest.mark.parametrize(("function", "arguments", "field"), EXPRESSION_FAULTS)
def test_expression_refused(function, arguments, field) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(HyperDriveConfigException) as caught:
        function(*arguments)
    assert caught.value.field == field


# 1.2 Sampling

SPACE = {"lr": uniform(0, 1), "units": choice(16, 32)}


@pytest.mark.parametrize(
    ("made", "expected"),
    [
        (
            RandomParameterSampling(SPACE),
            {"name": "RANDOM", "parameter_space": {"lr": ["uniform", [0, 1]], "units": ["choice", [[16, 32]]]}},
        ),
        (
            GridParameterSampling({"units": choice(16, 32)}),
            {"name": "GRID", "parameter_space": {"units": ["choice", [[16, 32]]]}},
        ),
        (
            BayesianParameterSampling({"lr": uniform(0, 1)}),
            {"name": "BayesianOptimization", "parameter_space": {"lr": ["uniform", [0, 1]]}},
        ),
        (
            RandomParameterSampling({"lr": uniform(0, 1)}, properties={"seed": 3}),
            {"name": "RANDOM", "parameter_space": {"lr": ["uniform", [0, 1]]}, "properties": {"seed": 3}},
        ),
    ],
)
def test_sampling_to_json(made, expected) -> None:  # type: ignore[no-untyped-def]
    assert made.to_json() == expected


def test_samplings_take_both_forms_and_compare() -> None:
    from overdrive import space

    assert RandomParameterSampling(SPACE) == RandomParameterSampling(
        {"lr": space.uniform(0, 1), "units": space.choice(16, 32)}
    )
    assert RandomParameterSampling(SPACE) != RandomParameterSampling({"lr": uniform(0, 2), "units": choice(16, 32)})


SAMPLING_FAULTS = [
    (GridParameterSampling, {"lr": uniform(0, 1)}),
    (GridParameterSampling, None),
    (GridParameterSampling, {}),
    (RandomParameterSampling, None),
    (RandomParameterSampling, {}),
    (RandomParameterSampling, {"lr": ["triangular", [0, 1]]}),
    (RandomParameterSampling, {"lr": 0.1}),
    (RandomParameterSampling, {"": uniform(0, 1)}),
    (BayesianParameterSampling, None),
    (BayesianParameterSampling, {"lr": azureml.loguniform(-3, 0)}),
    (BayesianParameterSampling, {"lr": azureml.normal(0, 1)}),
    (BayesianParameterSampling, {"flag": choice(True, False)}),
    (BayesianParameterSampling, {"mixed": choice("a", 1)}),
    (BayesianParameterSampling, {"lr": quniform(0.5, 1.5, 1)}),
    (BayesianParameterSampling, {"n": quniform(0, 200_000, 1)}),
]


@pytest.mark.parametrize(("kind", "space"), SAMPLING_FAULTS)
def test_sampling_refused(kind, space) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(HyperDriveConfigException) as caught:
        kind(space)
    assert caught.value.field is not None
    assert caught.value.field.startswith("parameter_space")


@pytest.mark.parametrize("space", [{"a": choice("x", "y")}, {"a": choice(1, 2.5)}, {"n": quniform(1, 100, 3)}])
def test_bayesian_accepts(space: dict) -> None:
    assert BayesianParameterSampling(space).name == "BayesianOptimization"


# 1.3 Policies


@pytest.mark.parametrize(
    ("made", "expected"),
    [
        (
            BanditPolicy(slack_factor=0.1),
            {"name": "Bandit", "properties": {"evaluation_interval": 1, "delay_evaluation": 0, "slack_factor": 0.1}},
        ),
        (
            BanditPolicy(2, None, 0.2, 5),
            {"name": "Bandit", "properties": {"evaluation_interval": 2, "delay_evaluation": 5, "slack_amount": 0.2}},
        ),
        (
            BanditPolicy(slack_factor=0, slack_amount=0.2),
            {"name": "Bandit", "properties": {"evaluation_interval": 1, "delay_evaluation": 0, "slack_amount": 0.2}},
        ),
        (
            MedianStoppingPolicy(1, 5),
            {"name": "MedianStopping", "properties": {"evaluation_interval": 1, "delay_evaluation": 5}},
        ),
        (
            TruncationSelectionPolicy(20, 1, 5),
            {
                "name": "TruncationSelection",
                "properties": {
                    "evaluation_interval": 1,
                    "delay_evaluation": 5,
                    "truncation_percentage": 20,
                    "exclude_finished_jobs": False,
                },
            },
        ),
        (NoTerminationPolicy(), {"name": "Default"}),
    ],
)
def test_policy_to_json(made, expected) -> None:  # type: ignore[no-untyped-def]
    assert made.to_json() == expected
    assert isinstance(made, azureml.EarlyTerminationPolicy)


def test_policies_compare() -> None:
    assert BanditPolicy(slack_factor=0.1) == BanditPolicy(slack_factor=0.1)
    assert BanditPolicy(slack_factor=0.1) != BanditPolicy(slack_factor=0.2)
    assert BanditPolicy(1, 0.1).slack_factor == 0.1


POLICY_FAULTS = [
    (BanditPolicy, {}, "slack_factor"),
    (BanditPolicy, {"slack_factor": 0.1, "slack_amount": 0.1}, "slack_factor"),
    (BanditPolicy, {"slack_factor": 0.1, "evaluation_interval": 1.5}, "evaluation_interval"),
    (BanditPolicy, {"slack_factor": 0.1, "evaluation_interval": 0}, "evaluation_interval"),
    (BanditPolicy, {"slack_factor": 0.1, "delay_evaluation": -1}, "delay_evaluation"),
    (BanditPolicy, {"slack_factor": 0.1, "delay_evaluation": "5"}, "delay_evaluation"),
    (MedianStoppingPolicy, {"evaluation_interval": "1"}, "evaluation_interval"),
    (MedianStoppingPolicy, {"delay_evaluation": 0.5}, "delay_evaluation"),
    (TruncationSelectionPolicy, {"truncation_percentage": 0}, "truncation_percentage"),
    (TruncationSelectionPolicy, {"truncation_percentage": 100}, "truncation_percentage"),
    (TruncationSelectionPolicy, {"truncation_percentage": 20.0}, "truncation_percentage"),
    (TruncationSelectionPolicy, {"truncation_percentage": 20, "evaluation_interval": None}, "evaluation_interval"),
]


@pytest.mark.parametrize(("kind", "given", "field"), POLICY_FAULTS)
def test_policy_refused(kind, given, field) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(HyperDriveConfigException) as caught:
        kind(**given)
    assert caught.value.field == field


# 1.4 The goal


def test_goal() -> None:
    assert [(goal.name, goal.value) for goal in PrimaryMetricGoal] == [
        ("MAXIMIZE", "MAXIMIZE"),
        ("MINIMIZE", "MINIMIZE"),
    ]
    assert PrimaryMetricGoal.from_str("maximize") is PrimaryMetricGoal.MAXIMIZE
    assert PrimaryMetricGoal.from_str("MiniMize") is PrimaryMetricGoal.MINIMIZE
    for wrong in ("highest", ""):
        with pytest.raises(HyperDriveConfigException) as caught:
            PrimaryMetricGoal.from_str(wrong)
        assert caught.value.value == wrong


# 1.5 HyperDriveConfig


def configure(**changes: object) -> HyperDriveConfig:
    fields: dict = {
        "hyperparameter_sampling": RandomParameterSampling(SPACE),
        "primary_metric_name": "accuracy",
        "primary_metric_goal": PrimaryMetricGoal.MAXIMIZE,
        "max_total_runs": 20,
        "run_config": ScriptRunConfig(source_directory=".", script="train.py"),
    }
    return HyperDriveConfig(**{**fields, **changes})


def test_config_keeps_what_azure_keeps() -> None:
    config = configure(max_concurrent_runs=4, policy=MedianStoppingPolicy())
    assert config._max_total_runs == 20
    assert config._max_concurrent_runs == 4
    assert config._max_duration_minutes == 10080
    assert config._primary_metric_config == {"name": "accuracy", "goal": "maximize"}
    assert config._generator_config["name"] == "RANDOM"
    assert config._policy_config["name"] == "MedianStopping"
    assert config._platform == "AML"
    assert configure()._max_concurrent_runs == 20
    assert configure()._policy_config == {"name": "Default"}


def test_facade_goal_is_taken_too() -> None:
    from overdrive import PrimaryMetricGoal as Goal

    assert configure(primary_metric_goal=Goal.MINIMIZE)._primary_metric_config["goal"] == "minimize"


CONFIG_FAULTS = [
    ({"run_config": None}, "run_config"),
    ({"run_config": azureml.RunConfiguration()}, "run_config"),
    ({"estimator": object()}, "run_config"),
    ({"run_config": None, "estimator": object()}, "estimator"),
    ({"hyperparameter_sampling": None}, "hyperparameter_sampling"),
    ({"primary_metric_goal": "maximize"}, "primary_metric_goal"),
    ({"primary_metric_name": ""}, "primary_metric_name"),
    ({"max_total_runs": 0}, "max_total_runs"),
    ({"max_total_runs": 1001}, "max_total_runs"),
    ({"max_concurrent_runs": 0}, "max_concurrent_runs"),
    ({"max_concurrent_runs": 101}, "max_concurrent_runs"),
    ({"max_duration_minutes": 0}, "max_duration_minutes"),
    ({"resume_from": ["HD_1"]}, "resume_from"),
    ({"resume_child_runs": object()}, "resume_child_runs"),
]


@pytest.mark.parametrize(("changes", "field"), CONFIG_FAULTS)
def test_config_refused(changes: dict, field: str) -> None:
    with pytest.raises(HyperDriveConfigException) as caught:
        configure(**changes)
    assert caught.value.field == field
    assert caught.value.exit_code == 2


def test_pipeline_is_not_supported() -> None:
    with pytest.raises(azureml.HyperDriveScenarioNotSupportedException):
        configure(run_config=None, pipeline=object())


def test_config_warnings() -> None:
    with pytest.warns(UserWarning, match="max_duration_minutes"):
        assert configure(max_duration_minutes=10081)._max_duration_minutes == 10080
    sampling = BayesianParameterSampling(SPACE)
    with pytest.warns(UserWarning, match="40 or more") as caught:
        configure(hyperparameter_sampling=sampling, policy=BanditPolicy(slack_factor=0.1))
    assert {warning.filename for warning in caught} == {__file__}, "the line of whoever wrote it"
    with pytest.warns(UserWarning, match="20 at once"):
        configure(hyperparameter_sampling=sampling, max_total_runs=40, max_concurrent_runs=21)


def test_old_name_gives_a_config() -> None:
    class Estimator:
        def as_script_run_config(self, names: list[str]) -> ScriptRunConfig:
            return ScriptRunConfig(script="train.py")

    with pytest.warns(DeprecationWarning):
        made = azureml.HyperDriveRunConfig(
            Estimator(), RandomParameterSampling(SPACE), "accuracy", PrimaryMetricGoal.MAXIMIZE, 4
        )
    assert isinstance(made, HyperDriveConfig)


# 1.6 Exceptions (members of runs: tests/e2e/test_submit.py)

TREE = [
    (azureml.HyperDriveException, azureml.AzureMLException),
    (azureml.HyperDriveServiceException, azureml.HyperDriveException),
    (azureml.HyperDriveConfigException, azureml.HyperDriveException),
    (azureml.HyperDriveScenarioNotSupportedException, azureml.HyperDriveConfigException),
    (azureml.HyperDriveNotImplementedException, azureml.HyperDriveScenarioNotSupportedException),
    (azureml.HyperDriveRehydrateException, azureml.HyperDriveException),
    (azureml.AzureMLException, OverdriveError),
    (azureml.HyperDriveConfigException, SpecError),
    (azureml.HyperDriveScenarioNotSupportedException, UnsupportedError),
    (azureml.UserErrorException, azureml.AzureMLException),
    (azureml.ComputeTargetException, azureml.AzureMLException),
    (azureml.ActivityFailedException, azureml.AzureMLException),
    (azureml.TrainingException, azureml.AzureMLException),
]


@pytest.mark.parametrize(("kind", "base"), TREE)
def test_exception_tree(kind: type, base: type) -> None:
    assert issubclass(kind, base)


@pytest.mark.parametrize("name", ["AzureMLException", "UserErrorException", "RunEnvironmentException"])
def test_trial_side_classes_catch_ours(name: str) -> None:
    from overdrive import report

    assert issubclass(getattr(azureml, name), getattr(report, name))


def test_text_of_an_exception() -> None:
    with pytest.raises(HyperDriveConfigException) as caught:
        uniform(1, 0)
    text, error = str(caught.value), caught.value
    assert text.startswith(
        f"HyperDriveConfigException:\n\tMessage: {error.message}\n\tInnerException None\n\tErrorResponse"
    )
    assert error.inner_exception is None
    with pytest.raises(HyperDriveConfigException) as wrapped:
        configure(max_total_runs=0)
    assert isinstance(wrapped.value.inner_exception, SpecError)


@pytest.mark.parametrize("name", ["", "a b", "-a", "_a", "a/b", "ü", "a" * 256, 3, None])
def test_experiment_name_refused(name: object, tmp_path: Path) -> None:
    with pytest.raises(azureml.UserErrorException) as caught:
        azureml.Experiment(azureml.Workspace(), name)  # type: ignore[arg-type]
    assert caught.value.field == "name"


@pytest.mark.parametrize("name", ["a", "hyperdrive-test_1", "0", "a" * 255])
def test_experiment_name_taken(name: str) -> None:
    assert azureml.Experiment(workspace=azureml.Workspace.from_config(), name=name).name == name


def test_workspace_without_file_or_account(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    workspace = azureml.Workspace.from_config()
    assert all(isinstance(text, str) for text in (workspace.name, workspace.subscription_id, workspace.location))
    (tmp_path / "config.json").write_text('{"subscription_id": "s", "resource_group": "r", "workspace_name": "w"}')
    (tmp_path / "sub").mkdir()
    monkeypatch.chdir(tmp_path / "sub")
    named = azureml.Workspace.from_config()
    assert (named.name, named.resource_group, named.subscription_id) == ("w", "r", "s")
    assert named.path == workspace.path
    named.write_config()
    assert azureml.Workspace.from_config().name == "w"


def test_stand_ins() -> None:
    workspace = azureml.Workspace.from_config()
    target = azureml.ComputeTarget(workspace=workspace, name="cpu-cluster")
    target.wait_for_completion(show_output=False)
    assert (target.name, target.type) == ("cpu-cluster", "AmlCompute")
    settings = azureml.AmlCompute.provisioning_configuration(vm_size="STANDARD_D2_V2", max_nodes=4)
    assert azureml.ComputeTarget.create(workspace, "new", settings).get_status().serialize()["vmSize"]
    environment = azureml.Environment.get(workspace, name="AzureML-Tutorial").clone("mine")
    environment.python.conda_dependencies = azureml.CondaDependencies.create(pip_packages=["x"])
    assert environment.name == "mine"
    config = ScriptRunConfig(".", "train.py", compute_target=target, environment=environment)
    assert config.run_config.target is target
    assert config.run_config.environment is environment
    with pytest.raises(azureml.ComputeTargetException):
        azureml.ComputeTarget(workspace, "")


@pytest.mark.parametrize("name", ["private_endpoints", "diagnose_workspace"])
def test_a_member_that_is_not_here_is_refused_in_one_sentence(name: str) -> None:
    made = azureml.Workspace()
    with pytest.raises(AttributeError, match=f"Overdrive's Workspace has no '{name}'") as caught:
        getattr(made, name)
    assert "\n" not in str(caught.value)
    assert not hasattr(made, name)
    assert not hasattr(made, "_private")


def test_an_environment_beside_a_run_configuration_is_said_to_be_ignored() -> None:
    settings, other = azureml.RunConfiguration(), azureml.Environment("other")
    with pytest.warns(UserWarning, match="run_config.environment"):
        script = ScriptRunConfig(".", "train.py", run_config=settings, environment=other)
    assert script.run_config.environment is settings.environment
