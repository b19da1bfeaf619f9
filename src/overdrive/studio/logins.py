"""Who has logged in: codes that work once, and the cookies that they were turned into."""

import hashlib
import secrets
import threading
from collections import OrderedDict
from collections.abc import Callable

#: Browsers that may be logged in at once; the one that came first is forgotten.
_MOST = 64


def _digest(secret: str) -> bytes:
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).digest()


class Logins:
    """Kept in memory only, as digests, so that a lookup takes the same time for every wrong guess."""

    def __init__(self, port: int, on_login: Callable[[], None] = lambda: None) -> None:
        """on_login: called, by any thread, whenever a code was used."""
        self._on_login = on_login
        #: The cookie's name: it has the port in it, since cookies of one host are shared between its ports.
        self.name = f"overdrive_{port}"
        self._codes: set[bytes] = set()
        self._cookies: OrderedDict[bytes, None] = OrderedDict()
        self._lock = threading.Lock()

    def add_code(self, code: str) -> None:
        """A code that logs one browser in."""
        with self._lock:
            self._codes.add(_digest(code))

    def redeem(self, code: str) -> str | None:
        """The value of the cookie for `code`, which is used up by that; None for a code that is not (any more) one."""
        with self._lock:
            if _digest(code) not in self._codes:
                return None
            self._codes.discard(_digest(code))
            cookie = secrets.token_urlsafe(32)
            self._cookies[_digest(cookie)] = None
            if len(self._cookies) > _MOST:
                self._cookies.popitem(last=False)
        self._on_login()
        return cookie

    def knows(self, cookie: str) -> bool:
        """Whether that is the cookie of a browser that logged in here."""
        return bool(cookie) and _digest(cookie) in self._cookies
