"""The live driver of the scheduler: real processes, the clock, the sweep's folder."""

import logging
from collections.abc import Callable
from collections.abc import Sequence
from pathlib import Path

from overdrive.compute import Compute
from overdrive.compute import Ended
from overdrive.compute import Launch
from overdrive.compute import Logged
from overdrive.compute import Mail
from overdrive.compute import Notice
from overdrive.compute import Room
from overdrive.compute import Started
from overdrive.engine.actions import Finish
from overdrive.engine.actions import Launch as LaunchAction
from overdrive.engine.actions import Stop
from overdrive.engine.actions import Suggest
from overdrive.engine.asking import Asking
from overdrive.engine.full_disk import FullDisk
from overdrive.engine.full_disk import Left
from overdrive.engine.full_disk import end_now
from overdrive.engine.intake import Intake
from overdrive.engine.journal import Journal
from overdrive.engine.launching import Launcher
from overdrive.engine.launching import give_slot
from overdrive.engine.outcomes import judge_exit
from overdrive.engine.outcomes import likeness
from overdrive.engine.registering import Registering
from overdrive.engine.scheduler import Scheduler
from overdrive.engine.summary import SummaryFile
from overdrive.engine.trials import Trial
from overdrive.host import clock
from overdrive.host.files import is_barred
from overdrive.host.slots import Slot
from overdrive.records import Exit
from overdrive.records import Kind
from overdrive.records import MetricRecord
from overdrive.records import Request
from overdrive.records import TrialStatus

log = logging.getLogger("overdrive.engine")

#: How often engine time is put down while a deadline is set, seconds.
_TICK_S = 30.0
#: How long an outcome may wait to be made safe against power loss, seconds.
_SYNC_S = 0.25


class Loop:
    """One engine's life: take in what happened, decide, write intents, act, sleep."""

    def __init__(
        self,
        *,
        folder: Path,
        scheduler: Scheduler,
        journal: Journal,
        asking: Asking,
        compute: Compute,
        launcher: Launcher,
        intake: Intake,
        adopt_slot: Callable[[str], Slot],
        threads: int,
        disk: FullDisk,
    ) -> None:
        self._folder = folder
        self._scheduler = scheduler
        self._journal = journal
        self._asking = asking
        self._compute = compute
        self._launcher = launcher
        self._intake = intake
        self._adopt_slot = adopt_slot
        self._threads = threads
        self._disk = disk
        self._registering = Registering(scheduler.spec, folder)
        self._summary = SummaryFile(folder)
        #: Planned in the journal and not yet handed to compute (first start, or recovery).
        self._to_start: list[Launch] = []
        self._stops: list[Stop] = []
        self._no_room = False
        self._sync_at: float | None = None
        self._tick_at = clock.monotonic() + _TICK_S

    def leave(self) -> None:
        """Asks the loop to end without ending the sweep: its trials live on, and the next engine adopts them."""
        self._disk.is_leaving = True
        self._compute.wake()

    def run(self) -> None:
        """Until the sweep is over (or `leave` was called). Raises Left when it leaves while the disk is full."""
        self._disk.obey = self._obey_on_full_disk
        self._recover()
        self._take_mail()
        while True:
            self._decide_and_act()
            if self._scheduler.is_over or self._disk.is_leaving:
                break
            for notice in self._compute.poll(self._timeout_s()):
                self._take_in(notice)
            self._asking.take_in()
            self._keep_time()
        self._journal.sync()
        self._disk.retry(lambda: self._summary.write(self._scheduler, at_once=True))

    # Recovery

    def _recover(self) -> None:
        scheduler = self._scheduler
        launches: list[Launch] = []
        for trial in scheduler.active:
            launch = self._launcher.launch(trial, trial.attempt, self._threads)
            launch.slot = self._adopt_slot(trial.slot)
            launches.append(launch)
        self._to_start += self._compute.adopt(launches)
        for trial in scheduler.active:
            if trial.status is TrialStatus.STOPPING:
                self._stops.append(Stop(trial=trial.number, attempt=trial.attempt, why="", now=trial.stop_now))
            self._read_spool(trial.number)

    # Taking in

    def _take_in(self, notice: Notice) -> None:
        if isinstance(notice, Logged):
            self._read_spool(notice.trial)
        elif isinstance(notice, Started):
            self._started(notice)
        elif isinstance(notice, Ended):
            self._ended(notice)
        elif isinstance(notice, Mail):
            self._take_mail()
        elif isinstance(notice, Room):
            self._no_room = False

    def _is_current(self, trial: int, attempt: int) -> bool:
        known = self._scheduler.trials.get(trial)
        return known is not None and known.is_active and known.attempt == attempt

    def _started(self, notice: Started) -> None:
        trial = self._scheduler.trials.get(notice.trial)
        if trial is None or not self._is_current(notice.trial, notice.attempt) or trial.pid is not None:
            return
        body = {
            "pid": notice.pid,
            "ticks": notice.ticks,
            "shim": notice.shim,
            "shim_ticks": notice.shim_ticks,
            "boot_id": notice.boot_id,
            "at": notice.at,
        }
        self._journal.add(Kind.STARTED, notice.trial, notice.attempt, body)

    def _read_spool(self, number: int, final: bool = False) -> None:
        trial = self._scheduler.trials[number]
        if not trial.is_active:
            return
        for batch in self._intake.read(self._launcher.trial_folder(number), trial, final):
            body = {
                "from": batch.start,
                "to": batch.end,
                "first": batch.first,
                "count": len(batch.records),
                "bad": batch.bad,
            }
            self._journal.add(Kind.LOGGED, number, trial.attempt, body, batch.records)
            for text in self._disk.retry(self._models_of(trial, batch.records)):
                self._journal.add(Kind.NOTED, body={"about": "model", "text": text})
            for about, text in self._intake.notes(trial, self._scheduler.spec.metric, batch.records):
                self._journal.add(Kind.NOTED, body={"about": about, "text": text})
            if self._journal.is_large:  # what was spooled without an engine may be more than memory holds
                self._commit()
        if text := self._intake.spoilt_note():
            self._journal.add(Kind.NOTED, body={"about": "spool", "text": text})

    def _models_of(self, trial: Trial, records: Sequence[MetricRecord]) -> Callable[[], list[str]]:
        return lambda: self._registering.register(trial.number, trial.attempt, records)

    def _ended(self, notice: Ended) -> None:
        number, attempt, exit = notice.trial, notice.attempt, notice.exit
        if not self._is_current(number, attempt):
            return
        self._read_spool(number, final=True)
        trial, metric = self._scheduler.trials[number], self._scheduler.spec.metric
        line = "" if _went_well(exit) else self._intake.last_line(self._launcher.trial_folder(number), attempt)
        if self._scheduler.stop_of(trial) is None and exit.cause in ("stopped", "lost"):
            self._take_mail()  # who asked for it may have done so on a full disk, past the journal
        asked, may_retry = self._scheduler.stop_of(trial), self._scheduler.may_retry(trial)
        ending = judge_exit(trial, exit, metric, last_line=line, asked=asked, may_retry=may_retry)
        body = {
            "outcome": ending.outcome.value,
            "reason": ending.reason,
            "exit": exit.to_json(),
            "retry": ending.retry,
            "likeness": likeness(exit, line),
        }
        self._journal.add(Kind.ENDED, number, attempt, body)
        self._no_room = False

    def _take_mail(self) -> None:
        for path, request in self._intake.mail():
            if request is None:
                text = f"the mailbox held {path.name}, which is no request; it was removed"
                self._journal.add(Kind.NOTED, body={"about": "mailbox", "text": text})
            elif request.id not in self._intake.requests:
                self._intake.requests.add(request.id)
                self._journal.add(Kind.REQUESTED, body=request.to_json())
                if request.kind == "resume" and (self._scheduler.is_over or self._scheduler.is_winding_down):
                    self._journal.add(Kind.SWEEP_RESUMED)

    # Deciding and acting

    def _decide_and_act(self) -> None:
        self._plan()
        self._commit()
        self._intake.remove_mail()
        self._act()
        self._asking.act()
        self._prepare()

    def _commit(self) -> None:
        if self._journal.commit(self._disk.retry):
            self._summary.is_due = True

    def _plan(self) -> None:
        """Puts every wish of the scheduler that can come true into the journal, until it has no other."""
        progress = True
        while progress:
            progress = False
            for action in self._scheduler.decide():
                progress = self._put_down(action) or progress

    def _put_down(self, action: Suggest | LaunchAction | Stop | Finish) -> bool:
        if isinstance(action, LaunchAction):
            return self._plan_launch(action)
        if isinstance(action, Suggest):
            self._asking.put_down(action.trial)
        elif isinstance(action, Stop):
            self._request_stop(action)
        else:
            body = {"status": action.status.value, "reason": action.reason}
            self._journal.add(Kind.SWEEP_ENDED, body=body)
        return True

    def _plan_launch(self, action: LaunchAction) -> bool:
        if self._no_room or self._disk.is_leaving:
            return False
        slot = self._compute.reserve()
        if slot is None:
            self._no_room = True
            return False
        trial = self._scheduler.trials[action.trial]
        launch = self._launcher.launch(trial, action.attempt, self._threads)
        give_slot(launch, slot)
        self._journal.add(Kind.PLANNED, trial.number, action.attempt, {"threads": self._threads, "slot": slot.name})
        self._to_start.append(launch)
        return True

    def _request_stop(self, stop: Stop) -> None:
        trial, metric = self._scheduler.trials[stop.trial], self._scheduler.spec.metric
        body: dict = {"why": stop.why, "now": stop.now}
        if stop.why == "verdict" and stop.verdict and metric:
            body["verdict"] = stop.verdict.to_json()
            body["reason"] = stop.verdict.sentence(metric)
        else:
            asked = self._scheduler.stop_of(trial)
            body["reason"] = asked[1] if asked else ""
        self._journal.add(Kind.STOP_REQUESTED, stop.trial, stop.attempt, body)
        self._stops.append(stop)

    def _act(self) -> None:
        """The side effects of what the journal now says."""
        waiting: list[Launch] = []
        while self._to_start:
            launch = self._to_start[0]
            slot = launch.slot or self._compute.reserve()
            if slot is None:
                self._no_room = True
                waiting.append(launch)
            else:
                give_slot(launch, slot)
                self._ready_folder(launch.trial, launch.attempt)
                self._compute.start(launch)
            del self._to_start[0]
        self._to_start = waiting
        unstarted = {launch.key for launch in waiting}
        for stop in self._stops:
            self._compute.stop(stop.trial, stop.attempt, stop.now)
        # What waits for a slot after a recovery is started and then stopped: its end is to be in the journal.
        self._stops = [stop for stop in self._stops if (stop.trial, stop.attempt) in unstarted]

    def _prepare(self) -> None:
        """Makes the folders of waiting trials ahead of need."""
        for trial in self._scheduler.queued:
            self._ready_folder(trial.number, trial.attempt + 1)

    def _ready_folder(self, number: int, attempt: int) -> None:
        if self._intake.is_ready(number, attempt):
            return
        trial = self._scheduler.trials[number]
        try:
            self._disk.retry(lambda: self._launcher.write_trial_file(trial, attempt))
        except OSError as error:
            if not is_barred(error):
                raise
            log.warning("trial %d has no usable folder, since a script barred it: %s", number, error)
        self._intake.set_ready(number, attempt)

    def _obey_on_full_disk(self, path: Path, request: Request) -> None:
        """A request that the journal cannot take in now. It stays in the mailbox until there is room."""
        if self._intake.is_old(path, request):
            return
        scheduler = self._scheduler
        if request.kind == "cancel":
            waiting = {launch.key for launch in self._to_start}
            end_now(self._compute, {(trial.number, trial.attempt) for trial in scheduler.active} - waiting)
            raise Left
        if request.kind == "cancel_trial":
            trial = scheduler.trials.get(-1 if request.trial is None else request.trial)
            if trial is not None and trial.is_active:
                self._compute.stop(trial.number, trial.attempt, request.now)

    # Time

    def _timeout_s(self) -> float | None:
        now = clock.monotonic()
        waits = [self._summary.wait_s(), self._asking.wait_s(), self._scheduler.deadline_s_at(self._journal.ran_s)]
        if self._scheduler.spec.max_duration_minutes is not None:
            waits.append(max(0.0, self._tick_at - now))
        if self._sync_at is not None:
            waits.append(max(0.0, self._sync_at - now))
        return min((wait for wait in waits if wait is not None), default=None)

    def _keep_time(self) -> None:
        now = clock.monotonic()
        scheduler = self._scheduler
        left = scheduler.deadline_s_at(self._journal.ran_s)
        ticks = scheduler.spec.max_duration_minutes is not None and now >= self._tick_at
        if left == 0 or ticks:
            self._journal.add(Kind.TIME_PASSED)
            self._tick_at = now + _TICK_S
        if self._sync_at is not None and now >= self._sync_at:
            self._journal.sync()
            self._sync_at = None
        if self._journal.has_unsynced_outcome and self._sync_at is None:
            self._sync_at = now + _SYNC_S
        self._disk.retry(lambda: self._summary.write(scheduler))


def _went_well(exit: Exit) -> bool:
    return exit.cause == "stopped" or (exit.cause == "exit" and exit.code == 0)
