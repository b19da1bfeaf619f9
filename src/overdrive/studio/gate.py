"""The gate in front of every route and method: who is asking, from where, and for which server.

A page of any other site can send requests to 127.0.0.1, and a name of its own can be made to mean 127.0.0.1 (DNS
rebinding), so loopback is no trust. Before any routing this checks, in this order: the Host header against a list; the
Origin header, where there is one, against the same list; Sec-Fetch-Site, which browsers set and pages cannot; that
what changes something is JSON, which no plain form can send; that its length is told and small; the cookie of a browser
that has logged in. Only the pages' own files and the login are open without a cookie: there is nothing in them.

Sources: W3C Fetch Metadata Request Headers (Sec-Fetch-Site), RFC 6454 (Origin), OWASP's cheat sheet on cross-site
request forgery (standard headers, custom content type), the cases of MLflow (CVE-2025-14279: no check of Host), h11
(CVE-2025-43859: bodies in chunks) and Starlette (CVE-2025-62727: ranges), and RFC 9110, section 14.2: a server may
ignore Range.
"""

from collections.abc import Awaitable
from collections.abc import Callable
from collections.abc import Iterable
from collections.abc import MutableMapping
from typing import Any

from overdrive.studio.logins import Logins

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

#: Where a browser without a cookie may go: the pages' own files, and the login.
LOGIN = "/api/login"
_OPEN = ("/", "/early.js", "/favicon.svg", LOGIN)
_OPEN_FOLDER = "/assets/"
_LOOKING = ("GET", "HEAD")
#: Bytes of a request's body at most: the pages' own are far shorter, and anybody may send one to the login.
_MOST_BYTES = 64 * 1024
#: Headers that nothing here needs, and that cost much to obey.
_IGNORED = (b"range", b"if-range")
#: No inline script or style, nothing from elsewhere, in nobody's frame; no text is ever taken for HTML or a script
#: (W3C Trusted Types: browsers that have them refuse innerHTML and the like).
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
    "require-trusted-types-for 'script'; trusted-types 'none'"
)
_HEADERS = [
    (b"content-security-policy", POLICY.encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"x-frame-options", b"DENY"),
]


def hosts_of(names: Iterable[str], port: int) -> frozenset[str]:
    """The values of Host that mean these names at `port`: as browsers write them, without port 80."""
    small = [f"[{name.lower()}]" if ":" in name else name.lower() for name in names]
    return frozenset(f"{name}:{port}" for name in small) | frozenset(small if port == 80 else ())


class Gate:
    """ASGI middleware. `hosts`: the values of Host that mean this server, such as '127.0.0.1:8765'."""

    def __init__(self, app: App, hosts: frozenset[str], logins: Logins) -> None:
        self._app = app
        self._hosts = hosts
        self._origins = frozenset(f"http://{host}" for host in hosts)
        self._logins = logins

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        refused = (403, "no web sockets here") if scope["type"] != "http" else self._refuse(scope)
        if refused is None:
            heard = [each for each in scope["headers"] if each[0].lower() not in _IGNORED]
            await self._app({**scope, "headers": heard}, receive, _with_headers(send, scope["path"]))
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008, "reason": refused[1]})
        else:
            await _answer(_with_headers(send, ""), *refused)

    def _refuse(self, scope: Scope) -> tuple[int, str] | None:
        """Status and sentence for a request that may not pass; None for one that may."""
        headers = _single(scope["headers"])
        if headers is None:
            return 400, "a header that may come once came twice"
        method, path = scope["method"], scope["path"]
        if headers.get("host", "").lower() not in self._hosts:
            return 403, "this server does not answer to that name"
        if headers.get("origin", "") not in ({""} | self._origins):
            return 403, "the request comes from another site"
        if not self._is_same_site(headers, method, path):
            return 403, "the request comes from another site"
        if method not in _LOOKING and headers.get("content-type", "").partition(";")[0].strip() != "application/json":
            return 403, "what asks for something must be JSON"
        if "transfer-encoding" in headers:
            return 411, "the request does not tell its length"
        length = headers.get("content-length", "0")
        if not length.isdecimal() or len(length) > 20 or int(length) > _MOST_BYTES:
            return 413, f"the request is longer than {_MOST_BYTES} bytes"
        if path in _OPEN or path.startswith(_OPEN_FOLDER) or self._has_logged_in(headers):
            return None
        return 401, "this browser has not logged in: open the link that `overdrive studio` prints"

    def _has_logged_in(self, headers: dict[str, str]) -> bool:
        """By a cookie of ours; those that servers on other ports of this host have set hide none."""
        pairs = (each.strip().partition("=") for each in headers.get("cookie", "").split(";"))
        return any(name == self._logins.name and self._logins.knows(value) for name, _, value in pairs)

    def _is_same_site(self, headers: dict[str, str], method: str, path: str) -> bool:
        """By the browser's own word; a program that is no browser sends none. A link elsewhere may lead to the page."""
        site = headers.get("sec-fetch-site", "same-origin")
        is_link = headers.get("sec-fetch-mode") == "navigate" and headers.get("sec-fetch-dest") == "document"
        return site in ("same-origin", "none") or (path == "/" and method in _LOOKING and is_link)


def _single(raw: list[tuple[bytes, bytes]]) -> dict[str, str] | None:
    """The headers that are looked at; None where one of them came twice, which no browser does."""
    looked_at = {"host", "origin", "cookie", "content-type", "content-length", "transfer-encoding"}
    looked_at |= {"sec-fetch-site", "sec-fetch-mode", "sec-fetch-dest"}
    found: dict[str, str] = {}
    for name, value in raw:
        key = name.decode("latin-1").lower()
        if key in looked_at:
            if key in found and key != "cookie":
                return None
            found[key] = f"{found[key]}; {value.decode('latin-1')}" if key in found else value.decode("latin-1")
    return found


def _with_headers(send: Send, path: str) -> Send:
    """Adds the headers that every answer has; only the pages' own files may be kept by the browser, where they are."""

    async def add(message: Message) -> None:
        if message["type"] == "http.response.start":
            is_kept = path.startswith(_OPEN_FOLDER) and message["status"] in (200, 304)
            keep = b"public, max-age=31536000, immutable" if is_kept else b"no-store"
            message = {**message, "headers": [*message["headers"], *_HEADERS, (b"cache-control", keep)]}
        await send(message)

    return add


async def _answer(send: Send, status: int, sentence: str) -> None:
    body = f'{{"error": "{sentence}"}}'.encode()
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
    if status in (411, 413):
        headers.append((b"connection", b"close"))  # what follows is not read
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
