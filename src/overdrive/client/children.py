"""Runs below a run: those that were submitted so, and those that a training script made with `child_run`."""

from collections.abc import Iterator
from collections.abc import Mapping
from typing import TYPE_CHECKING
from typing import Any

from overdrive.client.find import list_specs
from overdrive.records import MetricRecord
from overdrive.views.metrics import MARKS
from overdrive.views.metrics import merge_metrics

if TYPE_CHECKING:
    from overdrive.client.run import Run


def submitted_below(run: "Run") -> "Iterator[Run]":
    """The sweeps and single runs that were submitted with this run as their parent, the newest first."""
    for _, spec in list_specs(run.experiment.workspace):
        if spec.extra.get("parent") == run.id:
            yield run.experiment.get_run(spec.id)


def made_by_script(run: "Run") -> Iterator[Any]:
    """The child runs that the run's script made, the newest first. They live in the run's own spool."""
    for child in _all_said(run):
        if child.id not in (run.spec.id, run.spec.extra.get("parent")):  # what a trial logs to its sweep or pipeline
            yield child


def said_to_parent(run: "Run") -> "Iterator[ScriptChild]":
    """What a single run's script logged to the run above it, as if it were a child; nothing where it did not."""
    parent = run.spec.extra.get("parent")
    if run.spec.kind == "run":
        yield from (child for child in _all_said(run) if child.id == parent)


def _all_said(run: "Run") -> "Iterator[ScriptChild]":
    """What its script logged to other runs than its own, the newest first."""
    lines = run._view.marks(run.number).get("child", {}) if run._row() is not None else {}
    for child, said in reversed(lines.items()):
        yield ScriptChild(run, child, said if isinstance(said, list) else [said])


class ScriptChild:
    """A child run that a training script made: what it logged, to read."""

    type = "azureml.scriptrun"

    def __init__(self, through: "Run", child: str, said: list[Any]) -> None:
        #: The run whose script made it.
        self.parent = through
        self.experiment = through.experiment
        self.id = child
        self._lines = [line for line in said if isinstance(line, Mapping)]

    @property
    def name(self) -> str:
        """The name that the script gave it, else its id."""
        return next((line["label"] for line in self._lines if line.get("label")), self.id)

    display_name = name

    def get_status(self) -> str:
        """As its parent's: it has no process of its own."""
        return self.parent.get_status()

    @property
    def status(self) -> str:
        """As `get_status()`."""
        return self.get_status()

    def get_metrics(self, name: str | None = None, **_: object) -> dict[str, Any]:
        """Name → what was logged under it, as for any run."""
        found = merge_metrics(self.records())[0]
        return {key: value for key, value in found.items() if name in (None, key)}

    def records(self) -> Iterator[MetricRecord]:
        """Each thing that was logged, in order."""
        for number, line in enumerate(self._lines):
            if isinstance(line.get("name"), str) and "value" in line and line.get("kind") not in MARKS:
                yield MetricRecord(number, line["name"], line["value"], line.get("kind"))

    @property
    def tags(self) -> dict[str, str]:
        """The tags that the script gave it."""
        return self._last("tag")

    def get_tags(self) -> dict[str, str]:
        """As `tags`."""
        return self.tags

    @property
    def properties(self) -> dict[str, str]:
        """The properties that the script gave it."""
        return self._last("property")

    def get_children(self, *_: object, **__: object) -> Iterator["ScriptChild"]:
        """Nothing: all of a script's child runs are listed with its own run."""
        return iter(())

    def matches(self, *, type: str | None = None, tags: Any = None, properties: Any = None, status: Any = None) -> bool:
        """Whether it has this type, status, tags and properties."""
        if type not in (None, self.type) or status not in (None, self.get_status()):
            return False
        return has_all(self.tags, tags) and has_all(self.properties, properties)

    def _last(self, kind: str) -> dict[str, str]:
        found = {line["name"]: line.get("value") for line in self._lines if line.get("kind") == kind}
        return {name: str(value) for name, value in found.items() if value is not None}

    def __repr__(self) -> str:
        return f"{type(self).__name__}(Id: {self.id}, Parent: {self.parent.id})"


def has_all(found: Mapping[str, str], wanted: "Mapping[str, str] | str | None") -> bool:
    """Whether these tags hold a name, or names with their values; None: any do."""
    if not wanted:
        return True
    if isinstance(wanted, str):
        return wanted in found
    return all(found.get(name) == value for name, value in wanted.items())
