"""What `show` says of one trial, and of a single run."""

from overdrive.cli.console import say
from overdrive.cli.facts import Fact
from overdrive.cli.facts import print_facts
from overdrive.cli.facts import print_heading
from overdrive.records import Outcome
from overdrive.records import argument_text
from overdrive.records import show_number
from overdrive.views import SweepView
from overdrive.views import TrialRow
from overdrive.views.output import last_lines
from overdrive.views.spelling import trial_command_line
from overdrive.views.words import count_of
from overdrive.views.words import show_duration
from overdrive.views.words import show_size
from overdrive.views.words import show_time
from overdrive.views.words import visible

#: Lines of output shown of a trial that went wrong.
_LINES = 10
_BARS = "▁▂▃▄▅▆▇█"
#: Points of a curve's small picture.
_POINTS = 40


def print_trial(view: SweepView, row: TrialRow) -> None:
    """Everything about one trial; of one that failed the end of its output too."""
    print_heading(row.run_id)
    print_facts(trial_facts(view, row))
    if row.outcome in (Outcome.FAILED, Outcome.LOST, Outcome.COMPLETED_WITHOUT_METRIC):
        _print_end_of_output(view, row)


def trial_facts(view: SweepView, row: TrialRow) -> list[Fact]:
    """The lines, in order."""
    single = view.spec.kind == "run"
    settings = [(f"  {name}", argument_text(value)) for name, value in row.configuration.items()]
    return [
        ("trial", "" if single else f"{row.number} of {view.id}"),
        ("experiment", view.spec.experiment),
        ("status", row.word if row.word == row.azure_status.lower() else f"{row.word} (Azure: {row.azure_status})"),
        ("why", "" if row.why == row.word else row.why),
        ("with", f"{count_of(len(settings), 'hyperparameter')}, {row.reason}" if settings else ""),
        *settings,
        *_metric_facts(view, row),
        ("resumed from", row.resumed_from or ""),
        ("unreadable", f"{count_of(row.bad, 'line')} of what it logged, left out" if row.bad else ""),
        ("started", show_time(row.started_at)),
        ("ran", _ran(row)),
        ("attempt", str(row.attempt) if row.attempt > 1 else ""),
        ("process", _process(row)),
        ("command", trial_command_line(view.spec, row)),
        ("output", str(view.output_path(row.number))),
    ]


def _metric_facts(view: SweepView, row: TrialRow) -> list[Fact]:
    metric = view.spec.metric
    if metric is None or not row.intervals:
        return []
    points = view.curve(row.number)
    values = [point.value for point in points]
    joint = sum(point.is_inherited for point in points)
    whose = f", {'all' if joint == len(points) else 'the first'} {joint} of {row.resumed_from}" if joint else ""
    best = f"best {show_number(row.best)} at interval {row.best_interval}, " if row.best is not None else ""
    return [
        (metric.name, f"{best}last {show_number(row.last)}, {count_of(row.intervals, 'interval')}{whose}"),
        ("  curve", sparkline(values, joint) if len(values) > 1 else ""),
    ]


def sparkline(values: list[float], joint: int = 0, points: int = _POINTS) -> str:
    """A small picture of a curve: one bar a value, or for long ones the last value of each part; '·' where non-finite.

    joint: so many of the values are of the trial that this one goes on with; a line stands behind them.
    """
    count = min(points, len(values))
    picked = [values[(at + 1) * len(values) // count - 1] for at in range(count)]
    finite = [value for value in picked if abs(value) < float("inf")]
    if not finite:
        return ""
    low, high = min(finite), max(finite)
    span = (high - low) or 1.0
    bars = "".join(_bar((value - low) / span) for value in picked)
    at = round(joint * count / len(values))
    return f"{bars[:at]}│{bars[at:]}" if joint else bars


def _bar(level: float) -> str:
    return _BARS[min(len(_BARS) - 1, int(level * len(_BARS)))] if 0 <= level <= 1 else "·"


def _ran(row: TrialRow) -> str:
    ended = f", until {show_time(row.ended_at)}" if row.ended_at else ""
    return f"{show_duration(row.duration_s)}{ended}" if row.duration_s is not None else ""


def _process(row: TrialRow) -> str:
    told = [count_of(row.threads, "thread")] if row.threads else []
    exit = row.exit
    if exit and exit.code is not None:
        told.append(f"exit code {exit.code}")
    if exit and exit.signal is not None:
        told.append(f"ended by signal {exit.signal}")
    if exit and exit.cpu_s is not None:
        told.append(f"{show_duration(exit.cpu_s)} of CPU")
    if exit and exit.peak_rss_bytes:
        told.append(f"at most {show_size(exit.peak_rss_bytes)} of memory")
    return ", ".join(told)


def _print_end_of_output(view: SweepView, row: TrialRow) -> None:
    text = last_lines(view.output_tail(row.number, 16 * 1024), _LINES)
    if text.strip():
        say(f"\nThe end of its output (all of it: overdrive logs {row.run_id}):")
        for line in text.rstrip("\n").split("\n"):
            say(f"  {visible(line)}")
