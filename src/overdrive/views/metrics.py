"""What a trial logged, by name: HyperDrive's `get_metrics()`."""

from collections.abc import Iterable
from collections.abc import Mapping
from collections.abc import Sequence

from overdrive.records import MetricRecord
from overdrive.views.curves import join_attempts

#: Kinds that are one family: a later record of the same family continues the earlier one, another is a conflict.
_FAMILIES = {None: "scalar", "list": "scalar", "text": "scalar", "none": "scalar", "row": "table"}
#: Kinds that are no metrics: what the script says of its run, in the same spool.
MARKS = ("tag", "property", "file", "model", "child", "status")


def merge_metrics(records: Iterable[MetricRecord]) -> tuple[dict[str, object], list[str]]:
    """Name → value, and a sentence for each record that was dropped because its name already holds another kind.

    A name that was logged once has its value, n times the list of values in log order; a list adds its items (one
    item alone comes back as the value); rows and tables come as {column: value}, or {column: [values]} for several
    rows, None where a row lacks the column; artefacts (images, confusion matrices, …) as what was logged, several of
    them as a list. Numbers may be non-finite. Only rank 0 counts.

    Source: azureml-core's Run.get_metrics, as documented and observed.
    """
    series: dict[str, _Series] = {}
    dropped: list[str] = []
    for record in records:
        if record.rank or record.kind in MARKS:
            continue
        family = _FAMILIES.get(record.kind) or str(record.kind)
        held = series.setdefault(record.name, _Series(family))
        if held.family == family:
            held.add(record)
        else:
            dropped.append(f"{record.name!r} holds {held.family}s: what was logged there as {family} is left out")
    return {name: held.merged() for name, held in series.items()}, list(dict.fromkeys(dropped))


def curve_names(records: Iterable[MetricRecord]) -> set[str]:
    """Names under which numbers were logged one by one: those that have a curve."""
    return {record.name for record in records if record.kind is None and record.rank == 0}


def join_records(logged: Mapping[int, Sequence[MetricRecord]], attempt: int) -> list[MetricRecord]:
    """What an attempt logged, behind what it went on with: the earlier trial's records, which are those of attempt 0,
    and numbers of the attempts before it where steps say so.

    Of each name's numbers, those that were logged again are left out, as `views.curves.join` does.
    """
    series: dict[str, dict[int, list[MetricRecord]]] = {}
    for number, records in logged.items():
        for record in records if number <= attempt else ():
            if record.kind is None and record.rank == 0:
                series.setdefault(record.name, {}).setdefault(number, []).append(record)
    joined: list[MetricRecord] = []
    again: set[int] = set()
    for found in series.values():
        if attempt in found:
            inherited, own = join_attempts(found, attempt)
            again |= {record.n for record in found.get(0, [])[len(inherited) :]}
            joined += own[: len(own) - len(found[attempt])]
    others = [record for record in logged.get(0, ()) if record.n not in again]
    return [*others, *joined, *logged.get(attempt, ())] if attempt else others


def collect_marks(records: Iterable[MetricRecord]) -> dict[str, dict[str, object]]:
    """Kind ('tag', 'property', 'file', 'model', 'status', 'child') → name → the last value; for 'child' a list of all
    values.
    """
    marks: dict[str, dict[str, object]] = {}
    for record in records:
        if record.kind not in MARKS or record.rank:
            continue
        held = marks.setdefault(str(record.kind), {})
        if record.kind == "child":
            held.setdefault(record.name, []).append(record.value)  # type: ignore[union-attr]
        else:
            held[record.name] = record.value
    return marks


class _Series:
    """The records of one name."""

    def __init__(self, family: str) -> None:
        self.family = family
        self._values: list[object] = []
        self._columns: dict[str, list[object]] = {}
        self._rows = 0

    def add(self, record: MetricRecord) -> None:
        value = record.value
        if self.family == "table":
            self._add_rows(value if isinstance(value, dict) else {}, record.kind == "table")
        elif record.kind == "list" and isinstance(value, list):
            self._values += value
        else:
            self._values.append(value)

    def _add_rows(self, cells: dict, is_table: bool) -> None:
        columns = {name: cell if is_table and isinstance(cell, list) else [cell] for name, cell in cells.items()}
        count = max((len(column) for column in columns.values()), default=0)
        for name in columns:
            self._columns.setdefault(name, [None] * self._rows)
        self._rows += count
        for name, column in self._columns.items():
            column += columns.get(name, [])
            column += [None] * (self._rows - len(column))

    def merged(self) -> object:
        if self.family == "table":
            return {name: column[0] if self._rows == 1 else column for name, column in self._columns.items()}
        return self._values[0] if len(self._values) == 1 else self._values
