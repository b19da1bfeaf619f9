"""How many of this machine's slots are taken, by whatever sweep."""

import os
from dataclasses import dataclass

from overdrive.errors import OverdriveError
from overdrive.host.locks import is_held
from overdrive.host.machine import gpus
from overdrive.host.runtime import runtime_folder
from overdrive.host.slots import slot_count


@dataclass(frozen=True, slots=True)
class SlotUse:
    """Slots (or GPUs) of this machine."""

    #: How many there are; None where OVERDRIVE_SLOTS is unreadable.
    total: int | None
    #: How many are held at the moment.
    held: int

    @property
    def are_all_held(self) -> bool:
        return self.total is not None and self.held >= self.total


def slot_use(on_gpus: bool = False) -> SlotUse:
    """Looks at the locks; takes none. The next moment may differ."""
    try:
        folder = runtime_folder()
        total = len(gpus()) if on_gpus else slot_count()
    except OverdriveError:
        return SlotUse(None, 0)
    names = [f"gpu-{gpu}" for gpu in gpus()] if on_gpus else [f"slot-{index}" for index in range(total)]
    return SlotUse(total, sum(is_held(os.path.join(folder, f"{name}.lock")) for name in names))
