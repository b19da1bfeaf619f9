"""What `show` says of a sweep."""

from collections.abc import Sequence

from overdrive.cli.console import say
from overdrive.cli.console import width
from overdrive.cli.facts import Fact
from overdrive.cli.facts import print_facts
from overdrive.cli.facts import print_heading
from overdrive.cli.tables import STYLES
from overdrive.cli.tables import Column
from overdrive.cli.tables import fitting
from overdrive.cli.tables import print_table
from overdrive.records import SweepSpec
from overdrive.records import show_number
from overdrive.views import SweepView
from overdrive.views import TrialRow
from overdrive.views.words import count_of
from overdrive.views.words import show_configuration
from overdrive.views.words import show_duration
from overdrive.views.words import show_time
from overdrive.views.words import show_value
from overdrive.views.words import visible

#: Trials listed unless more are asked for.
LISTED = 40


def print_sweep(view: SweepView, listed: int | None, by_number: bool) -> None:
    """Header, counts, best, table of trials (None: all of them; otherwise that many, the best first)."""
    print_heading(view.id)
    print_facts(sweep_facts(view))
    rows = view.trials() if by_number else view.ranked()
    if rows:
        say()
        shown = rows if listed is None else rows[:listed]
        print_table(trial_columns(view, shown))
        if len(rows) > len(shown):
            say(f"… and {count_of(len(rows) - len(shown), 'more trial')}: --all")


def sweep_facts(view: SweepView) -> list[Fact]:
    """The header."""
    spec, metric, labels = view.spec, view.spec.metric, view.labels()
    goal = f", to be {metric.goal.name.lower()}d" if metric else ""
    facts: list[Fact] = [
        ("name", labels.display_name or ""),
        ("description", labels.description or ""),
        ("experiment", spec.experiment),
        ("status", f"{view.azure_status}: {view.reason}"),
        ("trials", view.counts().sentence()),
        ("metric", f"{metric.name}{goal}" if metric else ""),
        ("best", best_sentence(view)),
        ("saved", saved_sentence(view)),
        ("time", _time(view)),
        ("sampling", f"{spec.sampling['name'].lower()}{_properties(spec.sampling)}, seed {spec.seed}"),
        ("policy", _policy(spec.policy)),
        ("starts from", ", ".join(spec.resume_from)),
        ("goes on with", _resumed(spec)),
        ("tags", ", ".join(f"{name}={value}" for name, value in labels.tags.items())),
        ("warning", labels.problem),
        ("folder", str(view.folder)),
    ]
    return facts + [("note", note.text) for note in view.notes()[-3:]]


def best_sentence(view: SweepView) -> str:
    """'accuracy 0.9733 by trial 7 at interval 12: lr 0.0312, units 64'; '' without a value."""
    best, metric = view.best(), view.spec.metric
    if best is None or metric is None:
        return ""
    where = f" at interval {best.best_interval}" if best.best_interval and best.intervals > 1 else ""
    how = "" if best.outcome is None or best.word == "completed" else f" ({best.word})"
    settings = show_configuration(best.configuration)
    return f"{visible(metric.name)} {show_number(best.best)} by trial {best.number}{where}{how}: {settings}"


def saved_sentence(view: SweepView) -> str:
    """'about 87 of 384 intervals, by stopping 9 trials early'; '' where nothing was saved."""
    saved = view.saved()
    if not saved:
        return ""
    stopped = count_of(view.counts().stopped_early, "trial")
    return f"about {saved:,} of {saved + view.intervals():,} intervals, by stopping {stopped} early"


def _time(view: SweepView) -> str:
    left = view.eta()
    rest = f", about {show_duration(left)} left" if left is not None else ""
    return f"{show_duration(view.run_time_s)}{rest} (submitted {show_time(view.created_at)})"


def _resumed(spec: SweepSpec) -> str:
    """'3 trials of HD_1, 1 trial of HD_2'."""
    sweeps = [earlier["sweep"] for earlier in spec.resume_children]
    return ", ".join(f"{count_of(sweeps.count(one), 'trial')} of {one}" for one in dict.fromkeys(sweeps))


def _policy(policy: dict) -> str:
    return "none" if policy["name"].lower() == "default" else f"{policy['name']}{_properties(policy)}"


def _properties(data: dict) -> str:
    told = [f"{name}={value}" for name, value in (data.get("properties") or {}).items() if value is not None]
    return f"({', '.join(told)})" if told else ""


def trial_columns(view: SweepView, rows: Sequence[TrialRow]) -> list[Column]:
    """The table: a column for each hyperparameter where they fit, else one for all of them."""
    metric = view.spec.metric
    before = [
        Column("trial", [str(row.number) for row in rows], 100, is_number=True),
        Column("status", [row.word for row in rows], 90, styles=[STYLES.get(row.word, "") for row in rows]),
        Column(f"best {metric.name}" if metric else "best", [_number(row.best) for row in rows], 95, is_number=True),
    ]
    after = [
        Column("intervals", [str(row.intervals) for row in rows], 40, is_number=True),
        Column("time", [show_duration(row.duration_s) for row in rows], 50, is_number=True),
        Column("why", [_why(row) for row in rows], 20, least=30),
    ]
    names = list(view.spec.space)
    apart = [Column(name, [_setting(row, name) for row in rows], 80, is_number=True) for name in names]
    essential = [*before, *apart]
    if len(fitting(essential, width())) == len(essential):
        return [*before, *apart, *after]
    together = Column("configuration", [show_configuration(row.configuration) for row in rows], 80, least=12)
    return [*before, together, *after]


def _number(value: float | None) -> str:
    return "" if value is None else show_number(value)


def _setting(row: TrialRow, name: str) -> str:
    return show_value(row.configuration[name]) if name in row.configuration else ""


def _why(row: TrialRow) -> str:
    if row.why not in ("", "completed", "waits for its turn"):
        return row.why
    return f"resumed from {row.resumed_from}" if row.resumed_from else ""
