"""The contract of samplers finds what is wrong with a sampler."""

import dataclasses
import random

import pytest

from overdrive.records import Suggestion
from overdrive.sampling import History
from overdrive.sampling import Sampler
from overdrive.sampling import build_sampler
from overdrive.space import Space
from overdrive.testing.samplers import SamplerContract


class _Altered(Sampler):
    """Random sampling with something wrong in it."""

    SAMPLING_NAME = "Altered"
    uses_history = False

    def __init__(self, space: Space, seed: int, properties: object) -> None:
        self.right = build_sampler({"name": "RANDOM"}, space, seed)
        self.space = space
        self.asked = 0

    def suggest(self, history: History, n: int) -> Suggestion | None:
        suggestion = self.right.suggest(history, n)
        return suggestion and self.alter(suggestion, history)

    def alter(self, suggestion: Suggestion, history: History) -> Suggestion:
        return suggestion


class _WrongTrial(_Altered):
    def alter(self, suggestion: Suggestion, history: History) -> Suggestion:
        return dataclasses.replace(suggestion, trial=suggestion.trial + 1)


class _NoReason(_Altered):
    def alter(self, suggestion: Suggestion, history: History) -> Suggestion:
        return dataclasses.replace(suggestion, reason=" ")


class _OutsideTheSpace(_Altered):
    def alter(self, suggestion: Suggestion, history: History) -> Suggestion:
        return dataclasses.replace(suggestion, configuration=dict.fromkeys(self.space.names, "elsewhere"))


class _WrongOrder(_Altered):
    def alter(self, suggestion: Suggestion, history: History) -> Suggestion:
        return dataclasses.replace(suggestion, configuration=dict(reversed(suggestion.configuration.items())))


class _BasedOnNothing(_Altered):
    uses_history = True


class _Counting(_Altered):
    def alter(self, suggestion: Suggestion, history: History) -> Suggestion:
        self.asked += 1
        return dataclasses.replace(suggestion, reason=f"asked {self.asked} times")


class _Unseeded(_Altered):
    def alter(self, suggestion: Suggestion, history: History) -> Suggestion:
        return dataclasses.replace(suggestion, reason=f"luck {random.random()}")


class _Repeating(_Altered):
    def suggest(self, history: History, n: int) -> Suggestion | None:
        first = self.right.suggest(history, 0)
        return first and dataclasses.replace(first, trial=n)


class _Endless(_Altered):
    def suggest(self, history: History, n: int) -> Suggestion | None:
        found = self.right.suggest(history, n) or self.right.suggest(history, 0)
        return found and dataclasses.replace(found, trial=n)


class _GivingUp(_Altered):
    def suggest(self, history: History, n: int) -> Suggestion | None:
        return None if n >= 2 else self.right.suggest(history, n)


class _Sharing(_Altered):
    def suggest(self, history: History, n: int) -> Suggestion | None:
        self.given = getattr(self, "given", {})
        if n not in self.given:
            self.given[n] = self.right.suggest(history, n)
        return self.given[n]


class _Peeking(_Altered):
    def alter(self, suggestion: Suggestion, history: History) -> Suggestion:
        return dataclasses.replace(suggestion, reason=f"after {len(history.trials)} trials")


def _fails(sampler: type[Sampler], test: str) -> bool:
    class Contract(SamplerContract):
        def make_sampler(self, space: Space, seed: int) -> Sampler:
            return sampler(space, seed, {})

    try:
        getattr(Contract(), f"test_{test}")()
    except AssertionError:
        return True
    return False


@pytest.mark.parametrize(
    ("sampler", "test"),
    [
        (_WrongTrial, "a_suggestion_is_whole"),
        (_NoReason, "a_suggestion_is_whole"),
        (_OutsideTheSpace, "a_suggestion_is_whole"),
        (_WrongOrder, "a_suggestion_is_whole"),
        (_BasedOnNothing, "it_says_what_it_is_based_on"),
        (_Counting, "asking_changes_nothing"),
        (_Counting, "a_new_sampler_goes_on"),
        (_Counting, "the_order_of_asking"),
        (_Unseeded, "the_same_again"),
        (_Repeating, "each_configuration_once"),
        (_Repeating, "no_two_alike_at_once"),
        (_Endless, "each_configuration_once"),
        (_GivingUp, "each_configuration_once"),
        (_Sharing, "asking_changes_nothing"),
        (_Peeking, "a_history_that_is_not_looked_at"),
    ],
)
def test_a_wrong_sampler_fails(sampler: type[Sampler], test: str) -> None:
    assert _fails(sampler, test)
    assert not _fails(_Altered, test), "the same without the fault passes"
