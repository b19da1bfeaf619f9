"""A control script for azure.ai.ml as it stands, and the namespace `azure` that it shares with installed packages."""

import json
import os
import subprocess
import sys
from pathlib import Path

from commands import overdrive

CONTROL = """
import json
from azure.ai.ml import MLClient, command
from azure.ai.ml.entities import Data, Model
from azure.ai.ml.sweep import BanditPolicy, Choice, Uniform
from azure.core.exceptions import ResourceNotFoundError
from azure.identity import DefaultAzureCredential

ml_client = MLClient(DefaultAzureCredential(), "subscription", "group", "workspace")
ml_client.data.create_or_update(Data(name="table", path="table.csv", type="uri_file"))
try:
    ml_client.jobs.get("nothing")
except ResourceNotFoundError:
    print("no job")
job = command(
    code="./src",
    command="python main.py --table ${{inputs.table}} --lr ${{inputs.lr}} --kind ${{inputs.kind}} "
    "--out ${{outputs.out}}",
    environment="any@latest",
    inputs={"table": {"type": "uri_file", "path": "azureml:table:1"}, "lr": 0.9, "kind": "a"},
    outputs={"out": {"type": "uri_folder"}},
)
single = ml_client.jobs.create_or_update(job)
ml_client.jobs.stream(single.name)
sweep = job(lr=Choice([0.5, 0.75]), kind=Choice(values=["a", "b c"])).sweep(
    compute="cluster", sampling_algorithm="grid", primary_metric="score", goal="Maximize",
    early_termination_policy=BanditPolicy(slack_factor=0.5, delay_evaluation=3),
)
sweep.set_limits(max_total_trials=4, max_concurrent_trials=2, timeout=600)
sweep.display_name, sweep.experiment_name = "shown", "tries"
returned = ml_client.create_or_update(sweep)
ml_client.jobs.stream(returned.name)
returned = ml_client.jobs.get(name=returned.name)
best = returned.properties["best_child_run_id"]
ml_client.jobs.download(returned.name, download_path="got", output_name="out")
ml_client.models.create_or_update(
    Model(path=f"azureml://jobs/{best}/outputs/artifacts/paths/outputs/out/", name="model", type="custom_model"))
print(json.dumps({
    "single": ml_client.jobs.get(single.name).status, "sweep": returned.status, "shown": returned.display_name,
    "url": returned.studio_url, "trials": len(list(ml_client.jobs.list(parent_job_name=returned.name))),
    "best": best == returned.name + "_3", "got": open("got/named-outputs/out/said.txt").read(),
    "model": ml_client.models.get("model", version="1").version,
}))
"""

MAIN = """
import argparse, os
from overdrive import Run
parser = argparse.ArgumentParser()
for name in ("table", "lr", "kind", "out"):
    parser.add_argument("--" + name)
args = parser.parse_args()
assert open(args.table).read() == "a,b"
Run.get_context().log("score", float(args.lr) + (args.kind == "b c"))
open(os.path.join(args.out, "said.txt"), "w").write(args.kind)
"""


def test_a_control_script(tmp_path: Path, monkeypatch) -> None:
    (tmp_path / "src").mkdir()
    (tmp_path / "src/main.py").write_text(MAIN)
    (tmp_path / "table.csv").write_text("a,b")
    (tmp_path / "control.py").write_text(CONTROL)
    monkeypatch.chdir(tmp_path)
    out = overdrive("run", "control.py").stdout
    assert "no job" in out
    said = json.loads(out.splitlines()[-1])
    assert said.pop("url").startswith("file:")
    assert said == {
        "single": "Completed",
        "sweep": "Completed",
        "shown": "shown",
        "trials": 4,
        "best": True,
        "got": "b c",
        "model": "1",
    }


def python(code: str, *folders: Path) -> list[str]:
    """What `code` prints, with these folders on the import path."""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(map(str, folders))}
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.split()


def write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def test_installed_packages_stay(tmp_path: Path) -> None:
    """Whether their `azure` is a namespace or extends its path; ours answers only where there is none."""
    code = (
        "import overdrive.azureml, azure.storage, azure.identity, azure.ai.ml, azure.ai.other;"
        "print(azure.storage.NAME, azure.identity.NAME, azure.ai.other.NAME, azure.ai.ml.MLClient.__name__,"
        " azure.identity.more.NAME)"
    )
    wanted = ["storage", "theirs", "other", "MLClient", "more"]
    for n, head in enumerate((None, "__path__ = __import__('pkgutil').extend_path(__path__, __name__)\n")):
        top = tmp_path / str(n)
        write(top / "azure/storage.py", "NAME = 'storage'")
        write(top / "azure/identity/__init__.py", "from azure.identity import more\nNAME = 'theirs'")
        write(top / "azure/identity/more.py", "NAME = 'more'")
        write(top / "azure/ai/other.py", "NAME = 'other'")
        if head:
            write(top / "azure/__init__.py", head)
            write(top / "azure/ai/__init__.py", head)
        assert python(code, top) == wanted


def test_names_that_are_not_here(tmp_path: Path) -> None:
    code = """
import overdrive.azureml
for line in ("from azure.ai.ml import automl", "import azure.ai.ml.automl", "from azure.ai.ml.sweep import Nothing"):
    try:
        exec(line)
    except ImportError as error:
        print(type(error).__name__, str(error).startswith("Overdrive has no azure.ai.ml."))
from azure.ai.ml import *
print(MLClient.__name__, "Input" in dir(__import__("azure.ai.ml").ai.ml))
"""
    assert python(code) == ["NotHereError", "True"] * 3 + ["MLClient", "True"]


def test_every_name_in_the_table_is_there() -> None:
    code = """
import overdrive.azureml, importlib
from azure.ai.ml._names import MODULES
for module, names in MODULES.items():
    for name in names.split():
        assert getattr(importlib.import_module(module), name) is not None, (module, name)
print("all")
"""
    assert python(code) == ["all"]
