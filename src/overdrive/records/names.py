"""Which logged name was meant."""

from collections.abc import Sequence


def nearest_names(names: Sequence[str], wanted: str) -> list[str]:
    """The same names, those most like `wanted` first, the others in the order given."""
    import difflib  # noqa: PLC0415 - only where a name is missing: the engine's start does not pay for it

    plain = {name: name.casefold() for name in names}
    near = difflib.get_close_matches(wanted.casefold(), list(plain.values()), n=3, cutoff=0.3)
    close = [name for text in near for name in names if plain[name] == text]
    return list(dict.fromkeys([*close, *names]))
