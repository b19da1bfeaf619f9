"""Whose turn it is to take a slot, where several pools (one an engine) want the same ones.

Each pool keeps a small file in the folder `pools`, locked as long as the pool lives, with how many slots it holds,
whether it waits, and since when. Nobody decides for others: a pool that wants a slot leaves alone those that a pool
before it waits for, even where that one needs several GPUs at once and they are not all free yet.

A pool is before another when it holds fewer slots, or as many and has waited longer. To take or give back a slot puts a
pool last among those that hold as many. So what is freed goes to the poorest, then to the one that waits longest:
two sweeps on two slots come to one each, two sweeps on one slot take turns.

A pool that waits says so with every attempt. One that has not for `PATIENCE_S` (stopped by SIGSTOP, say) is passed
over until it comes back; one that has died is passed over at once, since its lock is free.
"""

import fcntl
import json
import os
from collections.abc import Collection

from overdrive.host.clock import monotonic
from overdrive.host.files import make_private
from overdrive.host.locks import is_held

__all__ = ["PATIENCE_S", "Turns"]

#: Seconds for which a pool's word that it waits is good; waiting pools ask about every 25 ms.
PATIENCE_S = 2.0
#: Length of the part that changes: a new one covers the old one and needs no further room on a full disk.
_RECORD_BYTES = 128


class Turns:
    """One pool among all in `folder` that want slots of the same kind.

    kind: 'cpu' or 'gpu'. names: the slots that this pool can use.
    """

    def __init__(self, folder: str, kind: str, names: Collection[str]) -> None:
        self._folder = f"{folder}/pools"
        self._prefix = f"{kind}-"
        self._name = f"{kind}-{os.getpid()}-{os.urandom(8).hex()}"
        self._since = monotonic()
        #: When this pool last said that it waits, or None: it does not.
        self._waits_at: float | None = None
        make_private(self._folder)
        self._remove_dead()
        self._fd = self._register(json.dumps(list(names)).encode())

    @property
    def is_registered(self) -> bool:
        """Whether the others can see this pool: its file is still there."""
        return os.fstat(self._fd).st_nlink > 0

    def reserved(self, held: int) -> set[str]:
        """The slots to leave to others now, for a pool that holds `held`."""
        mine, found = (held, self._since, self._name), set()
        for name in self._others():
            record, names = self._read(name)
            waits_at = record.get("waits_at")
            if waits_at is None or monotonic() - waits_at > PATIENCE_S:
                continue
            if (record["held"], record["since"], name) < mine and is_held(f"{self._folder}/{name}"):
                found.update(names)
        return found

    def wait(self, held: int) -> None:
        """Says that this pool, which holds `held` slots, wants another. Raises OSError."""
        self._waits_at = monotonic()
        self._say(held)

    def took(self, held: int) -> None:
        """Says that this pool took a slot and holds `held` now; for the moment it waits for none. Raises OSError."""
        self._since, self._waits_at = monotonic(), None
        self._say(held)

    def gave_back(self, held: int) -> None:
        """Says that this pool gave a slot back and holds `held` now. If it waits, it still does. Raises OSError."""
        self._since = monotonic()
        self._say(held)

    def rest(self, held: int) -> None:
        """Says that this pool, which holds `held` slots, waits for none. Raises OSError."""
        self._waits_at = None
        self._say(held)

    def close(self) -> None:
        """Leaves the others; once."""
        if self.is_registered:
            os.unlink(f"{self._folder}/{self._name}")
        os.close(self._fd)

    def _register(self, names: bytes) -> int:
        """The file gets its name once it is locked: an unlocked one is a dead pool's."""
        temporary = f"{self._folder}/.tmp-{self._name}"
        fd = os.open(temporary, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
            os.pwrite(fd, self._record(0) + names, 0)
            os.rename(temporary, f"{self._folder}/{self._name}")
        except BaseException:
            os.close(fd)
            os.unlink(temporary)
            raise
        return fd

    def _record(self, held: int) -> bytes:
        waits_at = "null" if self._waits_at is None else repr(self._waits_at)
        record = f'{{"held": {held}, "since": {self._since!r}, "waits_at": {waits_at}}}'
        return record.encode().ljust(_RECORD_BYTES - 1) + b"\n"

    def _say(self, held: int) -> None:
        os.pwrite(self._fd, self._record(held), 0)

    def _others(self) -> list[str]:
        return [name for name in os.listdir(self._folder) if name.startswith(self._prefix) and name != self._name]

    def _read(self, name: str) -> tuple[dict, list[str]]:
        """What a pool says and which slots it can use; ({}, []) where it has gone or is just writing."""
        try:
            with open(f"{self._folder}/{name}", "rb") as file:
                record, names = file.read().split(b"\n", 1)
                return json.loads(record), json.loads(names)
        except (FileNotFoundError, ValueError):
            return {}, []

    def _remove_dead(self) -> None:
        for name in self._others():
            path = f"{self._folder}/{name}"
            if not is_held(path):
                try:
                    os.unlink(path)
                except FileNotFoundError:  # another pool was quicker
                    continue
