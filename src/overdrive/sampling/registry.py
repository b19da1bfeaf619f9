"""Which sampler has which name: the built-in ones, and others' by entry point."""

import importlib
from collections.abc import Iterable
from collections.abc import Mapping
from typing import TYPE_CHECKING

from overdrive.errors import SpecError
from overdrive.sampling.properties import checked_seed
from overdrive.sampling.sampler import Sampler
from overdrive.space import Space
from overdrive.space import closest

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

#: Where other packages announce their samplers: `NAME = "package.module:Class"`, NAME being its SAMPLING_NAME.
ENTRY_POINTS = "overdrive.samplers"

#: As entry points: a built-in sampler is loaded like anybody else's, when it is asked for.
_BUILT_IN = {
    "RANDOM": "overdrive.sampling.random_draws:RandomSampler",
    "GRID": "overdrive.sampling.grid:GridSampler",
    "SOBOL": "overdrive.sampling.sobol:SobolSampler",
    "BayesianOptimization": "overdrive.sampling.bayesian:BayesianSampler",
}

#: Short names beside the samplers' own.
_SHORT = {"bayesian": "BayesianOptimization"}


def find_sampler(name: str) -> type[Sampler]:
    """The class of the sampler with this name, in any case. Raises SpecError where there is none, or it cannot load."""
    wanted = _SHORT.get(name.lower(), name).lower()
    for known, place in _BUILT_IN.items():
        if known.lower() == wanted:
            module, _, attribute = place.partition(":")
            return getattr(importlib.import_module(module), attribute)
    points = _entry_points()
    for point in points:
        if point.name.lower() == wanted:
            return _load(point)
    raise _unknown(name, [*_BUILT_IN, *sorted(point.name for point in points)])


def build_sampler(sampling_json: Mapping[str, object], space: Space, seed: int) -> Sampler:
    """The sampler of a sweep: sampling_json is {"name": …, "properties": {…}} as the sweep's spec has it.

    `seed` is the sweep's; a seed among the properties only says where it came from. Raises SpecError for an unknown
    name and for properties or a space that the sampler cannot use, UnsupportedError for a sampler that is not here yet.
    """
    name, properties = unpacked(sampling_json)
    sampler = find_sampler(name)
    sampler.check(space, properties, strict=False)
    return sampler(space, checked_seed(seed), properties)


def unpacked(sampling_json: object) -> tuple[str, Mapping[str, object]]:
    """The name and the properties in a sampling's JSON. Raises SpecError for another shape."""
    name = sampling_json.get("name") if isinstance(sampling_json, Mapping) else None
    if not isinstance(name, str) or not isinstance(sampling_json, Mapping):
        raise SpecError(field="sampling", value=sampling_json, allowed='{"name": …, "properties": {…}}')
    return name, checked_properties(sampling_json.get("properties"))


def checked_properties(properties: object) -> Mapping[str, object]:
    """`properties` as a mapping, None as an empty one. Raises SpecError for anything else."""
    if properties is None:
        return {}
    if isinstance(properties, Mapping):
        return properties
    raise SpecError(field="properties", value=properties, allowed="a dict, or None")


def _entry_points() -> "list[EntryPoint]":
    # Loaded late: it costs more than all of this room, and built-in samplers do not need it.
    from importlib.metadata import entry_points  # noqa: PLC0415

    return list(entry_points(group=ENTRY_POINTS))


def _load(point: "EntryPoint") -> type[Sampler]:
    hint = "install the package that announces it again, or remove it"
    try:
        sampler = point.load()
    except (ImportError, AttributeError) as error:
        message = f"sampler {point.name} cannot be loaded from {point.value}: {error}"
        raise SpecError(message, field="sampling", value=point.name, hint=hint) from error
    members = ("SAMPLING_NAME", "check", "suggest", "uses_history")
    is_sampler = isinstance(sampler, type) and all(hasattr(sampler, member) for member in members)
    if is_sampler and sampler.SAMPLING_NAME.lower() == point.name.lower():
        return sampler
    message = f"sampler {point.name}: {point.value} is no sampler class with SAMPLING_NAME = {point.name!r}"
    raise SpecError(message, field="sampling", value=point.name, hint=hint)


def _unknown(name: str, names: Iterable[str]) -> SpecError:
    guess = closest(name, [*names, *_SHORT])
    hint = f"did you mean {guess}?" if guess else None
    return SpecError(field="sampling", value=name, allowed=", ".join(names), hint=hint)
