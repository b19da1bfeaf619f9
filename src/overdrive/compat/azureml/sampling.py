"""Azure's samplings: the facade's, with Azure's documented limits and exceptions."""

from collections.abc import Mapping

from overdrive import sampling
from overdrive.compat.azureml.exceptions import HyperDriveConfigException
from overdrive.compat.azureml.exceptions import raising

__all__ = [
    "BayesianParameterSampling",
    "GridParameterSampling",
    "HyperParameterSampling",
    "RandomParameterSampling",
]

#: The base of all samplings.
HyperParameterSampling = sampling.HyperParameterSampling


class RandomParameterSampling(sampling.RandomParameterSampling):
    """Configurations drawn at random, none twice. Expressions as lists or as objects.

    properties: 'seed' makes the draw repeatable. Raises HyperDriveConfigException.
    """

    __slots__ = ()

    def __init__(
        self,
        parameter_space: Mapping[str, object],
        properties: Mapping[str, object] | None = None,
        *,
        seed: int | None = None,
        strict: bool = True,
    ) -> None:
        with raising(HyperDriveConfigException):
            super().__init__(parameter_space, properties, seed=seed, strict=strict)


class GridParameterSampling(sampling.GridParameterSampling):
    """Every combination once; `choice` only. Raises HyperDriveConfigException."""

    __slots__ = ()

    def __init__(
        self,
        parameter_space: Mapping[str, object],
        properties: Mapping[str, object] | None = None,
        *,
        strict: bool = True,
    ) -> None:
        with raising(HyperDriveConfigException):
            super().__init__(parameter_space, properties, strict=strict)


class BayesianParameterSampling(sampling.BayesianParameterSampling):
    """The next configuration from the results of the earlier ones; choice, uniform and quniform.

    Raises HyperDriveConfigException.
    """

    __slots__ = ()

    def __init__(
        self,
        parameter_space: Mapping[str, object],
        properties: Mapping[str, object] | None = None,
        *,
        seed: int | None = None,
        strict: bool = True,
    ) -> None:
        with raising(HyperDriveConfigException):
            super().__init__(parameter_space, properties, seed=seed, strict=strict)
