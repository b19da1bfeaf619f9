"""Scripts that are killed in the middle of a line: the engine takes in every whole one, and says what it left out."""

import json
from pathlib import Path

import pytest
from faults import IS_LONG
from faults import Sweep

from overdrive.engine.replay import replay
from overdrive.records import Outcome
from overdrive.sampling import GridParameterSampling
from overdrive.space import choice

#: Logs one value, then the first `cut` bytes of a line with another, and is killed, or logs a third.
TORN = """
import os, signal, sys
from overdrive import Run
cut, then = int(sys.argv[2]), sys.argv[4]
run = Run.get_context()
run.log("score", 1)
line = run._writer.line("score", "2", None, None)
with open("outputs/length", "w") as file:
    file.write(str(len(line)))
spool = os.open(os.environ["OVERDRIVE_METRICS"], os.O_WRONLY | os.O_APPEND)
os.write(spool, line[:cut])
if then == "killed":
    os.kill(os.getpid(), signal.SIGKILL)
run.log("score", 3)
"""


@pytest.mark.parametrize("then", ["killed", "logs on"])
def test_cut_at_every_byte(tmp_path: Path, then: str) -> None:
    cuts = range(0, 140, 1 if IS_LONG else 9)
    space = {"cut": choice(*cuts, *(() if IS_LONG else range(90, 125, 3))), "then": choice(then)}
    sweep = Sweep(tmp_path / "s", TORN, trials=1000, sampling=GridParameterSampling(space))
    sweep.finish()
    view = sweep.view
    for row in view.trials():
        work = sweep.folder / "trials" / str(row.number) / "work"
        length, cut = int((work / "outputs" / "length").read_text()), int(str(row.configuration["cut"]))
        is_whole = cut >= length - 1  # only the newline may be missing
        wanted = [1.0, *([2.0] if is_whole else []), *([3.0] if then != "killed" else [])]
        assert [point.value for point in view.curve(row.number)] == wanted, row.configuration
        assert row.bad == (0 < cut < length - 1), row.configuration
        assert row.outcome is (Outcome.FAILED if then == "killed" else Outcome.COMPLETED)
    assert replay(sweep.folder) == []


def test_lines_of_other_programs(tmp_path: Path) -> None:
    """Plain JSON without a checksum, cut at every byte: the last line counts when it can be read."""
    line = json.dumps({"name": "score", "value": 2})
    space = {"cut": choice(*range(0, len(line) + 2, 1 if IS_LONG else 3))}
    script = f"""
import os, sys
cut = int(sys.argv[2])
with open(os.environ["OVERDRIVE_METRICS"], "a") as spool:
    spool.write('{{"name": "score", "value": 1}}\\n' + '{line}\\n'[:cut])
os._exit(3)
"""
    sweep = Sweep(tmp_path / "s", script, trials=1000, sampling=GridParameterSampling(space))
    sweep.finish()
    for row in sweep.view.trials():
        cut = int(str(row.configuration["cut"]))
        wanted = [1.0, 2.0] if cut >= len(line) else [1.0]
        assert [point.value for point in sweep.view.curve(row.number)] == wanted, cut
        assert row.bad == (0 < cut < len(line)), cut
    assert set(sweep.outcomes()) == {Outcome.FAILED}


#: Logs one value; the first trial then makes its spool a link to itself, which nobody can open.
SPOILT = """
import os
from overdrive import Run
Run.get_context().log("score", 1.0)
spool = os.environ["OVERDRIVE_METRICS"]
if os.path.basename(os.path.dirname(spool)) == "0":
    os.unlink(spool)
    os.symlink(spool, spool)
"""


def test_a_spool_that_its_script_spoilt_costs_nobody_the_engine(tmp_path: Path) -> None:
    sweep = Sweep(tmp_path / "s", SPOILT, trials=3, max_concurrent_runs=1)
    sweep.finish()
    assert [row.best for row in sweep.view.trials()][1:] == [1.0, 1.0]
    assert any("made its own spool unreadable" in note.text for note in sweep.view.notes())
    assert replay(sweep.folder) == []
