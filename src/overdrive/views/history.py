"""What a sampler would know of a sweep as it stands now, from the tables instead of the journal's events."""

from collections.abc import Mapping

from overdrive.records import PrimaryMetric
from overdrive.sampling import History
from overdrive.sampling import TrialSoFar
from overdrive.store import SweepReader
from overdrive.store.rows import json_object
from overdrive.store.writer import FILE
from overdrive.views.curves import all_curves
from overdrive.views.sweep import SweepView
from overdrive.views.trials import TrialRow


def sweep_history(view: SweepView) -> History:
    """The same as a fold of the journal gives, in a tenth of its time: models of whole sweeps are made from it.

    Suggestions are not: they are made from the journal as it was at one event. Raises NotFoundError while there is no
    database.
    """
    still, metric = view.still(), view.spec.metric
    rows = still.trials()
    attempts = {row.number: row.attempt for row in rows}
    with SweepReader(view.folder) as reader:
        curves = all_curves(reader.rows("curves", name=metric.name), attempts) if metric else {}
        stops = {(row["trial"], row["attempt"]): row["interval"] for row in reader.rows("stops")}
    states = suggested_states(view)
    trials = tuple(
        _trial(
            row,
            [point.value for point in curves.get(row.number, ())],
            stops.get((row.number, row.attempt)),
            metric,
            states.get(row.number, {}),
        )
        for row in rows
    )
    return History(trials=trials, metric=metric, based_on=still.facts().seq, prior=tuple(still.earlier()))


def suggested_states(view: SweepView) -> dict[int, dict]:
    """Trial → what the sampler kept with its suggestion. Raises NotFoundError while there is no database."""
    database, found = view.folder / FILE, {}
    with SweepReader(view.folder) as reader:
        for row in reader.rows("suggestions"):
            body = json_object(row["body"], f"the body of event {row['seq']} (suggested)", database)
            found[row["trial"]] = body.get("state") or {}
    return found


def _trial(
    row: TrialRow, curve: list[float], stop: int | None, metric: PrimaryMetric | None, state: Mapping[str, object]
) -> TrialSoFar:
    known = {"number": row.number, "configuration": row.configuration, "status": row.status, "state": state}
    if stop is not None and metric is not None:
        return TrialSoFar.after_verdict(curve[:stop], row.outcome, metric, **known)
    return TrialSoFar(**known, outcome=row.outcome, curve=tuple(curve), best=row.best)
