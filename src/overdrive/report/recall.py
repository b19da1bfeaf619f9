"""What a trial has logged so far, read back from its own spool by the trial itself."""

from __future__ import annotations

import json

#: Kinds that are no metrics.
_OTHERS = frozenset(("tag", "property", "file", "model", "child", "status"))
_FAMILIES = {None: "value", "number": "value", "text": "value", "none": "value", "list": "value", "row": "table"}
_WORDS = {"nan": float("nan"), "inf": float("inf"), "-inf": float("-inf")}


def logged(path: str, name: str | None = None, child: str | None = None) -> dict:
    """Metric name → its value, or the list of its values where there is more than one, in the order logged.

    Rows and tables of one name become one dict from column to values. A record of another family (values, tables, or
    one kind of data) than the name's first one is left out, as Azure does. name: only that metric. child: the id of a
    run below or above the trial: what was logged there.
    """
    found: dict[str, object] = {}
    families: dict[str, str] = {}
    for line in _lines(path) if child is None else _of_child(_lines(path), child):
        key, kind = line.get("name"), line.get("kind")
        if not isinstance(key, str) or "value" not in line or kind in _OTHERS or line.get("rank", 0):
            continue
        value = line["value"]
        kind = kind or {dict: "row", list: "list"}.get(type(value))
        family = _FAMILIES.get(kind, str(kind))
        if (name is None or name == key) and families.setdefault(key, family) == family:
            _merge(found, key, _WORDS.get(value, value) if kind == "number" else value, kind)
    return {key: _final(value) for key, value in found.items()}


def _of_child(lines: list[dict], child: str) -> list[dict]:
    """The lines that a child's calls left inside its trial's."""
    inner = [line["value"] for line in lines if line.get("kind") == "child" and line.get("name") == child]
    return [line for line in inner if isinstance(line, dict)]


def _lines(path: str) -> list[dict]:
    lines = []
    try:
        with open(path, "rb") as file:
            for line in file:
                try:
                    data = json.loads(line)
                except ValueError:  # torn, or another program's: the engine counts these
                    continue
                if isinstance(data, dict):
                    lines.append(data)
    except FileNotFoundError:
        return []
    return lines


def _merge(found: dict[str, object], key: str, value: object, kind: object) -> None:
    known = found.setdefault(key, {} if kind in ("row", "table") else [])
    if isinstance(known, dict):
        _merge_rows(known, value if isinstance(value, dict) else {}, kind == "table")
    elif isinstance(known, list):
        known.extend(value if kind == "list" and isinstance(value, list) else [value])


def _merge_rows(known: dict, value: dict, is_table: bool) -> None:
    """Adds rows to a dict from column to cells; a row without a cell of a known column has None there."""
    height = max((len(cells) for cells in known.values()), default=0)
    for column, cells in value.items():
        cells = cells if is_table and isinstance(cells, list) else [cells]
        known.setdefault(column, [None] * height).extend(cells)
    height = max((len(cells) for cells in known.values()), default=0)
    for cells in known.values():
        cells.extend([None] * (height - len(cells)))


def _final(value: object) -> object:
    if isinstance(value, dict):
        return {column: _final(cells) for column, cells in value.items()}
    return value[0] if isinstance(value, list) and len(value) == 1 else value
