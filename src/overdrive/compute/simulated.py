"""A compute back end without processes: recorded curves on a virtual clock."""

import heapq
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Step:
    """At virtual second `at_s`, trial `trial` logs `value`; None: it ends by itself."""

    at_s: float
    trial: int
    value: float | None


class SimulatedCompute:
    """Trials that log their recorded curve, one value each `interval_s` virtual seconds."""

    def __init__(self) -> None:
        #: The virtual clock, seconds.
        self.now_s = 0.0
        self._steps: list[tuple[float, int, int, int]] = []
        self._curves: dict[int, tuple[list[float], float]] = {}
        self._order = 0

    def start(self, trial: int, curve: list[float], interval_s: float = 1.0) -> None:
        """Trial `trial` lives from now on. interval_s > 0."""
        self._curves[trial] = (curve, interval_s)
        self._push(trial, 0)

    def stop(self, trial: int) -> None:
        """It logs nothing more."""
        self._curves.pop(trial, None)

    def _push(self, trial: int, index: int) -> None:
        curve, interval_s = self._curves[trial]
        delay = interval_s if index < len(curve) else 0.0
        heapq.heappush(self._steps, (self.now_s + delay, self._order, trial, index))
        self._order += 1

    def poll(self) -> Step | None:
        """What happens next, with the clock moved there; None when nothing lives."""
        while self._steps:
            at_s, _, trial, index = heapq.heappop(self._steps)
            if trial not in self._curves:
                continue
            self.now_s = at_s
            curve, _ = self._curves[trial]
            if index == len(curve):
                del self._curves[trial]
                return Step(at_s, trial, None)
            self._push(trial, index + 1)
            return Step(at_s, trial, curve[index])
        return None
