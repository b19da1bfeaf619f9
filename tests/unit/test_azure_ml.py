"""The Python form of jobs (azure.ai.ml): what scripts build says the same as a job file."""

from pathlib import Path

import pytest

from overdrive.client import HyperDriveConfig
from overdrive.client import Workspace
from overdrive.compat import azure_ml
from overdrive.compat.sweep_yaml import Job
from overdrive.compat.sweep_yaml import read_job
from overdrive.errors import NotFoundError
from overdrive.errors import SpecError
from overdrive.errors import UnsupportedError
from overdrive.termination import BanditPolicy
from overdrive.termination import MedianStoppingPolicy
from overdrive.termination import TruncationSelectionPolicy


def read(job: azure_ml.SweepJob) -> HyperDriveConfig:
    config = read_job(job.document()).config
    assert isinstance(config, HyperDriveConfig)
    return config


@pytest.fixture
def node(tmp_path: Path) -> azure_ml.Command:
    (tmp_path / "data.csv").write_text("a")
    return azure_ml.command(
        command="python main.py --data ${{inputs.data}} --lr ${{inputs.lr}} --kind ${{inputs.kind}}",
        inputs={"data": azure_ml.Input(type="uri_file", path=tmp_path / "data.csv"), "lr": 0.9, "kind": "gbdt"},
        environment="some@latest",
        compute="cpu-cluster",
        timeout=60,
        instance_count=1,
    )


def sweep(node: azure_ml.Command, **more) -> azure_ml.SweepJob:
    called = node(lr=azure_ml.Uniform(min_value=0.01, max_value=0.9), kind=azure_ml.Choice(["gbdt", "dart"]))
    job = called.sweep(primary_metric="loss", goal="Minimize", **more)
    job.set_limits(max_total_trials=20, max_concurrent_trials=10, timeout=7200)
    return job


def test_a_command_alone(node: azure_ml.Command, tmp_path: Path) -> None:
    job = read_job(node.document())
    assert isinstance(job, Job)
    script = job.config
    assert not isinstance(script, HyperDriveConfig)
    assert script.bindings == {"inputs.data": str(tmp_path / "data.csv"), "inputs.lr": "0.9", "inputs.kind": "gbdt"}
    assert script.max_run_duration_seconds == 60


def test_a_sweep_over_a_called_command(node: azure_ml.Command) -> None:
    config = read(sweep(node, max_total_trials=5))
    assert config.hyperparameter_sampling.to_json() == {
        "name": "RANDOM",
        "parameter_space": {"lr": ["uniform", [0.01, 0.9]], "kind": ["choice", [["gbdt", "dart"]]]},
    }
    assert (config.max_total_runs, config.max_concurrent_runs, config.max_duration_minutes) == (20, 10, 120)
    command = str(config.script_run_config().command)
    assert command.endswith("--lr ${{search_space.lr}} --kind ${{search_space.kind}}")
    assert node.inputs["lr"] == 0.9, "calling a command leaves it as it was"


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (azure_ml.BanditPolicy(slack_factor=0.15, evaluation_interval=1, delay_evaluation=10), (1, 10)),
        (azure_ml.BanditPolicy(slack_amount=0.2), BanditPolicy(1, slack_amount=0.2)),
        (azure_ml.MedianStoppingPolicy(delay_evaluation=5, evaluation_interval=2), MedianStoppingPolicy(2, 5)),
        (azure_ml.TruncationSelectionPolicy(truncation_percentage=20), TruncationSelectionPolicy(20)),
    ],
)
def test_policies(node: azure_ml.Command, said: object, expected: object) -> None:
    job = sweep(node)
    job.early_termination = said
    policy = read(job).policy
    if isinstance(expected, tuple):
        expected = BanditPolicy(expected[0], slack_factor=0.15, delay_evaluation=expected[1])
    assert policy == expected


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (azure_ml.QUniform(0, 10, 2), ["quniform", [0, 10, 2]]),
        (azure_ml.LogUniform(min_value=-6, max_value=-1), ["loguniform", [-6, -1]]),
        (azure_ml.QLogUniform(0, 3, 1), ["qloguniform", [0, 3, 1]]),
        (azure_ml.Normal(mu=0, sigma=1), ["normal", [0, 1]]),
        (azure_ml.QNormal(0, 1, 1), ["qnormal", [0, 1, 1]]),
        (azure_ml.LogNormal(0, 1), ["lognormal", [0, 1]]),
        (azure_ml.QLogNormal(0, 1, 1), ["qlognormal", [0, 1, 1]]),
        (azure_ml.Randint(upper=4), ["randint", [4]]),
    ],
)
def test_distributions(node: azure_ml.Command, said: object, expected: list) -> None:
    job = node(lr=said).sweep(primary_metric="m", goal="maximize", max_total_trials=2)
    assert read(job).hyperparameter_sampling.space.to_json()["lr"] == expected


def test_a_sweep_job_by_its_constructor(node: azure_ml.Command) -> None:
    job = azure_ml.SweepJob(
        trial=node,
        inputs=node.inputs,
        search_space={"lr": azure_ml.Choice([0.1, 0.2])},
        sampling_algorithm=azure_ml.RandomSamplingAlgorithm(rule="sobol", seed=3),
        objective=azure_ml.Objective("maximize", "m"),
        limits=azure_ml.SweepJobLimits(max_total_trials=4, trial_timeout=9),
    )
    job.set_objective(primary_metric="n")
    config = read(job)
    assert config.hyperparameter_sampling.properties == {"rule": "sobol", "seed": 3}
    assert (config.primary_metric_name, config.script_run_config().max_run_duration_seconds) == ("n", 9)


def test_what_is_wrong_is_named(node: azure_ml.Command) -> None:
    with pytest.raises(SpecError, match="takes a sweep"):
        node(lr=azure_ml.Uniform(0, 1)).document()
    with pytest.raises(SpecError, match="inputs of the command"):
        node(gone=1)
    with pytest.raises(SpecError) as caught:
        read(node(lr=azure_ml.Uniform(0, 1)).sweep(primary_metric="m", goal="maximize"))
    assert caught.value.field == "limits.max_total_trials"
    with pytest.raises(SpecError, match="no such field"):
        azure_ml.command(comand="x")


def test_a_file_as_a_job(tmp_path: Path) -> None:
    """Errors name the file's lines while the job is as it was read."""
    file = tmp_path / "sweep.yml"
    file.write_text(
        "type: sweep\ntrial: {command: 'run ${{search_space.x}}'}\nsearch_space: {x: {type: randint, upper: 0}}\n"
        "objective: {goal: maximize, primary_metric: m}\nlimits: {max_total_trials: 1}\n"
    )
    job = azure_ml.load_job(file)
    assert isinstance(job, azure_ml.SweepJob)
    with pytest.raises(SpecError, match=r"sweep\.yml:3: "):
        read(job)
    job.search_space["x"]["upper"] = 5
    assert (job.limits.max_total_trials, job.objective.goal) == (1, "maximize")
    job.set_limits(max_total_trials=3)
    assert read(job).max_total_runs == 3
    job.limits.max_total_trials = 4
    assert (job.limits.timeout, read(job).max_total_runs) == (None, 4)
    changed = azure_ml.load_job(file, params_override=[{"search_space.x.upper": 2}, {"description": "a: 1"}])
    assert isinstance(changed, azure_ml.SweepJob)
    assert read(changed).hyperparameter_sampling.space.count == 2
    assert changed.description == "a: 1"


def test_a_component(tmp_path: Path) -> None:
    (tmp_path / "src").mkdir()
    file = tmp_path / "train.yml"
    file.write_text(
        "type: command\nname: t\ninputs:\n  lr: {type: number, default: 1}\n  data: {type: uri_file}\n"
        "code: ./src\ncommand: python a.py ${{inputs.lr}} ${{inputs.data}}\n"
    )
    component = azure_ml.load_component(source=file)
    job = component(lr=azure_ml.Choice([1, 2]), data=azure_ml.Input(type="uri_file", path=file)).sweep(
        primary_metric="m", goal="maximize", max_total_trials=2
    )
    script = read(job).script_run_config()
    assert (script.bindings, script.source_directory) == ({"inputs.data": str(file)}, str(tmp_path / "src"))
    with pytest.raises(SpecError, match="inputs that have a value"):
        read_job(component(lr=1).document())


def test_what_is_kept_by_name(tmp_path: Path) -> None:
    client = azure_ml.MLClient(object(), "s", "g", "w")
    file = tmp_path / "d.csv"
    file.write_text("a")
    assert client.data.create_or_update(azure_ml.Data(name="d", path=file, type="uri_file")).id == "d:1"
    assert client.create_or_update(azure_ml.Data(name="d", path=tmp_path, type="uri_folder")).version == "2"
    assert (client.data.get("d", version="1").path, client.data.get("d", label="latest").path) == (
        str(file),
        str(tmp_path),
    )
    assert [data.version for data in client.data.list()] == ["2", "1"]
    assert client.environments.create_or_update(azure_ml.Environment(name="e", image="x")).version == "1"
    assert client.environments.get("any", version="3").version == "3"
    model = client.models.create_or_update(model=azure_ml.Model(path=file, name="m", type="custom_model"))
    assert (model.version, Path(client.models.get("m").path, "d.csv").read_text()) == ("1", "a")
    client.models.download("m", "1", download_path=tmp_path / "got")
    assert (tmp_path / "got/m/d.csv").read_text() == "a"
    for operations in (client.data, client.models):
        with pytest.raises(NotFoundError):
            operations.get("none")
    assert (client.workspaces.get("w").name, client.compute.get("c").provisioning_state) == ("w", "Succeeded")
    assert client.begin_create_or_update(azure_ml.AmlCompute(name="c", size="x")).result().size == "x"


def test_what_only_a_cloud_has(tmp_path: Path) -> None:
    client = azure_ml.MLClient()
    endpoint = azure_ml.ManagedOnlineEndpoint(name="e", auth_mode="key")
    with pytest.raises(UnsupportedError, match="Azure's"):
        client.begin_create_or_update(endpoint)
    with pytest.raises(UnsupportedError, match="online endpoints"):
        client.online_endpoints.get(name="e")

    @azure_ml.pipeline(default_compute="x")
    def steps() -> None: ...

    with pytest.raises(UnsupportedError, match="steps"):
        steps()
    with pytest.raises(UnsupportedError):
        client.jobs.create_or_update(steps)
    assert not Workspace().sweeps_folder.exists()
