"""How a ScriptRunConfig becomes a command line, and what it says of files that are not as they should be."""

import os
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from overdrive.client import ScriptRunConfig
from overdrive.client.run_spec import build_run_spec
from overdrive.errors import SpecError


@pytest.fixture
def source(tmp_path: Path) -> Path:
    folder = tmp_path / "src"
    (folder / "sub").mkdir(parents=True)
    (folder / "train.py").write_text("print()")
    (folder / "sub" / "deep.py").write_text("print()")
    (tmp_path / "outside.py").write_text("print()")
    return folder


def refusal(config: ScriptRunConfig) -> SpecError:
    with pytest.raises(SpecError) as caught:
        build_run_spec(config)
    return caught.value


def test_script(source: Path) -> None:
    spec = build_run_spec(ScriptRunConfig(source, "train.py", ["--a", 1, 0.1, True, Path("x")]))
    assert spec.command == (sys.executable, "train.py")
    assert spec.script == "train.py"
    assert spec.arguments == ("--a", "1", "0.1", "True", "x")
    assert spec.source_directory == str(source.resolve())


@pytest.mark.parametrize("script", ["sub/deep.py", "./sub/deep.py", "sub/../sub/deep.py", Path("sub", "deep.py")])
def test_script_in_a_subfolder(source: Path, script: object) -> None:
    assert build_run_spec(ScriptRunConfig(source, script)).script == "sub/deep.py"  # type: ignore[arg-type]


def test_absolute_script_inside(source: Path) -> None:
    assert build_run_spec(ScriptRunConfig(source, source / "train.py")).script == "train.py"


def test_relative_folder(source: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(source.parent)
    assert build_run_spec(ScriptRunConfig("src", "train.py")).source_directory == str(source.resolve())


@pytest.mark.parametrize("script", ["trian.py", "sub", "../outside.py", "nowhere/x.py", "."])
def test_script_refused(source: Path, script: str) -> None:
    assert refusal(ScriptRunConfig(source, script)).field == "script"


def test_a_slip_of_the_pen_is_guessed(source: Path) -> None:
    assert "train.py" in (refusal(ScriptRunConfig(source, "trian.py")).hint or "")


@pytest.mark.parametrize("name", ["nowhere", "train.py"])
def test_source_directory_refused(source: Path, name: str) -> None:
    assert refusal(ScriptRunConfig(source / name, "train.py")).field == "source_directory"


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_unreadable(source: Path) -> None:
    (source / "train.py").chmod(0)
    assert refusal(ScriptRunConfig(source, "train.py")).field == "script"
    source.chmod(0)
    try:
        assert refusal(ScriptRunConfig(source, "train.py")).field == "source_directory"
    finally:
        source.chmod(0o700)


@pytest.mark.parametrize(
    ("command", "expected"),
    [
        (["python", "train.py", 1], (sys.executable, "train.py", "1")),
        (["python3", "-m", "x"], (sys.executable, "-m", "x")),
        (["./train.sh"], ("./train.sh",)),
        ("python train.py --name 'a b' --x=1,2:3", (sys.executable, "train.py", "--name", "a b", "--x=1,2:3")),
        ('prog "" x', ("prog", "", "x")),
        ("prog a#b", ("prog", "a#b")),
    ],
)
def test_command(source: Path, command: object, expected: tuple[str, ...]) -> None:
    spec = build_run_spec(ScriptRunConfig(source, command=command))  # type: ignore[arg-type]
    assert spec.command == expected
    assert spec.script is None


@pytest.mark.parametrize("command", ["a | b", "a && b", "a; b", "a > b", "a $HOME", "a `b`", "a 'b", "a\nb", "(a)"])
def test_command_that_needs_a_shell(source: Path, command: str) -> None:
    assert refusal(ScriptRunConfig(source, command=command)).field == "command"


def test_shell_signs_in_a_list(source: Path) -> None:
    words = ["bash", "setup.sh", "&&", "python", "train.py"]
    assert build_run_spec(ScriptRunConfig(source, command=words)).command[2] == "&&"
    assert refusal(ScriptRunConfig(source, command=words, strict=True)).field == "command"


def test_changed_attributes_are_checked_again(source: Path) -> None:
    config = ScriptRunConfig(source, "train.py")
    config.arguments = "--a 1"  # type: ignore[assignment]
    assert refusal(config).field == "arguments"


def test_interpreter(source: Path) -> None:
    spec = build_run_spec(ScriptRunConfig(source, "train.py", interpreter=sys.executable))
    assert spec.command[0] == sys.executable
    assert refusal(ScriptRunConfig(source, "train.py", interpreter="/nowhere/python")).field == "interpreter"
    assert refusal(ScriptRunConfig(source, "train.py", interpreter=source)).field == "interpreter"


@pytest.mark.parametrize(
    ("answer", "is_taken"),
    [("python=3.7.16", False), ("python=2.7.18", False), ("python=3.8.0", True), ("python=4.0.1", True), ("R", True)],
)
def test_a_python_that_is_too_old_is_refused_before_anything_starts(
    source: Path, tmp_path: Path, answer: str, is_taken: bool
) -> None:
    """What is no Python may be one's own program: whether it runs scripts is seen when it does."""
    program = tmp_path / "python"
    program.write_text(f"#!/bin/sh\necho {answer}\n")
    program.chmod(0o755)
    config = ScriptRunConfig(source, "train.py", interpreter=program)
    if is_taken:
        assert build_run_spec(config).command[0] == str(program)
    else:
        found = refusal(config)
        assert (found.field, found.value) == ("interpreter", str(program))
        assert answer.partition("=")[2] in found.message and "3.8" in found.message


def test_environment(source: Path) -> None:
    python = SimpleNamespace(user_managed_dependencies=True, interpreter_path=sys.executable)
    environment = SimpleNamespace(name="e", python=python, environment_variables={"A": "1", "B": "1"})
    spec = build_run_spec(
        ScriptRunConfig(source, "train.py", environment=environment, environment_variables={"B": "2"})
    )
    assert spec.environment == {"A": "1", "B": "2"}
    assert spec.command[0] == sys.executable
    python.interpreter_path = "/nowhere/python"
    assert refusal(ScriptRunConfig(source, "train.py", environment=environment)).field == "interpreter"
    environment.docker = SimpleNamespace(base_dockerfile="./Dockerfile")
    with pytest.warns(UserWarning, match="'/nowhere/python' is in the environment's image"):
        spec = build_run_spec(ScriptRunConfig(source, "train.py", environment=environment))
    assert spec.command[0] == sys.executable
    named = ScriptRunConfig(source, "train.py", environment=environment, interpreter="/nowhere/python")
    assert refusal(named).field == "interpreter"
    python.user_managed_dependencies = False
    build_run_spec(ScriptRunConfig(source, "train.py", environment=environment))


def test_processes_of_a_trial(source: Path) -> None:
    job = SimpleNamespace(node_count=1, process_count_per_node=1)
    spec = build_run_spec(ScriptRunConfig(source, "train.py", distributed_job_config=job))
    assert (spec.processes, spec.distribution) == (1, None)
    job.node_count = 2
    with pytest.warns(UserWarning, match="node_count = 2"):
        spec = build_run_spec(ScriptRunConfig(source, "train.py", distributed_job_config=job))
    assert (spec.processes, spec.distribution) == (2, {"kind": "mpi", "parameter_servers": 0})
    job = SimpleNamespace(worker_count=2, parameter_server_count=1)
    spec = build_run_spec(ScriptRunConfig(source, "train.py", distributed_job_config=job))
    assert (spec.processes, spec.distribution) == (3, {"kind": "tensorflow", "parameter_servers": 1})
    spec = build_run_spec(ScriptRunConfig(source, "train.py", processes=4))
    assert (spec.processes, spec.distribution) == (4, {"kind": "pytorch", "parameter_servers": 0})


@pytest.mark.parametrize(
    ("field", "given"),
    [
        ("processes", {"processes": 0}),
        ("processes", {"processes": "two"}),
        ("distribution", {"distribution": "mpi"}),
        ("distribution['kind']", {"processes": 2, "distribution": {"kind": "ray"}}),
        ("distribution['parameter_servers']", {"processes": 2, "distribution": {"parameter_servers": 1}}),
        (
            "distribution['parameter_servers']",
            {"processes": 2, "distribution": {"kind": "tensorflow", "parameter_servers": 2}},
        ),
    ],
)
def test_no_such_processes(source: Path, field: str, given: dict) -> None:
    with pytest.raises(SpecError) as caught:
        ScriptRunConfig(source, "train.py", **given)
    assert caught.value.field == field


def test_limits(source: Path) -> None:
    spec = build_run_spec(ScriptRunConfig(source, "train.py", gpus=2, max_run_duration_seconds=60))
    assert (spec.gpus, spec.max_run_duration_s) == (2, 60.0)
