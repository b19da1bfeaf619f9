"""Which logged name was meant."""

import difflib
from collections.abc import Sequence

#: Names shown at most.
_SHOWN = 5


def nearest_names(names: Sequence[str], wanted: str) -> list[str]:
    """The same names, those most like `wanted` first, the others in the order given."""
    plain = {name: name.casefold() for name in names}
    near = difflib.get_close_matches(wanted.casefold(), list(plain.values()), n=3, cutoff=0.3)
    close = [name for text in near for name in names if plain[name] == text]
    return list(dict.fromkeys([*close, *names]))


def metric_hint(names: Sequence[str], wanted: str) -> str:
    """'you log 'val_loss'; the sweep wants 'val/loss'', the nearest names first."""
    shown = nearest_names(names, wanted)
    more = f" and {len(shown) - _SHOWN} more" if len(shown) > _SHOWN else ""
    return f"you log {', '.join(repr(name) for name in shown[:_SHOWN])}{more}; the sweep wants {wanted!r}"
