"""Puts an engine together: lock, fork server, store, journal, recovery, loop."""

import logging
import os
import signal
from pathlib import Path

from overdrive import __version__
from overdrive.compute.local import LocalCompute
from overdrive.engine.asking import Asking
from overdrive.engine.earlier import earlier_events
from overdrive.engine.earlier import read_earlier
from overdrive.engine.environment import forget_environment
from overdrive.engine.environment import keep_environment
from overdrive.engine.full_disk import FullDisk
from overdrive.engine.full_disk import Left
from overdrive.engine.full_disk import end_now
from overdrive.engine.intake import Intake
from overdrive.engine.journal import Journal
from overdrive.engine.launching import Launcher
from overdrive.engine.loop import Loop
from overdrive.engine.recovery import fold_journal
from overdrive.engine.scheduler import Scheduler
from overdrive.engine.suggesting import Suggester
from overdrive.engine.summary import SummaryFile
from overdrive.errors import NotFoundError
from overdrive.host import clock
from overdrive.host import descriptors
from overdrive.host import machine
from overdrive.host.locks import FileLock
from overdrive.host.slots import SlotPool
from overdrive.host.slots import slot_count
from overdrive.records import Kind
from overdrive.records import Request
from overdrive.records import SweepSpec
from overdrive.sampling import build_sampler
from overdrive.space import Space
from overdrive.store import SweepStore
from overdrive.store import read_mailbox
from overdrive.store.specs import read_spec
from overdrive.termination import build_policy

log = logging.getLogger("overdrive.engine")

#: Files that an engine has open, without trials and for each living one.
_DESCRIPTORS, _DESCRIPTORS_OF_TRIAL = 24, 2


def run_engine(folder_text: str) -> int:
    """Runs the sweep in `folder_text` until it is over. Returns 0, also when another engine has the sweep already."""
    folder = Path(folder_text)
    logging.basicConfig(format="%(asctime)s %(levelname)s %(message)s", level=logging.INFO)
    lock = FileLock(str(folder / "engine.lock"), note={"pid": os.getpid(), "host": machine.hostname()})
    goes_on = True
    while goes_on:
        if not lock.try_acquire():
            log.info("another engine has this sweep; process %d leaves", os.getpid())
            return 0
        try:
            is_over = _run(folder)
        except BaseException:
            log.exception("the engine failed; the next command that meets the sweep starts it again")
            raise
        finally:
            lock.release()
        # Whoever left a request while the lock was held relied on this engine.
        goes_on = is_over and bool(read_mailbox(folder))
    return 0


def _run(folder: Path) -> bool:
    """Returns whether the sweep is over."""
    spec = read_spec(folder)
    disk = FullDisk(folder)
    _leave_on_signal(disk, None)
    descriptors.raise_limit()
    concurrency, pool = disk.retry(lambda: _room(spec))
    compute = LocalCompute(str(folder), pool)
    store: SweepStore | None = None
    suggester: Suggester | None = None
    try:
        disk.obey = lambda path, request: _obey_at_start(folder, spec, request)
        store = disk.retry(lambda: SweepStore(folder))
        scheduler = Scheduler(spec, build_policy(spec.policy))
        known = fold_journal(folder, scheduler)
        if scheduler.is_over and not read_mailbox(folder):
            # Somebody met the sweep whose last engine died before it could do this.
            disk.retry(lambda: SummaryFile(folder).write(scheduler, at_once=True))
            forget_environment(folder)
            return True
        journal = Journal(store, scheduler)
        _introduce(folder, journal, scheduler, concurrency)
        sampler = build_sampler(spec.sampling, Space.from_json(spec.space), spec.seed)
        suggester = Suggester(folder) if sampler.uses_history else None
        loop = Loop(
            folder=folder,
            scheduler=scheduler,
            journal=journal,
            asking=Asking(sampler, suggester, scheduler, journal, compute),
            compute=compute,
            launcher=Launcher(spec, folder, disk.retry(lambda: keep_environment(folder))),
            intake=Intake(folder, known),
            adopt_slot=pool.adopt,
            threads=max(1, machine.usable_cores() // concurrency),
            disk=disk,
        )
        _leave_on_signal(disk, loop)
        loop.run()
        if scheduler.is_over:
            forget_environment(folder)
        log.info("left with the sweep %s: %s", scheduler.status.value, scheduler.reason or "its trials live on")
        return scheduler.is_over
    except Left:
        log.info("left on a full disk: the next command that meets the sweep goes on with it")
        return False
    finally:
        if suggester is not None:
            suggester.close()
        compute.close()
        if store is not None:
            store.close()


def _leave_on_signal(disk: FullDisk, loop: Loop | None) -> None:
    """TERM: the engine leaves, and the trials live on. What a terminal sends, INT and HUP, means nothing."""

    def leave(number: int, frame: object) -> None:
        disk.is_leaving = True
        if loop is not None:
            loop.leave()

    signal.signal(signal.SIGTERM, leave)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGHUP, signal.SIG_IGN)


def _obey_at_start(folder: Path, spec: SweepSpec, request: Request) -> None:
    """A request on a disk so full that the engine cannot even take the sweep over: trials may live all the same."""
    scheduler = Scheduler(spec, build_policy(spec.policy))
    try:
        is_old = request.id in fold_journal(folder, scheduler).requests
    except NotFoundError:  # no trial was ever started
        is_old = False
    if is_old or request.kind not in ("cancel", "cancel_trial"):
        return
    launcher = Launcher(spec, folder)
    meant = [trial for trial in scheduler.active if request.trial in (None, trial.number)]
    launches = [launcher.launch(trial, trial.attempt, 1) for trial in meant]
    compute = LocalCompute(str(folder), _room(spec)[1])
    try:
        unstarted = {launch.key for launch in compute.adopt(launches)}
        end_now(compute, {launch.key for launch in launches} - unstarted)
    finally:
        compute.close()
    if request.kind == "cancel":
        raise Left


def _room(spec: SweepSpec) -> tuple[int, SlotPool]:
    """How many trials may live at once, and the pool that they take slots from."""
    if not spec.run.holds_slot:
        return spec.max_total_runs, SlotPool(overcommit=spec.max_total_runs, takes_slots=False)
    slots = slot_count(gpus_per_trial=spec.run.gpus)
    wanted = spec.max_concurrent_runs or slots
    concurrency = max(1, min(wanted, spec.max_total_runs))
    if spec.run.gpus:
        return min(concurrency, slots) or 1, SlotPool(gpus_per_trial=spec.run.gpus)
    return concurrency, SlotPool(overcommit=max(0, concurrency - slots))


def _introduce(folder: Path, journal: Journal, scheduler: Scheduler, concurrency: int) -> None:
    spec, slots = scheduler.spec, slot_count(gpus_per_trial=scheduler.spec.run.gpus)
    is_new = journal.is_new
    if is_new:
        journal.add(Kind.SWEEP_CREATED, body={"spec": spec.to_json()})
        for kind, trial, attempt, about, records in earlier_events(read_earlier(folder, spec)):
            journal.add(kind, trial, attempt, about, records)
    body = {
        "pid": os.getpid(),
        "host": machine.hostname(),
        "boot_id": machine.boot_id(),
        "version": __version__,
        "slots": slots,
        "concurrency": concurrency,
    }
    journal.add(Kind.ENGINE_STARTED, body=body)
    if is_new and concurrency > slots:
        text = f"{concurrency} trials run at once on {slots} slots: they share the cores, each with one thread"
        journal.add(Kind.NOTED, body={"about": "slots", "text": text})
    needed = _DESCRIPTORS + _DESCRIPTORS_OF_TRIAL * concurrency
    if is_new and needed > descriptors.limit():
        text = f"{concurrency} trials at once need {needed} open files, and {descriptors.limit()} are allowed"
        journal.add(Kind.NOTED, body={"about": "descriptors", "text": f"{text} (ulimit -n): fewer run at once"})
    log.info("engine %d took the sweep at %s", os.getpid(), clock.utc_text())
