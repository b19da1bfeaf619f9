"""The view without a terminal: plain lines, only when something changed and not too often."""

from overdrive.cli.console import say
from overdrive.cli.live import recent_sentences
from overdrive.cli.sweep_page import best_sentence
from overdrive.host import clock
from overdrive.views import SweepView
from overdrive.views.words import count_of
from overdrive.views.words import show_duration
from overdrive.views.words import visible

#: Seconds between two reports.
PAUSE_S = 2.0
#: Trials told one by one in a report; of more, the last ones.
_SENTENCES = 5


class PlainFace:
    """Says how far the sweep is, at most every two seconds."""

    def __init__(self) -> None:
        self._said = ""
        self._said_at: float | None = None
        self._told: set[int] = set()
        self._notes = 0

    def __enter__(self) -> "PlainFace":
        return self

    def __exit__(self, *exc: object) -> None:
        """Nothing is left to be put away."""

    def look(self, view: SweepView) -> None:
        """Reports what is new, when it is time again; at the end at once."""
        now = clock.monotonic()
        if self._said_at is None:
            self._introduce(view)
        elif now - self._said_at < PAUSE_S and not view.is_over:
            return
        self._said_at = now
        self._report(view)

    def _introduce(self, view: SweepView) -> None:
        metric = view.spec.metric
        goal = f", {metric.goal.name.lower()} {visible(metric.name)}" if metric else ""
        say(f"{view.id}: {visible(view.spec.experiment)}, {count_of(view.counts().total, 'trial')}{goal}")

    def _report(self, view: SweepView) -> None:
        for note in view.notes()[self._notes :]:
            self._notes += 1
            say(f"note: {visible(note.text)}")
        rows = view.trials()
        fresh = [row for row in recent_sentences(rows, len(rows)) if row.number not in self._told]
        for row in fresh[-_SENTENCES:]:
            say(f"trial {row.number} {visible(row.why)}")
        self._told.update(row.number for row in fresh)
        line = self._line(view)
        if line != self._said:
            self._said = line
            left = view.eta()
            say(line + (f"; about {show_duration(left)} left" if left is not None else ""))

    def _line(self, view: SweepView) -> str:
        counts, reason, best = view.counts().sentence(), view.reason, best_sentence(view)
        parts = [counts]
        if not view.is_over and reason != counts:
            parts.append(visible(reason))
        return "; ".join([*parts, f"best {best}"] if best else parts)
