"""The gate stands in front of every route and method: the list of routes is the application's own."""

import asyncio
from pathlib import Path

import pytest
from starlette.routing import BaseRoute
from starlette.routing import Mount

from overdrive.studio.app import create_app
from overdrive.studio.app import guarded
from overdrive.studio.logins import Logins

HOST = "127.0.0.1:8765"
#: What a browser without a cookie may see.
OPEN = {"/", "/favicon.svg", "/assets/", "/api/login"}


class Server:
    """The guarded application, asked without a network."""

    def __init__(self, workspace: Path) -> None:
        self.logins = Logins(8765)
        self.app = create_app(workspace, self.logins)
        self._gate = guarded(self.app, self.logins, frozenset({HOST, "[::1]:8765"}))

    def log_in(self) -> str:
        self.logins.add_code("code")
        return f"{self.logins.name}={self.logins.redeem('code')}"

    def ask(self, method: str, path: str, headers: dict[str, str], body: bytes = b"", kind: str = "http") -> list[dict]:
        """The messages of the answer."""
        sent: list[dict] = []
        raw = [(name.encode(), value.encode()) for name, value in headers.items()]
        scope = {"type": kind, "method": method, "path": path, "headers": raw, "query_string": b""}
        scope |= {"scheme": "http", "server": ("127.0.0.1", 8765), "client": ("127.0.0.1", 1), "http_version": "1.1"}

        received = iter([{"type": "http.request", "body": body, "more_body": False}])

        async def receive() -> dict:
            return next(received, {"type": "http.disconnect"})

        async def send(message: dict) -> None:
            sent.append(message)

        asyncio.run(self._gate(scope, receive, send))
        return sent

    def status(self, method: str, path: str, headers: dict[str, str], body: bytes = b"") -> int:
        return self.ask(method, path, headers, body)[0]["status"]


def _paths(routes: list[BaseRoute]) -> list[str]:
    found: list[str] = []
    for route in routes:
        if isinstance(route, Mount):
            found.append(f"{route.path}/")
        elif hasattr(route, "path"):
            found.append(route.path)
        else:
            found += _paths(getattr(route, "routes", None) or route.original_router.routes)
    return found


@pytest.fixture
def server(tmp_path: Path) -> Server:
    return Server(tmp_path)


@pytest.fixture
def paths(server: Server) -> list[str]:
    found = [path.format(sweep="HD_1", number=0, file="f", request="r") for path in _paths(server.app.routes)]
    assert len(found) > 8
    return found


METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "ODD")
GOOD = {"host": HOST, "content-type": "application/json"}
BAD = [
    {"host": "evil.example"},
    {"host": "127.0.0.1"},
    {"host": "127.0.0.1:8765.evil.example"},
    {"host": ""},
    {"origin": "http://evil.example"},
    {"origin": "null"},
    {"origin": "https://127.0.0.1:8765"},
    {"origin": "http://127.0.0.1:8766"},
    {"sec-fetch-site": "cross-site"},
    {"sec-fetch-site": "same-site"},
]


@pytest.mark.parametrize("bad", BAD, ids=lambda bad: "-".join(f"{k}={v}" for k, v in bad.items()))
def test_every_route_and_method_refuses(server: Server, paths: list[str], bad: dict[str, str]) -> None:
    cookie = server.log_in()
    for path in paths:
        for method in METHODS:
            assert server.status(method, path, {**GOOD, "cookie": cookie, **bad}) == 403, (method, path)


def test_every_route_needs_the_cookie(server: Server, paths: list[str]) -> None:
    for path in paths:
        for method in METHODS:
            for cookie in ("", f"{server.logins.name}=wrong", "overdrive_1=x"):
                status = server.status(method, path, {**GOOD, "cookie": cookie}, b"{}")
                assert (status != 401) == (path in OPEN), (method, path)


def test_what_changes_something_is_json(server: Server, paths: list[str]) -> None:
    cookie = server.log_in()
    for path in paths:
        for method in set(METHODS) - {"GET", "HEAD"}:
            for kind in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data", ""):
                headers = {**GOOD, "cookie": cookie, "content-type": kind}
                assert server.status(method, path, headers) == 403, (method, path)


def test_web_sockets_are_refused(server: Server, paths: list[str]) -> None:
    cookie = server.log_in()
    for path in paths:
        sent = server.ask("GET", path, {**GOOD, "cookie": cookie}, kind="websocket")
        assert [message["type"] for message in sent] == ["websocket.close"]


def test_a_code_works_once(server: Server) -> None:
    server.logins.add_code("once")
    sent = server.ask("POST", "/api/login", GOOD, b'{"code": "once"}')
    cookies = [value.decode() for name, value in sent[0]["headers"] if name == b"set-cookie"]
    assert sent[0]["status"] == 204
    assert "HttpOnly" in cookies[0]
    assert "samesite=strict" in cookies[0].lower()
    cookie = cookies[0].partition(";")[0]
    assert server.status("GET", "/api/server", {"host": HOST, "cookie": cookie}) == 200
    assert server.status("POST", "/api/login", GOOD, b'{"code": "once"}') == 401


def test_a_link_elsewhere_leads_to_the_page_only(server: Server) -> None:
    link = {"host": HOST, "sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate", "sec-fetch-dest": "document"}
    cookie = server.log_in()
    assert server.status("GET", "/", link) == 200
    assert server.status("GET", "/", {**link, "sec-fetch-dest": "iframe"}) == 403
    assert server.status("GET", "/api/server", {**link, "cookie": cookie}) == 403


def test_headers_of_every_answer(server: Server, paths: list[str]) -> None:
    cookie = server.log_in()
    for path in [*paths, "/nowhere"]:
        if path.endswith("/stream"):
            continue
        for headers in ({**GOOD, "cookie": cookie}, {**GOOD, "host": "evil"}, GOOD):
            names = {name: value for name, value in server.ask("GET", path, headers)[0]["headers"]}
            assert b"unsafe" not in names[b"content-security-policy"]
            assert b"default-src 'none'" in names[b"content-security-policy"]
            assert names[b"x-content-type-options"] == b"nosniff"
            assert names[b"cache-control"] == (
                b"no-store" if not path.startswith("/assets/") else names[b"cache-control"]
            )


def test_one_header_twice_is_refused(server: Server) -> None:
    sent: list[dict] = []

    async def send(message: dict) -> None:
        sent.append(message)

    raw = [(b"host", HOST.encode()), (b"host", b"evil.example")]
    scope = {"type": "http", "method": "GET", "path": "/", "headers": raw, "query_string": b""}
    asyncio.run(server._gate(scope, None, send))
    assert sent[0]["status"] == 400
