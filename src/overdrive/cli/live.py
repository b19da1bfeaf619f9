"""The live view: some lines at the bottom of the terminal, drawn again as the sweep goes on."""

from collections.abc import Sequence

from rich.console import Console
from rich.console import Group
from rich.control import Control
from rich.live import Live
from rich.text import Text

from overdrive.cli.console import NARROWEST
from overdrive.cli.console import open_console
from overdrive.cli.console import width
from overdrive.cli.sweep_page import best_sentence
from overdrive.cli.tables import STYLES
from overdrive.host import clock
from overdrive.records import Outcome
from overdrive.records import TrialStatus
from overdrive.records import show_number
from overdrive.views import SweepView
from overdrive.views import TrialRow
from overdrive.views.words import show_configuration
from overdrive.views.words import show_duration
from overdrive.views.words import visible

#: Seconds between two drawings where only the clock moved.
_TICK_S = 0.5
#: Sentences of trials that ended otherwise than by completing, and running trials, shown at once.
_SENTENCES = 4
_RUNNING = 4
#: Bar: completed, stopped early, failed, running, still to come; told apart without colours, too.
_GLYPHS = "█▓▒░·"
_PLAIN_GLYPHS = "#+x>."
_BAR_STYLES = ("green", "yellow", "red", "cyan", "dim")
_LONGEST_BAR = 72


class LiveFace:
    """Draws the sweep at each look that brings something new."""

    def __init__(self) -> None:
        self._console = open_console()
        self._live = Live(console=self._console, auto_refresh=False, transient=True, vertical_overflow="crop")
        self._drawn: tuple[int, int] | None = None
        self._drawn_at = 0.0

    def __enter__(self) -> "LiveFace":
        self._live.__enter__()
        return self

    def __exit__(self, *exc: object) -> None:
        self._live.__exit__(None, None, None)

    def look(self, view: SweepView) -> None:
        """Draws if the journal grew, the terminal changed its width, or half a second passed."""
        columns = self._console.width
        now, state = clock.monotonic(), (view.facts().seq, columns)
        if state == self._drawn and now - self._drawn_at < _TICK_S:
            return
        if self._drawn and columns < self._drawn[1]:
            # A narrower terminal has broken the lines that stand there, some of them drawn before the new width was
            # told: nobody knows how many rows to go up. So the screen starts anew; rich's own way up ends at its top.
            self._console.control(Control.clear(), Control.home())
        self._drawn, self._drawn_at = state, now
        self._live.update(drawing(view, self._console), refresh=True)


def drawing(view: SweepView, console: Console) -> Group:
    """The lines for this moment."""
    room = max(NARROWEST, console.width)
    counts = view.counts()
    glyphs = _GLYPHS if console.encoding.startswith("utf") else _PLAIN_GLYPHS
    lines = [
        _headline(view),
        bar((counts.completed, counts.stopped_early, _gone_wrong(view), counts.running), counts.total, room, glyphs),
        Text(counts.sentence()),
        _labelled("best", best_sentence(view) or "no value yet"),
        _labelled("time", _time(view)),
    ]
    reason = view.reason
    if reason != counts.sentence():
        lines.append(_labelled("now", visible(reason)))
    rows = view.trials()
    lines += [_running_line(row) for row in rows if row.status is TrialStatus.RUNNING][:_RUNNING]
    lines += [_sentence_line(row) for row in recent_sentences(rows, _SENTENCES)]
    lines.append(Text("Ctrl-C leaves, the sweep goes on; twice cancels it.", style="dim"))
    return Group(*lines)


def recent_sentences(rows: Sequence[TrialRow], count: int) -> list[TrialRow]:
    """The trials that ended last otherwise than by completing, oldest first."""
    ended = [row for row in rows if row.outcome not in (None, Outcome.COMPLETED)]
    return sorted(ended, key=lambda row: row.ended_at or 0.0)[-count:]


def bar(parts: Sequence[int], total: int, room: int, glyphs: str) -> Text:
    """A bar of `room` cells at most: a stretch for each part of `total`, at least one cell where it is not 0, then
    the rest.
    """
    length = min(room, _LONGEST_BAR)
    total = max(total, sum(parts), 1)
    text = Text(no_wrap=True, overflow="crop")
    done = used = 0
    for part, glyph, style in zip(parts, glyphs, _BAR_STYLES, strict=False):
        done += part
        end = min(length, max(round(done * length / total), used + (1 if part else 0)))
        text.append(glyph * (end - used), style)
        used = end
    text.append(glyphs[-1] * (length - used), _BAR_STYLES[-1])
    return text


def _gone_wrong(view: SweepView) -> int:
    counts = view.counts()
    return counts.failed + counts.without_metric + counts.cancelled


def _headline(view: SweepView) -> Text:
    metric = view.spec.metric
    goal = f"  {metric.goal.name.lower()} {visible(metric.name)}" if metric else ""
    return Text.assemble(
        (view.id if width() >= 80 else view.id[:11], "bold"), f"  {visible(view.spec.experiment)}{goal}"
    )


def _labelled(label: str, text: str) -> Text:
    return Text.assemble((f"{label}  ", "bold"), text)


def _time(view: SweepView) -> str:
    left = view.eta()
    return show_duration(view.run_time_s) + (f", about {show_duration(left)} left" if left is not None else "")


def _running_line(row: TrialRow) -> Text:
    value = f"{show_number(row.last)} at interval {row.intervals}" if row.intervals else row.why or "no value yet"
    text = f"trial {row.number}: {visible(value)}, {show_duration(row.duration_s)}"
    if width() >= 60:
        text += f", {show_configuration(row.configuration)}"
    return Text(text, style=STYLES["running"], no_wrap=True, overflow="ellipsis")


def _sentence_line(row: TrialRow) -> Text:
    return Text(f"trial {row.number} {visible(row.why)}", style=STYLES.get(row.word, ""))
