"""What the journal says of the sweep as a whole: its end, its engines, its notes, what was asked of it."""

from dataclasses import dataclass
from dataclasses import field

from overdrive.records import Event
from overdrive.records import Kind
from overdrive.records import SweepStatus


@dataclass(frozen=True, kw_only=True, slots=True)
class Note:
    """A sentence that the engine left for the user."""

    #: Sequence number in the journal.
    seq: int
    #: Wall time, seconds since 1970.
    at: float
    #: What it is about, one word, such as 'metric' or 'slots'.
    about: str
    text: str


@dataclass(slots=True)
class SweepFacts:
    """The fold of a sweep's own events (those that belong to no trial)."""

    status: SweepStatus = SweepStatus.RUNNING
    #: Why it ended; '' while it has not.
    end_reason: str = ""
    ended_at: float | None = None
    #: Trials that may live at once, as the last engine said; None before the first.
    concurrency: int | None = None
    #: Slots of the machine, as the last engine said.
    slots: int | None = None
    #: Wall time at which the last engine took the sweep over.
    engine_at: float | None = None
    #: Name of the host where it ran.
    engine_host: str | None = None
    #: Number of trials, when the sampler had no further configuration; None: not that we know.
    exhausted: int | None = None
    #: Whether somebody asked to cancel the sweep since it last went on.
    is_cancelling: bool = False
    notes: list[Note] = field(default_factory=list)
    #: Sequence number, wall time and engine seconds of the last event seen.
    seq: int = 0
    at: float | None = None
    ran_s: float = 0.0

    def apply(self, event: Event) -> None:
        """Folds one event; a trial's own counts for the time only."""
        self.seq, self.at = max(self.seq, event.seq), event.at
        self.ran_s = max(self.ran_s, event.ran_s)
        fold = _FOLD.get(event.kind)
        if fold:
            fold(self, event)


def _engine_started(facts: SweepFacts, event: Event) -> None:
    facts.concurrency, facts.slots = event.body.get("concurrency"), event.body.get("slots")
    facts.engine_at, facts.engine_host = event.at, event.body.get("host")


def _exhausted(facts: SweepFacts, event: Event) -> None:
    if not event.body.get("error"):  # a sampler that could not go on is asked again when the sweep goes on
        facts.exhausted = event.body["n"]


def _requested(facts: SweepFacts, event: Event) -> None:
    if event.body["kind"] == "cancel":
        facts.is_cancelling = True


def _noted(facts: SweepFacts, event: Event) -> None:
    note = Note(seq=event.seq, at=event.at, about=event.body["about"], text=event.body["text"])
    facts.notes.append(note)


def _ended(facts: SweepFacts, event: Event) -> None:
    facts.status, facts.end_reason = SweepStatus(event.body["status"]), event.body["reason"]
    facts.ended_at, facts.is_cancelling = event.at, False


def _resumed(facts: SweepFacts, event: Event) -> None:
    facts.status, facts.end_reason, facts.ended_at, facts.is_cancelling = SweepStatus.RUNNING, "", None, False


_FOLD = {
    Kind.ENGINE_STARTED: _engine_started,
    Kind.EXHAUSTED: _exhausted,
    Kind.REQUESTED: _requested,
    Kind.NOTED: _noted,
    Kind.SWEEP_ENDED: _ended,
    Kind.SWEEP_RESUMED: _resumed,
}
