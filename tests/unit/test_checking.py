"""What `overdrive check` finds in code that it only reads."""

import json
from pathlib import Path

import pytest

from overdrive.cli.from_azure import page
from overdrive.compat.azureml.coverage import Status
from overdrive.compat.checking.findings import Findings
from overdrive.compat.checking.findings import check
from overdrive.compat.checking.served import modules
from overdrive.compat.checking.served import name_row
from overdrive.errors import SpecError

DOCS = Path(__file__).parents[2] / "docs"
WORKS, DIFFERS, NOT_HERE = Status


def look(folder: Path, code: str, name: str = "control.py") -> Findings:
    path = folder / name
    path.write_text(code, encoding="utf-8")
    return check([path])[0]


def statuses(found: Findings) -> dict[str, Status]:
    return {row.name: row.status for row in found.names}


@pytest.mark.parametrize(
    ("code", "name", "status"),
    [
        ("from azureml.core import Experiment", "Experiment", WORKS),
        ("from azureml.core import Workspace as W", "Workspace", DIFFERS),
        ("from azureml.core.webservice import AciWebservice", "AciWebservice", NOT_HERE),
        ("from azureml.core import NoSuchName", "azureml.core.NoSuchName", NOT_HERE),
        ("from azureml.opendatasets import MNIST", "azureml.opendatasets.MNIST", NOT_HERE),
        ("import azureml.contrib.notebook as n", "azureml.contrib.notebook", NOT_HERE),
        ("import azureml.train.hyperdrive as hd\nhd.choice(1, 2)", "choice", WORKS),
        ("import azureml.core\nazureml.core.Workspace.get('x')", "Workspace", DIFFERS),
        ("import azureml.core\nazureml.core.Nothing()", "azureml.core.Nothing", NOT_HERE),
        ("from azureml.core import Workspace\nws = Workspace.from_config()\nws.get_default_keyvault()",
         "Workspace.get_default_keyvault", NOT_HERE),
        ("from azureml.core import Model\nModel.deploy(1)", "Model.deploy", NOT_HERE),
        ("from azureml.core import Run\nrun = Run.get_context()\nrun.no_such_method()", "Run.no_such_method", NOT_HERE),
        ("from azure.ai.ml import MLClient", "MLClient", WORKS),
        ("from azure.ai.ml.entities import ManagedOnlineEndpoint", "ManagedOnlineEndpoint", NOT_HERE),
        ("from azure.ai.ml import automl", "azure.ai.ml.automl", NOT_HERE),
    ],
)  # fmt: skip
def test_what_is_said_of_a_name(tmp_path: Path, code: str, name: str, status: Status) -> None:
    found = look(tmp_path, code)
    assert statuses(found)[name] is status
    row = next(row for row in found.names if row.name == name)
    assert bool(row.sentence) == (status is not WORKS)
    assert found.is_ready == (NOT_HERE not in statuses(found).values())


def test_members_that_are_here_are_not_complained_about(tmp_path: Path) -> None:
    code = (
        "from azureml.core import Workspace, Experiment\nfrom azureml.train.hyperdrive import HyperDriveConfig\n"
        "ws = Workspace.from_config()\nrun = Experiment(ws, 'e').submit(HyperDriveConfig())\n"
        "run.wait_for_completion()\nbest = run.get_best_run_by_primary_metric()\nbest.register_model('m')\n"
    )
    assert NOT_HERE not in statuses(look(tmp_path, code)).values()


def test_of_what_a_star_gives_only_what_is_used_counts(tmp_path: Path) -> None:
    code = "from azureml.core import *\nws = Workspace.from_config()\nws.get_default_keyvault()\n"
    found = statuses(look(tmp_path, code))
    assert found == {"Workspace": DIFFERS, "Workspace.get_default_keyvault": NOT_HERE}
    assert statuses(look(tmp_path, "from azureml.core import *\nKeyvault()")) == {"Keyvault": NOT_HERE}
    assert statuses(look(tmp_path, "from azureml.opendatasets import *")) == {"azureml.opendatasets.*": NOT_HERE}


def test_a_name_is_said_once_with_all_places(tmp_path: Path) -> None:
    code = "from azureml.core import Model\nModel.deploy(1)\nModel.deploy(2)\n"
    found = look(tmp_path, code)
    places = next(places for row, places in found.names.items() if row.name == "Model.deploy")
    assert places == ["line 2", "line 3"]


def test_a_notebook_is_read_cell_by_cell_with_the_script_that_it_writes(tmp_path: Path) -> None:
    cells = [
        "%matplotlib inline\nfrom azureml.core import Workspace",
        "ws = Workspace.from_config()\n!ls {ws}",
        "ws.get_default_keyvault()",
        "%%writefile $folder/train.py\nimport no_such_module\nimport os",
        "def broken(:",
    ]
    notebook = {"cells": [{"cell_type": "code", "source": [cell]} for cell in cells]}
    (tmp_path / "n.ipynb").write_text(json.dumps(notebook))
    main, script = check([tmp_path / "n.ipynb"])
    where = next(places for row, places in main.names.items() if row.name == "Workspace.get_default_keyvault")
    assert where == ["cell 3, line 1"]
    assert [problem.partition(":")[0] for problem in main.problems] == ["cell 5, line 1 cannot be read as Python 3"]
    assert script.name.endswith("n.ipynb: $folder/train.py")
    assert script.missing == {"no_such_module": "line 1"}


def test_the_training_script_and_what_lies_beside_it_are_read_too(tmp_path: Path) -> None:
    (tmp_path / "src").mkdir()
    (tmp_path / "src" / "train.py").write_text("import layers\nimport numpy as np\nx = np.float(1)\n")
    (tmp_path / "src" / "layers.py").write_text("import no_such_module.part\ntry:\n    import no_other\nexcept: pass\n")
    look(tmp_path, "run('src', script='train.py')\n")
    found = {Path(entry.name).name: entry for entry in check([tmp_path / "control.py"])}
    assert set(found) == {"control.py", "train.py", "layers.py"}
    assert found["train.py"].numpy == {"np.float": "line 3"}
    assert found["train.py"].missing == {}
    assert found["layers.py"].missing == {"no_such_module": "line 1"}


def test_urls_that_no_map_leads_to_a_file(tmp_path: Path) -> None:
    code = '"https://example.org/page"\nread("https://example.org/a.csv")\nurl = "https://example.org/b.csv"\n'
    assert look(tmp_path, code).urls == {"https://example.org/a.csv": "line 2", "https://example.org/b.csv": "line 3"}
    (tmp_path / "overdrive-map.json").write_text('{"https://example.org/a.csv": "a.csv"}')
    assert set(look(tmp_path, code).urls) == {"https://example.org/b.csv"}


def test_a_folder_and_a_sweep_file(tmp_path: Path) -> None:
    (tmp_path / "train.py").write_text("import no_such_module\n")
    (tmp_path / "other.yml").write_text("a: 1\n")
    (tmp_path / "old.executed.ipynb").write_text("{}")
    (tmp_path / "sweep.yml").write_text("type: sweep\ntrial:\n  code: .\n  command: python train.py\n")
    found = {Path(entry.name).name: entry for entry in check([tmp_path])}
    assert set(found) == {"sweep.yml", "train.py"}
    assert "sweep.yml" in found["sweep.yml"].problems[0]  # it lacks a space, and says where


def test_a_path_that_is_none(tmp_path: Path) -> None:
    with pytest.raises(SpecError, match="names no file"):
        check([tmp_path / "nothing.py"])


def test_the_page_is_current() -> None:
    again = "make it anew: python -m overdrive.cli.from_azure docs/from-azure.md"
    assert (DOCS / "from-azure.md").read_text(encoding="utf-8") == page(), again


def test_every_name_of_the_tables_is_served_or_said_not_to_be() -> None:
    for module, names in modules().items():
        for name in names:
            row = name_row(module, name)
            assert row.status is WORKS or row.sentence, f"{module}.{name}"
            assert "is not in Overdrive" not in row.sentence, f"{module}.{name} is in the table and nowhere else"
