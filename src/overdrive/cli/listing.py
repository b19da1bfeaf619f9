"""The table of `overdrive list`."""

from collections.abc import Sequence

from overdrive.cli.console import print_json
from overdrive.cli.console import say
from overdrive.cli.state import State
from overdrive.cli.tables import STYLES
from overdrive.cli.tables import Column
from overdrive.cli.tables import print_table
from overdrive.client.find import short_name
from overdrive.host import clock
from overdrive.records import show_number
from overdrive.views import SweepSummary
from overdrive.views import list_sweeps
from overdrive.views.export import summary_json
from overdrive.views.words import show_configuration
from overdrive.views.words import show_duration
from overdrive.views.words import show_time
from overdrive.views.words import visible


def print_list(state: State, *, experiment: str | None, running: bool, limit: int | None, as_json: bool) -> None:
    """Prints the summaries that are wanted."""
    workspace = state.open_workspace().path
    every = list_sweeps(workspace)
    found = [s for s in every if experiment in (None, s.experiment) and not (running and s.is_over)][:limit]
    if as_json:
        print_json([summary_json(summary) for summary in found])
    elif found:
        print_table(_columns(found, [summary.id for summary in every]))
    elif every:
        say(f"No sweep of {len(every)} in {visible(str(workspace))} is like that.")
    else:
        say(f"There is no sweep in {visible(str(workspace))} yet. Start one: overdrive tune --help")


def _columns(found: Sequence[SweepSummary], names: list[str]) -> list[Column]:
    return [
        Column("run", [short_name(summary.id, names) for summary in found], 100),
        Column("experiment", [summary.experiment for summary in found], 60),
        Column("status", [summary.status for summary in found], 95, styles=[STYLES.get(s.status, "") for s in found]),
        Column("trials", [f"{s.counts.done:,}/{s.counts.total:,}" for s in found], 80, is_number=True),
        Column("best", [_best(summary) for summary in found], 85, is_number=True),
        Column("metric", [_metric(summary) for summary in found], 50),
        Column("time", [_time(summary) for summary in found], 40, is_number=True),
        Column("submitted", [show_time(summary.created_at) for summary in found], 45),
        Column("with", [show_configuration(summary.best_configuration or {}) for summary in found], 20, least=24),
        Column("why", [summary.reason for summary in found], 10, least=30),
    ]


def _best(summary: SweepSummary) -> str:
    return "" if summary.best is None else show_number(summary.best)


def _metric(summary: SweepSummary) -> str:
    return f"{summary.metric} ({summary.goal})" if summary.metric else ""


def _time(summary: SweepSummary) -> str:
    """How long an engine ran it; while it goes on, the time since the submit."""
    if summary.is_over and summary.ran_s:
        return show_duration(summary.ran_s)
    return "" if summary.created_at is None else show_duration((summary.ended_at or clock.wall()) - summary.created_at)
