"""What comes in from files: spools, the mailbox, the last words of a script."""

import re
from collections.abc import Iterator
from collections.abc import Sequence
from pathlib import Path

from overdrive.engine.outcomes import missing_metric
from overdrive.engine.recovery import Known
from overdrive.engine.trials import Trial
from overdrive.host.files import is_barred
from overdrive.host.files import read_tail
from overdrive.records import MetricRecord
from overdrive.records import PrimaryMetric
from overdrive.records import Request
from overdrive.store import read_mailbox
from overdrive.store.spool import Batch
from overdrive.store.spool import SpoolReader

#: Bytes of a spool taken in at once; the rest follows in the same turn.
_CHUNK_BYTES = 1 << 20
#: Records without the primary metric after which the user is told what the script logs instead.
_PATIENCE = 20
#: Trials whose folders are remembered as made.
_READY_KEPT = 1000

#: A frame of a Python traceback, and the line behind the last of them that names the exception.
_FRAME = re.compile(r'  File ".+", line \d+')
_RAISED = re.compile(r"[A-Za-z_][\w.]*(: |$)")


class Intake:
    """Reads; never decides. known: what the journal holds already."""

    def __init__(self, folder: Path, known: Known) -> None:
        self._folder = folder
        #: Ids of the requests that the journal holds, or is about to.
        self.requests = known.requests
        self._notes = known.notes
        #: What became of the last spool that could not be read.
        self.spoilt: str | None = None
        self._taken: list[Path] = []
        self._ready: set[tuple[int, int]] = set()

    def read(self, trial_folder: str, trial: Trial, final: bool) -> Iterator[Batch]:
        """What the trial logged since its offset; with `final` a torn last line too, since nothing will complete it."""
        reader = SpoolReader(f"{trial_folder}/spool.{trial.attempt}.jsonl", trial.offset, trial.records)
        while True:
            try:
                batch = reader.read(_CHUNK_BYTES, final=final)
            except OSError as error:
                if not is_barred(error):  # what a script does to its own spool must not cost the sweep its engine
                    raise
                self.spoilt = f"trial {trial.number} made its own spool unreadable: {error.strerror}"
                return
            if batch.end == batch.start:
                return
            yield batch

    def spoilt_note(self) -> str | None:
        """What the user is to be told, once a sweep, of a spool that cannot be read; None for nothing."""
        if self.spoilt is None or "spool" in self._notes:
            return None
        self._notes.add("spool")
        return self.spoilt

    def notes(
        self, trial: Trial, metric: PrimaryMetric | None, records: Sequence[MetricRecord]
    ) -> Iterator[tuple[str, str]]:
        """What the user is to be told about what `trial` has logged, once a sweep: (about, sentence).

        That it logs a good deal, but not the primary metric; that other ranks than 0 log that one, too.
        """
        if metric is None:
            return
        if "metric" not in self._notes and not trial.intervals and trial.records >= _PATIENCE:
            self._notes.add("metric")
            missing = missing_metric(trial.names, metric.name)
            yield "metric", f"trial {trial.number} is missing the primary metric: so far {missing}"
        if "ranks" not in self._notes and any(record.rank and record.name == metric.name for record in records):
            self._notes.add("ranks")
            kept = "are kept under their rank and are no intervals"
            yield "ranks", f"trial {trial.number}: values logged by ranks other than 0 {kept}"

    def last_line(self, trial_folder: str, attempt: int) -> str:
        """The line of the attempt's output that says why it ended, as `telling_line`; '' where the script barred it."""
        try:
            return telling_line(read_tail(f"{trial_folder}/output.{attempt}.txt", 4096).decode("utf-8", "replace"))
        except OSError as error:
            if not is_barred(error):
                raise
            return ""

    def mail(self) -> Iterator[tuple[Path, Request | None]]:
        """The requests in the mailbox; each is removed by `remove_mail` after the commit that holds it."""
        for path, request in read_mailbox(self._folder):
            if path not in self._taken:
                self._taken.append(path)
                yield path, request

    def is_old(self, path: Path, request: Request) -> bool:
        """Whether the journal holds it already, since an engine was killed before it could remove it."""
        return request.id in self.requests and path not in self._taken

    def remove_mail(self) -> None:
        for path in self._taken:
            path.unlink(missing_ok=True)
        self._taken.clear()

    def is_ready(self, number: int, attempt: int) -> bool:
        """Whether the attempt's folder was made by this engine."""
        return (number, attempt) in self._ready

    def set_ready(self, number: int, attempt: int) -> None:
        self._ready.add((number, attempt))
        if len(self._ready) > 4 * _READY_KEPT:  # not each time: going through them costs more than all else here
            self._ready = {key for key in self._ready if key[0] > number - _READY_KEPT}


def telling_line(output: str) -> str:
    """The exception's line where a Python traceback ends the output, else the last line that says something; ''.

    An exception's message may go on over further lines: its first one names it.
    """
    lines = [line.rstrip() for line in output.splitlines() if line.strip()]
    if not lines:
        return ""
    frames = [at for at, line in enumerate(lines) if _FRAME.match(line)]
    raised = [line for line in lines[frames[-1] + 1 :] if _RAISED.match(line)] if frames else []
    return (raised[0] if raised else lines[-1]).strip()[:500]
