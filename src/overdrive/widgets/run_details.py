"""`RunDetails(run).show()`: a table of trials that follows the sweep."""

import importlib
import os
import shutil
import sys
from collections.abc import Callable
from typing import Any

from overdrive.client import HyperDriveRun
from overdrive.client import Run
from overdrive.client import wait_for_sweep
from overdrive.client import wait_for_trial
from overdrive.errors import SpecError
from overdrive.host import clock
from overdrive.views import SweepView
from overdrive.views import open_sweep
from overdrive.widgets import data
from overdrive.widgets.notebook import kernel_shell
from overdrive.widgets.shown import shown_runs
from overdrive.widgets.table import Table
from overdrive.widgets.table import plain_text
from overdrive.widgets.table import trial_table

#: Trials that are listed outside a terminal, and at the end.
MOST_ROWS = 200
#: Variable that is 1 where a notebook runs that nobody looks at.
UNATTENDED = "OVERDRIVE_UNATTENDED"
#: Seconds between two drawings.
_REDRAW_S = 0.5
#: Lines of a terminal that are not for trials: title, headings, rules, foot.
_OTHER_LINES = 8


class RunDetails:
    """Shows a run.

    run_instance: a HyperDriveRun: a table of its trials, best first, with hyperparameters, status, best metric and
    times; or a Run: its own line, a pipeline's: a line for each step. Raises SpecError for anything else.
    """

    def __init__(self, run_instance: Run) -> None:
        if not isinstance(run_instance, Run):
            raise SpecError(field="run_instance", value=run_instance, allowed="a HyperDriveRun or a Run")
        self._run = run_instance
        self._view = open_sweep(run_instance.folder)

    def show(self, render_lib: object = None, widget_settings: object = None) -> None:
        """In a notebook: charts and table, kept up to date while cells run and until the run has ended; it returns at
        once. In a terminal: the table, kept up to date until the run has ended. Elsewhere: printed once, as it stands.

        In a notebook that `overdrive run` executes, at the run's end: the cells below take it that somebody waited.
        Ctrl-C while a terminal is kept up to date does what it does in `wait_for_completion`. The arguments are
        ignored.
        """
        if os.environ.get(UNATTENDED) == "1":
            self._wait(lambda view: None)
        shell = kernel_shell()
        if shell is not None and self._is_whole():
            shown_runs(shell).show(self._view.folder)
            return
        if sys.stdout.isatty() and not self._run.has_ended:
            self._follow()
        print(plain_text(self._table(self._view, MOST_ROWS)))

    def _ipython_display_(self) -> None:
        """As the last expression of a notebook's cell it shows itself."""
        self.show()

    def _is_whole(self) -> bool:
        """Whether the run is a sweep, or a single run of its own, not one trial of a sweep."""
        return isinstance(self._run, HyperDriveRun) or self._view.spec.kind == "run"

    def get_widget_data(self, widget_settings: object = None) -> dict[str, Any]:
        """The same as plain data, with the keys of Azure's widget."""
        view, run = self._view, self._run
        is_sweep = isinstance(run, HyperDriveRun)
        return {
            "status": run.get_status(),
            "workspace_name": run.experiment.workspace.name,
            "experiment_name": run.experiment.name,
            "workbench_run_details_uri": run.get_portal_url(),
            "run_id": run.id,
            "run_properties": data.run_facts(view, run.get_details(), run.tags) if is_sweep else run.get_details(),
            "child_runs": data.child_rows(view) if is_sweep else [],
            "children_metrics": data.metric_series(view) if is_sweep else {},
            "run_metrics": data.best_children(view) if is_sweep else data.run_metrics(view, run.number),
            "run_logs": data.log_text(view) if is_sweep else view.output_tail(run.number),
            "graph": {},
            "widget_settings": widget_settings or {},
            "loading": False,
        }

    def _table(self, view: SweepView, most: int) -> Table:
        if hasattr(self._run, "get_steps"):  # a pipeline
            return self._step_table(most)
        table = trial_table(view, most)
        if isinstance(self._run, HyperDriveRun):
            return table
        own = tuple(row for row in table.rows if row[0] == str(self._run.number))
        return Table(f"{self._run.id}: {self._run.get_status()}", table.headings, own, self._run.reason)

    def _step_table(self, most: int) -> Table:
        """A line for each step that was started, in order."""
        steps = list(self._run.get_steps())[::-1]  # type: ignore[attr-defined]
        rows = tuple((step.name, step.get_status(), step.id, step.reason) for step in steps[-most:])
        return Table(
            f"{self._run.id}: {self._run.get_status()}", ("step", "status", "run", "why"), rows, self._run.reason
        )

    def _follow(self) -> None:
        """Redraws the table in place until the run has ended."""
        # rich takes 40 ms to load: only who follows a run in a terminal pays for it.
        live = importlib.import_module("rich.live").Live(auto_refresh=False, transient=True)
        drawn_at = -_REDRAW_S

        def look(view: SweepView) -> None:
            nonlocal drawn_at
            if clock.monotonic() - drawn_at >= _REDRAW_S:
                live.update(_rich_table(self._table(view, _room())), refresh=True)
                drawn_at = clock.monotonic()

        with live:
            self._wait(look)

    def _wait(self, on_look: Callable[[SweepView], None]) -> None:
        if isinstance(self._run, HyperDriveRun):
            wait_for_sweep(self._view, on_look)
        else:
            wait_for_trial(self._view, self._run.number, on_look)


def _room() -> int:
    return max(3, shutil.get_terminal_size().lines - _OTHER_LINES)


def _rich_table(table: Table) -> Any:
    """The table for a terminal; cells are text, never markup."""
    text = importlib.import_module("rich.text").Text
    drawn = importlib.import_module("rich.table").Table(
        title=text(table.title), caption=text(table.foot), title_justify="left"
    )
    for heading in table.headings:
        drawn.add_column(text(heading))
    for row in table.rows:
        drawn.add_row(*map(text, row))
    return drawn
