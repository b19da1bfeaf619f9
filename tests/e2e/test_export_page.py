"""`overdrive export --format html`: one file, whole, that asks for nothing and gives nothing away."""

import base64
import gzip
import hashlib
import json
import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from commands import overdrive
from journals import WrittenSweep

from overdrive.records import RunSpec

SWEEP = "HD_11111111-2222-3333-4444-555555555555"


def write_sweep(**changes: object) -> WrittenSweep:
    written = WrittenSweep(Path(os.environ["OVERDRIVE_WORKSPACE"]) / "sweeps" / SWEEP, **changes)
    written.run(0, *(0.5 + at / 4000 for at in range(1500)))
    written.run(1, 0.5, float("nan"))
    written.suggest(2)
    written.finish()
    return written


def document_of(page: str) -> dict:
    found = re.search('<script type="application/gzip" id="sweep">([^<]+)</script>', page)
    assert found
    return json.loads(gzip.decompress(base64.b64decode(found[1])))


def test_the_file_holds_everything(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_sweep()
    monkeypatch.chdir(tmp_path)
    said = overdrive("export", SWEEP, "--format", "html").stderr
    assert said.startswith(f"Wrote {SWEEP}.html, ")
    page = (tmp_path / f"{SWEEP}.html").read_text()
    assert overdrive("export", SWEEP, "--format", "html", "-o", "-").stdout.startswith("<!doctype html>")
    assert "//" not in re.sub(r"<script.*?</script>|<style.*?</style>", "", page, flags=re.DOTALL)
    document = document_of(page)
    assert document["head"]["best"]["value"] == 0.5 + 1499 / 4000
    assert document["trials"]["number"] == [0, 1, 2]
    (curves,) = document["curves"]
    assert (curves["metric"], curves["trial"], curves["count"]) == ("accuracy", [0, 1], [1500, 2])
    assert 800 <= curves["kept"][0] <= 1202, "reduced, least and greatest of each stretch kept"
    assert document["code"]["command_line"].startswith("overdrive tune")


def test_what_a_model_says_is_kept_for_the_next_time() -> None:
    workspace = Path(os.environ["OVERDRIVE_WORKSPACE"])
    written = WrittenSweep(workspace / "sweeps" / SWEEP)
    for trial in range(5):
        written.run(trial, 0.5 + trial / 10)
    written.finish()
    first = document_of(overdrive("export", SWEEP, "--format", "html", "-o", "-").stdout)["explained"]
    assert [one["name"] for one in first["importances"]] == ["lr"] and first["did_not_vary"] == ["units"]
    assert first["believed"][0]["trial"] in range(5) and first["trials"] == 5
    kept = workspace / "door" / "explained" / f"{SWEEP}.json"
    kept.write_text(kept.read_text().replace('"alone"', '"read again"', 1))
    again = document_of(overdrive("export", SWEEP, "--format", "html", "-o", "-").stdout)["explained"]
    assert "read again" in again["importances"][0]


def write_many(trials: int) -> WrittenSweep:
    written = WrittenSweep(Path(os.environ["OVERDRIVE_WORKSPACE"]) / "sweeps" / SWEEP, max_total_runs=trials)
    for trial in range(trials):
        written.run(trial, 0.5 + trial / 1000)
    written.finish()
    return written


def test_the_model_is_said_and_can_be_left_out(tmp_path: Path) -> None:
    write_many(101)
    page = tmp_path / "sweep.html"
    said = overdrive("export", SWEEP, "--format", "html", "--no-model", "-o", page).stderr
    assert said.startswith(f"Wrote {page}"), "nothing is waited for"
    assert document_of(page.read_text())["explained"] is None
    said = overdrive("export", SWEEP, "--format", "html", "-o", page).stderr
    assert said.startswith("A model of 101 trials is being made") and "(--no-model leaves it out)" in said
    assert document_of(page.read_text())["explained"]["trials"] == 101
    said = overdrive("export", SWEEP, "--format", "html", "-o", page).stderr
    assert said.startswith(f"Wrote {page}"), "what the model said was kept"
    assert "html" in overdrive("export", SWEEP, "--format", "json", "--no-model", code=2).stderr


def test_ctrl_c_while_the_model_is_made_leaves_nothing(tmp_path: Path) -> None:
    write_many(101)
    page = tmp_path / "sweep.html"
    command = [sys.executable, "-m", "overdrive", "export", SWEEP, "--format", "html", "-o", str(page)]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True, start_new_session=True) as process:
        assert process.stderr is not None
        assert "A model of 101 trials" in process.stderr.readline()
        os.killpg(process.pid, signal.SIGINT)  # as a terminal sends it: to the model's process, too
        assert process.stderr.read().strip() == "Nothing was written."
    assert process.returncode == 130
    assert not [*tmp_path.iterdir()]


def test_the_file_is_as_any_new_one_and_stays_as_it_was(tmp_path: Path) -> None:
    write_sweep()
    page = tmp_path / "sweep.html"
    (tmp_path / "other").touch()
    overdrive("export", SWEEP, "--format", "html", "--no-model", "-o", page)
    assert page.stat().st_mode == (tmp_path / "other").stat().st_mode, "others may read it, where they may read any"
    page.chmod(0o640)
    overdrive("export", SWEEP, "-o", page)
    assert page.stat().st_mode & 0o777 == 0o640


def test_the_policy_names_script_and_style_by_their_hashes() -> None:
    write_sweep()
    page = overdrive("export", SWEEP, "--format", "html", "-o", "-").stdout
    policy = page.split('http-equiv="Content-Security-Policy" content="')[1].split('"')[0]
    rules = dict(rule.strip().partition(" ")[::2] for rule in policy.split(";"))
    assert (rules["require-trusted-types-for"], rules["trusted-types"]) == ("'script'", "'none'")
    assert rules["default-src"] == "'none'" and "unsafe" not in policy and "connect-src" not in rules
    for element, rule in (("<style>", "style-src"), ('<script type="module">', "script-src")):
        text = page.split(element)[1].split(f"</{element[1:-1].split()[0]}>")[0]
        digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        assert rules[rule] == f"'sha256-{digest}'"


def test_no_name_ends_an_element_and_nothing_of_the_machine_is_in_it(tmp_path: Path) -> None:
    name = "</script></title><img src=x onerror=alert(1)>\x00"
    run = RunSpec(
        command=("/secret/bin/python", "train.py"),
        source_directory=str(tmp_path),
        environment={"TOKEN": "hunter2"},
    )
    write_sweep(experiment=name, run=run, space={name.replace("\x00", ""): ["uniform", [0, 1]]}, tags={name: name})
    page = overdrive("export", SWEEP, "--format", "html", "-o", "-").stdout
    assert page.count("</script>") == 2 and "<img src=x" not in page and "\x00" not in page
    told = json.dumps(document_of(page))
    assert "TOKEN=" in told
    for secret in ("hunter2", "/secret", str(tmp_path), os.environ["OVERDRIVE_WORKSPACE"]):
        assert secret not in told


def test_points_are_in_it_already() -> None:
    write_sweep()
    assert "--points = True is not allowed" in overdrive("export", "--format", "html", "--points", code=2).stderr
