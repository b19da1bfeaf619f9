"""Few descriptors, much output, bytes that are no text."""

import os
import resource
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from faults import IS_LONG
from faults import Sweep
from faults import kill
from faults import wait_until

from overdrive.records import Kind
from overdrive.records import Outcome
from overdrive.records import SweepStatus
from overdrive.views import SweepView

#: Descriptors that an engine, its fork server and its shims each get along with.
FEW = 32
TRIALS = 1000 if IS_LONG else 300
MEGABYTES = 300 if IS_LONG else 60
CAP_BYTES = 1 << 20

#: Prints much and fast, none of it text, when it is told to.
PRINTS = """
import os, sys, time
from overdrive import Run
os.write(1, b"first words \\xff\\x00\\xfe\\n")
Run.get_context().log("score", 1)
while not os.path.exists(sys.argv[1]):
    time.sleep(0.01)
chunk = bytes(range(256)) * 4096
for _ in range(int(sys.argv[2])):
    os.write(1, chunk)
os.write(1, b"\\nhalf a letter \\xe2\\x82\\nlast words \\xff\\x80")
sys.exit(3 if float(sys.argv[4]) < 0.5 else 0)
"""

#: Logs much while nobody takes it in.
LOGS = """
import os, sys, time
from overdrive import Run
run = Run.get_context()
run.log("score", 0)
while not os.path.exists(sys.argv[1]):
    time.sleep(0.01)
line = b'{"name": "other", "value": 1.5}\\n' * 10_000
with open(os.environ["OVERDRIVE_METRICS"], "ab", buffering=0) as spool:
    for _ in range(int(sys.argv[2])):
        spool.write(line)
"""


def start_engine(sweep: Sweep, soft: int, hard: int) -> None:
    """An engine that may have `soft` files open, and up to `hard` if it asks."""
    command = [sys.executable, "-m", "overdrive.engine", str(sweep.folder)]
    limit = lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))  # noqa: E731
    with open(sweep.folder / "engine.log", "ab") as log:
        done = subprocess.run(
            command, cwd=sweep.folder, stdout=log, stderr=log, preexec_fn=limit, start_new_session=True
        )
    assert done.returncode == 0
    wait_until(lambda: sweep.view.engine().alive or sweep.view.is_over, "the engine")


def engine_use(view: SweepView) -> tuple[int, int]:
    """(open descriptors, resident KB) of the engine; (0, 0) where it has gone."""
    try:
        pid = view.engine().pid
        words = Path(f"/proc/{pid}/status").read_text().split()
        return len(os.listdir(f"/proc/{pid}/fd")), int(words[words.index("VmRSS:") + 1])
    except FileNotFoundError:
        return 0, 0


def test_few_descriptors_and_flat_memory(tmp_path: Path) -> None:
    sweep = Sweep(tmp_path / "s", "", command=["true"], trials=TRIALS, starts=False)
    start_engine(sweep, FEW, FEW)
    view = sweep.view
    uses: list[tuple[int, int]] = []
    for share in (0.3, 0.6, 0.9):
        wait_until(lambda share=share: view.counts().done > share * TRIALS, f"{share} of the trials")
        uses.append(engine_use(view))
    sweep.finish()
    assert view.status is SweepStatus.COMPLETED
    assert set(sweep.outcomes()) == {Outcome.COMPLETED_WITHOUT_METRIC}
    assert max(fds for fds, _ in uses) < FEW - 4
    used = [use for use in uses if use[0]]
    assert abs(used[-1][0] - used[0][0]) <= 6, uses
    assert used[-1][1] - used[0][1] < 1024 + 4 * TRIALS, uses


@pytest.mark.parametrize("hard", [64, 512])
def test_more_at_once_than_descriptors(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, hard: int) -> None:
    """The engine takes what it may have, and starts as many as that allows; scripts get the usual limit."""
    monkeypatch.setenv("OVERDRIVE_SLOTS", "60")
    command = ["sh", "-c", "ulimit -n; sleep 0.1"]
    sweep = Sweep(tmp_path / "s", "", command=command, trials=80, max_concurrent_runs=60, starts=False)
    start_engine(sweep, 48, hard)
    sweep.finish()
    view = sweep.view
    assert "Traceback" not in (sweep.folder / "engine.log").read_text()
    assert set(sweep.outcomes()) == {Outcome.COMPLETED_WITHOUT_METRIC}
    assert [view.output_path(number).read_text() for number in (0, 79)] == ["48\n"] * 2
    words = [note.text for note in view.notes() if note.about == "descriptors"]
    assert len(words) == (hard == 64)
    assert sweep.events(Kind.ENGINE_STARTED)[1:] == []


def test_a_flood_of_output_while_the_engine_stands_still(tmp_path: Path) -> None:
    """The scripts never wait for anybody; head and tail are kept; what is no text is shown as far as it is."""
    go = tmp_path / "go"
    run = {"log_cap_bytes": CAP_BYTES}
    sweep = Sweep(tmp_path / "s", PRINTS, trials=2, arguments=[go, MEGABYTES // 2], run=run, seed=1)
    wait_until(lambda: sweep.view.intervals() == 2, "both scripts")
    engine = sweep.view.engine().pid
    kill(engine, signal.SIGSTOP)
    go.touch()
    exits = [sweep.folder / "trials" / str(number) / "exit.1.json" for number in range(2)]
    wait_until(lambda: all(path.exists() for path in exits), "the end of both scripts")
    kill(engine, signal.SIGCONT)
    sweep.finish()
    view = sweep.view
    for row in view.trials():
        path = view.output_path(row.number)
        is_small = row.configuration["x"] < 0.5
        assert row.outcome is (Outcome.FAILED if is_small else Outcome.COMPLETED)
        wait_until(lambda path=path: path.stat().st_blocks * 512 <= CAP_BYTES + 65536, "the cap")
        assert path.read_bytes()[:20].startswith(b"first words \xff\x00\xfe\n")
        assert path.read_bytes().endswith(b"last words \xff\x80")
        assert "last words \N{REPLACEMENT CHARACTER}" in view.output_tail(row.number)
        assert ("last words" in row.why) is is_small
        for words in (["show", row.run_id], ["logs", row.run_id]):
            subprocess.run([sys.executable, "-m", "overdrive", *words], check=True, capture_output=True)


def test_a_flood_of_values_while_the_engine_stands_still(tmp_path: Path) -> None:
    """All of them are taken in, and never all at once."""
    go = tmp_path / "go"
    blocks = 100 if IS_LONG else 15
    sweep = Sweep(tmp_path / "s", LOGS, trials=1, arguments=[go, blocks])
    wait_until(lambda: sweep.view.intervals() == 1, "the script")
    engine = sweep.view.engine().pid
    kill(engine, signal.SIGSTOP)
    go.touch()
    wait_until((sweep.folder / "trials" / "0" / "exit.1.json").exists, "the end of the script")
    kill(engine, signal.SIGCONT)
    peak = 0
    while not sweep.view.is_over:
        peak = max(peak, engine_use(sweep.view)[1])
    assert sweep.outcomes() == [Outcome.COMPLETED]
    taken = sum(event.body["count"] for event in sweep.events(Kind.LOGGED))
    assert taken == 10_000 * blocks + 1
    assert peak < 150_000, "KB"
