"""Waiting for the end of a sweep or trial: an engine that dies meanwhile is started again."""

import sys
from collections.abc import Callable

from overdrive.client.engine import ensure_engine
from overdrive.client.engine import lacks_conductor
from overdrive.client.engine import last_words
from overdrive.client.find import short_id
from overdrive.client.folder import ENGINE_LOCK
from overdrive.client.folder import ENGINE_LOG
from overdrive.client.folder import PIPELINE_LOG
from overdrive.client.leaving import Leaving
from overdrive.client.requests import ask
from overdrive.errors import InternalError
from overdrive.errors import UnwritableError
from overdrive.errors import WorkspaceError
from overdrive.host import clock
from overdrive.host.locks import note_of
from overdrive.views import SweepView
from overdrive.views.situation import disk_is_full
from overdrive.views.situation import is_elsewhere

#: Seconds between two looks.
LOOK_S = 0.1
#: Seconds for which no engine is seen before one is started: that of a new sweep takes a moment to hold its lock.
_PATIENCE_S = 0.5
#: Seconds that an engine may take to hold its lock, on a busy machine.
_LONG_START_S = 15.0
#: An engine that lived so long, seconds, did not fail at its start.
_LONG_LIFE_S = 10.0
#: Engines that may die in a row without the sweep getting on.
MOST_DEATHS = 3


def wait_for_sweep(view: SweepView, on_look: Callable[[SweepView], None] | None = None) -> None:
    """Returns when the sweep is over.

    on_look: called every 0.1 s with the view, and once more at the end. Ctrl-C is counted as `Leaving` says. Raises
    KeyboardInterrupt when it was pressed, InternalError when three engines in a row died without the sweep getting on,
    WorkspaceError for an unfinished sweep of another machine.
    """
    _wait(view, lambda: view.is_over, None, on_look)


def wait_for_trial(view: SweepView, trial: int, on_look: Callable[[SweepView], None] | None = None) -> None:
    """Returns when the trial, or the sweep, is over; else as `wait_for_sweep`. Ctrl-C twice cancels the trial alone."""

    def is_done() -> bool:
        row = view.trial(trial)
        return view.is_over or (row is not None and row.is_ended)

    _wait(view, is_done, None if view.spec.kind == "run" else trial, on_look)


def _wait(
    view: SweepView, is_done: Callable[[], bool], trial: int | None, on_look: Callable[[SweepView], None] | None
) -> None:
    engines = Engines(view)
    name = short_id(view)
    kind = "cancel" if trial is None else "cancel_trial"
    with Leaving(
        name if trial is None else f"{name}_{trial}",
        say=lambda text: print(text, file=sys.stderr, flush=True),
        cancel=lambda now: ask(view, kind=kind, trial=trial, now=now, by="Ctrl-C") and None,
        clock=clock.monotonic,
    ) as leaving:
        while True:
            done = is_done()
            if on_look:
                on_look(view)
            if done:
                break
            leaving.act()
            engines.look()
            clock.sleep(LOOK_S)
    if leaving.was_pressed:
        raise KeyboardInterrupt


def wait_for_engine(view: SweepView, timeout_s: float = 30.0) -> bool:
    """Waits until no engine runs the sweep, at most `timeout_s` seconds; whether none does."""
    deadline = clock.monotonic() + timeout_s
    while view.engine().alive:
        if clock.monotonic() > deadline:
            return False
        clock.sleep(LOOK_S)
    return True


class Engines:
    """Sees to it that an unfinished sweep has an engine, and gives up when they keep dying."""

    def __init__(self, view: SweepView) -> None:
        self._view = view
        self._lock = str(view.folder / ENGINE_LOCK)
        self._seen_at = clock.monotonic()
        #: When the last engine was started here, and what the lock said before; None: none was.
        self._started_at: float | None = None
        self._note: dict | None = None
        self._deaths = 0
        #: Conductors of a pipeline that were started here.
        self._conductors = 0
        self._progress: object = None

    def look(self) -> None:
        """To be called now and then. Raises InternalError and WorkspaceError as `wait_for_sweep` says."""
        now = clock.monotonic()
        if lacks_conductor(self._view) and is_elsewhere(self._view) is None:
            self._start_conductor()
        elif self._view.engine().alive:
            self._seen_at = now
        elif now - self._seen_at >= self._patience_s():
            self._start(now)

    def _start_conductor(self) -> None:
        self._conductors += 1
        if self._conductors > MOST_DEATHS:
            raise InternalError(
                f"the process that submits the steps of {self._view.id} died {self._conductors} times; its last words: "
                f"{last_words(self._view.folder, PIPELINE_LOG)}",
                hint=f"all of its words: {self._view.folder / PIPELINE_LOG}",
            )
        ensure_engine(self._view)

    def _patience_s(self) -> float:
        """How long an engine may be unseen: longer for one started here that has not held the lock yet."""
        is_starting = self._started_at is not None and note_of(self._lock) == self._note
        return _LONG_START_S if is_starting else _PATIENCE_S

    def _start(self, now: float) -> None:
        host = is_elsewhere(self._view)
        if host is not None:
            raise WorkspaceError(
                f"{self._view.id} is unfinished on {host}", hint=f"go on with it here: overdrive resume {self._view.id}"
            )
        if disk_is_full(self._view) and self._view.is_cancelling:
            raise UnwritableError(f"{self._view.id}: {self._view.reason}", hint="make room, or delete it")
        self._count_death(now)
        self._note = note_of(self._lock)
        ensure_engine(self._view)
        self._started_at = self._seen_at = clock.monotonic()

    def _count_death(self, now: float) -> None:
        """The first start is a recovery; after it, each engine that got nothing done is a death."""
        progress = (len(self._view.trials()), self._view.counts().done, self._view.intervals())
        lived_long = self._started_at is None or self._seen_at - self._started_at > _LONG_LIFE_S
        self._deaths = 0 if lived_long or progress != self._progress else self._deaths + 1
        self._progress = progress
        if self._deaths >= MOST_DEATHS:
            raise InternalError(
                f"the engine of {self._view.id} died {MOST_DEATHS} times in a row; its last words: "
                f"{last_words(self._view.folder)}",
                hint=f"all of its words: {self._view.folder / ENGINE_LOG}",
            )
