"""Samplers of other packages, to be measured beside: by name, where the package is installed.

Each gets what it knows of its own: unordered choices, whole numbers, reals, logarithmic ones. Listed numbers are
unordered for them, as their own users have to write them, but where a peer's name says `ordered`; normal distributions
reach them as their inverse distribution function, a number from 0 to 1.
"""

import importlib
import importlib.util
import logging
import warnings
from collections.abc import Callable
from collections.abc import Mapping
from typing import Any
from typing import Literal
from typing import NamedTuple

from overdrive.errors import SpecError
from overdrive.space import Expression
from overdrive.space import LogUniform
from overdrive.space import QLogUniform
from overdrive.space import QUniform
from overdrive.space import RandInt
from overdrive.space import Space
from overdrive.space import Uniform
from overdrive.space import json_text


class Axis(NamedTuple):
    """One hyperparameter as other packages know them."""

    name: str
    #: What it asks them for: one of `high` + 1 words (by number), a whole number, a real.
    kind: Literal["words", "steps", "real"]
    low: float
    high: float
    is_log: bool
    #: What they suggest → the value.
    value_of: Callable[[Any], object]


def axes_of(space: Space, *, ordered: bool) -> list[Axis]:
    """The hyperparameters of a space; `ordered`: listed numbers are whole numbers, not words."""
    return [_axis(name, expression, ordered) for name, expression in space.items()]


def _axis(name: str, expression: Expression, ordered: bool) -> Axis:
    if isinstance(expression, (Uniform, LogUniform)):
        low, high = expression.support
        return Axis(name, "real", low, high, isinstance(expression, LogUniform), float)
    if isinstance(expression, (QUniform, QLogUniform)):
        first, last = (int(cell) for cell in expression.cells)
        is_log = isinstance(expression, QLogUniform)
        low = max(first, 1) if is_log else first
        return Axis(
            name, "steps", low, max(last, low), is_log, lambda k: expression.value_at(min(int(k), last) - first)
        )
    if expression.count is None:
        return Axis(name, "real", 0.0, 1.0, False, lambda unit: expression.from_unit(min(max(unit, 1e-6), 1 - 1e-6)))
    is_ordered = isinstance(expression, RandInt) or (ordered and expression.scale == "ordered")
    kind = "steps" if is_ordered else "words"
    return Axis(name, kind, 0, expression.count - 1, False, lambda k: expression.value_at(int(k)))


class _Waiting:
    """The peer's own names for configurations that wait for their value."""

    def __init__(self) -> None:
        self._names: dict[str, list] = {}

    def put(self, configuration: Mapping[str, object], name: object) -> None:
        self._names.setdefault(json_text(configuration), []).append(name)

    def take(self, configuration: Mapping[str, object]) -> Any:
        return self._names[json_text(configuration)].pop(0)


class OptunaLoop:
    """A sampler of Optuna, by its own ask and tell."""

    def __init__(self, space: Space, goal: str, sampler: str, seed: int, ordered: bool) -> None:
        self._optuna: Any = importlib.import_module("optuna")
        self._optuna.logging.set_verbosity(self._optuna.logging.ERROR)
        self._axes, self._waiting = axes_of(space, ordered=ordered), _Waiting()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # its notes on what is experimental
            made = getattr(self._optuna.samplers, sampler)(seed=seed)
        self._study = self._optuna.create_study(direction=goal, sampler=made)

    def ask(self) -> dict[str, object]:
        """The next configuration."""
        trial = self._study.ask()
        configuration = {axis.name: axis.value_of(self._suggested(trial, axis)) for axis in self._axes}
        self._waiting.put(configuration, trial)
        return configuration

    def _suggested(self, trial: Any, axis: Axis) -> object:
        if axis.kind == "words":
            return trial.suggest_categorical(axis.name, list(range(int(axis.high) + 1)))
        suggest = trial.suggest_int if axis.kind == "steps" else trial.suggest_float
        return suggest(axis.name, axis.low, axis.high, log=axis.is_log)

    def tell(self, configuration: Mapping[str, object], value: float | None) -> None:
        """Its value."""
        trial = self._waiting.take(configuration)
        if value is None:
            self._study.tell(trial, state=self._optuna.trial.TrialState.FAIL)
        else:
            self._study.tell(trial, value)


class AxLoop:
    """Ax's client with the generation strategy that it chooses itself."""

    def __init__(self, space: Space, goal: str, seed: int) -> None:
        api: Any = importlib.import_module("ax.api.client")
        for handler in logging.getLogger("ax").handlers:  # its loggers' own levels let each trial through
            handler.setLevel(logging.ERROR)
        configs: Any = importlib.import_module("ax.api.configs")
        importlib.import_module("torch").manual_seed(seed)
        self._axes, self._waiting = axes_of(space, ordered=False), _Waiting()
        self._client = api.Client(random_seed=seed)
        self._client.configure_experiment(parameters=[_of_ax(configs, axis) for axis in self._axes])
        self._client.configure_optimization(objective="value" if goal == "maximize" else "-value")

    def ask(self) -> dict[str, object]:
        """The next configuration."""
        ((number, given),) = self._client.get_next_trials(max_trials=1).items()
        configuration = {axis.name: axis.value_of(given[axis.name]) for axis in self._axes}
        self._waiting.put(configuration, number)
        return configuration

    def tell(self, configuration: Mapping[str, object], value: float | None) -> None:
        """Its value."""
        number = self._waiting.take(configuration)
        if value is None:
            self._client.mark_trial_failed(trial_index=number)
        else:
            self._client.complete_trial(trial_index=number, raw_data={"value": float(value)})


def _of_ax(configs: Any, axis: Axis) -> object:
    if axis.kind == "words":
        values = list(range(int(axis.high) + 1))
        return configs.ChoiceParameterConfig(name=axis.name, values=values, parameter_type="int", is_ordered=False)
    kind, scaling = "int" if axis.kind == "steps" else "float", "log" if axis.is_log else "linear"
    bounds = (axis.low, axis.high)
    return configs.RangeParameterConfig(name=axis.name, bounds=bounds, parameter_type=kind, scaling=scaling)


def _optuna(sampler: str, ordered: bool = False) -> Callable[[Space, str, int], OptunaLoop]:
    return lambda space, goal, seed: OptunaLoop(space, goal, sampler, seed, ordered)


class Peer(NamedTuple):
    """A sampler of another package."""

    make: Callable[[Space, str, int], OptunaLoop | AxLoop]
    #: What must be installed, by the names of their distributions and of their modules.
    packages: Mapping[str, str]


_TORCH = {"optuna": "optuna", "torch": "torch"}

PEERS = {
    "optuna-tpe": Peer(_optuna("TPESampler"), {"optuna": "optuna"}),
    "optuna-gp": Peer(_optuna("GPSampler"), _TORCH),
    "optuna-gp-ordered": Peer(_optuna("GPSampler", ordered=True), _TORCH),
    "ax": Peer(AxLoop, {"ax-platform": "ax", "botorch": "botorch", "torch": "torch"}),
}


def find_peer(name: str) -> Peer:
    """Raises SpecError where its packages are not installed."""
    peer = PEERS[name]
    lacking = [package for package, module in peer.packages.items() if importlib.util.find_spec(module) is None]
    if lacking:
        message = f"sampler {name} needs {' and '.join(lacking)}, which this Python does not have"
        hint = f"pip install {' '.join(lacking)}, into the environment that runs overdrive"
        raise SpecError(message, field="sampler", value=name, hint=hint)
    return peer
