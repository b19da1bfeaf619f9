"""Data of real runs: what reaches the script, and what it leaves in the workspace."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from commands import overdrive
from commands import write_script

from overdrive import Experiment
from overdrive import ScriptRunConfig
from overdrive import SpecError
from overdrive import Workspace
from overdrive.client.run_spec import build_run_spec
from overdrive.registry import read_entry
from overdrive.report.datasets import Dataset
from overdrive.report.datasets import Datastore
from overdrive.report.datasets import OutputFileDatasetConfig

EXAMPLE = Path(__file__).parents[2] / "examples" / "azureml" / "iris"

SCRIPT = """
import json, os, sys
from azureml.core import Dataset, Run

run = Run.get_context()
assert os.path.isdir("outputs") and os.path.isdir("logs")
names = "AZUREML_DATAREFERENCE_many AZURE_ML_INPUT_many AZUREML_ARM_SUBSCRIPTION OVERDRIVE_RESTORE_NUMPY_NAMES".split()
given = run.input_datasets
found = {
    "argv": sys.argv[1:],
    "folder": sorted(os.listdir(sys.argv[2])),
    "copies": sorted(os.listdir(sys.argv[4])),
    "file": open(sys.argv[6]).read(),
    "raw": sorted(os.listdir(sys.argv[8])),
    "name": Dataset.get_by_id(run.experiment.workspace, sys.argv[10]).name,
    "inputs": {name: data if isinstance(data, str) else type(data).__name__ for name, data in given.items()},
    "outputs": run.output_datasets,
    "variables": {name: os.environ.get(name) for name in names},
}
open(os.path.join(sys.argv[12], "made.txt"), "w").write("made")
json.dump(found, open("outputs/found.json", "w"))
run.register_model("found", "outputs/found.json", tags={"n": 1})
"""


@pytest.fixture
def store(tmp_path: Path) -> Datastore:
    store = Datastore(Workspace())
    (tmp_path / "in").mkdir()
    for name in ("a.csv", "b.csv", "c.txt"):
        (tmp_path / "in" / name).write_text(f"x\n{name}\n")
    store.upload(str(tmp_path / "in"), "in")
    return store


def test_data_reaches_the_script(tmp_path: Path, store: Datastore) -> None:
    write_script(tmp_path / "src", SCRIPT)
    many = Dataset.File.from_files((store, "in/*.csv"))
    one = Dataset.File.from_files((store, "in/c.txt"))
    lone = Dataset.File.from_files((store, "in/*.txt"), is_file=True)
    rows = Dataset.Tabular.from_delimited_files((store, "in/a.csv")).register(Workspace(), "rows")
    out = OutputFileDatasetConfig("out", destination=(store, "made/{run-id}/{output-name}"))
    arguments = [
        *("--folder", many.as_named_input("many").as_mount(), "--copies", many.as_named_input("copies").as_download()),
        *("--file", one.as_named_input("one").as_mount(), "--raw", store.path("in").as_mount()),
        *("--rows", rows.as_named_input("rows"), "--out", out),
    ]
    aside = [
        many.as_named_input("aside"),
        lone.as_named_input("lone").as_download(),
        Dataset.File.from_files((store, "in/*.txt")).as_named_input("pattern").as_mount(),
    ]
    config = ScriptRunConfig(str(tmp_path / "src"), "train.py", arguments, inputs=aside)
    run = Experiment(Workspace(), "data").submit(config)
    run.wait_for_completion()
    folder, raw = f"{run.folder}/inputs", store.local_path("in")
    made = store.local_path(f"made/{run.id}/out")
    run.download_file("outputs/found.json", str(tmp_path / "found.json"))
    found = json.loads((tmp_path / "found.json").read_text())
    assert found["argv"] == [
        *("--folder", f"{folder}/many", "--copies", f"{folder}/copies", "--file", f"{raw}/c.txt", "--raw", raw),
        *("--rows", rows.id, "--out", made),
    ]
    assert found["folder"] == found["copies"] == ["a.csv", "b.csv"]
    assert (found["file"], found["raw"], found["name"]) == ("x\nc.txt\n", ["a.csv", "b.csv", "c.txt"], "rows")
    assert found["inputs"] == {
        "many": f"{folder}/many",
        "copies": f"{folder}/copies",
        "one": f"{raw}/c.txt",
        "rows": "TabularDataset",
        "aside": "FileDataset",
        "lone": f"{folder}/lone/c.txt",
        "pattern": f"{folder}/pattern",
    }
    assert found["outputs"] == {"out": made}
    assert Path(made, "made.txt").read_text() == "made"
    assert found["variables"] == {
        "AZUREML_DATAREFERENCE_many": f"{folder}/many",
        "AZURE_ML_INPUT_many": f"{folder}/many",
        "AZUREML_ARM_SUBSCRIPTION": "local",
        "OVERDRIVE_RESTORE_NUMPY_NAMES": None,
    }
    assert os.path.islink(f"{folder}/many/a.csv") and not os.path.islink(f"{folder}/copies/a.csv")
    shown = run.get_details()["runDefinition"]["arguments"]
    assert shown[1] == "DatasetConsumptionConfig:many" and shown[7] == "$AZUREML_DATAREFERENCE_workspaceblobstore_in"
    (version,) = (read_entry(Workspace().path, "models", "found") or {})["versions"]
    assert (version["run_id"], version["tags"]) == (run.id, {"n": "1"})


def test_missing_data_is_said_before_anything_starts(tmp_path: Path, store: Datastore) -> None:
    write_script(tmp_path / "src", SCRIPT)
    gone = Dataset.File.from_files((store, "gone"), validate=False).as_named_input("gone").as_mount()
    with pytest.raises(SpecError, match="gone") as caught:
        Experiment(Workspace(), "data").submit(ScriptRunConfig(str(tmp_path / "src"), "train.py", ["--x", gone]))
    assert caught.value.field == "inputs"
    assert not list((Workspace().path / "runs").glob("*"))


def test_a_dataset_needs_a_name_to_be_an_argument(tmp_path: Path, store: Datastore) -> None:
    files = Dataset.File.from_files((store, "in"))
    with pytest.raises(SpecError, match="as_named_input"):
        ScriptRunConfig(str(tmp_path), "train.py", ["--x", files])
    with pytest.raises(SpecError, match="as_named_input"):
        ScriptRunConfig(str(tmp_path), "train.py", inputs=[files])  # type: ignore[list-item]
    write_script(tmp_path)
    named = [files.as_named_input("x"), files.take(1).as_named_input("x")]
    with pytest.raises(SpecError, match="one data set a name"):
        build_run_spec(ScriptRunConfig(str(tmp_path), "train.py", named))


READS = """
import urllib.request
from azureml.core import Run
with urllib.request.urlopen("https://host.invalid/x.csv") as answer:
    Run.get_context().log("accuracy", float(answer.read()))
import os
assert os.environ.get("OVERDRIVE_RESTORE_NUMPY_NAMES") == "1"
"""


def test_tune_reads_a_mapped_url(tmp_path: Path) -> None:
    script = write_script(tmp_path / "src", READS)
    (tmp_path / "x.csv").write_text("0.75")
    options = ("-s", "lr=choice(1)", "-m", "accuracy", "--goal", "maximize", "--restore-numpy-names", "--json")
    done = overdrive("tune", "--map", f"https://host.invalid/x.csv={tmp_path / 'x.csv'}", script, *options)
    assert "0.75" in done.stdout
    assert json.loads((tmp_path / "src" / "overdrive-map.json").read_text()) == {
        "https://host.invalid/x.csv": str(tmp_path / "x.csv")
    }


def test_in_any_python_a_map_beside_the_script_counts(tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_text("0.75")
    (tmp_path / "overdrive-map.json").write_text('{"https://host.invalid/x.csv": "x.csv"}')
    (tmp_path / "control.py").write_text(
        "import urllib.request\nimport overdrive.azureml\n"
        "print(urllib.request.urlopen('https://host.invalid/x.csv').read().decode())\n"
    )
    done = subprocess.run(
        [sys.executable, tmp_path / "control.py"], cwd="/", capture_output=True, text=True, check=False
    )
    assert (done.stdout, done.stderr) == ("0.75\n", "")


@pytest.mark.parametrize("way", ["", "url"])
def test_the_example(way: str) -> None:
    pytest.importorskip("pandas")
    done = overdrive("run", EXAMPLE / "control.py", *filter(None, [way]))
    last = done.stdout.splitlines()[-1]
    assert " 0.976744" in last and ("DatasetConsumptionConfig:iris" in last) is (not way)
    assert len((read_entry(Workspace().path, "models", "iris") or {})["versions"]) == 6
