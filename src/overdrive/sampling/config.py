"""What users write to choose a sampling: HyperDrive's classes, plain data with checks."""

from collections.abc import Mapping
from typing import ClassVar

from overdrive.errors import SpecError
from overdrive.sampling.properties import checked_seed
from overdrive.sampling.registry import checked_properties
from overdrive.sampling.registry import find_sampler
from overdrive.sampling.registry import unpacked
from overdrive.space import Space
from overdrive.space import plain


class HyperParameterSampling:
    """A sampling over a search space, by the name of its sampler: the base of the named ones, and what plug-ins use.

    sampling_method_name: a sampler's name, in any case. parameter_space: name → expression (or HyperDrive's list
    `["uniform", [0, 1]]`), not empty. properties: what the sampler takes beside it, plain JSON. strict: keep the limits
    that Azure documents.

    Raises SpecError, naming the field, for an unknown sampler and for what the sampler cannot use.
    """

    __slots__ = ("_name", "_properties", "_space", "_strict")

    def __init__(
        self,
        sampling_method_name: str,
        parameter_space: Mapping[str, object],
        properties: Mapping[str, object] | None = None,
        *,
        strict: bool = False,
    ) -> None:
        sampler = find_sampler(sampling_method_name)
        if parameter_space is None or (isinstance(parameter_space, Mapping) and not parameter_space):
            allowed = "at least one hyperparameter"
            message = "parameter_space must not be empty"
            raise SpecError(message, field="parameter_space", value=parameter_space, allowed=allowed)
        self._space = parameter_space if isinstance(parameter_space, Space) else Space(parameter_space)
        self._properties = {str(name): plain(value) for name, value in checked_properties(properties).items()}
        self._strict = strict
        self._name = sampler.SAMPLING_NAME
        sampler.check(self._space, self._properties, strict)

    @property
    def name(self) -> str:
        """The sampler's name: 'RANDOM', 'GRID', 'BayesianOptimization', or a plug-in's."""
        return self._name

    @property
    def space(self) -> Space:
        """The search space."""
        return self._space

    @property
    def properties(self) -> dict[str, object]:
        """What the sampler takes beside the space; a copy."""
        return {name: plain(value) for name, value in self._properties.items()}

    @property
    def seed(self) -> int | None:
        """The seed that the user gave, or None: then the sweep draws one when it is submitted."""
        seed = self._properties.get("seed")
        return None if seed is None else checked_seed(seed, "properties['seed']")

    @property
    def strict(self) -> bool:
        """Whether Azure's limits are kept."""
        return self._strict

    def to_json(self) -> dict:
        """HyperDrive's form, a dict: name, parameter_space, and properties where there are any."""
        data: dict = {"name": self._name, "parameter_space": self._space.to_json()}
        return {**data, "properties": self.properties} if self._properties else data

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, HyperParameterSampling):
            return NotImplemented
        mine, theirs = (self._name, self._space, self._properties), (other._name, other._space, other._properties)
        return mine == theirs

    def __hash__(self) -> int:
        return hash((self._name, self._space))

    def __repr__(self) -> str:
        properties = f", properties={self._properties!r}" if self._properties else ""
        return f"{type(self).__name__}({dict(self._space)!r}{properties})"


class RandomParameterSampling(HyperParameterSampling):
    """Configurations drawn at random, none twice; any expression, and any early-termination policy.

    seed: the same seed gives the same configurations; by default the sweep draws one and keeps it. Raises SpecError.
    """

    SAMPLING_NAME: ClassVar[str] = "RANDOM"
    __slots__ = ()

    def __init__(
        self,
        parameter_space: Mapping[str, object],
        properties: Mapping[str, object] | None = None,
        *,
        seed: int | None = None,
        strict: bool = False,
    ) -> None:
        super().__init__(self.SAMPLING_NAME, parameter_space, with_seed(properties, seed), strict=strict)


class GridParameterSampling(HyperParameterSampling):
    """Every combination once; `choice` only. Raises SpecError."""

    SAMPLING_NAME: ClassVar[str] = "GRID"
    __slots__ = ()

    def __init__(
        self,
        parameter_space: Mapping[str, object],
        properties: Mapping[str, object] | None = None,
        *,
        strict: bool = False,
    ) -> None:
        super().__init__(self.SAMPLING_NAME, parameter_space, properties, strict=strict)


class BayesianParameterSampling(HyperParameterSampling):
    """The next configuration from the results of the earlier ones; any expression.

    strict: choice, uniform and quniform only, as Azure documents. seed: as for random sampling.
    Raises SpecError.
    """

    SAMPLING_NAME: ClassVar[str] = "BayesianOptimization"
    __slots__ = ()

    def __init__(
        self,
        parameter_space: Mapping[str, object],
        properties: Mapping[str, object] | None = None,
        *,
        seed: int | None = None,
        strict: bool = False,
    ) -> None:
        super().__init__(self.SAMPLING_NAME, parameter_space, with_seed(properties, seed), strict=strict)


def with_seed(properties: Mapping[str, object] | None, seed: int | None) -> Mapping[str, object] | None:
    """`properties` with the seed among them. Raises SpecError where they already have another one."""
    if seed is None:
        return properties
    given = {**checked_properties(properties), "seed": checked_seed(seed)}
    if properties is not None and properties.get("seed", seed) != seed:
        allowed = f"the seed in properties ({properties['seed']!r}), or no seed there"
        raise SpecError(field="seed", value=seed, allowed=allowed)
    return given


_CLASSES = {
    sampling.SAMPLING_NAME: sampling
    for sampling in (RandomParameterSampling, GridParameterSampling, BayesianParameterSampling)
}


def build_sampling(
    name: str, space: Mapping[str, object], properties: Mapping[str, object] | None, *, strict: bool = False
) -> HyperParameterSampling:
    """The sampling with this name, in any case: of its named class, or of the base for a plug-in. Raises SpecError."""
    named = _CLASSES.get(find_sampler(name).SAMPLING_NAME)
    if named is None:
        return HyperParameterSampling(name, space, properties, strict=strict)
    return named(space, properties, strict=strict)


def sampling_from_json(data: object, *, strict: bool = False) -> HyperParameterSampling:
    """The inverse of `to_json`: {"name": …, "parameter_space": {…}, "properties": {…} or None or absent}.

    Names in any case. Raises SpecError for another shape, and as the classes do.
    """
    name, properties = unpacked(data)
    space = data.get("parameter_space") if isinstance(data, Mapping) else None
    if not isinstance(space, Mapping):
        raise SpecError(field="parameter_space", value=space, allowed="a dict from names to expressions")
    return build_sampling(name, space, properties, strict=strict)
