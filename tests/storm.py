"""A storm: a sweep whose engine is killed at random instants, and an independent ledger that its scripts keep."""

import random
import time
from collections import Counter
from dataclasses import dataclass
from dataclasses import field
from pathlib import Path
from typing import Any

from faults import PATIENCE_S
from faults import Sweep
from faults import wait_until

from overdrive.client import ensure_engine
from overdrive.records import Kind
from overdrive.records import TrialStatus
from overdrive.sampling import History
from overdrive.sampling import build_sampler
from overdrive.space import Space
from overdrive.space import choice
from overdrive.space import uniform
from overdrive.store import SweepReader
from overdrive.views import SweepView

#: A trial: keeps the ledger, logs, and is hard to get rid of, in the way that its number says.
SCRIPT = """
import argparse, fcntl, os, signal, time
from overdrive import Run

parser = argparse.ArgumentParser()
parser.add_argument("--ledger")
parser.add_argument("--steps", type=int)
parser.add_argument("--pause", type=float)
parser.add_argument("--bytes", type=int)
parser.add_argument("--x", type=float)
parser.add_argument("--kind")
a = parser.parse_args()
tag = os.environ["OVERDRIVE_ATTEMPT"]
fd = os.open(a.ledger, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)

def note(*words):
    os.write(fd, (" ".join(map(str, words)) + "\\n").encode())

# As long as anything of one attempt lives, no other of the same trial may.
lock = os.open(f"{a.ledger}.{tag.split('/')[1]}", os.O_RDWR | os.O_CREAT, 0o600)
try:
    fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
except BlockingIOError:
    note("beside", tag)
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
    run.log("filler", "." * a.bytes)
    run.log("other", step)
    if run._writer.flush() == 0:  # nothing waits in memory: what was logged is in the file
        note("logged", tag, step)
    time.sleep(a.pause)
note("end", tag)
"""


@dataclass
class Ledger:
    """What the scripts themselves wrote down: tag → process ids that began, steps acknowledged, whether it ended."""

    begun: dict[str, list[int]] = field(default_factory=dict)
    logged: dict[str, set[int]] = field(default_factory=dict)
    ended: set[str] = field(default_factory=set)
    #: Attempts that began while another of the same trial was alive.
    beside: list[str] = field(default_factory=list)

    @classmethod
    def read(cls, path: Path) -> "Ledger":
        ledger = cls()
        for line in path.read_text().splitlines():
            word, tag, *rest = line.split()
            if word == "start":
                ledger.begun.setdefault(tag, []).append(int(rest[0]))
            elif word == "logged":
                ledger.logged.setdefault(tag, set()).add(int(rest[0]))
            elif word == "beside":
                ledger.beside.append(tag)
            else:
                ledger.ended.add(tag)
        return ledger


class Storm(Sweep):
    """A sweep of `trials` trials, two at a time, and what is done to its engine."""

    def __init__(
        self, folder: Path, *, trials: int, steps: int = 8, pause_s: float = 0.02, bytes: int = 0, **more: Any
    ) -> None:
        self.ledger_path = folder / "ledger.txt"
        self.ledger_path.parent.mkdir(parents=True, exist_ok=True)
        self.ledger_path.touch()
        arguments = [
            "--ledger",
            str(self.ledger_path),
            "--steps",
            str(steps),
            "--pause",
            str(pause_s),
            "--bytes",
            str(bytes),
        ]
        space = {"x": uniform(0, 1), "kind": choice("plain", "forks", "daemon", "deaf")}
        super().__init__(folder, SCRIPT, trials=trials, arguments=arguments, space=space, **more)
        self.steps = steps
        self.random = random.Random(self.seed)
        #: Seconds from a kill to the next living engine whose recovery is in the journal.
        self.recoveries: list[float] = []

    def rage(self, kills: int, *, least_s: float = 0.03, most_s: float = 0.4) -> None:
        """Kills the engine `kills` times, or until the sweep is over, at random instants of a living engine."""
        deadline = time.monotonic() + kills * 5 + PATIENCE_S
        while self.kills < kills and not self.view.is_over and time.monotonic() < deadline:
            self._start_engine(timed=self.kills % 2 == 1)
            # The instant at random is the point of this wait; nothing is synchronised by it.
            time.sleep(self.random.uniform(least_s, most_s))
            self.kill_engine()

    def _start_engine(self, timed: bool) -> None:
        """Untimed it may be killed while it recovers; timed it is waited for."""
        begun, last = time.monotonic(), self._last_epoch()
        ensure_engine(self.view)
        if timed:
            wait_until(lambda: self.tend() or self._last_epoch() > last or self.view.is_over, "the recovery")
            self.recoveries.append(time.monotonic() - begun)

    def _last_epoch(self) -> int:
        """The epoch of the last engine that has taken the sweep over; 0 before the first."""
        events = self.events(Kind.ENGINE_STARTED) if (self.folder / "sweep.db").exists() else []
        return events[-1].epoch if events else 0

    # What must hold at the end

    def faults(self) -> list[str]:
        """Every promise that was broken, in words."""
        return [fault for faults in self.faults_by_kind().values() for fault in faults]

    def faults_by_kind(self) -> dict[str, list[str]]:
        ledger, view = Ledger.read(self.ledger_path), self.view
        return {
            "twice": self._twice(ledger),
            "lost": self._lost(ledger),
            "changed": self._configurations(view),
            "orphans": self.orphans(),
            "stuck": self._stuck(view),
        }

    def figures(self) -> str:
        """One line for people: '200 kills, 200 trials, 1,600 steps: twice 0, lost 0, …; recovery p95 0.31 s'."""
        steps = sum(len(steps) for steps in Ledger.read(self.ledger_path).logged.values())
        counts = ", ".join(f"{kind} {len(faults)}" for kind, faults in self.faults_by_kind().items())
        times = sorted(self.recoveries)
        recovery = f"; recovery p95 {times[int(0.95 * len(times))]:.2f} s of {len(times)}" if times else ""
        return f"{self.kills} kills, {len(self.view.trials())} trials, {steps:,} steps: {counts}{recovery}"

    def _twice(self, ledger: Ledger) -> list[str]:
        beside = [f"attempt {tag} began while another of its trial was alive" for tag in ledger.beside]
        twice = [f"attempt {tag} began {len(pids)} times" for tag, pids in ledger.begun.items() if len(pids) > 1]
        return beside + twice

    def _lost(self, ledger: Ledger) -> list[str]:
        """The store against the ledger: every step that was acknowledged, once and in order."""
        stored: dict[tuple[str, str], list[float]] = {}
        with SweepReader(self.folder) as reader:
            for _, trial, attempt, record, _ in reader.records_in_order():
                stored.setdefault((f"{self.id}/{trial}/{attempt}", record.name), []).append(record.value)
        faults = []
        for tag, steps in ledger.logged.items():
            values, scores = stored.get((tag, "other"), []), stored.get((tag, "score"), [])
            if not steps <= set(values) <= set(range(self.steps)) or values != sorted(set(values)):
                faults.append(f"{tag} logged the steps {sorted(steps)}, the store has {values}")
            if scores != sorted(set(scores)) or not 0 <= len(scores) - len(values) <= 1:
                faults.append(f"{tag} has {len(scores)} scores for {len(values)} steps")
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

    def _stuck(self, view: SweepView) -> list[str]:
        counts = Counter(row.status for row in view.trials() if row.status is not TrialStatus.ENDED)
        return [f"{n} trials are {status.value} in an ended sweep" for status, n in counts.items()]
