"""Watching a sweep to its end, and what is said then."""

import signal
from typing import Protocol

from overdrive.cli.best_page import best_facts
from overdrive.cli.console import can_redraw
from overdrive.cli.console import print_json
from overdrive.cli.console import say
from overdrive.cli.facts import print_facts
from overdrive.cli.live import LiveFace
from overdrive.cli.plain import PlainFace
from overdrive.cli.sweep_page import saved_sentence
from overdrive.client import wait_for_sweep
from overdrive.client.find import short_id
from overdrive.host import clock
from overdrive.records import Outcome
from overdrive.records import SweepStatus
from overdrive.views import SweepView
from overdrive.views.export import sweep_json
from overdrive.views.words import show_duration
from overdrive.views.words import visible

#: Outcomes that need somebody's attention.
_WRONG = (Outcome.FAILED, Outcome.LOST, Outcome.COMPLETED_WITHOUT_METRIC)
#: Seconds between two looks without an engine to be kept alive.
_LOOK_S = 0.1


class Face(Protocol):
    """What looks at the sweep while it runs."""

    def look(self, view: SweepView) -> None: ...
    def __enter__(self) -> "Face": ...
    def __exit__(self, *exc: object) -> None: ...


class Silence:
    """Shows nothing."""

    def look(self, view: SweepView) -> None:
        """Nothing to draw."""

    def __enter__(self) -> "Silence":
        return self

    def __exit__(self, *exc: object) -> None:
        """Nothing to put away."""


def follow_start(view: SweepView, watches: bool, as_json: bool) -> int:
    """Behind a submit: watches the sweep to its end, or says how to; the exit code."""
    if watches:
        return watch_to_end(view, as_json)
    if as_json:
        print_json({"id": view.id, "folder": str(view.folder)})
        return 0
    short = short_id(view)
    say(f"Started {view.id}")
    say(f"Watch it: overdrive watch {short}   Cancel it: overdrive cancel {short}")
    return 0


def watch_to_end(view: SweepView, as_json: bool = False, recover: bool = True) -> int:
    """Shows the sweep until it is over, then how it ended. Returns `exit_code(view)`.

    recover: start an engine where there is none. Raises KeyboardInterrupt when Ctrl-C left or cancelled it.
    """
    face: Face = Silence() if as_json or view.is_over else LiveFace() if can_redraw() else PlainFace()
    try:
        with face:
            if recover:
                # The wait counts Ctrl-C by itself. Presses after it change nothing: the end is said in a moment. A
                # function, not SIG_IGN, which the wait would respect and engines would inherit.
                signal.signal(signal.SIGINT, lambda *_: None)
                wait_for_sweep(view, on_look=face.look)
            else:
                _only_look(view, face)
    except KeyboardInterrupt:
        if view.is_over and not as_json:
            print_end(view)
        raise
    if as_json:
        print_json(sweep_json(view))
    else:
        print_end(view)
    return exit_code(view)


def exit_code(view: SweepView) -> int:
    """1 for a sweep that failed, or completed without one value of its primary metric: there is no best to go on with.

    A single run whose script logs nothing is fine.
    """
    is_empty = view.status is SweepStatus.COMPLETED and view.spec.kind == "sweep" and not view.intervals()
    return 1 if is_empty or view.status is SweepStatus.FAILED else 0


def _only_look(view: SweepView, face: Face) -> None:
    """As long as an engine runs it: without one nothing would ever change."""
    while True:
        over = view.is_over or not view.engine().alive
        face.look(view)
        if over:
            return
        clock.sleep(_LOOK_S)


def print_end(view: SweepView) -> None:
    """How it ended, the best run, what was saved, and where to look further."""
    if not view.is_over:
        say(f"{view.id}: {visible(view.reason)}")
        return
    say(f"{view.azure_status} in {show_duration(view.run_time_s)}: {visible(view.reason)}")
    best, short = view.best(), short_id(view)
    wrong = [row for row in view.trials() if row.outcome in _WRONG]
    about = [
        ("trials", view.counts().sentence()),
        ("saved", saved_sentence(view)),
        ("wrong", f"trial {wrong[-1].number} {visible(wrong[-1].why)}" if wrong else ""),
    ]
    print_facts([*(best_facts(view, best) if best else []), *about])
    further = [("all trials", f"overdrive show {short}")]
    if best is not None:
        further.append(("the best", f"overdrive show {short}_{best.number}"))
    if wrong:
        further.append(("what went wrong", f"overdrive logs {short}_{wrong[-1].number}"))
    further.append(("as a table", f"overdrive export {short} -o trials.csv"))
    say("Look further:")
    print_facts(further)
