"""What somebody who waits with `show_output=True` is shown: plain lines."""

import sys
from collections.abc import Callable

from overdrive.client.files import OUTPUT_NAME
from overdrive.client.files import SWEEP_LOG_NAME
from overdrive.records import show_number
from overdrive.views import SweepView
from overdrive.views import TrialRow
from overdrive.views.output import read_output
from overdrive.views.situation import waiting_sentence
from overdrive.views.words import show_duration

_RULE = "=" * 17
#: That many looks have to find the sweep waiting: a trial of its own that is just being started looks like it, too.
_WAITS = 10


class SweepLines:
    """A line for each trial that ends and for each note of the engine; a summary at the end."""

    def __init__(self, view: SweepView, say: Callable[[str], None] | None = None) -> None:
        self._view = view
        self._say = say or say_line
        self._shown: set[int] = set()
        self._notes = 0
        self._seq = -1
        self._is_over = False
        #: Looks in a row that found it waiting for a slot.
        self._waits = 0
        self._introduce()

    def _introduce(self) -> None:
        spec = self._view.spec
        goal = f", {spec.metric.goal.name.lower()} {spec.metric.name}" if spec.metric else ""
        self._say(_head(self._view, spec.id, SWEEP_LOG_NAME))
        self._say(f"{spec.experiment}: up to {spec.max_total_runs} trials{goal}")

    def look(self, view: SweepView) -> None:
        """Shows what is new. To be called now and then, and at the end."""
        self._say_waiting(view)
        seq = view.facts().seq
        if seq == self._seq:
            return
        self._seq = seq
        for note in view.notes()[self._notes :]:
            self._notes += 1
            self._say(f"note: {note.text}")
        rows = [row for row in view.trials() if row.is_ended and row.number not in self._shown]
        for row in sorted(rows, key=lambda row: row.ended_at or 0.0):
            self._shown.add(row.number)
            self._say(self._line(row))
        if view.is_over and not self._is_over:
            self._is_over = True
            self._sum_up(view)

    def _say_waiting(self, view: SweepView) -> None:
        """Once, where other sweeps keep it from starting anything."""
        if self._waits < _WAITS:
            waiting = None if view.is_over else waiting_sentence(view)
            self._waits = self._waits + 1 if waiting else 0
            if waiting and self._waits == _WAITS:
                self._say(waiting)

    def _line(self, row: TrialRow) -> str:
        metric = self._view.spec.metric
        best = f", best {metric.name} {show_number(row.best)}" if metric and row.best is not None else ""
        ran = f" in {show_duration(row.duration_s)}" if row.duration_s is not None else ""
        why = "" if row.why in ("", "completed") else f": {row.why}"
        return f"trial {row.number} {row.word}{ran}{best}{why}"

    def _sum_up(self, view: SweepView) -> None:
        self._say(_tail(view, view.id))
        self._say(f"{view.status.value}: {view.reason}; {view.counts().sentence()}")
        best = view.best()
        if best is not None and view.spec.metric:
            self._say(f"best: {best.run_id}, {view.spec.metric.name} {show_number(best.best, 6)}")


class OutputLines:
    """What one trial prints, as it comes."""

    def __init__(self, view: SweepView, trial: int, run_id: str) -> None:
        self._trial = trial
        self._at = 0
        self._attempt = 0
        self._run_id = run_id
        self._is_over = False
        say_line(_head(view, run_id, OUTPUT_NAME))

    def look(self, view: SweepView) -> None:
        """Prints what is new."""
        row = view.trial(self._trial)
        if row is not None and row.attempt:
            self._print(view, row)
        if not self._is_over and (view.is_over or (row is not None and row.is_ended)):
            self._is_over = True
            say_line(_tail(view, self._run_id))

    def _print(self, view: SweepView, row: TrialRow) -> None:
        if row.attempt != self._attempt:
            self._attempt, self._at = row.attempt, 0
        path = view.output_path(self._trial, row.attempt)
        size = path.stat().st_size if path.is_file() else 0
        if size > self._at:
            new = read_output(path, self._at, size)
            self._at = size
            say_line(new.decode("utf-8", "replace"), end="")


def _head(view: SweepView, run_id: str, log: str) -> str:
    """How Azure's stream begins: id, place, the log that follows."""
    title = f"Streaming {log}"
    return f"RunId: {run_id}\nWeb View: {view.folder.as_uri()}\n\n{title}\n{'=' * len(title)}\n"


def _tail(view: SweepView, run_id: str) -> str:
    """How it ends: once more id and place."""
    return f"\nExecution Summary\n{_RULE}\nRunId: {run_id}\nWeb View: {view.folder.as_uri()}"


def say_line(text: str, end: str = "\n") -> None:
    """Prints, as far as the terminal knows the characters."""
    try:
        print(text, end=end, flush=True)
    except UnicodeEncodeError:
        encoding = sys.stdout.encoding or "ascii"
        print(text.encode(encoding, "backslashreplace").decode(encoding), end=end, flush=True)
