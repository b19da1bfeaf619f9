"""The scheduler: a deterministic fold of the journal, and what to do next.

`apply(event, records)` folds one event; `decide()` says what to do now. No clock, no file, no process, no randomness:
the live loop, the simulator and replay drive the same object, and the same journal gives the same decisions.
"""

from collections.abc import Callable
from collections.abc import Sequence

from overdrive.engine.actions import Action
from overdrive.engine.actions import Finish
from overdrive.engine.actions import Launch
from overdrive.engine.actions import Stop
from overdrive.engine.actions import Suggest
from overdrive.engine.trials import Trial
from overdrive.errors import InternalError
from overdrive.records import EarlierRun
from overdrive.records import EarlierSweep
from overdrive.records import Event
from overdrive.records import Exit
from overdrive.records import Kind
from overdrive.records import MetricRecord
from overdrive.records import Outcome
from overdrive.records import SweepSpec
from overdrive.records import SweepStatus
from overdrive.records import TrialStatus
from overdrive.records import Verdict
from overdrive.records import advance
from overdrive.records import kept_points
from overdrive.records import show_number
from overdrive.termination import Curves
from overdrive.termination import EarlyTerminationPolicy

#: Suggestions made ahead of need, so that a freed slot is filled at once.
LOOKAHEAD = 1
#: Names kept per trial, to find the metric that was meant.
_NAMES_KEPT = 50
#: Why the trials are ended when the whole sweep is.
_STOP_WHY = {"cancelled": "cancelled", "deadline": "deadline", "failed": "cancelled"}


class Scheduler:
    """One sweep, as far as its journal says."""

    def __init__(self, spec: SweepSpec, policy: EarlyTerminationPolicy) -> None:
        self.spec = spec
        self.policy = policy
        self.trials: dict[int, Trial] = {}
        self.curves: Curves | None = Curves(spec.metric) if spec.metric else None
        #: The sweeps of `resume_from`; their trials' curves are among `curves`, under their run ids.
        self.prior: list[EarlierSweep] = []
        #: Number → what a trial goes on with; its curve is the beginning of the trial's own.
        self.inherited: dict[int, EarlierRun] = {}
        #: (trial, attempt, interval) → verdict that stops, while recovery folds a journal: these are taken as they
        #: stand in it, in the same transaction as the values. None: values are judged.
        self.recorded: dict[tuple[int, int, int], Verdict] | None = None
        #: Verdicts of the last applied event, in order.
        self.verdicts: list[Verdict] = []
        #: How many trials may live at once; an engine's event brings it.
        self.concurrency = 1
        #: Sequence number of the last folded event.
        self.seq = 0
        #: Seconds in which the sweep had an engine.
        self.ran_s = 0.0
        self.status = SweepStatus.RUNNING
        self.reason = ""
        #: Wall time of the sweep's end; None before.
        self.ended_at: float | None = None
        #: (n, seq): the sampler was asked for trial n by event seq, and has not answered.
        self.asked: tuple[int, int] | None = None
        self._next = 0
        self._exhausted = False
        #: Why the sampler cannot go on; '' while it can, or has told everything.
        self._sampler_error = ""
        #: None, or ('cancelled' | 'deadline' | 'failed', now, sentence): no trial starts any more.
        self._winding_down: tuple[str, bool, str] | None = None
        self._queue: list[int] = []
        self._active: set[int] = set()
        self._to_stop: set[int] = set()
        self._likenesses: list[str] = []
        self._last_failure = ""
        self._succeeded = False
        self._fold: dict[Kind, Callable[[Event], None]] = {
            Kind.EARLIER: self._know_earlier,
            Kind.ENGINE_STARTED: self._engine_started,
            Kind.ASKED: self._ask,
            Kind.SUGGESTED: self._suggested,
            Kind.EXHAUSTED: self._exhaust,
            Kind.PLANNED: self._planned,
            Kind.STARTED: self._started,
            Kind.STOP_REQUESTED: self._stop_requested,
            Kind.ENDED: self._ended,
            Kind.REQUESTED: self._requested,
            Kind.SWEEP_ENDED: self._sweep_ended,
            Kind.SWEEP_RESUMED: self._sweep_resumed,
        }

    # What others ask

    @property
    def is_over(self) -> bool:
        """Whether the sweep has an end in the journal."""
        return self.status is not SweepStatus.RUNNING

    @property
    def is_winding_down(self) -> bool:
        """Whether no trial starts any more, and the sweep ends with the last that lives."""
        return self._winding_down is not None and not self.is_over

    @property
    def active(self) -> list[Trial]:
        """Trials that live or are about to, by number."""
        return [self.trials[number] for number in sorted(self._active)]

    @property
    def queued(self) -> list[Trial]:
        """Trials that wait for a slot, in the order in which they will start."""
        return [self.trials[number] for number in self._queue]

    @property
    def budget(self) -> int:
        """Trials that the sweep has when nothing ends it early: fewer than max_total_runs in a space with fewer."""
        is_whole = self._exhausted and not self._sampler_error
        return self._next if is_whole else self.spec.max_total_runs

    def deadline_s_at(self, ran_s: float) -> float | None:
        """Seconds left until `max_duration_minutes` when the sweep has run for `ran_s`; None without a deadline to
        wait for."""
        if self.spec.max_duration_minutes is None or self._winding_down or self.is_over:
            return None
        return max(0.0, self.spec.max_duration_minutes * 60 - ran_s)

    def may_retry(self, trial: Trial) -> bool:
        """Whether a lost attempt of it is followed by another."""
        return trial.attempt < self.spec.max_attempts and self._winding_down is None and trial.stop_why is None

    def stop_of(self, trial: Trial) -> tuple[str, str] | None:
        """Why somebody wants the trial ended ('verdict', 'cancelled', 'deadline'), and the sentence for it; or None."""
        if trial.stop_why:
            return trial.stop_why, trial.why
        if self._winding_down is None:
            return None
        why, _, sentence = self._winding_down
        return _STOP_WHY[why], sentence if why == "cancelled" else f"cancelled: {sentence}"

    # Folding

    def apply(self, event: Event, records: Sequence[MetricRecord] = ()) -> None:
        """Folds one event; `records` are those that a LOGGED or INHERITED event took in. Raises InternalError for an
        impossible order."""
        self.seq, self.ran_s = event.seq, max(self.ran_s, event.ran_s)
        self.verdicts = []
        if event.kind is Kind.LOGGED:
            self._logged(event, records)
        elif event.kind is Kind.INHERITED:
            self._inherit(event, records)
        elif event.kind in self._fold:
            self._fold[event.kind](event)
        self._check_deadline()

    def _check_deadline(self) -> None:
        minutes = self.spec.max_duration_minutes
        if minutes is not None and self.ran_s >= minutes * 60 and not self._winding_down and not self.is_over:
            self._wind_down(
                "deadline", False, f"its time of {show_number(minutes)} minutes (max_duration_minutes) was over"
            )

    def _wind_down(self, why: str, now: bool, sentence: str) -> None:
        self._winding_down = (why, now, sentence)

    def _trial(self, event: Event) -> Trial:
        try:
            return self.trials[event.trial or 0]
        except KeyError:
            raise InternalError(
                f"event {event.seq} ({event.kind.value}) names trial {event.trial}, which does not exist"
            ) from None

    def _move(self, trial: Trial, to: TrialStatus) -> None:
        trial.status = advance(trial.status, to)
        if trial.is_active:
            self._active.add(trial.number)
        else:
            self._active.discard(trial.number)

    def _know_earlier(self, event: Event) -> None:
        sweep = EarlierSweep.from_json(event.body)
        self.prior.append(sweep)
        if self.curves is None:
            return
        for trial in sweep.trials:
            for value in trial.curve:
                self.curves.append(sweep.run_id(trial.number), value)

    def _inherit(self, event: Event, records: Sequence[MetricRecord]) -> None:
        number, body = event.trial or 0, event.body
        points = tuple(record for record in records if self._is_primary(record))
        self.inherited[number] = EarlierRun(
            sweep=body["sweep"], trial=body["trial"], configuration=body["configuration"], records=points
        )
        self._begin_curve(number)

    def _begin_curve(self, number: int) -> None:
        """The curve of a trial before an attempt has logged anything: nothing, or what it goes on with."""
        self._set_curve(number, self._values_before(number))

    def _set_curve(self, number: int, values: Sequence[float]) -> None:
        if self.curves is not None:
            self.curves.restart(number)
            for value in values:
                self.curves.append(number, value)

    def _values_before(self, number: int) -> list[float]:
        """Of the earlier trial that the trial goes on with."""
        run = self.inherited.get(number)
        return [record.value for record in run.records] if run else []  # type: ignore[misc]

    def _is_primary(self, record: MetricRecord) -> bool:
        metric = self.spec.metric
        return metric is not None and record.name == metric.name and record.kind is None and record.rank == 0

    def _engine_started(self, event: Event) -> None:
        self.concurrency = event.body["concurrency"]

    def _ask(self, event: Event) -> None:
        self.asked = event.body["n"], event.seq

    def _suggested(self, event: Event) -> None:
        number = event.trial or 0
        if number != self._next:
            raise InternalError(f"trial {number} was suggested where {self._next} is next")
        self._next += 1
        self.asked = None
        body = event.body
        self.trials[number] = Trial(
            number=number,
            configuration=body["configuration"],
            reason=body["reason"],
            suggested_at=event.at,
            state=body.get("state", {}),
        )
        self.trials[number].go_back(self._values_before(number), self.spec.metric)
        self._queue.append(number)

    def _exhaust(self, event: Event) -> None:
        self._exhausted, self.asked = True, None
        self._sampler_error = event.body.get("error", "")

    def _planned(self, event: Event) -> None:
        trial = self._trial(event)
        self._move(trial, TrialStatus.STARTING)
        if event.attempt and event.attempt > 1:
            if self.curves and trial.has_logged:
                trial.leave_behind(self.curves.values(trial.number))
            self._begin_curve(trial.number)
        trial.begin_attempt(event.attempt or 1)
        trial.go_back(self._values_before(trial.number), self.spec.metric)
        trial.threads, trial.slot, trial.why = event.body.get("threads"), event.body.get("slot", ""), ""
        self._queue.remove(trial.number)

    def _started(self, event: Event) -> None:
        trial = self._trial(event)
        if trial.status is TrialStatus.STARTING:
            self._move(trial, TrialStatus.RUNNING)
        # The event may be a moment late: for a short trial it comes with the end.
        trial.started_at, trial.pid = event.body.get("at") or event.at, event.body["pid"]

    def _logged(self, event: Event, records: Sequence[MetricRecord]) -> None:
        trial = self._trial(event)
        trial.records += event.body["count"]
        trial.bad += event.body["bad"]
        trial.offset = event.body["to"]
        for record in records:
            if self._is_primary(record):
                self._add_value(trial, record)
            elif record.name not in trial.names and len(trial.names) < _NAMES_KEPT and record.kind is None:
                trial.names.append(record.name)

    def _add_value(self, trial: Trial, record: MetricRecord) -> None:
        """A value of the primary metric. What a trial logs past the verdict that stops it counts for its own best, and
        in no curve: how much that is depends on how soon it was told, and so would the verdicts on others."""
        metric, curves = self.spec.metric, self.curves
        value: float = record.value  # type: ignore[assignment]
        if metric is None or curves is None:
            return
        if not trial.has_logged:
            self._join(trial, record.step)
        trial.add_step(record.step)
        if trial.verdict:
            trial.add_value(value, trial.intervals + 1, metric)
            return
        interval = curves.append(trial.number, value)
        trial.add_value(value, interval, metric)
        if trial.status is not TrialStatus.STOPPING:
            self._judge(trial, curves, interval)

    def _join(self, trial: Trial, step: float | None) -> None:
        """Before an attempt's first value, at `step`: where in what was logged before it goes on.

        Behind the checkpoint of an attempt before it, or else of the earlier trial: what is trained again is given up.
        """
        run, inherited = self.inherited.get(trial.number), self._values_before(trial.number)
        own = kept_points([at for _, at in trial.behind], step, unknown=0)
        if not own:
            keep = kept_points([record.step for record in run.records] if run else [], step)
            trial.inherited = keep
        values = inherited[: trial.inherited] + [value for value, _ in trial.behind[:own]]
        if own or len(values) < len(inherited):
            self._set_curve(trial.number, values)
            trial.go_back(values, self.spec.metric)
        trial.go_on([at for _, at in trial.behind[:own]])

    def _judge(self, trial: Trial, curves: Curves, interval: int) -> None:
        if self.recorded is None:
            verdict = self.policy.judge(curves, trial.number, interval)
        else:
            verdict = self.recorded.get((trial.number, trial.attempt, interval))
        if verdict is None:
            return
        self.verdicts.append(verdict)
        if verdict.stop:
            trial.verdict = verdict
            self._to_stop.add(trial.number)

    def _stop_requested(self, event: Event) -> None:
        trial, body = self._trial(event), event.body
        self._move(trial, TrialStatus.STOPPING)
        trial.stop_why, trial.stop_now = trial.stop_why or body["why"], body.get("now", False)
        trial.why = trial.why or body["reason"]
        self._to_stop.discard(trial.number)

    def _ended(self, event: Event) -> None:
        trial, body = self._trial(event), event.body
        outcome, exit = Outcome(body["outcome"]), Exit.from_json(body["exit"])
        trial.why, trial.exit, trial.pid = body["reason"], exit, None
        self._to_stop.discard(trial.number)
        if body["retry"]:
            self._move(trial, TrialStatus.QUEUED)
            self._queue.insert(0, trial.number)
            return
        self._move(trial, TrialStatus.ENDED)
        trial.outcome, trial.ended_at, trial.names, trial.steps, trial.behind = outcome, event.at, [], None, []
        self._watch_failures(outcome, body)

    def _watch_failures(self, outcome: Outcome, body: dict) -> None:
        """Ends the sweep when its first trials all fail alike: a broken script must not burn the budget."""
        if outcome is not Outcome.FAILED:
            self._succeeded = self._succeeded or outcome not in (Outcome.CANCELLED, Outcome.LOST)
            return
        self._likenesses.append(body["likeness"])
        self._last_failure = body["reason"]
        limit = self.spec.stop_after_failures
        limit = max(3, self.concurrency) if limit is None else limit
        count = len(self._likenesses)
        is_due = limit and count >= limit and self._winding_down is None and self.spec.kind == "sweep"
        if is_due and self._all_alike:
            self._wind_down(
                "failed", False, f"the first {count} trials all failed in the same way: {self._last_failure}"
            )

    @property
    def _all_alike(self) -> bool:
        """Whether there were failures, all in the same way, and no success."""
        return len(set(self._likenesses)) == 1 and not self._succeeded

    def _requested(self, event: Event) -> None:
        body = event.body
        now = bool(body.get("now"))
        if body["kind"] == "cancel" and not self.is_over:
            before = self._winding_down
            now = now or (before is not None and before[1])  # asking politely afterwards takes nothing back
            self._wind_down("cancelled", now, f"cancelled by {body.get('by') or 'the user'}")
        elif body["kind"] == "cancel_trial":
            trial = self.trials.get(body["trial"])
            if trial and trial.status is TrialStatus.QUEUED:
                self._cancel_queued(trial, event)
            elif trial and trial.is_active:
                trial.stop_why = trial.stop_why or "cancelled"
                trial.why = trial.why or f"cancelled by {body.get('by') or 'the user'}"
                trial.stop_now = trial.stop_now or now
                self._to_stop.add(trial.number)

    def _cancel_queued(self, trial: Trial, event: Event) -> None:
        self._queue.remove(trial.number)
        self._move(trial, TrialStatus.ENDED)
        trial.outcome, trial.ended_at, trial.why = Outcome.CANCELLED, event.at, "cancelled before it started"

    def _sweep_ended(self, event: Event) -> None:
        self.status, self.reason = SweepStatus(event.body["status"]), event.body["reason"]
        self.ended_at = event.at

    def _sweep_resumed(self, event: Event) -> None:
        self.status, self.reason, self.ended_at, self._winding_down = SweepStatus.RUNNING, "", None, None
        self._likenesses, self._succeeded = [], False
        if self._sampler_error:
            self._exhausted, self._sampler_error = False, ""

    # Deciding

    def decide(self) -> list[Action]:
        """What to do now. Asking twice without an event between gives the same answer."""
        if self.is_over:
            return []
        if self._winding_down:
            return self._end_all(*self._winding_down)
        actions: list[Action] = self._stops()
        free = max(0, self.concurrency - len(self._active))
        launches = self._queue[:free]
        actions += [Launch(trial=number, attempt=self.trials[number].attempt + 1) for number in launches]
        waiting = len(self._queue) - len(launches)
        if self._may_suggest and self.asked is None and waiting < LOOKAHEAD:
            actions.append(Suggest(trial=self._next))
        if not self._active and not self._queue and not self._may_suggest:
            actions.append(self._completed())
        return actions

    @property
    def _may_suggest(self) -> bool:
        return not self._exhausted and self._next < self.spec.max_total_runs

    def _stops(self) -> list[Action]:
        stops: list[Action] = []
        for number in sorted(self._to_stop):
            trial = self.trials[number]
            why = "verdict" if trial.verdict and not trial.stop_why else (trial.stop_why or "cancelled")
            stops.append(Stop(trial=number, attempt=trial.attempt, why=why, verdict=trial.verdict, now=trial.stop_now))
        return stops

    def _end_all(self, why: str, now: bool, sentence: str) -> list[Action]:
        stops: list[Action] = [
            Stop(trial=trial.number, attempt=trial.attempt, why=_STOP_WHY[why], now=now or trial.stop_now)
            for trial in self.active
            if trial.status is not TrialStatus.STOPPING or (now and not trial.stop_now) or trial.number in self._to_stop
        ]
        if self._active:
            return stops
        statuses = {"cancelled": SweepStatus.CANCELLED, "deadline": SweepStatus.COMPLETED, "failed": SweepStatus.FAILED}
        return [Finish(status=statuses[why], reason=sentence)]

    def _completed(self) -> Action:
        total = len(self.trials)
        if self.spec.kind == "run":
            return self._run_completed()
        if self._sampler_error:
            reason = f"no suggestion could be made for trial {total}: {self._sampler_error}"
            return Finish(status=SweepStatus.FAILED, reason=reason)
        if total and all(trial.outcome in (Outcome.FAILED, Outcome.LOST) for trial in self.trials.values()):
            return Finish(status=SweepStatus.FAILED, reason=self._all_failed(total))
        if self._exhausted and total < self.spec.max_total_runs:
            count = "" if self.spec.resume_children else f"{total} "  # some may go on with the same configuration
            reason = f"all {count}configurations of the space were tried (max_total_runs = {self.spec.max_total_runs})"
        else:
            reason = f"all {total} trials ended" if total > 1 else "its only trial ended"
        return Finish(status=SweepStatus.COMPLETED, reason=f"{reason}{self._missing()}")

    def _all_failed(self, total: int) -> str:
        if total == 1:
            return f"its only trial {self.trials[0].why}"
        if self._all_alike and len(self._likenesses) == total:
            return f"all {total} trials failed in the same way: {self._last_failure}"
        return f"all {total} trials failed; trial {total - 1} {self.trials[total - 1].why}"

    def _missing(self) -> str:
        """What is to be added where the primary metric was never logged: by whom, and what was logged instead."""
        trials = self.trials.values()
        without = [trial for trial in trials if trial.outcome is Outcome.COMPLETED_WITHOUT_METRIC]
        if not without or any(trial.intervals for trial in trials):
            return ""
        return f", and none has a value of the primary metric: trial {without[-1].number} {without[-1].why}"

    def _run_completed(self) -> Action:
        """A single run ends as its only trial did."""
        trial = self.trials[0]
        failed = trial.outcome in (Outcome.FAILED, Outcome.LOST)
        status = SweepStatus.FAILED if failed else SweepStatus.COMPLETED
        if trial.outcome is Outcome.CANCELLED:
            status = SweepStatus.CANCELLED
        return Finish(status=status, reason=trial.why)
