"""Azure's rules where ours are wider."""

from overdrive.errors import SpecError
from overdrive.space.expression import Expression
from overdrive.space.reals import Quantised


def check_strict(expression: Expression, hyperparameter: str | None = None) -> None:
    """Raises SpecError where Azure's client refuses what we take: there q is an integer, or a float equal to one.

    hyperparameter: the name to blame, where it is known.
    """
    if not isinstance(expression, Quantised) or float(expression.q).is_integer():
        return
    field = "q" if hyperparameter is None else f"parameter_space[{hyperparameter!r}]"
    allowed = "an integral q"
    message = f"{field}: {expression!r} is not allowed in strict mode: it takes {allowed}"
    raise SpecError(message, field=field, value=expression.q, allowed=allowed)
