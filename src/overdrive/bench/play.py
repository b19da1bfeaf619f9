"""One run: a sampler plays a task, on a simulated clock where several trials run at once."""

import heapq
import math
import zlib
from collections.abc import Callable
from collections.abc import Mapping
from typing import NamedTuple
from typing import Protocol

import numpy as np

from overdrive.bench.tasks import Task
from overdrive.errors import InternalError
from overdrive.space import Space


class Loop(Protocol):
    """What is measured: a sampler of anybody's. Several asks may come before their tells, which come as trials end."""

    def ask(self) -> Mapping[str, object] | None:
        """A configuration to try; None when there is none left."""
        ...

    def tell(self, configuration: Mapping[str, object], value: float | None, /) -> None:
        """Its value; None where the trial failed."""
        ...


#: (space, 'minimize' or 'maximize', seed) → the sampler.
MakeLoop = Callable[[Space, str, int], Loop]


class Told(NamedTuple):
    """One trial, when it had ended."""

    #: What it logged; None where it failed.
    value: float | None
    #: What the best trial so far, by what was logged, is really worth; None before the first that did not fail.
    best: float | None
    #: Processor seconds of this ask and of this tell.
    ask_s: float
    tell_s: float


def play(task: Task, make: MakeLoop, seed: int, budget: int, workers: int, clock: Callable[[], float]) -> list[Told]:
    """`budget` trials, `workers` of them at once; fewer where the sampler has no more.

    Noise and durations (log-normal, a spread of 0.5) depend on task and seed alone, so that samplers meet the same.
    clock: processor seconds.
    """
    key = zlib.crc32(task.name.encode())
    noise, length = np.random.default_rng([seed, key, 1]), np.random.default_rng([seed, key, 2])
    loop, told, running, started, now = make(task.space, task.goal, seed), [], [], 0, 0.0
    best_seen, best = math.inf, None
    while True:
        while started < budget and len(running) < workers:
            begun = clock()
            configuration = loop.ask()
            ask_s = clock() - begun
            if configuration is None:
                started = budget
                break
            value = _finite(task.objective.observe(configuration, noise))
            end = now + math.exp(0.5 * length.standard_normal())
            heapq.heappush(running, (end, started, configuration, value, ask_s))
            started += 1
        if not running:
            return told
        now, _, configuration, value, ask_s = heapq.heappop(running)
        begun = clock()
        loop.tell(configuration, value)
        tell_s = clock() - begun
        if value is not None and task.sign * value < best_seen:
            best_seen, best = task.sign * value, task.objective.truth(configuration)
            if best is None:
                raise InternalError(f"task {task.name} gave {value} for a configuration whose truth is a failure")
        told.append(Told(value, best, ask_s, tell_s))


def _finite(value: float | None) -> float | None:
    return value if value is not None and math.isfinite(value) else None
