"""Sweep files: read with the place of each value, checked whole, before anything starts."""

import textwrap
from pathlib import Path

import pytest

from overdrive.client import HyperDriveConfig
from overdrive.client import ScriptRunConfig
from overdrive.compat.sweep_yaml import Job
from overdrive.compat.sweep_yaml import Options
from overdrive.compat.sweep_yaml import Sources
from overdrive.compat.sweep_yaml import read_document
from overdrive.compat.sweep_yaml import read_job
from overdrive.compat.sweep_yaml import set_value
from overdrive.errors import SpecError
from overdrive.errors import UnsupportedError
from overdrive.records import PrimaryMetricGoal
from overdrive.space import choice
from overdrive.space import lognormal
from overdrive.space import loguniform
from overdrive.space import normal
from overdrive.space import qlognormal
from overdrive.space import qloguniform
from overdrive.space import qnormal
from overdrive.space import quniform
from overdrive.space import randint
from overdrive.space import uniform
from overdrive.termination import BanditPolicy
from overdrive.termination import MedianStoppingPolicy
from overdrive.termination import TruncationSelectionPolicy

SWEEP = """\
$schema: https://azuremlschemas.azureedge.net/latest/sweepJob.schema.json
type: sweep
trial:
  code: src
  command: python main.py --data ${{inputs.data}} --lr ${{search_space.lr}} --n ${{inputs.n}}
  environment: azureml:some-environment@latest
inputs:
  data:
    type: uri_file
    path: data.csv
  n: 3
search_space:
  lr:
    type: uniform
    min_value: 1e-3
    max_value: 1
objective:
  goal: maximize
  primary_metric: accuracy
limits:
  max_total_trials: 4
  max_concurrent_trials: 2
  timeout: 90
  trial_timeout: 30
compute: azureml:cpu-cluster
experiment_name: tries
tags: {a: 1}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "src").mkdir()
    (tmp_path / "data.csv").write_text("a,b\n")
    return tmp_path


def job_of(folder: Path, text: str = SWEEP, *settings: str, **options) -> Job:
    file = folder / "sweep.yml"
    file.write_text(textwrap.dedent(text))
    document = read_document(file)
    for setting in settings:
        set_value(document, setting)
    return read_job(document, Options(Sources(**options)))


def sweep_of(folder: Path, *settings: str) -> HyperDriveConfig:
    config = job_of(folder, SWEEP, *settings).config
    assert isinstance(config, HyperDriveConfig)
    return config


def script_of(job: Job) -> ScriptRunConfig:
    return job.config.script_run_config() if isinstance(job.config, HyperDriveConfig) else job.config


def refusal(folder: Path, *settings: str, text: str = SWEEP, **options) -> SpecError:
    with pytest.raises(SpecError) as caught:
        job_of(folder, text, *settings, **options)
    return caught.value


def test_what_a_number_may_be_is_said_of_words_too(folder: Path) -> None:
    for value in ("two", "2.5", "0", "true"):
        assert refusal(folder, f"limits.max_total_trials={value}").allowed == "a whole number, 1 or more"


def test_a_whole_file(folder: Path) -> None:
    job = job_of(folder)
    config, script = job.config, script_of(job)
    assert isinstance(config, HyperDriveConfig)
    assert (job.experiment, job.tags) == ("tries", {"a": "1"})
    assert (config.primary_metric_name, config.primary_metric_goal) == ("accuracy", PrimaryMetricGoal.MAXIMIZE)
    assert (config.max_total_runs, config.max_concurrent_runs, config.max_duration_minutes) == (4, 2, 1.5)
    assert config.hyperparameter_sampling.space.to_json() == {"lr": ["uniform", [0.001, 1]]}
    assert script.source_directory == str(folder / "src")
    assert script.bindings == {"inputs.data": str(folder / "data.csv"), "inputs.n": "3"}
    assert script.environment_variables == {"AZURE_ML_INPUT_data": str(folder / "data.csv")}
    assert script.max_run_duration_seconds == 30
    assert job.extra["compute"] == "azureml:cpu-cluster"


@pytest.mark.parametrize(
    ("entry", "expected"),
    [
        ("{type: choice, values: [1, 2.0, a, {b: 1}]}", choice(1, 2.0, "a", {"b": 1})),
        ("{type: randint, upper: 5}", randint(5)),
        ("{type: uniform, min_value: 0, max_value: 1}", uniform(0, 1)),
        ("{type: quniform, min_value: 0, max_value: 10, q: 2}", quniform(0, 10, 2)),
        ("{type: loguniform, min_value: -6, max_value: -1}", loguniform(-6, -1)),
        ("{type: qloguniform, min_value: 0, max_value: 3, q: 1}", qloguniform(0, 3, 1)),
        ("{type: normal, mu: 0, sigma: 1}", normal(0, 1)),
        ("{type: qnormal, mu: 0, sigma: 1, q: 1}", qnormal(0, 1, 1)),
        ("{type: lognormal, mu: 0, sigma: 1}", lognormal(0, 1)),
        ("{type: QLogNormal, mu: 0, sigma: 1, q: 1}", qlognormal(0, 1, 1)),
    ],
)
def test_each_kind_of_hyperparameter(folder: Path, entry: str, expected: object) -> None:
    assert sweep_of(folder, f"search_space.lr={entry}").hyperparameter_sampling.space["lr"] == expected


@pytest.mark.parametrize(
    ("given", "name", "properties"),
    [
        ("random", "RANDOM", {}),
        ("Random", "RANDOM", {}),
        ("{type: random, rule: random, seed: 7, logbase: e}", "RANDOM", {"seed": 7}),
        ("{type: random, rule: Sobol, seed: 7}", "RANDOM", {"rule": "sobol", "seed": 7}),
        ("{type: bayesian}", "BayesianOptimization", {}),
    ],
)
@pytest.mark.filterwarnings("ignore:max_total_runs:UserWarning")
def test_each_sampling(folder: Path, given: str, name: str, properties: dict) -> None:
    sampling = sweep_of(folder, f"sampling_algorithm={given}").hyperparameter_sampling
    assert (sampling.name, sampling.properties) == (name, properties)


def test_grid(folder: Path) -> None:
    config = sweep_of(folder, "sampling_algorithm=grid", "search_space.lr={type: choice, values: [1, 2]}")
    assert config.hyperparameter_sampling.name == "GRID"


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("{type: bandit, slack_factor: 0.1, evaluation_interval: 0}", BanditPolicy(1, slack_factor=0.1)),
        ("{type: bandit, slack_factor: 0, slack_amount: 0.2}", BanditPolicy(1, slack_amount=0.2)),
        ("{type: median_stopping, delay_evaluation: 5, evaluation_interval: 2}", MedianStoppingPolicy(2, 5)),
        ("median_stopping", MedianStoppingPolicy()),
        (
            "{type: truncation_selection, truncation_percentage: 20, exclude_finished_jobs: false}",
            TruncationSelectionPolicy(20),
        ),
    ],
)
def test_each_policy(folder: Path, given: str, expected: object) -> None:
    assert sweep_of(folder, f"early_termination={given}").policy == expected


def test_finished_trials_cannot_be_left_out(folder: Path) -> None:
    given = "{type: truncation_selection, truncation_percentage: 20, exclude_finished_jobs: true}"
    with pytest.warns(UserWarning, match="exclude_finished_jobs"):
        assert sweep_of(folder, f"early_termination={given}").policy == TruncationSelectionPolicy(20)


@pytest.mark.parametrize(
    ("settings", "field"),
    [
        ("limits.max_total_trials=0", "limits.max_total_trials"),
        ("limits.max_total_trials=x", "limits.max_total_trials"),
        ("limits.max_total_trials=", "limits.max_total_trials"),
        ("limits.timeout=-1", "limits.timeout"),
        ("limits.max_trials=4", "limits.max_trials"),
        ("objective.goal=best", "objective.goal"),
        ("objective.primary_metric=", "objective.primary_metric"),
        ("search_space=", "search_space"),
        ("search_space.lr={type: unifrom}", "search_space.lr.type"),
        ("search_space.lr={type: uniform, min_value: 1}", "search_space.lr.max_value"),
        ("search_space.lr={type: uniform, min_value: 1, max_value: 0}", "search_space.lr"),
        ("search_space.lr={type: choice, values: []}", "search_space.lr.values"),
        ("search_space.a-b={type: randint, upper: 2}", "search_space.a-b"),
        ("sampling_algorithm=gird", "sampling_algorithm"),
        ("sampling_algorithm={type: grid, seed: 1}", "sampling_algorithm.seed"),
        ("sampling_algorithm={type: random, seed: -1}", "sampling_algorithm.seed"),
        ("early_termination={type: bandit}", "early_termination"),
        ("early_termination={type: truncation_selection}", "early_termination.truncation_percentage"),
        (
            "early_termination={type: median_stopping, exclude_finished_jobs: 5}",
            "early_termination.exclude_finished_jobs",
        ),
        ("inputs.data.path=nothing.csv", "inputs.data.path"),
        ("inputs.data.path=src", "inputs.data.path"),
        ("trial.command=", "trial.command"),
        ("trial.command='run ${{inputs.dat}} ${{search_space.lr}}'", "trial.command"),
        ("trial.command='run ${{parent.inputs.dat}} ${{search_space.lr}}'", "trial.command"),
        ("trial.code=elsewhere", "trial.code"),
        ("comput=x", "comput"),
    ],
)
def test_what_is_wrong_is_named(folder: Path, settings: str, field: str) -> None:
    error = refusal(folder, settings)
    assert error.field == field
    assert field.rpartition(".")[2].split("[")[0] in error.message


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        ("min_value: 1e-3", "min_value: low", 15),
        ("max_total_trials: 4", "max_total_trials: none", 21),
        ("path: data.csv", "path: gone.csv", 10),
        ("type: uniform", "type: unform", 14),
        ("goal: maximize", "goal: maximize\n  gaol: maximize", 19),
        ("${{inputs.n}}", "${{inputs.m}}", 5),
    ],
)
def test_errors_have_file_and_line(folder: Path, old: str, new: str, line: int) -> None:
    assert refusal(folder, text=SWEEP.replace(old, new)).message.startswith(f"{folder / 'sweep.yml'}:{line}: ")


@pytest.mark.parametrize(
    ("path", "what"),
    [
        ("https://example.com/data.csv", "network"),
        ("wasbs://data@account.blob.core.windows.net/data.csv", "Azure"),
        ("azureml://datastores/a/paths/b.csv", "Azure"),
        ("azureml:data:1", "Azure"),
    ],
)
def test_inputs_from_elsewhere(folder: Path, path: str, what: str) -> None:
    error = refusal(folder, f"inputs.data.path={path}")
    assert isinstance(error, UnsupportedError)
    assert what in error.message
    assert path in str(error.hint)
    mapped = job_of(folder, SWEEP, f"inputs.data.path={path}", maps={path: str(folder / "data.csv")})
    assert script_of(mapped).bindings["inputs.data"] == str(folder / "data.csv")


def test_an_input_from_a_datastore_of_the_workspace(folder: Path) -> None:
    url = "azureml://datastores/store/paths/a/b.csv"
    uploaded = folder / "ws/registry/datastores/store/a"
    uploaded.mkdir(parents=True)
    (uploaded / "b.csv").write_text("x")
    job = job_of(folder, SWEEP, f"inputs.data.path={url}", place=str(folder / "ws"))
    assert script_of(job).bindings["inputs.data"] == str(uploaded / "b.csv")
    (folder / "ws/registry/secret.csv").write_text("x")
    for path in ("../../secret.csv", "none.csv"):
        settings = f"inputs.data.path=azureml://datastores/store/paths/{path}"
        assert isinstance(refusal(folder, settings, place=str(folder / "ws")), UnsupportedError)


def test_spaces_within_a_choice(folder: Path) -> None:
    entry = "search_space.lr={type: choice, values: [{a: {type: uniform, min_value: 0, max_value: 1}}]}"
    assert isinstance(refusal(folder, entry), UnsupportedError)


@pytest.mark.parametrize("kind", ["pipeline", "spark", "automl", "null"])
def test_other_jobs(folder: Path, kind: str) -> None:
    error = refusal(folder, "$schema=x", f"type={kind}")
    assert isinstance(error, UnsupportedError)
    assert error.field == "type"
    assert ("type is missing" in error.message) == (kind == "null")


def test_a_component_that_is_not_there(folder: Path) -> None:
    error = refusal(folder, "trial=./none.yml")
    assert (error.field, error.value) == ("trial", "./none.yml")
    assert str(folder / "none.yml") in error.message


def test_a_command_alone(folder: Path) -> None:
    text = "command: echo ${{inputs.a}} $[[--b ${{inputs.b}}]]\ninputs: {a: true, b: }\nlimits: {timeout: 7}\n"
    job = job_of(folder, text)
    script = script_of(job)
    assert (str(script.command).split(), script.bindings) == (["echo", "${{inputs.a}}"], {"inputs.a": "True"})
    assert (script.max_run_duration_seconds, job.has_code, job.experiment) == (7, False, folder.name)


@pytest.mark.parametrize("name", ["../up", "a b", ".hidden"])
def test_names_are_folders(folder: Path, name: str) -> None:
    for text in ("command: echo\n", SWEEP):
        assert refusal(folder, f"name='{name}'", text=text).field == "name"


def test_single_braces_are_taken_with_a_warning(folder: Path) -> None:
    text = "trial.command='run {inputs.n} {search_space.lr} {x}'"
    with pytest.warns(UserWarning, match="single braces"):
        config = sweep_of(folder, text)
    assert config.script_run_config().command == "run ${{inputs.n}} ${{search_space.lr}} {x}"


def test_a_component(folder: Path) -> None:
    (folder / "train.yml").write_text(
        "type: command\nname: train\ninputs:\n  lr: {type: number, default: 0.1}\n  data: {type: uri_file}\n"
        "  k: {type: integer, default: 3}\n  o: {type: string, optional: true}\n"
        "outputs: {model: {type: mlflow_model}}\ncode: src\n"
        "command: python t.py ${{inputs.lr}} ${{inputs.data}} ${{inputs.k}} $[[--o ${{inputs.o}}]] ${{outputs.model}}\n"
    )
    job = job_of(folder, SWEEP, "trial=./train.yml")
    script = script_of(job)
    assert "--" not in str(script.command)
    assert "python t.py ${{search_space.lr}} ${{inputs.data}}" in str(script.command)
    assert script.bindings["inputs.k"] == "3"
    assert script.outputs == {"model": "folder"}
    assert "--o" not in str(script.command)
    assert script.source_directory == str(folder / "src")


def test_yaml_cannot_grow_without_bounds(folder: Path) -> None:
    bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n" + "".join(
        f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]\n" for n in range(1, 9)
    )
    assert "holds more than" in refusal(folder, text=bomb).message
    assert "deep" in refusal(folder, text="a: " + "[" * 5000).message
    assert "deep" in refusal(folder, text="a: &a [*a]").message
    (folder / "large.yml").write_text("#" * 2_000_000)
    with pytest.raises(SpecError, match="larger"):
        read_document(folder / "large.yml")


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("a: [", "sweep.yml:1: "),
        ("a: 1\na: 2", "sweep.yml:2: "),
        ("a: !!python/object/apply:os.system [x]", "sweep.yml:1: "),
        ("a: .inf", "sweep.yml:1: "),
        ("? [a]\n: b", "sweep.yml:1: "),
        ("- 1", "a job"),
        ("", "a job"),
        ("a: \x01", "sweep.yml"),
    ],
)
def test_what_is_no_job(folder: Path, text: str, what: str) -> None:
    assert what in refusal(folder, text=text).message


def test_no_file(folder: Path) -> None:
    with pytest.raises(SpecError):
        read_document(folder / "gone.yml")
    (folder / "latin.yml").write_bytes(b"a: \xff")
    with pytest.raises(SpecError, match="UTF-8"):
        read_document(folder / "latin.yml")


@pytest.mark.parametrize("setting", ["a", "=1", "a..b=1", "tags.a.b=1", "limits.timeout.x=1"])
def test_settings_that_are_none(folder: Path, setting: str) -> None:
    assert "--set" in refusal(folder, setting).message


def test_advice(folder: Path) -> None:
    with pytest.warns(UserWarning, match=r"does not use search_space\.lr"):
        job_of(folder, SWEEP, "trial.command=run ${{inputs.n}}")
    with pytest.warns(UserWarning, match="installs packages"):
        job_of(folder, SWEEP, "trial.command=pip install x && run ${{search_space.lr}}")
