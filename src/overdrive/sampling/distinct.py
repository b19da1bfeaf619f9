"""The distinct configurations that a seed draws from a space, in order."""

from overdrive.sampling.draws import draw_unit
from overdrive.space import Space
from overdrive.space import json_text

#: So many draws in a row without a new configuration, and a finite space is listed instead.
PATIENCE = 200
#: Configurations that a space may have to be listed.
MAX_LISTED = 1_000_000
#: So many draws in a row without a new configuration, and a space that cannot be listed counts as exhausted.
LAST_PATIENCE = 10_000


class DistinctDraws:
    """The n-th distinct configuration of the draws 0, 1, 2, …, and after them what is left of a finite space.

    What was found is kept, so that asking again costs nothing: a memo of what (space, seed) say, never a state.
    Configurations are the same one when their JSON texts are.
    """

    #: What a draw is called in a reason.
    KIND = "random draw"

    def __init__(self, space: Space, seed: int) -> None:
        self._space = space
        self._seed = seed
        self._count = space.count
        self._is_listable = self._count is not None and self._count <= MAX_LISTED
        #: For each n the draw, or -1 - cell where it was listed.
        self._found: list[int] = []
        self._seen: set[str] = set()
        self._next = 0
        self._misses = 0
        #: The cells that are still to be looked at, the next one last; None while draws bring something.
        self._cells: list[int] | None = None
        #: The configuration found last, until it is handed out: making it is most of the work.
        self._newest: dict[str, object] | None = None

    def units(self, draw: int) -> list[float]:
        """The units of one draw, one for each name."""
        return [draw_unit(self._seed, draw, name) for name in self._space.names]

    def configuration(self, draw: int) -> dict[str, object]:
        """The configuration of one draw, whether it repeats an earlier one or not."""
        return self._space.from_units(self.units(draw))

    def at(self, n: int) -> tuple[dict[str, object], str] | None:
        """Distinct configuration `n`, from 0, and how it was found; None when there are no more than n."""
        while len(self._found) <= n:
            if not (self._draw_on() or self._list_on()):
                return None
        code = self._found[n]
        newest = self._newest if n == len(self._found) - 1 else None
        self._newest = None
        if code >= 0:
            return newest or self.configuration(code), f"{self.KIND} {code} of seed {self._seed}"
        cell = -1 - code
        reason = f"cell {cell + 1} of {self._count}, one of those that {PATIENCE} draws of seed {self._seed} left out"
        return newest or self._space.cell(cell), reason

    def _draw_on(self) -> bool:
        """Find one more by drawing; False when draws bring nothing new any more."""
        patience = PATIENCE if self._is_listable else LAST_PATIENCE
        while self._cells is None and self._misses < patience and len(self._found) != self._count:
            draw = self._next
            self._next += 1
            if self._is_new(self.configuration(draw)):
                self._found.append(draw)
                self._misses = 0
                return True
            self._misses += 1
        return False

    def _list_on(self) -> bool:
        """Find one more among the cells, in an order drawn from the seed; False when none is left."""
        if not self._is_listable or self._count is None or len(self._found) == self._count:
            return False
        if self._cells is None:
            # Hyperparameters have names, so the draws under the empty name are free for this.
            self._cells = sorted(range(self._count), key=lambda cell: -draw_unit(self._seed, cell, ""))
        while self._cells:
            cell = self._cells.pop()
            if self._is_new(self._space.cell(cell)):
                self._found.append(-1 - cell)
                return True
        return False

    def _is_new(self, configuration: dict[str, object]) -> bool:
        text = json_text(configuration)
        if text in self._seen:
            return False
        self._seen.add(text)
        self._newest = configuration
        return True
