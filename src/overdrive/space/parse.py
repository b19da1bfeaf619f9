"""Expressions as the command line writes them: `loguniform(-7, -1)`, `uniform(low=0, high=1)`, `choice(adam, sgd)`."""

from overdrive.errors import SpecError
from overdrive.space.call import parse_call
from overdrive.space.choices import Choice
from overdrive.space.expression import Expression
from overdrive.space.functions import choice
from overdrive.space.kinds import argument_names
from overdrive.space.kinds import kind_named
from overdrive.space.lazy import closest

#: Short names that people write for HyperDrive's.
ALIASES = {"low": "min_value", "high": "max_value"}


def parse_expression(text: str) -> Expression:
    """The expression that `text` writes, by HyperDrive's names; `low` and `high` stand for min_value and max_value.

    Nothing is evaluated. Raises SpecError with one sentence: for an unreadable text with the position, for a name or
    argument that does not exist with the nearest one as a hint, and for arguments that do not fit.
    """
    name, args, kwargs = parse_call(text)
    kind = kind_named(name)
    if kind is not Choice:
        return kind(**_bound(name, args, kwargs))
    if kwargs:
        allowed = "values without names"
        message = f"choice takes {allowed}, but got {', '.join(kwargs)}"
        raise SpecError(message, field=next(iter(kwargs)), value=kwargs, allowed=allowed)
    return choice(*args)


def _bound(name: str, args: tuple, kwargs: dict[str, object]) -> dict[str, object]:
    """The arguments by name, each given once, none missing."""
    names = argument_names(name)
    if len(args) > len(names):
        raise _misfit(name, names, list(args), f"got {len(args)} arguments")
    bound = dict(zip(names, args, strict=False))
    for written, value in kwargs.items():
        argument = ALIASES.get(written, written)
        if argument not in names:
            guess = closest(written, (*names, *_aliases(names)))
            raise _misfit(name, names, written, f"has no argument {written!r}", guess)
        if argument in bound:
            raise _misfit(name, names, written, f"got {argument} twice")
        bound[argument] = value
    missing = [argument for argument in names if argument not in bound]
    if missing:
        raise _misfit(name, names, list(bound), f"lacks {' and '.join(missing)}")
    return bound


def _aliases(names: tuple[str, ...]) -> list[str]:
    return [alias for alias, argument in ALIASES.items() if argument in names]


def _misfit(name: str, names: tuple[str, ...], value: object, problem: str, guess: str | None = None) -> SpecError:
    allowed = f"{name}({', '.join(names)})"
    hint = f"did you mean {guess}?" if guess else None
    message = f"{name} {problem}: it takes {allowed}"
    return SpecError(message, field="arguments", value=value, allowed=allowed, hint=hint)
