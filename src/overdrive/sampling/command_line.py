"""The command line's form of a sampling: `random`, `random(seed=3)`, `grid`, `bayesian`, a plug-in's `name(…)`."""

from collections.abc import Mapping

from overdrive.errors import SpecError
from overdrive.sampling.config import HyperParameterSampling
from overdrive.sampling.config import build_sampling
from overdrive.space import parse_call


def parse_sampling(text: str, space: Mapping[str, object], *, strict: bool = False) -> HyperParameterSampling:
    """The sampling over `space` that `text` names, in any case, with properties as keyword arguments.

    Nothing is evaluated. Raises SpecError for an unreadable text, an unknown name, properties that do not exist.
    """
    name, args, kwargs = parse_call(text, "sampling")
    if args:
        allowed = "properties with their names, such as random(seed=3)"
        message = f"sampling {text!r}: {name} takes {allowed}"
        raise SpecError(message, field="sampling", value=list(args), allowed=allowed)
    return build_sampling(name, space, kwargs, strict=strict)
