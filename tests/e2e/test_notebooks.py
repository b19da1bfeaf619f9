"""Notebooks and other commands with azureml on their import path."""

import json
import signal
import sys
from pathlib import Path

import nbformat
import pytest
from commands import Terminal
from commands import overdrive
from nbformat import v4


def write_notebook(folder: Path, *cells: str, name: str = "control.ipynb") -> Path:
    notebook = v4.new_notebook(cells=[v4.new_markdown_cell("Words."), *map(v4.new_code_cell, cells)])
    notebook.metadata["kernelspec"] = {"name": "azureml_py36", "display_name": "Azure", "language": "python"}
    path = folder / name
    nbformat.write(notebook, path)
    return path


def outputs(path: Path) -> list[str]:
    """What each code cell printed or raised, of an executed copy."""
    cells = [cell for cell in nbformat.read(path, as_version=4).cells if cell.cell_type == "code"]
    return ["".join(out.get("text") or out.get("evalue", "") for out in cell.outputs) for cell in cells]


def test_a_notebook_is_run_in_its_folder_and_its_copy_kept(tmp_path: Path) -> None:
    notebook = write_notebook(
        tmp_path,
        "from azureml.core import Workspace\nws = Workspace.from_config()",
        "%%writefile said.txt\nhello",
        "text = !cat said.txt\nprint(text, get_ipython() is not None)",
        "import sys; print(sys.executable)",
    )
    before = notebook.read_bytes()
    done = overdrive("run", notebook)
    assert "cell 1 of 4: from azureml.core import Workspace" in done.stdout
    copy = tmp_path / "control.executed.ipynb"
    assert f"The executed copy: {copy}" in done.stdout
    assert outputs(copy)[2:] == ["['hello'] True\n", f"{sys.executable}\n"]
    assert "    ['hello'] True" in done.stdout
    assert notebook.read_bytes() == before


def test_a_cell_may_read_the_arguments_of_a_kernel_that_jupyter_starts(tmp_path: Path) -> None:
    """Notebooks that call a script's main() give its parser `-f`, the only argument that Jupyter's kernels have."""
    notebook = write_notebook(
        tmp_path,
        "import argparse\nparser = argparse.ArgumentParser()\nparser.add_argument('-f')\nfound = parser.parse_args()",
        "print(vars(found).keys(), get_ipython().history_manager.hist_file)",
    )
    overdrive("run", notebook)
    assert outputs(tmp_path / "control.executed.ipynb")[1] == "dict_keys(['f']) :memory:\n"


def test_showing_a_run_waits_for_it(tmp_path: Path) -> None:
    """Nobody looks at the notebook, so the cell below comes too early unless the one that shows the run waits."""
    (tmp_path / "train.py").write_text("from azureml.core import Run\nRun.get_context().log('score', 1)")
    notebook = write_notebook(
        tmp_path,
        "from azureml.core import Experiment, ScriptRunConfig, Workspace\nfrom azureml.widgets import RunDetails\n"
        "run = Experiment(Workspace.from_config(), 'e').submit(ScriptRunConfig('.', 'train.py'))\n"
        "RunDetails(run).show()",
        "print(run.get_status(), run.get_metrics())",
    )
    overdrive("run", notebook)
    assert outputs(tmp_path / "control.executed.ipynb")[1] == "Completed {'score': 1}\n"


def test_what_only_azure_has_does_not_stop_the_rest(tmp_path: Path) -> None:
    notebook = write_notebook(
        tmp_path, "import azureml.opendatasets\nservice = 1", "service.wait()", "print('the rest')"
    )
    done = overdrive("run", "--output", tmp_path / "done.ipynb", notebook)
    assert "azureml.opendatasets" in done.stdout.split("not here: ")[1]
    assert "not here: service is what cell 1 would have made" in done.stdout
    assert done.stdout.rstrip().endswith("but for what only Azure has: cells 1, 2")
    assert outputs(tmp_path / "done.ipynb")[2] == "the rest\n"


def test_deployment_is_answered_with_its_sentence(tmp_path: Path) -> None:
    notebook = write_notebook(
        tmp_path,
        "from azureml.core.webservice import AciWebservice\nfrom azureml.core import Model, Workspace",
        "config = AciWebservice.deploy_configuration(cpu_cores=1)\nservice = Model.deploy(None, 'x', [], None, config)",
        "service.wait_for_deployment(True)",
        "print(Workspace.from_config().webservices['x'].scoring_uri)",
        "print('the rest')",
    )
    said = overdrive("run", notebook).stdout
    assert "not here: Model.deploy deploys a model" in said
    assert "not here: service is what cell 2 would have made" in said
    assert "not here: Webservice deploys a model" in said
    assert outputs(tmp_path / "control.executed.ipynb")[4] == "the rest\n"


def test_what_version_2_refuses_does_not_stop_the_rest(tmp_path: Path) -> None:
    notebook = write_notebook(
        tmp_path,
        "from azure.ai.ml import MLClient\nfrom azure.ai.ml.entities import ManagedOnlineEndpoint\n"
        "ml_client = MLClient(None, 'a', 'b', 'c')",
        "endpoint = ml_client.online_endpoints.begin_create_or_update(ManagedOnlineEndpoint(name='x')).result()",
        "endpoint.scoring_uri",
        "ml_client.create_or_update(ManagedOnlineEndpoint(name='x'))",
        "from azure.ai.ml import automl",
        "print('the rest')",
    )
    said = overdrive("run", notebook).stdout
    assert "not here: online endpoints are Azure's" in said
    assert said.rstrip().endswith("but for what only Azure has: cells 2, 3, 4, 5")
    assert outputs(tmp_path / "control.executed.ipynb")[5] == "the rest\n"


def test_a_cell_that_fails_ends_it_with_one_line(tmp_path: Path) -> None:
    notebook = write_notebook(tmp_path, "x = 1", "# the fault\ny = x + nothing", "print('never')")
    done = overdrive("run", notebook, code=1)
    assert done.stderr.splitlines() == [
        "Error: cell 2 of 3 (y = x + nothing): NameError: name 'nothing' is not defined"
    ]
    assert outputs(tmp_path / "control.executed.ipynb") == ["", "name 'nothing' is not defined", ""]


def test_what_is_refused_is_said_once(tmp_path: Path) -> None:
    """Azure's exceptions hold their sentence three times."""
    cell = "from azureml.train.hyperdrive import uniform; uniform(2, 1)"
    done = overdrive("run", write_notebook(tmp_path, cell), code=1)
    (line,) = done.stderr.splitlines()
    words = "uniform.min_value = 2 is not allowed: it takes a value below max_value = 1"
    assert line.endswith(f": HyperDriveConfigException: {words}")


def test_a_module_that_is_not_installed_is_named_with_the_line_that_installs_it(tmp_path: Path) -> None:
    done = overdrive("run", write_notebook(tmp_path, "import no_such_module.part"), code=1)
    assert done.stderr.splitlines()[-1] == f"Hint: {sys.executable} -m pip install no_such_module"


def test_a_python_that_dies_is_named_by_its_cell(tmp_path: Path) -> None:
    done = overdrive("run", write_notebook(tmp_path, "import os; os._exit(3)"), code=1)
    assert "Error: cell 1 of 1 (import os; os._exit(3)): its Python ended" in done.stderr


def test_ctrl_c_leaves_it_and_keeps_the_copy(tmp_path: Path) -> None:
    notebook = write_notebook(tmp_path, "print('be' + 'gun', flush=True)\nimport time; time.sleep(600)")
    with Terminal("run", notebook) as terminal:
        terminal.wait_for("begun")
        terminal.press(b"\x03")
        assert terminal.end() == 128 + signal.SIGINT
        assert "Traceback" not in terminal.text
    assert outputs(tmp_path / "control.executed.ipynb") == ["begun\n"]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["run", "bad.ipynb"], "'bad.ipynb' cannot be read as a notebook"),
        (["run", "good.ipynb", "--runs", "3"], "ARGS = '--runs 3' is not allowed"),
        (["run", "--output", "good.ipynb", "good.ipynb"], "--output = 'good.ipynb' is not allowed"),
        (["run", "--output", "x.ipynb", "script.py"], "--output = 'x.ipynb' is not allowed"),
    ],
)
def test_what_cannot_be_run_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], words: str
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("bad.ipynb").write_text("{")
    Path("script.py").write_text("")
    write_notebook(tmp_path, "1", name="good.ipynb")
    done = overdrive(*arguments, code=2)
    assert words in done.stderr
    assert sorted(path.name for path in tmp_path.glob("*executed*")) == []


def test_without_nbclient_it_says_how_to_get_it(tmp_path: Path) -> None:
    (tmp_path / "sitecustomize.py").write_text(
        "import importlib.util as u\nfind = u.find_spec\n"
        "u.find_spec = lambda name, *a: None if name in ('nbclient', 'ipykernel') else find(name, *a)\n"
    )
    notebook = write_notebook(tmp_path, "1")
    done = overdrive("run", notebook, code=4, env={"PYTHONPATH": str(tmp_path)})
    assert "to run a notebook takes nbclient and ipykernel" in done.stderr
    assert f"Hint: {sys.executable} -m pip install nbformat nbclient ipykernel" in done.stderr


def test_any_command_finds_azureml(tmp_path: Path) -> None:
    code = "import json, sys, azureml.core as c; print(json.dumps([c.__name__, sys.executable, sys.argv]))"
    done = overdrive("exec", "--", "python", "-c", code, "--lr", "1")
    name, program, arguments = json.loads(done.stdout)
    assert (name, Path(program).parent, arguments) == ("azureml.core", Path(sys.executable).parent, ["-c", "--lr", "1"])
    assert overdrive("exec", "python", "-c", "import sys; sys.exit(7)", code=7).stdout == ""
    assert "there is no program 'no-such-program' to run" in overdrive("exec", "no-such-program", code=2).stderr
