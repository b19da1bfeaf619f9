"""What a new sweep is given of earlier ones: their curves as data, and copies of the outputs that it goes on with."""

from collections.abc import Iterable
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from overdrive.client.folder import EARLIER
from overdrive.host.files import copy_tree
from overdrive.host.files import make_private
from overdrive.host.files import write_json
from overdrive.records import Earlier
from overdrive.records import EarlierRun
from overdrive.records import EarlierSweep
from overdrive.records import EarlierTrial
from overdrive.records import MetricRecord
from overdrive.views import SweepView

#: Kinds of records that a trial which goes on with another one has from it: those that make series.
_SERIES = (None, "list", "text", "none", "row", "table")


@dataclass(frozen=True, kw_only=True, slots=True)
class Inheritance:
    """Of one sweep, at submit: nothing that befalls the earlier ones later matters to it."""

    earlier: Earlier
    #: Folders of the trials of `earlier.runs`.
    folders: tuple[Path, ...] = ()

    def put_into(self, folder: Path) -> None:
        """Writes it into the folder of the new sweep. Raises OSError.

        The outputs that a trial goes on with are put where its script will find them, once: nobody copies them later.
        """
        if not self.earlier:
            return
        write_json(str(folder / EARLIER), self.earlier.to_json(), sync=True)
        for number, trial in enumerate(self.folders):
            outputs = folder / "trials" / str(number) / "work" / "outputs"
            make_private(str(outputs))
            for source in (trial / "files" / "outputs", trial / "work" / "outputs"):
                if source.is_dir():
                    copy_tree(str(source), str(outputs))


def inherit(sweeps: Sequence[SweepView], trials: Sequence[tuple[SweepView, int]]) -> Inheritance:
    """What a sweep gets that starts from `sweeps`, and whose first trials go on with `trials`.

    A trial that one of the new sweep goes on with counts there, and not once more as an earlier one.
    """
    gone_on = {(view.id, number) for view, number in trials}
    earlier = Earlier(
        sweeps=tuple(_sweep(view, gone_on) for view in sweeps),
        runs=tuple(_run(view, number) for view, number in trials),
    )
    folders = tuple(view.folder / "trials" / str(number) for view, number in trials)
    return Inheritance(earlier=earlier, folders=folders)


def _sweep(view: SweepView, gone_on: set[tuple[str, int]]) -> EarlierSweep:
    curves = view.curves()
    trials = [
        EarlierTrial(
            number=row.number,
            configuration=row.configuration,
            outcome=row.outcome,
            curve=tuple(point.value for point in curves.get(row.number, ())),
        )
        for row in view.trials()
        if (view.id, row.number) not in gone_on
    ]
    return EarlierSweep(id=view.id, space=view.spec.space, trials=tuple(trials))


def _run(view: SweepView, number: int) -> EarlierRun:
    row = view.trial(number)
    configuration = row.configuration if row else {}
    records = tuple(_series(view.records(number)))
    return EarlierRun(sweep=view.id, trial=number, configuration=configuration, records=records)


def _series(records: Iterable[MetricRecord]) -> Iterable[MetricRecord]:
    kept = (record for record in records if record.kind in _SERIES and record.rank == 0)
    for n, record in enumerate(kept):
        yield MetricRecord(n, record.name, record.value, record.kind, record.step, record.at)
