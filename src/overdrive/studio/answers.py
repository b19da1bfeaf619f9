"""Answers: strict JSON whatever the numbers are, and errors as one sentence."""

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse
from starlette.responses import JSONResponse
from starlette.responses import Response

from overdrive.errors import NotFoundError
from overdrive.errors import OverdriveError
from overdrive.errors import SpecError
from overdrive.views.strict import strict_json

#: What a person sees at an address that leads nowhere.
_NOWHERE = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Not found · Overdrive</title>
<main>
<h1>There is no such page</h1>
<p><a href="/">All sweeps</a></p>
</main>
</html>
"""


class Strict(JSONResponse):
    """Any value as strict JSON, non-finite numbers as words."""

    def render(self, content: object) -> bytes:
        return json_bytes(content)


def json_bytes(content: object) -> bytes:
    """Strict JSON without spaces."""
    return strict_json(content, indent=None).encode("utf-8", "replace")


def tell_errors(app: FastAPI) -> None:
    """Has every error that can be foreseen answered by `on_error`."""
    for error in (OverdriveError, OSError, RequestValidationError, HTTPException):
        app.add_exception_handler(error, on_error)


async def on_error(request: Request, error: Exception) -> Response:
    """404 for what is not there, 422 for what cannot be understood, 503 for a workspace that cannot be read."""
    if isinstance(error, HTTPException):
        if error.status_code == 404 and not request.url.path.startswith("/api"):
            return HTMLResponse(_NOWHERE, 404)
        return Strict({"error": str(error.detail), "hint": None}, error.status_code, error.headers)
    if isinstance(error, RequestValidationError):
        return Strict({"error": _misunderstood(error), "hint": None}, 422)
    if isinstance(error, OSError):
        return Strict({"error": f"the workspace cannot be read: {error.strerror or error}", "hint": None}, 503)
    if not isinstance(error, OverdriveError):
        raise error
    status = 404 if isinstance(error, NotFoundError) else 422 if isinstance(error, SpecError) else 503
    return Strict({"error": error.message, "hint": error.hint}, status)


def _misunderstood(error: RequestValidationError) -> str:
    """The field, the value and what is wrong with it, of the first thing that is."""
    first = error.errors()[0]
    field = ".".join(map(str, first["loc"][1:])) or first["loc"][0]
    return f"{field}: {first['msg']}, not {str(first.get('input'))[:100]!r}"
