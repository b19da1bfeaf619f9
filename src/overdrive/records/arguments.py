"""How a configuration reaches the script: HyperDrive's `--name value`, one argv entry each."""

import json

from overdrive.errors import SpecError
from overdrive.records.spec import SweepSpec


def argument_text(value: object) -> str:
    """The text of one value.

    Floats: the shortest text that reads back exactly, integral ones without '.0' (scripts read a `quniform` with
    type=int), negative
    ones never in exponent form (argparse takes -0.00001 and refuses -1e-05). bool and None by str(), lists and dicts
    as JSON.
    Raises SpecError for text with a NUL, which no argument can hold.
    """
    if isinstance(value, (list, tuple, dict)):
        return json.dumps(value)
    if isinstance(value, bool) or not isinstance(value, float):
        text = str(value)
        if "\0" in text:
            raise SpecError(f"the value {text!r} holds a NUL character, which no command-line argument can carry")
        return text
    if value.is_integer() and abs(value) < 1e16:
        return "-0" if value == 0 and str(value)[0] == "-" else str(int(value))
    text = repr(value)
    return _without_exponent(text) if text.startswith("-") and "e" in text else text


def _without_exponent(text: str) -> str:
    """`-1.5e-05` as `-0.000015`: the same digits, so it reads back as the same float."""
    digits, _, exponent = text[1:].partition("e")
    whole, _, fraction = digits.partition(".")
    point = len(whole) + int(exponent)
    digits = whole + fraction
    if point <= 0:
        return "-0." + "0" * -point + digits
    return "-" + digits.ljust(point, "0")[:point] + ("." + digits[point:] if len(digits) > point else "")


def option_name(name: str) -> str:
    """`lr` as `--lr`; a name that has leading dashes keeps them."""
    return name if name.startswith("-") else f"--{name}"


def script_arguments(spec: SweepSpec, trial: int, outputs: str) -> tuple[str, ...]:
    """The script's own arguments in one trial; where it goes on with an earlier one, `--resume-from` and the folder of
    the outputs behind them, as Azure puts them."""
    resumes = trial < len(spec.resume_children)
    return (*spec.run.arguments, "--resume-from", outputs) if resumes else spec.run.arguments


def flat_arguments(arguments: tuple[str, ...], configuration: dict[str, object]) -> list[str]:
    """The script's own arguments, then name and value of each hyperparameter, always apart (runDefinition's
    Arguments)."""
    flat = list(arguments)
    for name, value in configuration.items():
        flat += [option_name(name), argument_text(value)]
    return flat


def trial_arguments(arguments: tuple[str, ...], configuration: dict[str, object]) -> list[str]:
    """What the script receives: as `flat_arguments`, but a string that begins with '-' is joined as `--name=value`.

    argparse would take such a string for an option; numbers it takes as they are.
    """
    argv = list(arguments)
    for name, value in configuration.items():
        option, text = option_name(name), argument_text(value)
        argv += [f"{option}={text}"] if isinstance(value, str) and text.startswith("-") else [option, text]
    return argv
