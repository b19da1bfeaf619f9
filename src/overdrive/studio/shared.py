"""Curves that several pages ask for at once: read once while the sweep stands at the same event."""

import threading
from collections import OrderedDict
from collections.abc import Callable
from collections.abc import Hashable

Columns = dict[str, object]

#: Bytes of what is kept, at most.
_MOST_BYTES = 8 * 2**20


class Shared:
    """Answers by what was asked. Any thread may ask; who asks for the same meanwhile waits for it."""

    def __init__(self, most_bytes: int = _MOST_BYTES) -> None:
        self._most_bytes = most_bytes
        self._lock = threading.Lock()
        self._making: dict[Hashable, threading.Lock] = {}
        self._kept: OrderedDict[Hashable, Columns] = OrderedDict()

    def get(self, key: Hashable, make: Callable[[], Columns]) -> Columns:
        """What `make` gave for `key`. It is not to be changed. Raises what `make` raises."""
        with self._lock:
            making = self._making.setdefault(key, threading.Lock())
        try:
            with making:
                return self._known(key) or self._keep(key, make())
        finally:
            with self._lock:
                self._making.pop(key, None)

    def _known(self, key: Hashable) -> Columns | None:
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
            return self._kept.get(key)

    def _keep(self, key: Hashable, made: Columns) -> Columns:
        with self._lock:
            self._kept[key] = made
            while sum(map(_size, self._kept.values())) > self._most_bytes:
                self._kept.popitem(last=False)
        return made


def _size(columns: Columns) -> int:
    """About so many bytes: texts, and lists of small numbers, which are pointers to shared ones or 32 bytes more."""
    texts = sum(len(each) for each in columns.values() if isinstance(each, str))
    return texts + sum(40 * len(each) for each in columns.values() if isinstance(each, list))
