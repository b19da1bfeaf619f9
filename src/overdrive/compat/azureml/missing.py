"""What is said of a member, or an argument, of Azure's classes that is not here."""

from collections.abc import Iterable

from overdrive.client.warn import warn
from overdrive.compat.azureml.coverage import NOT_HERE
from overdrive.compat.azureml.coverage import sentence_of

__all__ = ["NamesMissing", "warn_of_unknown"]


class NamesMissing:
    """Base of classes that stand for Azure's: a public member that they lack is refused in one sentence.

    It stays an AttributeError, since scripts ask with hasattr.
    """

    def __getattr__(self, name: str) -> object:
        """Called only for names that are not found. Raises AttributeError."""
        kind = type(self).__name__
        if name.startswith("_"):
            raise AttributeError(f"{kind!r} object has no attribute {name!r}")
        if f"{kind}.{name}" in NOT_HERE:
            raise AttributeError(sentence_of(f"{kind}.{name}"))
        raise AttributeError(
            f"Overdrive's {kind} has no {name!r}: it is Azure's alone or not in this version; see docs/azureml.md"
        )


def warn_of_unknown(call: str, names: Iterable[str]) -> None:
    """Warns of arguments by name that `call` takes only since Azure's takes any; not of private ones."""
    unknown = ", ".join(name for name in names if not name.startswith("_"))
    if unknown:
        warn(f"{call} has no argument {unknown}: it is left out")
