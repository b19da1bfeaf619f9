"""One sweep as people look at it."""

import json
from pathlib import Path

from overdrive.errors import NotFoundError
from overdrive.host import clock
from overdrive.records import EarlierSweep
from overdrive.records import Event
from overdrive.records import Kind
from overdrive.records import MetricRecord
from overdrive.records import SweepSpec
from overdrive.records import SweepStatus
from overdrive.records import TrialStatus
from overdrive.records import Verdict
from overdrive.records import saved_intervals
from overdrive.records import show_number
from overdrive.store import SweepReader
from overdrive.store import read_mailbox
from overdrive.store.rows import damage
from overdrive.store.rows import record_of_row
from overdrive.store.rows import taking_in
from overdrive.store.rows import verdict_of_row
from overdrive.store.specs import COPIED_FROM
from overdrive.store.specs import read_spec
from overdrive.store.writer import FILE
from overdrive.views import best
from overdrive.views import output
from overdrive.views import progress
from overdrive.views.curves import CurvePoint
from overdrive.views.curves import all_curves
from overdrive.views.curves import last_attempt
from overdrive.views.engines import EngineInfo
from overdrive.views.engines import engine_info
from overdrive.views.journal import Note
from overdrive.views.journal import SweepFacts
from overdrive.views.marks import Labels
from overdrive.views.marks import marks_file
from overdrive.views.marks import marks_or_problem
from overdrive.views.marks import merge_tags
from overdrive.views.metrics import MARKS
from overdrive.views.metrics import collect_marks
from overdrive.views.metrics import join_records
from overdrive.views.metrics import merge_metrics
from overdrive.views.names import metric_hint
from overdrive.views.reading import Reading
from overdrive.views.situation import sweep_sentence
from overdrive.views.trials import TrialRow
from overdrive.views.words import from_iso_time


def open_sweep(folder: str | Path) -> "SweepView":
    """The view of the sweep in this folder, right after submit too, when no engine has made its database yet.

    Raises NotFoundError where no sweep is, WorkspaceError where spec.json is damaged, SpecError where a newer
    Overdrive wrote it.
    """
    return SweepView(Path(folder), read_spec(Path(folder)))


def events_since(folder: str | Path, seq: int, limit: int = -1) -> list[Event]:
    """The journal after event `seq` (0: all of it), at most `limit` events; [] while there is no database."""
    try:
        with SweepReader(folder) as reader:
            return reader.events(seq, limit)
    except NotFoundError:
        return []


class SweepView:
    """Looks at one sweep, living or over; starts and changes nothing.

    Every answer is as new as the journal: a call first takes in what was added since the last one. No connection
    stays open between calls, so that a view holds up no engine and survives a fork; it may be used from several
    threads.
    """

    def __init__(self, folder: Path, spec: SweepSpec) -> None:
        #: The sweep's folder.
        self.folder = folder
        #: The sweep as it was submitted.
        self.spec = spec
        self._database = folder / FILE
        self._reading = Reading(folder, spec)

    @property
    def id(self) -> str:
        """`HD_<uuid>`, or a single run's id."""
        return self.spec.id

    # The sweep

    @property
    def status(self) -> SweepStatus:
        return self.facts().status

    @property
    def is_over(self) -> bool:
        """Whether the sweep has an end. It may still go on by `overdrive resume`."""
        return self.status is not SweepStatus.RUNNING

    @property
    def azure_status(self) -> str:
        """Azure's word: Running, CancelRequested, Completed, Canceled, Failed; for a single run also Queued,
        Starting.
        """
        status = self.status
        if status is not SweepStatus.RUNNING:
            return status.value
        if self.is_cancelling:
            return "CancelRequested"
        if self.spec.kind == "run":
            row = self._reading.rows.get(0)
            return row.azure_status if row and not row.is_ended else "Running" if row else "Queued"
        return status.value

    @property
    def is_cancelling(self) -> bool:
        """Whether somebody asked to cancel the sweep, and it has not ended yet."""
        if self.is_over:
            return False
        return self._reading.facts.is_cancelling or any(r and r.kind == "cancel" for _, r in read_mailbox(self.folder))

    @property
    def reason(self) -> str:
        """One sentence: why it ended, what it waits for, or what it does."""
        return sweep_sentence(self)

    @property
    def created_at(self) -> float | None:
        """Wall time of the submit, seconds since 1970."""
        return from_iso_time(self.spec.created_at)

    @property
    def started_at(self) -> float | None:
        """Wall time at which its first trial started; None before."""
        return min((row.started_at for row in self.trials() if row.started_at is not None), default=None)

    @property
    def ended_at(self) -> float | None:
        """Wall time of its end; None before."""
        return self.facts().ended_at

    @property
    def run_time_s(self) -> float:
        """Seconds in which the sweep had an engine (what `max_duration_minutes` counts)."""
        facts = self.facts()
        if facts.at is None or facts.ended_at is not None or not self.engine().alive:
            return facts.ran_s
        return facts.ran_s + max(0.0, clock.wall() - facts.at)

    def engine(self) -> EngineInfo:
        """Whether an engine runs this sweep now, and which."""
        return engine_info(self.folder, self._reading.facts.engine_at)

    def notes(self) -> list[Note]:
        """The engine's sentences for the user, oldest first."""
        return list(self.facts().notes)

    def facts(self) -> SweepFacts:
        """What the journal says of the sweep as a whole."""
        self.refresh()
        return self._reading.facts

    def labels(self) -> Labels:
        """Its tags, its name and its description as they stand: those given at submit, by its scripts, and since."""
        said, (later, problem) = self.said(), marks_or_problem(marks_file(self.folder))
        words = {name: word for name, word in said.get("status", {}).items() if isinstance(word, str)}
        return Labels(
            tags=merge_tags(said["tag"], later.get("tags", {})),
            display_name=later.get("display_name") or words.get("display_name"),
            description=later.get("description") or words.get("description") or self.spec.description,
            problem=problem,
        )

    def said(self) -> dict[str, dict[str, object]]:
        """What was said of it at submit, and by scripts: a single run's of itself, trials' of the sweep above them
        (`run.parent.tag`).

        Kind ('tag', which is always there, 'property', 'status') → name → the last value.
        """
        found = self.marks(0) if self.spec.kind == "run" else {}
        found["tag"] = {**self.spec.tags, **found.get("tag", {})}
        names = dict.fromkeys((str(self.spec.extra.get(COPIED_FROM, self.id)), self.id))
        for row in [row for name in names for row in self._reading.select("said_of", name=name)]:
            try:
                line = json.loads(row["value"])
            except ValueError as error:
                raise damage(self._database, f"a record of {self.id!r} cannot be read: {error}") from error
            if isinstance(line, dict) and line.get("kind") in MARKS and isinstance(line.get("name"), str):
                found.setdefault(line["kind"], {})[line["name"]] = line.get("value")
        return found

    def earlier(self) -> list[EarlierSweep]:
        """The sweeps that it started from, as they stood when it was submitted."""
        found = []
        for event in self._reading.events_of_kind(Kind.EARLIER):
            with taking_in(event, self._database):
                found.append(EarlierSweep.from_json(event.body))
        return found

    # Trials

    def trials(self) -> list[TrialRow]:
        """All trials so far, by number."""
        self.refresh()
        now = clock.wall()
        return [self._in_time(self._reading.rows[number], now) for number in sorted(self._reading.rows)]

    def trial(self, number: int) -> TrialRow | None:
        """One trial, or None where the sweep has none with this number.

        A running one that logs other names than the primary metric says so in `why`.
        """
        self.refresh()
        row = self._reading.rows.get(number)
        return self._in_time(self._with_hint(row), clock.wall()) if row else None

    def best(self, include_failed: bool = True, include_cancelled: bool = True) -> TrialRow | None:
        """The best trial by the one rule (`views.best.best_trial`), or None where no trial logged a finite value."""
        rows = self.trials()
        return best.best_trial(
            rows, self.spec.metric, include_failed=include_failed, include_cancelled=include_cancelled
        )

    def ranked(self) -> list[TrialRow]:
        """All trials, best first; those without a value last."""
        return best.ranked(self.trials(), self.spec.metric)

    @property
    def size(self) -> int:
        """How many trials it has so far."""
        self.refresh()
        return len(self._reading.rows)

    def stored_trials(self, after: int, limit: int) -> list[TrialRow]:
        """The first `limit` trials with numbers above `after` (-1: from the first), as the journal has them: the
        duration of one that runs is not known yet.
        """
        self.refresh()
        rows = self._reading.rows
        return [rows[number] for number in sorted(number for number in rows if number > after)[:limit]]

    def verdicts(self, number: int) -> list[Verdict]:
        """What the policy decided about a trial's last attempt, by interval."""
        attempt = self._attempt(number)
        rows = self._reading.select("verdicts_of_trial", trial=number)
        return [verdict_of_row(row) for row in rows if row["attempt"] == attempt]

    # Numbers

    def metrics(self, number: int) -> dict[str, object]:
        """What the trial's last attempt logged, merged as HyperDrive's get_metrics does: see `merge_metrics`."""
        return self.metrics_and_conflicts(number)[0]

    def metrics_and_conflicts(self, number: int) -> tuple[dict[str, object], list[str]]:
        """As `metrics`, and a sentence for each record that was left out because its name holds another kind."""
        return merge_metrics(self.records(number))

    def records(self, number: int) -> list[MetricRecord]:
        """What the trial's last attempt logged, behind what it went on with: see `join_records`."""
        return self._joined("metrics_of_trial", number)

    def outline(self, number: int) -> list[MetricRecord]:
        """The same without the points of its curves, which are many: of each curve one is there, to tell its name."""
        return self._joined("outline_of_trial", number)

    def _joined(self, query: str, number: int) -> list[MetricRecord]:
        logged: dict[int, list[MetricRecord]] = {}
        for row in self._reading.select(query, trial=number):
            logged.setdefault(row["attempt"], []).append(record_of_row(row, self._database))
        return join_records(logged, self._attempt(number))

    def marks(self, number: int) -> dict[str, dict[str, object]]:
        """What the script said of its run, such as its tags: see `collect_marks`."""
        attempt = self._attempt(number)
        rows = self._reading.select("outline_of_trial", trial=number)
        return collect_marks(record_of_row(row, self._database) for row in rows if row["attempt"] == attempt)

    def marks_now(self, number: int) -> tuple[dict[str, dict[str, object]], str]:
        """The same, with the tags and properties that were given to the trial from outside, and '' or else the sentence
        why these are left out.
        """
        is_single = self.spec.kind == "run"
        marks = self.said() if is_single else self.marks(number)
        later, problem = marks_or_problem(marks_file(self.folder, None if is_single else number))
        marks["tag"] = {**merge_tags(marks.get("tag", {}), later.get("tags", {}))}
        marks["property"] = {**marks.get("property", {}), **later.get("properties", {})}
        return {kind: values for kind, values in marks.items() if values}, problem

    def metric_names(self) -> list[str]:
        """All names under which any trial logged a number, sorted."""
        return [row["name"] for row in self._reading.select("metric_names")]

    def curve(self, number: int, name: str | None = None, attempt: int | None = None) -> list[CurvePoint]:
        """The values of a metric (None: the primary one) that a trial logged, by interval.

        Behind those of the earlier trial that it goes on with. attempt: None for the last; 0: the earlier trial's own.
        """
        wanted = self._attempt(number) if attempt is None else attempt
        return last_attempt(self._reading.select("curve", name=self._metric(name), trial=number), wanted)

    def curves(self, name: str | None = None) -> dict[int, list[CurvePoint]]:
        """Trial → curve of a metric (None: the primary one); trials without a value are absent."""
        self.refresh()
        attempts = {number: row.attempt for number, row in self._reading.rows.items()}
        return all_curves(self._reading.select("curves", name=self._metric(name)), attempts)

    def last_values(self, name: str | None = None) -> dict[int, float]:
        """Trial → the last value of a metric (None: the primary one) that its last attempt logged."""
        rows = self._reading.select("last_values", name=self._metric(name))
        return {row["trial"]: row["value"] if row["special"] is None else float(row["special"]) for row in rows}

    def counts(self) -> progress.Counts:
        """Trials by what became of them."""
        words: dict[str, int] = {}
        for row in self.trials():
            word = (row.outcome or row.status).value
            words[word] = words.get(word, 0) + 1
        return progress.count_words(words, self._budget)

    @property
    def left_to_do(self) -> int:
        """Trials that have not ended, or that the budget and the space still allow; also for a sweep that is over."""
        done = sum(row.is_ended for row in self.trials())
        return max(0, self._budget - done)

    @property
    def spent_sentence(self) -> str:
        """Why the sweep could not even go on by a resume: which of its limits is reached; '' while none is."""
        if not self.left_to_do:
            return "all of its trials have ended"
        minutes = self.spec.max_duration_minutes
        if minutes is not None and self.run_time_s >= minutes * 60:
            return f"its time of {show_number(minutes)} minutes (max_duration_minutes) is over"
        return ""

    @property
    def _budget(self) -> int:
        exhausted = self._reading.facts.exhausted
        return self.spec.max_total_runs if exhausted is None else exhausted

    def saved(self) -> int:
        """Intervals that early stopping saved, estimated: see `saved_intervals`."""
        return saved_intervals(self.trials())

    def intervals(self) -> int:
        """Intervals of all trials together."""
        return sum(row.intervals for row in self.trials())

    def eta(self) -> float | None:
        """Seconds until the sweep is done, estimated; None while unknown, and when it is over."""
        if self.is_over:
            return None
        minutes = self.spec.max_duration_minutes
        deadline_s = None if minutes is None else max(0.0, minutes * 60 - self.run_time_s)
        counts = self.counts()
        concurrency = self._reading.facts.concurrency or self.spec.max_concurrent_runs or 1
        left = 0 if self.is_cancelling else counts.left
        return progress.seconds_left(self.trials(), left, concurrency, deadline_s)

    # Output

    def output_path(self, number: int, attempt: int | None = None) -> Path:
        """The file with a trial's standard output and error (last attempt by default). It may not exist yet."""
        return output.output_file(self.folder, number, attempt or self._attempt(number) or 1)

    def output_tail(self, number: int, size_bytes: int = output.TAIL_BYTES) -> str:
        """About the last `size_bytes` that a trial printed; one line stands for what the cap left out."""
        return output.output_tail(self.output_path(number), size_bytes)

    def still(self) -> "SweepView":
        """The sweep as it stands now, for whoever asks much of it at once: the journal is looked at once only."""
        self.refresh()
        return _Still(self.folder, self.spec, self._reading.still())

    def refresh(self) -> bool:
        """Takes in what the journal has got since the last look; whether that was anything."""
        return self._reading.refresh()

    def close(self) -> None:
        """Nothing to do: no connection stays open. It is here so that a view may stand in a `with` statement."""

    def __enter__(self) -> "SweepView":
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()

    def _in_time(self, row: TrialRow, now: float) -> TrialRow:
        """The row at wall time `now`; one that waited when the sweep ended says so."""
        if row.status is TrialStatus.QUEUED and self._reading.facts.status is not SweepStatus.RUNNING:
            return row.saying("never started: the sweep ended before its turn came")
        return row.at(now)

    def _attempt(self, number: int) -> int:
        """The attempt of a trial that counts; 0 where there is no such trial or it has not started."""
        self.refresh()
        row = self._reading.rows.get(number)
        return row.attempt if row else 0

    def _metric(self, name: str | None) -> str | None:
        return name if name is not None or self.spec.metric is None else self.spec.metric.name

    def _with_hint(self, row: TrialRow) -> TrialRow:
        """A running trial that has logged something, but not the primary metric, says what it logs instead."""
        metric = self.spec.metric
        if metric is None or row.is_ended or row.intervals or row.why:
            return row
        names = [r["name"] for r in self._reading.select("names_of_trial", trial=row.number, attempt=row.attempt)]
        others = [name for name in names if name != metric.name]  # which ranks other than 0 may have logged
        return row.saying(metric_hint(others, metric.name)) if others else row


class _Still(SweepView):
    """A sweep as it stood."""

    def __init__(self, folder: Path, spec: SweepSpec, reading: Reading) -> None:
        super().__init__(folder, spec)
        self._reading = reading
        self._trials: list[TrialRow] | None = None

    def trials(self) -> list[TrialRow]:
        if self._trials is None:
            self._trials = super().trials()
        return self._trials

    def refresh(self) -> bool:
        return False

    def still(self) -> SweepView:
        return self
