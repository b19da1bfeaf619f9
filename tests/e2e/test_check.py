"""`overdrive check` as a person uses it, and imports of what is not here."""

import json
import sys
from pathlib import Path

import pytest
from commands import overdrive

CONTROL = """\
from azureml.core import Workspace, Experiment
from azureml.core.webservice import AciWebservice
import numpy as np
np.float(open("never-read-by-check"))
pd.read_csv("https://example.org/a.csv")
import no_such_module
from azureml_adapter import get_local_rank
"""


def test_it_says_what_works_and_what_is_lacking(tmp_path: Path) -> None:
    control = tmp_path / "control.py"
    control.write_text(CONTROL)
    done = overdrive("check", control, code=1)
    words = " ".join(done.stdout.split())
    for part in (
        f"{control} works Experiment",
        "works differently Workspace: ",
        "not here AciWebservice deploys",
        f"not installed no_such_module (line 6): {sys.executable} -m pip install no_such_module",
        "NumPy np.float (line 4) is no longer in NumPy: run with --restore-numpy-names",
        "--map 'https://example.org/a.csv=FILE'",
        "1 file read; names of Azure's: 1 work, 1 work differently, 1 not here; 3 lacking",
        "not installed azureml_adapter (line 7): azureml_adapter was a file of Azure's samples",
    ):
        assert part in words
    answer = json.loads(overdrive("check", "--json", control, code=1).stdout)
    assert answer["ready"] is False
    assert [entry["name"] for entry in answer["files"][0]["names"]] == ["Workspace", "Experiment", "AciWebservice"]


def test_code_that_works_leaves_with_zero(tmp_path: Path) -> None:
    (tmp_path / "train.py").write_text("from azureml.core import Run\nRun.get_context().log('a', 1)\n")
    assert "nothing lacking" in overdrive("check", tmp_path).stdout
    assert overdrive("check", tmp_path / "nothing", code=2).stderr.startswith("Error: ")


@pytest.mark.parametrize(
    "statement",
    [
        "import azureml.automl.runtime.no.such",
        "import azureml.opendatasets",
        "import azureml.dataprep.api.engine",
        "import azureml_adapter",
        "from azureml_nothing import x",
        "from azureml.core import NoSuchName",
        "from azureml.nothing.at_all import x",
        "from azure.ai.ml import automl",
    ],
)
def test_an_import_of_what_is_not_here_says_so_in_one_sentence(tmp_path: Path, statement: str) -> None:
    script = tmp_path / "control.py"
    script.write_text(f"try:\n    {statement}\nexcept ImportError as error:\n    print(type(error).__name__, error)\n")
    kind, _, words = overdrive("run", script).stdout.partition(" ")
    assert kind == "NotHereError"
    assert words.startswith(("azureml.", "azureml_", "azure.ai.ml.", "Overdrive has no azure.ai.ml.automl"))
    assert len(words.splitlines()) == 1
