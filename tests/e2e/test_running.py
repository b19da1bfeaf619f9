"""Control scripts under `overdrive run`: as Python runs them, but for what only Azure has and sweeps that failed."""

import signal
import sys
from pathlib import Path

import pytest
from commands import overdrive

DEPLOY = """\
from azureml.core import Model
import sys

def deploy():
    Model.deploy(None, "x", [], None)
    print("never")

if __name__ == "__main__":
    service = Model.deploy(None, "x", [], None)
    print(service.scoring_uri)
    if service:
        print("never")
    else:
        print("never")
    print("the rest")
    if len(sys.argv) > 1:
        deploy()
    elif True:
        print("else")
from azureml.opendatasets import MNIST
print("the end")
"""


def write(folder: Path, code: str) -> Path:
    path = folder / "control.py"
    path.write_text(code, encoding="utf-8")
    return path


def test_what_only_azure_has_does_not_stop_the_rest(tmp_path: Path) -> None:
    control = write(tmp_path, DEPLOY)
    done = overdrive("run", control)
    assert done.stdout.splitlines() == ["the rest", "else", "the end"]
    first, second, third, fourth, last = done.stderr.splitlines()
    assert first.startswith("Not here: Model.deploy deploys a model")
    assert first.endswith(f"({control}, line 9)")
    assert second == f"Not here: service is what line 9 would have made ({control}, line 10)"
    assert third == f"Not here: service is what line 9 would have made ({control}, line 11)"
    assert fourth.startswith("Not here: azureml.opendatasets")
    assert last == f"Done, but for what only Azure has: lines 9, 10, 11, 20 of {control}"


def test_a_function_that_is_left_in_its_middle_counts(tmp_path: Path) -> None:
    done = overdrive("run", write(tmp_path, DEPLOY), "--deploy", code=1)
    assert done.stdout.splitlines() == ["the rest", "the end"]
    assert "line 5; what follows it there did not run)" in done.stderr


@pytest.mark.parametrize(
    ("statement", "code"),
    [
        ("[Model.deploy(None, name, [], None) for name in 'ab']", 0),
        ("@Model.deploy\ndef f(): pass", 0),
        ("for name in 'ab':\n    Model.deploy(None, name, [], None)", 1),
        ("with open(__file__):\n    Model.deploy(None, 'a', [], None)", 1),
        ("match 1:\n    case 1:\n        Model.deploy(None, 'a', [], None)", 1),
        ("try:\n    Model.deploy(None, 'a', [], None)\nexcept Exception as error:\n    print(type(error).__name__)", 0),
    ],
)
def test_whether_a_statement_was_left_in_its_middle(tmp_path: Path, statement: str, code: int) -> None:
    control = write(tmp_path, f"from azureml.core import Model\n{statement}\nprint('the end')\n")
    assert overdrive("run", control, code=code).stdout.splitlines()[-1] == "the end"


def test_what_version_2_refuses(tmp_path: Path) -> None:
    code = (
        "from azure.ai.ml import MLClient\nfrom azure.ai.ml.entities import ManagedOnlineEndpoint\n"
        "from azure.ai.ml.dsl import pipeline\nml_client = MLClient(None, 'a', 'b', 'c')\n"
        "ml_client.online_endpoints.begin_create_or_update(ManagedOnlineEndpoint(name='x'))\n"
        "ml_client.begin_create_or_update(ManagedOnlineEndpoint(name='x'))\n"
        "@pipeline()\ndef whole(): pass\n"
        "job = whole()\nml_client.jobs.create_or_update(job)\nprint('the end')\n"
    )
    done = overdrive("run", write(tmp_path, code))
    assert done.stdout == "the end\n"
    assert "only Azure has: lines 5, 6, 9, 10" in done.stderr


def test_a_sweep_that_failed_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "train.py").write_text("raise SystemExit('out of luck')\n")
    code = (
        "from azureml.core import Experiment, ScriptRunConfig, Workspace\n"
        "from azureml.train.hyperdrive import GridParameterSampling, HyperDriveConfig, PrimaryMetricGoal, choice\n"
        "config = HyperDriveConfig(GridParameterSampling({'x': choice(1)}), 'm', PrimaryMetricGoal.MAXIMIZE, 1,\n"
        f"    run_config=ScriptRunConfig({str(tmp_path)!r}, 'train.py'))\n"
        "Experiment(Workspace.from_config(), 'e').submit(config).wait_for_completion()\nprint('never')\n"
    )
    done = overdrive("run", write(tmp_path, code), code=1)
    error, hint = done.stderr.splitlines()
    assert error.startswith("Error: HD_")
    assert "out of luck" in error
    assert hint.startswith("Hint: look at it: overdrive show HD_")
    assert done.stdout == ""


@pytest.mark.parametrize(
    ("code", "end"),
    [
        ("def f():\n    raise ValueError('mine')\nf()\n", ["line 2, in f", "ValueError: mine"]),
        ("print(nothing)\n", ["line 1, in <module>", "NameError: name 'nothing' is not defined"]),
        ("x = (\n", ["line 1", "SyntaxError: '(' was never closed"]),
        (
            "from azureml.core import ScriptRunConfig\n\nScriptRunConfig('.', None)\n",
            ["line 3, in <module>", "UserErrorException"],
        ),
    ],
)
def test_a_scripts_own_error_is_shown_without_our_frames(tmp_path: Path, code: str, end: list[str]) -> None:
    control = write(tmp_path, code)
    done = overdrive("run", control, code=1)
    assert f'File "{control}", {end[0]}' in done.stderr
    assert end[1] in done.stderr
    assert "compat/running" not in done.stderr
    assert done.stderr.count("File ") == 1 + (end[1] == "ValueError: mine")


def test_it_is_the_main_program(tmp_path: Path) -> None:
    (tmp_path / "beside.py").write_text("there = 1\n")
    code = (
        '"""Its words."""\nfrom __future__ import annotations\nimport multiprocessing, pickle, sys, inspect\n'
        "import beside\nclass Kept: pass\ndef double(x: NotDefined): return 2 * x.value\n"
        "if __name__ == '__main__':\n    kept = pickle.loads(pickle.dumps(Kept()))\n    kept.value = 21\n"
        "    with multiprocessing.get_context('spawn').Pool(1) as pool:\n        print(pool.map(double, [kept]))\n"
        "    print(__doc__, __file__, sys.argv[1:], sys.modules['__main__'].Kept is Kept)\n"
        "    print(inspect.getsource(Kept).strip(), __spec__, 'compat' in ''.join(sys.path))\n    sys.exit(7)\n"
    )
    control = write(tmp_path, code)
    done = overdrive("run", control, "--x", "a b", code=7)
    assert done.stdout.splitlines() == [
        "[42]",
        f"Its words. {control} ['--x', 'a b'] True",
        "class Kept: pass None False",
    ]


def test_a_signal_is_passed_on(tmp_path: Path) -> None:
    control = write(tmp_path, "import os, signal\nos.kill(os.getpid(), signal.SIGTERM)\n")
    overdrive("run", control, code=128 + signal.SIGTERM)
    control = write(tmp_path, "raise KeyboardInterrupt\n")
    done = overdrive("run", control, code=128 + signal.SIGINT)
    assert done.stderr.splitlines()[-1] == "KeyboardInterrupt"
    assert sys.executable not in done.stderr
