"""The ten expressions by name, and how one is read back from HyperDrive's JSON."""

from dataclasses import fields
from typing import Any

from overdrive.errors import SpecError
from overdrive.space.choices import Choice
from overdrive.space.expression import Expression
from overdrive.space.integers import RandInt
from overdrive.space.lazy import closest
from overdrive.space.lognormals import LogNormal
from overdrive.space.lognormals import QLogNormal
from overdrive.space.loguniforms import LogUniform
from overdrive.space.loguniforms import QLogUniform
from overdrive.space.normals import Normal
from overdrive.space.normals import QNormal
from overdrive.space.uniforms import QUniform
from overdrive.space.uniforms import Uniform

_CLASSES = (
    Choice,
    RandInt,
    Uniform,
    QUniform,
    LogUniform,
    QLogUniform,
    Normal,
    QNormal,
    LogNormal,
    QLogNormal,
)

#: HyperDrive's name → class.
EXPRESSIONS: dict[str, Any] = {kind.name: kind for kind in _CLASSES}


def argument_names(name: str) -> tuple[str, ...]:
    """The names of the arguments of expression `name`, in order, such as ('min_value', 'max_value')."""
    return tuple(field.name for field in fields(EXPRESSIONS[name]) if field.init)


def kind_named(name: str) -> Any:
    """The class of the expression `name`. Raises SpecError, with the nearest name as a hint."""
    if name in EXPRESSIONS:
        return EXPRESSIONS[name]
    allowed = ", ".join(EXPRESSIONS)
    guess = closest(name, EXPRESSIONS)
    raise SpecError(
        f"there is no expression {name!r}: the expressions are {allowed}",
        field="expression",
        value=name,
        allowed=allowed,
        hint=f"did you mean {guess}?" if guess else None,
    )


def expression_from_json(data: object) -> Expression:
    """The expression that HyperDrive's list `[name, arguments]` stands for: `["uniform", [0, 1]]`.

    Raises SpecError for another shape, an unknown name, a wrong number of arguments, arguments that do not fit.
    """
    pair = _pair(data)
    if pair is None:
        raise _no_expression(data)
    name, arguments = pair
    kind = kind_named(name)
    if kind is Choice:
        return Choice(_options(arguments))
    names = argument_names(name)
    if len(arguments) != len(names):
        allowed = f"{len(names)} argument{'s' * (len(names) > 1)}: {', '.join(names)}"
        message = f"{name} got {list(arguments)!r}, but takes {allowed}"
        raise SpecError(message, field="arguments", value=list(arguments), allowed=allowed)
    return kind(*arguments)


def _pair(data: object) -> tuple[str, list | tuple] | None:
    if not isinstance(data, (list, tuple)) or len(data) != 2:
        return None
    name, arguments = data
    return (name, arguments) if isinstance(name, str) and isinstance(arguments, (list, tuple)) else None


def _no_expression(data: object) -> SpecError:
    allowed = "an expression such as uniform(0, 1) or choice(16, 32), or its list such as ['uniform', [0, 1]]"
    message = f"{data!r} is not an expression: it takes {allowed}"
    hint = f"write choice({data!r})" if isinstance(data, (list, bool, int, float, str)) and data else None
    return SpecError(message, field="expression", value=data, allowed=allowed, hint=hint)


def _options(arguments: list | tuple) -> tuple:
    if len(arguments) == 1 and isinstance(arguments[0], (list, tuple)):
        return tuple(arguments[0])
    allowed = "one list of values, as in ['choice', [[16, 32]]]"
    message = f"choice got {list(arguments)!r}, but takes {allowed}"
    raise SpecError(message, field="arguments", value=list(arguments), allowed=allowed)
