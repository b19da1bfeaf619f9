"""The contract of samplers, for those that are built in."""

from overdrive.sampling import Sampler
from overdrive.sampling import build_sampler
from overdrive.space import Space
from overdrive.space import choice
from overdrive.testing.samplers import SamplerContract


class TestRandomSampler(SamplerContract):
    def make_sampler(self, space: Space, seed: int) -> Sampler:
        return build_sampler({"name": "RANDOM"}, space, seed)


class TestGridSampler(SamplerContract):
    finite_spaces = (
        Space({"a": choice(1, 2, 3), "b": choice(16, 32)}),
        Space({"only": choice(None)}),
        Space({"a": choice(1, 1, 1.0, True), "b": choice([[1], {"c": [2]}, "x"]), "c": choice(range(4))}),
    )
    infinite_spaces = ()

    def make_sampler(self, space: Space, seed: int) -> Sampler:
        return build_sampler({"name": "GRID"}, space, seed)


class TestSobolSampler(SamplerContract):
    def make_sampler(self, space: Space, seed: int) -> Sampler:
        return build_sampler({"name": "SOBOL"}, space, seed)


class TestBayesianSampler(SamplerContract):
    def make_sampler(self, space: Space, seed: int) -> Sampler:
        return build_sampler({"name": "BayesianOptimization"}, space, seed)
