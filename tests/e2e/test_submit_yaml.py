"""`overdrive submit`: job files as real sweeps."""

import json
from pathlib import Path

import pytest
from commands import overdrive

MAIN = """
import argparse, os, sys
from overdrive import Run
parser = argparse.ArgumentParser()
parser.add_argument("--lr", type=float)
parser.add_argument("--data")
parser.add_argument("--model")
parser.add_argument("--note")
args = parser.parse_args()
run = Run.get_context()
run.log("accuracy", args.lr)
assert os.environ["AZURE_ML_INPUT_data"] == args.data
with open(os.path.join(args.model, "model.txt"), "w") as file:
    file.write(args.note + open(args.data).read())
"""

SWEEP = """
type: sweep
trial:
  code: src
  command: >-
    {before}python main.py
    --lr ${{{{search_space.lr}}}} --data ${{{{inputs.data}}}} --model ${{{{outputs.model}}}}
    --note ${{{{inputs.note}}}}
inputs:
  data: {{type: uri_file, path: data.txt}}
  note: "$(touch pwned); `x` "
outputs:
  model:
search_space:
  lr: {{type: choice, values: [0.25, 0.5]}}
sampling_algorithm: grid
objective: {{goal: maximize, primary_metric: accuracy}}
limits: {{max_total_trials: 10}}
display_name: shown
"""


def write(folder: Path, before: str = "") -> Path:
    (folder / "src").mkdir()
    (folder / "src" / "main.py").write_text(MAIN)
    (folder / "data.txt").write_text("data")
    file = folder / "sweep.yml"
    file.write_text(SWEEP.format(before=before))
    return file


def check(folder: Path) -> None:
    said = json.loads(overdrive("submit", folder / "sweep.yml", "--watch", "--json").stdout)
    assert (said["status"], said["best"]["value"], said["counts"]["done"]) == ("Completed", 0.5, 2)
    for trial in (0, 1):
        made = Path(said["folder"]) / "trials" / str(trial) / "work/outputs/model/model.txt"
        assert made.read_text() == "$(touch pwned); `x` data"
    assert not list(Path(said["folder"]).rglob("pwned"))


def test_a_sweep_without_a_shell(tmp_path: Path) -> None:
    write(tmp_path)
    check(tmp_path)


def test_a_sweep_in_a_shell(tmp_path: Path) -> None:
    write(tmp_path, before="echo begin && ")
    check(tmp_path)


def test_settings_and_a_run_without_code(tmp_path: Path) -> None:
    file = tmp_path / "hello.yml"
    file.write_text(
        "type: command\ncommand: |\n  ls -A\n  echo ${{inputs.who}} >> outputs/said.txt\ninputs: {who: a}\n"
    )
    said = json.loads(overdrive("submit", file, "--set", "inputs.who='b  c'", "--watch", "--json").stdout)
    assert (said["kind"], said["status"]) == ("run", "Completed")
    assert (Path(said["folder"]) / "trials/0/work/outputs/said.txt").read_text() == "b  c\n"
    assert (Path(said["folder"]) / "trials/0/output.1.txt").read_text() == "logs\noutputs\n"


def test_what_is_wrong_is_two_lines(tmp_path: Path) -> None:
    file = write(tmp_path)
    done = overdrive("submit", file, "--set", "limits.max_total_trails=3", code=2)
    assert done.stderr.count("\n") == 2
    assert "did you mean max_total_trials" in done.stderr
    overdrive("submit", tmp_path / "none.yml", code=2)


def test_the_example(tmp_path: Path) -> None:
    """Ours, with its real data; few trials of it."""
    example = Path(__file__).parents[2] / "examples" / "azureml_v2" / "sweep.yml"
    words = ["--set", "limits.max_total_trials=2", "--set", "inputs.folds=3", "--watch", "--json"]
    said = json.loads(overdrive("submit", example, *words).stdout)
    assert (said["status"], said["counts"]["done"], said["intervals"]) == ("Completed", 2, 6)
    assert said["best"]["value"] > 0.5
    found = Path(said["folder"]) / f"trials/{said['best']['trial']}/work/outputs/model/found.json"
    assert json.loads(found.read_text())["accuracy"] == said["best"]["value"]


@pytest.mark.parametrize("before", ["", "true && "])
def test_a_trial_that_is_gone_on_with_is_told_so(tmp_path: Path, before: str) -> None:
    (tmp_path / "src").mkdir()
    (tmp_path / "src" / "main.py").write_text(
        "import argparse, os\nfrom overdrive import Run\nparser = argparse.ArgumentParser()\n"
        "parser.add_argument('--lr', type=float)\nparser.add_argument('--resume-from')\nargs = parser.parse_args()\n"
        "if args.resume_from:\n    assert open(args.resume_from + '/there').read() == 'x'\n"
        "open('outputs/there', 'w').write('x')\nRun.get_context().log('accuracy', 2 if args.resume_from else 1)\n"
    )
    (tmp_path / "sweep.yml").write_text(
        f"type: sweep\ntrial:\n  code: src\n  command: {before}python main.py --lr ${{{{search_space.lr}}}}\n"
        "search_space: {lr: {type: choice, values: [0.5]}}\nsampling_algorithm: grid\n"
        "objective: {goal: maximize, primary_metric: accuracy}\nlimits: {max_total_trials: 1}\n"
    )
    overdrive("submit", tmp_path / "sweep.yml", "--watch")
    for _ in range(2):  # the second one goes on with one that went on
        overdrive("resume", "latest", "--trial", "0")
        overdrive("watch", "latest")
        assert json.loads(overdrive("show", "latest", "--json").stdout)["best"]["value"] == 2
