"""Going on with trials of a sweep that were cut short: a new sweep of these trials alone."""

import dataclasses
import os
from collections.abc import Sequence
from pathlib import Path

from overdrive import __version__
from overdrive.client.earlier import inherit
from overdrive.client.submit import submit
from overdrive.client.workspace import Workspace
from overdrive.errors import NotFoundError
from overdrive.errors import SpecError
from overdrive.host import clock
from overdrive.host import machine
from overdrive.host.randomness import new_id
from overdrive.views import SweepView


def go_on_with(
    workspace: Workspace, view: SweepView, trials: Sequence[int], source: "str | os.PathLike[str] | None" = None
) -> Path:
    """Submits a sweep whose trials go on with `trials` of an earlier one, as `resume_child_runs` does; its folder.

    All else is as in the earlier sweep: script, arguments, metric, policy, limits. source: a folder to take the script
    from; default: the earlier sweep's own snapshot, so that edits since then change nothing. Raises NotFoundError for a
    number that is no trial's, SpecError for one that is given twice or still runs and for a single run, and what
    `submit` raises.
    """
    spec = view.spec
    if spec.kind != "sweep":
        raise SpecError(f"{view.id} is a single run: only trials of a sweep can be gone on with", field="trial")
    for number in trials:
        _check(view, trials, number)
    run = spec.run if source is None else dataclasses.replace(spec.run, source_directory=os.path.abspath(source))
    new = dataclasses.replace(
        spec,
        id=f"HD_{new_id()}",
        created_at=clock.utc_text(),
        machine={"host": machine.hostname(), "id": machine.machine_id()},
        program=__version__,
        run=run,
        max_total_runs=len(trials),
        resume_from=(),
        resume_children=tuple({"sweep": spec.id, "trial": number} for number in trials),
    )
    snapshot = view.folder / "snapshot" if source is None else None
    inheritance = inherit([], [(view, number) for number in trials])
    return submit(workspace, new, content=inheritance, snapshot=snapshot)


def _check(view: SweepView, trials: Sequence[int], number: int) -> None:
    row = view.trial(number)
    if row is None:
        count = len(view.trials())
        raise NotFoundError(
            f"{view.id} has no trial {number}", hint=f"its trials are 0 to {count - 1}" if count else None
        )
    if trials.count(number) > 1:
        raise SpecError(field="trial", value=number, allowed="each trial once")
    if not row.is_ended and not view.is_over:
        raise SpecError(
            f"{row.run_id} has not ended: {row.word}",
            field="trial",
            value=number,
            hint=f"cancel it first: overdrive cancel {row.run_id}",
        )
