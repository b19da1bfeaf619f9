"""A storm: a sweep whose engine is killed at random instants, and an independent ledger that its scripts keep."""

import json
import os
import random
import signal
import sqlite3
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from dataclasses import field
from pathlib import Path

from overdrive.client import Experiment
from overdrive.client import HyperDriveConfig
from overdrive.client import HyperDriveRun
from overdrive.client import ScriptRunConfig
from overdrive.client import Workspace
from overdrive.client import ensure_engine
from overdrive.records import PrimaryMetricGoal
from overdrive.records import TrialStatus
from overdrive.sampling import History
from overdrive.sampling import RandomParameterSampling
from overdrive.sampling import build_sampler
from overdrive.space import Space
from overdrive.space import choice
from overdrive.space import uniform
from overdrive.views import SweepView
from overdrive.views import open_sweep

#: A trial: keeps the ledger, logs, and is hard to get rid of, in the way that its number says.
SCRIPT = """
import argparse, os, signal, subprocess, sys, time
from overdrive import Run

parser = argparse.ArgumentParser()
parser.add_argument("--ledger")
parser.add_argument("--steps", type=int)
parser.add_argument("--pause", type=float)
parser.add_argument("--x", type=float)
parser.add_argument("--kind")
a = parser.parse_args()
tag = os.environ["OVERDRIVE_ATTEMPT"]
fd = os.open(a.ledger, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)

def note(*words):
    os.write(fd, (" ".join(map(str, words)) + "\\n").encode())

note("start", tag, os.getpid())
if a.kind == "deaf":
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
if a.kind == "forks":
    if os.fork() == 0:
        time.sleep(600)
if a.kind == "daemon":
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            time.sleep(600)
        os._exit(0)
run = Run.get_context()
for step in range(a.steps):
    run.log("score", a.x * (step + 1))
    run.log("other", step)
    note("logged", tag, step)
    time.sleep(a.pause)
note("end", tag)
"""

PATIENCE_S = 120.0


def wait_until(holds: Callable[[], object], what: str, patience_s: float = PATIENCE_S, *, fails: bool = True) -> None:
    """Looks again and again until `holds()`; an AssertionError that says what was waited for after `patience_s`."""
    deadline = time.monotonic() + patience_s
    while not holds():
        if time.monotonic() > deadline:
            assert not fails, f"waited {patience_s} s for {what}"
            return
        time.sleep(0.01)


def tagged(sweep: str) -> dict[int, str]:
    """Living processes that belong to a trial of the sweep, by their environment: pid → tag."""
    found = {}
    for entry in os.scandir("/proc"):
        if not entry.name.isdecimal():
            continue
        try:
            environment = Path(entry.path, "environ").read_bytes()
        except OSError:
            continue
        for variable in environment.split(b"\0"):
            if variable.startswith(b"OVERDRIVE_ATTEMPT=" + sweep.encode()):
                found[int(entry.name)] = variable.decode().partition("=")[2]
    return found


@dataclass
class Ledger:
    """What the scripts themselves wrote down: tag → process ids that began, steps logged, whether it ended."""

    begun: dict[str, list[int]] = field(default_factory=dict)
    logged: dict[str, int] = field(default_factory=dict)
    ended: set[str] = field(default_factory=set)

    @classmethod
    def read(cls, path: Path) -> "Ledger":
        ledger = cls()
        for line in path.read_text().splitlines():
            word, tag, *rest = line.split()
            if word == "start":
                ledger.begun.setdefault(tag, []).append(int(rest[0]))
            elif word == "logged":
                ledger.logged[tag] = ledger.logged.get(tag, 0) + 1
            else:
                ledger.ended.add(tag)
        return ledger


class Storm:
    """One sweep of `trials` trials, two at a time, and what is done to its engine."""

    def __init__(self, folder: Path, *, trials: int, steps: int = 8, pause_s: float = 0.02, seed: int = 7) -> None:
        source = folder / "source"
        source.mkdir(parents=True)
        (source / "train.py").write_text(SCRIPT)
        self.ledger_path = folder / "ledger.txt"
        self.ledger_path.touch()
        self.space = {"x": uniform(0, 1), "kind": choice("plain", "forks", "daemon", "deaf")}
        self.trials = trials
        self.steps = steps
        self.seed = seed
        self.random = random.Random(seed)
        arguments = ["--ledger", str(self.ledger_path), "--steps", str(steps), "--pause", str(pause_s)]
        config = HyperDriveConfig(
            run_config=ScriptRunConfig(source_directory=str(source), script="train.py", arguments=arguments),
            hyperparameter_sampling=RandomParameterSampling(self.space, seed=seed),
            primary_metric_name="score",
            primary_metric_goal=PrimaryMetricGoal.MAXIMIZE,
            max_total_runs=trials,
            max_concurrent_runs=2,
            stop_after_failures=0,
        )
        run = Experiment(Workspace(), "storm").submit(config)
        assert isinstance(run, HyperDriveRun)
        self.folder = Workspace().sweeps_folder / run.id
        self.kills = 0

    @property
    def view(self) -> SweepView:
        return open_sweep(self.folder)

    def kill_engine(self) -> bool:
        """KILL to the living engine; whether there was one."""
        info = self.view.engine()
        if not info.alive or info.pid is None:
            return False
        try:
            os.kill(info.pid, signal.SIGKILL)
        except ProcessLookupError:
            return False
        self.kills += 1
        return True

    def kill_shims(self) -> int:
        """KILL to the shim of every living trial; how many there were."""
        return sum(self._kill_recorded(trial, "shim") for trial in self.living())

    def kill_scripts(self) -> int:
        return sum(self._kill_recorded(trial, "pid") for trial in self.living())

    def living(self) -> list[tuple[int, int]]:
        alive = (TrialStatus.RUNNING, TrialStatus.STARTING)
        return [(row.number, row.attempt) for row in self.view.trials() if row.status in alive]

    def _kill_recorded(self, trial: tuple[int, int], who: str) -> int:
        number, attempt = trial
        folder = self.folder / "trials" / str(number)
        if (folder / f"exit.{attempt}.json").exists():
            return 0
        try:
            started = json.loads((folder / f"started.{attempt}.json").read_text())
            os.kill(started[who], signal.SIGKILL)
        except (FileNotFoundError, ProcessLookupError):
            return 0
        return 1

    def rage(self, kills: int, *, least_s: float = 0.03, most_s: float = 0.4) -> None:
        """Kills the engine `kills` times, or until the sweep is over, at random instants of a living engine."""
        deadline = time.monotonic() + kills * 5 + PATIENCE_S
        while self.kills < kills and not self.view.is_over and time.monotonic() < deadline:
            ensure_engine(self.view)
            # The instant at random is the point of this wait; nothing is synchronised by it.
            time.sleep(self.random.uniform(least_s, most_s))
            self.kill_engine()

    def finish(self) -> None:
        """Lets the sweep come to its end, starting engines as any command would."""
        wait_until(lambda: self.tend() or self.view.is_over, f"the end of {self.folder.name}")

    def tend(self) -> bool:
        """Starts an engine where none lives; always False, to be used in conditions."""
        ensure_engine(self.view)
        return False

    # What must hold at the end

    def faults(self) -> list[str]:
        """Every promise that was broken, in words."""
        ledger, view = Ledger.read(self.ledger_path), self.view
        return [
            *self._twice(ledger),
            *self._lost(ledger),
            *self._configurations(view),
            *self._orphans(),
            *self._stuck(view),
        ]

    def _twice(self, ledger: Ledger) -> list[str]:
        return [f"attempt {tag} began {len(pids)} times" for tag, pids in ledger.begun.items() if len(pids) > 1]

    def _lost(self, ledger: Ledger) -> list[str]:
        """The store against the ledger: two records a step; the last may lie between the log call and the note."""
        with sqlite3.connect(f"file:{self.folder / 'sweep.db'}?mode=ro", uri=True) as db:
            rows = db.execute("SELECT trial, attempt, name, COUNT(*), COUNT(DISTINCT n) FROM metrics GROUP BY 1, 2, 3")
            stored = {(f"{self.folder.name}/{trial}/{attempt}", name): (n, d) for trial, attempt, name, n, d in rows}
        db.close()
        faults = []
        for tag, count in ledger.logged.items():
            for name in ("score", "other"):
                n, distinct = stored.get((tag, name), (0, 0))
                if n < count or n > count + 1 or n != distinct:
                    faults.append(f"{tag} logged {name} {count} times, the store has {n} ({distinct} distinct)")
        return faults

    def _configurations(self, view: SweepView) -> list[str]:
        """The same trials as an uninterrupted sweep would have had."""
        sampler = build_sampler({"name": "RANDOM"}, Space(self.space), self.seed)
        faults = []
        rows = view.trials()
        if len(rows) != self.trials:
            faults.append(f"{len(rows)} trials instead of {self.trials}")
        for row in rows:
            wanted = sampler.suggest(History(), row.number)
            if wanted is None or row.configuration != wanted.configuration:
                faults.append(f"trial {row.number} has another configuration than an uninterrupted sweep's")
        return faults

    def _orphans(self) -> list[str]:
        wait_until(lambda: not tagged(self.folder.name), "the end of all processes", 10, fails=False)
        return [f"process {pid} of {tag} outlived the sweep" for pid, tag in tagged(self.folder.name).items()]

    def _stuck(self, view: SweepView) -> list[str]:
        counts = Counter(row.status for row in view.trials() if row.status is not TrialStatus.ENDED)
        return [f"{n} trials are {status.value} in an ended sweep" for status, n in counts.items()]
