"""Azure's parameter expressions: functions that return `[name, arguments]`, with Azure's checks."""

from collections.abc import Sequence

from overdrive.compat.azureml.exceptions import HyperDriveConfigException

__all__ = [
    "choice",
    "lognormal",
    "loguniform",
    "normal",
    "qlognormal",
    "qloguniform",
    "qnormal",
    "quniform",
    "randint",
    "uniform",
]


def choice(*options: object) -> list:
    """One of the given values: separate arguments, a `range`, or one list. A tuple or an array is one option.

    Raises HyperDriveConfigException for no options, and for a range or list beside other options.
    """
    if not options:
        raise HyperDriveConfigException(field="choice", value=(), allowed="at least one option")
    sets = [option for option in options if isinstance(option, (range, list))]
    if not sets:
        return ["choice", [list(options)]]
    if len(options) > 1:
        raise HyperDriveConfigException(
            field="choice", value=options, allowed="a range or a list only as its one option"
        )
    if not sets[0]:
        raise HyperDriveConfigException(field="choice", value=sets[0], allowed="a range or list that is not empty")
    return ["choice", [list(sets[0])]]


def randint(upper: int) -> list:
    """A whole number from 0 to `upper` - 1. Raises HyperDriveConfigException unless `upper` is an int above 0."""
    if not isinstance(upper, int) or upper <= 0:
        raise HyperDriveConfigException(field="randint.upper", value=upper, allowed="a whole number above 0")
    return ["randint", [upper]]


def uniform(min_value: float, max_value: float) -> list:
    """A real number in [min_value, max_value]. Raises HyperDriveConfigException unless min_value < max_value."""
    return ["uniform", _range("uniform", min_value, max_value, may_be_equal=False)]


def quniform(min_value: float, max_value: float, q: float) -> list:
    """round(uniform(min_value, max_value) / q) · q. Raises HyperDriveConfigException; q is a whole number."""
    return ["quniform", [*_range("quniform", min_value, max_value, may_be_equal=False), _step("quniform", q)]]


def loguniform(min_value: float, max_value: float) -> list:
    """exp(uniform(min_value, max_value)): the bounds are natural logarithms. Raises HyperDriveConfigException."""
    return ["loguniform", _range("loguniform", min_value, max_value, may_be_equal=True)]


def qloguniform(min_value: float, max_value: float, q: float) -> list:
    """round(exp(uniform(min_value, max_value)) / q) · q. Raises HyperDriveConfigException; q is a whole number."""
    return ["qloguniform", [*_range("qloguniform", min_value, max_value, may_be_equal=True), _step("qloguniform", q)]]


def normal(mu: float, sigma: float) -> list:
    """A Gaussian real number. Raises HyperDriveConfigException unless sigma >= 0."""
    return ["normal", _gaussian("normal", mu, sigma)]


def qnormal(mu: float, sigma: float, q: float) -> list:
    """round(normal(mu, sigma) / q) · q. Raises HyperDriveConfigException; q is a whole number."""
    return ["qnormal", [*_gaussian("qnormal", mu, sigma), _step("qnormal", q)]]


def lognormal(mu: float, sigma: float) -> list:
    """exp(normal(mu, sigma)). Raises HyperDriveConfigException unless sigma >= 0."""
    return ["lognormal", _gaussian("lognormal", mu, sigma)]


def qlognormal(mu: float, sigma: float, q: float) -> list:
    """round(exp(normal(mu, sigma)) / q) · q. Raises HyperDriveConfigException; q is a whole number."""
    return ["qlognormal", [*_gaussian("qlognormal", mu, sigma), _step("qlognormal", q)]]


def _numbers(name: str, values: dict[str, object]) -> Sequence[float]:
    for field, value in values.items():
        if not isinstance(value, (int, float)):
            raise HyperDriveConfigException(field=f"{name}.{field}", value=value, allowed="an int or a float")
    return list(values.values())  # type: ignore[return-value]


def _range(name: str, low: object, high: object, *, may_be_equal: bool) -> list:
    low, high = _numbers(name, {"min_value": low, "max_value": high})
    if not (low < high or (may_be_equal and low == high)):
        allowed = f"a value {'not above' if may_be_equal else 'below'} max_value = {high!r}"
        raise HyperDriveConfigException(field=f"{name}.min_value", value=low, allowed=allowed)
    return [low, high]


def _gaussian(name: str, mu: object, sigma: object) -> list:
    mu, sigma = _numbers(name, {"mu": mu, "sigma": sigma})
    if not sigma >= 0:
        raise HyperDriveConfigException(field=f"{name}.sigma", value=sigma, allowed="0 or more")
    return [mu, sigma]


def _step(name: str, q: object) -> object:
    if not isinstance(q, (int, float)) or not float(q).is_integer():
        raise HyperDriveConfigException(field=f"{name}.q", value=q, allowed="a whole number, as int or float")
    return q
