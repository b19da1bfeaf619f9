"""Sweeps of ours to measure: submitted as users do, read afterwards from the journal and from files' time stamps."""

import json
import time
from collections.abc import Callable
from collections.abc import Iterator
from collections.abc import Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from measure import HERE
from measure import scratch

from overdrive import Experiment
from overdrive import HyperDriveConfig
from overdrive import HyperDriveRun
from overdrive import PrimaryMetricGoal
from overdrive import RandomParameterSampling
from overdrive import ScriptRunConfig
from overdrive import Workspace
from overdrive import uniform
from overdrive.records import Event
from overdrive.records import Kind
from overdrive.store import SweepReader
from overdrive.termination import parse_policy

SCRIPTS = HERE / "scripts"


def submit(
    workspace: Path, script: str, trials: int, concurrent: int, arguments: Sequence[object] = (), policy: str = "none"
) -> HyperDriveRun:
    """Submits a sweep of scripts/<script>/train.py."""
    config = HyperDriveConfig(
        run_config=ScriptRunConfig(source_directory=SCRIPTS / script, script="train.py", arguments=arguments),
        hyperparameter_sampling=RandomParameterSampling({"x": uniform(0, 1)}),
        policy=parse_policy(policy),
        primary_metric_name="metric",
        primary_metric_goal=PrimaryMetricGoal.MAXIMIZE,
        max_total_runs=trials,
        max_concurrent_runs=concurrent,
    )
    experiment = Experiment(Workspace(workspace), "benchmark")
    return HyperDriveRun(experiment, experiment.submit(config).id)


@contextmanager
def living_sweep(
    script: str, trials: int, concurrent: int, arguments: Sequence[object] = (), policy: str = "none"
) -> Iterator[HyperDriveRun]:
    """A sweep in a workspace of its own, cancelled and removed afterwards."""
    folder = scratch()
    sweep = submit(folder, script, trials, concurrent, arguments, policy)
    try:
        yield sweep
    finally:
        if sweep.cancel():
            sweep.wait_for_completion(raise_on_error=False)
        wait_until(lambda: engine_pid(sweep) is None, 10)


def wait_until(is_so: Callable[[], bool], timeout_s: float, every_s: float = 0.01) -> None:
    """Waits for a condition. Raises TimeoutError when it does not come true."""
    deadline = time.monotonic() + timeout_s
    while not is_so():
        if time.monotonic() > deadline:
            raise TimeoutError(f"waited for {timeout_s} s")
        time.sleep(every_s)


def engine_pid(sweep: HyperDriveRun) -> int | None:
    """The process of the sweep's engine, None when it is gone."""
    try:
        pid = json.loads((sweep.folder / "engine.lock").read_text())["pid"]
        command = Path(f"/proc/{pid}/cmdline").read_bytes()
    except (OSError, ValueError, KeyError):
        return None
    return pid if str(sweep.folder).encode() in command else None


@dataclass(frozen=True, kw_only=True)
class Ledger:
    """When the trials of an ended sweep started and ended: wall clock, seconds, by trial number.

    None of it is written by the trials' scripts. The engine's own word is `planned` and `ended`; the others are what
    the kernel put on files: `token` is made before a script starts, `started` after, `exit` when its tree is gone.
    """

    planned: list[float]
    ended: list[float]
    token: list[float]
    started: list[float]
    exit: list[float]
    #: What the exit records say.
    exited: list[float]

    @property
    def journal_s(self) -> float:
        """From the first start to the last end, by the journal: from the intent to start on."""
        return max(self.ended) - min(self.planned)

    @property
    def files_s(self) -> float:
        """The same by the time stamps of files."""
        return max(self.exit) - min(self.token)


def events(sweep: HyperDriveRun) -> list[Event]:
    """The sweep's journal."""
    with SweepReader(sweep.folder) as reader:
        return reader.events()


def ledger(sweep: HyperDriveRun) -> Ledger:
    """Reads it. Each trial must have had one attempt and have ended by itself."""
    journal = events(sweep)
    planned = {event.trial or 0: event.at for event in journal if event.kind is Kind.PLANNED}
    ended = {event.trial or 0: event.at for event in journal if event.kind is Kind.ENDED}
    numbers = sorted(ended)
    folders = [sweep.folder / "trials" / str(number) for number in numbers]
    return Ledger(
        planned=[planned[number] for number in numbers],
        ended=[ended[number] for number in numbers],
        token=[_stamp(folder / "token.1") for folder in folders],
        started=[_stamp(folder / "started.1.json") for folder in folders],
        exit=[_stamp(folder / "exit.1.json") for folder in folders],
        exited=[json.loads((folder / "exit.1.json").read_text())["ended_at"] for folder in folders],
    )


def _stamp(path: Path) -> float:
    return path.stat().st_mtime


def first_lines(sweep: HyperDriveRun) -> list[float]:
    """What scripts/first_line prints first: when its first statement ran, by trial number."""
    folders = sorted((sweep.folder / "trials").iterdir(), key=lambda folder: int(folder.name))
    return [float((folder / "output.1.txt").read_text().split()[0]) for folder in folders]


def cpu_s(pid: int) -> float:
    """Processor seconds of a process so far (scheduler's count, in ns). Raises OSError when it is gone."""
    return int(Path(f"/proc/{pid}/schedstat").read_text().split()[0]) / 1e9


def waited_s(pid: int) -> float:
    """Seconds in which a process could have run, but had no processor."""
    return int(Path(f"/proc/{pid}/schedstat").read_text().split()[1]) / 1e9
