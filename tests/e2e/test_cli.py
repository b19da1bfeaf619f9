"""Commands as real processes, on sweeps that real engines ran."""

import csv
import io
import json
import os
import re
import shlex
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from commands import overdrive
from commands import wait_until
from commands import write_script

from overdrive.host.locks import is_held
from overdrive.host.locks import note_of

WANTED = ("-m", "accuracy", "--goal", "maximize")


def tune(script: Path, *words: object, code: int = 0) -> subprocess.CompletedProcess[str]:
    return overdrive("tune", script, *WANTED, *words, code=code)


def started(script: Path, *words: object) -> tuple[str, Path]:
    """Id and folder of a sweep that runs detached."""
    said = json.loads(tune(script, "--detach", "--json", *words).stdout)
    return said["id"], Path(said["folder"])


def strict(text: str):
    return json.loads(text, parse_constant=pytest.fail)


def trial_logged(folder: Path) -> bool:
    return any(path.stat().st_size for path in folder.glob("trials/*/spool.1.jsonl"))


@pytest.fixture
def script(tmp_path: Path) -> Path:
    return write_script(tmp_path / "job")


def test_a_sweep_and_every_look_at_it(script: Path, tmp_path: Path) -> None:
    """One sweep, then all commands that only look: they say the same numbers."""
    done = tune(
        script,
        "-s",
        "lr=choice(1, 2, 3, 0.5)",
        "--sampling",
        "grid",
        "-j",
        "2",
        "--name",
        "digits",
        "--",
        "--epochs",
        "2",
    )
    assert "digits, 4 trials, maximize accuracy" in done.stdout
    assert "Completed in" in done.stdout and "Look further" in done.stdout

    (line,) = strict(overdrive("list", "--json").stdout)
    assert (line["experiment"], line["status"], line["counts"]["done"], line["best"]["value"]) == (
        "digits",
        "Completed",
        4,
        6,
    )
    assert line["id"][:11] in overdrive("list").stdout
    assert overdrive("list", "--running").stdout.startswith("No sweep of 1")

    shown = strict(overdrive("show", "--json").stdout)
    assert shown["id"] == line["id"] and len(shown["trials"]) == 4 and shown["best"]["value"] == 6
    page = overdrive("show", line["id"][:8]).stdout
    assert "4 of 4 trials done" in page and "accuracy 6 by trial 2" in page

    best = strict(overdrive("best", "--json").stdout)
    assert best["configuration"] == {"lr": 3} and best["arguments"] == ["--epochs", "2", "--lr", "3"]
    assert "accuracy  6 at interval 2 of 2" in overdrive("best").stdout
    assert strict(overdrive("show", "latest_2", "--json").stdout)["run_id"] == best["run_id"] == f"{line['id']}_2"

    assert strict(overdrive("metrics", "latest_2", "--json").stdout) == {"accuracy": [3, 6]}
    assert strict(overdrive("metrics", "--json").stdout)[best["run_id"]] == {"accuracy": [3, 6]}
    assert overdrive("metrics").stdout.split()[:4] == ["trial", "accuracy", "0", "2"]

    assert overdrive("logs", "latest_2").stdout == "training with 3.0\n"
    assert overdrive("logs", "latest_2", "--tail", "0").stdout == ""
    assert "took the sweep" in overdrive("logs", "latest").stdout

    rows = list(csv.DictReader(io.StringIO(overdrive("export").stdout)))
    assert [(row["trial"], row["param_lr"], row["best"]) for row in rows] == [
        ("0", "1", "2.0"), ("1", "2", "4.0"), ("2", "3", "6.0"), ("3", "0.5", "1.0"),
    ]  # fmt: skip
    file = tmp_path / "points.json"
    overdrive("export", "--points", "--format", "json", "-o", file)
    assert len(strict(file.read_text())) == 8

    assert overdrive("replay").stdout.endswith("follows again from the journal.\n")
    assert "has ended already" in overdrive("cancel", "latest").stdout
    assert "nothing left to do" in overdrive("resume", "latest", code=2).stderr
    assert overdrive("watch", "--json").returncode == 0

    assert overdrive("delete", "latest", code=1).stderr.endswith("Nothing was changed.\n")
    overdrive("delete", line["id"], "--yes")
    assert strict(overdrive("list", "--json").stdout) == []
    assert not any((Path(os.environ["OVERDRIVE_WORKSPACE"]) / "sweeps").iterdir())


def test_a_broken_script_fails_the_sweep_and_says_why(script: Path) -> None:
    done = tune(script, "-s", "lr=uniform(0, 1)", "-n", "9", "--", "--kind", "bad", code=1)
    assert "Failed in" in done.stdout and "out of luck" in done.stdout and "overdrive logs" in done.stdout
    shown = strict(overdrive("show", "--json").stdout)
    assert shown["status"] == "Failed" and shown["counts"]["failed"] >= 3
    page = overdrive("show", "latest_0").stdout
    assert "failed with exit code 1: out of luck" in page and "The end of its output" in page
    assert overdrive("watch", code=1).stdout.startswith("Failed")


def test_more_gpus_than_there_are_are_refused_before_anything_starts(
    script: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OVERDRIVE_GPUS", "0")
    done = tune(script, "-s", "lr=uniform(0, 1)", "--gpus", "2", code=2)
    assert done.stderr == "Error: gpus = 2: each trial needs 2 GPUs for itself, and this machine has 1\n"
    assert strict(overdrive("list", "--json").stdout) == []


def test_a_metric_of_another_name_is_named(script: Path) -> None:
    done = tune(script, "-s", "lr=uniform(0, 1)", "-n", "1", "--", "--name", "acuracy", code=1)
    (line,) = [line for line in done.stdout.splitlines() if line.startswith("Completed in")]
    assert "none has a value of the primary metric" in line and "it logs 'acuracy'" in line
    assert overdrive("watch", code=1).stdout.startswith("Completed in")
    assert "'acuracy'" in overdrive("show", "latest_0").stdout
    assert overdrive("best", code=3).stderr.startswith("Error: no trial of HD_")


def test_a_stopped_trial_says_why_in_one_sentence(script: Path) -> None:
    tune(script, "-s", "lr=choice(8, 5)", "--sampling", "grid", "-j", "1", "--policy", "bandit(slack_factor=0.2)")
    page = overdrive("show", "latest_1").stdout
    assert "stopped at interval 1: best accuracy 5 < 6.667 = 8/1.2, best by trial 0" in page
    assert "status      stopped early (Azure: Canceled)" in page


def test_a_command_in_any_language_logs_through_the_shell(tmp_path: Path) -> None:
    line = f"'{sys.executable}' -m overdrive log accuracy=$2 loss=nan --step 1"
    done = overdrive(
        "tune",
        "-s",
        "x=choice(4, 7)",
        "--sampling",
        "grid",
        *WANTED,
        "--source",
        tmp_path,
        "--",
        "sh",
        "-c",
        line,
        "sh",
    )
    assert "accuracy  7" in done.stdout
    assert strict(overdrive("metrics", "latest_1", "--json").stdout) == {"accuracy": 7, "loss": "nan"}
    (shown,) = re.findall("command +(.*)", overdrive("show", "latest_1").stdout)
    assert shlex.split(shown) == ["sh", "-c", line, "sh", "--x", "7"]
    assert overdrive("log", "accuracy=1", code=2).stderr.startswith("Error: this is no trial")


def test_cancelling_a_trial_and_a_sweep(script: Path, tmp_path: Path) -> None:
    name, folder = started(script, "-s", "lr=uniform(0, 1)", "-n", "5", "-j", "1", "--", "--gate", tmp_path / "gate")
    wait_until(lambda: trial_logged(folder), "the first trial")
    assert overdrive("delete", name, "--yes", code=4).stderr.splitlines()[1].startswith("Hint: first cancel it")
    assert "is being cancelled" in overdrive("cancel", f"{name}_0").stdout
    wait_until(lambda: strict(overdrive("show", f"{name}_0", "--json").stdout)["outcome"] == "cancelled", "its end")
    overdrive("cancel", name, "--now")
    assert overdrive("watch", name).stdout.splitlines()[-1] != ""
    shown = strict(overdrive("show", name, "--json").stdout)
    assert shown["status"] == "Canceled" and "overdrive cancel" in shown["reason"]
    (tmp_path / "gate").touch()
    assert "goes on" in overdrive("resume", name).stdout
    overdrive("watch", name)
    assert strict(overdrive("show", name, "--json").stdout)["counts"]["completed"] >= 3


STUBBORN = """
import os, signal, sys, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
from overdrive import Run
Run.get_context().log("accuracy", 1.0)
while not os.path.exists(sys.argv[1]):
    time.sleep(0.02)
"""


def test_resume_takes_a_cancel_back_that_is_not_over(tmp_path: Path) -> None:
    script, gate = write_script(tmp_path / "job", STUBBORN), tmp_path / "gate"
    name, folder = started(script, "-s", "lr=uniform(0, 1)", "-n", "3", "-j", "1", "--", gate)
    wait_until(lambda: trial_logged(folder), "the first trial")
    overdrive("cancel", name)
    wait_until(lambda: strict(overdrive("show", name, "--json").stdout)["trials"][0]["status"] == "stopping", "a stop")
    assert "goes on" in overdrive("resume", name).stdout
    assert strict(overdrive("show", name, "--json").stdout)["status"] == "Running"
    gate.touch()
    overdrive("watch", name)
    trials = strict(overdrive("show", name, "--json").stdout)["trials"]
    assert [trial["outcome"] for trial in trials] == ["cancelled", "completed", "completed"]
    assert overdrive("replay", name).stdout.endswith("follows again from the journal.\n")


def test_an_output_without_a_word_is_said_to_be_empty(tmp_path: Path) -> None:
    script = write_script(tmp_path / "job", "")
    tune(script, "-s", "lr=uniform(0, 1)", "-n", "1", code=1)
    done = overdrive("logs", "latest_0")
    assert done.stdout == "" and done.stderr.endswith("_0 has printed nothing\n")


def test_an_engine_that_died_is_started_again_by_the_next_command(script: Path, tmp_path: Path) -> None:
    name, folder = started(script, "-s", "lr=uniform(0, 1)", "-n", "2", "-j", "1", "--", "--gate", tmp_path / "gate")
    wait_until(lambda: trial_logged(folder), "the first trial")
    lock = str(folder / "engine.lock")
    pid = (note_of(lock) or {})["pid"]
    os.kill(pid, signal.SIGKILL)
    wait_until(lambda: not is_held(lock), "the end of the engine")
    shown = strict(overdrive("--no-recover", "show", name, "--json").stdout)
    assert shown["engine"]["alive"] is False and shown["reason"].startswith("no engine runs: ")
    (line,) = strict(overdrive("list", "--json", "--no-recover").stdout)
    assert line["reason"] == "no engine runs"
    assert overdrive("watch", name, "--no-recover").stdout.splitlines()[-1].startswith(f"{name}: no engine runs")
    assert "no engine runs" in overdrive("doctor", "--no-recover").stdout
    assert not is_held(lock)
    overdrive("list")
    wait_until(lambda: is_held(lock), "a new engine")
    (tmp_path / "gate").touch()
    overdrive("watch", name)
    assert strict(overdrive("show", name, "--json").stdout)["counts"]["completed"] == 2


def test_one_damaged_sweep_keeps_nobody_from_the_others(script: Path, tmp_path: Path) -> None:
    name, folder = started(script, "-s", "lr=choice(1)", "-n", "1", "--", "--gate", tmp_path / "gate")
    wait_until(lambda: (folder / "summary.json").exists(), "its summary")
    whole = (folder / "spec.json").read_text()
    (folder / "spec.json").write_text("{")
    tune(script, "-s", "lr=choice(2)", "-n", "1")
    done = overdrive("list")
    assert name[:11] in done.stdout and len(done.stdout.splitlines()) == 3
    assert done.stderr.startswith(f"Warning: {name} does not go on: ") and "is damaged" in done.stderr
    (folder / "spec.json").write_text(whole)
    (tmp_path / "gate").touch()
    overdrive("watch", name)


def test_an_export_goes_where_it_can(script: Path, tmp_path: Path) -> None:
    tune(script, "-s", "lr=choice(2)", "-n", "1")
    for place in (tmp_path / "nowhere" / "t.csv", script / "t.csv"):
        done = overdrive("export", "-o", place, code=4)
        assert done.stderr.startswith(f"Error: {place} cannot be written: ")
    assert overdrive("export", "-o", "/dev/stdout").stdout == overdrive("export").stdout
    target = tmp_path / "kept" / "t.csv"
    target.parent.mkdir()
    (tmp_path / "link.csv").symlink_to(target)
    overdrive("export", "-o", tmp_path / "link.csv")
    assert (tmp_path / "link.csv").is_symlink() and target.read_text() == overdrive("export").stdout


def test_following_a_trial_to_its_end(script: Path, tmp_path: Path) -> None:
    name, folder = started(script, "-s", "lr=choice(2)", "-n", "1", "--", "--gate", tmp_path / "gate")
    wait_until(lambda: trial_logged(folder), "the trial")
    follower = subprocess.Popen(
        [sys.executable, "-m", "overdrive", "logs", f"{name}_0", "-f"], stdout=subprocess.PIPE, text=True
    )
    assert follower.stdout is not None and follower.stdout.readline() == "training with 2.0\n"
    (tmp_path / "gate").touch()
    assert follower.communicate(timeout=60) == ("", None) and follower.returncode == 0


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["show"], 3, "there is no sweep in"),
        (["show", "HD_nothing"], 3, "there is no sweep or run 'HD_nothing'"),
        (["run", "nowhere.py"], 2, "'nowhere.py' names no file"),
        (["tune", "nowhere.py", "-s", "a=uniform(0, 1)", *WANTED], 2, "'nowhere.py' names no file"),
        (["check", "nowhere.py"], 2, "'nowhere.py' names no file"),
        (["submit", "nowhere.yml"], 2, "nowhere.yml cannot be read"),
        (["exec", "--", "nowhere"], 2, "there is no program 'nowhere'"),
        (["tune", *WANTED, "-s", "a=uniform(0, 1)"], 2, "nothing to run"),
        (["show", "--wrong"], 2, "--wrong"),
    ],
)
def test_errors_are_a_line_and_a_hint(words: list[str], code: int, said: str) -> None:
    done = overdrive(*words, code=code)
    lines = done.stderr.splitlines()
    assert lines[0].startswith("Error: ") and said in lines[0]
    assert all(line.startswith("Hint: ") for line in lines[1:]) and len(lines) <= 2
    assert "Traceback" in overdrive("--debug", *words, code=None).stderr or code == 2


def test_a_workspace_that_cannot_be_used(tmp_path: Path, script: Path) -> None:
    (tmp_path / "file").touch()
    done = overdrive("tune", script, "-s", "a=uniform(0, 1)", *WANTED, "--workspace", tmp_path / "file" / "w", code=4)
    assert done.stderr.startswith("Error: the workspace ") and "Hint: " in done.stderr
    assert (
        strict(overdrive("doctor", "--json", "--workspace", tmp_path / "file" / "w", code=4).stdout)["usable"] is False
    )


def test_doctor_names_what_lies_about(tmp_path: Path) -> None:
    leftover = Path(os.environ["OVERDRIVE_WORKSPACE"]) / "sweeps" / ".new-HD_1"
    leftover.mkdir(parents=True)
    found = strict(overdrive("doctor", "--json").stdout)
    assert found["slots"] == {"total": 2, "held": 0} and found["usable"] is True
    assert {entry["name"] for entry in found["guarantees"]} >= {"flock", "SQLite", "subreaper"}
    assert [entry["path"] for entry in found["stale"]] == [str(leftover)]
    text = overdrive("doctor").stdout
    assert "python" in text and ".new-HD_1" in text


@pytest.mark.parametrize("words", [["show", "--json"], ["list"], ["--help"], ["logs"]], ids=" ".join)
def test_a_closed_pipe_is_no_error(script: Path, words: list[str]) -> None:
    tune(script, "-s", "lr=uniform(0, 1)", "-n", "1", "--detach")
    overdrive("watch")  # until then there may be nothing to print
    reader, writer = os.pipe()
    os.close(reader)
    done = subprocess.run(
        [sys.executable, "-m", "overdrive", *words], stdout=writer, stderr=subprocess.PIPE, text=True, check=False
    )
    os.close(writer)
    assert (done.returncode, done.stderr) == (0, "")


# ---- run


def control(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "control.py"
    path.write_text(text)
    return path


def test_a_control_script_gets_its_arguments_and_azureml(tmp_path: Path) -> None:
    script = control(
        tmp_path,
        "import os, sys\nfrom azureml.train.hyperdrive import choice\n"
        "print(sys.argv[1:], choice(1, 2)[0], os.environ['OVERDRIVE_WORKSPACE'])",
    )
    done = overdrive("--workspace", tmp_path / "ws", "run", script, "--help", "-x", "1")
    assert done.stdout == f"['--help', '-x', '1'] choice {tmp_path / 'ws'}\n"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("raise SystemExit(7)", 7),
        ("import os; os.kill(os.getpid(), 9)", 137),
        ("import os, signal; signal.signal(2, signal.SIG_DFL); os.kill(os.getpid(), 2)", 130),
        ("pass", 0),
    ],
)
def test_a_control_script_passes_its_exit_code_on(tmp_path: Path, text: str, code: int) -> None:
    overdrive("run", control(tmp_path, text), code=code)


def test_a_termination_reaches_the_control_script(tmp_path: Path) -> None:
    script = control(
        tmp_path,
        "import signal, sys\nsignal.signal(signal.SIGTERM, lambda *_: sys.exit(9))\n"
        "print('ready', flush=True)\nsignal.pause()",
    )
    process = subprocess.Popen(
        [sys.executable, "-m", "overdrive", "run", str(script)], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None and process.stdout.readline() == "ready\n"
    process.send_signal(signal.SIGTERM)
    assert process.wait(60) == 9
    process.stdout.close()
