"""Scripts that make their own files unusable: that costs nobody but them, and what is known of their end stays true."""

from pathlib import Path

import pytest
from faults import Sweep
from faults import wait_until

from overdrive.engine.replay import replay
from overdrive.records import Kind
from overdrive.records import Outcome

#: Trial 0 logs, does `HOW`, and fails. A link to itself (ELOOP) stops root, too, whom permissions do not.
SPOILER = """
import os, shutil, sys
from overdrive import Run

def bar(path):
    os.rename(path, path + ".gone")
    os.symlink(path, path)

Run.get_context().log("score", 1.0)
spool = os.environ["OVERDRIVE_METRICS"]
trial = os.path.dirname(spool)
output = os.path.join(trial, "output.1.txt")
if os.path.basename(trial) == "0":
    HOW
    print("last words", flush=True)
    sys.exit(3)
"""
#: What it does, and what is known of its end then.
WAYS = {
    "bar(spool)": "failed with exit code 3: last words",
    "bar(output)": "failed with exit code 3",
    "os.unlink(output); os.mkfifo(output)": "failed with exit code 3",
    "bar(trial)": "failed with exit code 3",
    "shutil.rmtree(trial)": "failed with exit code 3",
    "os.chmod(trial, 0o500)": "failed with exit code 3",
    "os.chmod(trial, 0)": "failed with exit code 3",
}


@pytest.mark.parametrize("how", WAYS)
def test_its_own_end_is_told_and_the_others_run(tmp_path: Path, how: str) -> None:
    sweep = Sweep(tmp_path / "s", SPOILER.replace("HOW", how), trials=3, max_concurrent_runs=1)
    sweep.finish()
    first, *others = sweep.view.trials()
    assert first.outcome is Outcome.FAILED
    assert first.why.startswith(WAYS[how])
    assert [(row.outcome, row.best) for row in others] == [(Outcome.COMPLETED, 1.0)] * 2
    assert len(sweep.events(Kind.ENGINE_STARTED)) == 1
    assert replay(sweep.folder) == []


def test_a_folder_that_another_trial_barred(tmp_path: Path) -> None:
    """Trial 0 spoils the folder of trial 1, which is made ahead: trial 1 is lost, with all that it started."""
    how = 'os.system("until test -e ../../1/trial.json; do sleep 0.01; done"); bar(os.path.join(trial, "../1"))'
    sweep = Sweep(tmp_path / "s", SPOILER.replace("HOW", how), trials=3, max_concurrent_runs=1)
    sweep.finish()
    assert [row.outcome for row in sweep.view.trials()] == [Outcome.FAILED, Outcome.LOST, Outcome.COMPLETED]
    assert replay(sweep.folder) == []


def test_a_barred_folder_is_hunted_through_by_the_next_engine(tmp_path: Path) -> None:
    """Nothing in the folder tells of the trial's processes any more: they are found by what they carry."""
    how = "bar(trial); os.system('exec sleep 1000')"
    sweep = Sweep(tmp_path / "s", SPOILER.replace("HOW", how), trials=2, max_concurrent_runs=1, max_attempts=1)
    barred = sweep.folder / "trials" / "0"
    wait_until(lambda: barred.is_symlink(), "the folder to be barred")
    sweep.kill_engine()
    sweep.finish()
    assert [row.outcome for row in sweep.view.trials()] == [Outcome.LOST, Outcome.COMPLETED]
    assert replay(sweep.folder) == []
