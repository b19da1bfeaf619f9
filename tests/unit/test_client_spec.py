"""From a configuration to the frozen SweepSpec."""

import re
from pathlib import Path

import pytest

from overdrive.client import HyperDriveConfig
from overdrive.client import ScriptRunConfig
from overdrive.client import Workspace
from overdrive.client.run_spec import build_run_spec
from overdrive.client.sweep_spec import build_single_spec
from overdrive.client.sweep_spec import build_sweep_spec
from overdrive.errors import SpecError
from overdrive.records import SweepSpec
from overdrive.report.datasets import DataPath
from overdrive.report.datasets import Datastore
from overdrive.sampling import BayesianParameterSampling
from overdrive.sampling import HyperParameterSampling
from overdrive.sampling import RandomParameterSampling
from overdrive.space import choice
from overdrive.space import loguniform
from overdrive.termination import BanditPolicy

SPACE = {"lr": loguniform(-3, 0), "units": choice(16, 32)}


@pytest.fixture
def script(tmp_path: Path) -> ScriptRunConfig:
    (tmp_path / "train.py").write_text("")
    return ScriptRunConfig(tmp_path, "train.py", ["--epochs", 3], environment="tf", compute_target="cluster")


def build(script: ScriptRunConfig, tags: dict | None = None, **changes: object) -> SweepSpec:
    fields: dict = {
        "hyperparameter_sampling": RandomParameterSampling(SPACE),
        "primary_metric_name": "loss",
        "primary_metric_goal": "minimize",
        "max_total_runs": 5,
        "run_config": script,
    }
    config = HyperDriveConfig(**{**fields, **changes})
    return build_sweep_spec(config, "digits", tags, build_run_spec(script))


def test_sweep(script: ScriptRunConfig) -> None:
    spec = build(
        script,
        {"a": 1},
        policy=BanditPolicy(slack_factor=0.1),
        max_concurrent_runs=2,
        max_duration_minutes=1.5,
        stop_after_failures=0,
        max_attempts=3,
        description="try",
        strict=False,
    )
    assert re.fullmatch(r"HD_[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}", spec.id)
    assert (spec.kind, spec.experiment, spec.tags, spec.description) == ("sweep", "digits", {"a": "1"}, "try")
    assert list(spec.space.items()) == [("lr", ["loguniform", [-3, 0]]), ("units", ["choice", [[16, 32]]])]
    assert spec.sampling == {"name": "RANDOM", "properties": {}}
    assert spec.policy["name"] == "Bandit"
    assert spec.metric is not None
    assert spec.metric.to_json() == {"name": "loss", "goal": "minimize"}
    assert (spec.max_total_runs, spec.max_concurrent_runs, spec.max_duration_minutes) == (5, 2, 1.5)
    assert (spec.stop_after_failures, spec.max_attempts, spec.strict) == (0, 3, False)
    assert spec.extra == {"environment": "tf", "compute_target": "cluster"}
    assert SweepSpec.from_json(spec.to_json()) == spec


def test_seed_is_recorded_always(script: ScriptRunConfig) -> None:
    assert build(script).seed != build(script).seed
    assert build(script, hyperparameter_sampling=RandomParameterSampling(SPACE, seed=7)).seed == 7
    in_properties = HyperParameterSampling("random", SPACE, {"seed": 8})
    assert build(script, hyperparameter_sampling=in_properties).seed == 8


def test_bayesian_sampling_is_taken(script: ScriptRunConfig) -> None:
    with pytest.warns(UserWarning, match="Bayesian sampling does best"):
        spec = build(script, hyperparameter_sampling=BayesianParameterSampling(SPACE))
    assert spec.sampling["name"] == "BayesianOptimization"


@pytest.mark.parametrize("tags", [["a"], "a", {"": "x"}, {1: "x"}])
def test_tags_refused(script: ScriptRunConfig, tags: object) -> None:
    with pytest.raises(SpecError) as caught:
        build(script, tags)  # type: ignore[arg-type]
    assert caught.value.field == "tags"


@pytest.mark.parametrize(
    ("experiment", "begin"),
    [("digits", "digits"), ("my first/try", "my-first-try"), ("ü x", "run--x"), ("a" * 255, "a" * 100)],
)
def test_single_run(script: ScriptRunConfig, experiment: str, begin: str) -> None:
    spec = build_single_spec(script, experiment, None, build_run_spec(script))
    assert re.fullmatch(re.escape(begin) + r"_\d{10}_[0-9a-f]{8}", spec.id)
    assert (spec.kind, spec.space, spec.metric, spec.max_total_runs) == ("run", {}, None, 1)
    assert SweepSpec.from_json(spec.to_json()) == spec


def test_a_checkpoint_to_begin_with(tmp_path: Path) -> None:
    (tmp_path / "train.py").write_text("")
    workspace = Workspace(tmp_path / "workspace")
    store = Datastore(workspace)
    (tmp_path / "kept").mkdir()
    (tmp_path / "kept" / "model.bin").write_text("x")
    store.upload(str(tmp_path / "kept"), "model")
    place = store.local_path("model")
    for given in (DataPath(store, "model"), place, Path(place)):
        run = build_run_spec(ScriptRunConfig(tmp_path, "train.py", ["--x", 1], resume_from=given))
        assert run.arguments == ("--x", "1", "--resume-from", place)
        assert run.environment["AZUREML_DATAREFERENCE_MODEL_LOCATION"] == place
    line = ScriptRunConfig(
        tmp_path, command="true && python train.py", argument_style="template", resume_from=place, bindings={}
    )
    assert build_run_spec(line).command[2] == 'true && python train.py "${@:1}"'
    for given in (DataPath(store, "nothing"), DataPath(store, "../.."), "/no/where", 3):
        with pytest.raises(SpecError, match="resume_from = "):
            build_run_spec(ScriptRunConfig(tmp_path, "train.py", resume_from=given))
