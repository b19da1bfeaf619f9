"""Sampling for people who bring their own loop: `ask` for a configuration, `tell` how it went."""

import math
from collections.abc import Mapping
from dataclasses import replace

from overdrive.errors import SpecError
from overdrive.records import Outcome
from overdrive.records import PrimaryMetric
from overdrive.records import PrimaryMetricGoal
from overdrive.records import TrialStatus
from overdrive.sampling.config import HyperParameterSampling
from overdrive.sampling.history import History
from overdrive.sampling.history import TrialSoFar
from overdrive.sampling.properties import checked_seed
from overdrive.sampling.registry import build_sampler
from overdrive.space import json_text
from overdrive.space import plain


class AskTell:
    """A sampling without a sweep.

        loop = AskTell(BayesianParameterSampling(space), "minimize", seed=1)
        while (configuration := loop.ask()) is not None:
            loop.tell(configuration, train(**configuration))

    sampling: any, built-in or of a plug-in. goal: 'minimize' or 'maximize', or a PrimaryMetricGoal. seed: None takes
    the sampling's own, or 0. Several asks may come before their tells: the sampler knows what is on its way.

    Raises SpecError, naming the field, for what it cannot use.
    """

    def __init__(
        self, sampling: HyperParameterSampling, goal: str | PrimaryMetricGoal = "minimize", seed: int | None = None
    ) -> None:
        if not isinstance(sampling, HyperParameterSampling):
            raise SpecError(field="sampling", value=sampling, allowed="a sampling, such as RandomParameterSampling(…)")
        found = PrimaryMetricGoal.__members__.get(str(getattr(goal, "name", goal)).upper())
        if found is None:
            raise SpecError(field="goal", value=goal, allowed="'maximize' or 'minimize'")
        own = sampling.seed if sampling.seed is not None else 0
        checked = own if seed is None else checked_seed(seed)
        self._sampler = build_sampler(sampling.to_json(), sampling.space, checked)
        self._metric = PrimaryMetric(name="value", goal=found)
        self._trials: list[TrialSoFar] = []
        self._on_the_way: dict[str, list[int]] = {}

    @property
    def history(self) -> History:
        """All trials so far, in the order of their asks."""
        return History(trials=tuple(self._trials), metric=self._metric, based_on=len(self._trials))

    def ask(self) -> dict[str, object] | None:
        """The next configuration to try, in the space's declared order; None when the space is exhausted."""
        history = self.history if self._sampler.uses_history else History()
        number = len(self._trials)
        suggestion = self._sampler.suggest(history, number)
        if suggestion is None:
            return None
        configuration = suggestion.configuration
        self._trials.append(
            TrialSoFar(
                number=number,
                configuration=plain(configuration),  # type: ignore[arg-type]
                status=TrialStatus.RUNNING,
                state=suggestion.state,
            )
        )
        self._on_the_way.setdefault(_text(configuration), []).append(number)
        return configuration

    def tell(self, configuration: Mapping[str, object], value: float | None) -> None:
        """How a configuration that was asked for went: its value, or None where it failed (NaN and infinities count as
        that). Raises SpecError for a configuration that is not waiting for its value, and for a value that is no
        number; the configuration then waits on."""
        waiting = self._on_the_way.get(_text(configuration))
        if not waiting:
            allowed = "a configuration that ask() gave and that has not been told about yet"
            raise SpecError(field="configuration", value=configuration, allowed=allowed)
        found = None if value is None else _number(value)
        number = waiting.pop(0)
        is_number = found is not None and math.isfinite(found)
        self._trials[number] = replace(
            self._trials[number],
            status=TrialStatus.ENDED,
            outcome=Outcome.COMPLETED if is_number else Outcome.FAILED,
            curve=() if found is None else (found,),
            best=found if is_number else None,
        )


def _number(value: object) -> float:
    """Also of NumPy's and other packages' numbers."""
    try:
        return float(value)  # type: ignore[arg-type]
    except (TypeError, ValueError, OverflowError) as error:
        raise SpecError(field="value", value=value, allowed="a number, or None for a trial that failed") from error


def _text(configuration: object) -> str:
    """The same for the same values, in any order of the names; '' for what is no configuration."""
    try:
        return json_text(plain(dict(sorted(configuration.items()))))  # type: ignore[attr-defined]
    except (SpecError, AttributeError, TypeError, ValueError):
        return ""
