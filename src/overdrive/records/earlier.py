"""What a sweep knows of earlier ones: copied into its folder at submit, so that what befalls them later is all one."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from overdrive.errors import SpecError
from overdrive.records.metric import MetricRecord
from overdrive.records.numbers import as_json_number
from overdrive.records.numbers import from_json_number
from overdrive.records.status import Outcome

#: Version of the JSON form.
VERSION = 1


@dataclass(frozen=True, kw_only=True, slots=True)
class EarlierTrial:
    """A trial of an earlier sweep, as it stood when the new sweep was submitted."""

    #: Its number in its own sweep.
    number: int
    configuration: dict[str, object]
    #: None: it never ran, or its end is not known.
    outcome: Outcome | None
    #: The primary metric by interval, non-finite values as they were logged.
    curve: tuple[float, ...] = ()

    def to_json(self) -> dict:
        return {
            "number": self.number,
            "configuration": self.configuration,
            "outcome": self.outcome.value if self.outcome else None,
            "curve": [as_json_number(value) for value in self.curve],
        }

    @classmethod
    def from_json(cls, data: dict) -> "EarlierTrial":
        return cls(
            number=data["number"],
            configuration=data["configuration"],
            outcome=Outcome(data["outcome"]) if data["outcome"] else None,
            curve=tuple(from_json_number(value) for value in data["curve"]),  # type: ignore[misc]
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class EarlierSweep:
    """A sweep of `resume_from`: the policies judge with its curves, samplers that look at the history learn from it."""

    id: str
    #: Its space, which may differ from the new one: name → `[distribution, arguments]`.
    space: dict[str, list]
    #: By number, without those that trials of the new sweep go on with.
    trials: tuple[EarlierTrial, ...]

    def run_id(self, number: int) -> str:
        """The public id of one of its trials: its name among the curves that policies see."""
        return f"{self.id}_{number}"

    def to_json(self) -> dict:
        return {"sweep": self.id, "space": self.space, "trials": [trial.to_json() for trial in self.trials]}

    @classmethod
    def from_json(cls, data: dict) -> "EarlierSweep":
        trials = tuple(EarlierTrial.from_json(trial) for trial in data["trials"])
        return cls(id=data["sweep"], space=data["space"], trials=trials)


@dataclass(frozen=True, kw_only=True, slots=True)
class EarlierRun:
    """A trial that one of the new sweep goes on with: its configuration, and all that it logged."""

    sweep: str
    trial: int
    configuration: dict[str, object]
    #: Numbered from 0.
    records: tuple[MetricRecord, ...] = ()

    @property
    def run_id(self) -> str:
        """Its public id."""
        return f"{self.sweep}_{self.trial}"

    def to_json(self) -> dict:
        rows = [_record_json(record) for record in self.records]
        return {"sweep": self.sweep, "trial": self.trial, "configuration": self.configuration, "records": rows}

    @classmethod
    def from_json(cls, data: dict) -> "EarlierRun":
        return cls(**{**data, "records": tuple(_record(n, row) for n, row in enumerate(data["records"]))})


@dataclass(frozen=True, kw_only=True, slots=True)
class Earlier:
    """All that a sweep was given of earlier ones: the file earlier.json in its folder."""

    sweeps: tuple[EarlierSweep, ...] = ()
    #: Trial n of the new sweep goes on with runs[n].
    runs: tuple[EarlierRun, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.sweeps or self.runs)

    def to_json(self) -> dict:
        sweeps, runs = [sweep.to_json() for sweep in self.sweeps], [run.to_json() for run in self.runs]
        return {"version": VERSION, "sweeps": sweeps, "runs": runs}

    @classmethod
    def from_json(cls, data: dict) -> "Earlier":
        """Raises SpecError when a newer Overdrive wrote it."""
        if data["version"] > VERSION:
            raise SpecError("what this sweep knows of earlier ones was written by a newer Overdrive: upgrade this one")
        sweeps = tuple(EarlierSweep.from_json(sweep) for sweep in data["sweeps"])
        return cls(sweeps=sweeps, runs=tuple(EarlierRun.from_json(run) for run in data["runs"]))


def kept_points(steps: Sequence[float | None], step: float | None, unknown: int | None = None) -> int:
    """How many points of an earlier curve stay when what goes on with it logs its first value at `step`.

    Those before the first one that has this step or a later one: what was trained again after a checkpoint is not
    counted twice. unknown: the answer where a step is missing, or the steps do not ascend; default: all of them, as for
    a trial that was told to go on. 0 is for a new attempt after a fault, which may well have begun anew.
    """
    unknown = len(steps) if unknown is None else unknown
    if step is None or None in steps:
        return unknown
    known: list[float] = list(steps)  # type: ignore[arg-type]
    if any(one >= other for one, other in pairwise(known)):
        return unknown
    return next((at for at, earlier in enumerate(known) if earlier >= step), len(known))


def _record_json(record: MetricRecord) -> list:
    value = as_json_number(record.value) if record.kind is None else record.value  # type: ignore[arg-type]
    return [record.name, value, record.kind, record.step, record.at]


def _record(n: int, row: list) -> MetricRecord:
    name, value, kind, step, at = row
    return MetricRecord(n, name, from_json_number(value) if kind is None else value, kind, step, at)
