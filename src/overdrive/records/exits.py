"""How a trial's process tree came to its end."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True, slots=True)
class Exit:
    """The exit record that a shim leaves.

    `cause` is one of: 'exit' (by itself, see code), 'signal' (killed by `signal`, not by us), 'oom' (killed for
    memory),
    'stopped' (we asked it to end), 'timeout' (it ran longer than it may), 'unstartable' (exec failed, see message),
    'lost' (the shim vanished).
    """

    cause: str
    #: Exit code of the script, or None when a signal ended it.
    code: int | None = None
    #: Number of the signal that ended it, or None.
    signal: int | None = None
    #: Operating system's words where the script could not be started.
    message: str | None = None
    #: Peak resident memory of the largest process, bytes.
    peak_rss_bytes: int | None = None
    #: CPU time of the tree, user and system, seconds.
    cpu_s: float | None = None
    #: Seconds from the start to the end of the tree, monotonic.
    wall_s: float | None = None
    #: Wall time of the end, seconds since 1970; only to show.
    ended_at: float | None = None
    #: Whether the disk was full when the script failed; None where nobody looked.
    disk_full: bool | None = None

    def to_json(self) -> dict:
        return {name: getattr(self, name) for name in self.__slots__}

    @classmethod
    def from_json(cls, data: dict) -> "Exit":
        return cls(**data)
