"""What every sampler keeps: subclass `SamplerContract` in your tests and give it your sampler."""
# ruff: noqa: S101

import json
import math
import random
import zlib
from collections.abc import Iterator
from typing import ClassVar

from overdrive.records import Outcome
from overdrive.records import PrimaryMetric
from overdrive.records import PrimaryMetricGoal
from overdrive.records import Suggestion
from overdrive.records import TrialStatus
from overdrive.sampling import History
from overdrive.sampling import Sampler
from overdrive.sampling import TrialSoFar
from overdrive.space import Space
from overdrive.space import choice
from overdrive.space import json_text
from overdrive.space import loguniform
from overdrive.space import normal
from overdrive.space import qlognormal
from overdrive.space import qloguniform
from overdrive.space import quniform
from overdrive.space import randint
from overdrive.space import uniform

METRIC = PrimaryMetric(name="score", goal=PrimaryMetricGoal.MAXIMIZE)

#: How trials end in turn, with the curves that they leave: every outcome, and values that are no numbers.
_ENDS: tuple[tuple[Outcome, int, tuple[float, ...]], ...] = (
    (Outcome.COMPLETED, 3, ()),
    (Outcome.COMPLETED, 1, ()),
    (Outcome.STOPPED_EARLY, 2, ()),
    (Outcome.FAILED, 0, ()),
    (Outcome.COMPLETED, 2, (math.nan,)),
    (Outcome.COMPLETED_WITHOUT_METRIC, 0, ()),
    (Outcome.FAILED, 0, (math.inf, -math.inf)),
    (Outcome.CANCELLED, 1, ()),
    (Outcome.LOST, 0, ()),
)


class SamplerContract:
    """Tests that a sampler must pass, on small finite and on infinite spaces, with and without results.

        class TestSobolSampler(SamplerContract):
            def make_sampler(self, space, seed):
                return SobolSampler(space, seed, {})

    Any test runner that calls the `test_…` methods will do; the suite itself imports none. Where your sampler takes
    fewer expressions, give it spaces of its own in `finite_spaces` and `infinite_spaces` (which may be empty).
    """

    #: Spaces of few configurations: the sampler gives each once, then None.
    finite_spaces: ClassVar[tuple[Space, ...]] = (
        Space({"a": choice(1, 2, 3), "b": choice("x", "y")}),
        Space({"only": choice(None)}),
        Space({"--n": randint(4), "q": quniform(0, 1, 0.5), "kind": choice(["x", 1, 1.0, True, [1], {"a": 1}])}),
        Space({"skewed": choice([0] * 2000 + [1, 2, 3]), "b": qloguniform(0, 1, 1)}),
    )
    #: Spaces without an end.
    infinite_spaces: ClassVar[tuple[Space, ...]] = (
        Space({"lr": loguniform(-7, -1), "batch_size": choice(16, 32, 64), "layers": quniform(1, 5, 1)}),
        Space({"x": uniform(-1, 1), "y": normal(0, 1), "z": qlognormal(0, 1, 0.1)}),
    )
    #: Whether trial n gets the same whatever was asked before; not so for samplers that learn.
    any_order: ClassVar[bool] = True
    #: Trials of each test in an infinite space.
    trials: ClassVar[int] = 12

    def make_sampler(self, space: Space, seed: int) -> Sampler:
        """The sampler under test, new. To be overridden."""
        raise NotImplementedError

    def test_a_suggestion_is_whole(self) -> None:
        """It is for the trial asked, in the space, in declared order, JSON, and says in one line why."""
        for space, suggestions in self._played():
            for n, suggestion in enumerate(suggestions):
                assert suggestion.trial == n
                assert tuple(suggestion.configuration) == space.names, "not in the space's declared order"
                assert space.contains(suggestion.configuration), f"{suggestion.configuration} is not in {space}"
                text = json.dumps(suggestion.to_body(), allow_nan=False)
                assert json.dumps(json.loads(text)) == text, "the suggestion does not survive JSON"
                assert suggestion.reason.strip() and "\n" not in suggestion.reason, "a suggestion needs a reason"

    def test_it_says_what_it_is_based_on(self) -> None:
        """`based_on` is the last event of the history, or 0 for a sampler that looks at none."""
        for space in self._spaces():
            sampler = self.make_sampler(space, seed=1)
            history = History(metric=METRIC, based_on=17)
            suggestion = sampler.suggest(history, 0)
            assert suggestion is not None
            assert suggestion.based_on == (17 if sampler.uses_history else 0)

    def test_the_same_again(self) -> None:
        """Two samplers of the same space and seed, shown the same, suggest the same."""
        for space in self._spaces():
            one = list(self._play(self.make_sampler(space, seed=5), space))
            other = list(self._play(self.make_sampler(space, seed=5), space))
            assert one == other

    def test_a_new_sampler_goes_on(self) -> None:
        """After a crash a new sampler, shown the history, suggests what the old one would have."""
        for space, suggestions in self._played(seed=3):
            for n in range(0, len(suggestions), 3):
                fresh = self.make_sampler(space, seed=3)
                assert fresh.suggest(_history(suggestions[:n]), n) == suggestions[n], f"trial {n} differs"

    def test_asking_changes_nothing(self) -> None:
        """Asking twice gives the same, though the first answer was changed; the history stays as it was."""
        for space, suggestions in self._played(seed=2):
            sampler = self.make_sampler(space, seed=2)
            for n, expected in enumerate(suggestions):
                history = _history(suggestions[:n])
                before = repr(history)
                first = sampler.suggest(history, n)
                assert first is not None
                assert first == expected
                first.configuration.clear()
                assert sampler.suggest(history, n) == expected, "the second answer is another one"
                assert repr(history) == before, "suggesting has changed the history"

    def test_each_configuration_once(self) -> None:
        """In a finite space none is suggested twice; when all were, the answer is None from then on."""
        for space in self.finite_spaces:
            for is_ended in (True, False):
                sampler = self.make_sampler(space, seed=4)
                suggestions = list(self._play(sampler, space, is_ended))
                texts = {json_text(suggestion.configuration) for suggestion in suggestions}
                assert len(texts) == len(suggestions), "a configuration was suggested twice"
                assert len(texts) == space.count, f"{len(texts)} of {space.count} configurations were suggested"
                for later in (0, 1, 1000):
                    n = len(suggestions) + later
                    assert sampler.suggest(_history(suggestions), n) is None, "the space is exhausted"

    def test_no_two_alike_at_once(self) -> None:
        """Trials without a result yet count: many asked for at the same time are all different."""
        for space in self.infinite_spaces:
            suggestions = list(self._play(self.make_sampler(space, seed=6), space, is_ended=False))
            assert len(suggestions) == self.trials
            assert len({json_text(suggestion.configuration) for suggestion in suggestions}) == self.trials

    def test_the_order_of_asking(self) -> None:
        """Where promised: trial n gets the same whichever trials were asked for before."""
        if not self.any_order:
            return
        for space, suggestions in self._played(seed=8):
            numbers = list(range(len(suggestions)))
            random.Random(0).shuffle(numbers)
            sampler = self.make_sampler(space, seed=8)
            for n in numbers:
                assert sampler.suggest(_history(suggestions[:n]), n) == suggestions[n], f"trial {n} differs"

    def test_a_history_that_is_not_looked_at(self) -> None:
        """A sampler with `uses_history = False` suggests the same from an empty history."""
        for space, suggestions in self._played(seed=9):
            sampler = self.make_sampler(space, seed=9)
            if not sampler.uses_history:
                assert [sampler.suggest(History(), n) for n in range(len(suggestions))] == suggestions

    def _spaces(self) -> tuple[Space, ...]:
        return (*self.finite_spaces, *self.infinite_spaces)

    def _played(self, seed: int = 0) -> Iterator[tuple[Space, list[Suggestion]]]:
        for space in self._spaces():
            yield space, list(self._play(self.make_sampler(space, seed), space))

    def _play(self, sampler: Sampler, space: Space, is_ended: bool = True) -> Iterator[Suggestion]:
        """A sweep's suggestions, one after the other, with or without the results of the earlier ones."""
        suggestions: list[Suggestion] = []
        limit = self.trials if space.count is None else space.count + 1
        for n in range(limit):
            suggestion = sampler.suggest(_history(suggestions, is_ended), n)
            if suggestion is None:
                return
            suggestions.append(suggestion)
            yield suggestion


def _history(suggestions: list[Suggestion], is_ended: bool = True) -> History:
    trials = tuple(_trial(suggestion, is_ended) for suggestion in suggestions)
    return History(trials=trials, metric=METRIC, based_on=3 * len(trials))


def _trial(suggestion: Suggestion, is_ended: bool) -> TrialSoFar:
    """The trial of a suggestion: waiting, or ended with values that its configuration alone decides."""
    common = {
        "number": suggestion.trial,
        "configuration": dict(suggestion.configuration),
        "state": dict(suggestion.state),
    }
    if not is_ended:
        return TrialSoFar(status=TrialStatus.QUEUED, **common)
    outcome, length, odd = _ENDS[suggestion.trial % len(_ENDS)]
    value = zlib.crc32(json_text(suggestion.configuration).encode()) / 2**32
    curve = tuple(value * k / length for k in range(1, length + 1)) + odd
    best = max((point for point in curve if math.isfinite(point)), default=None)
    return TrialSoFar(status=TrialStatus.ENDED, outcome=outcome, curve=curve, best=best, **common)
