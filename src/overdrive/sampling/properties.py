"""The properties that samplers take."""

from collections.abc import Mapping
from collections.abc import Sequence

from overdrive.errors import SpecError
from overdrive.space import closest

#: Seeds from 0 up to it fit the store.
MAX_SEED = 2**63 - 1
#: How random sampling draws: independently, or along Sobol's sequence.
RULES = ("random", "sobol")


def checked_seed(seed: object, field: str = "seed") -> int:
    """`seed` as an int from 0 to 2**63 - 1. Raises SpecError for anything else."""
    if isinstance(seed, int) and not isinstance(seed, bool) and 0 <= seed <= MAX_SEED:
        return seed
    raise SpecError(field=field, value=seed, allowed="an integer from 0 to 2**63 - 1")


def check_properties(properties: Mapping[str, object], known: Sequence[str]) -> None:
    """Raises SpecError for a property that is not in `known`, for an unusable seed, and for an unknown rule.

    `rule` is Azure's way to ask random sampling for a low-discrepancy sequence: 'random' or 'sobol', in any case.
    """
    for name, value in properties.items():
        if name not in known:
            allowed = f"the properties {', '.join(known)}" if known else "no properties"
            guess = closest(str(name), known)
            message = f"properties has {name!r}, but this sampling takes {allowed}"
            hint = f"did you mean {guess}?" if guess else None
            raise SpecError(message, field="properties", value=name, allowed=allowed, hint=hint)
        if name == "seed":
            checked_seed(value, "properties['seed']")
        if name == "rule" and str(value).lower() not in RULES:
            raise SpecError(field="properties['rule']", value=value, allowed=" or ".join(map(repr, RULES)))
