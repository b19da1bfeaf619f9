"""HyperDrive's functions, as users call them: each gives a frozen expression.

The arguments are those of HyperDrive's client, checked as it checks them, with two liberties: NumPy scalars are taken,
and q may be any number above 0 (`check_strict` has Azure's rule).
"""

from overdrive.errors import SpecError
from overdrive.space.choices import MAX_OPTIONS
from overdrive.space.choices import Choice
from overdrive.space.choices import too_many
from overdrive.space.integers import RandInt
from overdrive.space.lognormals import LogNormal
from overdrive.space.lognormals import QLogNormal
from overdrive.space.loguniforms import LogUniform
from overdrive.space.loguniforms import QLogUniform
from overdrive.space.normals import Normal
from overdrive.space.normals import QNormal
from overdrive.space.uniforms import QUniform
from overdrive.space.uniforms import Uniform


def choice(*options: object) -> Choice:
    """One of the given values: `choice(16, 32)`, `choice(range(1, 5))` or `choice([16, 32])`.

    A range or a list stands alone and is not empty; a tuple is one value (a list, once it is JSON). Values keep their
    type. Raises SpecError for no value, a range or list among others, and values that are no plain JSON.
    """
    listed = [option for option in options if isinstance(option, (list, range))]
    if not listed:
        return Choice(options)
    if len(options) > 1:
        allowed = "separate values, or one list, or one range, and nothing beside it"
        message = f"choice: {listed[0]!r} stands among other values; choice takes {allowed}"
        hint = "to choose among lists, give them within one list: choice([[1, 2], [3, 4]])"
        raise SpecError(message, field="options", value=list(options), allowed=allowed, hint=hint)
    # Asked before the range is listed: it may be far longer than memory.
    if len(listed[0]) > MAX_OPTIONS:
        raise too_many(len(listed[0]))
    return Choice(tuple(listed[0]))


def randint(upper: int) -> RandInt:
    """An integer in [0, upper). Raises SpecError unless `upper` is an integer above 0."""
    return RandInt(upper)


def uniform(min_value: float, max_value: float) -> Uniform:
    """A real number, uniform in [min_value, max_value]. Raises SpecError unless min_value < max_value."""
    return Uniform(min_value, max_value)


def quniform(min_value: float, max_value: float, q: float) -> QUniform:
    """round(uniform(min_value, max_value) / q) * q. Raises SpecError unless min_value < max_value and q > 0."""
    return QUniform(min_value, max_value, q)


def loguniform(min_value: float, max_value: float) -> LogUniform:
    """exp(uniform(min_value, max_value)): the bounds are natural logarithms, loguniform(-7, -1) is 0.0009 to 0.37.

    Raises SpecError unless min_value <= max_value.
    """
    return LogUniform(min_value, max_value)


def qloguniform(min_value: float, max_value: float, q: float) -> QLogUniform:
    """round(exp(uniform(min_value, max_value)) / q) * q. Raises SpecError as `loguniform` does, and unless q > 0."""
    return QLogUniform(min_value, max_value, q)


def normal(mu: float, sigma: float) -> Normal:
    """A real number, Gaussian with mean mu and standard deviation sigma. Raises SpecError unless sigma >= 0."""
    return Normal(mu, sigma)


def qnormal(mu: float, sigma: float, q: float) -> QNormal:
    """round(normal(mu, sigma) / q) * q. Raises SpecError unless sigma >= 0 and q > 0."""
    return QNormal(mu, sigma, q)


def lognormal(mu: float, sigma: float) -> LogNormal:
    """exp(normal(mu, sigma)). Raises SpecError unless sigma >= 0."""
    return LogNormal(mu, sigma)


def qlognormal(mu: float, sigma: float, q: float) -> QLogNormal:
    """round(exp(normal(mu, sigma)) / q) * q. Raises SpecError unless sigma >= 0 and q > 0."""
    return QLogNormal(mu, sigma, q)
