"""`python -m overdrive.client.conductor FOLDER`: submits the steps of a pipeline one after another.

It holds the pipeline's run open, as a control process does, and is gone with the last step. Should it be killed, the
next command that meets the pipeline starts another one (`engine.ensure_engine`): steps that are over stay as they are,
one that runs is waited for.
"""

import dataclasses
import json
import os
import sys
from pathlib import Path
from typing import Any

from overdrive.client.children import said_to_parent
from overdrive.client.earlier import inherit
from overdrive.client.engine import start_engine
from overdrive.client.experiment import open_run
from overdrive.client.find import locate
from overdrive.client.interactive import Hold
from overdrive.client.pipeline import Plan
from overdrive.client.pipeline import Step
from overdrive.client.pipeline import read_plan
from overdrive.client.pipeline import source_of
from overdrive.client.run import Run
from overdrive.client.submit import submit
from overdrive.client.sweep_run import HyperDriveRun
from overdrive.client.wait import wait_for_sweep
from overdrive.client.wait import wait_for_trial
from overdrive.client.workspace import Workspace
from overdrive.errors import NotFoundError
from overdrive.errors import OverdriveError
from overdrive.host import clock
from overdrive.host.files import make_private
from overdrive.host.files import read_json
from overdrive.host.files import write_json
from overdrive.report.errors import AzureMLException
from overdrive.views import SweepView
from overdrive.views import open_sweep

#: In a step's folder once it is over: why it failed, or ''.
_DONE = "done.json"


class Conductor:
    """Runs the steps of one pipeline. folder: its run's. hold: what keeps the run open."""

    def __init__(self, folder: Path, hold: Hold) -> None:
        self._folder = folder
        self._workspace = Workspace(folder.parent.parent)
        self._plan: Plan = read_plan(folder)
        self._run = open_run(self._workspace, folder.name)
        self._run.open_by(hold)
        #: The same, not held open: what is logged here outlives a new attempt of the process that holds it.
        self._kept = open_run(self._workspace, folder.name)
        #: Ids of the steps that have completed.
        self._completed: set[str] = set()

    def conduct(self) -> None:
        """Returns when the last step has ended, or the pipeline was cancelled."""
        failures = []
        for number, step in enumerate(self._plan.steps):
            if self._run.has_ended:
                self._cancel(step)
                continue
            if failures and not self._plan.continues_on_failure:
                break
            if not self._completed.issuperset(step.after):
                _say(f"step {step.name!r} is left out: it needs one that did not complete")
                continue
            failure = self._do(number, step)
            if failure:
                failures.append(failure)
                _say(failure)
            else:
                self._completed.add(step.spec.id)
        if self._run.has_ended:
            _say("the pipeline was cancelled")
        elif failures:
            self._run.fail("; ".join(failures))
        else:
            self._run.complete()

    def _do(self, number: int, step: Step) -> str:
        """Runs one step to its end, unless that was done before; '' or why it failed."""
        path = str(source_of(self._folder, number).parent / _DONE)
        done: Any = read_json(path)
        if done is None:
            done = {"failure": self._to_its_end(number, step)}
            write_json(path, done, sync=True)
        return done["failure"]

    def _to_its_end(self, number: int, step: Step) -> str:
        try:
            _say(f"step {step.name!r}: {step.spec.id}")
            run = self._begun(step) or self._submit(number, step)
            run.display_name = step.name
            self._wait(run)
            self._take_over(run)
            status = run.get_status()
            if status != "Completed":
                return f"step {step.name!r} ({run.id}): {status}{': ' if run.reason else ''}{run.reason}"
            for product in step.products:
                _make(self._workspace, run, product)
        except (OverdriveError, AzureMLException, OSError) as error:
            return f"step {step.name!r} ({step.spec.id}): {getattr(error, 'message', None) or error}"
        return ""

    def _submit(self, number: int, step: Step) -> Run:
        for path in step.writes:
            make_private(os.path.dirname(path))
        spec = dataclasses.replace(step.spec, created_at=clock.utc_text())
        sweeps = [self._view(sweep) for sweep in spec.resume_from]
        trials = [(self._view(child["sweep"]), child["trial"]) for child in spec.resume_children]
        submit(self._workspace, spec, content=inherit(sweeps, trials), snapshot=source_of(self._folder, number))
        return open_run(self._workspace, spec.id)

    def _begun(self, step: Step) -> Run | None:
        """The step's run, where an earlier process has submitted it."""
        try:
            return open_run(self._workspace, locate(self._workspace, step.spec.id).folder.name)
        except NotFoundError:
            return None

    def _cancel(self, step: Step) -> None:
        """What an earlier process has left running of a pipeline that is over."""
        run = self._begun(step)
        if run is not None:
            run.cancel()

    def _view(self, run_id: str) -> SweepView:
        return open_sweep(locate(self._workspace, run_id).folder)

    def _wait(self, run: Run) -> None:
        """Until it has ended; a pipeline that is cancelled cancels it."""
        asked = False

        def look(view: SweepView) -> None:
            nonlocal asked
            if not asked and self._run.has_ended:
                asked = True
                run.cancel()

        if isinstance(run, HyperDriveRun):
            wait_for_sweep(run.view, look)
        else:
            wait_for_trial(run.view, run.number, look)

    def _take_over(self, run: Run) -> None:
        """What the step's script logged to its parent becomes the pipeline's own."""
        for child in said_to_parent(run):
            for name, value in child.tags.items():
                self._run.tag(name, value)
            for record in child.records():
                for place in (self._run, self._kept):
                    place._put(record.name, json.dumps(record.value), record.kind)


def _make(workspace: Workspace, run: Run, product: dict[str, Any]) -> None:
    """Raises NotFoundError where the run has not left what is wanted, UserErrorException for a dataset, OSError."""
    if product["kind"] == "dataset":
        from overdrive.report.datasets.factory import from_definition  # noqa: PLC0415  (few steps register one)

        made = from_definition(product["definition"], str(workspace.path))
        made.register(workspace, product["name"], product["description"], product["tags"], create_new_version=True)
        return
    if not isinstance(run, HyperDriveRun):
        raise NotFoundError(f"{run.id} is no sweep: it has no metrics of trials and no best one")
    if product["kind"] == "metrics":
        lists = {
            trial: {name: value if isinstance(value, list) else [value] for name, value in metrics.items()}
            for trial, metrics in run.get_metrics().items()
        }
        write_json(product["path"], lists)
        return
    best = run.get_best_run_by_primary_metric()
    if best is None:
        raise NotFoundError("no trial logged a value of the primary metric, so there is no best model")
    if product["file"]:
        best.download_file(product["file"], product["path"])
    else:
        best.download_files("outputs/", product["path"], append_prefix=False)


def _say(text: str) -> None:
    print(f"{clock.utc_text()} {text}", file=sys.stderr, flush=True)


def main() -> None:
    """Leaves once the run is open, while a process of its own goes on."""
    folder = Path(sys.argv[1])
    hold = Hold(folder, goes_on=True)
    if not hold.is_mine:  # another one was started, too
        return
    start_engine(folder)
    if os.fork():
        os._exit(0)
    Conductor(folder, hold).conduct()


if __name__ == "__main__":
    main()
