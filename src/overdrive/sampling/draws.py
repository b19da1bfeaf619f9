"""Units drawn from a seed: each from its own text, so that none depends on what else is drawn, or in which order."""

import functools
from collections.abc import Callable
from typing import Any


def draw_unit(seed: int, draw: int, name: str) -> float:
    """A number in [0, 1), uniform: the first 53 bits of the SHA-256 of `overdrive:<seed>:<draw>:<name>`.

    The same on every machine and in every version of Python. The draws of one hyperparameter do not change when others
    are added, removed or put in another order.
    """
    digest = _sha256()(f"overdrive:{seed}:{draw}:{name}".encode()).digest()
    return (int.from_bytes(digest[:8], "big") >> 11) * 2.0**-53


@functools.cache
def _sha256() -> Callable[[bytes], Any]:
    # Loaded late: about 7 ms, which submitting a sweep need not pay.
    from hashlib import sha256  # noqa: PLC0415

    return sha256
