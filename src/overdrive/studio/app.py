"""The web application of one workspace."""

import asyncio
from importlib import resources
from pathlib import Path
from typing import Annotated

from fastapi import FastAPI
from fastapi import Header
from fastapi.responses import FileResponse
from fastapi.responses import Response
from fastapi.responses import StreamingResponse
from fastapi.staticfiles import StaticFiles

from overdrive import __version__
from overdrive.studio.answers import Strict
from overdrive.studio.answers import tell_errors
from overdrive.studio.desk import Cursor
from overdrive.studio.desk import Desk
from overdrive.studio.desk import cursor_of
from overdrive.studio.files import file_routes
from overdrive.studio.gate import LOGIN
from overdrive.studio.gate import Gate
from overdrive.studio.lists import ListChannel
from overdrive.studio.logins import Logins
from overdrive.studio.requests import request_routes
from overdrive.studio.schema import ListChange
from overdrive.studio.schema import Login
from overdrive.studio.schema import Server
from overdrive.studio.schema import SweepChange
from overdrive.studio.schema import Wrong
from overdrive.studio.series import series_routes
from overdrive.studio.streams import Channels
from overdrive.studio.sweeps import sweep_routes
from overdrive.studio.trials import trial_routes

#: The built pages.
ASSETS = Path(str(resources.files("overdrive.studio"))) / "assets"


def create_app(workspace: Path, logins: Logins) -> FastAPI:
    """The routes, without the gate: `guarded` puts it in front."""
    app = FastAPI(
        title="Overdrive Studio",
        version=__version__,
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        redirect_slashes=False,
        responses={422: {"model": Wrong}},
    )
    desk, channels = Desk(workspace), Channels()
    the_list = ListChannel(desk.listing)
    tell_errors(app)
    for routes in (sweep_routes, series_routes, trial_routes, file_routes, request_routes):
        app.include_router(routes(desk))

    @app.post(LOGIN, status_code=204)
    def log_in(login: Login) -> Response:
        """Turns the code of the link into a cookie; 401 for a code that was used or never given out."""
        cookie = logins.redeem(login.code)
        if cookie is None:
            return Strict({"error": "this link has been used: `overdrive studio` prints a new one"}, 401)
        answer = Response(status_code=204)
        answer.set_cookie(logins.name, cookie, httponly=True, samesite="strict", path="/", max_age=30 * 86400)
        return answer

    @app.get("/api/server", response_model=Server)
    def server() -> Strict:
        """Who answers."""
        return Strict({"version": __version__, "workspace": workspace.name.lstrip("."), "path": str(workspace)})

    @app.get("/api/stream", response_model=ListChange)
    async def list_stream(version: str = "", last_event_id: Annotated[str | None, Header()] = None) -> Response:
        """Server-sent events: `list` (see ListChange) whenever the list of sweeps is another one."""
        return StreamingResponse(the_list.listen(last_event_id or version), media_type="text/event-stream")

    @app.get("/api/sweeps/{sweep}/stream", response_model=SweepChange)
    async def stream(
        sweep: str,
        since: Cursor = 0,
        last_event_id: Annotated[str | None, Header()] = None,
    ) -> Response:
        """Server-sent events: `change` (see SweepChange), `reset` (load everything anew)."""
        view = await asyncio.to_thread(desk.sweep, sweep)
        known = cursor_of(last_event_id, since)
        return StreamingResponse(channels.of(view).listen(known), media_type="text/event-stream")

    _give_pages(app)
    return app


def _give_pages(app: FastAPI) -> None:
    """The pages' own files: the document, what it names, and all whose names tell what is in them."""

    @app.get("/", include_in_schema=False)
    def page() -> FileResponse:
        """The one page: all else is drawn by its script."""
        return FileResponse(ASSETS / "index.html", media_type="text/html")

    @app.get("/favicon.svg", include_in_schema=False)
    def icon() -> FileResponse:
        """The page's icon."""
        return FileResponse(ASSETS / "favicon.svg", media_type="image/svg+xml")

    @app.get("/early.js", include_in_schema=False)
    def early() -> FileResponse:
        """What the page runs before its script has come."""
        return FileResponse(ASSETS / "early.js", media_type="text/javascript")

    app.mount("/assets", StaticFiles(directory=ASSETS / "assets", check_dir=False))


def guarded(app: FastAPI, logins: Logins, hosts: frozenset[str]) -> Gate:
    """The application behind its gate."""
    return Gate(app, hosts, logins)
