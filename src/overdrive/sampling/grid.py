"""Grid sampling: every combination once."""

from collections.abc import Mapping
from typing import ClassVar

from overdrive.errors import SpecError
from overdrive.records import Suggestion
from overdrive.sampling.history import History
from overdrive.sampling.properties import check_properties
from overdrive.sampling.sampler import Sampler
from overdrive.space import Choice
from overdrive.space import Space


class GridSampler(Sampler):
    """Trial n is cell n, in mixed radix: the hyperparameter declared last varies fastest."""

    SAMPLING_NAME: ClassVar[str] = "GRID"
    uses_history: ClassVar[bool] = False

    def __init__(self, space: Space, seed: int, properties: Mapping[str, object]) -> None:
        self._space = space
        self._count = space.count

    @classmethod
    def check(cls, space: Space, properties: Mapping[str, object], strict: bool) -> None:
        """`choice` only; no properties but a seed, which it does not need."""
        check_properties(properties, ("seed",))
        for name, expression in space.items():
            if not isinstance(expression, Choice):
                field = f"parameter_space[{name!r}]"
                message = f"{field} = {expression!r} is not allowed: grid sampling takes only choice"
                hint = "write the values to try as choice(…), or use random sampling"
                raise SpecError(message, field=field, value=expression, allowed="only choice", hint=hint)

    def suggest(self, history: History, n: int) -> Suggestion | None:
        """Cell n; None from `count` on. `history` is not looked at."""
        if self._count is None or n >= self._count:
            return None
        return Suggestion(
            trial=n,
            configuration=self._space.cell(n),
            reason=f"grid cell {n + 1} of {self._count}",
        )
