"""The simulator: the product's scheduler over recorded curves and a virtual clock."""

from collections.abc import Callable
from dataclasses import dataclass

from overdrive.compute.simulated import SimulatedCompute
from overdrive.engine.actions import Action
from overdrive.engine.actions import Finish
from overdrive.engine.actions import Launch
from overdrive.engine.actions import Stop
from overdrive.engine.actions import Suggest
from overdrive.engine.earlier import earlier_events
from overdrive.engine.history import Suggestions
from overdrive.engine.outcomes import judge_exit
from overdrive.engine.scheduler import Scheduler
from overdrive.engine.trials import Trial
from overdrive.errors import InternalError
from overdrive.records import Earlier
from overdrive.records import Event
from overdrive.records import Exit
from overdrive.records import Kind
from overdrive.records import MetricRecord
from overdrive.records import SweepSpec
from overdrive.sampling import Sampler
from overdrive.termination import EarlyTerminationPolicy

#: Configuration and trial number → the values that the trial would log if nobody stopped it.
CurveOf = Callable[[dict[str, object], int], list[float]]


@dataclass(frozen=True, kw_only=True, slots=True)
class Simulation:
    """How a simulated sweep ended."""

    #: By number.
    trials: dict[int, Trial]
    #: Values logged in all: the compute that was used, in intervals.
    intervals: int
    #: Virtual seconds from the first start to the last end.
    seconds: float
    reason: str


class Simulator:
    """Drives one sweep. Trials take `interval_s(trial)` virtual seconds for each value, one by default.

    earlier: what the sweep knows of earlier ones; the curve of a trial that goes on with one is what it logs then.
    """

    def __init__(
        self,
        spec: SweepSpec,
        sampler: Sampler,
        policy: EarlyTerminationPolicy,
        curve_of: CurveOf,
        *,
        concurrency: int = 1,
        interval_s: Callable[[int], float] = lambda trial: 1.0,
        earlier: Earlier | None = None,
    ) -> None:
        self._curve_of = curve_of
        self._interval_s = interval_s
        self._scheduler = Scheduler(spec, policy)
        self._suggestions = Suggestions(sampler, self._scheduler)
        self._compute = SimulatedCompute()
        self._seq = 0
        for kind, trial, _, body, records in earlier_events(earlier or Earlier()):
            self._add(kind, trial, body, records)
        self._add(Kind.ENGINE_STARTED, body={"concurrency": concurrency})

    def run(self) -> Simulation:
        """Runs the sweep to its end. Raises InternalError when it can neither go on nor end."""
        scheduler = self._scheduler
        while not scheduler.is_over:
            for action in scheduler.decide():
                self._perform(action)
            if scheduler.is_over or scheduler.decide():
                continue
            step = self._compute.poll()
            if step is None:
                raise InternalError("nothing lives and nothing is to be done, yet the sweep is not over")
            if step.value is None:
                self._end(step.trial, Exit(cause="exit", code=0))
            else:
                self._log(step.trial, step.value)
        return Simulation(
            trials=scheduler.trials,
            intervals=sum(trial.records for trial in scheduler.trials.values()),
            seconds=self._compute.now_s,
            reason=scheduler.reason,
        )

    def _add(
        self, kind: Kind, trial: int | None = None, body: dict | None = None, records: tuple[MetricRecord, ...] = ()
    ) -> None:
        self._seq += 1
        now_s = self._compute.now_s
        attempt = None if trial is None else int(kind is not Kind.INHERITED)
        event = Event(seq=self._seq, at=now_s, ran_s=now_s, kind=kind, trial=trial, attempt=attempt, body=body or {})
        self._scheduler.apply(event, records)

    def _perform(self, action: Action) -> None:
        if isinstance(action, Suggest):
            suggestion = self._suggestions.suggest(action.trial)
            if suggestion is None:
                self._add(Kind.EXHAUSTED, body={"n": action.trial})
            else:
                self._add(Kind.SUGGESTED, action.trial, suggestion.to_body())
        elif isinstance(action, Launch):
            self._add(Kind.PLANNED, action.trial)
            trial = self._scheduler.trials[action.trial]
            self._compute.start(
                trial.number, self._curve_of(trial.configuration, trial.number), self._interval_s(trial.number)
            )
            self._add(Kind.STARTED, action.trial, {"pid": None})
        elif isinstance(action, Stop):
            self._stop(action)
        elif isinstance(action, Finish):
            self._add(Kind.SWEEP_ENDED, body={"status": action.status.value, "reason": action.reason})

    def _stop(self, stop: Stop) -> None:
        scheduler, metric = self._scheduler, self._scheduler.spec.metric
        asked = scheduler.stop_of(scheduler.trials[stop.trial])
        reason = stop.verdict.sentence(metric) if stop.verdict and metric else asked[1] if asked else ""
        self._add(Kind.STOP_REQUESTED, stop.trial, {"why": stop.why, "reason": reason, "now": stop.now})
        self._compute.stop(stop.trial)
        self._end(stop.trial, Exit(cause="stopped"))

    def _log(self, number: int, value: float) -> None:
        trial, metric = self._scheduler.trials[number], self._scheduler.spec.metric
        record = MetricRecord(trial.records, metric.name if metric else "", value)
        body = {"from": trial.records, "to": trial.records + 1, "first": trial.records, "count": 1, "bad": 0}
        self._add(Kind.LOGGED, number, body, (record,))

    def _end(self, number: int, exit: Exit) -> None:
        trial = self._scheduler.trials[number]
        asked = self._scheduler.stop_of(trial)
        ending = judge_exit(trial, exit, self._scheduler.spec.metric, last_line="", may_retry=False, asked=asked)
        body = {
            "outcome": ending.outcome.value,
            "reason": ending.reason,
            "exit": exit.to_json(),
            "retry": False,
            "likeness": "",
        }
        self._add(Kind.ENDED, number, body)
