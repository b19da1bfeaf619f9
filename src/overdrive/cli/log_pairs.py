"""Logs from a shell: `overdrive log`."""

from collections.abc import Sequence

from overdrive.errors import SpecError
from overdrive.report import NotInTrialError
from overdrive.report import UserErrorException
from overdrive.report import append


def log_pairs(pairs: Sequence[str], step: float | None) -> None:
    """Appends each NAME=VALUE to the trial's spool. Raises SpecError outside a trial and for what is no such pair."""
    parsed = [_parse(pair) for pair in pairs]
    for name, value in parsed:
        try:
            append(name, value, step)
        except NotInTrialError:
            hint = "call it in a script that a sweep runs; what it logs goes to the file named in OVERDRIVE_METRICS"
            raise SpecError("this is no trial: `overdrive log` works inside one only", hint=hint) from None
        except UserErrorException as error:
            raise SpecError(str(error)) from error


def _parse(pair: str) -> tuple[str, object]:
    name, equals, text = pair.partition("=")
    if not equals or not name:
        raise SpecError(f"{pair!r} is not allowed: it takes NAME=VALUE, such as accuracy=0.93")
    return name, _number(text)


def _number(text: str) -> object:
    """An int or a float where the text is one as programs print them; else the text."""
    plain = text.strip()
    if "_" not in plain:
        for kind in (int, float):
            try:
                return kind(plain)
            except ValueError:
                continue
    return text
