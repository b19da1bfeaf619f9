"""The control side of Azure ML's SDK beside HyperDrive itself: workspace, compute, environments, estimators, models.

Facts from azureml-core 1.61. Types, fields and values are tested, never the wording.
"""

import json
import subprocess
import sys
import textwrap
import warnings
from pathlib import Path

import pytest

from overdrive.compat import azureml
from overdrive.compat.azureml import AmlCompute
from overdrive.compat.azureml import ComputeTarget
from overdrive.compat.azureml import CondaDependencies
from overdrive.compat.azureml import Environment
from overdrive.compat.azureml import Estimator
from overdrive.compat.azureml import HyperDriveConfig
from overdrive.compat.azureml import Model
from overdrive.compat.azureml import UserErrorException
from overdrive.compat.azureml import Workspace
from overdrive.compat.azureml import coverage
from overdrive.errors import SpecError
from overdrive.errors import UnsupportedError

# Imports

MODULES = {
    "azureml.core": "ComputeTarget Dataset Datastore Experiment Image Model Run Webservice Workspace get_run",
    "azureml.core.authentication": "AzureCliAuthentication ServicePrincipalAuthentication MsiAuthentication",
    "azureml.core.compute": "AksCompute AmlCompute ComputeInstance ComputeTarget",
    "azureml.core.compute.amlcompute": "AmlCompute",
    "azureml.core.compute_target": "ComputeTargetException",
    "azureml.core.environment": "CondaDependencies Environment",
    "azureml.core.image": "ContainerImage",
    "azureml.core.model": "InferenceConfig Model",
    "azureml.core.resource_configuration": "ResourceConfiguration",
    "azureml.core.runconfig": "CondaDependencies DEFAULT_CPU_IMAGE DockerConfiguration EnvironmentDefinition "
    "MpiConfiguration RunConfiguration",
    "azureml.core.webservice": "AciWebservice AksWebservice LocalWebservice Webservice",
    "azureml.automl.core.shared": "constants",
    "azureml.exceptions": "ComputeTargetException UserErrorException WebserviceException",
    "azureml.telemetry": "set_diagnostics_collection",
    "azureml.train.automl": "AutoMLConfig",
    "azureml.train.automl.automlconfig": "AutoMLConfig",
    "azureml.train.automl.run": "AutoMLRun",
    "azureml.train.dnn": "Chainer PyTorch TensorFlow",
    "azureml.train.estimator": "Estimator",
    "azureml.train.sklearn": "SKLearn",
}


def test_every_import() -> None:
    lines = ["import overdrive.azureml"]
    lines += [f"from {module} import {name}" for module, names in MODULES.items() for name in names.split()]
    done = subprocess.run([sys.executable, "-c", "\n".join(lines)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_what_azures_packages_had_imported_for_scripts() -> None:
    """Notebooks say `import urllib` and call `urllib.request.urlretrieve`."""
    code = """
        import overdrive.azureml, sys
        import urllib
        import azureml.core
        assert "urllib.request" not in sys.modules, "it is loaded for those who need it"
        urllib.request.urlopen, urllib.error.URLError, urllib.parse.quote
        assert not hasattr(urllib, "requests")
    """
    done = subprocess.run([sys.executable, "-c", textwrap.dedent(code)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_each_name_of_the_table_is_somewhere() -> None:
    """Every name that a module offers is served by one side, or has a row that says why not."""
    code = """
        import overdrive.azureml
        import importlib
        from azureml._names import MODULES
        for module, names in MODULES.items():
            for name in names.split():
                getattr(importlib.import_module(module), name)
    """
    done = subprocess.run([sys.executable, "-c", textwrap.dedent(code)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("module", ["azureml.train.rl", "azureml.opendatasets", "azureml.nowhere", "azureml.dataprep"])
def test_other_modules_fail_in_one_sentence(module: str) -> None:
    code = f"import overdrive.azureml\ntry:\n    import {module}\nexcept ImportError as error:\n    print(error)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert module in done.stdout
    assert done.stdout.count("\n") == 1


# The table


def test_rows() -> None:
    assert coverage.find("Experiment.submit").status is coverage.Status.WORKS
    assert coverage.find("AmlCompute").status is coverage.Status.DIFFERS
    assert coverage.find("Model.deploy").status is coverage.Status.NOT_HERE
    assert coverage.find("azureml.train.automl.runtime").status is coverage.Status.NOT_HERE
    for row in coverage.rows():
        assert row.sentence
        assert "{" not in row.sentence
        assert "\n" not in row.sentence


@pytest.mark.parametrize("name", [name for name in coverage.DIFFERS if "." not in name])
def test_what_differs_is_here(name: str) -> None:
    assert hasattr(azureml, name)


def only_azure(name: str) -> object:
    """Uses a name that only Azure can give a meaning."""
    uses = {
        "Model.deploy": lambda: Model.deploy(Workspace(), "service", [], None, None),
        "Model.package": lambda: Model.package(Workspace(), []),
        "AciWebservice": lambda: azureml.AciWebservice(Workspace(), "service"),
        "Webservice": lambda: azureml.Webservice.deploy_from_model(Workspace(), "service", [], None),
        "ContainerImage": lambda: azureml.ContainerImage.create(Workspace(), "image"),
        "AutoMLConfig": lambda: azureml.Experiment(Workspace(), "e").submit(azureml.AutoMLConfig(task="regression")),
        "AutoMLRun": lambda: azureml.AutoMLRun(None, "id"),
        "Workspace.get_default_keyvault": lambda: Workspace().get_default_keyvault(),
        "ComputeTarget.attach": lambda: ComputeTarget.attach(Workspace(), "x", None),
    }
    return uses[name]()


@pytest.mark.parametrize(
    "name",
    [
        *(
            "Model.deploy",
            "Model.package",
            "AciWebservice",
            "Webservice",
            "ContainerImage",
            "AutoMLConfig",
            "AutoMLRun",
        ),
        *("Workspace.get_default_keyvault", "ComputeTarget.attach"),
    ],
)
def test_only_azure(name: str) -> None:
    with pytest.raises(azureml.AzureOnlyException) as caught:
        only_azure(name)
    assert caught.value.field == name
    assert isinstance(caught.value, UnsupportedError | UserErrorException)
    assert "\n" not in str(caught.value)


def test_settings_of_what_only_azure_does_are_kept() -> None:
    made = azureml.InferenceConfig(entry_script="score.py", environment=Environment("x"))
    assert made.entry_script == "score.py"
    assert azureml.AciWebservice.deploy_configuration(cpu_cores=1, memory_gb=1).memory_gb == 1


# Compute


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    monkeypatch.setenv("OVERDRIVE_WORKSPACE", str(tmp_path / "ws"))
    return Workspace.from_config()


def test_any_cluster_is_there(workspace: Workspace) -> None:
    name = list(workspace.compute_targets.keys())[0]  # noqa: RUF015  (as scripts write it)
    assert workspace.compute_targets[name].type == "AmlCompute"
    assert "cpu-cluster" in workspace.compute_targets
    target = workspace.compute_targets["cpu-cluster"]
    assert type(target) is AmlCompute
    assert type(ComputeTarget(workspace=workspace, name="x")) is AmlCompute
    assert target.provisioning_state == "Succeeded"
    assert workspace.get_default_compute_target("GPU").name
    target.wait_for_completion(show_output=False, min_node_count=None, timeout_in_minutes=20)
    assert [node["nodeState"] for node in target.list_nodes()] == ["idle", "idle"]
    with pytest.raises(azureml.ComputeTargetException):
        ComputeTarget(workspace, "")


def test_a_cluster_that_the_script_makes(workspace: Workspace) -> None:
    config = AmlCompute.provisioning_configuration(
        vm_size="STANDARD_D2_V2", vm_priority="lowpriority", min_nodes=0, max_nodes=4, idle_seconds_before_scaledown=60
    )
    made = ComputeTarget.create(workspace, "mine", config)
    made.wait_for_completion(show_output=True)
    status = made.get_status().serialize()
    assert status["scaleSettings"] == {"minNodeCount": 0, "maxNodeCount": 4, "nodeIdleTimeBeforeScaleDown": "PT60S"}
    assert (status["vmSize"], status["vmPriority"]) == ("STANDARD_D2_V2", "lowpriority")
    assert (status["allocationState"], status["provisioningState"]) == ("Steady", "Succeeded")
    assert made.status.current_node_count == 2
    json.dumps(status)
    assert list(workspace.compute_targets) == ["mine"]
    assert ComputeTarget(workspace, "mine").scale_settings.maximum_node_count == 4
    made.update(max_nodes=2)
    assert ComputeTarget(workspace, "mine").max_nodes == 2
    made.delete()
    assert "mine" not in list(workspace.compute_targets)
    assert AmlCompute.create(workspace, "again", config).name == "again"
    assert type(azureml.ComputeInstance(workspace=workspace, name="ci")) is azureml.ComputeInstance
    instance = ComputeTarget.create(
        workspace, "ci", azureml.ComputeInstance.provisioning_configuration(vm_size="STANDARD_D3_V2")
    )
    assert type(ComputeTarget(workspace, "ci")) is type(instance) is azureml.ComputeInstance
    aks = ComputeTarget.create(workspace, "aks", azureml.AksCompute.provisioning_configuration(agent_count=3))
    assert (aks.type, aks.provisioning_state) == ("AKS", "Succeeded")


@pytest.mark.parametrize("wrong", [{"max_nodes": -1}, {"min_nodes": 1.5}, {"min_nodes": 3, "max_nodes": 2}])
def test_wrong_node_counts(wrong: dict) -> None:
    with pytest.raises(azureml.ComputeTargetException) as caught:
        AmlCompute.provisioning_configuration(vm_size="x", **wrong)
    assert caught.value.field in wrong


def test_max_nodes_counts_only_where_the_user_says_so(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    from overdrive.compat.azureml.experiment import _bounded

    target = ComputeTarget.create(workspace, "c", AmlCompute.provisioning_configuration("x", max_nodes=3))
    script = azureml.ScriptRunConfig(".", "train.py", compute_target=target)
    config = configure(run_config=script, max_concurrent_runs=8)
    assert _bounded(config).max_concurrent_runs == 8
    monkeypatch.setenv("OVERDRIVE_CAP_BY_MAX_NODES", "1")
    assert _bounded(config).max_concurrent_runs == 3
    assert _bounded(configure(run_config=script, max_concurrent_runs=2)).max_concurrent_runs == 2
    assert _bounded(configure(run_config=script)).max_concurrent_runs == 3


def configure(**changes: object) -> HyperDriveConfig:
    fields: dict = {
        "hyperparameter_sampling": azureml.RandomParameterSampling({"--lr": azureml.uniform(0, 1)}),
        "primary_metric_name": "accuracy",
        "primary_metric_goal": azureml.PrimaryMetricGoal.MAXIMIZE,
        "max_total_runs": 4,
    }
    return HyperDriveConfig(**{**fields, **changes})


# Environments


CONDA = """
name: project
channels: [conda-forge]
dependencies:
  - python=3.8
  - scikit-learn
  - pip:
      - joblib==1.2
      - azureml-defaults
"""


def test_conda_dependencies_of_frameworks() -> None:
    made = CondaDependencies.create(conda_packages=["tensorflow=1.15"], pip_packages=["tensorflow-gpu", "cntk"])
    made.add_tensorflow_conda_package()
    assert made.conda_packages == ["tensorflow=2.2.0"]
    made.add_tensorflow_conda_package(core_type="gpu", version="1.13")
    assert made.conda_packages == ["tensorflow-gpu=1.13"]
    made.add_tensorflow_pip_package(version="2.4.1")
    made.add_cntk_package("gpu")
    assert made.pip_packages == ["tensorflow==2.4.1", "cntk-gpu==2.7"]
    for add in (made.add_cntk_package, made.add_tensorflow_pip_package, made.add_tensorflow_conda_package):
        with pytest.raises(UserErrorException, match="core_type"):
            add("tpu")
    made.set_pip_option("--extra-index-url https://more")
    made.remove_pip_option("--extra-index-url https://other")
    assert made.pip_options == []
    made.set_python_version("3.8")
    assert made.get_python_version() == "3.8"


def test_conda_dependencies(tmp_path: Path) -> None:
    (tmp_path / "conda.yml").write_text(CONDA)
    read = CondaDependencies(conda_dependencies_file_path=str(tmp_path / "conda.yml"))
    assert (read.python_version, read.conda_packages) == ("3.8", ["scikit-learn"])
    assert (read.pip_packages, read.conda_channels) == (["joblib==1.2", "azureml-defaults"], ["conda-forge"])
    made = CondaDependencies.create(
        pip_packages=["a", "B_c==1"], conda_packages=["x"], python_version="3.9", pip_indexurl="https://index"
    )
    made.add_pip_package("b-c==2")
    made.add_conda_package("pip")
    made.add_channel("mine")
    assert (made.pip_packages, made.conda_packages) == (["a", "b-c==2"], ["x"])
    assert made.pip_options == ["--index-url https://index"]
    made.save(tmp_path / "deep" / "made.yml")
    assert CondaDependencies(tmp_path / "deep" / "made.yml").as_dict() == made.as_dict()
    assert "b-c==2" in made.serialize_to_string()
    assert made.save_to_file(base_directory=tmp_path, conda_file_path="e.yml") == "e.yml"
    made.remove_pip_package("a")
    made.remove_conda_package("x")
    assert (made.pip_packages, made.conda_packages) == (["b-c==2"], [])


@pytest.mark.parametrize("text", ["- a\n- b", "dependencies: 3", "a: [", None])
def test_conda_files_that_are_none(tmp_path: Path, text: str | None) -> None:
    if text is not None:
        (tmp_path / "conda.yml").write_text(text)
    with pytest.raises(UserErrorException) as caught:
        Environment.from_conda_specification("x", tmp_path / "conda.yml")
    assert caught.value.field == "file_path"


def test_environments(workspace: Workspace, tmp_path: Path) -> None:
    (tmp_path / "conda.yml").write_text(CONDA)
    (tmp_path / "requirements.txt").write_text("# ours\npandas>=1\n\nnumpy # fast\n")
    made = Environment.from_conda_specification(name="sk", file_path=str(tmp_path / "conda.yml"))
    assert made.python.conda_dependencies.conda_packages == ["scikit-learn"]
    pip = Environment.from_pip_requirements("pip", tmp_path / "requirements.txt")
    assert pip.python.conda_dependencies.pip_packages == ["pandas>=1", "numpy"]
    made.docker.enabled = True
    made.docker.base_image = azureml.DEFAULT_CPU_IMAGE
    made.environment_variables = {"A": "1"}
    assert Environment.from_json(json.loads(json.dumps(made.to_json()))) == made
    cloned = made.clone("other")
    assert (cloned.name, cloned.docker.enabled, made.name) == ("other", True, "sk")
    assert (made.register(workspace).version, made.register(workspace).version) == ("1", "1")
    made.python.conda_dependencies.add_pip_package("new")
    assert made.register(workspace=workspace).version == "2"
    assert list(Environment.list(workspace)) == list(workspace.environments) == ["sk"]
    assert "new" in Environment.get(workspace, "sk").python.conda_dependencies.pip_packages
    assert "new" not in Environment.get(workspace, "sk", version="1").python.conda_dependencies.pip_packages
    assert Environment.get(workspace=workspace, name="AzureML-sklearn-0.24", version=3).version == "3"
    with pytest.raises(UserErrorException):
        Environment.get(workspace, "sk", version="9")
    made.save_to_directory(tmp_path / "saved")
    assert Environment.load_from_directory(tmp_path / "saved").to_json() == made.to_json()
    with pytest.raises(UserErrorException):
        made.save_to_directory(tmp_path / "saved")
    made.save_to_directory(tmp_path / "saved", overwrite=True)
    old = azureml.EnvironmentDefinition()
    old.docker.enabled, old.python.user_managed_dependencies = True, True


# Estimators

KINDS = [Estimator, azureml.SKLearn, azureml.PyTorch, azureml.TensorFlow, azureml.Chainer]


@pytest.mark.parametrize("kind", KINDS)
def test_estimators_become_script_configs(kind: type[Estimator], workspace: Workspace, tmp_path: Path) -> None:
    made = kind(
        source_directory=str(tmp_path),
        entry_script="train.py",
        script_params={"--kernel": "linear", "--penalty": 1.5, "--flag": ""},
        compute_target=ComputeTarget(workspace, "c"),
        pip_packages=["joblib"],
        conda_packages=["cmake"],
        environment_variables={"A": "1"},
        use_gpu=False,
        framework_version="1.0",
    )
    config = made.as_script_run_config()
    assert config.arguments == ["--kernel", "linear", "--penalty", 1.5, "--flag"]
    assert (config.script, config.source_directory) == ("train.py", str(tmp_path))
    assert config.run_config is made.run_config is made._estimator_config
    assert made.run_config.target.name == "c"
    assert {"joblib"} <= set(made.conda_dependencies.pip_packages)
    assert config.run_config.environment.environment_variables == {"A": "1"}


def test_space_wins_over_script_params() -> None:
    made = azureml.SKLearn(".", entry_script="train.py", script_params={"--lr": 0.1, "--epochs": 2})
    with pytest.warns(UserWarning, match="--lr"):
        found = configure(estimator=made).script_run_config()
    assert found.arguments == ["--epochs", 2]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert configure(run_config=azureml.ScriptRunConfig(".", "t.py", ["--lr", 1])).script_run_config().arguments


def test_an_environment_definition_wins(workspace: Workspace) -> None:
    made = Estimator(".", entry_script="t.py", environment_definition=Environment("mine"), pip_packages=["x"])
    assert made.run_config.environment.name == "mine"


@pytest.mark.parametrize("wrong", [{"entry_script": None}, {"script_params": ["--lr", 1]}, {"script_params": {3: 1}}])
def test_estimators_refuse(wrong: dict) -> None:
    with pytest.raises(UserErrorException) as caught:
        Estimator(**{"source_directory": ".", "entry_script": "t.py", **wrong})
    assert caught.value.field in wrong


# Models


def test_models(workspace: Workspace, tmp_path: Path) -> None:
    (tmp_path / "m.pkl").write_text("one")
    made = Model.register(
        workspace=workspace,
        model_path=str(tmp_path / "m.pkl"),
        model_name="sk",
        tags={"accuracy": 0.9, "list": [1, 2]},
        properties={"depth": 3},
        description="first",
        model_framework=Model.Framework.SCIKITLEARN,
        model_framework_version="1.0",
        resource_configuration=azureml.ResourceConfiguration(cpu=1, memory_in_gb=0.5),
    )
    assert (made.name, made.version, made.id, made.description) == ("sk", 1, "sk:1", "first")
    assert made.tags == {"accuracy": "0.9", "list": "[1, 2]"}
    assert made.properties == {"depth": "3"}
    assert (made.model_framework, made.model_framework_version) == ("ScikitLearn", "1.0")
    (tmp_path / "m.pkl").write_text("two")
    again = Model.register(workspace, str(tmp_path / "m.pkl"), "sk")
    assert again.version == 2
    assert Model(workspace, "sk").version == 2
    assert Model(workspace, name="sk", version=1).description == "first"
    assert Model(workspace, id="sk:1").version == 1
    assert [(model.name, model.version) for model in Model.list(workspace)] == [("sk", 2), ("sk", 1)]
    assert [model.version for model in Model.list(workspace, tags=[["accuracy", "0.9"]], latest=False)] == [1]
    assert Model.list(workspace, run_id="none") == []
    assert all(type(model) is Model for model in Model.list(workspace, name="sk"))
    assert workspace.models["sk"].version == 2
    path = Model(workspace, "sk", version=1).download(target_dir=str(tmp_path / "down"), exist_ok=True)
    assert Path(path).read_text() == "one"
    assert Path(Model.get_model_path("sk", _workspace=workspace)).read_text() == "two"
    made.add_tags({"new": True})
    made.update(description="better")
    assert Model(workspace, "sk", version=1).tags["new"] == "True"
    assert Model(workspace, "sk", version=1).description == "better"
    again.delete()
    assert Model(workspace, "sk").version == 1
    assert made.serialize()["id"] == "sk:1"


def test_folders_are_models_too(workspace: Workspace, tmp_path: Path) -> None:
    (tmp_path / "model" / "deep").mkdir(parents=True)
    (tmp_path / "model" / "deep" / "w").write_text("x")
    made = Model.register(workspace, tmp_path / "model", "folder")
    assert (Path(made.download(target_dir=tmp_path / "d")) / "deep" / "w").read_text() == "x"


def test_models_that_are_not_there(workspace: Workspace, tmp_path: Path) -> None:
    with pytest.raises(azureml.WebserviceException):
        Model(workspace, "nothing")
    with pytest.raises(azureml.WebserviceException):
        Model.get_model_path("nothing", _workspace=workspace)
    with pytest.raises(UserErrorException) as caught:
        Model.register(workspace, tmp_path / "nothing", "x")
    assert caught.value.field == "model_path"
    with pytest.raises(UserErrorException):
        Model.register(workspace, tmp_path, "x", tags=["a"])  # type: ignore[arg-type]
    assert isinstance(caught.value, SpecError)


# The rest


def test_workspace(workspace: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    named = Workspace.create("w", subscription_id="s", resource_group="r", location="eastus", exist_ok=True)
    assert (named.name, named.subscription_id, named.resource_group, named.location) == ("w", "s", "r", "eastus")
    assert Workspace("s", "r", "w") == named == Workspace.get("w")
    named.write_config(path=tmp_path, file_name="other.json")
    assert json.loads((tmp_path / ".azureml" / "other.json").read_text())["workspace_name"] == "w"
    assert Workspace.from_config(path=tmp_path / ".azureml" / "other.json").resource_group == "r"
    assert named.webservices == named.images == {}
    assert (named.webservices.get("mine"), "mine" in named.webservices) == (None, False)
    for kind in (KeyError, azureml.AzureOnlyException):
        with pytest.raises(kind, match="web service, which only Azure does"):
            named.webservices["mine"]
    assert named.get_mlflow_tracking_uri()
    assert list(Workspace.list("s")) == [workspace.name]
    for kind in ("AzureCliAuthentication", "InteractiveLoginAuthentication", "MsiAuthentication"):
        assert Workspace.from_config(auth=getattr(azureml, kind)()) == workspace
    secret = azureml.ServicePrincipalAuthentication("tenant", "id", service_principal_password="x")
    assert "x" not in repr(vars(secret))
    azureml.set_diagnostics_collection(send_diagnostics=True)
