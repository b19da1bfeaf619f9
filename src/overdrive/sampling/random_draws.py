"""Random sampling: trial n depends on the seed and n alone."""

from collections.abc import Mapping
from typing import ClassVar

from overdrive.records import Suggestion
from overdrive.sampling.distinct import DistinctDraws
from overdrive.sampling.history import History
from overdrive.sampling.properties import check_properties
from overdrive.sampling.sampler import Sampler
from overdrive.sampling.sobol import SobolPoints
from overdrive.space import Space
from overdrive.space import check_strict


class RandomSampler(Sampler):
    """Independent draws from the expressions, each configuration at most once.

    Where a hyperparameter is continuous, trial n is draw n. Otherwise repeats are left out: trial n is the n-th
    distinct one of the draws 0, 1, 2, …. When 200 draws in a row bring nothing new, the configurations that are left
    (of a space with up to 1,000,000) follow in an order drawn from the seed, and then the space is exhausted. A space
    that cannot be listed, such as qnormal(0, 1, 1), is exhausted when 10,000 draws in a row bring nothing new.
    With rule = 'sobol' the draws are the points of a scrambled Sobol sequence, as SobolSampler has them.
    """

    SAMPLING_NAME: ClassVar[str] = "RANDOM"
    uses_history: ClassVar[bool] = False

    def __init__(self, space: Space, seed: int, properties: Mapping[str, object]) -> None:
        self._seed = seed
        is_sobol = str(properties.get("rule", "random")).lower() == "sobol"
        self._draws = SobolPoints(space, seed) if is_sobol else DistinctDraws(space, seed)
        self._is_continuous = space.is_continuous

    @classmethod
    def check(cls, space: Space, properties: Mapping[str, object], strict: bool) -> None:
        """Any expression (strict: q integral). Properties: seed, and rule = 'random' or 'sobol'."""
        check_properties(properties, ("seed", "rule"))
        if strict:
            for name, expression in space.items():
                check_strict(expression, name)

    def suggest(self, history: History, n: int) -> Suggestion | None:
        """Trial n by the rule above; `history` is not looked at."""
        if self._is_continuous:
            return Suggestion(
                trial=n,
                configuration=self._draws.configuration(n),
                reason=f"{self._draws.KIND} {n} of seed {self._seed}",
            )
        found = self._draws.at(n)
        return None if found is None else Suggestion(trial=n, configuration=found[0], reason=found[1])
