"""The gate stands in front of every route and method: the list of routes is the application's own."""

import asyncio
import errno
import json
from pathlib import Path
from urllib.parse import urlencode

import pytest
from journals import WrittenSweep
from starlette.routing import BaseRoute
from starlette.routing import Mount

from overdrive.studio.app import create_app
from overdrive.studio.app import guarded
from overdrive.studio.gate import hosts_of
from overdrive.studio.logins import Logins

HOST = "127.0.0.1:8765"
SWEEP = "HD_11111111-2222-3333-4444-555555555555"
#: What a browser without a cookie may see.
OPEN = {"/", "/early.js", "/favicon.svg", "/assets/", "/api/login"}


class Server:
    """The guarded application, asked without a network."""

    def __init__(self, workspace: Path) -> None:
        self.logins = Logins(8765)
        self.app = create_app(workspace, self.logins)
        self._gate = guarded(self.app, self.logins, frozenset({HOST, "[::1]:8765"}))

    def log_in(self) -> str:
        self.logins.add_code("code")
        return f"{self.logins.name}={self.logins.redeem('code')}"

    def ask(
        self, method: str, path: str, headers: dict[str, str], body: bytes = b"", kind: str = "http", query: bytes = b""
    ) -> list[dict]:
        """The messages of the answer."""
        sent: list[dict] = []
        raw = [(name.encode(), value.encode("latin-1")) for name, value in headers.items()]
        scope = {"type": kind, "method": method, "path": path, "headers": raw, "query_string": query}
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


def test_a_body_is_short_and_tells_its_length(server: Server, paths: list[str]) -> None:
    cookie = server.log_in()
    for path in paths:
        for method in METHODS:
            head = {**GOOD, "cookie": cookie}
            for length in (str(64 * 1024 + 1), "9" * 5000, "-1", "1e3", ""):
                sent = server.ask(method, path, {**head, "content-length": length})
                assert sent[0]["status"] == 413, (method, path)
                assert (b"connection", b"close") in sent[0]["headers"]
            for coding in ("chunked", "identity", "gzip, chunked"):
                both = {**head, "content-length": "2", "transfer-encoding": coding}
                assert server.status(method, path, both) == 411, (method, path)


def test_hosts_as_browsers_write_them() -> None:
    assert hosts_of(["localhost", "2001:DB8::1", "Node"], 8765) == {"localhost:8765", "[2001:db8::1]:8765", "node:8765"}
    assert hosts_of(["::1"], 80) == {"[::1]", "[::1]:80"}


def test_ranges_are_ignored(server: Server) -> None:
    whole = server.ask("GET", "/", GOOD)
    for ranges in ("bytes=0-1", "bytes=" + ",".join(f"{at}-" for at in range(5000)), "bytes=9-1", "odd"):
        assert server.ask("GET", "/", {**GOOD, "range": ranges, "if-range": '"x"'}) == whole


@pytest.mark.parametrize("others", ['a={"b": "c;d"}', '"=\x01', "\xe9=\xe9; expires", "{}=wrong"])
def test_cookies_of_other_servers_on_this_host_hide_none_of_ours(server: Server, others: str) -> None:
    ours, others = server.log_in(), others.format(server.logins.name) if others == "{}=wrong" else others
    for cookies in (f"{others}; {ours}", f"{ours}; {others}", f"{others};{ours};{others}"):
        assert server.status("GET", "/api/server", {"host": HOST, "cookie": cookies}) == 200
    assert server.status("GET", "/api/server", {"host": HOST, "cookie": f"x{ours}; {others}"}) == 401


def test_an_answer_that_is_no_file_is_not_kept(server: Server) -> None:
    for method in ("GET", "POST"):
        headers = dict(server.ask(method, "/assets/nothing.js", GOOD)[0]["headers"])
        assert headers[b"cache-control"] == b"no-store"


BIG = (str(2**53 + 1), str(2**63), "9" * 5000, "-2", "1e400", "NaN", "٣", "")


def _numbers(operation: dict) -> list[str]:
    """The parameters of a route that are whole numbers, of its query and of its path."""
    found = []
    for each in operation.get("parameters", ()):
        kinds = [each["schema"], *each["schema"].get("anyOf", ())]
        found += [each["name"] for kind in kinds if kind.get("type") == "integer"]
    return found


def test_no_number_is_too_large(server: Server, tmp_path: Path) -> None:
    """Nothing that a browser can be made to ask for is an error of the server's own."""
    written = WrittenSweep(tmp_path / "sweeps" / SWEEP)
    written.run(0, 0.5)
    head, asked = {"host": HOST, "cookie": server.log_in()}, 0
    for path, operations in server.app.openapi()["paths"].items():
        if "get" not in operations:
            continue
        for name in _numbers(operations["get"]):
            for value in BIG:
                filled = path.replace(f"{{{name}}}", value).format(sweep=SWEEP, number=0, file="f", request="r")
                query = urlencode({"metric": "m", name: value}).encode()
                sent = server.ask("GET", filled, head, query=query)
                if sent[0]["status"] != 404:
                    assert sent[0]["status"] == 422, (path, name, value)
                    assert name in json.loads(sent[1]["body"])["error"]
                asked += 1
    assert asked > 100


@pytest.mark.parametrize("sweep", ["😀" * 100, "x" * 256, "\0", "..", ".", "a/b", "\ufffd" * 200], ids=ascii)
def test_what_is_no_folder_s_name_is_no_sweep(server: Server, paths: list[str], sweep: str) -> None:
    head = {**GOOD, "cookie": server.log_in()}
    for path in paths:
        if "HD_1" in path and "requests" not in path:
            sent = server.ask("GET", path.replace("HD_1", sweep), head, query=b"metric=m")
            assert sent[0]["status"] == 404, path


@pytest.mark.parametrize(
    "body", [b"[" * 60_000, b'{"code": NaN}', b'{"code": 1e400}', b"\xff", b"null", b'{"code": ' + b"9" * 9000 + b"}"]
)
def test_what_is_no_request_is_told_so_in_a_sentence(server: Server, body: bytes) -> None:
    sent = server.ask("POST", "/api/login", GOOD, body)
    assert sent[0]["status"] in (400, 422)
    assert json.loads(sent[1]["body"])["error"]


def test_a_disk_that_fails_is_told_in_a_sentence(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise OSError(errno.EIO, "Input/output error")

    head = {"host": HOST, "cookie": server.log_in()}
    monkeypatch.setattr(Path, "is_dir", fail)
    sent = server.ask("GET", "/api/sweeps/HD_1", head)
    assert (sent[0]["status"], json.loads(sent[1]["body"])["error"]) == (
        503,
        "the workspace cannot be read: Input/output error",
    )
