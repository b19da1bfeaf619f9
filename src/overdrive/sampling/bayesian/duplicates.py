"""Configurations that nobody has tried yet."""

from collections.abc import Iterable
from collections.abc import Mapping

import numpy as np

from overdrive.sampling.bayesian.coordinates import Coordinates
from overdrive.sampling.sobol import SobolPoints
from overdrive.space import Space
from overdrive.space import json_text

Array = np.ndarray

#: Finite spaces of up to so many configurations are looked at as a whole, as long as there are not too many trials: the
#: product bounds the time.
MOST_LISTED, MOST_PAIRS = 30_000, 1_500_000


class Untried:
    """What is left of a space by the configurations tried so far."""

    def __init__(self, space: Space, tried: Iterable[Mapping[str, object]]) -> None:
        self._space = space
        # In a space without an end nothing is counted, and what lies outside it is no suggestion's double.
        is_endless = space.count is None
        self._configurations = [one for one in tried if is_endless or space.contains(one)]
        self._tried = {json_text(dict(configuration)) for configuration in self._configurations}

    @property
    def is_exhausted(self) -> bool:
        """Whether every configuration of a finite space was tried."""
        return self._space.count is not None and len(self._tried) >= self._space.count

    @property
    def is_listable(self) -> bool:
        """Whether all that is left can be looked at."""
        count = self._space.count
        return count is not None and count <= min(MOST_LISTED, MOST_PAIRS // max(len(self._tried), 1))

    def is_new(self, configuration: Mapping[str, object]) -> bool:
        """Whether a configuration of the space, in declared order, was not tried."""
        return json_text(configuration) not in self._tried

    def listed(self, coordinates: Coordinates) -> Array:
        """[b, d] the codes of all that is left of a listable space."""
        tried = [self._space.index_of(configuration) for configuration in self._configurations]
        return np.delete(coordinates.cells, tried, axis=0)

    def next_point(self, points: SobolPoints, n: int) -> tuple[dict[str, object], str] | None:
        """The first new point from number n on, then from 0 on; None where there is none."""
        return next(iter(self.next_points(points, n, 1)), None)

    def next_points(self, points: SobolPoints, n: int, count: int) -> list[tuple[dict[str, object], str]]:
        """The first new points from number n on, then from 0 on, and where they are from."""
        found: list[tuple[dict[str, object], str]] = []
        for first in (n, 0):
            k = first
            while len(found) < count and (point := points.at(k)) is not None:
                if self.is_new(point[0]):
                    found.append(point)
                k += 1
            if found:
                break
        return found
