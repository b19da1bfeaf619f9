"""What `RunDetails(run).show()` leaves in an executed notebook: the run's last state, as picture, table and text."""

import ast
import base64
import json
import re
from pathlib import Path
from xml.etree import ElementTree

import nbformat
from commands import overdrive
from nbformat import v4

TRAIN = """
import argparse
from overdrive import Run
parser = argparse.ArgumentParser()
parser.add_argument("--lr", type=float)
rate = parser.parse_args().lr
for k in range(5):
    Run.get_context().log("accuracy", rate * (k + 1))
"""
# As a notebook that somebody looks at: `overdrive run` would wait where a run is shown.
SUBMIT = """
import os; os.environ.pop("OVERDRIVE_UNATTENDED", None)
from overdrive import *
from overdrive.widgets import RunDetails
config = HyperDriveConfig(
    run_config=ScriptRunConfig(source_directory=".", script="train.py"),
    hyperparameter_sampling=GridParameterSampling({"lr": choice(0.1, 0.2, 0.3)}),
    primary_metric_name="accuracy", primary_metric_goal=PrimaryMetricGoal.MAXIMIZE, max_total_runs=3)
run = Experiment(Workspace(), "digits <b>").submit(config)
"""


def executed(folder: Path, *cells: str) -> list[dict]:
    """The mime bundles of all outputs that are more than printed text."""
    (folder / "train.py").write_text(TRAIN)
    nbformat.write(v4.new_notebook(cells=[*map(v4.new_code_cell, cells)]), folder / "control.ipynb")
    overdrive("run", folder / "control.ipynb")
    copy = json.loads((folder / "control.executed.ipynb").read_text())
    return [out["data"] for cell in copy["cells"] for out in cell["outputs"] if "data" in out]


def picture_of(html: str) -> ElementTree.Element:
    found = re.search(r'src="data:image/svg\+xml;base64,([^"]+)"', html)
    assert found
    return ElementTree.fromstring(base64.b64decode(found[1]))


def test_the_executed_copy_has_the_run_as_it_ended(tmp_path: Path) -> None:
    """It was shown when it had hardly begun: the picture follows, although no page and no widget is there."""
    shown, data, *_ = executed(
        tmp_path,
        SUBMIT,
        "RunDetails(run).show()",
        "run.wait_for_completion()['status']\nRunDetails(run).get_widget_data()",
    )
    assert set(shown) == {"text/html", "text/plain"}
    html, text = "".join(shown["text/html"]), "".join(shown["text/plain"])
    assert "Completed: 3 of 3 trials done; best accuracy 1.5 by trial 2" in html
    assert "<td>0.3</td>" in html and "digits &lt;b&gt;" in html
    assert text.splitlines()[1].split()[:4] == ["trial", "lr", "status", "best"]
    assert len(text.splitlines()) == 6
    lines = [path for path in picture_of(html).iter() if path.get("class", "").startswith("l r")]
    assert len(lines) == 6, "a curve and a line through the axes for each trial"
    told = ast.literal_eval("".join(data["text/plain"]))
    assert [row["param_lr"] for row in told["child_runs"]] == [0.1, 0.2, 0.3]
    assert told["status"] == "Completed" and told["loading"] is False


def test_as_the_last_expression_and_without_anywidget(tmp_path: Path) -> None:
    block = "import sys; sys.modules['anywidget'] = None"
    shown, *_ = executed(tmp_path, SUBMIT, block, "run.wait_for_completion()\nRunDetails(run)")
    assert "pip install anywidget" in "".join(shown["text/html"])
    assert "pip install anywidget" in "".join(shown["text/plain"])
    assert "1.5 by trial 2" in "".join(shown["text/html"])
