"""Training scripts as they are, under the oldest and the newest Python at hand, where Overdrive is not installed."""

import functools
import json
import os
import shutil
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path

import pytest

from overdrive import Experiment
from overdrive import GridParameterSampling
from overdrive import HyperDriveConfig
from overdrive import ScriptRunConfig
from overdrive import Workspace
from overdrive import choice
from overdrive.records import MetricRecord
from overdrive.report.paths import trial_path
from overdrive.store.spool import Batch
from overdrive.store.spool import SpoolReader

OLDEST = (3, 8)
#: More than a script of these tests ever takes.
PATIENCE_S = 120


def _candidates() -> Iterator[str]:
    """Programs that may be a Python: those on the path, and those of the usual installers below the home folder."""
    for minor in range(OLDEST[1], 20):
        yield from filter(None, [shutil.which(f"python3.{minor}")])
    home = Path.home()
    for folder in (Path(os.environ.get("PYENV_ROOT", home / ".pyenv"), "versions"), home / ".local/share/uv/python"):
        yield from (str(path) for path in folder.glob("*/bin/python3"))


@functools.lru_cache
def _interpreters() -> list[str]:
    """This interpreter, and the oldest and newest others from Python 3.8 on that run here."""
    found = {tuple(sys.version_info[:2]): sys.executable}
    for program in _candidates():
        code = "import sys; print(*sys.version_info[:2], sys.executable)"
        done = subprocess.run([program, "-c", code], capture_output=True, text=True, check=False)
        if done.returncode == 0:  # a launcher may be there without its Python
            major, minor, executable = done.stdout.strip().split(" ", 2)
            found.setdefault((int(major), int(minor)), executable)
    known = sorted(version for version in found if version >= OLDEST)
    return list(dict.fromkeys([found[known[0]], sys.executable, found[known[-1]]]))


python = pytest.mark.parametrize("python", _interpreters(), ids=lambda path: Path(path).resolve().name)


def _environment(folder: Path, *, standin: bool = True, trial: bool = True) -> dict[str, str]:
    """What the engine gives a trial; without `trial`, only the import path."""
    environment = {key: value for key, value in os.environ.items() if not key.startswith("PYTHON")}
    environment["PYTHONPATH"] = os.pathsep.join(trial_path(standin))
    environment["PYTHONDONTWRITEBYTECODE"] = "1"
    if trial:
        environment["OVERDRIVE_METRICS"] = str(folder / "spool.1.jsonl")
        environment["OVERDRIVE_TRIAL"] = str(folder / "trial.json")
        environment["OVERDRIVE_RUN_ID"] = environment["AZUREML_RUN_ID"] = "HD_1_0"
        environment["OVERDRIVE_SWEEP_ID"] = "HD_1"
        (folder / "trial.json").write_text(json.dumps({"sweep": "HD_1", "trial": 0, "experiment": "digits"}))
    return environment


def _run(
    python: str, folder: Path, code: str, environment: dict[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    script = folder / "train.py"
    script.write_text(textwrap.dedent(code), encoding="utf-8")
    return subprocess.run(
        [python, str(script)],
        cwd=folder,
        env=environment or _environment(folder),
        capture_output=True,
        text=True,
        timeout=PATIENCE_S,
        check=False,
    )


def _read(folder: Path) -> Batch:
    return SpoolReader(folder / "spool.1.jsonl").read(1 << 26, final=True)


def _numbers(records: list[MetricRecord]) -> list[object]:
    return [record.value for record in records]


@python
def test_a_training_script_runs_unchanged(python: str, tmp_path: Path) -> None:
    done = _run(
        python,
        tmp_path,
        """
        import argparse
        from azureml.core.run import Run, _OfflineRun
        import azureml.core
        from azureml.core import Run as same
        from azureml.exceptions import UserErrorException
        from overdrive import Run as also_same
        from overdrive.report import Run as this_too

        run = Run.get_context()
        assert same is also_same is this_too is Run is azureml.core.run.Run
        assert not isinstance(run, _OfflineRun) and isinstance(run, Run)
        run.log("accuracy", float("0.91"))
        run.log("näme\\n\\U0001f600", None)
        run.log_row("row", a=1)
        run.tag("done", True)
        try:
            run.log("accuracy", [1, 2])
        except UserErrorException as error:
            print(error)
        print(run.id, run.parent.id, run.experiment.name, azureml.core.VERSION.split(".")[0])
        """,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.endswith("HD_1_0 HD_1 digits 1\n")
    assert not done.stderr
    batch = _read(tmp_path)
    assert batch.bad == 0
    assert [(record.kind, record.name, record.value) for record in batch.records] == [
        (None, "accuracy", 0.91),
        ("none", "näme\n😀", None),
        ("row", "row", {"a": 1}),
        ("tag", "done", "True"),
    ]


@python
def test_outside_a_sweep_a_script_goes_on(python: str, tmp_path: Path) -> None:
    done = _run(
        python,
        tmp_path,
        """
        from azureml.core.run import Run
        run = Run.get_context()
        run.log("accuracy", 0.91)
        print(run.id.startswith("OfflineRun_"), hasattr(run, "experiment"))
        """,
        _environment(tmp_path, trial=False),
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert "accuracy = 0.91" in done.stdout
    assert done.stdout.endswith("True False\n")


@python
def test_imports_are_light(python: str, tmp_path: Path) -> None:
    code = """
        import sys
        bare = set(sys.modules)
        from azureml.core import Run
        Run.get_context().log("accuracy", 0.91)
        new = set(sys.modules) - bare
        heavy = {"typing", "dataclasses", "enum", "uuid", "inspect", "logging", "subprocess", "shutil", "json"}
        assert not heavy & new, new
        print(len(new))
        """
    done = _run(python, tmp_path, code)
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) <= 40


@python
@pytest.mark.parametrize(
    "statement",
    [
        "from azureml.core import ScriptRunConfig",
        "from azureml.core.environment import Environment",
        "from azureml.train.hyperdrive import *",
        "from azureml.widgets import RunDetails",
        "from overdrive import Experiment",
        "import overdrive.client",
    ],
)
def test_control_names_name_the_interpreter_that_lacks_them(python: str, statement: str, tmp_path: Path) -> None:
    code = f"try:\n    {statement}\nexcept ImportError as error:\n    print(type(error).__name__, error)"
    done = _run(python, tmp_path, code)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("ControlSideMissingError ")
    assert python in done.stdout and done.stdout.count("\n") == 1


@python
@pytest.mark.parametrize("wanted", ["azureml.studio.core", "azureml.nothing.below"])
def test_what_is_not_here_says_so(python: str, wanted: str, tmp_path: Path) -> None:
    package, _, name = wanted.rpartition(".")
    code = f"""
        for statement in ("import {wanted}", "from {package} import {name}", "from azureml.core import Nothing"):
            try:
                exec(statement)
            except ModuleNotFoundError as error:
                print(type(error).__name__, error)
        import azureml.core
        print(hasattr(azureml.core, "_private"))
        """
    done = _run(python, tmp_path, code)
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    assert [line.split()[0] for line in lines] == ["NotHereError"] * 3 + ["False"]
    assert "azureml.core.Nothing" in lines[2]


@python
def test_an_installed_azureml_is_neither_needed_nor_touched(python: str, tmp_path: Path) -> None:
    other = tmp_path / "site" / "azureml"
    (other / "core").mkdir(parents=True)
    for file in (other / "__init__.py", other / "core" / "__init__.py", other / "mlflow.py"):
        file.write_text("raise RuntimeError('the other package was loaded')")
    environment = _environment(tmp_path)
    environment["PYTHONPATH"] += os.pathsep + str(tmp_path / "site")
    code = """
        import importlib.util
        assert importlib.util.find_spec("azureml.core.run") is not None  # as libraries ask whether they are in Azure ML
        from azureml.core import Run
        Run.get_context().log("accuracy", 1)
        try:
            import azureml.mlflow
        except ImportError:
            print("not here")
        """
    done = _run(python, tmp_path, code, environment)
    assert (done.returncode, done.stdout, done.stderr) == (0, "not here\n", "")


@python
def test_threads_and_forks_lose_nothing(python: str, tmp_path: Path) -> None:
    done = _run(
        python,
        tmp_path,
        """
        import os
        import threading
        from azureml.core import Run

        run = Run.get_context()

        def log(who):
            for step in range(250):
                run.log(who, 0.5 + step, step=step)
            if who.endswith("0"):
                run.log_list(who + "-list", range(40_000))  # some 200 kB in one line

        def log_in_threads(process):
            threads = [threading.Thread(target=log, args=(f"{process}-{thread}",)) for thread in range(3)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()

        run.log("before", 1)
        children = []
        for process in range(3):
            pid = os.fork()
            if not pid:
                log_in_threads(process)
                os._exit(0)
            children.append(pid)
        log_in_threads("parent")
        for pid in children:
            assert os.waitpid(pid, 0)[1] == 0
        """,
    )
    assert (done.returncode, done.stderr) == (0, "")
    batch = _read(tmp_path)
    assert batch.bad == 0
    curves: dict[str, list] = {}
    for record in batch.records:
        curves.setdefault(record.name, []).append(record.value)
    assert curves.pop("before") == [1]
    lists = {name: curves.pop(name) for name in list(curves) if name.endswith("-list")}
    assert len(curves) == 12 and len(lists) == 4
    assert all(values == [0.5 + step for step in range(250)] for values in curves.values())
    assert all(values == [list(range(40_000))] for values in lists.values())


@python
def test_a_killed_script_keeps_what_it_logged(python: str, tmp_path: Path) -> None:
    done = _run(
        python,
        tmp_path,
        """
        import os
        import signal
        from azureml.core import Run

        for step in range(100):
            Run.get_context().log("accuracy", step)
        os.kill(os.getpid(), signal.SIGKILL)
        """,
    )
    assert done.returncode == -9
    assert _numbers(_read(tmp_path).records) == list(range(100))


@python
def test_a_disk_that_refuses_loses_nothing(python: str, tmp_path: Path) -> None:
    """A limit of the file's size makes writes fail after any number of bytes; in the end each value is there once."""
    done = _run(
        python,
        tmp_path,
        """
        import os
        from resource import RLIMIT_FSIZE, getrlimit, setrlimit
        from azureml.core import Run

        run = Run.get_context()
        spool = os.environ["OVERDRIVE_METRICS"]
        soft, hard = getrlimit(RLIMIT_FSIZE)
        count = 0
        run.log("accuracy", count)
        for room in range(300):
            setrlimit(RLIMIT_FSIZE, (os.path.getsize(spool) + room, hard))
            for _ in range(4):
                count += 1
                run.log("accuracy", count)
            setrlimit(RLIMIT_FSIZE, (soft, hard))
            if room % 2:
                run.flush()
        setrlimit(RLIMIT_FSIZE, (os.path.getsize(spool), hard))
        run.log("accuracy", count + 1)
        setrlimit(RLIMIT_FSIZE, (soft, hard))  # the process's end writes what waits
        print(count + 2)
        """,
    )
    assert done.returncode == 0, done.stderr
    batch = _read(tmp_path)
    assert _numbers(batch.records) == list(range(int(done.stdout)))
    lines = done.stderr.splitlines()
    assert lines and all(line.startswith("overdrive: ") for line in lines)
    assert sum("cannot write to" in line for line in lines) == sum("what waited" in line for line in lines)


@python
def test_what_waits_stays_with_the_parent(python: str, tmp_path: Path) -> None:
    """A child that is forked while lines wait must not write them too."""
    done = _run(
        python,
        tmp_path,
        """
        import os
        from resource import RLIMIT_FSIZE, getrlimit, setrlimit
        from azureml.core import Run

        run = Run.get_context()
        run.log("accuracy", 0)
        soft, hard = getrlimit(RLIMIT_FSIZE)
        setrlimit(RLIMIT_FSIZE, (os.path.getsize(os.environ["OVERDRIVE_METRICS"]), hard))
        run.log("accuracy", 1)
        pid = os.fork()
        setrlimit(RLIMIT_FSIZE, (soft, hard))
        if pid:
            os.waitpid(pid, 0)
        run.log("accuracy", 3 if pid else 2)
        """,
    )
    assert done.returncode == 0, done.stderr
    assert _numbers(_read(tmp_path).records) == [0, 2, 1, 3]


@python
def test_values_that_are_lost_are_counted(python: str, tmp_path: Path) -> None:
    environment = _environment(tmp_path)
    environment["OVERDRIVE_METRICS"] = str(tmp_path / "missing" / "spool.1.jsonl")
    done = _run(
        python,
        tmp_path,
        """
        from azureml.core import Run
        for step in range(5):
            Run.get_context().log("accuracy", step)
        """,
        environment,
    )
    assert done.returncode == 0
    lines = done.stderr.splitlines()
    assert len(lines) == 2
    assert "cannot write to" in lines[0] and "No such file" in lines[0]
    assert "5 logged values" in lines[1] and "are lost" in lines[1]


@python
def test_children_of_multiprocessing_write_what_waits(python: str, tmp_path: Path) -> None:
    done = _run(
        python,
        tmp_path,
        """
        import multiprocessing
        import os
        from resource import RLIMIT_FSIZE, getrlimit, setrlimit
        from azureml.core import Run

        def train(value):
            soft, hard = getrlimit(RLIMIT_FSIZE)
            setrlimit(RLIMIT_FSIZE, (os.path.getsize(os.environ["OVERDRIVE_METRICS"]), hard))
            Run.get_context().log("accuracy", value)
            setrlimit(RLIMIT_FSIZE, (soft, hard))

        if __name__ == "__main__":
            Run.get_context().log("accuracy", 0)
            for number, method in enumerate(("fork", "spawn")):
                child = multiprocessing.get_context(method).Process(target=train, args=(number + 1,))
                child.start()
                child.join()
        """,
    )
    assert done.returncode == 0, done.stderr
    assert _numbers(_read(tmp_path).records) == [0, 1, 2]
    assert "are lost" not in done.stderr


@python
def test_a_script_that_closes_all_files_damages_none(python: str, tmp_path: Path) -> None:
    done = _run(
        python,
        tmp_path,
        """
        import os
        from azureml.core import Run

        run = Run.get_context()
        run.log("accuracy", 1)
        os.closerange(3, 256)
        run.log("accuracy", 2)
        os.closerange(3, 256)
        fds = [os.open("other.txt", os.O_CREAT | os.O_WRONLY) for _ in range(5)]
        run.log("accuracy", 3)
        """,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert _numbers(_read(tmp_path).records) == [1, 2, 3]
    assert (tmp_path / "other.txt").read_bytes() == b""


@python
def test_a_torn_last_line_stays_alone(python: str, tmp_path: Path) -> None:
    (tmp_path / "spool.1.jsonl").write_bytes(b'{"name": "accuracy", "val')
    done = _run(python, tmp_path, "from azureml.core import Run\nRun.get_context().log('accuracy', 1)")
    assert (done.returncode, done.stderr) == (0, "")
    batch = _read(tmp_path)
    assert (_numbers(batch.records), batch.bad) == ([1], 1)


@python
def test_a_script_may_change_its_folder_and_its_streams(python: str, tmp_path: Path) -> None:
    done = _run(
        python,
        tmp_path,
        """
        import os
        import sys
        from azureml.core import Run

        os.environ["RANK"], os.environ["WORLD_SIZE"] = "1", "2"
        os.chdir("/")
        sys.stderr = sys.stdout = None
        Run.get_context().log("accuracy", 1)
        """,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert [(record.value, record.rank) for record in _read(tmp_path).records] == [(1, 1)]


def test_every_name_of_the_table_is_served(tmp_path: Path) -> None:
    done = _run(
        sys.executable,
        tmp_path,
        """
        import importlib
        import azureml.core
        from azureml._names import MODULES
        from azureml.train.hyperdrive import *
        from azureml.train.hyperdrive.parameter_expressions import *

        for module, names in MODULES.items():
            for name in names.split():
                getattr(importlib.import_module(module), name)
        assert azureml.core.experiment.Experiment is azureml.core.Experiment
        assert choice("a", "b")
        """,
        _environment(tmp_path, standin=False, trial=False),
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_in_a_control_script_run_opens_runs_too(tmp_path: Path) -> None:
    done = _run(
        sys.executable,
        tmp_path,
        """
        from azureml.core import Run
        from azureml.core.run import _OfflineRun
        from azureml.exceptions import RunEnvironmentException, UserErrorException

        run = Run.get_context()
        assert isinstance(run, _OfflineRun)
        for call, error in (
            (lambda: run.log("accuracy", [1]), UserErrorException),
            (lambda: Run.get_context(allow_offline=False), RunEnvironmentException),
        ):
            try:
                call()
            except error:
                print("caught")
        print(callable(Run.get), callable(Run.list))
        """,
        _environment(tmp_path, standin=False, trial=False),
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "caught\ncaught\nTrue True\n", "")


@python
def test_the_users_own_sitecustomize_runs_first(python: str, tmp_path: Path) -> None:
    (tmp_path / "own").mkdir()
    (tmp_path / "own" / "sitecustomize.py").write_text("import urllib.request\nOWN = True\n")
    environment = _environment(tmp_path)
    environment["PYTHONPATH"] += os.pathsep + str(tmp_path / "own")
    done = _run(
        python,
        tmp_path,
        """
        import sitecustomize
        import urllib.request
        print(sitecustomize.OWN, urllib.request.OpenerDirector.open.__module__)
        """,
        environment,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "True _overdrive_changes\n", "")


@python
def test_a_mapped_url_is_read_from_its_file(python: str, tmp_path: Path) -> None:
    environment = _environment(tmp_path)
    (tmp_path / "data.csv").write_text("x,y\n1,2\n")
    mapped = {"sweep": "HD_1", "trial": 0, "url_map": {"https://host.invalid/data.csv": str(tmp_path / "data.csv")}}
    (tmp_path / "trial.json").write_text(json.dumps(mapped))
    done = _run(
        python,
        tmp_path,
        """
        import sys
        assert "urllib.request" not in sys.modules and "json" not in sys.modules
        import urllib.request
        from urllib.error import HTTPError, URLError

        with urllib.request.urlopen("https://host.invalid/data.csv?sig=1") as answer:
            assert (answer.status, answer.headers["Content-Length"]) == (200, "8"), answer.headers
            assert answer.read() == b"x,y\\n1,2\\n"
        path, _ = urllib.request.urlretrieve("https://host.invalid/data.csv", "copy.csv")
        assert open(path).read() == "x,y\\n1,2\\n"
        request = urllib.request.Request("https://host.invalid/data.csv", headers={"A": "b"})
        assert urllib.request.urlopen(request).geturl() == "https://host.invalid/data.csv"
        try:
            urllib.request.urlopen("http://127.0.0.1:9/x.csv")
        except URLError as error:
            print(isinstance(error.reason, ConnectionRefusedError), error)
        """,
        environment,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("True ") and "--map 'http://127.0.0.1:9/x.csv=FILE'" in done.stdout
    assert done.stdout.count("--map") == 1


@python
@pytest.mark.parametrize("wanted", ["1", None])
def test_names_of_numpy_come_back_where_they_are_wanted(python: str, wanted: "str | None", tmp_path: Path) -> None:
    """With a package of that name: it is not there for every Python here, and the rule is about names only."""
    (tmp_path / "numpy").mkdir()
    (tmp_path / "numpy" / "__init__.py").write_text(
        "bool = 'its own'\nint64 = inf = nan = 1\ndef __getattr__(name):\n    raise AttributeError('gone: ' + name)\n"
    )
    environment = _environment(tmp_path)
    if wanted:
        environment["OVERDRIVE_RESTORE_NUMPY_NAMES"] = wanted
    code = """
        import sys
        assert "numpy" not in sys.modules
        import numpy
        assert numpy.__spec__.loader is numpy.__loader__ and "Source" in type(numpy.__loader__).__name__
        print(numpy.bool, getattr(numpy, "float", None), getattr(numpy, "long", None), getattr(numpy, "NaN", None))
        """
    done = _run(python, tmp_path, code, environment)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == ("its own <class 'float'> 1 1\n" if wanted else "its own None None None\n")


def test_names_of_the_real_numpy(tmp_path: Path) -> None:
    pytest.importorskip("numpy")
    environment = {**_environment(tmp_path), "OVERDRIVE_RESTORE_NUMPY_NAMES": "1"}
    code = """
        import numpy as np
        assert np.arange(3).astype(np.float).dtype == np.float64 and np.array([1], dtype=np.int).dtype.kind == "i"
        assert (np.object, np.str, np.complex) == (object, str, complex)
        assert np.array([True], dtype=np.bool).dtype == bool and np.zeros(1, np.long).dtype.kind == "i"
        assert np.NaN != np.NaN and np.product([2, 3]) == 6
        """
    done = _run(sys.executable, tmp_path, code, environment)
    assert (done.returncode, done.stderr) == (0, "")


@python
def test_data_without_pandas(python: str, tmp_path: Path) -> None:
    """Files, datastores and definitions need the standard library only; a data frame says what it lacks."""
    environment = _environment(tmp_path)
    environment["OVERDRIVE_WORKSPACE"] = str(tmp_path / "space")
    (tmp_path / "blocked").mkdir()
    (tmp_path / "blocked" / "pandas.py").write_text("raise ImportError('no pandas here')")
    environment["PYTHONPATH"] += os.pathsep + str(tmp_path / "blocked")
    (tmp_path / "data.csv").write_text("x,ok\n1,Yes\n")
    done = _run(
        python,
        tmp_path,
        """
        from azureml.core import Dataset, Datastore, Run, Workspace
        from azureml.core.dataset import Dataset as same
        from azureml.core.model import Model
        from azureml.data.dataset_factory import TabularDatasetFactory
        from azureml.exceptions import UserErrorException

        run = Run.get_context()
        workspace = run.experiment.workspace
        assert same is Dataset and Dataset.Tabular is TabularDatasetFactory
        rows = TabularDatasetFactory.from_delimited_files("data.csv").register(workspace, "rows")
        store = Datastore.get(workspace, "workspaceblobstore")
        store.upload_files(["data.csv"], target_path="up")
        files = Dataset.File.from_files((store, "up"))
        print(files.to_path(), list(workspace.datasets), Dataset.get_by_id(workspace, rows.id).name)
        print(Workspace.from_config().path == workspace.path, workspace.models, run.input_datasets)
        try:
            Model(workspace, "none")
        except UserErrorException as error:
            print(error)
        try:
            workspace.webservices
        except AttributeError as error:
            print(error)
        try:
            rows.to_pandas_dataframe()
        except ImportError as error:
            print(error)
        """,
        environment,
    )
    assert (done.returncode, done.stderr) == (0, "")
    lines = done.stdout.splitlines()
    assert lines[0] == "['/data.csv'] ['rows'] rows"
    assert lines[1] == "True {} {}"
    assert "no model 'none'" in lines[2] and "'webservices'" in lines[3]
    assert python in lines[4] and "pip install pandas" in lines[4]


_ASKS = """
from azureml.core import Environment, Experiment, Run, get_run
from azureml.exceptions import UserErrorException

run = Run.get_context()
run.log("m", 1)
run.tag("final")
run.display_name, run.description = "mine", "said by the script"
workspace = run.experiment.workspace
assert workspace.get_mlflow_tracking_uri() == "overdrive://trial"
assert workspace.compute_targets and workspace.webservices == {}
assert Environment.get(workspace, "any").name == "any"
assert run.get_portal_url().endswith("/trials/0") and run.get_detailed_status()["status"] == "Running"
sweep = run.parent
assert (sweep.type, sweep.get_status()) == ("hyperdrive", "Running")
assert [trial.id for trial in sweep.get_children()] == [run.id]
same = (Run.get(workspace, sweep.id), Run(run.experiment, sweep.id), get_run(run.experiment, sweep.id))
assert {found.id for found in (*same, *Run.list(run.experiment), *run.experiment.get_runs())} == {sweep.id}
for ask in (lambda: run.get_secret("s"), lambda: workspace.get_default_keyvault()):
    try:
        ask()
    except UserErrorException as error:
        assert "secrets" in error.message
    else:
        raise AssertionError("no secrets here")
assert not hasattr(run, "wait_for_completion") and not hasattr(run.experiment, "submit")
assert not hasattr(run.child_run(), "get_portal_url")
"""


def test_a_trial_reads_of_its_sweep_and_workspace_what_control_scripts_do(tmp_path: Path) -> None:
    (tmp_path / "train.py").write_text(_ASKS, encoding="utf-8")
    config = HyperDriveConfig(
        run_config=ScriptRunConfig(str(tmp_path), "train.py"),
        hyperparameter_sampling=GridParameterSampling({"a": choice(1)}),
        primary_metric_name="m",
        primary_metric_goal="maximize",
        max_total_runs=1,
    )
    sweep = Experiment(Workspace(tmp_path / "workspace"), "asks").submit(config)
    sweep.wait_for_completion()
    (trial,) = sweep.get_children(tags="final")
    assert (trial.display_name, trial.description) == ("mine", "said by the script")
