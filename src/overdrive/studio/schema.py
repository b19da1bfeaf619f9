"""What the server answers, for the OpenAPI document that web/ has its types from. tests/web holds answers against it.

Numbers that JSON cannot say are the words "nan", "inf", "-inf" everywhere.
"""

from typing import Any
from typing import Literal

from pydantic import BaseModel
from pydantic import ConfigDict

Number = float | Literal["nan", "inf", "-inf"]
#: A hyperparameter's value, or whatever a script logged.
Value = Any
State = Literal[
    "queued",
    "starting",
    "running",
    "stopping",
    "completed",
    "completed_without_metric",
    "stopped_early",
    "cancelled",
    "failed",
    "lost",
]


class Model(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Wrong(Model):
    """Why there is no answer, in a sentence; hint: what would help, where that is known."""

    error: str
    hint: str | None


class Login(Model):
    """The one-time code of the link."""

    code: str


class Server(Model):
    """Who answers."""

    version: str
    #: Name and path of the workspace.
    workspace: str
    path: str


class Metric(Model):
    name: str
    goal: Literal["maximize", "minimize"]


class Counts(Model):
    total: int
    done: int
    running: int
    queued: int
    completed: int
    without_metric: int
    stopped_early: int
    cancelled: int
    failed: int


class Best(Model):
    trial: int
    value: Number
    configuration: dict[str, Value]


class BestNow(Best):
    """The same with what the trial does, or came to: the best may be one that failed."""

    state: State


class SweepLine(Model):
    """One line of the list of sweeps. Times are seconds since 1970."""

    id: str
    experiment: str
    #: The name that it was given; null where it has none but its id.
    display_name: str | None
    kind: Literal["sweep", "run"]
    #: Azure's word.
    status: str
    reason: str
    created_at: float | None
    ended_at: float | None
    #: Seconds in which it had an engine; grows: whether it has one now.
    ran_s: float
    grows: bool
    metric: Metric | None
    counts: Counts
    best: Best | None
    #: Intervals that early stopping saved, and all that were run; null where the list does not know.
    saved: int | None
    intervals: int | None
    tags: dict[str, str]


class ListChange(Model):
    """What the list's stream sends as `list`: it is another one now."""

    version: str


class SweepPage(Model):
    #: Tells this list from what it was, and will be.
    version: str
    #: How many match in all.
    total: int
    rows: list[SweepLine]


class Note(Model):
    about: str
    text: str
    at: float


class SweepHead(Model):
    """A sweep without its trials, as of event `seq`."""

    seq: int
    #: The server's clock, seconds since 1970.
    now: float
    id: str
    experiment: str
    #: The name and the description that it was given.
    display_name: str | None
    description: str | None
    kind: Literal["sweep", "run"]
    status: str
    is_over: bool
    reason: str
    folder: str
    created_at: float | None
    started_at: float | None
    ended_at: float | None
    run_time_s: float
    seconds_left: float | None
    has_engine: bool
    metric: Metric | None
    metrics: list[str]
    #: Name → [distribution, arguments].
    space: dict[str, list[Value]]
    sampling: dict[str, Value]
    policy: dict[str, Value]
    seed: int
    max_total_runs: int
    max_concurrent_runs: int | None
    max_duration_minutes: float | None
    tags: dict[str, str]
    #: Sentences on what cannot be shown of it.
    warnings: list[str]
    counts: Counts
    intervals: int
    saved: int
    best: BestNow | None
    #: The last 20 sentences of its engine for the user, and how many came before them.
    notes: list[Note]
    notes_before: int
    #: What may be asked for now.
    can: list[Literal["cancel", "resume", "again"]]


class TrialColumns(Model):
    """Trials by columns: item i of each belongs to the same trial."""

    seq: int
    number: list[int]
    state: list[State]
    attempt: list[int]
    best: list[Number | None]
    best_interval: list[int | None]
    last: list[Number | None]
    intervals: list[int]
    started_at: list[float | None]
    ended_at: list[float | None]
    duration_s: list[float | None]
    why: list[str]
    configuration: dict[str, list[Value]]


class Curves(Model):
    """Reduced curves, in one piece: see `overdrive.views.columns.curve_columns`."""

    trial: list[int]
    count: list[int]
    kept: list[int]
    #: Little-endian float64 in base64.
    x: str
    y: str
    #: The first trial whose curve is in the next answer; null where this is the last one.
    next: int | None


class Thresholds(Model):
    """The policy's threshold at each interval, by its last verdict there."""

    interval: list[int]
    threshold: list[Number]


class Opening(Model):
    """What a page on a sweep begins with: see `overdrive.views.browser.sweep_opening`."""

    head: SweepHead
    trials: TrialColumns
    metric: str
    curves: Curves
    thresholds: Thresholds


class ChangedPoints(Model):
    """Values of the primary metric that one trial logged from interval `first` on."""

    trial: int
    attempt: int
    first: int
    values: list[Number]
    steps: list[float | None]
    times: list[float | None]


class SweepChange(Model):
    """What a stream sends as `change`: all that happened after event `after` up to `seq`."""

    after: int
    seq: int
    trials: TrialColumns
    points: list[ChangedPoints]
    thresholds: Thresholds
    #: The head anew, where it changed.
    head: SweepHead | None


class Asked(Model):
    """A request that was left. is_told: whether it is answered; else the sweep's engine finds it, and says nothing."""

    id: str
    is_told: bool


class Ask(Model):
    kind: Literal["cancel", "cancel_trial", "resume", "again", "explain"]
    trial: int | None = None


class MarginalPoint(Model):
    """The metric at one value of a hyperparameter, the others averaged out; deviation: how sure the model is of it."""

    value: Value
    mean: Number
    deviation: Number


class Importance(Model):
    """The part of what varies that a hyperparameter accounts for, by itself and together with others, from 0 to 1."""

    name: str
    alone: float
    total: float
    marginal: list[MarginalPoint]


class Believed(Model):
    """A trial's value without noise, as the model believes it; deviation: one standard deviation."""

    trial: int
    mean: Number
    deviation: Number
    #: The best that it logged, by the interval that trials are compared at.
    seen: Number


class Trust(Model):
    """What a model is worth: the R² of its predictions of trials left out one by one (null: too few to ask)."""

    grade: Literal["good", "rough", "none"]
    sentence: str
    r2: float | None
    trials: float


class Explained(Model):
    """What a model says of a sweep as of event `seq` (0: none has been asked), by so many trials."""

    seq: int
    trials: int
    trust: Trust
    #: Where most were stopped too early for more, the interval that trials are compared at.
    interval: int | None
    #: Trials that were stopped too early for a belief.
    uncertain: int
    #: Hyperparameters that have one value in all trials.
    did_not_vary: list[str]
    #: The most important first.
    importances: list[Importance]
    #: The best believed first.
    believed: list[Believed]


class Timeline(Model):
    """Attempts by slot."""

    trial: list[int]
    attempt: list[int]
    slot: list[str]
    #: Wall times; null: not yet.
    start: list[float]
    end: list[float | None]


class TrialCode(Model):
    """A trial's configuration, all digits of it: a command line that runs its script, a Python dict, JSON."""

    trial: int
    command_line: str
    python: str
    json_text: str


class Code(Model):
    """The sweep's configuration, to be run again, and its best trial's; null: there is none."""

    command_line: str
    python: str
    json_text: str
    best: TrialCode | None


class Values(Model):
    """The last value of one metric that each trial logged."""

    trial: list[int]
    last: list[Number]


class Judged(Model):
    interval: int
    stop: bool
    sentence: str


class TrialHead(Model):
    """One trial, as of event `seq` of its sweep. Times are ISO 8601 in UTC."""

    seq: int

    sweep: str
    #: So many trials its sweep has.
    trials: int
    experiment: str
    trial: int
    run_id: str
    state: State
    status: str
    outcome: str | None
    azure_status: str
    is_ended: bool
    #: Of a trial that has not ended while no engine runs its sweep: why not, and what gets it going; '' else.
    stands_still: str
    metric: Metric | None
    configuration: dict[str, Value]
    best: Number | None
    best_interval: int | None
    last: Number | None
    intervals: int
    why: str
    suggested_because: str
    resumed_from: str | None = None
    attempt: int
    started_at: str | None
    ended_at: str | None
    duration_s: float | None
    threads: int | None
    exit: dict[str, Value] | None
    arguments: list[str]
    command: list[str]
    environment: dict[str, str]
    source: dict[str, Value]
    metrics: list[str]
    verdicts: list[Judged]


class Image(Model):
    """An image that a trial logged; file: its id, null where it is no picture that a browser may show."""

    name: str
    file: str | None


class Logged(Model):
    """What a trial logged besides curves: name → value, as `get_metrics` gives it."""

    values: dict[str, Value]
    conflicts: list[str]
    marks: dict[str, dict[str, Value]]
    #: The first 200, in the order in which they were logged.
    images: list[Image]


class Output(Model):
    """Bytes [first, last) of what a trial printed."""

    first: int
    last: int
    size_bytes: int
    text: str
    is_ended: bool
    attempt: int


class File(Model):
    id: str
    name: str
    size_bytes: int
    modified_at: float


class Files(Model):
    rows: list[File]
    #: Folders whose files are not here, since Studio's user may not enter them.
    barred: list[str]


class Preview(Model):
    name: str
    size_bytes: int
    #: null: no text.
    text: str | None
    is_whole: bool
    is_picture: bool


class Answer(Model):
    """What became of a request."""

    state: Literal["waiting", "done", "refused"]
    run_id: str | None
    error: str | None
