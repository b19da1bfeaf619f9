"""Bayesian sampling: what it takes, and the door to the model, which is loaded when the first suggestion is made."""

from collections.abc import Mapping
from typing import TYPE_CHECKING
from typing import ClassVar

from overdrive.errors import SpecError
from overdrive.records import Suggestion
from overdrive.sampling.history import History
from overdrive.sampling.properties import check_properties
from overdrive.sampling.sampler import Sampler
from overdrive.space import Choice
from overdrive.space import Expression
from overdrive.space import QUniform
from overdrive.space import Space
from overdrive.space import Uniform

if TYPE_CHECKING:
    from overdrive.sampling.bayesian.proposal import Proposer

#: Azure's limit on the steps of a quniform.
MAX_STEPS = 100_000


class BayesianSampler(Sampler):
    """Picks configurations from the results of the earlier ones, by a Gaussian process.

    The first trials are Sobol points; then each is where log expected improvement is highest. Trials that run are part
    of the model, failed ones steer away from where they failed, and none is suggested twice.
    """

    SAMPLING_NAME: ClassVar[str] = "BayesianOptimization"

    def __init__(self, space: Space, seed: int, properties: Mapping[str, object]) -> None:
        self._space, self._seed = space, seed
        self._proposer: Proposer | None = None

    @classmethod
    def check(cls, space: Space, properties: Mapping[str, object], strict: bool) -> None:
        """Any expression. Properties: seed. strict: Azure's limits.

        Those are: choice, uniform and quniform only; the values of a choice all text or all ints and floats (no bools);
        integers as the arguments of quniform, with at most 100,000 steps.
        """
        check_properties(properties, ("seed",))
        if not strict:
            return
        for name, expression in space.items():
            allowed = _misfit(expression)
            if allowed:
                field = f"parameter_space[{name!r}]"
                message = f"{field} = {expression!r} is not allowed: strict Bayesian sampling takes {allowed}"
                raise SpecError(message, field=field, value=expression, allowed=allowed)

    def suggest(self, history: History, n: int) -> Suggestion | None:
        """The configuration that promises most by the trials in `history`; None when the space is exhausted."""
        if self._proposer is None:
            # Loaded late: the engine makes samplers too, and must stay small.
            from overdrive.sampling.bayesian.proposal import Proposer  # noqa: PLC0415

            self._proposer = Proposer(self._space, self._seed)
        return self._proposer.suggest(history, n)


def _misfit(expression: Expression) -> str | None:
    """What Azure would take in place of `expression`; None where it takes it."""
    if isinstance(expression, Choice):
        kinds = {type(option) for option in expression.options}
        fits = kinds == {str} or kinds <= {int, float}
        return None if fits else "choice of text only, or of numbers only"
    if isinstance(expression, QUniform):
        if {type(argument) for argument in expression.arguments} != {int}:
            return "quniform with integers only"
        steps = (expression.max_value - expression.min_value) / expression.q
        return None if steps <= MAX_STEPS else f"quniform with at most {MAX_STEPS} steps"
    return None if isinstance(expression, Uniform) else "only choice, uniform and quniform"
