"""The configurations of a sampler in another order: those that nobody has tried yet come first."""

import dataclasses
from collections.abc import Iterable
from collections.abc import Mapping

from overdrive.records import Suggestion
from overdrive.sampling.history import History
from overdrive.sampling.sampler import Sampler
from overdrive.space import json_text

Configuration = Mapping[str, object]


class NewFirst:
    """What a sampler that looks at no history suggests in a sweep that knows of earlier ones.

    first: number of the trial that gets the sampler's first configuration; lower ones go on with earlier trials.
    taken: configurations of those; they are not given again. known: configurations that earlier sweeps brought to an
    end: they come last, when the space has no other. Pure in all of these: what was found is kept as a memo only.
    """

    def __init__(
        self, sampler: Sampler, first: int, taken: Iterable[Configuration], known: Iterable[Configuration]
    ) -> None:
        self._sampler = sampler
        self._first = first
        self._taken = {_key(configuration) for configuration in taken}
        self._known = {_key(configuration) for configuration in known}
        #: Numbers by which the sampler knows the configurations, in the new order; the known ones when it has no other.
        self._order: list[int] = []
        self._last: list[int] = []
        self._next = 0
        self._is_exhausted = False

    def suggest(self, trial: int) -> Suggestion | None:
        """The suggestion for trial `trial` of the sweep; None when the space is exhausted."""
        at = trial - self._first
        while len(self._order) <= at and not self._is_exhausted:
            self._look_on()
        if at >= len(self._order):
            return None
        found = self._sampler.suggest(History(), self._order[at])
        if found is None:
            return None
        again = ", which an earlier sweep has tried" if _key(found.configuration) in self._known else ""
        return dataclasses.replace(found, trial=trial, reason=f"{found.reason}{again}")

    def _look_on(self) -> None:
        suggestion = self._sampler.suggest(History(), self._next)
        if suggestion is None:
            self._is_exhausted = True
            self._order += self._last
            return
        key = _key(suggestion.configuration)
        if key not in self._taken:
            (self._last if key in self._known else self._order).append(self._next)
        self._next += 1


def _key(configuration: Configuration) -> str:
    return json_text(dict(sorted(configuration.items())))
