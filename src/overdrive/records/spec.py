"""A sweep as it was submitted: frozen, and JSON with a version."""

from dataclasses import asdict
from dataclasses import dataclass
from dataclasses import field

from overdrive.errors import SpecError
from overdrive.records.metric import PrimaryMetric

#: Version of the JSON form.
VERSION = 1


@dataclass(frozen=True, kw_only=True, slots=True)
class RunSpec:
    """How one trial is started."""

    #: The program and its leading arguments, one argv entry each: [interpreter, script] or any command.
    command: tuple[str, ...]
    #: The script's own arguments, before the hyperparameters.
    arguments: tuple[str, ...] = ()
    #: Folder that was snapshotted, as the user gave it (to show).
    source_directory: str = "."
    #: The script's path below the source directory, or None for a command.
    script: str | None = None
    #: Variables added to the environment.
    environment: dict[str, str] = field(default_factory=dict)
    #: How a configuration becomes arguments: 'azure' (`--name value` behind the rest) or 'template' (the command says
    #: by `${{search_space.name}}` where each value goes).
    argument_style: str = "azure"
    #: For a template, `inputs.name` → text, known when it was submitted.
    bindings: dict[str, str] = field(default_factory=dict)
    #: For a template, `${{outputs.name}}` → 'folder' or 'file', below the trial's outputs/.
    outputs: dict[str, str] = field(default_factory=dict)
    #: The Python that the command's `python` is, where that is not its first entry.
    interpreter: str | None = None
    #: GPUs that each trial holds for itself.
    gpus: int = 0
    #: Seconds after which a trial is ended as failed, or None.
    max_run_duration_s: float | None = None
    #: Seconds between TERM and KILL.
    grace_s: float = 10.0
    #: Bytes of output kept per trial (half from the head, half from the tail).
    log_cap_bytes: int = 64 * 1024 * 1024
    #: Keep the whole working directory, not only outputs/ and logs/.
    keep_work: bool = False
    #: Whether a trial takes room on the machine; one that only waits for somebody who logs does not.
    holds_slot: bool = True
    #: Name → {"kind": "tabular"|"file"|"path"|"output", "mode": "direct"|"mount"|"download", …}: see docs/data.md.
    inputs: dict[str, dict] = field(default_factory=dict)
    #: URL, or beginning of one → the local file or folder that stands for it, in the trials.
    url_map: dict[str, str] = field(default_factory=dict)
    #: Give the trials back the names that NumPy 1.24 and 2.0 took away.
    restore_numpy_names: bool = False
    #: Processes of one trial, all on this machine.
    processes: int = 1
    #: {"kind": 'pytorch', 'mpi' or 'tensorflow', "parameter_servers": n of them}; None for one process.
    distribution: dict | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class SweepSpec:
    """A sweep (or, with an empty space and one trial, a single run) as it was submitted."""

    #: `HD_<uuid>`, or `<experiment>_<seconds>_<hex>` for a single run.
    id: str
    experiment: str
    #: 'sweep' or 'run'.
    kind: str = "sweep"
    #: ISO 8601, UTC; only to show.
    created_at: str
    #: Host name and machine id where it was submitted: an unfinished sweep goes on there only.
    machine: dict[str, str]
    #: Version of Overdrive that wrote it.
    program: str
    run: RunSpec
    #: Name → `[distribution, arguments]`, in declared order.
    space: dict[str, list]
    #: {"name": "RANDOM"|"GRID"|…, "properties": {…}}.
    sampling: dict
    #: Recorded always.
    seed: int
    #: {"name": "Bandit"|…, "properties": {…}}.
    policy: dict
    #: None only for a single run.
    metric: PrimaryMetric | None
    max_total_runs: int
    #: None: as many as there are slots.
    max_concurrent_runs: int | None = None
    max_duration_minutes: float | None = None
    #: Stop when the first N trials fail alike; None: max(3, concurrency); 0: never.
    stop_after_failures: int | None = None
    #: Attempts a trial may have when the machine (not the script) fails.
    max_attempts: int = 2
    strict: bool = False
    #: Ids of earlier sweeps whose curves the policies know.
    resume_from: tuple[str, ...] = ()
    #: {"sweep": id, "trial": n} of the earlier trials that the first trials go on with, in order.
    resume_children: tuple[dict, ...] = ()
    tags: dict[str, str] = field(default_factory=dict)
    description: str | None = None
    #: What a compatibility layer wants to keep with the sweep.
    extra: dict = field(default_factory=dict)

    def to_json(self) -> dict:
        data = asdict(self)
        data["metric"] = self.metric.to_json() if self.metric else None
        return {"version": VERSION, **data}

    @classmethod
    def from_json(cls, data: dict) -> "SweepSpec":
        """Raises SpecError when a newer Overdrive wrote it."""
        data = dict(data)
        version = data.pop("version")
        if version > VERSION:
            raise SpecError(
                f"this sweep was written by a newer Overdrive (format {version}, this one reads up to {VERSION})",
                hint="upgrade Overdrive to read it",
            )
        run = dict(data["run"])
        run["command"], run["arguments"] = tuple(run["command"]), tuple(run["arguments"])
        data["run"] = RunSpec(**run)
        data["metric"] = PrimaryMetric.from_json(data["metric"]) if data["metric"] else None
        data["resume_from"] = tuple(data["resume_from"])
        data["resume_children"] = tuple(data.get("resume_children", ()))
        return cls(**data)
