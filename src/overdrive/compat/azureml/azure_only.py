"""Names that only Azure can give a meaning: they import, take settings, and answer with one sentence when they act."""

from collections.abc import Callable
from typing import Any
from typing import NoReturn

from overdrive.compat.azureml.coverage import sentence_of
from overdrive.compat.azureml.exceptions import UserErrorException
from overdrive.errors import UnsupportedError

__all__ = ["AzureOnlyException", "answer", "stand_in"]

#: Ends of the names of classes and functions that only hold settings: they do nothing, so they refuse nothing.
_SETTINGS = ("config", "configuration", "settings")


class AzureOnlyException(UserErrorException, UnsupportedError):
    """This has a meaning in Azure only.

    name: what was used, as coverage knows it. Its text is one sentence: what it is, and what to do instead.
    """

    def __init__(self, name: str) -> None:
        super().__init__(sentence_of(name), field=name)

    def __str__(self) -> str:
        return self.message


class AzureOnlyKeyError(AzureOnlyException, KeyError):
    """The same, of a thing that a mapping has in Azure only."""

    __str__ = AzureOnlyException.__str__


class NothingHere(dict):
    """An empty mapping of what only Azure has: asked for one of them by its name it raises AzureOnlyKeyError.

    name: what it would have, as coverage knows it.
    """

    def __init__(self, name: str) -> None:
        super().__init__()
        self._name = name

    def __missing__(self, key: object) -> NoReturn:
        raise AzureOnlyKeyError(self._name)


class Settings:
    """Settings of something that only Azure does: kept as given."""

    def __init__(self, *given: object, **settings: object) -> None:
        self.given = given
        self.__dict__.update(settings)

    def __repr__(self) -> str:
        return f"{type(self).__name__}({', '.join(name for name in vars(self) if name != 'given')})"


class _StandIn(type):
    """Type of the stand-ins: all of their members are there."""

    def __getattr__(cls, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(f"type object {cls.__name__!r} has no attribute {name!r}")
        return Settings if _only_holds(name) else answer(f"{cls.__name__}.{name}", cls.__name__)

    def __call__(cls, *args: object, **kwargs: object) -> NoReturn:
        raise AzureOnlyException(cls.__name__)


def stand_in(name: str) -> type:
    """A class of that name: one that holds settings where its name says so, else one that answers when it is used."""
    if _only_holds(name):
        return type(name, (Settings,), {"__doc__": f"{name}: kept as given."})
    return _StandIn(name, (), {"__doc__": sentence_of(name)})


def answer(name: str, topic: str | None = None) -> Callable[..., NoReturn]:
    """A function that raises AzureOnlyException, whatever it is given.

    topic: the name under which coverage knows it; default `name`.
    """

    def refuse(*args: object, **kwargs: object) -> NoReturn:
        raise AzureOnlyException(topic or name)

    refuse.__name__ = name.rpartition(".")[2]
    refuse.__doc__ = sentence_of(topic or name)
    return refuse


def _only_holds(name: str) -> bool:
    return name.lower().endswith(_SETTINGS)
