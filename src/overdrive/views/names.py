"""Which logged name was meant."""

from collections.abc import Sequence

from overdrive.records import nearest_names

#: Names shown at most.
_SHOWN = 5


def metric_hint(names: Sequence[str], wanted: str) -> str:
    """'you log 'val_loss'; the sweep wants 'val/loss'', the nearest names first."""
    shown = nearest_names(names, wanted)
    more = f" and {len(shown) - _SHOWN} more" if len(shown) > _SHOWN else ""
    return f"you log {', '.join(repr(name) for name in shown[:_SHOWN])}{more}; the sweep wants {wanted!r}"
