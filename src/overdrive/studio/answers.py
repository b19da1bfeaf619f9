"""Answers: strict JSON whatever the numbers are, and errors as one sentence."""

import sqlite3

from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.responses import Response

from overdrive.errors import NotFoundError
from overdrive.errors import OverdriveError
from overdrive.errors import SpecError
from overdrive.views.strict import strict_json


class Strict(JSONResponse):
    """Any value as strict JSON, non-finite numbers as words."""

    def render(self, content: object) -> bytes:
        return json_bytes(content)


def json_bytes(content: object) -> bytes:
    """Strict JSON without spaces."""
    return strict_json(content, indent=None).encode("utf-8", "replace")


async def on_error(request: Request, error: Exception) -> Response:
    """404 for what is not there, 422 for what cannot be understood, 503 for a workspace that cannot be read."""
    if isinstance(error, sqlite3.Error):
        return Strict({"error": f"the sweep's database cannot be read: {error}", "hint": None}, 503)
    if not isinstance(error, OverdriveError):
        raise error
    status = 404 if isinstance(error, NotFoundError) else 422 if isinstance(error, SpecError) else 503
    return Strict({"error": error.message, "hint": error.hint}, status)
