"""Events: the rows of the journal, from which all else follows."""

import enum
from dataclasses import dataclass
from dataclasses import field


class Kind(enum.Enum):
    """What an event says, and the keys of its body."""

    #: {spec}: a SweepSpec's JSON.
    SWEEP_CREATED = "sweep_created"
    #: An EarlierSweep's JSON: a sweep of `resume_from`. Right behind SWEEP_CREATED.
    EARLIER = "earlier"
    #: trial, attempt 0; {sweep, trial, configuration, first, count, crc}: the trial will go on with one of an earlier
    #: sweep, whose `count` records it has, under attempt 0. Right behind SWEEP_CREATED.
    INHERITED = "inherited"
    #: {pid, host, boot_id, version, slots, concurrency}: an engine took the sweep over.
    ENGINE_STARTED = "engine_started"
    #: {}: time goes on; kept only where the sweep has a deadline.
    TIME_PASSED = "time_passed"
    #: {n}: the sampler was asked for trial n; its answer is by the journal up to this event. Only for samplers that
    #: look at it.
    ASKED = "asked"
    #: trial; {configuration, reason, based_on, state}: the sampler's answer.
    SUGGESTED = "suggested"
    #: {n, error?}: the sampler has no further configuration, or cannot say one; n is the first trial number that will
    #: not exist.
    EXHAUSTED = "exhausted"
    #: trial, attempt; {threads, slot}: the intent to start, written before any process exists.
    PLANNED = "planned"
    #: trial, attempt; {pid, ticks, shim, shim_ticks, boot_id}: its process lives.
    STARTED = "started"
    #: trial, attempt; {from, to, first, count, bad, crc}: bytes [from, to) of the spool were taken in as `count`
    #: records
    #: from number `first` on; `bad` lines were skipped; crc of the stored records.
    LOGGED = "logged"
    #: trial, attempt; {why: verdict|cancelled|deadline, reason, now, verdict?}: the intent to stop.
    STOP_REQUESTED = "stop_requested"
    #: trial, attempt; {outcome, reason, exit, retry, likeness}: its process tree is gone (retry: a new attempt
    #: follows).
    ENDED = "ended"
    #: {id, kind, trial?, now?}: a request from the mailbox.
    REQUESTED = "requested"
    #: {text, about}: a sentence for the user: a warning or why something waits.
    NOTED = "noted"
    #: {status, reason}: the sweep is over.
    SWEEP_ENDED = "sweep_ended"
    #: {}: the sweep goes on after SWEEP_ENDED.
    SWEEP_RESUMED = "sweep_resumed"


@dataclass(frozen=True, kw_only=True, slots=True)
class Event:
    """One row of the journal."""

    #: Sequence number, from 1 without gaps; 0 before it is stored.
    seq: int = 0
    #: Fencing epoch of the engine that wrote it.
    epoch: int = 0
    #: Wall time, seconds since 1970; only to show, never to decide.
    at: float = 0.0
    #: Seconds, summed over all engines, in which the sweep had an engine until then.
    ran_s: float = 0.0
    kind: Kind
    #: Trial number, or None for the sweep's own events.
    trial: int | None = None
    #: Attempt, from 1 (0: what a trial has from an earlier sweep), or None.
    attempt: int | None = None
    body: dict = field(default_factory=dict)
