"""Values that are more than one number or text, as JSON. Loaded when the first one is logged."""

from __future__ import annotations

import json

from overdrive.report.errors import UserErrorException
from overdrive.report.values import plain

#: Kinds whose value may be given as JSON text.
_JSON_KINDS = frozenset(("confusion_matrix", "accuracy_table", "residuals", "predictions"))


def data_text(kind: str, name: str, value: object) -> str:
    """JSON text (ASCII) of a value of `kind`. Raises UserErrorException when it has not the kind's form."""
    if not name:
        raise UserErrorException("a metric needs a name")
    if kind in _JSON_KINDS and isinstance(value, str):
        value = _parsed(kind, name, value)
    value = plain(value)
    if kind == "list" and isinstance(value, list):
        return dump(value)
    if kind == "list" or not isinstance(value, dict):
        wanted = "a list of values" if kind == "list" else "a dict"
        raise UserErrorException(f"log_{kind} takes {wanted} for {name!r}, not {value!r}")
    if kind == "table":
        value = {column: cells if isinstance(cells, list) else [cells] for column, cells in value.items()}
    return dump(value)


def dump(value: object) -> str:
    """Strict JSON in ASCII of data that `plain` made."""
    return json.dumps(value, allow_nan=False)


def load(text: str) -> object:
    """JSON data. Raises ValueError."""
    return json.loads(text)


def _parsed(kind: str, name: str, text: str) -> object:
    try:
        return json.loads(text)
    except ValueError as error:
        raise UserErrorException(f"log_{kind} takes a dict or its JSON for {name!r}: {error}", error) from error
