"""A sweep in trouble: what tests do to its engine, shims and scripts, and how they look at it from outside."""

import dataclasses
import json
import os
import signal
import time
from collections.abc import Callable
from collections.abc import Mapping
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from overdrive.client import HyperDriveConfig
from overdrive.client import ScriptRunConfig
from overdrive.client import Workspace
from overdrive.client import ensure_engine
from overdrive.client.run_spec import build_run_spec
from overdrive.client.submit import submit
from overdrive.client.sweep_spec import build_sweep_spec
from overdrive.host.processes import descendants
from overdrive.records import Event
from overdrive.records import Kind
from overdrive.records import Outcome
from overdrive.records import PrimaryMetricGoal
from overdrive.records import TrialStatus
from overdrive.sampling import HyperParameterSampling
from overdrive.sampling import RandomParameterSampling
from overdrive.space import uniform
from overdrive.store import SweepReader
from overdrive.views import SweepView
from overdrive.views import open_sweep

#: How many kills: few in the automatic checks, OVERDRIVE_CRASH_KILLS in the long form (`make crash`).
KILLS = int(os.environ.get("OVERDRIVE_CRASH_KILLS", "12"))
#: Whether the long form runs.
IS_LONG = "OVERDRIVE_CRASH_KILLS" in os.environ
PATIENCE_S = 120.0

_LIVING = (TrialStatus.RUNNING, TrialStatus.STARTING, TrialStatus.STOPPING)


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


def kill(pid: int | None, number: int = signal.SIGKILL) -> bool:
    """Whether there was such a process."""
    try:
        os.kill(pid or 0, number)
    except ProcessLookupError:
        return False
    return pid is not None


def is_living(pid: int) -> bool:
    """Whether there is such a process, and it is no zombie."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in "ZX"
    except (FileNotFoundError, ProcessLookupError):
        return False


class Sweep:
    """A submitted sweep of a script that tests bring along, and its processes.

    folder: the script's own. space: default one number, x. run: changes of the RunSpec, such as grace_s. command: run
    instead of the script. starts: begin with an engine. Further arguments are those of HyperDriveConfig.
    """

    def __init__(
        self,
        folder: Path,
        script: str,
        *,
        trials: int,
        arguments: Sequence[object] = (),
        space: Mapping[str, object] | None = None,
        sampling: HyperParameterSampling | None = None,
        workspace: Workspace | None = None,
        seed: int = 7,
        run: Mapping[str, object] | None = None,
        gpus: int = 0,
        command: Sequence[str] | None = None,
        starts: bool = True,
        **more: Any,
    ) -> None:
        source = folder / "source"
        source.mkdir(parents=True)
        (source / "train.py").write_text(script)
        self.trials = trials
        self.seed = seed
        self.space = space or {"x": uniform(0, 1)}
        self.kills = 0
        script_config = ScriptRunConfig(
            source_directory=str(source),
            script=None if command else "train.py",
            command=command,
            arguments=list(arguments),
            gpus=gpus,
        )
        config = HyperDriveConfig(
            run_config=script_config,
            hyperparameter_sampling=sampling or RandomParameterSampling(self.space, seed=seed),
            primary_metric_name="score",
            primary_metric_goal=PrimaryMetricGoal.MAXIMIZE,
            max_total_runs=trials,
            **{"max_concurrent_runs": 2, "stop_after_failures": 0, **more},
        )
        spec = build_sweep_spec(config, "storm", None, build_run_spec(script_config))
        spec = dataclasses.replace(spec, run=dataclasses.replace(spec.run, **(run or {})))
        self.id = spec.id
        start = [] if starts else [lambda folder: None]
        self.folder = submit(workspace or Workspace(), spec, *start, content=config.inheritance())

    # Looking

    @property
    def view(self) -> SweepView:
        return open_sweep(self.folder)

    def events(self, *kinds: Kind) -> list[Event]:
        with SweepReader(self.folder) as reader:
            return [event for event in reader.events() if event.kind in kinds or not kinds]

    def outcomes(self) -> list[Outcome | None]:
        return [row.outcome for row in self.view.trials()]

    def living(self) -> list[tuple[int, int]]:
        """(trial, attempt) of those that the journal has as alive."""
        return [(row.number, row.attempt) for row in self.view.trials() if row.status in _LIVING]

    def started(self, trial: int, attempt: int = 1) -> dict | None:
        """What the shim wrote when the script ran; None as long as it has not, and once it has ended."""
        folder = self.folder / "trials" / str(trial)
        if (folder / f"exit.{attempt}.json").exists():
            return None
        try:
            started = json.loads((folder / f"started.{attempt}.json").read_text())
        except FileNotFoundError:
            return None
        return None if started["shim"] == os.getpid() else started  # see power_off

    # Doing something to it

    def tend(self) -> bool:
        """Starts an engine where none lives; always False, to be used in conditions."""
        ensure_engine(self.view)
        return False

    def finish(self, patience_s: float = PATIENCE_S) -> None:
        """Lets the sweep come to its end, starting engines as any command would."""
        wait_until(lambda: self.tend() or self.view.is_over, f"the end of {self.id}", patience_s)

    def kill_engine(self, number: int = signal.SIGKILL) -> bool:
        """A signal to the living engine; whether there was one."""
        info = self.view.engine()
        killed = info.alive and info.pid is not None and kill(info.pid, number)
        self.kills += killed
        return killed

    def kill_shims(self) -> int:
        """KILL to the shim of every living trial; how many there were."""
        return self._kill_started("shim")

    def kill_scripts(self) -> int:
        return self._kill_started("pid")

    def power_off(self) -> int:
        """All processes of the sweep die at once; what they wrote about themselves is of a boot that is over.

        Returns how many died; nothing is done while no engine or no script lives.
        """
        engine = self.view.engine()
        if not tagged(self.id) or not engine.alive or not kill(engine.pid, signal.SIGSTOP):
            return 0
        stopped: set[int] = set()
        while found := {*descendants(engine.pid or 0), *tagged(self.id)} - stopped:
            for pid in found:
                kill(pid, signal.SIGSTOP)
            stopped |= found
        files = list(self.folder.glob("trials/*/*"))
        everybody = [engine.pid or 0, *stopped]
        died = sum(kill(pid) for pid in everybody)
        # Another engine, on its way already, may have the sweep by now.
        wait_until(lambda: not any(map(is_living, everybody)), "the end of all processes")
        for path in files:
            if path.name.startswith(("alive.", "started.")) and (text := path.read_text().strip()):
                about = json.loads(text)
                about["boot_id"] = "00000000-0000-0000-0000-000000000000"
                # Numbers that now mean somebody else: this process.
                about.update({key: os.getpid() for key in ("shim", "pid") if key in about})
                path.write_text(json.dumps(about))
        return died

    def _kill_started(self, who: str) -> int:
        started = [self.started(*trial) for trial in self.living()]
        return sum(kill(each[who]) for each in started if each)

    def orphans(self) -> list[str]:
        """Processes of trials that live, a moment later still."""
        wait_until(lambda: not tagged(self.id), "the end of all processes", 10, fails=False)
        return [f"process {pid} of {tag} outlived the sweep" for pid, tag in tagged(self.id).items()]
