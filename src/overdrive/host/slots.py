"""The slots of this machine: room for one trial each, shared by all of a user's sweeps through kernel locks.

A slot is a locked file in the user's runtime folder: `slot-<i>.lock` for the i-th core's worth of room, `gpu-<id>.lock`
for a GPU. Who holds a copy of the descriptor holds the slot: a trial's shim that is given one keeps it when the engine
dies, and a slot is free as soon as nobody is left who uses it. How sweeps share is said in `overdrive.host.turns`.
"""

import os

from overdrive.errors import SpecError
from overdrive.host.locks import FileLock
from overdrive.host.machine import gpus
from overdrive.host.machine import usable_cores
from overdrive.host.runtime import runtime_folder
from overdrive.host.turns import Turns

__all__ = ["RETRY_S", "Slot", "SlotPool", "slot_count"]

#: Seconds after which a pool that waits for other sweeps' slots should ask again.
RETRY_S = 0.025
#: Name of room that is taken without a lock.
_EXTRA = "extra"


def slot_count(gpus_per_trial: int = 0) -> int:
    """How many trials this machine has room for: OVERDRIVE_SLOTS or else its usable cores; or what its GPUs serve.

    Raises SpecError where OVERDRIVE_SLOTS is no whole number from 1 on, or a trial needs more GPUs than there are.
    """
    if gpus_per_trial:
        count = len(gpus())
        if gpus_per_trial > count:
            needed = "a GPU" if gpus_per_trial == 1 else f"{gpus_per_trial} GPUs"
            message = f"gpus = {gpus_per_trial}: each trial needs {needed} for itself, and this machine has {count}"
            raise SpecError(message, field="gpus", value=gpus_per_trial)
        return count // gpus_per_trial
    text = os.environ.get("OVERDRIVE_SLOTS", "").strip()
    if not text:
        return usable_cores()
    if not text.isascii() or not text.isdecimal() or int(text) == 0:
        raise SpecError(field="OVERDRIVE_SLOTS", value=text, allowed="a whole number from 1 on")
    return int(text)


class Slot:
    """Room for one trial, held until `release`.

    To hand it to another process, send `fds` to it (SCM_RIGHTS). Then either keep this copy until the trial's end and
    `release` it, which frees the slot at once, or `close` it: the slot is free when the other process lets go.
    """

    __slots__ = ("_is_counted", "_locks", "_pool", "gpus", "name", "parts")

    def __init__(self, pool: "SlotPool", parts: tuple[str, ...], locks: list[FileLock]) -> None:
        self._pool = pool
        self._locks = locks
        self._is_counted = True
        #: The locks that belong to it, such as ('slot-3',) or ('gpu-0', 'gpu-1'); () for room without a lock.
        self.parts = parts
        #: The GPUs that the trial may use, for CUDA_VISIBLE_DEVICES.
        self.gpus = tuple(part.removeprefix("gpu-") for part in parts if part.startswith("gpu-"))
        #: Text for the journal: 'slot-3', 'gpu-0,gpu-1' or 'extra'. `SlotPool.adopt` takes it.
        self.name = ",".join(parts) or _EXTRA

    @property
    def fds(self) -> list[int]:
        """The descriptors that hold the slot; none for room without a lock, after `close`, or when adopted."""
        return [lock.fileno() for lock in self._locks if lock.is_mine]

    def close(self) -> None:
        """Closes our copies of the descriptors; the slot still counts as this pool's."""
        for lock in self._locks:
            lock.close()

    def release(self) -> None:
        """Gives the slot back: unlocks it where our copies are open, and counts it no longer. Twice is once."""
        for lock in self._locks:
            lock.release()
        if self._is_counted:
            self._is_counted = False
            self._pool.forget(self)


class SlotPool:
    """The slots that one engine takes from the machine's.

    gpus_per_trial: GPUs that each trial needs for itself, all or none; 0 for trials on cores.
    overcommit: trials that may run without a slot when none is free; not for GPUs, which are never shared.
    takes_slots: False: none is taken even where one is free; all run without.
    Raises SpecError where the machine has fewer GPUs than a trial needs, UnwritableError without a runtime folder.
    """

    def __init__(self, gpus_per_trial: int = 0, overcommit: int = 0, takes_slots: bool = True) -> None:
        count = slot_count(gpus_per_trial)
        names = [f"gpu-{gpu}" for gpu in gpus()] if gpus_per_trial else [f"slot-{index}" for index in range(count)]
        self._names = names if takes_slots else []
        self._needed = gpus_per_trial or 1
        self._overcommit = 0 if gpus_per_trial else overcommit
        self._extras = 0
        self._held: set[str] = set()
        self._kind = "gpu" if gpus_per_trial else "cpu"
        self._folder, self._turns = self._join()

    def take(self) -> Slot | None:
        """A slot, at once, or None: none is free, or it is another pool's turn (ask again after `retry_after_s`).

        Raises OSError where the runtime folder fails.
        """
        if not self._turns.is_registered:
            self._turns.close()
            self._folder, self._turns = self._join()
        locks = self._lock(self._turns.reserved(len(self._held)))
        if locks:
            slot = Slot(self, tuple(locks), list(locks.values()))
            self._held.update(slot.parts)
            self._turns.took(len(self._held))
            return slot
        if self._extras < self._overcommit:
            self._extras += 1
            self.rest()
            return Slot(self, (), [])
        self._turns.wait(len(self._held))
        return None

    def adopt(self, name: str) -> Slot:
        """The slot of this name, held by a living trial of an earlier engine: it counts, but has no descriptors."""
        parts = () if name == _EXTRA else tuple(name.split(","))
        self._held.update(parts)
        self._extras += not parts
        self.rest()
        return Slot(self, parts, [])

    def rest(self) -> None:
        """Says that nothing waits for a slot any more. Without it others stand back for up to 2 s after a refusal."""
        self._turns.rest(len(self._held))

    def retry_after_s(self) -> float | None:
        """Seconds after which to ask again when `take` gave None; None: only a slot of this pool can become free."""
        return None if self._held.issuperset(self._names) else RETRY_S

    def forget(self, slot: Slot) -> None:
        """What `Slot.release` calls: the slot is no longer this pool's."""
        self._held.difference_update(slot.parts)
        self._extras -= not slot.parts
        self._turns.gave_back(len(self._held))

    def close(self) -> None:
        """Leaves the other pools. Slots that are held stay held."""
        self._turns.close()

    def _join(self) -> tuple[str, Turns]:
        """Joins the other pools: at first, and again when the runtime folder was removed by whoever tidies /tmp."""
        folder = runtime_folder()
        return folder, Turns(folder, self._kind, self._names)

    def _lock(self, reserved: set[str]) -> dict[str, FileLock]:
        """As many locks as a trial needs, or none."""
        taken: dict[str, FileLock] = {}
        for name in self._names:
            if name in self._held or name in reserved:
                continue
            lock = FileLock(f"{self._folder}/{name.replace('/', '_')}.lock")
            if lock.try_acquire():
                taken[name] = lock
                if len(taken) == self._needed:
                    return taken
        for lock in taken.values():
            lock.release()
        return {}
