"""What somebody asks of a living engine, through the sweep's mailbox."""

from dataclasses import asdict
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True, slots=True)
class Request:
    """A request. `kind` is 'cancel' (the sweep), 'cancel_trial' or 'resume'."""

    #: Unique; taking the same request in twice changes nothing.
    id: str
    kind: str
    #: Trial number for 'cancel_trial'.
    trial: int | None = None
    #: At once (KILL) instead of politely (TERM, grace, KILL).
    now: bool = False
    #: Who asked, to show.
    by: str | None = None

    def to_json(self) -> dict:
        return {k: v for k, v in asdict(self).items() if v is not None}

    @classmethod
    def from_json(cls, data: dict) -> "Request":
        return cls(**data)
