"""Environments: what a definition asks for, what a Python lacks of it, and building one without a network."""

import json
import os
import subprocess
import sys
import warnings
from pathlib import Path
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from wheels import tiny_lines

from overdrive.client import ScriptRunConfig
from overdrive.client.environment.building import build
from overdrive.client.environment.building import built_environments
from overdrive.client.environment.building import find_uv
from overdrive.client.environment.building import python_in
from overdrive.client.environment.building import remove_environment
from overdrive.client.environment.lacking import Lack
from overdrive.client.environment.lacking import find_lacks
from overdrive.client.environment.lacking import has_usable_python
from overdrive.client.environment.lacking import install_line
from overdrive.client.environment.needed import names_packages
from overdrive.client.environment.preparing import in_environment
from overdrive.client.environment.wanted import Wanted
from overdrive.client.environment.wanted import read_wanted
from overdrive.client.run_spec import build_run_spec
from overdrive.client.sweep_spec import build_single_spec
from overdrive.compat.azureml import CondaDependencies
from overdrive.compat.azureml import Environment
from overdrive.compat.azureml import RunConfiguration
from overdrive.compat.checking.findings import check
from overdrive.errors import LockedError
from overdrive.errors import WorkspaceError
from overdrive.host.interpreters import Python
from overdrive.host.interpreters import ask
from overdrive.host.interpreters import lacks_modules
from overdrive.host.locks import FileLock


def definition(*conda: str, pip: tuple[str, ...] = (), managed: bool = False) -> dict:
    dependencies = [*conda, *([{"pip": list(pip)}] if pip else [])]
    return {
        "name": "env",
        "python": {"userManagedDependencies": managed, "condaDependencies": {"dependencies": dependencies}},
    }


@pytest.mark.parametrize(
    ("conda", "pip"),
    [
        ("numpy", "numpy"),
        ("numpy=1.19", "numpy==1.19.*"),
        ("numpy=1.19.*", "numpy==1.19.*"),
        ("numpy==1.19.2", "numpy==1.19.2"),
        ("numpy=1.19.2=py38_0", "numpy==1.19.2"),
        ("numpy 1.19*", "numpy==1.19.*"),
        ("numpy 1.19.2", "numpy==1.19.2"),
        ("numpy>=1.18,<1.20", "numpy<1.20,>=1.18"),
        ("numpy!=1.19.*", "numpy!=1.19.*"),
        ("numpy[version='>=1.8']", "numpy>=1.8"),
        ("numpy=1.18|1.19", "numpy"),
        ("numpy=*", "numpy"),
        ("numpy=not a version", "numpy"),
        ("conda-forge::LightGBM=3", "lightgbm==3.*"),
        ("pytorch::pytorch=1.8.1", "torch==1.8.1.*"),
        ("tensorflow-gpu=2.4", "tensorflow==2.4.*"),
        ("python-graphviz", "graphviz"),
    ],
)
def test_conda_in_pips_words(conda: str, pip: str) -> None:
    assert read_wanted(definition(conda)).pip_lines() == [pip]


@given(st.lists(st.integers(0, 99), min_size=1, max_size=3), st.lists(st.integers(0, 99), max_size=2))
def test_condas_one_equals_sign_takes_every_version_below(numbers: list[int], further: list[int]) -> None:
    version = ".".join(map(str, numbers))
    wanted = read_wanted(definition(f"a={version}"))
    longer = ".".join(map(str, [*numbers, *further]))
    assert not find_lacks(wanted, Python("p", "3.11.2", {"a": longer}))
    assert find_lacks(wanted, Python("p", "3.11.2", {"a": f"1{version}"}))


@given(st.text(max_size=30), st.text(max_size=30))
def test_any_text_is_read(conda: str, pip: str) -> None:
    wanted = read_wanted(definition(conda, pip=(pip,)))
    find_lacks(wanted, Python("p", "3.11.2", {}))
    has_usable_python(wanted)


def test_what_is_no_package_and_what_is_ours() -> None:
    conda = ("python=3.8.5", "pip=20", "cudatoolkit=10.1", "_openmp_mutex", "scikit-learn")
    pip = (
        "azureml-defaults~=1.2",
        "azureml",
        "azureml-mlflow",
        "azureml-dataprep[pandas,fuse]",
        "--index-url https://i",
        "sklearn",
    )
    wanted = read_wanted(definition(*conda, pip=(*pip, "-r more.txt", "git+https://x/y", "a @ https://x/a.whl")))
    assert wanted.python == "3.8.5"
    assert wanted.no_packages == ("pip=20", "cudatoolkit=10.1", "_openmp_mutex")
    assert wanted.lines == ("--index-url https://i", "-r more.txt", "git+https://x/y")
    assert [each.name for each in wanted.requirements] == ["scikit-learn", "mlflow-skinny", "pandas", "a"]


PYTHON = Python("/usr/bin/python3", "3.11.2", {"numpy": "2.0.1", "mlflow": "2.9", "torch": "2.1.0+cpu", "rc": "1.0rc1"})


@pytest.mark.parametrize(
    ("wanted", "lack"),
    [
        ("numpy>=1", None),
        ("numpy==2.0.*", None),
        ("numpy<2", Lack("numpy<2", "2.0.1")),
        ("NumPy", None),
        ("joblib", Lack("joblib")),
        ("mlflow-skinny", None),
        ("torch==2.1.0", None),
        ("rc>=0.9", None),
        ('joblib; python_version < "3.9"', None),
        ('joblib>=1; python_version > "3.9"', Lack('joblib>=1; python_version > "3.9"')),
    ],
)
def test_what_is_lacking(wanted: str, lack: Lack | None) -> None:
    assert find_lacks(read_wanted(definition(pip=(wanted,))), PYTHON) == ([lack] if lack else [])


@pytest.mark.parametrize(
    ("asked", "is_there", "can_be_made"),
    [
        ("python=3.11", True, True),
        ("python=3.11.9", True, True),
        ("python==3.11.2", True, True),
        ("python=3.8.5", False, True),
        ("python>=3.8,<3.11", False, True),
        ("python>=3.7", True, True),
        ("python=3", True, True),
        ("python", True, True),
        ("python=3.6.2", False, False),
        ("python<3.8", False, False),
        ("python=2.7", False, False),
    ],
)
def test_the_python_that_is_asked_for(asked: str, is_there: bool, can_be_made: bool) -> None:
    wanted = read_wanted(definition(asked))
    assert [lack.found for lack in find_lacks(wanted, PYTHON)] == ([] if is_there else ["3.11.2"])
    assert has_usable_python(wanted) == can_be_made


def test_the_line_that_installs() -> None:
    wanted = read_wanted(definition(pip=("numpy==1.19", "joblib", "numpy-ish>1", "--find-links a b")))
    lacks = find_lacks(wanted, Python("/a b/python", "3.11.2", {"joblib": "1"}))
    line = "uv pip install --python '/a b/python' --find-links a b numpy==1.19 'numpy-ish>1'"
    assert install_line(wanted, lacks, Python("/a b/python", "3.11.2", {}), has_uv=True) == line
    assert install_line(wanted, lacks, PYTHON, has_uv=False).startswith("/usr/bin/python3 -m pip install --find-links")
    older = read_wanted(definition("python=3.8", "numpy"))
    lacks = find_lacks(older, PYTHON)
    made = "uv venv --python 3.8 .venv-env && uv pip install --python .venv-env/bin/python numpy"
    assert install_line(older, lacks, PYTHON, has_uv=True) == made
    made = "python3.8 -m venv .venv-env && .venv-env/bin/python -m pip install numpy"
    assert install_line(older, lacks, PYTHON, has_uv=False) == made
    too_old = read_wanted(definition("python=3.6"))
    assert install_line(too_old, find_lacks(too_old, PYTHON), PYTHON, has_uv=True) == ""


def test_definitions_that_ask_for_nothing() -> None:
    curated = Environment("AzureML-sklearn-0.24")
    managed = Environment("mine")
    managed.python.conda_dependencies = CondaDependencies.create(pip_packages=["numpy"])
    assert names_packages(managed.to_json())
    managed.python.user_managed_dependencies = True
    for environment in (curated, managed, RunConfiguration().environment):
        assert not names_packages(environment.to_json())
    assert not names_packages(None)


def test_a_python_is_asked_again_when_its_packages_changed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    first = ask(sys.executable)
    assert first.version == ".".join(map(str, sys.version_info[:3]))
    assert "hypothesis" in first.packages
    assert ask(sys.executable) is first
    info = tmp_path / "Tiny_One-2.5.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: Tiny_One\nVersion: 2.5\n")
    os.utime(tmp_path, ns=(1, 1))
    assert ask(sys.executable).packages["tiny-one"] == "2.5"
    assert lacks_modules(sys.executable, ["json", "no_such", "os.no_such"]) == ["no_such", "os.no_such"]
    with pytest.raises(OSError, match="no Python"):
        ask("/bin/true")
    with pytest.raises(OSError, match="nowhere"):
        ask("/nowhere/python")


def test_a_submit_without_packages_loads_nothing_for_them() -> None:
    code = "import sys, overdrive.client.submit; print('packaging' in sys.modules)"
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert told.stdout == "False\n"


# Building, from a folder of wheels


@pytest.fixture
def wheels(tmp_path: Path) -> list[str]:
    return tiny_lines(tmp_path)


def tiny(lines: list[str], version: str = "1.5") -> Wanted:
    return read_wanted(definition(pip=(*lines[:-1], f"tiny=={version}")))


def test_an_environment_is_built_once(tmp_path: Path, wheels: list[str], capfd: pytest.CaptureFixture[str]) -> None:
    wanted = tiny(wheels)
    folder = build(tmp_path, wanted, sys.executable)
    assert ask(python_in(folder)).packages == {"tiny": "1.5"}
    assert "Building the environment env with uv, once" in capfd.readouterr().err
    made = (folder / "environment.json").stat().st_mtime_ns
    assert build(tmp_path, wanted, sys.executable) == folder
    assert ((folder / "environment.json").stat().st_mtime_ns, capfd.readouterr().err) == (made, "")
    (folder / "environment.json").unlink()  # as if it had been interrupted
    (folder / "bin" / "python").unlink()
    assert build(tmp_path, wanted, sys.executable) == folder
    assert os.access(python_in(folder), os.X_OK)
    assert [(path, facts["name"]) for path, facts in built_environments(tmp_path)] == [(folder, "env")]
    lock = FileLock(f"{folder}.lock")
    with lock, pytest.raises(LockedError):
        remove_environment(folder)
    remove_environment(folder)
    assert list(folder.parent.iterdir()) == []


def test_a_build_that_fails_says_why(tmp_path: Path, wheels: list[str]) -> None:
    with pytest.raises(WorkspaceError, match=r"uv could not build the environment env.*tiny") as caught:
        build(tmp_path, tiny(wheels, "9"), sys.executable)
    log = Path(str(caught.value.hint).partition(": ")[2])
    assert "tiny==9" in log.read_text()
    assert [facts for _, facts in built_environments(tmp_path)] == [{}]


def test_without_uv(tmp_path: Path, wheels: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(sys, "executable", str(tmp_path / "python"))
    monkeypatch.setitem(sys.modules, "uv", None)
    assert find_uv() is None
    with pytest.raises(WorkspaceError, match="uv, which is not here"):
        build(tmp_path, tiny(wheels), "python")


def test_two_who_build_the_same_build_it_once(tmp_path: Path, wheels: list[str]) -> None:
    code = (
        "import sys, json; from pathlib import Path\n"
        "from overdrive.client.environment.building import build\n"
        "from overdrive.client.environment.wanted import read_wanted\n"
        "print(build(Path(sys.argv[1]), read_wanted(json.loads(sys.argv[2])), sys.executable))"
    )
    lines = tiny(wheels).pip_lines()
    command = [sys.executable, "-c", code, str(tmp_path), json.dumps(definition(pip=tuple(lines)))]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    both = [subprocess.Popen(command, **pipes) for _ in range(2)]
    told = [process.communicate(timeout=120) for process in both]
    assert [process.returncode for process in both] == [0, 0]
    assert told[0][0] == told[1][0]
    assert sum("Building" in err for _, err in told) == 1


def test_a_python_that_trials_cannot_have(tmp_path: Path, wheels: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """What is asked for is too old: the oldest usable one is built, or uv says that it has none."""
    monkeypatch.setenv("UV_PYTHON_DOWNLOADS", "never")
    lines = definition("python=3.6.2", pip=tuple(wheels))
    environment = SimpleNamespace(to_json=lambda: lines)
    (tmp_path / "train.py").write_text("")
    config = ScriptRunConfig(tmp_path, "train.py", environment=environment, build_environment=True)
    with pytest.warns(UserWarning, match=r"'env' asks for Python 3\.6\.2: it gets 3\.8, the oldest"):
        try:
            run = build_single_spec(config, "e", None, build_run_spec(config))
            made = in_environment(tmp_path / "workspace", run)
        except WorkspaceError as error:
            assert "uv could not build the environment env" in error.message
        else:
            assert ask(made.run.command[0]).version.startswith("3.8.")


def test_where_no_line_would_install_it_only_the_build_is_named(tmp_path: Path) -> None:
    lines = definition("python=3.6.2")
    (tmp_path / "train.py").write_text("")
    config = ScriptRunConfig(tmp_path, "train.py", environment=SimpleNamespace(to_json=lambda: lines))
    spec = build_single_spec(config, "e", None, build_run_spec(config))
    with pytest.warns(UserWarning, match=r"trials run in [\d.]+\n  to build it for the trials: --build-environment"):
        assert in_environment(tmp_path / "workspace", spec) is spec


# Read without running


def test_check_reads_what_a_script_asks_for(tmp_path: Path) -> None:
    (tmp_path / "conda.yml").write_text("dependencies: [no-such-one=1, {pip: [hypothesis>=1, azureml-core]}]\n")
    (tmp_path / "env").mkdir()
    (tmp_path / "env" / "r.txt").write_text("# packages\nno-such-two\n")
    (tmp_path / "control.py").write_text(
        "import os\nfrom azureml.core import Environment\nfolder = 'env'\n"
        "a = Environment.from_conda_specification('a', file_path='conda.yml')\n"
        "b = Environment.from_pip_requirements('b', os.path.join(folder, 'r.txt'))\n"
        "c = CondaDependencies.create(pip_packages=['no-such-three==2'], python_version='3.7')\n"
        "c.add_conda_package('no-such-four')\nd = CondaDependencies('written-later.yml')\n"
    )
    (found,) = check([tmp_path / "control.py"])
    assert sorted(lack.wanted for lack in found.lacks) == [
        "Python 3.7",
        "no-such-four",
        "no-such-one==1.*",
        "no-such-three==2",
        "no-such-two",
    ]
    assert not found.is_ready
    assert "no-such-two" in found.install


def test_check_reads_a_notebooks_conda_file_and_a_sweep_files(tmp_path: Path) -> None:
    cells = ["%%writefile conda.yml\ndependencies:\n- no-such-one\n", "CondaDependencies('conda.yml')"]
    notebook = {"cells": [{"cell_type": "code", "source": [cell]} for cell in cells]}
    (tmp_path / "n.ipynb").write_text(json.dumps(notebook))
    (tmp_path / "sweep.yml").write_text(
        "type: command\ncommand: echo\nenvironment: {image: i, conda_file: {dependencies: [no-such-two]}}\n"
    )
    first, second = check([tmp_path / "n.ipynb", tmp_path / "sweep.yml"])
    assert [lack.wanted for lack in (*first.lacks, *second.lacks)] == ["no-such-one", "no-such-two"]


def test_check_asks_the_python_that_the_environment_names(tmp_path: Path, wheels: list[str]) -> None:
    folder = build(tmp_path, tiny(wheels), sys.executable)
    (tmp_path / "train.py").write_text("import tiny\nimport hypothesis\n")
    (tmp_path / "control.py").write_text(
        "import hypothesis\nenv.python.user_managed_dependencies = True\n"
        f"env.python.interpreter_path = {python_in(folder)!r}\nScriptRunConfig('.', 'train.py', environment=env)\n"
        "CondaDependencies.create(pip_packages=['no-such'])\n"
    )
    control, train = check([tmp_path / "control.py"])
    assert (control.missing, control.lacks) == ({}, [])
    assert (train.missing, train.program) == ({"hypothesis": "line 2"}, python_in(folder))


def test_a_job_whose_conda_file_is_not_there(tmp_path: Path) -> None:
    (tmp_path / "sweep.yml").write_text("type: command\ncommand: echo\nenvironment: {conda_file: none.yml}\n")
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        (found,) = check([tmp_path / "sweep.yml"])
    assert found.lacks == []
    assert ["none.yml" in str(each.message) for each in caught] == [True]
